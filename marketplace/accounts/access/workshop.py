"""Fetching a vendor's own listings, evidence and files."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from catalog.bundle_states import BUNDLE
from catalog.errors import NotFound
from catalog.models import Certificate, Evidence, Listing, Organization, Plan, Release, Review, StoredFile
from catalog.models.organization import VALIDATOR, VENDOR
from marketplace.accounts.access.desk import visible_review
from marketplace.accounts.access.fetching import Who, is_named, one

#: A bundle is its coordinator's work; the lead vendor, whose listing it is, sees it from its first release on.
_ITS_OWN = (Listing.kind != BUNDLE) | Listing.live_release.is_not(None)


def own_listing(session: Session, who: Who, listing_id: UUID) -> Listing:
    """A listing of the acting organization, in any state."""
    return one(session, _owned(who).where(is_named(Listing, listing_id)))


def own_listing_in_full(session: Session, who: Who, listing_id: UUID) -> Listing:
    """As `own_listing`, with everything that its snapshot needs; four statements whatever it holds."""
    return one(session, _owned(who).where(is_named(Listing, listing_id)).options(*_in_full()))


def own_listings(session: Session, who: Who) -> list[Listing]:
    """Every listing of the acting organization, last changed first; bundles that were sold among them."""
    return list(session.scalars(_owned(who).order_by(Listing.updated_at.desc(), Listing.id.desc())))


def own_listings_in_full(session: Session, who: Who) -> list[Listing]:
    """As `own_listings`, each with everything that its snapshot needs; four statements."""
    return list(
        session.scalars(
            _owned(who).options(*_in_full()).order_by(Listing.updated_at.desc(), Listing.id.desc())
        )
    )


def own_shelf(session: Session, who: Who) -> list[tuple[Listing, Certificate | None]]:
    """What `own_listings` finds, with the certificate of what is public of it, oldest first."""
    rows = (
        select(Listing, Certificate)
        .outerjoin(Release, (Release.listing_id == Listing.id) & (Release.number == Listing.live_release))
        .outerjoin(Certificate, Certificate.release_id == Release.id)
        .where(Listing.organization_id == who.organization_key, _ITS_OWN)
    )
    return [(listing, certificate) for listing, certificate in session.execute(rows.order_by(Listing.id))]


def own_evidence(session: Session, who: Who, evidence_id: UUID) -> Evidence:
    """An evidence record of one of the acting organization's listings."""
    owned = select(Evidence).join(Evidence.listing).where(Listing.organization_id == who.organization_key)
    return one(session, owned.where(is_named(Evidence, evidence_id)))


def releases_of_listing(session: Session, listing: Listing) -> list[Release]:
    """Every release, with its certificate, of a listing that was fetched as the acting organization's own."""
    rows = select(Release).where(Release.listing_id == listing.id).options(joinedload(Release.certificate))
    return list(session.scalars(rows.order_by(Release.number)))


def last_round(session: Session, listing: Listing) -> Review | None:
    """The newest review of a listing that was fetched as the acting organization's own, with what was said in it."""
    rows = select(Review).where(Review.listing_id == listing.id).order_by(Review.id.desc()).limit(1)
    return session.scalar(
        rows.options(
            joinedload(Review.validator).lazyload(Organization.roles),
            selectinload(Review.findings),
            selectinload(Review.notes),
        )
    )


def file(session: Session, who: Who, file_id: UUID) -> StoredFile:
    """A file of the acting vendor, or of a submission that the acting validator has taken.

    A file is exactly as visible as the record that it belongs to; published evidence shows a file's fingerprint to
    everybody, its bytes only to these two.
    """
    stored = one(session, select(StoredFile).where(is_named(StoredFile, file_id)))
    if VENDOR in who.roles and stored.organization_id == who.organization_key:
        return stored
    if VALIDATOR not in who.roles:
        raise NotFound
    # Only what was handed in, and only after the declaration that there is no conflict of interest: waiting
    # submissions keep theirs shut, and what the vendor adds between two rounds is not the validator's to read.
    mine = (
        select(Review.content).join(Review.listing).join(Evidence, Evidence.listing_id == Review.listing_id)
    )
    rounds = mine.where(
        Evidence.id == stored.evidence_id, visible_review(who), Review.validator_id == who.organization_key
    )
    handed_in = {
        f["id"] for content in session.scalars(rounds) for e in content["evidence"] for f in e["files"]
    }
    if stored.public_id not in handed_in:
        raise NotFound
    return stored


def _owned(who: Who) -> Select[Listing]:
    return select(Listing).where(Listing.organization_id == who.organization_key, _ITS_OWN)


def _in_full() -> tuple[ORMOption, ...]:
    return (
        joinedload(Listing.organization).lazyload(Organization.roles),
        selectinload(Listing.terms),
        selectinload(Listing.plans).joinedload(Plan.quality),
        selectinload(Listing.evidence).joinedload(Evidence.files),
    )
