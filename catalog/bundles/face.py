"""How a bundle stands in the store: the listing's fields, made of its version and of its parts' releases. Pure.

A bundle claims nothing that its parts do not: where all of them fit, what the item that answers for a capability
brings, at the price that everybody signed. Its own evidence is that of whole bundles alone, so at first it has none.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from catalog.bundles.form import Form
from catalog.errors import Problem

#: All of manufacturing.
EVERY_INDUSTRY = "C"

Content = Mapping[str, Any]
#: Revision of the classification, code.
Industry = tuple[str, str]


def fields(form: Form, releases: Mapping[str, Content]) -> dict[str, Any]:
    """Return the listing's fields (`listings.ListingChanges`).

    Args:
        releases: by listing, the content of the release that each item names.
    """
    contents = [releases[item.listing] for item in form.items]
    return {
        **dict(form.texts),
        "capabilities": sorted({capability for item in form.items for capability in item.covers}),
        "industries": common_industries(contents),
        "regions": common(contents, "regions"),
        "processes": united(contents, "processes"),
        "interfaces": united(contents, "interfaces"),
        "deployment": united(contents, "deployment"),
        "level": {"scale": "company_level", "from": form.level_from, "to": form.level_to},
        "install_weeks": install_weeks(form, releases),
        "plans": [plan(form, releases)],
    }


def plan(form: Form, releases: Mapping[str, Content]) -> dict[str, Any]:
    """Return the one plan: the price that was signed, each capability as the item that answers for it brings it."""
    quality = {
        each["capability"]: each
        for item in form.items
        for one in releases[item.listing]["plans"]
        if one["id"] == item.plan
        for each in one["quality"]
        if each["capability"] in item.covers
    }
    return {
        "name": "",
        "kind": "one_off",
        "price_amount": form.price_amount,
        "setup_amount": 0,
        "trial_days": None,
        "quality": [dict(quality[capability]) for capability in sorted(quality)],
    }


def install_weeks(form: Form, releases: Mapping[str, Content]) -> int | None:
    """Return how long all stages take one after the other, each as long as its slowest item; None if not known."""
    slowest: dict[int, int] = {}
    for item in form.items:
        weeks = releases[item.listing]["install_weeks"]
        if weeks is None:
            return None
        slowest[item.stage] = max(slowest.get(item.stage, 0), weeks)
    return sum(slowest.values())


def common_industries(contents: Sequence[Content]) -> list[dict[str, str]]:
    """Return the industries for which every part is meant: a class is meant where its group or all industry is."""
    narrowest = shared_industries([industries_of(content) for content in contents])
    return [{"revision": revision, "code": code} for revision, code in sorted(narrowest)]


def industries_of(content: Content) -> frozenset[Industry]:
    """Return the industries that a listing claims."""
    return frozenset((each["revision"], each["code"]) for each in content["industries"])


def shared_industries(claims: Sequence[frozenset[Industry]]) -> set[Industry]:
    """Return the industries that lie within a claim of each, the narrowest ones."""
    every = {claim for each in claims for claim in each}
    shared = {claim for claim in every if all(any(_within(claim, one) for one in each) for each in claims)}
    return shared - {(revision, EVERY_INDUSTRY) for revision, code in shared if code != EVERY_INDUSTRY}


def _within(claim: Industry, wider: Industry) -> bool:
    revision, code = claim
    return wider[1] == EVERY_INDUSTRY or (revision == wider[0] and code.startswith(wider[1]))


def common(contents: Sequence[Content], field: str) -> list[str]:
    """Return the codes that every part has."""
    one, *others = (set(content[field]) for content in contents)
    return sorted(one.intersection(*others))


def united(contents: Sequence[Content], field: str) -> list[str]:
    """Return the codes that any part has."""
    return sorted({code for content in contents for code in content[field]})


def problems(form: Form, releases: Mapping[str, Content]) -> list[Problem]:
    """Return why these parts cannot be sold to anybody together."""
    contents = [releases[item.listing] for item in form.items]
    found = [] if common_industries(contents) else [Problem("items", "no_common_industry")]
    return found if common(contents, "regions") else [*found, Problem("items", "no_common_region")]
