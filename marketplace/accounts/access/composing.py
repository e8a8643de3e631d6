"""Fetching runs of the composer: the coordinator's of the alliance alone, for a demand that it is shown or many."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, defer, joinedload

from catalog.errors import NotFound
from catalog.models import Listing, Organization
from marketplace.accounts.access.alliances import OwnAlliance
from marketplace.accounts.access.fetching import is_named, one
from matching.models import AllianceLead, ComposeRun, Demand
from matching.models.compose_run import DONE


def line_of(session: Session, own: OwnAlliance, demand_id: UUID) -> AllianceLead:
    """A line of the pipeline of an alliance that was fetched by `run_alliance`, with all that is seen of its demand."""
    rows = select(AllianceLead).join(AllianceLead.demand).where(AllianceLead.alliance_id == own.alliance.id)
    demand = joinedload(AllianceLead.demand)
    eager = (
        demand.joinedload(Demand.site),
        demand.joinedload(Demand.requirements),
        demand.selectinload(Demand.named),
    )
    found = session.scalars(rows.where(is_named(Demand, demand_id)).options(*eager)).unique().one_or_none()
    if found is None:
        raise NotFound
    return found


def run_of(session: Session, own: OwnAlliance, demand_id: UUID, run_id: UUID) -> ComposeRun:
    """A run of an alliance that was fetched by `run_alliance`, for a demand that it is still shown."""
    rows = _of(own, demand_id).where(is_named(ComposeRun, run_id))
    return one(session, rows.options(joinedload(ComposeRun.alliance), joinedload(ComposeRun.demand)))


def runs_of(
    session: Session, own: OwnAlliance, demand_id: UUID, *, offset: int, limit: int
) -> list[ComposeRun]:
    """The runs for a demand, the newest first, without their answers."""
    rows = _of(own, demand_id).order_by(ComposeRun.id.desc()).offset(offset).limit(limit)
    eager = joinedload(ComposeRun.demand), joinedload(ComposeRun.alliance), defer(ComposeRun.result)
    return list(session.scalars(rows.options(*eager)))


def count_runs_of(session: Session, own: OwnAlliance, demand_id: UUID) -> int:
    """How many `runs_of` has in all."""
    return session.scalar(select(func.count()).select_from(_of(own, demand_id).subquery())) or 0


def package_run_of(session: Session, own: OwnAlliance, run_id: UUID) -> ComposeRun:
    """A run for a segment, of an alliance that was fetched by `run_alliance`."""
    rows = _for_segments(own).where(is_named(ComposeRun, run_id))
    return one(session, rows.options(joinedload(ComposeRun.alliance)))


def package_runs_of(session: Session, own: OwnAlliance, *, offset: int, limit: int) -> list[ComposeRun]:
    """The runs for segments, the newest first, without their answers."""
    rows = _for_segments(own).order_by(ComposeRun.id.desc()).offset(offset).limit(limit)
    return list(session.scalars(rows.options(joinedload(ComposeRun.alliance), defer(ComposeRun.result))))


def count_package_runs_of(session: Session, own: OwnAlliance) -> int:
    """How many `package_runs_of` has in all."""
    return session.scalar(select(func.count()).select_from(_for_segments(own).subquery())) or 0


def outcomes_of(session: Session, rows: Collection[ComposeRun]) -> dict[str, str]:
    """The status of the answer of each of these runs (by public id) that has one, without reading the answers."""
    status = ComposeRun.result["answer"]["status"].as_string()
    ended = [row.id for row in rows if row.state == DONE]
    found = select(ComposeRun.public_id, status).where(ComposeRun.id.in_(ended))
    return dict(session.execute(found).all()) if ended else {}


def vendors_among(session: Session, listings: Collection[str]) -> dict[str, tuple[str, str]]:
    """Of these listings those that have a page of the store now, each with its vendor's name and English name."""
    rows = (
        select(Listing.public_id, Organization.name, Organization.name_en)
        .join(Listing.organization)
        .where(Listing.public_id.in_(listings), Listing.live_release.is_not(None))
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(rows)} if listings else {}


def _of(own: OwnAlliance, demand_id: UUID) -> Select[ComposeRun]:
    return (
        select(ComposeRun)
        .join(Demand, Demand.id == ComposeRun.demand_id)
        .join(
            AllianceLead,
            (AllianceLead.demand_id == Demand.id) & (AllianceLead.alliance_id == ComposeRun.alliance_id),
        )
        .where(ComposeRun.alliance_id == own.alliance.id, is_named(Demand, demand_id))
    )


def _for_segments(own: OwnAlliance) -> Select[ComposeRun]:
    return select(ComposeRun).where(ComposeRun.alliance_id == own.alliance.id, ComposeRun.demand_id.is_(None))
