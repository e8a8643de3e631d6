"""Bundles are held against the store again by themselves: every day, and whenever one of their parts changes.

What newly stands in the way of a version is told once. Where the vendors cannot bring what they signed, or it is not
validated any more, what is sold is broken: it stays to be seen, and is matched with nobody until it is mended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from catalog import clock, counters, publishing
from catalog.bundle_states import IN_FORCE, OPEN
from catalog.bundles import checks, knowing, signing
from catalog.bundles import form as forms
from catalog.bundles.checks import Finding
from catalog.models import Bundle, BundlePart, BundleVersion, Listing, ListingConflict

#: With one of these a version cannot be sold on. A newer edition or price of a part is none of them: vendors are bound
#: to the edition and the won that they signed, and the coordinator decides when to amend.
BREAKING = frozenset({"gone", "expired", "not_member", "conflict", "nested"})
_LIVE = (*OPEN, IN_FORCE)


@dataclass(frozen=True, slots=True)
class News:
    """What a look at a bundle brought to light in one version.

    Attributes:
        findings: conflicts that did not stand in it when it was looked at before.
        broke, mended: what is sold left the matches, or came back to them.
    """

    version: BundleVersion
    findings: tuple[Finding, ...]
    broke: bool = False
    mended: bool = False


def due(session: Session, today: date) -> list[int]:
    """Keys of bundles with a live version that were not looked at today, or of which a part changed since."""
    live = (BundleVersion.bundle_id == Bundle.id) & BundleVersion.state.in_(_LIVE)
    part_of = BundlePart.version_id == BundleVersion.id
    moved = exists(
        select(Listing.id).where(
            live, part_of, Listing.id == BundlePart.listing_id, Listing.revision > Bundle.looked_revision
        )
    )
    clashed = exists(
        select(ListingConflict.id).where(
            live,
            part_of,
            or_(
                BundlePart.listing_id == ListingConflict.one_id,
                BundlePart.listing_id == ListingConflict.other_id,
            ),
            ListingConflict.created_at > Bundle.looked_at,
        )
    )
    stale = or_(Bundle.looked_at.is_(None), Bundle.looked_at < _begin_of(today), moved, clashed)
    rows = select(Bundle.id).where(exists(select(BundleVersion.id).where(live)), stale)
    return list(session.scalars(rows.order_by(Bundle.id)))


def look(session: Session, bundle: Bundle, now: datetime) -> tuple[News, ...]:
    """Hold every live version against the store and note what stands in it; answers what is new."""
    signing.lock(session, bundle)
    today = clock.day_of(now)
    # Read first: what changes a part while it is looked at asks for another look.
    revision = counters.current(session, counters.CATALOG)
    found: list[News] = []
    for version in bundle.versions:
        if version.state in _LIVE:
            news = _looked(session, version, today)
            if news.findings or news.broke or news.mended:
                found.append(news)
    if bundle.in_force is None:
        bundle.listing.broken_on = None
    bundle.looked_at, bundle.looked_revision = now, revision
    turned = any(news.broke or news.mended for news in found)
    if bundle.listing.live_release is not None and (turned or _has_moved(session, bundle)):
        publishing.touch(session, bundle.listing)
    return tuple(found)


def conflicts_of(session: Session, version: BundleVersion, today: date) -> tuple[Finding, ...]:
    """What stands in the way of a version today."""
    form = forms.read(version.content)
    facts = knowing.facts_of(session, form, version.bundle.alliance, today, substitutes=False)
    return checks.obstacles(form, facts)


def noted(finding: Finding) -> dict[str, str]:
    """A conflict as a version keeps it: its content never changes, so the place names the line."""
    return {"code": finding.code, "pointer": finding.pointer}


def breaks(findings: Sequence[Finding]) -> bool:
    """Whether what was signed cannot be sold on."""
    return any(finding.code in BREAKING for finding in findings)


def _has_moved(session: Session, bundle: Bundle) -> bool:
    """Whether a part of what is sold changed after the bundle was numbered: the index holds what parts prove."""
    moved = (
        select(Listing.id)
        .join(BundlePart, BundlePart.listing_id == Listing.id)
        .join(BundleVersion, BundleVersion.id == BundlePart.version_id)
        .where(BundleVersion.bundle_id == bundle.id, BundleVersion.state == IN_FORCE)
        .where(Listing.revision > bundle.listing.revision)
    )
    return session.scalar(moved.limit(1)) is not None


def _looked(session: Session, version: BundleVersion, today: date) -> News:
    found = conflicts_of(session, version, today)
    known = version.conflicts
    new = tuple(finding for finding in found if noted(finding) not in known)
    version.conflicts = [noted(finding) for finding in found]
    if version.state != IN_FORCE:
        return News(version, new)
    bundle = version.bundle
    was, now = bundle.broken_on is not None, breaks(found)
    bundle.listing.broken_on = (bundle.broken_on or today) if now else None
    return News(version, new, broke=now and not was, mended=was and not now)


def _begin_of(today: date) -> datetime:
    return datetime.combine(today, time.min, clock.SEOUL)
