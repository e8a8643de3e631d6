"""From the working copy to the store: put before the vendors, hand to the desk once all have signed, sell, withdraw.

What is sold is always a version that everybody signed. Before it is handed in, and again when it is approved, its hash,
its consents and its parts are looked at anew.
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import clock, listings, publishing
from catalog.alliances import standing
from catalog.bundle_states import BUNDLE, CARRIED, GIVEN, SIGNED
from catalog.bundles import checks, drafting, face, knowing, parts, problems, signing
from catalog.bundles import form as forms
from catalog.bundles.form import Form
from catalog.bundles.knowing import Releases
from catalog.canonical import fingerprint
from catalog.errors import Conflict, Invalid, NotFound, Problem
from catalog.models import Alliance, Bundle, BundleVersion, Organization, Release, Review
from catalog.models.review import WAITING
from catalog.publishing_states import EDITABLE, PUBLISHED, SUBMITTED, WITHDRAWN
from catalog.validation import rules

#: Fields of the listing that stand among the bundle's texts; what else a rule finds wrong lies in the parts.
_TEXTS = frozenset(listings.TEXT_FIELDS)


def send(
    session: Session,
    bundle: Bundle,
    today: date,
    *,
    days: int = signing.USUAL_DAYS,
    expected: int | None = None,
) -> BundleVersion:
    """Put the working copy before its vendors, if it could stand in the store.

    Args:
        expected: number of the working copy that was read; None: whichever it is.

    Raises:
        Conflict, Invalid: as `signing.send`. Conflict also when the working copy is another one by now, Invalid where
            the texts or the parts break a rule of the listings, so that nobody signs what the desk could not take.
    """
    signing.lock(session, bundle)
    if expected is not None:
        drafting.require_number(bundle, expected)
    standing.require_alive(bundle.alliance, ("active",))
    form = drafting.working_copy(bundle)
    bundle.draft = forms.plain(form)
    facts = knowing.facts_of(session, form, bundle.alliance, today, substitutes=False)
    if not problems.of(form):
        unfinished = unpresentable(form, knowing.releases_of(session, form))
        if unfinished:
            raise Invalid(unfinished)
    return signing.send(session, bundle, facts, days=days)


def publish(session: Session, version: BundleVersion, now: datetime) -> None:
    """Write the listing from a version that all have signed, and hand it to the review desk.

    Raises:
        Conflict: it is not signed by all, was handed in already, or something stands in its way (`require_sound`).
        Invalid: a rule of the listings is broken.
    """
    bundle = version.bundle
    signing.lock(session, bundle)
    form = require_sound(session, version, clock.day_of(now))
    listing = bundle.listing
    publishing.lock(session, listing)
    if listing.state == SUBMITTED:
        raise Conflict("bundle.submitted")
    if listing.state in (PUBLISHED, WITHDRAWN):
        publishing.reopen(session, listing, of_bundle=True)
    lead = session.scalars(select(Organization).where(Organization.public_id == form.lead)).one()
    listing.organization = lead
    fields = face.fields(form, knowing.releases_of(session, form))
    listings.revise(session, listing, fields, of_bundle=True)
    session.flush()
    findings = publishing.submit(session, listing, now, of_bundle=True)
    if not rules.is_complete(findings):
        raise Invalid(_as_problems(findings))


def take_effect(session: Session, release: Release, now: datetime) -> BundleVersion:
    """The desk has approved a bundle's listing: from now on its version is sold, the one before no longer.

    Raises:
        Conflict: the version was taken back, or something stands in its way by now. NotFound: there is no such bundle.
    """
    rows = select(Bundle).where(Bundle.listing_id == release.listing_id)
    bundle = session.scalars(rows).one_or_none()
    if bundle is None:
        raise NotFound
    signing.lock(session, bundle)
    version, before, today = bundle.open_version, bundle.in_force, clock.day_of(now)
    if version is None:
        raise Conflict("bundle.not_signed")
    require_sound(session, version, today)
    if before is not None:
        signing.move(before, "supersede", today)
        session.flush()  # one version is in force at a time
    signing.move(version, "publish", today)
    version.release = release.number
    bundle.listing.broken_on = bundle.looked_at = None
    session.flush()
    session.expire(bundle, ["versions"])
    return version


def withdraw(session: Session, bundle: Bundle, today: date) -> BundleVersion:
    """Take a bundle out of the store; a version that waits is taken back. Answers the one that was sold.

    Raises:
        Conflict: none is sold, or a validator judges another version of it.
    """
    signing.lock(session, bundle)
    sold, waits = bundle.in_force, bundle.open_version
    if sold is None:
        raise Conflict("bundle.not_in_force")
    if waits is not None:
        signing.take_back(session, waits, today)
    signing.move(sold, "withdraw", today)
    bundle.listing.broken_on = None
    listing = bundle.listing
    if listing.state in EDITABLE and listing.live_release is not None:
        publishing.drop(session, listing)
    if listing.live_release is not None:
        publishing.withdraw(session, listing, of_bundle=True)
    return sold


def end_all(session: Session, alliance: Alliance, today: date) -> list[Bundle]:
    """An alliance that is dissolved sells nothing and asks for no signature; answers what it sold.

    Raises:
        Conflict: a validator judges a version of one of its bundles.
    """
    sold: list[Bundle] = []
    for bundle in session.scalars(
        select(Bundle).where(Bundle.alliance_id == alliance.id).order_by(Bundle.id)
    ):
        if bundle.in_force is not None:
            withdraw(session, bundle, today)
            sold.append(bundle)
        elif bundle.open_version is not None:
            signing.take_back(session, bundle.open_version, today)
    return sold


def require_sound(session: Session, version: BundleVersion, today: date) -> Form:
    """A version that may be sold, read. The bundle is locked.

    Raises:
        Conflict: it is not signed by all (`bundle.<state>`), not what was signed (`bundle.altered`), a consent is
            missing or to something else (`bundle.consents`), another charter is in force (`bundle.charter`), the
            alliance is not active, or a conflict of `checks` stands in it (`bundle.conflicts`).
    """
    alliance = version.bundle.alliance
    standing.require_alive(alliance, ("active",))
    if version.state != SIGNED:
        raise Conflict(f"bundle.{version.state}")
    if fingerprint(version.content) != version.sha256:
        raise Conflict("bundle.altered")
    form = forms.read(version.content)
    if not _all_agreed(version, form):
        raise Conflict("bundle.consents")
    charter = alliance.charter
    if charter is None or charter.sha256 != form.charter_hash:
        raise Conflict("bundle.charter")
    facts = knowing.facts_of(session, form, alliance, today, substitutes=False)
    found = checks.obstacles(form, facts)
    if found:
        raise Conflict("bundle.conflicts", count=len(found))
    return form


def was_handed_in(bundle: Bundle) -> bool:
    """Whether a version of it lies on the review desk."""
    waits = bundle.open_version
    return waits is not None and waits.state == SIGNED and bundle.listing.state == SUBMITTED


def is_judged(session: Session, bundle: Bundle) -> bool:
    """Whether a validator has begun to judge a version of it: until the decision nothing of it is taken back."""
    waiting = select(Review.id).where(Review.listing_id == bundle.listing_id, Review.state == WAITING)
    return was_handed_in(bundle) and session.scalar(waiting) is None


def is_sold(bundle: Bundle) -> bool:
    """Whether buyers find it in the store."""
    return bundle.in_force is not None and bundle.listing.live_release is not None


def _all_agreed(version: BundleVersion, form: Form) -> bool:
    """Whether every vendor with a share agreed to exactly its part of this version."""
    given = {each.organization.public_id: each for each in version.consents}
    if {*given} != {rule.vendor for rule in form.rules}:
        return False
    return all(
        each.part_sha256 == parts.digest(form, vendor)
        and (each.state == CARRIED or (each.state == GIVEN and each.signed_sha256 == version.sha256))
        for vendor, each in given.items()
    )


def unpresentable(form: Form, releases: Releases) -> list[Problem]:
    """Return what the desk could not take: texts, and parts that cannot be sold to anybody together.

    The parts' own certificates are the checks' matter.
    """
    if any(item.listing not in releases for item in form.items):
        return []  # told by the checks as gone
    content = {"kind": BUNDLE, "evidence": [], **face.fields(form, releases)}
    findings = rules.check(content, organization_state="confirmed", backed=True)
    return [*face.problems(form, releases), *_as_problems(findings)]


def _as_problems(findings: list[rules.Finding]) -> list[Problem]:
    """Each at the field of the bundle that it comes from: its texts, or its parts."""
    return [
        Problem(f"texts/{each.pointer}" if each.pointer in _TEXTS else "items", each.code, each.params)
        for each in findings
        if each.severity == rules.REQUIRED
    ]
