"""One-time links: random words, kept as hashes, each good for one purpose, once, for a while."""

import secrets
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts.attempts import TooMany
from marketplace.accounts.models import PROOF, RESET, SECOND_STEP, WELCOME, OneTimeLink, User
from marketplace.accounts.principal import digest
from marketplace.errors import LinkGone
from marketplace.extensions import now

LIFETIMES = {
    WELCOME: timedelta(days=3),
    PROOF: timedelta(days=3),
    RESET: timedelta(hours=1),
    SECOND_STEP: timedelta(minutes=10),
}
#: A person gets at most this many mails of one purpose in MAIL_WINDOW.
MAX_MAILS, MAIL_WINDOW = 3, timedelta(hours=1)


def issue(session: Session, user: User, purpose: str, email: str | None = None) -> str:
    """A fresh secret for that purpose; `email` is the address that a PROOF is sent to."""
    secret = secrets.token_urlsafe(32)
    session.add(
        OneTimeLink(
            user_id=user.id,
            purpose=purpose,
            email=email,
            secret_hash=digest(secret),
            created_at=now(),
            expires_at=now() + LIFETIMES[purpose],
        )
    )
    return secret


def find(session: Session, secret: str, *purposes: str) -> OneTimeLink:
    """The unused link of that secret, locked. Raises LinkGone: unknown, of another purpose, used or out of date."""
    rows = select(OneTimeLink).where(OneTimeLink.secret_hash == digest(secret))
    known = rows.options(joinedload(OneTimeLink.user)).with_for_update(of=OneTimeLink)
    row = session.scalar(known.execution_options(populate_existing=True))
    if row is None or row.purpose not in purposes or row.used_at is not None or row.expires_at < now():
        raise LinkGone
    return row


def use_up(session: Session, user: User, *purposes: str) -> None:
    """End every open link of the person for these purposes."""
    rows = update(OneTimeLink).where(OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None))
    session.execute(rows.where(OneTimeLink.purpose.in_(purposes)).values(used_at=now()))


def require_few(session: Session, user: User, purpose: str) -> None:
    """Refuse a further mail of that purpose for now.

    Raises:
        TooMany: MAX_MAILS were sent within MAIL_WINDOW.
    """
    since = now() - MAIL_WINDOW
    sent = select(func.count(OneTimeLink.id), func.min(OneTimeLink.created_at)).where(
        OneTimeLink.user_id == user.id, OneTimeLink.purpose == purpose, OneTimeLink.created_at > since
    )
    count, first = session.execute(sent).one()
    if count >= MAX_MAILS:
        raise TooMany(max(1, int((first - since).total_seconds())))
