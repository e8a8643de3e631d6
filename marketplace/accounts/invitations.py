"""Invitations: an organization asks somebody at an address, who alone can accept, once, within a week."""

import secrets
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from catalog.errors import Conflict, Invalid, NotAllowed
from catalog.models import Organization
from marketplace.accounts import joining, sign_in
from marketplace.accounts.attempts import TooMany
from marketplace.accounts.models import GRANTED, Invitation, Membership, User
from marketplace.accounts.principal import Principal, digest
from marketplace.errors import LinkGone
from marketplace.extensions import now

LIFETIME = timedelta(days=7)
#: An organization sends at most this many in a day: the mails go to addresses of its choice.
MAX_A_DAY = 50


def invite(
    session: Session, organization: Organization, inviter: User | None, *, email: str, rights: Collection[str]
) -> tuple[Invitation, str]:
    """Make an invitation and the secret of its link; one to the same address that is still open ends.

    Raises:
        Invalid: at "email", a member has that address. TooMany: MAX_A_DAY were sent.
    """
    address = email.strip().lower()
    joining.lock(session, organization.id)
    member = select(Membership.id).join(User, User.id == Membership.user_id)
    if session.scalar(member.where(Membership.organization_id == organization.id, User.email == address)):
        raise Invalid.at("email", "already_member")
    _require_few(session, organization)
    mine = select(Invitation).where(Invitation.organization_id == organization.id, is_open())
    for earlier in session.scalars(mine.where(Invitation.email == address)):
        earlier.withdrawn_at = now()
    secret = secrets.token_urlsafe(32)
    made = Invitation(
        organization=organization,
        email=address,
        rights=[right for right in GRANTED if right in rights],
        secret_hash=digest(secret),
        inviter=inviter,
        created_at=now(),
        expires_at=now() + LIFETIME,
    )
    session.add(made)
    session.flush()  # its public id names the mail
    return made, secret


def is_open() -> ColumnElement[bool]:
    """The condition that an invitation can still be accepted."""
    return (
        Invitation.accepted_at.is_(None) & Invitation.withdrawn_at.is_(None) & (Invitation.expires_at > now())
    )


def find(session: Session, secret: str) -> Invitation:
    """The open invitation of that secret. Raises LinkGone: unknown, accepted, withdrawn or out of date."""
    rows = select(Invitation).where(Invitation.secret_hash == digest(secret), is_open())
    row = session.scalar(rows.options(joinedload(Invitation.organization), joinedload(Invitation.inviter)))
    if row is None:
        raise LinkGone
    return row


def joined(session: Session, secret: str, who: Principal) -> Organization | None:
    """The organization of that invitation, open or not, if the person belongs to it already."""
    rows = select(Invitation).where(Invitation.secret_hash == digest(secret))
    row = session.scalar(rows.options(joinedload(Invitation.organization)))
    if row is None or row.organization_id not in {seat.key for seat in who.seats}:
        return None
    return row.organization


def withdraw(session: Session, invitation: Invitation) -> None:
    """Take it back; harmless if repeated. Raises Conflict: it was accepted."""
    _lock(session, invitation)
    if invitation.accepted_at is not None:
        raise Conflict("invitation.accepted")
    invitation.withdrawn_at = invitation.withdrawn_at or now()


def accept(session: Session, invitation: Invitation, user: User) -> Membership:
    """The invited person joins with the rights offered.

    Raises:
        NotAllowed: it is for another address, or the person's address is not proved.
        LinkGone: it was accepted or withdrawn meanwhile. Conflict: they are a member already.
    """
    if user.email != invitation.email:
        raise NotAllowed("invitation.address")
    if user.email_proved_at is None:
        raise NotAllowed("email.unproved")
    _lock(session, invitation)
    if invitation.accepted_at or invitation.withdrawn_at or invitation.expires_at <= now():
        raise LinkGone
    invitation.accepted_at = now()
    return joining.add(session, user, invitation.organization, invitation.rights)


def sign_up(session: Session, invitation: Invitation, *, name: str, password: str) -> User:
    """Make an account of the invited address and join with it: whoever holds the link reads the address's mail.

    Raises:
        Invalid: the address has an account already, or the password is easily guessed. LinkGone: as `accept` says.
    """
    user = sign_in.sign_up(session, email=invitation.email, password=password, name=name)
    user.email_proved_at = now()
    accept(session, invitation, user)
    session.flush()  # the first sign-in acts for the new membership
    return user


def _lock(session: Session, invitation: Invitation) -> None:
    joining.lock(session, invitation.organization_id)
    session.refresh(invitation, ["accepted_at", "withdrawn_at"])


def _require_few(session: Session, organization: Organization) -> None:
    since = now() - timedelta(days=1)
    sent = select(func.count(Invitation.id)).where(
        Invitation.organization_id == organization.id, Invitation.created_at > since
    )
    if (session.scalar(sent) or 0) >= MAX_A_DAY:
        raise TooMany(3600)
