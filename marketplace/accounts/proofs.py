"""Proof that mail to an address reaches its person, and the links that a forgotten password asks for."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.errors import Conflict, Invalid
from marketplace.accounts import links
from marketplace.accounts.attempts import TooMany
from marketplace.accounts.models import PROOF, RESET, OneTimeLink, User
from marketplace.accounts.principal import is_shut
from marketplace.errors import LinkGone
from marketplace.extensions import now


@dataclass(frozen=True, slots=True)
class Proved:
    """An address that is proved now."""

    user: User
    #: The address before, if this was a change.
    old_email: str | None


def ask(session: Session, user: User) -> str:
    """A secret that proves the present address.

    Raises:
        Conflict: it is proved already. TooMany: too many were sent within the hour.
    """
    if user.email_proved_at is not None:
        raise Conflict("email.proved")
    links.require_few(session, user, PROOF)
    return links.issue(session, user, PROOF, user.email)


def ask_change(session: Session, user: User, email: str) -> str:
    """A secret that proves a new address and then makes it the person's.

    Raises:
        Invalid: it is the present one, or somebody's. TooMany: too many were sent within the hour.
    """
    address = email.strip().lower()
    if address == user.email:
        raise Invalid.at("email", "email_same")
    _require_free(session, address)
    links.require_few(session, user, PROOF)
    return links.issue(session, user, PROOF, address)


def link(session: Session, secret: str) -> OneTimeLink:
    """The unused link of that secret. Raises LinkGone: unknown, used or out of date."""
    return links.find(session, secret, PROOF)


def prove(session: Session, secret: str) -> Proved:
    """Use the link up: its address is the person's, and proved.

    Raises:
        LinkGone: as `link` says. Invalid: somebody took the new address meanwhile.
    """
    row = link(session, secret)
    user, address = row.user, row.email or row.user.email
    if is_shut(user):
        raise LinkGone
    old = None
    if address != user.email:
        _require_free(session, address)
        old, user.email = user.email, address
    user.email_proved_at = now()
    links.use_up(session, user, PROOF)
    if old is not None:  # what was sent to the old address opens nothing any more
        links.use_up(session, user, RESET)
    return Proved(user, old)


def ask_reset(session: Session, email: str) -> tuple[User, str] | None:
    """A secret that sets a new password for the account of that address; None where none may be sent: no such
    account, an address that is not proved, a shut account, or too many within the hour. The asker learns nothing."""
    user = session.scalar(select(User).where(User.email == email.strip().lower()))
    if user is None or user.email_proved_at is None or is_shut(user):
        return None
    try:
        links.require_few(session, user, RESET)
    except TooMany:
        return None
    return user, links.issue(session, user, RESET)


def _require_free(session: Session, address: str) -> None:
    if session.scalar(select(User.id).where(User.email == address)) is not None:
        raise Invalid.at("email", "email_taken")
