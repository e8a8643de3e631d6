"""The operator's organization and its people."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.db import utcnow
from catalog.errors import Invalid
from catalog.models import Organization, OrganizationRole
from catalog.models.organization import CONFIRMED, OPERATOR
from marketplace.accounts import sign_in
from marketplace.accounts.models import Membership, User


def organization(session: Session, name: str) -> Organization:
    """The operator's own organization, made when it is first needed."""
    found = session.scalar(
        select(Organization).join(Organization.roles).where(OrganizationRole.role == OPERATOR).limit(1)
    )
    if found is None:
        found = Organization(
            name=name, state=CONFIRMED, confirmed_at=utcnow(), roles=[OrganizationRole(role=OPERATOR)]
        )
        session.add(found)
        session.flush()  # memberships point at its key
    return found


def first(session: Session, email: str, organization_name: str) -> tuple[User, str]:
    """Make `email` an operator; returns the account and the secret of a link that sets its password.

    Raises:
        Invalid: there is an operator already (operators invite one another), or the address has an account.
    """
    own = organization(session, organization_name)
    if session.scalar(select(Membership.id).where(Membership.organization_id == own.id)) is not None:
        raise Invalid.at("email", "there is an operator already")
    if session.scalar(select(User.id).where(User.email == email.lower())) is not None:
        raise Invalid.at("email", "this address has an account already")
    user = User(email=email.lower(), name=email.partition("@")[0])
    session.add(user)
    session.flush()  # the membership and the link point at its key
    session.add(
        Membership(user_id=user.id, organization_id=own.id, is_admin=True, is_finance=True, is_signer=True)
    )
    return user, sign_in.issue_link(session, user)
