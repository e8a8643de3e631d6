"""Fetching what is public."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from catalog.bundle_states import BUNDLE
from catalog.bundles import knowing
from catalog.content import Backing
from catalog.errors import NotFound
from catalog.models import Certificate, Listing, Organization, Release
from marketplace.accounts.access.fetching import is_named, one


def vendor(session: Session, organization_id: UUID) -> Organization:
    """A vendor with something public in the store."""
    public = select(Listing.id).where(
        Listing.organization_id == Organization.id, Listing.live_release.is_not(None)
    )
    return one(session, select(Organization).where(is_named(Organization, organization_id), public.exists()))


def public_release(session: Session, listing_id: UUID) -> Release:
    """What the public sees of a listing."""
    return one(session, _public().where(is_named(Listing, listing_id)))


def public_releases(session: Session, listing_ids: list[str]) -> dict[str, Release]:
    """The public releases of those listings, by the listing's public id; two statements whatever their number."""
    rows = session.scalars(_public().where(Listing.public_id.in_(listing_ids)))
    return {release.listing.public_id: release for release in rows}


def public_releases_of(session: Session, organization: Organization) -> list[Release]:
    """Everything public of a vendor that was fetched by `vendor`, latest approval first."""
    rows = _public().where(Listing.organization_id == organization.id)
    return list(session.scalars(rows.order_by(Release.approved_at.desc(), Release.id.desc())))


def backing_of(session: Session, releases: Iterable[Release]) -> dict[str, Backing]:
    """What parts of the bundles among public releases bear out, by listing; at most two statements."""
    return knowing.backing_of(
        session, [row.listing.public_id for row in releases if row.listing.kind == BUNDLE]
    )


def certificate(session: Session, number: str) -> Certificate:
    """A certificate by its public number; anybody may look it up."""
    if not number.isprintable():
        raise NotFound  # to PostgreSQL a NUL would be an error, not a number that nobody has
    return one(session, select(Certificate).where(Certificate.number == number))


def synthetic_listings(session: Session, listing_ids: list[str]) -> frozenset[str]:
    """Which of those listings belong to an invented organization of the demo data."""
    rows = select(Listing.public_id).join(Listing.organization).where(Organization.synthetic)
    return frozenset(session.scalars(rows.where(Listing.public_id.in_(listing_ids))))


def _public() -> Select[Release]:
    return (
        select(Release)
        .join(Listing, (Listing.id == Release.listing_id) & (Listing.live_release == Release.number))
        .options(
            selectinload(Release.listing).selectinload(Listing.organization),
            selectinload(Release.certificate),
        )
    )
