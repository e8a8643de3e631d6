"""Match one demand with every public listing: exclude, score, explain, rank, and keep the list as it was shown."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from catalog.models import Site
from catalog.programmes import support
from catalog.subsidy import Funder
from matching import candidates, considering, editions, keeping, ways_back
from matching import ranking as ranked
from matching.maturity import assessments
from matching.models import Demand, Match, MatchList, WhatIf
from matching.scoring import explain, facts, score
from matching.scoring.weights import Weights
from matching.search.documents import Document
from matching.search.engine import Engine
from matching.supply_chain import partners

DAYS_A_WEEK = 7


def match(
    session: Session,
    engine: Engine,
    demand: Demand,
    today: date,
    *,
    weights: Weights | None = None,
    policy: bool = True,
    need: facts.Need | None = None,
) -> MatchList:
    """Rank every listing that is public today, say why others are left out, keep all facts for `matching/replay.py`.

    Args:
        weights, need: tried out instead of the edition in force and of the demand's own; kept with the list.
        policy: whether alliances get the policy term in the order, which is fit + policy term, ties by id.
    """
    need = need or need_of(session, demand, today)
    edition = weights or editions.in_force(session, today)
    looked_at = considering.considered(engine, need, edition, today, policy=policy)
    documents = looked_at.documents
    ranking = ranked.rank(need, looked_at.offers(today), edition, policy=policy)
    result = MatchList(
        demand=demand,
        demand_version=demand.version,
        weights=edition.version,
        what_if=None if weights is None else keeping.what_if(weights),
        policy=policy,
        day=today,
        revision=looked_at.revision,
        considered=looked_at.total,
        beyond=looked_at.counts(len(ranking.placed)),
        need=keeping.plain(need),
        excluded=_left_out(ranking, documents, today),
        flips=keeping.plain(ranked.first_flips(need, ranking, edition, policy=policy)),
        support=support.for_site(session, need.programme, need.region, today).as_json(today),
        matches=[_match(need, place, documents[place.offer.listing], today) for place in ranking.placed],
    )
    result.facts_digest = keeping.digest_of(result)
    session.add(result)
    return result


def need_of(session: Session, demand: Demand, today: date) -> facts.Need:
    """The demand as the scorer sees it: its own words, its site's facts, the level that holds now, its trade."""
    site = demand.site
    assessment = assessments.current(session, site, today=today)
    own = own_facts(demand, None if assessment is None else assessment.level, today)
    prior = partners.prior(session, own.industry)
    return replace(
        own,
        partners=partners.of(session, demand.organization_id, today),
        industry_prior=None if prior is None else dict(prior),
        funders=_funders(session, demand.programme, site.region, today),
    )


def own_facts(demand: Demand, level: int | None, today: date) -> facts.Need:
    """What the demand and its site state themselves, without partners, statistics and support rules.

    Args:
        level: the company level that holds now.
    """
    site = demand.site
    return facts.Need(
        requirements=tuple(
            facts.Requirement(r.capability, r.must, r.min_quality) for r in demand.requirements
        ),
        level=level,
        target_level=demand.target_level,
        industry=(site.industry_revision, site.industry_code),
        region=site.region,
        connections=_connections(site),
        budget_amount=demand.budget_amount,
        weeks_left=None if demand.deadline is None else (demand.deadline - today).days // DAYS_A_WEEK,
        programme=demand.programme,
    )


def counts_by_demand(session: Session, demand_keys: Sequence[int]) -> dict[int, int]:
    """How many listings the newest list of each demand ranked; demands without a list are left out."""
    return {row[0]: row[1] for row in session.execute(ranked_counts(MatchList.demand_id.in_(demand_keys)))}


def ranked_counts(of: ColumnElement[bool]) -> Select[int, int]:
    """Rows (demand's key, how many listings its newest list ranked) of the lists that `of` allows; what-ifs apart."""
    return (
        select(MatchList.demand_id, func.count(Match.id).label("ranked"))
        .outerjoin(Match, Match.list_id == MatchList.id)
        .where(MatchList.id.in_(newest_lists(of)))
        .group_by(MatchList.demand_id)
    )


def newest_lists(of: ColumnElement[bool]) -> Select[int]:
    """Keys of the newest list of each demand among the lists that `of` allows; what-ifs apart."""
    tried_out = select(WhatIf.id).where(WhatIf.list_id == MatchList.id).exists()
    return select(func.max(MatchList.id)).where(of, ~tried_out).group_by(MatchList.demand_id)


def by_cause(found: MatchList) -> list[dict[str, Any]]:
    """Excluded listings counted by their first cause, most first.

    Each row: {"code", "count", "only": how many have no other cause, so that lifting this one brings them back,
    "nearest": the least of the changed values that would bring one back (won for a price), or None}.
    """
    rows = []
    counts = {} if found.beyond is None else found.beyond["causes"]
    for code in score.EXCLUSION_CODES:
        first = [row for row in found.excluded if row["code"] == code]
        only = [row for row in first if row["codes"] == [code]]
        needed = [row["params"][code].get("budget_needed_amount") for row in only]
        nearest = min((amount for amount in needed if amount is not None), default=None)
        count = counts.get(code) if counts else {"count": len(first), "only": len(only)}
        if count and count["count"]:
            rows.append({"code": code, **count, "nearest": nearest})
    return sorted(rows, key=lambda row: (-row["count"], row["code"]))


def ways_of(found: MatchList) -> dict[str, list[dict[str, Any]]]:
    """What would bring excluded listings back, see `ways_back`; of a large catalogue as it was counted."""
    if found.beyond is not None:
        return dict(found.beyond["ways"])
    return ways_back.ways_back(found.excluded)


def _connections(site: Site) -> tuple[frozenset[str], ...]:
    """One set a system in use; an interface of the site that no system names stands for a system of its own."""
    systems = [frozenset(system.interfaces) for system in site.systems]
    named = frozenset().union(*systems)
    return (*systems, *(frozenset({code}) for code in site.codes("interface") if code not in named))


def _funders(session: Session, programme: str | None, region: str, today: date) -> tuple[Funder, ...]:
    if programme is None:
        return ()
    return support.for_site(session, programme, region, today).funders(today)


def _match(need: facts.Need, place: ranked.Placed, document: Document, today: date) -> Match:
    result = place.score
    return Match(
        rank=place.rank,
        rank_without_policy=place.rank_without_policy,
        listing=document.id,
        release=document.release_number,
        seen=candidates.seen(document, today),
        fit=result.fit,
        policy=result.policy_term,
        text=result.text_term,
        card={**_card(document, result.plan), **ranked.own_money(need, place)},
        parts=[asdict(part) for part in result.parts],
        reasons=[keeping.plain(reason) for reason in explain.explain(need, place.offer, result)],
    )


def _card(document: Document, plan_id: str | None) -> dict[str, Any]:
    content = document.content
    plan = next((plan for plan in content["plans"] if plan["id"] == plan_id), None)
    return {
        **{
            key: content[key]
            for key in ("title", "title_en", "summary", "summary_en", "level", "install_weeks")
        },
        "kind": document.kind,
        "vendor_id": document.vendor_id,
        "vendor_name": document.vendor_name,
        "field_sites": document.field_sites,
        "test_reports": document.test_reports,
        "plan": plan,
    }


def _left_out(
    ranking: ranked.Ranking, documents: Mapping[str, Document], today: date
) -> list[dict[str, Any]]:
    rows = [_excluded(documents[offer.listing], reason, today) for offer, reason in ranking.excluded]
    return sorted(rows, key=lambda row: (row["title"], row["listing"]))


def _excluded(document: Document, reason: score.Exclusion, today: date) -> dict[str, Any]:
    return {
        "listing": document.id,
        "release": document.release_number,
        "seen": candidates.seen(document, today),
        "title": document.content["title"],
        "title_en": document.content["title_en"],
        "kind": document.kind,
        "vendor_name": document.vendor_name,
        "code": reason.code,
        "codes": list(reason.codes),
        "params": {code: dict(params) for code, params in reason.params.items()},
    }
