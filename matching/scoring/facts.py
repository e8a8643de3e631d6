"""What the fit score is computed from: the facts of one need and of one offer, and nothing else.

`None` and empty collections mean "not known", never "no". Levels are company levels 1–5.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from catalog.content import first_year_amount
from catalog.subsidy import Funder
from matching.scoring.formulas import MAX_QUALITY

#: (KSIC revision, code): "C" is all manufacturing, otherwise two to five digits.
Industry = tuple[str, str]
EvidenceKind = Literal["claim", "test_report", "field"]
PartnerDirection = Literal["supplier", "customer"]
PartnerBasis = Literal["confirmed", "declared"]

MAX_LEVEL = 5


@dataclass(frozen=True, slots=True)
class Requirement:
    """A capability that a site asks for; `min_quality` is 1–5 and binds hard when it is a must."""

    capability: str
    must: bool
    min_quality: int

    def __post_init__(self) -> None:
        _within("min_quality", self.min_quality, 1, MAX_QUALITY)


@dataclass(frozen=True, slots=True)
class Partner:
    """A trade partner of the site's company, as far as its systems are known. It has no name here.

    Attributes:
        direction: it sells to the company ("supplier") or buys from it ("customer").
        basis: both sides said so ("confirmed"), or the company alone ("declared").
        listings: public ids of the store's listings in use there.
        systems: the interfaces of each system in use there, one set a system.
        kinds: of each of `systems` what it is, a capability's code or "" when not stated; () says nothing of any.
    """

    direction: PartnerDirection
    basis: PartnerBasis
    listings: frozenset[str]
    systems: tuple[frozenset[str], ...]
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """What a site asks for.

    Attributes:
        level, target_level: company level 1–5 now and wanted; an unknown target means one level up.
        connections: the interfaces of each system in use, one set a system; an empty set is a system whose
            interfaces are unknown and does not count.
        budget_amount: whole won, ≥ 0.
        weeks_left: whole weeks from the day of the list to the deadline; below 0 when it has passed.
        partners: the trade partners of the site's company.
        industry_prior: KSIC division → 0–1, how strongly the site's division buys from or sells to it by the
            statistics of industries; None when they are not loaded, empty when they say nothing of its industry.
        programme: code or id of the support programme's rule that the demand names.
        funders: who pays with the company when a programme is named, in the order in which they pay.
    """

    requirements: tuple[Requirement, ...]
    level: int | None
    target_level: int | None
    industry: Industry | None
    region: str | None
    connections: tuple[frozenset[str], ...]
    budget_amount: int | None
    weeks_left: int | None
    partners: tuple[Partner, ...] = ()
    industry_prior: Mapping[str, float] | None = None
    programme: str | None = None
    funders: tuple[Funder, ...] = ()

    def __post_init__(self) -> None:
        _within("level", self.level, 1, MAX_LEVEL)
        _within("target_level", self.target_level, 1, MAX_LEVEL)
        _within("budget_amount", self.budget_amount, 0, None)


@dataclass(frozen=True, slots=True)
class PlanFact:
    """A way to buy the offer: first year's list price in whole won without VAT, quality 0–5 a capability."""

    id: str
    name: str
    first_year_amount: int | None
    quality: Mapping[str, int]

    def __post_init__(self) -> None:
        _within("first_year_amount", self.first_year_amount, 0, None)
        for value in self.quality.values():
            _within("quality", value, 0, MAX_QUALITY)


@dataclass(frozen=True, slots=True)
class EvidenceFact:
    """One published record.

    Attributes:
        industry: industry of the site it was measured at.
        improved: did the figure get better in its direction; None when that cannot be told.
        site: key that is equal for records of one site; "" when the site's profile is incomplete.
    """

    kind: EvidenceKind
    industry: Industry | None
    improved: bool | None
    site: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a published listing offers.

    Attributes:
        listing: its public id; it counts only where a partner of the site uses this very listing.
        level_from, level_to: company level that a site needs at least, and that the listing leads to.
        capacity_per_quarter: projects that the vendor can start in a quarter.
        alliance: it is an alliance's bundle, so the policy term of the order applies.
    """

    listing: str
    level_from: int
    level_to: int
    industries: tuple[Industry, ...]
    interfaces: frozenset[str]
    regions: frozenset[str]
    plans: tuple[PlanFact, ...]
    evidence: tuple[EvidenceFact, ...]
    install_weeks: int | None
    certificate_valid: bool
    capacity_per_quarter: int | None = None
    alliance: bool = False

    def __post_init__(self) -> None:
        _within("level_from", self.level_from, 1, MAX_LEVEL)
        _within("level_to", self.level_to, 1, MAX_LEVEL)
        _within("install_weeks", self.install_weeks, 0, None)
        _within("capacity_per_quarter", self.capacity_per_quarter, 0, None)


def offer_from_content(
    content: Mapping[str, Any],
    *,
    listing: str,
    certificate_valid: bool,
    capacity_per_quarter: int | None = None,
    alliance: bool = False,
    lent: Sequence[Mapping[str, Any]] = (),
) -> Offer:
    """Read the facts of an offer out of a release's frozen content, and what its vendor states beside it.

    Args:
        lent: records of a bundle's part that count beside its own.

    Raises:
        ValueError: the level is not on the company scale, or a figure is out of its range.
        KeyError: the content lacks a field that every release has.
    """
    level = content["level"]
    if level["scale"] != "company_level":
        raise ValueError(
            f"listing {listing}: level on the scale {level['scale']!r}, expected 'company_level'"
        )
    return Offer(
        listing=listing,
        level_from=level["from"],
        level_to=level["to"],
        industries=tuple((row["revision"], row["code"]) for row in content["industries"]),
        interfaces=frozenset(content["interfaces"]),
        regions=frozenset(content["regions"]),
        plans=tuple(_plan(row) for row in content["plans"]),
        evidence=tuple(evidence_of(row) for row in (*content["evidence"], *lent)),
        install_weeks=content["install_weeks"],
        certificate_valid=certificate_valid,
        capacity_per_quarter=capacity_per_quarter,
        alliance=alliance,
    )


def improved(direction: str, baseline: str | None, after: str | None) -> bool | None:
    """Tell whether `after` is better than `baseline` in its direction ("lower" or "higher").

    Equal figures are no improvement. None when the direction or a finite figure is missing.
    """
    if baseline is None or after is None:
        return None
    try:
        change = Decimal(after) - Decimal(baseline)
    except InvalidOperation:
        return None
    if not change.is_finite() or direction not in ("lower", "higher"):
        return None
    return change < 0 if direction == "lower" else change > 0


def _plan(row: Mapping[str, Any]) -> PlanFact:
    return PlanFact(
        id=row["id"],
        name=row["name"],
        first_year_amount=first_year_amount(row),
        quality={entry["capability"]: entry["quality"] for entry in row["quality"]},
    )


def evidence_of(row: Mapping[str, Any]) -> EvidenceFact:
    """Read what counts of one record."""
    site = row["site"] or {}
    industry = site.get("industry")
    key = (industry["revision"], industry["code"]) if industry else None
    return EvidenceFact(
        kind=row["kind"],
        industry=key,
        improved=improved(row["direction"], row["baseline"], row["after"]),
        site=_site_key(key, site.get("region"), site.get("headcount")),
    )


def _site_key(industry: Industry | None, region: str | None, headcount: int | None) -> str:
    # Published records name no site, so its profile stands for it; half a profile could be any site.
    if industry is None or region is None or headcount is None:
        return ""
    return f"{industry[0]}:{industry[1]}|{region}|{headcount}"


def _within(name: str, value: int | None, low: int, high: int | None) -> None:
    if value is not None and (value < low or (high is not None and value > high)):
        raise ValueError(f"{name} is {value}, expected {low} {'or more' if high is None else f'to {high}'}")
