"""What becomes of bundles when the account of an organization is deleted.

What was sold stays on record as what all vendors in it signed, without the names of its people. Nothing is sold on that
it answered for to the buyers, and what was never judged goes.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.bundle_states import OPEN
from catalog.bundles import publishing, signing
from catalog.models import Alliance, Bundle, BundleConsent, BundleVersion, Listing, Organization, Review


def forget(session: Session, own: Organization, today: date, *, called: str) -> None:
    """Take an organization out of every bundle; the names of its people are `called` so.

    Raises:
        Conflict: a validator judges a version of one of them.
    """
    for alliance in session.scalars(select(Alliance).where(Alliance.coordinator_id == own.id)).all():
        publishing.end_all(session, alliance, today)
    asked = select(BundleConsent).where(BundleConsent.organization_id == own.id).order_by(BundleConsent.id)
    for consent in session.scalars(asked).all():
        _leave(session, consent.version, today)
        if consent.signed_by is not None:
            consent.signed_by = consent.signed_email = called
        consent.reason = ""
    led = select(Bundle).join(Listing, Listing.id == Bundle.listing_id)
    for bundle in session.scalars(led.where(Listing.organization_id == own.id).order_by(Bundle.id)).all():
        if bundle.in_force is not None:  # nobody answers to the buyers any more
            publishing.withdraw(session, bundle, today)
        if session.scalar(select(Review.id).where(Review.listing_id == bundle.listing_id).limit(1)) is None:
            session.delete(bundle)
    session.flush()


def _leave(session: Session, version: BundleVersion, today: date) -> None:
    """A version that waits needs a consent that nobody can give; what is sold breaks by itself."""
    if version.state in OPEN:
        signing.take_back(session, version, today)
