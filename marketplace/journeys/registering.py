"""A company registers itself, corrects itself, asks again after a refusal; the operator's people hear that it waits."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from catalog import organizations
from catalog.models import Organization
from marketplace import notices
from marketplace.accounts import joining
from marketplace.accounts.models import User


def found(session: Session, user: User, fields: dict[str, Any], now: datetime) -> Organization:
    """Register a company with `user` as its first admin.

    Raises:
        Invalid: as `joining.found` says.
    """
    organization = joining.found(session, user, fields)
    _tell(session, organization, now)
    return organization


def correct(session: Session, organization: Organization, facts: dict[str, Any]) -> dict[str, Any]:
    """Change what a company says about itself; answers, for the audit entry, what the operator would have confirmed
    and is different now: "name_before", "registration_number_before".

    Raises:
        Invalid: as `organizations.correct` says.
    """
    before = {fact: getattr(organization, fact) for fact in sorted(organizations.CONFIRMED_FACTS)}
    organizations.correct(session, organization, **facts)
    return {f"{fact}_before": was for fact, was in before.items() if getattr(organization, fact) != was}


def ask_again(
    session: Session, organization: Organization, now: datetime, *, name: str, registration_number: str
) -> None:
    """Correct a refused company and wait for the operator again.

    Raises:
        Conflict, Invalid: as `organizations.ask_again` says.
    """
    organizations.ask_again(session, organization, name=name, registration_number=registration_number)
    _tell(session, organization, now)


def _tell(session: Session, organization: Organization, now: datetime) -> None:
    notices.tell(
        session,
        "organization.registered",
        key=f"{organization.public_id}:{now.isoformat()}",
        link=f"/console/organizations/{organization.public_id}",
        about=organization,
        users=notices.operators(session),
        params={"organization": organization.name, "organization_en": organization.name_en},
    )
