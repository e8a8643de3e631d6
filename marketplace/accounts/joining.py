"""People come to an organization and leave it: founding, rights, removal, requests to join."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from catalog import organizations, regno
from catalog.errors import Conflict, Invalid, NotAllowed, NotFound
from catalog.models import Organization
from marketplace.accounts.models import (
    ACCEPTED,
    GRANTED,
    REFUSED,
    WAITING,
    ApiToken,
    JoinRequest,
    Membership,
    User,
    UserSession,
)
from marketplace.extensions import now


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


def lock(session: Session, organization_key: int) -> None:
    """Let nobody else change who belongs to the organization until the commit."""
    session.execute(select(Organization.id).where(Organization.id == organization_key).with_for_update())


def add(session: Session, user: User, organization: Organization, rights: Collection[str]) -> Membership:
    """Make the person a member. Raises Conflict: they are one already."""
    lock(session, organization.id)
    if belongs(session, user.id, organization.id):
        raise Conflict("member.already")
    seat = Membership(user_id=user.id, organization_id=organization.id)
    seat.grant(rights)
    session.add(seat)
    waiting = select(JoinRequest).where(
        JoinRequest.user_id == user.id,
        JoinRequest.organization_id == organization.id,
        JoinRequest.state == WAITING,
    )
    for request in session.scalars(waiting):
        request.state, request.answered_at = ACCEPTED, now()
    return seat


def belongs(session: Session, user_key: int, organization_key: int) -> bool:
    """Whether the person is a member."""
    seat = select(Membership.id).where(
        Membership.user_id == user_key, Membership.organization_id == organization_key
    )
    return session.scalar(seat) is not None


def change_rights(session: Session, seat: Membership, rights: Collection[str]) -> bool:
    """Let the member have exactly these rights besides MEMBER; answers whether that changed anything.

    Raises:
        Conflict: nobody would be left with the right "admin". NotFound: no member any more.
    """
    seat = _locked(session, seat)
    before = seat.rights
    if "admin" not in rights:
        _require_another_admin(session, seat)
    seat.grant(rights)
    return seat.rights != before


def remove(session: Session, seat: Membership) -> None:
    """End the membership, the tokens that act through it, and what sign-ins do for the organization.

    Raises:
        Conflict: the last admin cannot go. NotFound: no member any more.
    """
    seat = _locked(session, seat)
    _require_another_admin(session, seat)
    own_tokens = update(ApiToken).where(
        ApiToken.user_id == seat.user_id, ApiToken.organization_id == seat.organization_id
    )
    session.execute(own_tokens.where(ApiToken.revoked_at.is_(None)).values(revoked_at=now()))
    acting = update(UserSession).where(
        UserSession.user_id == seat.user_id, UserSession.organization_id == seat.organization_id
    )
    session.execute(acting.values(organization_id=None))
    session.delete(seat)


def ask_to_join(session: Session, user: User, registration_number: str, message: str = "") -> JoinRequest:
    """Ask the admins of the organization with that number; asking again while one waits answers the one that waits.

    Raises:
        NotAllowed: the person's address is not proved. Invalid: no organization has that number.
        Conflict: the person belongs to it.
    """
    if user.email_proved_at is None:
        raise NotAllowed("email.unproved")
    number = regno.normalise(registration_number) if regno.is_valid(registration_number) else ""
    organization = session.scalar(select(Organization).where(Organization.registration_number == number))
    if organization is None:
        raise Invalid.at("registration_number", "unknown_organization")
    lock(session, organization.id)
    if belongs(session, user.id, organization.id):
        raise Conflict("member.already")
    mine = select(JoinRequest).where(
        JoinRequest.user_id == user.id, JoinRequest.organization_id == organization.id
    )
    waiting = session.scalar(mine.where(JoinRequest.state == WAITING).limit(1))
    if waiting is not None:
        return waiting
    made = JoinRequest(user=user, organization=organization, message=message, state=WAITING)
    session.add(made)
    session.flush()  # its public id is answered
    return made


def answer_request(
    session: Session, request: JoinRequest, *, accept: bool, rights: Collection[str] = ()
) -> None:
    """Accept with rights, or refuse.

    Raises:
        Conflict: it was answered before.
    """
    lock(session, request.organization_id)
    session.refresh(request, ["state"])
    if request.state != WAITING:
        raise Conflict("join_request.answered")
    request.state, request.answered_at = (ACCEPTED if accept else REFUSED), now()
    session.flush()
    if accept and not belongs(session, request.user_id, request.organization_id):
        add(session, request.user, request.organization, rights)


def _locked(session: Session, seat: Membership) -> Membership:
    """The membership as it stands now, with the organization's people held still."""
    lock(session, seat.organization_id)
    rows = select(Membership).where(Membership.id == seat.id).options(joinedload(Membership.user))
    fresh = session.scalar(rows.execution_options(populate_existing=True))
    if fresh is None:
        raise NotFound
    return fresh


def _require_another_admin(session: Session, seat: Membership) -> None:
    others = select(func.count(Membership.id)).where(
        Membership.organization_id == seat.organization_id, Membership.is_admin, Membership.id != seat.id
    )
    if seat.is_admin and not session.scalar(others):
        raise Conflict("member.last_admin")
