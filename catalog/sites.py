"""Register and revise the factories of a manufacturer."""

from typing import TypedDict

from sqlalchemy.orm import Session

from catalog import codes, taxonomy
from catalog.errors import Invalid, Problem
from catalog.models import Organization, Site, SiteSystem, SiteTerm

MAX_SYSTEMS = 50


class SystemInUse(TypedDict):
    """A system that runs at the site; `capability` says what kind it is, if known."""

    name: str
    capability: str | None
    interfaces: list[str]


class SiteFields(TypedDict):
    """Everything that describes a site."""

    name: str
    industry: codes.IndustryKey
    region: str
    headcount: int
    processes: list[str]
    interfaces: list[str]
    systems: list[SystemInUse]


def register(session: Session, organization: Organization, fields: SiteFields) -> Site:
    """Add a site of `organization`.

    Raises:
        Invalid: unknown codes, each at its field.
    """
    _check(session, fields)
    site = Site(organization=organization)
    _fill(site, fields)
    session.add(site)
    return site


def revise(session: Session, site: Site, fields: SiteFields) -> None:
    """Replace the description of a site; lists computed earlier keep what they saw.

    Raises:
        Invalid: unknown codes, each at its field.
    """
    _check(session, fields)
    _lock(session, site)
    site.terms.clear()
    site.systems.clear()
    session.flush()  # the old terms must be gone before the same codes come again
    _fill(site, fields)


def _lock(session: Session, site: Site) -> None:
    """Two revisions at once would both clear and refill the site's rows."""
    session.refresh(site, attribute_names=["name"], with_for_update=True)


def _fill(site: Site, fields: SiteFields) -> None:
    site.name = fields["name"]
    site.industry_revision, site.industry_code = fields["industry"]["revision"], fields["industry"]["code"]
    site.region = fields["region"]
    site.headcount = fields["headcount"]
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
        )
        for i, system in enumerate(fields["systems"])
    )


def _check(session: Session, fields: SiteFields) -> None:
    problems = codes.unknown_industries(session, "industry", [fields["industry"]])
    problems = [Problem("industry/code", p.code, p.params) for p in problems]
    problems += [
        Problem("region", p.code, p.params)
        for p in codes.unknown_codes("region", "region", [fields["region"]])
    ]
    problems += codes.unknown_codes("processes", "process", fields["processes"])
    problems += codes.unknown_codes("interfaces", "interface", fields["interfaces"])
    for i, system in enumerate(fields["systems"]):
        problems += codes.unknown_codes(f"systems/{i}/interfaces", "interface", system["interfaces"])
        if system["capability"] is not None and taxonomy.find("capability", system["capability"]) is None:
            problems.append(
                Problem(f"systems/{i}/capability", "unknown_code", {"value": system["capability"]})
            )
    if problems:
        raise Invalid(problems)
