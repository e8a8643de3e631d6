"""Match one demand with every public listing: exclude, score, explain, rank, and keep the list as it was shown."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models import Site
from matching import editions
from matching.maturity import assessments
from matching.models import Demand, Match, MatchList
from matching.scoring import explain, facts, score
from matching.search.documents import Document
from matching.search.engine import Engine

DAYS_A_WEEK = 7


def match(session: Session, engine: Engine, demand: Demand, today: date) -> MatchList:
    """Rank every listing that is public today and fits the demand's hard conditions; say why the others do not.

    Order: fit + policy term + text part (none here), ties by id. The list keeps the demand's facts, the weights'
    version and the catalogue's revision, so that it can be understood, and computed again, later.
    """
    need = need_of(session, demand, today)
    edition = editions.in_force(session, today)
    revision = engine.revision
    documents = [document for document in engine.all() if document.is_visible_on(today)]
    ranked: list[tuple[score.Score, facts.Offer, Document]] = []
    excluded: list[dict[str, Any]] = []
    for document in documents:
        valid = today <= document.certificate_expires_on
        offer = facts.offer_from_content(document.content, listing=document.id, certificate_valid=valid)
        reason = score.exclusion(need, offer)
        if reason is None:
            ranked.append((score.score(need, offer, edition), offer, document))
        else:
            excluded.append(_excluded(document, reason))
    ranked.sort(key=lambda item: score.order_key(item[0], item[2].id))
    excluded.sort(key=lambda row: (row["title"], row["listing"]))
    result = MatchList(
        demand=demand,
        weights=edition.version,
        revision=revision,
        considered=len(documents),
        need=_plain(need),
        excluded=excluded,
        matches=[_match(rank, need, *item) for rank, item in enumerate(ranked, start=1)],
    )
    session.add(result)
    return result


def need_of(session: Session, demand: Demand, today: date) -> facts.Need:
    """The demand as the scorer sees it: its own words, its site's facts, the level that holds now."""
    site = demand.site
    assessment = assessments.current(session, site)
    return facts.Need(
        requirements=tuple(
            facts.Requirement(r.capability, r.must, r.min_quality) for r in demand.requirements
        ),
        level=None if assessment is None else assessment.level,
        target_level=demand.target_level,
        industry=(site.industry_revision, site.industry_code),
        region=site.region,
        connections=_connections(site),
        budget_amount=demand.budget_amount,
        weeks_left=None if demand.deadline is None else (demand.deadline - today).days // DAYS_A_WEEK,
    )


def counts_by_demand(session: Session, demand_keys: Sequence[int]) -> dict[int, int]:
    """How many listings the newest list of each demand ranked; demands without a list are left out."""
    newest = (
        select(func.max(MatchList.id))
        .where(MatchList.demand_id.in_(demand_keys))
        .group_by(MatchList.demand_id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(MatchList.demand_id, func.count(Match.id))
        .outerjoin(Match, Match.list_id == MatchList.id)
        .where(MatchList.id.in_(newest))
        .group_by(MatchList.demand_id)
    )
    return {row[0]: row[1] for row in rows}


def by_cause(excluded: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Excluded listings counted by their first cause, most first.

    Each row: {"code", "count", "only": how many have no other cause, so that lifting this one brings them back,
    "nearest": the least of the changed values that would bring one back (won for a price), or None}.
    """
    rows = []
    for code in score.EXCLUSION_CODES:
        first = [row for row in excluded if row["code"] == code]
        only = [row for row in first if row["codes"] == [code]]
        needed = [row["params"][code].get("budget_needed_amount") for row in only]
        nearest = min((amount for amount in needed if amount is not None), default=None)
        if first:
            rows.append({"code": code, "count": len(first), "only": len(only), "nearest": nearest})
    return sorted(rows, key=lambda row: (-row["count"], row["code"]))


def _connections(site: Site) -> tuple[frozenset[str], ...]:
    """One set a system in use; an interface of the site that no system names stands for a system of its own."""
    systems = [frozenset(system.interfaces) for system in site.systems]
    named = frozenset().union(*systems)
    return (*systems, *(frozenset({code}) for code in site.codes("interface") if code not in named))


def _match(rank: int, need: facts.Need, result: score.Score, offer: facts.Offer, document: Document) -> Match:
    return Match(
        rank=rank,
        listing=document.id,
        release=document.release_number,
        fit=result.fit,
        policy=result.policy_term,
        text=result.text_term,
        card=_card(document, result.plan),
        parts=[asdict(part) for part in result.parts],
        reasons=[_plain(reason) for reason in explain.explain(need, offer, result)],
    )


def _card(document: Document, plan_id: str | None) -> dict[str, Any]:
    content = document.content
    plan = next((plan for plan in content["plans"] if plan["id"] == plan_id), None)
    return {
        **{
            key: content[key]
            for key in ("title", "title_en", "summary", "summary_en", "level", "install_weeks")
        },
        "vendor_id": document.vendor_id,
        "vendor_name": document.vendor_name,
        "field_sites": document.field_sites,
        "test_reports": document.test_reports,
        "plan": plan,
    }


def _excluded(document: Document, reason: score.Exclusion) -> dict[str, Any]:
    return {
        "listing": document.id,
        "title": document.content["title"],
        "title_en": document.content["title_en"],
        "vendor_name": document.vendor_name,
        "code": reason.code,
        "codes": list(reason.codes),
        "params": {code: dict(params) for code, params in reason.params.items()},
    }


def _plain(value: Any) -> Any:
    """Dataclasses as JSON: sets become sorted lists, tuples lists."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value
