"""What the store says about a public release: how it is proved, its best result, what it costs. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from catalog import taxonomy
from catalog.bundle_states import BUNDLE
from catalog.content import Backing, first_year_amount
from catalog.models import Certificate, Organization, Release
from catalog.validation import certificates
from matching.scoring import facts
from matching.search import lending
from matching.search.lending import Proven

#: Kinds of evidence, strongest first; the first two are measured, the last is only said.
KINDS = ("field", "test_report", "claim")
ALL_MANUFACTURING = "C"


@dataclass(frozen=True, slots=True)
class Record:
    """One evidence record as frozen in the release, with its outcome and its periods as dates."""

    fields: Mapping[str, Any]
    improved: bool
    before: tuple[date, date] | None
    after: tuple[date, date] | None

    @property
    def kind(self) -> str:
        """One of `KINDS`."""
        return str(self.fields["kind"])


@dataclass(frozen=True, slots=True)
class Price:
    """One plan with what its first year costs by the list, in won without VAT; None when that cannot be told."""

    plan: Mapping[str, Any]
    first_year_amount: int | None

    @property
    def running_amount(self) -> int | None:
        """The first year's list price without the set-up, in won."""
        return None if self.first_year_amount is None else self.first_year_amount - self.plan["setup_amount"]


@dataclass(frozen=True)
class Card:
    """A public release as its card and its page show it.

    Attributes:
        standing: of the certificate today, "valid", "expired" or "lapsed".
        proven: how far it is proven; of a bundle as far as all its parts are.
        records: field proofs first, then test reports, then claims; in the vendor's order within a kind.
    """

    listing_id: str
    content: Mapping[str, Any]
    vendor: Organization
    certificate: Certificate
    standing: str
    proven: Proven
    records: tuple[Record, ...]
    prices: tuple[Price, ...]

    @property
    def measured(self) -> list[Record]:
        """What somebody measured: field proofs and test reports, failures included."""
        return [record for record in self.records if record.kind != "claim"]

    @property
    def claims(self) -> list[Record]:
        """What the vendor only says."""
        return [record for record in self.records if record.kind == "claim"]

    @property
    def improved(self) -> int:
        """How many measured records got better."""
        return sum(record.improved for record in self.measured)

    @property
    def test_reports(self) -> int:
        """How many test reports there are, as the search counts them."""
        return self.proven.test_reports

    @property
    def field_sites(self) -> int:
        """Different sites with field evidence, as the search counts them."""
        return self.proven.field_sites

    @property
    def is_bundle(self) -> bool:
        """Whether it is made of several listings."""
        return str(self.content["kind"]) == BUNDLE

    @property
    def best(self) -> Record | None:
        """The record that stands for the release: of its strongest kind the first that improved, else the first.

        A weaker kind never steps in for field proofs that all failed.
        """
        strongest = [record for record in self.records if record.kind == self.records[0].kind]
        return next((record for record in strongest if record.improved), strongest[0] if strongest else None)

    @property
    def cheapest(self) -> Price | None:
        """The plan with the lowest first-year list price; None when no plan tells."""
        known = [
            (p.first_year_amount, i) for i, p in enumerate(self.prices) if p.first_year_amount is not None
        ]
        return self.prices[min(known)[1]] if known else None

    @property
    def leaves_on(self) -> date:
        """The last day on which the listing is shown unless it is validated again."""
        return self.certificate.expires_on + timedelta(days=certificates.GRACE_DAYS)

    @property
    def is_nationwide(self) -> bool:
        """Whether every province is served."""
        return is_nationwide(self.content)

    @cached_property
    def unproved_capabilities(self) -> list[str]:
        """Capabilities outside the certificate's scope: nothing but the vendor's word."""
        proved = set(self.certificate.scope["capabilities"])
        return [code for code in self.content["capabilities"] if code not in proved]

    @cached_property
    def unproved_industries(self) -> list[Mapping[str, str]]:
        """Claimed industries in which nothing was measured; all manufacturing is always wider than what was."""
        measured = [industry["code"] for industry in self.certificate.scope["industries"]]
        return [
            industry
            for industry in self.content["industries"]
            if industry["code"] == ALL_MANUFACTURING
            or not any(code.startswith(industry["code"]) for code in measured)
        ]


def is_nationwide(content: Mapping[str, Any]) -> bool:
    """Whether what a listing says of itself names every province."""
    return len(set(content["regions"])) == len(taxonomy.terms("region"))


def card(release: Release, today: date, backing: Backing = ()) -> Card:
    """Read a release that was fetched for the public; `backing` is what a bundle's parts bear out."""
    content = release.content
    records = [_record(fields) for fields in content["evidence"]]
    return Card(
        listing_id=release.listing.public_id,
        content=content,
        vendor=release.listing.organization,
        certificate=release.certificate,
        standing=certificates.standing_of(release, today),
        proven=lending.proven(content["evidence"], backing),
        records=tuple(sorted(records, key=lambda record: KINDS.index(record.kind))),
        prices=tuple(Price(plan, first_year_amount(plan)) for plan in content["plans"]),
    )


def shown(releases: Sequence[Release], today: date, backing: Mapping[str, Backing]) -> list[Card]:
    """The cards of those releases that the store still shows: 90 days after its certificate's end one is gone.

    Args:
        backing: of bundles, by their listing (`access.backing_of`).
    """
    found = [card(release, today, backing.get(release.listing.public_id, ())) for release in releases]
    return [one for one in found if one.standing != "lapsed"]


def _record(fields: Mapping[str, Any]) -> Record:
    return Record(
        fields=fields,
        improved=facts.improved(fields["direction"], fields["baseline"], fields["after"]) is True,
        before=_period(fields, "baseline"),
        after=_period(fields, "after"),
    )


def _period(fields: Mapping[str, Any], name: str) -> tuple[date, date] | None:
    first, last = fields[f"{name}_from"], fields[f"{name}_to"]
    return None if first is None or last is None else (date.fromisoformat(first), date.fromisoformat(last))
