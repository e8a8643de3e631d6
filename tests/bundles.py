"""Bundles in tests, made through the domain."""

from dataclasses import replace
from datetime import timedelta

from catalog.bundle_states import BUNDLE
from catalog.bundles import form as forms
from catalog.bundles import signing
from catalog.bundles.facts import Facts, PartFacts, PlanFacts
from catalog.bundles.form import Duty, Form, Item, Wanted
from catalog.models import Bundle, Listing
from catalog.shares import Rule
from tests import factories
from tests.alliances import SIGNER

TODAY = factories.TODAY
#: What each vendor of a bundle brings, in order, and its list price.
CAPABILITIES, AMOUNT = ("mes", "plm", "erp", "wms"), 10_000_000


def form(alliance, *vendors, rules=None, **changes):
    """One item of each vendor, the first of them the lead; 90 % of the list price, the lead takes what is left."""
    ids = [vendor.public_id for vendor in vendors]
    items = [
        Item(
            id=f"i{nth}",
            vendor=vendor,
            listing=f"listing-{nth}",
            release=1,
            release_hash=f"{nth:064x}",
            plan="plan",
            quantity=1,
            stage=1,
            list_amount=AMOUNT,
            covers=(capability,),
        )
        for nth, (vendor, capability) in enumerate(zip(ids, CAPABILITIES, strict=False), start=1)
    ]
    made = Form(
        bundle="bundle",
        number=1,
        alliance=alliance.public_id,
        charter_hash="",
        lead=ids[0],
        texts={"title": "묶음", "title_en": "Bundle"},
        level_from=1,
        level_to=2,
        wanted=tuple(Wanted(item.covers[0], 3, must=True, stage=1) for item in items),
        exchanges=(),
        items=tuple(items),
        links=(),
        duties=tuple(Duty(each, 8, None if each == ids[0] else ids[0]) for each in ids),
        discount_amount=len(ids) * AMOUNT // 10,
        rules=rules or (Rule(ids[0], "remainder"), *(Rule(each, "fixed", 9_000_000) for each in ids[1:])),
    )
    return replace(made, **changes)


def facts(made, **changes):
    """What the store knows of a bundle's parts: everything as it should be."""
    parts = {
        item.listing: PartFacts(
            title=f"Product {item.id}",
            vendor=item.vendor,
            is_bundle=False,
            release=item.release,
            release_hash=item.release_hash,
            certificate_until=TODAY + timedelta(365),
            level_from=1,
            level_to=2,
            interfaces=frozenset({"rest"}),
            plans={
                "plan": PlanFacts(
                    item.list_amount, dict.fromkeys((*item.covers, *item.supports), (4, "document"))
                )
            },
            is_member=True,
        )
        for item in made.items
    }
    return replace(Facts(TODAY, parts), **changes)


def bundle(session, alliance, *vendors, **changes):
    """A bundle with a working copy."""
    made = form(alliance, *vendors, **changes)
    found = Bundle(
        alliance=alliance,
        listing=Listing(organization=vendors[0], kind=BUNDLE, title=made.texts["title"]),
        draft=forms.plain(made),
    )
    session.add(found)
    session.flush()
    return found


def change(made, **changes):
    """Another working copy."""
    made.draft = forms.plain(replace(forms.read(made.draft), **changes))


def with_item(made, number, **changes):
    """Another working copy with one item changed."""
    items = forms.read(made.draft).items
    change(made, items=tuple(replace(each, **changes) if each.id == f"i{number}" else each for each in items))


def sent(session, made, **options):
    """Put the working copy before the vendors."""
    version = signing.send(session, made, facts(forms.read(made.draft)), **options)
    session.flush()
    return version


def consent_of(version, vendor):
    """What a vendor was asked."""
    return next(each for each in version.consents if each.organization_id == vendor.id)


def sign(session, version, vendor, *, today=TODAY, **shown):
    """A vendor agrees to what it was shown."""
    hashes = {"sha256": version.sha256, "part_sha256": consent_of(version, vendor).part_sha256, **shown}
    return signing.sign(session, version, vendor, SIGNER, today, **hashes)
