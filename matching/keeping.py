"""The facts of a list as JSON, and back: what a kept list needs to be computed again. Pure."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Protocol

from catalog.subsidy import Funder
from matching.scoring import editions, facts
from matching.scoring.weights import Weights

#: What a row of the excluded holds of the computation itself.
COMPUTED = frozenset({"code", "codes", "params"})


class KeptList(Protocol):
    """The facts that a kept list holds (`matching.models.MatchList`)."""

    need: Any
    excluded: Any
    weights: Any
    what_if: Any
    policy: Any
    day: Any
    revision: Any
    support: Any
    matches: Any


def plain(value: Any) -> Any:
    """Dataclasses as JSON: sets become sorted lists, tuples lists."""
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def need_of_list(kept: Mapping[str, Any]) -> facts.Need:
    """The need as a kept list wrote it down, as the scorer takes it.

    Raises:
        KeyError, TypeError, ValueError: what was kept is no need; somebody changed it.
    """
    return facts.Need(
        requirements=tuple(facts.Requirement(**requirement) for requirement in kept["requirements"]),
        level=kept["level"],
        target_level=kept["target_level"],
        industry=None if kept["industry"] is None else (kept["industry"][0], kept["industry"][1]),
        region=kept["region"],
        connections=tuple(frozenset(system) for system in kept["connections"]),
        budget_amount=kept["budget_amount"],
        weeks_left=kept["weeks_left"],
        partners=tuple(_partner(row) for row in kept.get("partners", ())),
        industry_prior=kept.get("industry_prior"),
        programme=kept.get("programme"),
        funders=tuple(Funder(**row) for row in kept.get("funders", ())),
    )


def what_if(weights: Weights) -> dict[str, Any]:
    """Weights that somebody tried out, as a list keeps them."""
    kept: dict[str, Any] = plain(editions.parts_of(weights))
    return kept


def weights_of(version: str, kept: Mapping[str, Any]) -> Weights:
    """The weights that `what_if` wrote down."""
    parts = editions.Parts(kept["axis"], tuple(kept["not_in_use"]), kept["text_weight"], kept["policy_term"])
    return editions.weights(version, parts)


def digest_of(kept: KeptList) -> str:
    """SHA-256 of the facts of a list in canonical JSON, 64 hexadecimal digits: the need, of every listing looked at
    its release, what counted beside it and what is shown of it, the weights, the support rules, the catalogue's
    revision, the day. Scores are computed from them and not in it."""
    places = [[match.listing, match.release, match.seen, match.card] for match in kept.matches]
    left = [
        [row["listing"], {name: value for name, value in row.items() if name not in COMPUTED}]
        for row in kept.excluded
    ]
    everything = {
        "need": kept.need,
        "offers": sorted(places + left, key=lambda row: str(row[0])),
        "weights": [kept.weights, kept.what_if, kept.policy],
        "support": kept.support,
        "revision": kept.revision,
        "day": None if kept.day is None else kept.day.isoformat(),
    }
    text = json.dumps(everything, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _partner(row: Mapping[str, Any]) -> facts.Partner:
    return facts.Partner(
        direction=row["direction"],
        basis=row["basis"],
        listings=frozenset(row["listings"]),
        systems=tuple(frozenset(system) for system in row["systems"]),
        kinds=tuple(row["kinds"]),
    )
