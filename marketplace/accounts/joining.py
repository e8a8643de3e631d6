"""People come to an organization and leave it: founding, rights, removal, requests to join."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, func, select, true, update
from sqlalchemy.orm import Session, joinedload

from catalog import organizations, regno
from catalog.errors import Conflict, Invalid, NotAllowed, NotFound
from catalog.models import Organization
from marketplace.accounts.attempts import TooMany
from marketplace.accounts.models import (
    ACCEPTED,
    GRANTED,
    REFUSED,
    WAITING,
    WITHDRAWN,
    ApiToken,
    Invitation,
    JoinRequest,
    Membership,
    User,
    UserSession,
)
from marketplace.config import DEMO_EMAILS
from marketplace.extensions import now

#: So many requests a person makes within ASKING_WINDOW: each of them writes to every admin.
MAX_ASKED, ASKING_WINDOW = 5, timedelta(days=1)


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
    _end_invitations(session, user, organization)
    return seat


def _end_invitations(session: Session, user: User, organization: Organization) -> None:
    """What else invites the person here would only wait for somebody who is in already."""
    theirs = (Invitation.organization_id == organization.id) & (Invitation.email == user.email)
    open_ones = theirs & Invitation.accepted_at.is_(None) & Invitation.withdrawn_at.is_(None)
    session.execute(update(Invitation).where(open_ones).values(withdrawn_at=now()))


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
        Conflict: the person belongs to it. TooMany: MAX_ASKED were made within ASKING_WINDOW.
    """
    if user.email_proved_at is None:
        raise NotAllowed("email.unproved")
    organization = registered(session, registration_number)
    lock(session, organization.id)
    if belongs(session, user.id, organization.id):
        raise Conflict("member.already")
    mine = select(JoinRequest).where(
        JoinRequest.user_id == user.id, JoinRequest.organization_id == organization.id
    )
    waiting = session.scalar(mine.where(JoinRequest.state == WAITING).limit(1))
    if waiting is not None:
        return waiting
    _require_few(session, user)
    made = JoinRequest(user=user, organization=organization, message=message, created_at=now())
    session.add(made)
    session.flush()  # its public id is answered
    return made


def registered(session: Session, registration_number: str) -> Organization:
    """The organization with that number. Raises Invalid: there is none."""
    number = regno.normalise(registration_number) if regno.is_valid(registration_number) else ""
    found = session.scalar(select(Organization).where(Organization.registration_number == number))
    if found is None:
        raise Invalid.at("registration_number", "unknown_organization")
    return found


def withdraw_request(session: Session, request: JoinRequest) -> None:
    """Take one's own request back; harmless if repeated.

    Raises:
        Conflict: it was answered.
    """
    lock(session, request.organization_id)
    session.refresh(request, ["state"])
    if request.state not in (WAITING, WITHDRAWN):
        raise Conflict("join_request.answered")
    if request.state == WAITING:
        request.state, request.answered_at = WITHDRAWN, now()


def answer_request(
    session: Session, request: JoinRequest, *, accept: bool, rights: Collection[str] = ()
) -> None:
    """Accept with rights, or refuse.

    Raises:
        Conflict: it was answered before, or taken back.
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


def is_last_admin(session: Session, seat: Membership) -> bool:
    """Whether nobody else could let people in: the seat has to stay, with its right."""
    others = select(func.count(Membership.id)).join(User, User.id == Membership.user_id)
    others = others.where(Membership.organization_id == seat.organization_id, Membership.id != seat.id)
    return seat.is_admin and not session.scalar(others.where(Membership.is_admin, can_sign_in()))


def _require_another_admin(session: Session, seat: Membership) -> None:
    if is_last_admin(session, seat):
        raise Conflict("member.last_admin")


def can_sign_in() -> ColumnElement[bool]:
    """The condition that a `User` gets in: a password was set, and the account is not shut (`principal.is_shut`)."""
    in_use = true() if current_app.config["IEUM_DEMO"] else User.email.not_in(DEMO_EMAILS)
    return and_(User.suspended_at.is_(None), User.password_hash.is_not(None), in_use)


def _require_few(session: Session, user: User) -> None:
    since = now() - ASKING_WINDOW
    asked = select(func.count(JoinRequest.id), func.min(JoinRequest.created_at)).where(
        JoinRequest.user_id == user.id, JoinRequest.created_at > since
    )
    count, first = session.execute(asked).one()
    if count >= MAX_ASKED:
        raise TooMany(max(1, int((first - since).total_seconds())))
