"""Fetching alliances: what is public of them, and what those who run them or belong to them see besides.

To strangers an alliance is there once its charter is in force; a membership is between the organization and the
coordinator; everything else is a member's and the coordinator's.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, lazyload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from catalog.alliance_states import ACTIVE, ASKED, DISSOLVED, IN_FORCE, INVITED, JOINED
from catalog.alliances import standing
from catalog.errors import Invalid, NotFound
from catalog.models import Alliance, AllianceCharter, AllianceMember, Organization
from marketplace.accounts.access.demands import MOST_CANDIDATES, is_confirmed_vendor, is_named_like
from marketplace.accounts.access.fetching import Who, is_named, one
from matching.models import AllianceLead, Demand

#: Alliances among which a manufacturer chooses whom to show a demand.
MOST_TO_CHOOSE = 30


@dataclass(frozen=True, slots=True)
class OwnAlliance:
    """An alliance as one organization has to do with it.

    Attributes:
        member: its membership in whatever state, None if it has never had one.
        runs: whether it is the coordinator.
        belongs: whether it is a member today; `inside`: that, or the coordinator.
    """

    alliance: Alliance
    member: AllianceMember | None
    runs: bool
    belongs: bool

    @property
    def inside(self) -> bool:
        """Whether it sees what only members and the coordinator see."""
        return self.runs or self.belongs


def public_alliance(session: Session, alliance_id: UUID) -> Alliance:
    """An active alliance with its members and charters."""
    rows = select(Alliance).where(is_named(Alliance, alliance_id), Alliance.state == ACTIVE)
    return _one(session, rows)


def public_alliances(session: Session, *, offset: int, limit: int) -> list[Alliance]:
    """Active alliances with their members and charters, the oldest first."""
    rows = select(Alliance).where(Alliance.state == ACTIVE).order_by(Alliance.id)
    return list(session.scalars(rows.offset(offset).limit(limit).options(*_in_full())).unique())


def count_public_alliances(session: Session) -> int:
    """How many alliances are active."""
    return session.scalar(select(func.count(Alliance.id)).where(Alliance.state == ACTIVE)) or 0


def own_alliance(session: Session, who: Who, alliance_id: UUID, today: date) -> OwnAlliance:
    """An alliance that the acting organization runs, or was ever asked or asked itself to join."""
    rows = select(Alliance).where(is_named(Alliance, alliance_id), _concerns(who.organization_key))
    return _own(_one(session, rows), who, today)


def own_alliances(session: Session, who: Who, today: date) -> list[OwnAlliance]:
    """All of those, the newest first; dissolved ones at the end."""
    rows = select(Alliance).where(_concerns(who.organization_key))
    ordered = rows.order_by(Alliance.state == DISSOLVED, Alliance.id.desc()).options(*_in_full())
    return [_own(row, who, today) for row in session.scalars(ordered).unique()]


def inside_alliance(session: Session, who: Who, alliance_id: UUID, today: date) -> OwnAlliance:
    """An alliance that the acting organization runs or belongs to now."""
    own = own_alliance(session, who, alliance_id, today)
    if not own.inside:
        raise NotFound
    return own


def run_alliance(session: Session, who: Who, alliance_id: UUID, today: date) -> OwnAlliance:
    """An alliance that the acting organization runs."""
    own = own_alliance(session, who, alliance_id, today)
    if not own.runs:
        raise NotFound
    return own


def own_membership(own: OwnAlliance) -> AllianceMember:
    """The acting organization's membership in an alliance that was fetched."""
    if own.member is None:
        raise NotFound
    return own.member


def member_run(own: OwnAlliance, member_id: UUID) -> AllianceMember:
    """A membership of an alliance that was fetched by `run_alliance`."""
    found = next((row for row in own.alliance.members if row.public_id == str(member_id)), None)
    if found is None:
        raise NotFound
    return found


def member_organization(own: OwnAlliance, organization_id: UUID | None, pointer: str) -> Organization | None:
    """The organization of a member that a form or a body names; none of them is a problem at its field."""
    if organization_id is None:
        return None
    wanted = str(organization_id)
    members = (row.organization for row in own.alliance.members)
    found = next((one for one in members if one.public_id == wanted), None)
    if found is None:
        raise Invalid.at(pointer, "not_a_member")
    return found


def own_charter(own: OwnAlliance, number: int) -> AllianceCharter:
    """A version of an alliance that was fetched: members and coordinator see all of them, others the one in force."""
    found = next((row for row in own.alliance.charters if row.number == number), None)
    waits = own.member is not None and own.member.state in (INVITED, ASKED)
    if found is None or not (own.inside or (waits and found.state == IN_FORCE)):
        raise NotFound
    return found


def own_alliance_lead(session: Session, own: OwnAlliance, demand_id: UUID) -> AllianceLead:
    """A line of the pipeline of an alliance that was fetched by `inside_alliance`, by its demand's id."""
    rows = select(AllianceLead).join(AllianceLead.demand).where(AllianceLead.alliance_id == own.alliance.id)
    return one(session, rows.where(is_named(Demand, demand_id)))


def vendor_to_invite(session: Session, organization_id: UUID) -> Organization:
    """A confirmed vendor by its public id; any other is not there."""
    rows = select(Organization).where(is_named(Organization, organization_id), is_confirmed_vendor())
    return one(session, rows)


def vendors_to_invite(session: Session, alliance: Alliance, words: str) -> list[Organization]:
    """Confirmed vendors whose name holds those words, by name, without those who are in the alliance or waited for."""
    busy = [row.organization_id for row in alliance.members if row.state in (INVITED, ASKED, JOINED)]
    rows = select(Organization).where(
        is_confirmed_vendor(), Organization.id.not_in(busy), is_named_like(words)
    )
    ordered = rows.order_by(Organization.name).options(lazyload(Organization.roles))
    return list(session.scalars(ordered.limit(MOST_CANDIDATES)))


def alliances_to_choose(session: Session, words: str) -> list[Alliance]:
    """Active alliances whose lead answers to buyers now, by a part of their name; the oldest first."""
    in_force = (AllianceCharter.alliance_id == Alliance.id) & (AllianceCharter.state == IN_FORCE)
    rows = select(Alliance, AllianceCharter).join(AllianceCharter, in_force)
    rows = rows.where(Alliance.state == ACTIVE).order_by(Alliance.id)
    if words:
        like = f"%{words.casefold().replace('%', '').replace('_', '')}%"
        rows = rows.where(or_(func.lower(Alliance.name).like(like), func.lower(Alliance.name_en).like(like)))
    members = joinedload(Alliance.members).joinedload(AllianceMember.organization)
    found = session.execute(rows.limit(MOST_TO_CHOOSE).options(members.lazyload(Organization.roles)))
    return [row[0] for row in found.unique() if _answers(row[0], row[1].content["lead"])]


def alliance_at(session: Session, alliance_id: UUID | None, pointer: str) -> Alliance | None:
    """An active alliance that a form or a body names; another is a problem at its field. None stays None."""
    if alliance_id is None:
        return None
    rows = select(Alliance).where(is_named(Alliance, alliance_id), Alliance.state == ACTIVE)
    row = session.scalars(rows.options(*_in_full())).unique().one_or_none()
    if row is None:
        raise Invalid.at(pointer, "alliance_unknown")
    return row


def _one(session: Session, rows: Select[Alliance]) -> Alliance:
    """The one alliance of the statement with everything of it. Raises NotFound: there is none."""
    row = session.scalars(rows.options(*_in_full())).unique().one_or_none()
    if row is None:
        raise NotFound
    return row


def _answers(alliance: Alliance, lead: str) -> bool:
    """Whether the organization of that public id is a member that does not leave."""
    return any(row.organization.public_id == lead and row.state == JOINED for row in alliance.members)


def _concerns(organization_key: int | None) -> ColumnElement[bool]:
    mine = select(AllianceMember.alliance_id).where(AllianceMember.organization_id == organization_key)
    return or_(Alliance.coordinator_id == organization_key, Alliance.id.in_(mine))


def _own(alliance: Alliance, who: Who, today: date) -> OwnAlliance:
    member = next((row for row in alliance.members if row.organization_id == who.organization_key), None)
    belongs = member is not None and alliance.state != DISSOLVED and standing.stands(member, today)
    return OwnAlliance(alliance, member, alliance.coordinator_id == who.organization_key, belongs)


def _in_full() -> tuple[ORMOption, ...]:
    """Everything that pages of an alliance show, in two statements however many there are."""
    return (
        joinedload(Alliance.coordinator).lazyload(Organization.roles),
        joinedload(Alliance.members).joinedload(AllianceMember.organization).lazyload(Organization.roles),
        selectinload(Alliance.charters).joinedload(AllianceCharter.consents),
    )
