"""What the store knows today of the parts of a bundle, read in a few statements however many parts it has.

With substitutes it is told besides what members have in the store that could stand in a part's place.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from catalog import interop
from catalog.alliances import standing
from catalog.bundle_states import BUNDLE, IN_FORCE
from catalog.bundles import backing, face
from catalog.bundles import form as forms
from catalog.bundles.backing import Released
from catalog.bundles.facts import Facts, PartFacts, PlanFacts
from catalog.bundles.form import Form
from catalog.content import Backing, first_year_amount
from catalog.models import (
    Alliance,
    AllianceMember,
    Bundle,
    BundlePart,
    BundleVersion,
    Certificate,
    Listing,
    Organization,
    Release,
)

#: Capabilities of which a factory keeps one: two ledgers, two orders of work or two drawings of a part contradict each
#: other. The others may stand side by side (cameras, robots, sensors, advice). Our choice; no taxonomy marks them.
SYSTEMS_OF_RECORD = frozenset({"erp", "mes", "plm", "scm", "aps", "qms", "lims", "wms", "cmms"})
#: For each capability so many plans of members are told, the cheapest first: a fix shows three of them, some of which
#: are of the part that is to be replaced.
MOST_SUBSTITUTES = 12

Releases = Mapping[str, Mapping[str, Any]]


def facts_of(
    session: Session, form: Form, alliance: Alliance, today: date, *, substitutes: bool = True
) -> Facts:
    """Everything that a version is held against; three statements beside the alliance's members.

    Args:
        substitutes: whether members' other listings are told as well, which fixes need and mere checks do not.
    """
    least = {wanted.capability: wanted.min_quality for wanted in form.wanted}
    named = [item.listing for item in form.items]
    return facts_for(session, named, alliance, today, least=least if substitutes else None)


def facts_for(
    session: Session,
    listings: Collection[str],
    alliance: Alliance,
    today: date,
    *,
    least: Mapping[str, int] | None = None,
) -> Facts:
    """The same of listings by public id.

    Args:
        least: the quality that a substitute has to bring by capability, 1 of any other; None: no substitutes.
    """
    members = {
        member.organization_id: member for member in alliance.members if standing.stands(member, today)
    }
    found = _parts(session, listings, {} if least is None else members, today)
    parts = {name: _part(row, members.get(row.vendor_key)) for name, row in found.items()}
    offered = {
        name: part
        for name, part in parts.items()
        if part.is_member and not part.is_bundle and part.release is not None and _holds(part, today)
    }
    return Facts(
        today=today,
        parts=parts,
        exclusive=SYSTEMS_OF_RECORD,
        connectors=interop.connectors(session),
        conflicts=interop.conflicts(session, list(parts)),
        substitutes={} if least is None else _substitutes(offered, least),
    )


def releases_of(session: Session, form: Form) -> Releases:
    """By listing, the content of the release that each item names; one statement. One that is gone is missing."""
    named = {(item.listing, item.release) for item in form.items}
    rows = (
        select(Listing.public_id, Release.number, Release.content)
        .join(Release, Release.listing_id == Listing.id)
        .where(Listing.public_id.in_({listing for listing, _ in named}))
        .where(Release.number.in_({number for _, number in named}))
    )
    return {
        listing: content for listing, number, content in session.execute(rows) if (listing, number) in named
    }


def backing_of(session: Session, listings: Collection[str]) -> dict[str, Backing]:
    """By public id of a bundle's listing, what its parts bear out of the version that is sold; two statements at most.

    Listings that sell no bundle are left out.
    """
    if not listings:
        return {}
    sold = (
        select(Listing.public_id, BundleVersion.id, BundleVersion.content)
        .join(Bundle, Bundle.listing_id == Listing.id)
        .join(BundleVersion, (BundleVersion.bundle_id == Bundle.id) & (BundleVersion.state == IN_FORCE))
        .where(Listing.public_id.in_(listings))
    )
    found = {listing: (key, forms.read(content)) for listing, key, content in session.execute(sold)}
    released = _released(session, [key for key, _ in found.values()])
    return {listing: backing.backing(form, released.get(key, {})) for listing, (key, form) in found.items()}


def _released(session: Session, versions: Collection[int]) -> dict[int, dict[str, Released]]:
    """By version (key) and listing, the parts that are public."""
    rows = (
        select(BundlePart.version_id, Listing.public_id, Release.content, Certificate.scope)
        .join(Listing, Listing.id == BundlePart.listing_id)
        .join(Release, (Release.listing_id == Listing.id) & (Release.number == Listing.live_release))
        .join(Certificate, Certificate.release_id == Release.id)
        .where(BundlePart.version_id.in_(versions))
    )
    found: dict[int, dict[str, Released]] = defaultdict(dict)
    for version, listing, content, scope in session.execute(rows) if versions else ():
        found[version][listing] = content, scope
    return found


def _parts(
    session: Session, listings: Collection[str], members: Collection[int], today: date
) -> dict[str, Any]:
    """Rows of those listings, and of everything public and valid that those organizations (keys) have."""
    rows = (
        select(
            Listing.public_id,
            Listing.title,
            Listing.kind,
            Organization.id.label("vendor_key"),
            Organization.public_id.label("vendor"),
            Organization.capacity_per_quarter.label("capacity"),
            Release.number,
            Release.content,
            Release.content_hash,
            Certificate.expires_on,
        )
        .join(Organization, Organization.id == Listing.organization_id)
        .outerjoin(Release, (Release.listing_id == Listing.id) & (Release.number == Listing.live_release))
        .outerjoin(Certificate, Certificate.release_id == Release.id)
    )
    named = Listing.public_id.in_(listings)
    offered = Listing.organization_id.in_(members) & (Certificate.expires_on >= today)
    wanted = or_(named, offered & (Listing.kind != BUNDLE)) if members else named
    return {row.public_id: row for row in session.execute(rows.where(wanted))}


def _part(row: Any, member: AllianceMember | None) -> PartFacts:
    content = row.content or {"interfaces": [], "plans": [], "level": None}
    level = content["level"] or {"from": 1, "to": 1}
    return PartFacts(
        title=row.title if row.content is None else content["title"],
        vendor=row.vendor,
        is_bundle=row.kind == BUNDLE,
        release=row.number,
        release_hash=row.content_hash or "",
        certificate_until=row.expires_on,
        level_from=level["from"],
        level_to=level["to"],
        interfaces=frozenset(content["interfaces"]),
        plans={plan["id"]: _plan(plan) for plan in content["plans"]},
        is_member=member is not None,
        leaves_on=None if member is None else member.last_day,
        free_projects=row.capacity,
        industries=None if row.content is None else face.industries_of(content),
        regions=None if row.content is None else frozenset(content["regions"]),
    )


def _plan(plan: Mapping[str, Any]) -> PlanFacts:
    brings = {each["capability"]: each for each in plan["quality"] if each["quality"]}
    return PlanFacts(
        first_year_amount(plan),
        {capability: (each["quality"], each["basis"]) for capability, each in brings.items()},
    )


def _holds(part: PartFacts, today: date) -> bool:
    return part.certificate_until is not None and part.certificate_until >= today


def _substitutes(
    offered: Mapping[str, PartFacts], least: Mapping[str, int]
) -> dict[str, tuple[tuple[str, str, int], ...]]:
    """By capability the plans that bring it well enough, cheapest first."""
    found: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    plans_of = ((listing, *named) for listing, part in offered.items() for named in part.plans.items())
    for listing, name, plan in plans_of:
        for capability, (quality, _) in plan.quality.items():
            if plan.amount is not None and quality >= least.get(capability, 1):
                found[capability].append((plan.amount, listing, name))
    return {
        capability: tuple(
            (listing, name, amount) for amount, listing, name in sorted(plans)[:MOST_SUBSTITUTES]
        )
        for capability, plans in found.items()
    }
