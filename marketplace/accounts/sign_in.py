"""Sign up, sign in and out, in one step or two; passwords set anew."""

import secrets
from dataclasses import dataclass

from flask import request
from flask import session as cookie
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from catalog.errors import Invalid, NotFound
from catalog.models import Organization
from marketplace.accounts import attempts, devices, links, passwords, second_factor
from marketplace.accounts.models import (
    RESET,
    SECOND_STEP,
    WELCOME,
    Membership,
    OneTimeLink,
    User,
    UserSession,
)
from marketplace.accounts.principal import digest, is_shut
from marketplace.errors import LinkGone
from marketplace.extensions import locale, now

#: Raised by `authenticate` and the others; answered with 429.
TooMany = attempts.TooMany
#: Where the cookie holds the secret between the two steps of a sign-in.
STEP = "second_step"
#: Where the cookie says whose password was set by a link in this browser, and when.
SET_HERE = "set_here"


@dataclass(frozen=True, slots=True)
class Entered:
    """A sign-in that has begun."""

    row: UserSession
    #: The person has used other browsers before, but not this one.
    on_new_device: bool


def sign_up(session: Session, *, email: str, password: str, name: str) -> User:
    """Make an account.

    Raises:
        Invalid: the address has an account already, or the password is easily guessed.
    """
    address = email.strip().lower()
    passwords.require_strong(password, email=address, name=name)
    if session.scalar(select(User.id).where(User.email == address)) is not None:
        raise Invalid.at("email", "email_taken")
    user = User(email=address, name=name, password_hash=passwords.hashed(password), locale=locale())
    session.add(user)
    session.flush()  # the first token and the first session point at the new key
    return user


def authenticate(session: Session, email: str, password: str, remote: str, device: str = "") -> User:
    """The account that the address and password name.

    Tries are counted by account and by address; in a browser that the person signed in with before (`device` is its
    word) by that browser alone, so that others' wrong passwords do not lock the owner out.

    Raises:
        Invalid: they do not fit; it does not say which of them. TooMany: wait first.
    """
    address = email.strip().lower()
    found = session.execute(select(User.id, User.password_hash).where(User.email == address)).one_or_none()
    known = None if found is None else devices.known(session, found.id, device)
    counted = devices.counted(known, ("account", address), ("address", remote))
    attempts.reserve(session, counted)
    if not passwords.matches(None if found is None else found.password_hash, password) or found is None:
        raise Invalid.at("password", "credentials")
    attempts.give_back(counted)
    user = session.get_one(User, found.id)
    if user.suspended_at is not None:
        raise Invalid.at("password", "suspended")
    if is_shut(user):
        raise Invalid.at("password", "credentials")
    if passwords.is_outdated(found.password_hash):
        user.password_hash = passwords.hashed(password)
    return user


def authenticate_program(session: Session, email: str, password: str, code: str | None, remote: str) -> User:
    """The same for a program, with the second factor in the same request where the account asks for it.

    Raises:
        Invalid: at "password", or at "code". TooMany: wait first.
    """
    user = authenticate(session, email, password, remote)
    if user.totp_on_at is None:
        return user
    if code is None:
        raise Invalid.at("code", "code_needed")
    key = user.id
    attempts.reserve(session, [("second", str(key))])
    user = session.get_one(User, key)
    second_factor.accept(session, user, code)
    return user


def begin(session: Session, user: User) -> Entered:
    """Start a sign-in on this device with a fresh key; whatever the cookie held before is forgotten."""
    key = secrets.token_urlsafe(32)
    own = select(Membership.organization_id).where(Membership.user_id == user.id)
    first = session.scalar(own.order_by(Membership.id).limit(1))
    row = UserSession(
        key_hash=digest(key),
        user_id=user.id,
        device=devices.described(request.headers.get("User-Agent", "")),
        organization_id=first,
        created_at=now(),
        seen_at=now(),
    )
    session.add(row)
    if "_user_id" in cookie:  # who was signed in here before is not any more
        session.execute(delete(UserSession).where(UserSession.key_hash == digest(cookie["_user_id"])))
    devices.forget_old(session, user)
    cookie.clear()
    cookie["_user_id"] = key
    cookie["_fresh"] = True
    return Entered(row, devices.remember(session, user))


def begin_second_step(session: Session, user: User) -> None:
    """The password was right: let this browser, for a few minutes, go on with the code."""
    set_here = cookie.get(SET_HERE)
    cookie.clear()
    if set_here is not None:
        cookie[SET_HERE] = set_here
    cookie[STEP] = links.issue(session, user, SECOND_STEP)


def waiting_for_code(session: Session) -> OneTimeLink:
    """The first step that this browser has taken. Raises LinkGone: none, or too long ago."""
    return links.find(session, str(cookie.get(STEP, "")), SECOND_STEP)


def second_step(session: Session, code: str) -> User:
    """Whose code it is, after the first step in this browser. Calls `begin` no more than `authenticate` does.

    Raises:
        LinkGone: the first step was not taken, or too long ago. Invalid: the code does not count. TooMany: wait first.
    """
    key = waiting_for_code(session).user_id
    known = devices.known(session, key, devices.word())
    attempts.reserve(session, devices.counted(known, ("second", str(key))))
    step = waiting_for_code(session)
    if is_shut(step.user):
        raise Invalid.at("code", "suspended")
    second_factor.accept(session, step.user, code)
    step.used_at = now()
    return step.user


def end(session: Session) -> None:
    """End the sign-in of this device."""
    key = cookie.get("_user_id")
    if key is not None:
        session.execute(delete(UserSession).where(UserSession.key_hash == digest(key)))
    cookie.clear()


def act_for(session: Session, organization: Organization, role: str | None = None) -> None:
    """Let this device's sign-in act for `organization`, on the screens of `role` if it has several."""
    key = cookie.get("_user_id", "")
    row = session.scalar(select(UserSession).where(UserSession.key_hash == digest(key)))
    if row is None:
        raise NotFound
    row.organization_id = organization.id
    row.acting_role = role


def issue_link(session: Session, user: User) -> str:
    """A secret with which the person can set a first password once, within three days."""
    return links.issue(session, user, WELCOME)


def link(session: Session, secret: str) -> OneTimeLink:
    """The unused link of that secret for setting a password. Raises LinkGone: unknown, used or out of date."""
    return links.find(session, secret, WELCOME, RESET)


def use_link(session: Session, secret: str, password: str) -> User:
    """Set the password of the link's account and end every sign-in. The address is proved by it: the link came by
    mail, or from whoever installed the product.

    Raises:
        LinkGone: as `link` says. Invalid: the password is easily guessed.
    """
    user = link(session, secret).user
    if is_shut(user):
        raise LinkGone
    set_password(session, user, password)
    user.email_proved_at = user.email_proved_at or now()
    return user


def note_password_here(user: User) -> None:
    """Remember for SECOND_STEP's lifetime that the person set a password by a link in this browser."""
    cookie[SET_HERE] = [user.public_id, now().timestamp()]


def has_set_password_here(user: User) -> bool:
    """Whether `note_password_here` was called for that person a short while ago."""
    whose, at = cookie.get(SET_HERE, ("", 0))
    return bool(
        whose == user.public_id and now().timestamp() - at < links.LIFETIMES[SECOND_STEP].total_seconds()
    )


def set_password(session: Session, user: User, password: str, pointer: str = "password") -> None:
    """Give the account a new password: sign-ins on all devices end, and so do links that could set another one.

    Raises:
        Invalid: at `pointer`, it is easily guessed.
    """
    passwords.require_strong(password, email=user.email, name=user.name, pointer=pointer)
    user.password_hash = passwords.hashed(password)
    links.use_up(session, user, WELCOME, RESET, SECOND_STEP)
    devices.end_all(session, user)


def require_password(session: Session, user: User, password: str, pointer: str = "password") -> User:
    """Ask again for the password of the person who is signed in, before what would change the locks.

    Returns the account read afresh: counting tries ends the transaction.

    Raises:
        Invalid: at `pointer`, it is wrong. TooMany: wait first.
    """
    key, stored = user.id, user.password_hash
    counted = [("password", str(key))]
    attempts.reserve(session, counted)
    if not passwords.matches(stored, password):
        raise Invalid.at(pointer, "password_wrong")
    attempts.give_back(counted)
    return session.get_one(User, key)
