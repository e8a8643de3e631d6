"""The operator confirms a company, and its admins hear of it."""

from datetime import datetime

from sqlalchemy.orm import Session

from catalog import organizations
from catalog.models import Organization
from catalog.models.organization import CONFIRMED
from marketplace import notices


def confirm(session: Session, organization: Organization, now: datetime) -> None:
    """Confirm and tell the admins; harmless if repeated."""
    if organization.state == CONFIRMED:
        return
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
