"""Whom an alliance could win for what it lacks: vendors of the store that cover it, and how much it is asked for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.alliances import coverage
from catalog.alliances.coverage import Step
from catalog.clock import SEOUL
from matching.crowds import GROUP
from matching.models import Demand, DemandRequirement
from matching.models.demand import BOARD, OPEN
from matching.search.documents import Document
from matching.search.engine import Engine
from matching.search.query import MAX_LIMIT, SearchQuery

#: What counts as asked lately: a quarter of a year.
DAYS_ASKED = 92
#: Listings that are looked at for all gaps together, those with the most evidence first.
MOST_LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Closers:
    """Vendors that would close a gap.

    Attributes:
        vendors: (public id, name) of each, the one with the most evidence first.
        at_least: there may be more of them: the store holds more listings than were looked at.
    """

    vendors: tuple[tuple[str, str], ...]
    at_least: bool


def closers(
    engine: Engine, gaps: Mapping[str, Sequence[Step]], members: Collection[str], today: date
) -> dict[str, Closers]:
    """By missing capability, the vendors whose public, certified listings cover it at one of its steps.

    Args:
        gaps: capability → steps at which it is missing.
        members: public ids of vendors that are left out.
    """
    found: dict[str, dict[str, str]] = {code: {} for code in gaps}
    documents, total = _certified(engine, gaps, today)
    for document in documents:
        if document.vendor_id in members or today > document.certificate_expires_on:
            continue
        for code in document.capabilities & set(gaps):
            if any(coverage.covers(document.content, step) for step in gaps[code]):
                found[code].setdefault(document.vendor_id, document.vendor_name)
    more = total > MOST_LOOKED_AT
    return {code: Closers(tuple(vendors.items()), more) for code, vendors in found.items()}


def asked_lately(session: Session, capabilities: Collection[str], today: date) -> dict[str, int | None]:
    """By capability, how many demands on the board asked for it in the last DAYS_ASKED days.

    None where they come from fewer than GROUP firms: the number could describe one of them.
    """
    since = datetime.combine(today - timedelta(days=DAYS_ASKED), time(), tzinfo=SEOUL)
    rows = (
        select(
            DemandRequirement.capability,
            func.count(Demand.id.distinct()),
            func.count(Demand.organization_id.distinct()),
        )
        .join(Demand, Demand.id == DemandRequirement.demand_id)
        .where(
            DemandRequirement.capability.in_(capabilities),
            Demand.state == OPEN,
            Demand.audience == BOARD,
            Demand.shared_at >= since,
        )
        .group_by(DemandRequirement.capability)
    )
    told = {row[0]: row[1] for row in session.execute(rows) if row[2] >= GROUP}
    return {code: told.get(code) for code in capabilities}


def _certified(engine: Engine, gaps: Mapping[str, Sequence[Step]], today: date) -> tuple[list[Document], int]:
    """Listings with one of the capabilities, and how many there are in all."""
    found: list[Document] = []
    total = 0
    if not gaps:
        return found, total
    for offset in range(0, MOST_LOOKED_AT, MAX_LIMIT):
        asked = SearchQuery(
            today,
            filters={
                "capability": frozenset(gaps),
                "validation": frozenset({"field", "test_report", "document"}),
            },
            sort="evidence",
            offset=offset,
            limit=MAX_LIMIT,
        )
        result = engine.search(asked)
        total = result.total
        documents = engine.documents(hit.id for hit in result.hits)
        found += [documents[hit.id] for hit in result.hits if hit.id in documents]
        if offset + MAX_LIMIT >= total:
            break
    return found, total
