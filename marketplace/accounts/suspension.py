"""The operator keeps a person out: suspend and lift, end sign-ins, revoke tokens."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from catalog.errors import Conflict, NotAllowed
from catalog.models import Organization, OrganizationRole
from catalog.models.organization import OPERATOR
from marketplace.accounts.models import ApiToken, Membership, User, UserSession


def suspend(session: Session, user: User, *, by: int, now: datetime) -> None:
    """From now on the person's sign-ins and tokens answer nothing; the sign-ins end for good. Harmless if repeated.

    Args:
        by: key of the person who does it.

    Raises:
        NotAllowed: oneself. Conflict: the last admin of the operator who is not suspended.
    """
    if user.id == by:
        raise NotAllowed("user.self")
    _lock_operators(session)
    if _is_operator_admin(session, user) and _other_operator_admins(session, user) == 0:
        raise Conflict("user.last_operator")
    user.suspended_at = user.suspended_at or now
    end_sessions(session, user)


def lift(user: User) -> None:
    """Let the person in again; tokens work as before. Harmless if repeated."""
    user.suspended_at = None


def end_sessions(session: Session, user: User) -> int:
    """End every sign-in of the person; answers how many."""
    ended = session.scalars(
        delete(UserSession).where(UserSession.user_id == user.id).returning(UserSession.id)
    )
    return len(ended.all())


def revoke_tokens(session: Session, user: User, now: datetime) -> int:
    """End every working token of the person; answers how many."""
    working = (ApiToken.user_id == user.id) & ApiToken.revoked_at.is_(None)
    ended = session.scalars(update(ApiToken).where(working).values(revoked_at=now).returning(ApiToken.id))
    return len(ended.all())


def _lock_operators(session: Session) -> None:
    """Two operators who suspend each other at once take turns: the second one meets the first one's suspension."""
    plays = select(OrganizationRole.organization_id).where(OrganizationRole.role == OPERATOR)
    rows = select(Organization.id).where(Organization.id.in_(plays)).order_by(Organization.id)
    session.execute(rows.with_for_update())


def _is_operator_admin(session: Session, user: User) -> bool:
    return bool(_count_admins(session, Membership.user_id == user.id))


def _other_operator_admins(session: Session, user: User) -> int:
    return _count_admins(session, (Membership.user_id != user.id) & User.suspended_at.is_(None))


def _count_admins(session: Session, condition: ColumnElement[bool]) -> int:
    rows = (
        select(func.count(Membership.id))
        .join(User, User.id == Membership.user_id)
        .join(OrganizationRole, OrganizationRole.organization_id == Membership.organization_id)
        .where(OrganizationRole.role == OPERATOR, Membership.is_admin, condition)
    )
    return session.scalar(rows) or 0
