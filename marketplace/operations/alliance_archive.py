"""What stands in a vendor's archive of alliances: those it runs in full with their bundles, its own memberships of the
others, and what it was asked to sign of bundles."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import (
    Alliance,
    AllianceCharter,
    AllianceMember,
    Bundle,
    BundleConsent,
    CharterConsent,
    Organization,
)
from marketplace.operations.own_archive import plain


def alliances(session: Session, own: Organization) -> dict[str, Any]:
    """Alliances as their coordinator sees them, memberships as the member does."""
    run = select(Alliance).where(Alliance.coordinator_id == own.id).order_by(Alliance.id)
    mine = select(AllianceMember).where(AllianceMember.organization_id == own.id).order_by(AllianceMember.id)
    return {
        "alliances": [_alliance(session, row) for row in session.scalars(run)],
        "alliance_memberships": [_membership(session, row) for row in session.scalars(mine)],
        "bundle_consents": _signed(session, own),
    }


def _alliance(session: Session, row: Alliance) -> dict[str, Any]:
    sold = select(Bundle).where(Bundle.alliance_id == row.id).order_by(Bundle.id)
    return {
        "bundles": [_bundle(bundle) for bundle in session.scalars(sold)],
        **plain(row),
        "members": [{**plain(member), "name": member.organization.name} for member in row.members],
        "charters": [_charter(charter) for charter in row.charters],
    }


def _bundle(row: Bundle) -> dict[str, Any]:
    """With its working copy, its versions and what each vendor answered."""
    return {
        **plain(row),
        "versions": [
            {
                **plain(version),
                "consents": [
                    {**plain(consent), "name": consent.organization.name} for consent in version.consents
                ],
            }
            for version in row.versions
        ],
    }


def _signed(session: Session, own: Organization) -> list[dict[str, Any]]:
    """Every version of a bundle that it was asked to sign, word for word, and what it answered."""
    mine = select(BundleConsent).where(BundleConsent.organization_id == own.id).order_by(BundleConsent.id)
    return [{**plain(consent), "version": plain(consent.version)} for consent in session.scalars(mine)]


def _charter(row: AllianceCharter) -> dict[str, Any]:
    return {
        **plain(row),
        "consents": [
            {**plain(consent), "name": consent.member.organization.name} for consent in row.consents
        ],
    }


def _membership(session: Session, row: AllianceMember) -> dict[str, Any]:
    """With what it agreed to, word for word."""
    signed = (
        select(CharterConsent, AllianceCharter)
        .join(AllianceCharter, AllianceCharter.id == CharterConsent.charter_id)
        .where(CharterConsent.member_id == row.id)
        .order_by(CharterConsent.id)
    )
    return {
        **plain(row),
        "alliance": row.alliance.name,
        "consents": [
            {**plain(consent), "charter": plain(charter)} for consent, charter in session.execute(signed)
        ],
    }
