"""The demands that are shown to an alliance, as its members see them: how far each has come and who takes care of it.

Each member answers for itself (`matching.leads`). The others learn of it that it asked for contact or was accepted, and
nothing else: no message, no fit, no reason. The name of the firm shows to a member whose contact was accepted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ScalarSelect, func, or_, select
from sqlalchemy.orm import Session, joinedload

from catalog import clock
from catalog.alliances import standing
from catalog.errors import Conflict, Invalid
from catalog.models import Alliance, AllianceMember, Organization, Site
from matching import audience
from matching.audience import AudienceView
from matching.models import AllianceLead, Demand, Lead
from matching.models.demand import ALLIANCE, BOARD, OPEN
from matching.models.lead import ACCEPTED, CONTACT, OFFERED

#: How far a demand has come in the alliance, the furthest member counting: nobody has answered, somebody asks for
#: contact, the manufacturer accepted it, everybody who answered has ended it.
NEW, ASKED, MET, OVER = STAGES = ("new", "asked", "met", "over")
#: The page looks at no more demands than this, the newest.
MOST = 100
_STILL_SHOWN = (Demand.state == OPEN, Demand.audience.in_((ALLIANCE, BOARD)))


@dataclass(frozen=True, slots=True)
class Entry:
    """One demand of the pipeline.

    Attributes:
        lead: its line, with the owner.
        view: what the reader sees of the demand.
        stage: one of STAGES.
        members: (organization, its own stage) of every member that has answered: who has not may have nothing fitting,
            which is its own business.
        own: the reader's own lead, if it has one.
        days: since it was shown to the alliance.
    """

    lead: AllianceLead
    view: AudienceView
    stage: str
    members: tuple[tuple[Organization, str], ...]
    own: Lead | None
    days: int


@dataclass(frozen=True, slots=True)
class Line:
    """As much of a demand of the pipeline as its coordinator's morning page shows; `stage` is one of STAGES."""

    lead: AllianceLead
    stage: str


def entries(session: Session, alliance: Alliance, reader: Organization, today: date) -> list[Entry]:
    """The open demands that the alliance sees, the newest first, as `reader` may see them."""
    rows = _shown(session, alliance)
    answers = _answers(session, rows, standing.standing_members(alliance, today), reader)
    among = audience.crowd(session) if rows else None
    held = audience.levels(session, [row.demand for row in rows], today) if rows else {}
    found = []
    for row in rows:
        of_demand = answers.get(row.demand_id, [])
        own = next((lead for lead in of_demand if lead.organization_id == reader.id), None)
        members = [
            lead
            for lead in of_demand
            if any(m.organization_id == lead.organization_id for m in alliance.members)
        ]
        view = audience.shown(
            row.demand,
            reader,
            among,
            accepted=own is not None and own.state == CONTACT,
            level=held.get(row.demand.site_id, (None, "")),
        )
        found.append(
            Entry(
                lead=row,
                view=view,
                stage=stage_of(lead.state for lead in members if lead.offered_at is not None),
                members=tuple(
                    (lead.organization, stage_of([lead.state])) for lead in members if lead.state != OFFERED
                ),
                own=own,
                days=(today - clock.day_of(row.shared_at)).days,
            )
        )
    return found


def lines(session: Session, alliances: Sequence[Alliance], reader: int, today: date) -> list[Line]:
    """The lines of `entries` of several alliances, as the organization with the key `reader` sees them: the oldest
    first, each with what its demand asks for; one statement however many."""
    if not alliances:
        return []
    place = func.row_number().over(
        partition_by=AllianceLead.alliance_id,
        order_by=(AllianceLead.shared_at.desc(), AllianceLead.id.desc()),
    )
    newest = (
        select(AllianceLead.id, place.label("place"))
        .join(Demand, Demand.id == AllianceLead.demand_id)
        .where(AllianceLead.alliance_id.in_([alliance.id for alliance in alliances]), *_STILL_SHOWN)
        .subquery()
    )
    rows = (
        select(AllianceLead, _states(alliances, reader, today))
        .join(newest, (newest.c.id == AllianceLead.id) & (newest.c.place <= MOST))
        .order_by(AllianceLead.shared_at, AllianceLead.id)
        .options(joinedload(AllianceLead.demand).joinedload(Demand.requirements))
    )
    found = session.execute(rows).unique()
    return [Line(lead, stage_of(states.split(",") if states else ())) for lead, states in found]


def _states(alliances: Sequence[Alliance], reader: int, today: date) -> ScalarSelect[str | None]:
    """The states of all answers that count in a line, joined by commas; null: none."""
    counting = [
        (AllianceLead.alliance_id == alliance.id)
        & Lead.organization_id.in_(_answering(alliance, reader, today))
        for alliance in alliances
    ]
    rows = select(func.aggregate_strings(Lead.state, ",")).where(
        Lead.demand_id == AllianceLead.demand_id, Lead.offered_at.is_not(None), or_(*counting)
    )
    return rows.correlate(AllianceLead).scalar_subquery()


def _answering(alliance: Alliance, reader: int, today: date) -> set[int]:
    """Whose answers count: members of today, and the reader if it was ever one."""
    standing_now = {member.organization_id for member in standing.standing_members(alliance, today)}
    return standing_now | ({reader} & {member.organization_id for member in alliance.members})


def stage_of(states: Iterable[str]) -> str:
    """The stage of leads in those states together."""
    found = set(states)
    if CONTACT in found:
        return MET
    if ACCEPTED in found:
        return ASKED
    return NEW if not found or OFFERED in found else OVER


def assign(session: Session, lead: AllianceLead, owner: Organization | None, today: date) -> None:
    """Say which member takes care of a demand; None: nobody.

    Raises:
        Conflict: the demand is not shown to the alliance any more. Invalid: no member of it.
    """
    session.flush()  # a refresh would throw away what this transaction has changed so far
    demand = session.scalars(
        select(Demand)
        .where(Demand.id == lead.demand_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if demand.state != OPEN or demand.alliance_lead is None:
        raise Conflict("lead.gone")
    if owner is not None and not any(
        member.organization_id == owner.id and standing.stands(member, today)
        for member in lead.alliance.members
    ):
        raise Invalid.at("owner_id", "not_a_member")
    lead.owner = owner


def counts(found: Iterable[Entry | Line]) -> Mapping[str, int]:
    """How many entries stand in each of STAGES."""
    stages = [entry.stage for entry in found]
    return {stage: stages.count(stage) for stage in STAGES}


def late(entry: Entry, hours: int, now: datetime) -> bool:
    """Whether nobody has answered within the hours that the charter grants."""
    return entry.stage == NEW and (now - entry.lead.shared_at).total_seconds() > hours * 3600


def _shown(session: Session, alliance: Alliance) -> list[AllianceLead]:
    demand = joinedload(AllianceLead.demand)
    rows = (
        select(AllianceLead)
        .join(Demand, Demand.id == AllianceLead.demand_id)
        .where(
            AllianceLead.alliance_id == alliance.id,
            *_STILL_SHOWN,
        )
        .order_by(AllianceLead.shared_at.desc(), AllianceLead.id.desc())
        .options(
            joinedload(AllianceLead.owner).lazyload(Organization.roles),
            demand.joinedload(Demand.organization).lazyload(Organization.roles),
            demand.joinedload(Demand.site).selectinload(Site.systems),
            demand.joinedload(Demand.requirements),
            demand.selectinload(Demand.named),
        )
    )
    return list(session.scalars(rows.limit(MOST)).unique())


def _answers(
    session: Session, rows: Sequence[AllianceLead], members: Sequence[AllianceMember], reader: Organization
) -> dict[int, list[Lead]]:
    """By key of the demand, the leads of members and of the reader."""
    if not rows:
        return {}
    asking = {member.organization_id for member in members} | {reader.id}
    found = select(Lead).where(
        Lead.demand_id.in_([row.demand_id for row in rows]), Lead.organization_id.in_(asking)
    )
    by_demand: dict[int, list[Lead]] = {}
    eager = joinedload(Lead.organization).lazyload(Organization.roles)
    for lead in session.scalars(found.order_by(Lead.id).options(eager)):
        by_demand.setdefault(lead.demand_id, []).append(lead)
    return by_demand
