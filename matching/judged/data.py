"""Read the judged pairs and the frozen facts beside this module."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from matching.scoring.facts import Need, Offer, Requirement, offer_from_content

MAX_GRADE = 3
REVISION = "11"

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Build:
    """One installation that was measured in the field, as a portal of public programmes would list it.

    Attributes:
        division: KSIC division of the plant.
        level: its company level then, None = not known.
        headcount: its people, None = not known.
        improved: the measured figure got better.
    """

    division: str | None
    level: int | None
    headcount: int | None
    improved: bool | None


@dataclass(frozen=True, slots=True)
class JudgedListing:
    """The frozen facts of one listing of the demo country; `offer.listing` is its title."""

    offer: Offer
    capabilities: frozenset[str]
    builds: tuple[Build, ...]


@dataclass(frozen=True, slots=True)
class JudgedDemand:
    """One demand with its judgements.

    Attributes:
        source: "demo", or the code of a published case.
        headcount: people at the site, None = not known.
        grades: title of a listing → 0 useless, 1 a small help, 2 worth a talk, 3 the first to call.
        reasons: title → why, in the words that an owner would use (Korean).
    """

    id: str
    source: str
    need: Need
    headcount: int | None
    grades: Mapping[str, int]
    reasons: Mapping[str, str]

    @property
    def held_out(self) -> bool:
        """Whether it belongs to the half that nobody tunes on: fixed by the hash of its id."""
        return int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % 2 == 1


@cache
def demands() -> tuple[JudgedDemand, ...]:
    """Every judged demand, in the order of the file."""
    return tuple(_demand(row) for row in _read("demands.yaml")["demands"])


@cache
def listings() -> Mapping[str, JudgedListing]:
    """Every judged listing by its title."""
    return {row["title"]: _listing(row) for row in _read("listings.yaml")["listings"]}


def _demand(row: Mapping[str, Any]) -> JudgedDemand:
    need = row["need"]
    return JudgedDemand(
        id=row["id"],
        source=row["source"],
        need=Need(
            requirements=tuple(
                Requirement(code, kind == "must", low) for code, kind, low in need["requirements"]
            ),
            level=need["level"],
            target_level=need["target_level"],
            industry=(need["industry"][0], need["industry"][1]),
            region=need["region"],
            connections=tuple(frozenset(system) for system in need["connections"]),
            budget_amount=need["budget_amount"],
            weeks_left=need["weeks_left"],
        ),
        headcount=row["headcount"],
        grades={title: grade for title, grade, _ in row["judged"]},
        reasons={title: reason for title, _, reason in row["judged"]},
    )


def _listing(row: Mapping[str, Any]) -> JudgedListing:
    content = {
        "level": {"scale": "company_level", "from": row["level"][0], "to": row["level"][1]},
        "industries": [{"revision": REVISION, "code": code} for code in row["industries"]],
        "interfaces": row["interfaces"],
        "regions": _every_region() if row["regions"] == "all" else row["regions"],
        "install_weeks": row["install_weeks"],
        "plans": [
            {
                **plan,
                "id": f"p{nth}",
                "quality": [
                    {"capability": code, "quality": value} for code, value in plan["quality"].items()
                ],
            }
            for nth, plan in enumerate(row["plans"])
        ],
        "evidence": [_record(record) for record in row["evidence"]],
    }
    offer = offer_from_content(content, listing=row["title"], certificate_valid=True)
    built = [record for record in row["evidence"] if record["kind"] == "field"]
    improved = [record.improved for record in offer.evidence if record.kind == "field"]
    return JudgedListing(
        offer,
        frozenset(row["capabilities"]),
        tuple(
            Build(record["industry"][:2], record["level"], record["headcount"], better)
            for record, better in zip(built, improved, strict=True)
        ),
    )


def _record(record: Mapping[str, Any]) -> dict[str, Any]:
    industry = {"revision": REVISION, "code": record["industry"]}
    site = {"industry": industry, "region": record["region"], "headcount": record["headcount"]}
    return {**{name: record[name] for name in ("kind", "direction", "baseline", "after")}, "site": site}


def _every_region() -> Sequence[str]:
    return sorted({demand.need.region for demand in demands() if demand.need.region})


def _read(name: str) -> dict[str, Any]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.load(text, Loader=_Loader)  # noqa: S506 (both are safe loaders)
    return document
