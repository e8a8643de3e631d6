"""What the members of alliances have in the store: their public listings with a certificate that holds."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.alliances.coverage import Offered
from catalog.models import Certificate, Listing, Organization, Release


def of_vendors(session: Session, organizations: Collection[int], today: date) -> list[Offered]:
    """Every listing of those organizations (keys) that is public and certified on that day; one statement."""
    if not organizations:
        return []
    rows = (
        select(Organization.public_id, Listing.public_id, Release.content, Certificate.scope)
        .join(Listing, Listing.organization_id == Organization.id)
        .join(Release, (Release.listing_id == Listing.id) & (Release.number == Listing.live_release))
        .join(Certificate, Certificate.release_id == Release.id)
        .where(Organization.id.in_(organizations), Certificate.expires_on >= today)
        .order_by(Listing.id)
    )
    return [Offered(*row) for row in session.execute(rows)]
