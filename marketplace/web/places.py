"""A stored list as people read it: each place with its sentences, what was left out, what is not known."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from catalog.content import first_year_amount
from marketplace import formats, wording
from marketplace.accounts.access import Place
from marketplace.extensions import locale
from marketplace.wording import flips, reasons, term_name
from matching import matchmaking, what_ifs
from matching.models import Demand, MatchList
from matching.models.demand import OPEN
from matching.scoring.weights import Weights

#: Left-out listings that are named a cause.
NAMED_A_CAUSE = 50
#: Ways back that a cause names.
WAYS_SHOWN = 3
#: Places that are asked whether another weight would bring them to the top.
RIVALS = 10
COUNTED = ("known", "unknown_offer")


def shown(place: Place, version: str, *, policy: bool = True) -> dict[str, Any]:
    """A stored place as its card shows it; `score` has the names of `matching.scoring.score.Score`."""
    match = place.match
    counted = [part for part in match.parts if part["state"] in COUNTED]
    term = match.policy if policy else 0.0
    pros, cons = _sides(match)
    whys: dict[str, list[str]] = {}
    for reason in match.reasons:
        whys.setdefault(reason["axis"], []).append(reasons.reason(reason["code"], reason["params"]))
    return {
        "rank": place.rank if policy else place.rank_without_policy,
        "rank_with": place.rank,
        "rank_without": place.rank_without_policy,
        "listing": match.listing,
        "shortlisted": place.shortlisted,
        "card": match.card,
        "first_year_amount": None if match.card["plan"] is None else first_year_amount(match.card["plan"]),
        "pros": pros,
        "cons": cons,
        "whys": whys,
        "unknown": [part for part in match.parts if part["state"] == "unknown_offer"],
        "score": {
            "version": version,
            "fit": match.fit,
            "shown_fit": sum(part["shown_points"] for part in match.parts),
            "parts": match.parts,
            "denominator": sum(part["weight"] for part in counted),
            "policy_term": int(term) if term == int(term) else term,
            "text_term": match.text,
            "order_value": match.fit + term + match.text,
        },
    }


def flip_of(places: Sequence[Place], edition: Weights) -> dict[str, Any] | None:
    """Which weight would bring another of the first places to the top, in words and as the weights to try."""
    first = [place.match for place in places[:RIVALS]]
    flip = what_ifs.nearest_flip(first, edition) if len(first) > 1 else None
    if flip is None:
        return None
    card = next(match.card for match in first if match.listing == flip.listing)
    return {
        "axis": wording.name("axis", flip.axis),
        "weight": flip.weight,
        "now": edition.axis[flip.axis],
        "card": card,
        "weights": {**edition.axis, flip.axis: flip.weight},
    }


def flips_of(found: MatchList) -> list[str]:
    """What else would cost the first place its place, in words."""
    revision = found.need["industry"][0] if found.need["industry"] else ""
    return [flips.flip(row, revision) for row in found.flips]


def causes(found: MatchList, demand: Demand) -> list[dict[str, Any]]:
    """Left-out listings by their first cause, with the ways back: "back" in words, "act" (words, where to do it for
    good), "tries" [(words, what to try out)]."""
    ways = matchmaking.ways_of(found)
    rows = []
    for row in matchmaking.by_cause(found):
        left = [out for out in found.excluded if out["code"] == row["code"]]
        named = [
            {**out, "whys": [reasons.exclusion(code, out["params"][code]) for code in out["codes"]]}
            for out in left[:NAMED_A_CAUSE]
        ]
        way = _way_back(row["code"], row["only"], ways.get(row["code"], []), demand)
        rows.append({**row, "named": named, **way})
        if demand.state != OPEN:
            rows[-1].update(act=None, tries=[])
    return rows


def not_known(places: Sequence[dict[str, Any]], demand: Demand) -> list[tuple[str, str]]:
    """Axes that our own side leaves open, alike for every listing: (name, where to say it)."""
    if not places:
        return []
    edit = url_for("demands.edit", demand_id=demand.public_id)
    back = url_for("matches.show", demand_id=demand.public_id)
    site = url_for("sites.edit", site_id=demand.site.public_id, next=back)
    where = {
        "maturity": f"{site}#level-h",
        "industry": site,
        "interfaces": site,
        "supply_chain": "/supply-chain",
    }
    return [
        (wording.name("axis", part["axis"]), where.get(part["axis"], edit))
        for part in places[0]["score"]["parts"]
        if part["state"] == "unknown_need"
    ]


def named(places: Sequence[Place], found: MatchList) -> list[str]:
    """Ids of every listing that the page names."""
    left: Counter[str] = Counter()
    ids = [place.match.listing for place in places]
    for row in found.excluded:
        left[row["code"]] += 1
        if left[row["code"]] <= NAMED_A_CAUSE:
            ids.append(row["listing"])
    return ids


def _sides(match: Any) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
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


def _way_back(code: str, only: int, ways: Sequence[Mapping[str, Any]], demand: Demand) -> dict[str, Any]:
    if not only:
        return {"back": _("모두 다른 이유도 함께 있어요."), "act": None, "tries": []}
    edit = url_for("demands.edit", demand_id=demand.public_id)
    back = url_for("matches.show", demand_id=demand.public_id)
    site = url_for("sites.edit", site_id=demand.site.public_id, next=back)
    match code:
        case "price_over_budget":
            return {**_budgets(ways), "act": (_("예산 바꾸기"), f"{edit}#f-budget_amount")}
        case "must_capability":
            return {**_musts(ways, only), "act": (_("필요한 역량 바꾸기"), f"{edit}#needs")}
        case "level":
            words = ngettext(
                "이 이유로만 빠진 후보가 %(num)s개예요. 공장 수준이 바뀌면 들어와요.",
                "이 이유로만 빠진 후보가 %(num)s개예요. 공장 수준이 바뀌면 들어와요.",
                only,
            )
            return {"back": words, "act": (_("공장 수준 확인"), f"{site}#level-h"), "tries": []}
        case _:
            words = ngettext(
                "이 이유로만 빠진 후보가 %(num)s개예요.", "이 이유로만 빠진 후보가 %(num)s개예요.", only
            )
            return {"back": words, "act": None, "tries": []}


def _budgets(ways: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Raises of the budget from the least on, each with how many it brings in all."""
    said = [
        ngettext(
            "예산을 %(more)s 늘리면 %(num)s개가 들어와요.",
            "예산을 %(more)s 늘리면 %(num)s개가 들어와요.",
            way["count"],
            more=formats.won(way["more_amount"], locale()),
        )
        for way in ways[:WAYS_SHOWN]
    ]
    tries = [
        (
            _("%(more)s 늘려서 보기", more=formats.won(way["more_amount"], locale())),
            {"budget_amount": way["budget_amount"]},
        )
        for way in ways[:WAYS_SHOWN]
    ]
    return {"back": " ".join(said), "tries": tries}


def _musts(ways: Sequence[Mapping[str, Any]], only: int) -> dict[str, Any]:
    """Single musts that would let listings in as nice ones, those that let in most first."""
    if not ways:
        words = ngettext(
            "이 이유로만 빠진 후보가 %(num)s개예요. 역량이 둘 이상 모자라요.",
            "이 이유로만 빠진 후보가 %(num)s개예요. 역량이 둘 이상 모자라요.",
            only,
        )
        return {"back": words, "tries": []}
    said = [
        ngettext(
            "‘%(name)s’ 조건을 있으면 좋음으로 바꾸면 %(num)s개가 들어와요.",
            "‘%(name)s’ 조건을 있으면 좋음으로 바꾸면 %(num)s개가 들어와요.",
            way["count"],
            name=term_name("capability", way["capability"]),
        )
        for way in ways[:WAYS_SHOWN]
    ]
    tries = [
        (
            _("‘%(name)s’ 조건 풀어서 보기", name=term_name("capability", way["capability"])),
            {"nice": way["capability"]},
        )
        for way in ways[:WAYS_SHOWN]
    ]
    return {"back": " ".join(said), "tries": tries}
