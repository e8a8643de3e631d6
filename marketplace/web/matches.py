"""The ranked list of a demand: who fits and why, who was left out and what would bring them back."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog import counters
from catalog.content import first_year_amount
from marketplace import audit, formats
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db, locale, now, search_engine, today
from marketplace.journeys import plants
from marketplace.web import once
from marketplace.web.parameters import notice_unknown, page_number
from marketplace.wording import reasons, term_name
from matching import editions, matchmaking
from matching.models import Demand, Match, MatchList
from matching.models.demand import OPEN
from matching.scoring import weights

bp = Blueprint("matches", __name__)

PAGE_SIZE = 20
#: Reasons for and against that stand on a card; the others are in its table.
REASONS_SHOWN = 3
#: Left-out listings that are named a cause.
NAMED_A_CAUSE = 50


@bp.get("/demands/<uuid:demand_id>/matches")
@requires("demand.read")
def show(demand_id: UUID) -> str:
    """The newest list of a demand, twenty places a page."""
    notice_unknown("page")
    demand = access.own_demand_in_full(db, current_user, demand_id)
    found = access.newest_match_list(db, demand)
    if found is None:
        return render_template("matches/none.html", demand=demand)
    ranked = found.considered - len(found.excluded)
    pages = max(1, -(-ranked // PAGE_SIZE))
    page = page_number(pages)
    places = access.matches_of(db, found, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    return render_template(
        "matches/show.html",
        demand=demand,
        found=found,
        ranked=ranked,
        page=page,
        pages=pages,
        places=[_place(match, found.weights) for match in places],
        causes=_causes(found, demand),
        stale=_stale(found, demand),
        edition=editions.by_version(db, found.weights),
        fit_headings=weights.HEADINGS,
        synthetic=access.synthetic_listings(db, _named(places, found)),
        reasons_shown=REASONS_SHOWN,
        now=now(),
    )


@bp.post("/demands/<uuid:demand_id>/matches")
@requires("demand.match")
def compute(demand_id: UUID) -> Response:
    """Rank the store anew for an open demand."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    demand = access.own_demand_in_full(db, current_user, demand_id)
    found = plants.match_again(db, search_engine(), demand, today())
    target = once.remember(url_for(".show", demand_id=demand_id))
    audit.commit("demand.match", found, demand=demand.public_id)
    flash(_("지금 공개된 솔루션으로 다시 계산했어요."), "success")
    return redirect(target, 303)


def _place(match: Match, version: str) -> dict[str, Any]:
    """A stored place as its card shows it; `score` has the names of `matching.scoring.score.Score`."""
    counted = [part for part in match.parts if part["state"] in ("known", "unknown_offer")]
    pros, cons = _sides(match)
    whys: dict[str, list[str]] = {}
    for reason in match.reasons:
        whys.setdefault(reason["axis"], []).append(reasons.reason(reason["code"], reason["params"]))
    return {
        "rank": match.rank,
        "listing": match.listing,
        "card": match.card,
        "first_year_amount": None if match.card["plan"] is None else first_year_amount(match.card["plan"]),
        "pros": pros,
        "cons": cons,
        "whys": whys,
        "score": {
            "version": version,
            "fit": match.fit,
            "shown_fit": sum(part["shown_points"] for part in match.parts),
            "parts": match.parts,
            "denominator": sum(part["weight"] for part in counted),
            "policy_term": int(match.policy) if match.policy == int(match.policy) else match.policy,
            "text_term": match.text,
            "order_value": match.fit + match.policy + match.text,
        },
    }


def _sides(match: Match) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Sentences with their tones: what speaks for the listing by points brought, what does not by points lost.

    What the demand does not state is the same for every listing: it stands in the table only.
    """
    parts = {part["axis"]: part for part in match.parts}
    said = [row for row in match.reasons if not row["code"].endswith(".unstated")]
    pros = sorted(
        (row for row in said if row["sign"] == "for"), key=lambda row: -parts[row["axis"]]["points"]
    )
    cons = sorted(
        (row for row in said if row["sign"] != "for"),
        key=lambda row: parts[row["axis"]]["points"] - parts[row["axis"]]["share"],
    )
    return [_said(row, parts) for row in pros], [_said(row, parts) for row in cons]


def _said(reason: Mapping[str, Any], parts: Mapping[str, Mapping[str, Any]]) -> tuple[str, str]:
    if reason["sign"] == "for":
        tone = "good"
    else:
        nothing = reason["sign"] == "against" and not parts[reason["axis"]]["value"]
        tone = "bad" if nothing else "warn"
    return tone, reasons.reason(reason["code"], reason["params"])


def _causes(found: MatchList, demand: Demand) -> list[dict[str, Any]]:
    """Left-out listings by their first cause, with the nearest way back."""
    causes = []
    for row in matchmaking.by_cause(found.excluded):
        rows = [left for left in found.excluded if left["code"] == row["code"]]
        named = [
            {**left, "whys": [reasons.exclusion(code, left["params"][code]) for code in left["codes"]]}
            for left in rows[:NAMED_A_CAUSE]
        ]
        only = [left["params"][row["code"]] for left in rows if left["codes"] == [row["code"]]]
        back, act = (
            _way_back(row["code"], only, demand) if only else (_("모두 다른 이유도 함께 있어요."), None)
        )
        causes.append({**row, "named": named, "back": back, "act": act if demand.state == OPEN else None})
    return causes


def _way_back(
    code: str, only: Sequence[Mapping[str, Any]], demand: Demand
) -> tuple[str, tuple[str, str] | None]:
    """What would bring back those that have no other cause, in words, and where to do it."""
    edit = url_for("demands.edit", demand_id=demand.public_id)
    site = url_for(
        "sites.edit", site_id=demand.site.public_id, next=url_for(".show", demand_id=demand.public_id)
    )
    match code:
        case "price_over_budget":
            needed = min(params["budget_needed_amount"] for params in only)
            n = sum(params["budget_needed_amount"] == needed for params in only)
            words = ngettext(
                "예산을 %(amount)s까지 늘리면 %(num)s개가 들어와요.",
                "예산을 %(amount)s까지 늘리면 %(num)s개가 들어와요.",
                n,
                amount=formats.won(needed, locale()),
            )
            return words, (_("예산 바꾸기"), f"{edit}#f-budget_amount")
        case "must_capability":
            return _lighter_must(only), (_("필요한 역량 바꾸기"), f"{edit}#needs")
        case "level":
            n = len(only)
            words = ngettext(
                "이 이유로만 빠진 후보가 %(num)s개예요. 공장 수준이 바뀌면 들어와요.",
                "이 이유로만 빠진 후보가 %(num)s개예요. 공장 수준이 바뀌면 들어와요.",
                n,
            )
            return words, (_("공장 수준 확인"), f"{site}#level-h")
        case _:
            words = ngettext(
                "이 이유로만 빠진 후보가 %(num)s개예요.", "이 이유로만 빠진 후보가 %(num)s개예요.", len(only)
            )
            return words, None


def _lighter_must(only: Sequence[Mapping[str, Any]]) -> str:
    """Which single must, made nice, brings back the most of those that lack nothing else."""
    singles = Counter(params["capabilities"][0] for params in only if len(params["capabilities"]) == 1)
    if not singles:
        n = len(only)
        return ngettext(
            "이 이유로만 빠진 후보가 %(num)s개예요. 역량이 둘 이상 모자라요.",
            "이 이유로만 빠진 후보가 %(num)s개예요. 역량이 둘 이상 모자라요.",
            n,
        )
    code, n = min(singles.items(), key=lambda item: (-item[1], item[0]))
    return ngettext(
        "‘%(name)s’ 조건을 있으면 좋음으로 바꾸면 %(num)s개가 들어와요.",
        "‘%(name)s’ 조건을 있으면 좋음으로 바꾸면 %(num)s개가 들어와요.",
        n,
        name=term_name("capability", code),
    )


def _stale(found: MatchList, demand: Demand) -> str:
    """ "" while the list holds; "catalogue" or "need" when the store or our own facts are newer than it."""
    if demand.state != OPEN:
        return ""
    need = asdict(matchmaking.need_of(db, demand, today()))
    if json.loads(json.dumps(need, default=sorted)) != found.need:
        return "need"
    return "catalogue" if found.revision < counters.current(db, counters.CATALOG) else ""


def _named(places: Sequence[Match], found: MatchList) -> list[str]:
    """Ids of every listing that the page names."""
    left: Counter[str] = Counter()
    named = [match.listing for match in places]
    for row in found.excluded:
        left[row["code"]] += 1
        if left[row["code"]] <= NAMED_A_CAUSE:
            named.append(row["listing"])
    return named
