"""A person founds the organization they will act for; pages and the API share this."""

from typing import Any

from sqlalchemy.orm import Session

from catalog import organizations
from catalog.models import Organization
from marketplace.accounts.models import GRANTED, Membership, User


def found(session: Session, user: User, fields: dict[str, Any]) -> Organization:
    """Register a company and make `user` its first admin.

    Args:
        fields: what `schemas.organizations.OrganizationIn` answers.

    Raises:
        Invalid: as `organizations.register` says.
    """
    organization = organizations.register(session, **fields)
    seat = Membership(user_id=user.id, organization_id=organization.id)
    seat.grant(GRANTED)
    session.add(seat)
    return organization
