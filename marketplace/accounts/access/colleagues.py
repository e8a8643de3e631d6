"""Fetching the people of an organization, those who are asked to come and those who ask, and a person's sign-ins."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from catalog.models import Listing, Organization, Site
from marketplace.accounts import invitations
from marketplace.accounts.access.fetching import Who, is_named, one
from marketplace.accounts.models import WAITING, Invitation, JoinRequest, Membership, User, UserSession
from marketplace.accounts.principal import Principal


def colleagues(session: Session, who: Who) -> list[Membership]:
    """Everybody in the organization acted for, with the person, the first one first."""
    rows = select(Membership).where(Membership.organization_id == who.organization_key)
    return list(session.scalars(rows.options(joinedload(Membership.user)).order_by(Membership.id)))


def colleague(session: Session, who: Who, user_id: UUID) -> Membership:
    """The membership of one person, by the person's public id, in the organization acted for."""
    rows = select(Membership).join(User, User.id == Membership.user_id)
    mine = rows.where(Membership.organization_id == who.organization_key, is_named(User, user_id))
    return one(session, mine.options(joinedload(Membership.user), joinedload(Membership.organization)))


def open_invitations(session: Session, who: Who) -> list[Invitation]:
    """What the organization acted for has sent and nobody has accepted yet, oldest first."""
    rows = select(Invitation).where(Invitation.organization_id == who.organization_key, invitations.is_open())
    return list(session.scalars(rows.order_by(Invitation.id)))


def own_invitation(session: Session, who: Who, invitation_id: UUID) -> Invitation:
    """An invitation that the organization acted for has sent."""
    rows = select(Invitation).where(Invitation.organization_id == who.organization_key)
    return one(session, rows.where(is_named(Invitation, invitation_id)))


def invitations_to(session: Session, who: Principal) -> list[Invitation]:
    """Open invitations to the person's address, once it is proved, with the organizations."""
    if not who.email_proved:
        return []
    rows = select(Invitation).where(Invitation.email == who.email, invitations.is_open())
    return list(session.scalars(rows.options(joinedload(Invitation.organization)).order_by(Invitation.id)))


def invitation_to(session: Session, who: Principal, invitation_id: UUID) -> Invitation:
    """An open invitation to the person's address."""
    rows = select(Invitation).where(Invitation.email == who.email, invitations.is_open())
    return one(
        session,
        rows.where(is_named(Invitation, invitation_id)).options(joinedload(Invitation.organization)),
    )


def waiting_requests(session: Session, who: Who) -> list[JoinRequest]:
    """Requests to join the organization acted for that nobody has answered, with the people, oldest first."""
    rows = select(JoinRequest).where(
        JoinRequest.organization_id == who.organization_key, JoinRequest.state == WAITING
    )
    return list(session.scalars(rows.options(joinedload(JoinRequest.user)).order_by(JoinRequest.id)))


def own_request(session: Session, who: Who, request_id: UUID) -> JoinRequest:
    """A request to join the organization acted for."""
    rows = select(JoinRequest).where(JoinRequest.organization_id == who.organization_key)
    loaded = rows.options(joinedload(JoinRequest.user), joinedload(JoinRequest.organization))
    return one(session, loaded.where(is_named(JoinRequest, request_id)))


def requests_by(session: Session, who: Principal) -> list[JoinRequest]:
    """The person's own requests that wait, with the organizations."""
    return _requests(session, who.user_key)


def requests_of(session: Session, person: User) -> list[JoinRequest]:
    """The same for a person who has just proved their account."""
    return _requests(session, person.id)


def _requests(session: Session, user_key: int) -> list[JoinRequest]:
    rows = select(JoinRequest).where(JoinRequest.user_id == user_key, JoinRequest.state == WAITING)
    return list(session.scalars(rows.options(joinedload(JoinRequest.organization)).order_by(JoinRequest.id)))


def request_by(session: Session, who: Principal, request_id: UUID) -> JoinRequest:
    """One of the person's own requests, whatever became of it."""
    rows = select(JoinRequest).where(JoinRequest.user_id == who.user_key, is_named(JoinRequest, request_id))
    return one(session, rows.options(joinedload(JoinRequest.organization), joinedload(JoinRequest.user)))


class Beginnings(NamedTuple):
    """How far an organization has come; it itself without its roles."""

    own: Organization
    site: bool
    listing: bool


def own_beginnings(session: Session, who: Who) -> Beginnings:
    """The organization acted for with its roles, and whether it has a site and a listing."""
    site = select(Site.id).where(Site.organization_id == Organization.id).exists()
    listing = select(Listing.id).where(Listing.organization_id == Organization.id).exists()
    rows = select(Organization, site, listing).where(Organization.id == who.organization_key)
    return Beginnings(*session.execute(rows.options(joinedload(Organization.roles))).unique().one())


def own_session(session: Session, who: Principal, session_id: UUID) -> UserSession:
    """One of the person's own sign-ins."""
    rows = select(UserSession).where(UserSession.user_id == who.user_key)
    return one(session, rows.where(is_named(UserSession, session_id)))
