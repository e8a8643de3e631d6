"""What the search index holds of a published release. Pure.

It is made of the release's frozen content, and of a bundle also of what its parts' releases bear out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from catalog.bundle_states import BUNDLE, SOLUTION
from catalog.content import Backing, Records, first_year_amount
from matching.search import lending
from matching.search.analyser import Analyser

#: A listing whose certificate has expired stays visible, marked, for this many days; then it is gone.
WITHDRAWN_AFTER_DAYS = 90
#: The divisions of section C of KSIC (revisions 10 and 11): a listing for "C" counts in every one of them.
MANUFACTURING_DIVISIONS = tuple(str(division) for division in range(10, 35))
#: Validation by the best evidence of the release; "expired" takes its place after the certificate's end.
VALIDATIONS = ("field", "test_report", "document", "expired")


@dataclass(frozen=True, slots=True)
class PriceBand:
    """A band of first-year list prices; a price is in the first band whose upper bound it does not exceed."""

    code: str
    #: whole won, inclusive; None: no upper bound
    upper_amount: int | None


PRICE_BANDS = (
    PriceBand("under_10m", 10_000_000),
    PriceBand("10m_30m", 30_000_000),
    PriceBand("30m_50m", 50_000_000),
    PriceBand("50m_100m", 100_000_000),
    PriceBand("over_100m", None),
)
#: The band of listings whose first-year price is not stated in any plan.
ON_REQUEST = "on_request"


@dataclass(frozen=True, slots=True)
class Document:
    """One listing as search knows it.

    Attributes:
        id: the listing's UUID as text.
        release_number: number of the release the content was frozen in.
        content: the frozen content; never changed.
        words, grams: the tokens of both fields, separated by spaces, as `analyser` (a stamp) made them.
        divisions: two-digit industries.
        levels: company levels 1–5 of the sites it serves, from what it needs to what it leads to.
        first_year_amount: whole won, the cheapest plan whose first year is known; None when none is.
        price_band: code of `PRICE_BANDS`, or `ON_REQUEST`.
        best_evidence: "field", "test_report" or "document"; `validation_on` adds the date. Of a bundle what all its
            parts have at the least, and so the next two.
        field_sites: different sites with field evidence, failures included.
        test_reports: number of test reports.
        vendor_capacity: projects a quarter that the vendor says it can start, 0–999; None when it says nothing.
        alliance: it is an alliance's bundle, so the policy term of a match applies.
        lent: records of its least proven part, which count in a match as its own.
        certificate_expires_on: the last day on which the certificate holds.
    """

    id: str
    vendor_id: str
    vendor_name: str
    release_number: int
    approved_on: date
    certificate_expires_on: date
    content: Mapping[str, Any] = field(hash=False)
    analyser: str
    words: str
    grams: str
    capabilities: frozenset[str]
    divisions: frozenset[str]
    levels: frozenset[int]
    regions: frozenset[str]
    first_year_amount: int | None
    price_band: str
    best_evidence: str
    field_sites: int
    test_reports: int
    vendor_capacity: int | None = None
    alliance: bool = False
    lent: Sequence[Mapping[str, Any]] = field(default=(), hash=False)

    @property
    def kind(self) -> str:
        """Return what is sold, "solution" or "bundle"."""
        return BUNDLE if self.alliance else SOLUTION

    def validation_on(self, today: date) -> str:
        """Return the value of the facet "validation" on a day, one of `VALIDATIONS`."""
        return "expired" if today > self.certificate_expires_on else self.best_evidence

    def is_visible_on(self, today: date) -> bool:
        """Say whether the listing is still shown: until 90 days after the certificate's last day."""
        return today <= self.certificate_expires_on + timedelta(days=WITHDRAWN_AFTER_DAYS)


def document_from_release(
    content: Mapping[str, Any],
    *,
    listing_id: str,
    vendor_id: str,
    vendor_name: str,
    release_number: int,
    approved_on: date,
    certificate_expires_on: date,
    analyser: Analyser,
    label: Callable[[str, str], str],
    vendor_capacity: int | None = None,
    backing: Backing = (),
) -> Document:
    """Make the document of a release from its frozen content.

    `label` gives the searchable names of (scheme, code). Not frozen but of today are `vendor_capacity`, and of a bundle
    `backing`: what its parts bear out.
    """
    tokens = analyser.document("\n".join(searchable_text(content, vendor_name, label)))
    amount = lowest_first_year_amount(content["plans"])
    return Document(
        id=listing_id,
        vendor_id=vendor_id,
        vendor_name=vendor_name,
        release_number=release_number,
        approved_on=approved_on,
        certificate_expires_on=certificate_expires_on,
        content=content,
        analyser=analyser.stamp(),
        words=" ".join(tokens.words),
        grams=" ".join(tokens.grams),
        **_facets(content),
        first_year_amount=amount,
        price_band=price_band(amount),
        **_proven(content["evidence"], backing),
        vendor_capacity=vendor_capacity,
        alliance=content.get("kind") == BUNDLE,
    )


def _proven(evidence: Records, backing: Backing) -> dict[str, Any]:
    proven = lending.proven(evidence, backing)
    return {
        "best_evidence": proven.best,
        "field_sites": proven.field_sites,
        "test_reports": proven.test_reports,
        "lent": lending.lent(backing),
    }


def _facets(content: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "capabilities": frozenset(content["capabilities"]),
        "divisions": divisions_of(industry["code"] for industry in content["industries"]),
        "levels": frozenset(range(content["level"]["from"], content["level"]["to"] + 1)),
        "regions": frozenset(content["regions"]),
    }


def searchable_text(
    content: Mapping[str, Any], vendor_name: str, label: Callable[[str, str], str]
) -> Iterable[str]:
    """Yield every text of a release that a search may find: words, vendor, names of codes."""
    for name in ("title", "title_en", "summary", "summary_en", "description", "description_en"):
        yield content[name]
    yield vendor_name
    for scheme, key in (
        ("capability", "capabilities"),
        ("process", "processes"),
        ("interface", "interfaces"),
    ):
        for code in content[key]:
            yield label(scheme, code)
    for industry in content["industries"]:
        yield label("ksic", industry["code"])


def lowest_first_year_amount(plans: Iterable[Mapping[str, Any]]) -> int | None:
    """Return the lowest first-year list price of the plans, in won; None when no plan tells."""
    amounts = [first_year_amount(plan) for plan in plans]
    return min((amount for amount in amounts if amount is not None), default=None)


def price_band(amount: int | None) -> str:
    """Return the code of the band of a first-year list price in won; `ON_REQUEST` for None."""
    if amount is None:
        return ON_REQUEST
    return next(band.code for band in PRICE_BANDS if band.upper_amount is None or amount <= band.upper_amount)


def divisions_of(codes: Iterable[str]) -> frozenset[str]:
    """Return the two-digit divisions of industry codes; "C", all of manufacturing, is every one of them."""
    found: set[str] = set()
    for code in codes:
        found.update(MANUFACTURING_DIVISIONS if code == "C" else (code[:2],))
    return frozenset(found)
