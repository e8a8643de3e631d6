"""The bundles of the demo's alliances: drafted, signed, judged and sold through the domain, each on its days.

One waits for a signature, and one is broken: a part's certificate has ended since it was sold.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import listings
from catalog.alliances import membership
from catalog.alliances.charters import Signature
from catalog.alliances.founding import PartFields
from catalog.bundles import drafting, face, knowing, publishing, reopening, signing
from catalog.bundles import form as forms
from catalog.bundles.reading import ItemFields
from catalog.models import Alliance, Bundle, BundleVersion, Listing, Review
from catalog.models.review import WAITING
from catalog.validation import desk
from marketplace import audit
from marketplace.demo import naming, reviewing
from marketplace.demo.reviewing import Stage
from marketplace.demo.rounds import TODAY
from marketplace.demo.source import Country, Entry
from matching.models import Demand

#: Acts of bundles follow those of listings on the same day.
_MINUTE = 120


def put_together(session: Session, country: Country, stage: Stage, shown: list[Demand]) -> None:
    """Everything that the file says of bundles, some made for `shown` demands; then a look at all as of today."""
    told, signer = country.bundles, country.alliances["signer"]
    found = {row.name: row for row in session.scalars(select(Alliance).order_by(Alliance.id))}
    for entry in told["members"]:
        _join(session, found[entry["alliance"]], entry, stage, signer)
    demands = {demand.title: demand.public_id for demand in shown}
    made = [
        _Story(stage, told, entry, found[entry["alliance"]], signer).tell(
            demands[entry["demand"]] if "demand" in entry else None
        )
        for entry in told["bundles"]
    ]
    for bundle, entry in zip(made, told["bundles"], strict=True):
        reopening.look(session, bundle, naming.moment(TODAY))
        bundle.changed_at = naming.moment(entry["sent"], _MINUTE)
    session.flush()


def _join(session: Session, alliance: Alliance, entry: Entry, stage: Stage, signer: str) -> None:
    day = entry["day"]
    vendor = stage.vendors[entry["vendor"]]
    part = PartFields(role=entry["role"], role_en=entry["role_en"], capabilities=list(entry["capabilities"]))
    member = membership.invite(session, alliance, vendor, part, day)
    naming.give(member, naming.moment(day), alliance.name, vendor.name)
    audit.record(session, "alliance.invite", member, organization=vendor.public_id)
    sha256 = None if alliance.charter is None else alliance.charter.sha256
    membership.join(session, member, sha256, Signature(signer, "", naming.moment(day, 30)), day)
    audit.record(session, "alliance.join", member, sha256=sha256)
    session.flush()


class _Story:
    """One bundle from its beginning to today."""

    def __init__(self, stage: Stage, told: Entry, entry: Entry, alliance: Alliance, signer: str) -> None:
        self.stage, self.told, self.entry, self.alliance = stage, told, entry, alliance
        self.session, self.signer = stage.session, signer

    def tell(self, demand: str | None) -> Bundle:
        """Do everything, oldest first, for a demand (public id) or for nobody's."""
        bundle = self._begin(demand)
        version = self._send(bundle)
        self._sign(version)
        if "decided" in self.entry:
            self._sell(version)
        return bundle

    def _begin(self, demand: str | None) -> Bundle:
        entry, day = self.entry, self.entry["begun"]
        at = naming.moment(day, _MINUTE)
        texts = {name: entry[name] for name in listings.TEXT_FIELDS if name in entry}
        low, high = entry["level"]
        bundle = drafting.begin(
            self.session, self.alliance, texts, level_from=low, level_to=high, demand=demand
        )
        for row in (bundle, bundle.listing):
            naming.give(row, at, entry["title"])
        bundle.draft = {**bundle.draft, "bundle": bundle.public_id}
        self.session.flush()
        audit.record(self.session, "bundle.begin", bundle)
        wanted = [
            {"capability": code, "min_quality": quality, "must": True, "stage": stage}
            for code, quality, stage in entry["wanted"]
        ]
        changes: Any = {
            "wanted": wanted,
            "exchanges": entry["exchanges"],
            "items": [self._item(item) for item in entry["items"]],
            "discount_amount": entry["discount_amount"],
        }
        drafting.change(self.session, bundle, changes, 1, day)
        self.session.flush()
        audit.record(self.session, "bundle.change", bundle, parts=sorted(changes))
        return bundle

    def _item(self, item: Entry) -> ItemFields:
        listing = self.stage.listings[item["listing"]]
        plan = next(one for one in listing.plans if one.name == item["plan"])
        return ItemFields(
            id="",
            listing=listing.public_id,
            plan=plan.public_id,
            quantity=1,
            stage=item["stage"],
            covers=item["covers"],
            supports=[],
        )

    def _send(self, bundle: Bundle) -> BundleVersion:
        day = self.entry["sent"]
        version = publishing.send(self.session, bundle, day)
        naming.give(version, naming.moment(day, _MINUTE), self.entry["title"], str(version.number))
        self.session.flush()
        audit.record(self.session, "bundle.send", version, number=version.number, sha256=version.sha256)
        return version

    def _sign(self, version: BundleVersion) -> None:
        day: date = self.entry["signed"]
        signature = Signature(self.signer, "", naming.moment(day, _MINUTE))
        for consent in version.consents:
            if consent.organization.name not in self.entry["waits"]:
                hashes = {"sha256": version.sha256, "part_sha256": consent.part_sha256}
                signing.sign(self.session, version, consent.organization, signature, day, **hashes)
                audit.record(self.session, "bundle.sign", version, number=version.number, **hashes)
        self.session.flush()

    def _sell(self, version: BundleVersion) -> None:
        session, entry, title = self.session, self.entry, self.entry["title"]
        listing: Listing = version.bundle.listing
        at = naming.moment(entry["submitted"], _MINUTE)
        self._name_plans(version, listing, at)
        publishing.publish(session, version, at)
        audit.record(session, "bundle.publish", version, number=version.number, sha256=version.sha256)
        session.flush()
        review = session.scalars(
            select(Review).where(Review.listing_id == listing.id, Review.state == WAITING)
        ).one()
        naming.give(review, at, title, "1")
        validator, judge = reviewing.judge_in_turn(self.stage, review, title)
        desk.take(session, review, validator, judge, naming.moment(entry["taken"], _MINUTE))
        desk.score(session, review, self.told["points"])
        audit.record(session, "review.judge", review, step="take")
        at = naming.moment(entry["decided"], _MINUTE)
        certificate = desk.approve(
            session,
            review,
            judge,
            statement=self.told["statement"],
            expires_on=entry["expires"],
            now=at,
        )
        for row in (certificate, certificate.release):
            naming.give(row, at, title, "1")
        listing.updated_at = at
        audit.record(session, "review.judge", review, step="approve")

    def _name_plans(self, version: BundleVersion, listing: Listing, at: datetime) -> None:
        """Write the listing once before it is handed in: plans keep their names, and the review freezes them."""
        form = forms.read(version.content)
        fields = face.fields(form, knowing.releases_of(self.session, form))
        listings.revise(self.session, listing, fields, of_bundle=True)
        for place, plan in enumerate(listing.plans):
            plan.public_id = naming.public_id(at, "Plan", self.entry["title"], str(place))
        self.session.flush()
