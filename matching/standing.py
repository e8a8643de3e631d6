"""How one vendor's public listings stand against one need: the same exclusions and scores as the need's own list.

Pure. A standing is kept as plain JSON beside the lead; it holds what the vendor may read and nothing of the demand
that its audience does not show: no budget, no region, no industry, no quality asked for, points in whole numbers only.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from matching.scoring import explain, score
from matching.scoring.facts import Need, Offer
from matching.scoring.weights import Weights
from matching.search.documents import Document

#: Parameters of an exclusion or a reason that are the vendor's own facts, or that every audience shows.
TOLD = frozenset({"capabilities", "capability", "level_from", "level_to", "install_weeks"})

Standing = dict[str, Any]


def standings(need: Need, offers: Iterable[tuple[Offer, Document]], edition: Weights) -> list[Standing]:
    """Every listing of one vendor against a need: those that fit first, by the order of the need's list.

    Returns:
        Rows of {"listing", "release", "title", "title_en", "card", "fit", "parts", "reasons", "codes", "told"}:
        `fit` is 0–100 as it is, None for a listing that is left out; `parts` has the nine axes with whole points;
        `codes` are the causes of an exclusion, `told` what may be said of each.
    """
    rows = [_standing(need, offer, document, edition) for offer, document in offers]
    return [row for _key, row in sorted(rows, key=lambda pair: pair[0])]


def _standing(
    need: Need, offer: Offer, document: Document, edition: Weights
) -> tuple[tuple[Any, ...], Standing]:
    row: Standing = {
        "listing": document.id,
        "release": document.release_number,
        "title": document.content["title"],
        "title_en": document.content["title_en"],
        "card": _card(document),
    }
    reason = score.exclusion(need, offer)
    if reason is not None:
        told = {code: _told(params) for code, params in reason.params.items()}
        left = {"fit": None, "parts": [], "reasons": [], "codes": list(reason.codes), "told": told}
        return (1, document.content["title"], document.id), {**row, **left}
    result = score.score(need, offer, edition)
    return (0, *score.order_key(result, document.id)), {
        **row,
        "fit": result.fit,
        "parts": [_part(part) for part in result.parts],
        "reasons": [_reason(said) for said in explain.explain(need, offer, result)],
        "codes": [],
        "told": {},
    }


def _part(part: score.Part) -> dict[str, Any]:
    """An axis in whole points: its exact value against a price we know would give the budget away."""
    share = max(round(part.share), part.shown_points)
    return {
        "axis": part.axis,
        "state": part.state,
        "weight": part.weight,
        "share": share,
        "shown_points": part.shown_points,
        "value": part.shown_points / share if share else 0.0,
    }


def _reason(said: explain.Reason) -> dict[str, Any]:
    return {"axis": said.axis, "sign": said.sign, "code": said.code, "told": _told(said.params)}


def _told(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if name in TOLD}


def _card(document: Document) -> dict[str, Any]:
    """What of a listing says nothing of who sells it."""
    content = document.content
    return {
        "kind": document.kind,
        "capabilities": list(content["capabilities"]),
        "level_from": content["level"]["from"],
        "level_to": content["level"]["to"],
        "install_weeks": content["install_weeks"],
        "price_band": document.price_band,
        "field_sites": document.field_sites,
        "test_reports": document.test_reports,
    }
