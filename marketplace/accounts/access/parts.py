"""Fetching what bundles cite of the public listings in them, and what pages beside their own say of bundles."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, case, select
from sqlalchemy.orm import Session, aliased

from catalog.bundle_states import IN_FORCE
from catalog.models import (
    Alliance,
    Bundle,
    BundleVersion,
    Certificate,
    Listing,
    Organization,
    Release,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A public listing as pages of bundles cite it: its content, whose it is, its certificate and who gave it."""

    listing: str
    content: Mapping[str, Any]
    vendor: str
    vendor_name: str
    vendor_name_en: str
    certificate: str
    scope: Mapping[str, Any]
    expires_on: date
    validator_name: str
    validator_name_en: str


def public_parts(
    session: Session, listing_ids: list[str], version: BundleVersion | None = None
) -> dict[str, Standing]:
    """Those of the listings that are public, by public id; one statement whatever their number.

    `version`: a version of a bundle that was sold once; the bundle's own listing is among the answer as it stood then.
    """
    chosen: SQLColumnExpression[Any] = Listing.live_release
    asked: ColumnElement[bool] = Listing.public_id.in_(listing_ids)
    if version is not None and version.release is not None:
        own = Listing.id == version.bundle.listing_id
        chosen, asked = case((own, version.release), else_=Listing.live_release), asked | own
    rows = _standings(Release.number == chosen).where(asked)
    return {row[0]: Standing(*row) for row in session.execute(rows)}


def _standings(chosen: ColumnElement[bool]) -> Select[Any]:
    """Fields of `Standing` of those releases."""
    judge = aliased(Organization)
    return (
        select(
            Listing.public_id,
            Release.content,
            Organization.public_id,
            Organization.name,
            Organization.name_en,
            Certificate.number,
            Certificate.scope,
            Certificate.expires_on,
            judge.name,
            judge.name_en,
        )
        .join(Release, (Release.listing_id == Listing.id) & chosen)
        .join(Organization, Organization.id == Listing.organization_id)
        .join(Certificate, Certificate.release_id == Release.id)
        .join(judge, judge.id == Certificate.validator_id)
    )


@dataclass(frozen=True, slots=True)
class Sold:
    """A bundle that is sold, for a list: its id, its version's number and content, since when it cannot be sold on."""

    bundle: str
    number: int
    content: Mapping[str, Any]
    broken_on: date | None


def sold_bundles(session: Session, alliance: Alliance) -> list[Sold]:
    """What an alliance sells, the oldest first; one statement."""
    rows = (
        select(Bundle.public_id, BundleVersion.number, BundleVersion.content, Listing.broken_on)
        .join(BundleVersion, (BundleVersion.bundle_id == Bundle.id) & (BundleVersion.state == IN_FORCE))
        .join(Listing, (Listing.id == Bundle.listing_id) & Listing.live_release.is_not(None))
        .where(Bundle.alliance_id == alliance.id)
        .order_by(Bundle.id)
    )
    return [Sold(*row) for row in session.execute(rows)]


def bundle_id_of(session: Session, listing: Listing) -> str | None:
    """Public id of the bundle whose face in the store a listing is."""
    return session.scalar(select(Bundle.public_id).where(Bundle.listing_id == listing.id))
