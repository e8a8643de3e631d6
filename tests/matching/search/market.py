"""Catalogues and demands drawn at random, through frozen content as the product stores it."""

from dataclasses import replace

from hypothesis import strategies as st

from tests.matching.scoring import cases
from tests.matching.search.factories import document, listing_id

TITLES = st.lists(
    st.sampled_from(["용접", "검사", "예지보전", "시스템", "robot", "MES", "5G"]), max_size=4
).map(" ".join)
DAYS_LEFT = st.sampled_from([-95, -1, 0, 30, 30, 30])


def content_of(offer):
    """The parts of a release's content that the offer tells."""
    return {
        "level": {"scale": "company_level", "from": offer.level_from, "to": offer.level_to},
        "industries": [{"revision": revision, "code": code} for revision, code in offer.industries],
        "interfaces": sorted(offer.interfaces),
        "regions": sorted(offer.regions),
        "install_weeks": offer.install_weeks,
        "plans": [_plan(plan) for plan in offer.plans],
        "evidence": [_record(record) for record in offer.evidence],
        "capabilities": sorted({code for plan in offer.plans for code in plan.quality}),
    }


def _plan(plan):
    return {
        "id": plan.id,
        "name": plan.name,
        "kind": "one_off",
        "price_amount": plan.first_year_amount,
        "setup_amount": 0,
        "quality": [{"capability": code, "quality": q} for code, q in plan.quality.items()],
    }


def _record(record):
    after = {True: "1", False: "3", None: None}[record.improved]
    revision, code = record.industry or ("", "")
    profile, region, headcount = (
        record.site.split("|") if "|" in record.site else ("", "busan", record.site[1:])
    )
    site = {
        "industry": {"revision": revision, "code": code} if record.industry else None,
        "region": region if profile or record.site else None,
        "headcount": int(headcount or 0) if record.site else None,
    }
    return {"kind": record.kind, "direction": "lower", "baseline": "2", "after": after, "site": site}


def listed(number, offer, title, **changes):
    """A document that offers this; a bundle's records are those of a part."""
    content = content_of(offer)
    if offer.alliance:
        part = tuple(content["evidence"])
        content |= {"kind": "bundle", "evidence": []}
        changes["backing"] = (part,)
    made = document(number, title, **content, **changes)
    return replace(made, vendor_capacity=offer.capacity_per_quarter)


def _using_listings(need):
    """The same need, its partners using listings that catalogues have."""
    names = {"a": listing_id(0), "z": listing_id(3)}
    partners = tuple(
        replace(partner, listings=frozenset(names[name] for name in partner.listings))
        for partner in need.partners
    )
    return replace(need, partners=partners)


needs = cases.needs.map(_using_listings)
catalogues = st.lists(st.tuples(cases.offers, TITLES, DAYS_LEFT), max_size=12)
