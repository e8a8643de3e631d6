"""Sign up, sign in and out, one-time links."""

import hashlib
import secrets
from datetime import timedelta

from flask import session as cookie
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from catalog.errors import Invalid, NotFound
from catalog.models import Organization
from marketplace.accounts import passwords
from marketplace.accounts.models import Membership, OneTimeLink, SignInFailure, User, UserSession
from marketplace.accounts.principal import digest, is_shut
from marketplace.errors import LinkGone
from marketplace.extensions import database, now

#: After this many failures in one window an account, or an address, must wait for the next window.
MAX_FAILURES = {"account": 8, "address": 40}
WINDOW_SECONDS = 600
LINK_LIFETIME = timedelta(days=3)


class TooMany(Exception):
    """Too many failed attempts; `retry_after` seconds remain."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


def sign_up(session: Session, *, email: str, password: str, name: str) -> User:
    """Make an account.

    Raises:
        Invalid: the address has an account already, or the password is the address.
    """
    address = email.strip().lower()
    if password.lower() == address:
        raise Invalid.at("password", "password_weak")
    if session.scalar(select(User.id).where(User.email == address)) is not None:
        raise Invalid.at("email", "email_taken")
    user = User(email=address, name=name, password_hash=passwords.hashed(password))
    session.add(user)
    session.flush()  # the first token and the first session point at the new key
    return user


def authenticate(session: Session, email: str, password: str, remote: str) -> User:
    """The account that the address and password name.

    Raises:
        Invalid: they do not fit; it does not say which of them. TooMany: wait first.
    """
    address = email.strip().lower()
    subjects = [("account", address), ("address", remote)]
    _require_few_failures(session, subjects)
    found = session.execute(select(User.id, User.password_hash).where(User.email == address)).one_or_none()
    session.rollback()  # hashing takes a while: hold no lock meanwhile, and leave room for the count below
    if not passwords.matches(None if found is None else found.password_hash, password) or found is None:
        _count_failure(subjects)
        raise Invalid.at("password", "credentials")
    user = session.get_one(User, found.id)
    if is_shut(user):
        raise Invalid.at("password", "credentials")
    if passwords.is_outdated(found.password_hash):
        user.password_hash = passwords.hashed(password)
    return user


def begin(session: Session, user: User) -> UserSession:
    """Start a sign-in on this device with a fresh key; whatever the cookie held before is forgotten."""
    key = secrets.token_urlsafe(32)
    own = select(Membership.organization_id).where(Membership.user_id == user.id)
    first = session.scalar(own.order_by(Membership.id).limit(1))
    row = UserSession(
        key_hash=digest(key), user_id=user.id, organization_id=first, created_at=now(), seen_at=now()
    )
    session.add(row)
    cookie.clear()
    cookie["_user_id"] = key
    cookie["_fresh"] = True
    return row


def end(session: Session) -> None:
    """End the sign-in of this device."""
    key = cookie.get("_user_id")
    if key is not None:
        session.execute(delete(UserSession).where(UserSession.key_hash == digest(key)))
    cookie.clear()


def act_for(session: Session, organization: Organization) -> None:
    """Let this device's sign-in act for `organization`."""
    key = cookie.get("_user_id", "")
    row = session.scalar(select(UserSession).where(UserSession.key_hash == digest(key)))
    if row is None:
        raise NotFound
    row.organization_id = organization.id


def issue_link(session: Session, user: User) -> str:
    """A secret with which the person can set a password once, within LINK_LIFETIME."""
    secret = secrets.token_urlsafe(32)
    session.add(OneTimeLink(user_id=user.id, secret_hash=digest(secret), expires_at=now() + LINK_LIFETIME))
    return secret


def link(session: Session, secret: str) -> OneTimeLink:
    """The unused link of that secret. Raises LinkGone: unknown, used or out of date."""
    row = session.scalar(
        select(OneTimeLink).where(OneTimeLink.secret_hash == digest(secret)).with_for_update(of=OneTimeLink)
    )
    if row is None or row.used_at is not None or row.expires_at < now():
        raise LinkGone
    return row


def use_link(session: Session, secret: str, password: str) -> User:
    """Set the password of the link's account and use the link up. Raises LinkGone as `link` does."""
    row = link(session, secret)
    row.used_at = now()
    row.user.password_hash = passwords.hashed(password)
    session.execute(delete(UserSession).where(UserSession.user_id == row.user_id))
    return row.user


def _require_few_failures(session: Session, subjects: list[tuple[str, str]]) -> None:
    moment = int(now().timestamp())
    for kind, value in subjects:
        row = session.get(SignInFailure, (_subject(kind, value), moment // WINDOW_SECONDS))
        if row is not None and row.failures >= MAX_FAILURES[kind]:
            raise TooMany(WINDOW_SECONDS - moment % WINDOW_SECONDS)


def _count_failure(subjects: list[tuple[str, str]]) -> None:
    """In a transaction of its own: the refused request itself is rolled back."""
    window = int(now().timestamp()) // WINDOW_SECONDS
    raise_count = text(
        'INSERT INTO sign_in_failure (subject, "window", failures) VALUES (:subject, :window, 1) '
        'ON CONFLICT (subject, "window") DO UPDATE SET failures = sign_in_failure.failures + 1'
    )
    with database().session() as writing, writing.begin():
        for kind, value in subjects:
            writing.execute(raise_count, {"subject": _subject(kind, value), "window": window})


def _subject(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()
