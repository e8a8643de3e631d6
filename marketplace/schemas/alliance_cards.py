"""An alliance as its public page and the API show it: members, capacity, what they cover, what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.alliance_states import ACTIVE, IN_FORCE
from catalog.alliances import coverage, differences, shelf, standing
from catalog.alliances.coverage import Coverage, Offered, Step
from catalog.models import Alliance, AllianceCharter, AllianceMember
from matching import recruiting
from matching.recruiting import Closers
from matching.search.engine import Engine

NOBODY = Closers((), at_least=False)


@dataclass(frozen=True, slots=True)
class MemberCard:
    """A member.

    Attributes:
        is_lead: it answers to the buyer.
        in_charter: whether the charter in force names it; otherwise it joined later, with the part shown.
        unlisted: capabilities that none of its public listings names: claimed.
        lost: capabilities that nobody else covers; told of those who leave.
    """

    member: AllianceMember
    is_lead: bool
    in_charter: bool
    unlisted: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A missing capability: where, how often it is asked for (None: fewer than five firms), who would close it."""

    capability: str
    steps: tuple[Step, ...]
    asked: int | None
    closers: Closers


@dataclass(frozen=True, slots=True)
class Card:
    """The whole alliance.

    Attributes:
        capacity: projects a quarter, summed over members; `capacity_unknown` of them say nothing.
        gaps: most asked for first.
        following: (public id, name, name_en) of an alliance that serves the next level, or None.
    """

    alliance: Alliance
    charter: AllianceCharter
    members: tuple[MemberCard, ...]
    capacity: int
    capacity_unknown: int
    coverage: Coverage
    gaps: tuple[Gap, ...]
    following: tuple[str, str, str] | None

    @property
    def lead(self) -> MemberCard | None:
        """The member that answers to the buyer; None: it has gone, and another charter must name one."""
        return next((one for one in self.members if one.is_lead), None)

    @property
    def leaving(self) -> tuple[MemberCard, ...]:
        """Those whose last day is known, the earliest first."""
        going = [one for one in self.members if one.member.last_day is not None]
        return tuple(sorted(going, key=lambda one: one.member.last_day or date.max))


def card(session: Session, engine: Engine, alliance: Alliance, charter: AllianceCharter, today: date) -> Card:
    """Everything that is shown of an alliance with that charter in force."""
    standing_now = standing.standing_members(alliance, today)
    offered = shelf.of_vendors(session, [member.organization_id for member in standing_now], today)
    steps = steps_of(charter)
    matrix = coverage.coverage(offered, steps)
    capacity, unknown = standing.free_capacity(standing_now)
    members = members_of(charter, standing_now, offered)
    return Card(
        alliance,
        charter,
        members,
        capacity,
        unknown,
        matrix,
        gaps(session, engine, matrix, standing_now, today),
        following(session, charter),
    )


def steps_of(charter: AllianceCharter) -> tuple[Step, ...]:
    """The steps that a charter names."""
    return coverage.steps(charter.content["level_from"], charter.content["level_to"])


def members_of(
    charter: AllianceCharter | None, members: Sequence[AllianceMember], offered: Sequence[Offered]
) -> tuple[MemberCard, ...]:
    """The members with what is known of their part."""
    found = []
    for member in members:
        own = member.organization.public_id
        leaves = member.last_day is not None and charter is not None
        found.append(
            MemberCard(
                member,
                is_lead=charter is not None and charter.content["lead"] == own,
                in_charter=charter is not None and differences.part_of(charter.content, own) is not None,
                unlisted=coverage.unlisted(member.capabilities, offered, own),
                lost=coverage.lost_without(offered, steps_of(charter), own) if charter and leaves else (),
            )
        )
    return tuple(found)


def lost_without(alliance: Alliance, offered: Sequence[Offered], organization: str) -> tuple[str, ...]:
    """Capabilities that would be missing without one member; none while there is no charter."""
    charter = alliance.charter
    return () if charter is None else coverage.lost_without(offered, steps_of(charter), organization)


def gaps(
    session: Session, engine: Engine, matrix: Coverage, members: Sequence[AllianceMember], today: date
) -> tuple[Gap, ...]:
    """What is missing, most asked for first, then in the order of the taxonomy."""
    missing = matrix.gaps()
    asked = recruiting.asked_lately(session, list(missing), today)
    own = {member.organization.public_id for member in members}
    closing = recruiting.closers(engine, missing, own, today)
    found = [Gap(code, steps, asked[code], closing.get(code, NOBODY)) for code, steps in missing.items()]
    return tuple(sorted(found, key=lambda gap: -(gap.asked or 0)))


def following(session: Session, charter: AllianceCharter) -> tuple[str, str, str] | None:
    """An active alliance that begins where this one ends, the oldest of them."""
    rows = (
        select(Alliance.public_id, Alliance.name, Alliance.name_en, AllianceCharter.content)
        .join(AllianceCharter, AllianceCharter.alliance_id == Alliance.id)
        .where(Alliance.state == ACTIVE, AllianceCharter.state == IN_FORCE)
        .order_by(Alliance.id)
    )
    end = charter.content["level_to"]
    found = (row for row in session.execute(rows) if row.content["level_from"] == end + 1)
    row = next(found, None)
    return None if row is None else (row.public_id, row.name, row.name_en)
