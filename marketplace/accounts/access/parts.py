"""Fetching what bundles cite of the public listings in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Certificate, Listing, Organization, Release


@dataclass(frozen=True, slots=True)
class Standing:
    """A public listing as pages of bundles cite it: its content, whose it is, its certificate's number and scope."""

    listing: str
    content: Mapping[str, Any]
    vendor: str
    vendor_name: str
    vendor_name_en: str
    certificate: str
    scope: Mapping[str, Any]


def public_parts(session: Session, listing_ids: list[str]) -> dict[str, Standing]:
    """Those of the listings that are public, by public id; one statement whatever their number."""
    rows = (
        select(
            Listing.public_id,
            Release.content,
            Organization.public_id,
            Organization.name,
            Organization.name_en,
            Certificate.number,
            Certificate.scope,
        )
        .join(Release, (Release.listing_id == Listing.id) & (Release.number == Listing.live_release))
        .join(Organization, Organization.id == Listing.organization_id)
        .join(Certificate, Certificate.release_id == Release.id)
        .where(Listing.public_id.in_(listing_ids))
    )
    return {row[0]: Standing(*row) for row in session.execute(rows)}
