"""What stands in a vendor's archive of alliances: those it runs in full, and its own memberships of the others."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Alliance, AllianceCharter, AllianceMember, CharterConsent, Organization
from marketplace.operations.own_archive import plain


def alliances(session: Session, own: Organization) -> dict[str, Any]:
    """Alliances as their coordinator sees them, memberships as the member does."""
    run = select(Alliance).where(Alliance.coordinator_id == own.id).order_by(Alliance.id)
    mine = select(AllianceMember).where(AllianceMember.organization_id == own.id).order_by(AllianceMember.id)
    return {
        "alliances": [_alliance(row) for row in session.scalars(run)],
        "alliance_memberships": [_membership(session, row) for row in session.scalars(mine)],
    }


def _alliance(row: Alliance) -> dict[str, Any]:
    return {
        **plain(row),
        "members": [{**plain(member), "name": member.organization.name} for member in row.members],
        "charters": [_charter(charter) for charter in row.charters],
    }


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
