"""Register and revise the factories of a manufacturer. What a site does not state is stored as not known."""

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import codes, taxonomy
from catalog.errors import Invalid, Problem
from catalog.models import Listing, Organization, Site, SiteSystem, SiteTerm
from catalog.models.site import (
    FIRST_YEAR,
    HISTORIES,
    LAST_YEAR,
    MAX_SHIFTS,
    NETWORKS,
    RECORDS,
    RESIDENCIES,
    REVENUE_BANDS,
    STAFF,
)

MAX_SYSTEMS = 50
#: Facts that are one word of a closed set, or not known.
CHOICES = {
    "revenue_band": REVENUE_BANDS,
    "records": RECORDS,
    "history": HISTORIES,
    "staff": STAFF,
    "network": NETWORKS,
    "residency": RESIDENCIES,
}
#: Facts that are a whole number within bounds, or not known.
NUMBERS = {"shifts": (1, MAX_SHIFTS), "budget_year": (FIRST_YEAR, LAST_YEAR)}
#: What a system states besides its name, kind and interfaces: field → what stands there when it is not known.
SYSTEM_FACTS: dict[str, Any] = {
    "product": "",
    "vendor_name": "",
    "version": "",
    "in_use_since": None,
    "listing_id": None,
}


class SystemInUse(TypedDict):
    """A system that runs at the site; `capability` says what kind it is, if known.

    `in_use_since` is a month, "2021-03"; `listing_id` the public id of a listing of the store.
    """

    name: str
    capability: str | None
    interfaces: list[str]
    product: NotRequired[str]
    vendor_name: NotRequired[str]
    version: NotRequired[str]
    in_use_since: NotRequired[str | None]
    listing_id: NotRequired[str | None]


class SiteFields(TypedDict):
    """Everything that describes a site; a fact that is left out, or None, is not known (`catalog.models.site`)."""

    name: str
    industry: codes.IndustryKey
    region: str
    headcount: int
    processes: list[str]
    interfaces: list[str]
    systems: list[SystemInUse]
    products: NotRequired[str]
    shifts: NotRequired[int | None]
    revenue_band: NotRequired[str | None]
    records: NotRequired[str | None]
    history: NotRequired[str | None]
    staff: NotRequired[str | None]
    network: NotRequired[str | None]
    residency: NotRequired[str | None]
    budget_year: NotRequired[int | None]


def register(session: Session, organization: Organization, fields: SiteFields) -> Site:
    """Add a site of `organization`.

    Raises:
        Invalid: unknown codes, a listing that the store does not have, each at its field.
    """
    _check(session, fields, kept=frozenset())
    site = Site(organization=organization)
    _fill(site, fields)
    session.add(site)
    return site


def revise(session: Session, site: Site, fields: SiteFields) -> None:
    """Replace the description of a site; lists computed earlier keep what they saw.

    Raises:
        Invalid: as for `register`; a listing that the site named before may have left the store since.
    """
    _lock(session, site)
    _check(session, fields, kept=frozenset(system.listing_id for system in site.systems))
    site.terms.clear()
    site.systems.clear()
    session.flush()  # the old terms must be gone before the same codes come again
    _fill(site, fields)


def stated(site: Site) -> SiteFields:
    """The site as `revise` takes it: the way back."""
    facts = {name: getattr(site, name) for name in ("products", *CHOICES, *NUMBERS)}
    needed = {
        "name": site.name,
        "industry": {"revision": site.industry_revision, "code": site.industry_code},
        "region": site.region,
        "headcount": site.headcount,
        "processes": site.codes("process"),
        "interfaces": site.codes("interface"),
        "systems": [_system(system) for system in site.systems],
    }
    return cast(SiteFields, {**needed, **facts})


def _system(row: SiteSystem) -> SystemInUse:
    facts = {name: getattr(row, name) for name in ("name", "capability", *SYSTEM_FACTS)}
    return cast(SystemInUse, {**facts, "interfaces": list(row.interfaces)})


def _lock(session: Session, site: Site) -> None:
    """Two revisions at once would both clear and refill the site's rows: what is cleared is read after the lock."""
    session.refresh(site, attribute_names=["name"], with_for_update=True)
    session.expire(site, ["terms", "systems"])


def _fill(site: Site, fields: SiteFields) -> None:
    site.name = fields["name"]
    site.industry_revision, site.industry_code = fields["industry"]["revision"], fields["industry"]["code"]
    site.region = fields["region"]
    site.headcount = fields["headcount"]
    site.products = fields.get("products", "")
    for name in (*CHOICES, *NUMBERS):
        setattr(site, name, fields.get(name))
    site.terms.extend(
        SiteTerm(scheme=scheme, revision=taxonomy.current_revision(scheme), code=code)
        for scheme, given in (("process", fields["processes"]), ("interface", fields["interfaces"]))
        for code in codes.once(given)
    )
    site.systems.extend(
        SiteSystem(
            position=i,
            name=system["name"],
            capability=system["capability"],
            interfaces=codes.once(system["interfaces"]),
            **{name: system.get(name, unknown) for name, unknown in SYSTEM_FACTS.items()},
        )
        for i, system in enumerate(fields["systems"])
    )


def _check(session: Session, fields: SiteFields, kept: frozenset[str | None]) -> None:
    problems = codes.unknown_industries(session, "industry", [fields["industry"]])
    problems = [Problem("industry/code", p.code, p.params) for p in problems]
    problems += [
        Problem("region", p.code, p.params)
        for p in codes.unknown_codes("region", "region", [fields["region"]])
    ]
    problems += codes.unknown_codes("processes", "process", fields["processes"])
    problems += codes.unknown_codes("interfaces", "interface", fields["interfaces"])
    problems += [
        Problem(name, "choice")
        for name, options in CHOICES.items()
        if fields.get(name) is not None and fields.get(name) not in options
    ]
    for i, system in enumerate(fields["systems"]):
        problems += codes.unknown_codes(f"systems/{i}/interfaces", "interface", system["interfaces"])
        if system["capability"] is not None and taxonomy.find("capability", system["capability"]) is None:
            problems.append(
                Problem(f"systems/{i}/capability", "unknown_code", {"value": system["capability"]})
            )
    problems += _unknown_listings(session, fields["systems"], kept)
    if problems:
        raise Invalid(problems)


def _unknown_listings(
    session: Session, systems: Sequence[SystemInUse], kept: frozenset[str | None]
) -> list[Problem]:
    """A system may name what is public now, or what the site named before."""
    named = {system["listing_id"] for system in systems if system.get("listing_id")} - kept
    if not named:
        return []
    public = select(Listing.public_id).where(Listing.public_id.in_(named), Listing.live_release.is_not(None))
    strange = named - set(session.scalars(public))
    return [
        Problem(f"systems/{i}/listing_id", "unknown_code", {"value": system["listing_id"]})
        for i, system in enumerate(systems)
        if system.get("listing_id") in strange
    ]
