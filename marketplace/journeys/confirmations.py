"""The operator confirms a company, and its admins hear of it."""

from datetime import datetime

from sqlalchemy.orm import Session

from catalog import organizations
from catalog.errors import Conflict
from catalog.models import Organization
from catalog.models.organization import CONFIRMED
from marketplace import notices


def confirm(session: Session, organization: Organization, now: datetime, seen: str | None = None) -> None:
    """Confirm and tell the admins; harmless if repeated.

    Args:
        seen: `Organization.identity` as it was looked at; None: whatever it is now.

    Raises:
        Conflict: the company has corrected its name or number since.
    """
    organizations.lock(session, organization)
    if organization.state == CONFIRMED:
        return
    if seen is not None and seen != organization.identity:
        raise Conflict("organization.corrected")
    organizations.confirm(organization, now)
    notices.tell(
        session,
        "organization.confirmed",
        key=organization.public_id,
        link="/organization",
        about=organization,
        organization=organization,
        params={"organization": organization.name, "organization_en": organization.name_en},
    )
