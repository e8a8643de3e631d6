"""Bundles of listings that really stand in the store, made through the domain."""

from dataclasses import dataclass
from typing import Any

from catalog.alliances.charters import Signature
from catalog.bundles import drafting, publishing, signing
from catalog.bundles import form as forms
from catalog.models import Bundle, Listing
from tests import alliances, factories
from tests.factories import NOW, TODAY

SIGNER = Signature("김서명", "signer@example.com", NOW)
#: What each vendor brings, in order, and its price.
CAPABILITIES, PRICES = ("mes", "plm", "erp", "wms"), (40_000_000, 30_000_000, 20_000_000, 10_000_000)
#: What a bundle says of itself: long enough for the desk.
TEXTS = {
    "title": "현장 한 묶음",
    "title_en": "Plant bundle",
    "summary": "생산과 설계와 회계를 한 번에 들여옵니다.",
    "summary_en": "Production, design and accounting from one hand.",
    "description": "세 공급기업이 한 값으로 함께 공급하고, 대표 기업이 구매한 공장에 혼자 책임집니다. " * 3,
    "description_en": "Three vendors supply together at one price, and the lead answers to the buyer alone.",
}


@dataclass
class Shelf:
    """An active alliance whose members each have a public listing, and who may approve what it sells."""

    session: Any
    store: Any
    alliance: Any
    vendors: list
    validator: Any
    listings: list

    @property
    def lead(self):
        """Who runs the alliance and answers to the buyers."""
        return self.vendors[0]

    def items(self, **changes):
        """One item of each listing."""
        return [item(listing, **changes) for listing in self.listings]


def put_up(session, store, vendors, *, prices=PRICES, levels=(1, 2)):
    """A listing of each vendor in the store, in an alliance of all of them."""
    validator = factories.company(session, "validator")
    alliance = alliances.active(session, *vendors, capabilities=("mes",))
    listings = [
        publish(session, store, vendor, validator, capability, price, levels=levels)
        for vendor, capability, price in zip(vendors, CAPABILITIES, prices, strict=False)
    ]
    return Shelf(session, store, alliance, list(vendors), validator, listings)


def publish(session, store, vendor, validator, capability, price, *, levels=(1, 2), **changes):
    """A public listing that brings one capability."""
    parts = {
        "title": f"{vendor.name} {capability}",
        "capabilities": [capability],
        "interfaces": ["rest"],
        "level": {"scale": "company_level", "from": levels[0], "to": levels[1]},
        "plans": [factories.plan(capability, price=price)],
        **changes,
    }
    return factories.published(session, vendor, validator, store, **parts)


def item(listing, **changes):
    """A line of a working copy."""
    return {
        "id": "",
        "listing": listing.public_id,
        "plan": listing.plans[0].public_id,
        "quantity": 1,
        "stage": 1,
        "covers": listing.codes("capability"),
        "supports": [],
        **changes,
    }


def changes(shelf, **other):
    """A whole working copy of everything on the shelf."""
    codes = [listing.codes("capability")[0] for listing in shelf.listings]
    return {
        "wanted": [{"capability": code, "min_quality": 3, "must": True, "stage": 1} for code in codes],
        "exchanges": [[codes[0], code] for code in codes[1:]],
        "items": shelf.items(),
        **other,
    }


def drafted(shelf, **other) -> Bundle:
    """A bundle of everything on the shelf."""
    made = drafting.begin(shelf.session, shelf.alliance, TEXTS, level_from=1, level_to=2)
    shelf.session.flush()
    drafting.change(shelf.session, made, changes(shelf, **other), 1, TODAY)
    shelf.session.flush()
    return made


def form_of(bundle):
    """Its working copy."""
    return forms.read(bundle.draft)


def sign(session, version, vendor, today=TODAY):
    """A vendor agrees to what it was asked."""
    consent = next(each for each in version.consents if each.organization_id == vendor.id)
    hashes = {"sha256": version.sha256, "part_sha256": consent.part_sha256}
    return signing.sign(session, version, vendor, SIGNER, today, **hashes)


def signed(shelf, bundle, today=TODAY):
    """Put the working copy before its vendors; all of them sign."""
    version = publishing.send(shelf.session, bundle, today)
    shelf.session.flush()
    for consent in list(version.consents):
        if consent.state == "asked":
            sign(shelf.session, version, consent.organization, today)
    shelf.session.flush()
    return version


def sold(shelf, bundle=None, now=NOW):
    """A bundle that is in the store."""
    bundle = bundle or drafted(shelf)
    version = signed(shelf, bundle)
    publishing.publish(shelf.session, version, now)
    shelf.session.flush()
    approve(shelf, bundle.listing, now)
    return bundle


def approve(shelf, listing: Listing, now=NOW):
    """The desk approves what was handed in."""
    return factories.judged(shelf.session, listing, shelf.validator, now=now)
