"""Browsers in which a person signed in: what they are called, which are known, and ending their sign-ins."""

import secrets

from flask import after_this_request, current_app, request
from flask import session as cookie
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from marketplace.accounts.attempts import Subject
from marketplace.accounts.models import KnownDevice, User, UserSession
from marketplace.accounts.principal import digest
from marketplace.accounts.suspension import revoke_tokens
from marketplace.config import SESSION_IDLE, SESSION_LIFETIME
from marketplace.extensions import now

A_YEAR = 365 * 24 * 3600
#: The oldest ones are forgotten beyond this many a person.
MAX_KNOWN = 20

#: Word in a User-Agent → class, first hit counts: Edge and Samsung call themselves Chrome too, Chrome itself Safari.
BROWSERS = (
    ("edg", "edge"),
    ("samsungbrowser", "samsung"),
    ("whale", "whale"),
    ("firefox", "firefox"),
    ("fxios", "firefox"),
    ("chrome", "chrome"),
    ("crios", "chrome"),
    ("safari", "safari"),
)
SYSTEMS = (
    ("iphone", "ios"),
    ("ipad", "ios"),
    ("android", "android"),
    ("windows", "windows"),
    ("mac os", "mac"),
    ("cros", "chromeos"),
    ("linux", "linux"),
)
OTHER = "other"


def described(user_agent: str) -> str:
    """Browser and system in a few classes, "chrome/windows"; what is not known is "other"."""
    text = user_agent[:400].lower()
    browser = next((found for word, found in BROWSERS if word in text), OTHER)
    system = next((found for word, found in SYSTEMS if word in text), OTHER)
    return f"{browser}/{system}"


def word() -> str:
    """The random word of this browser; "" if it has none."""
    return request.cookies.get(cookie_name(), "")[:64]


def cookie_name() -> str:
    """Name of the long-lived cookie."""
    return "__Host-ieum-device" if current_app.config["SESSION_COOKIE_SECURE"] else "ieum-device"


def known(session: Session, user_key: int, device: str) -> KnownDevice | None:
    """The person's known device of that word."""
    if not device:
        return None
    return session.scalar(
        select(KnownDevice).where(KnownDevice.user_id == user_key, KnownDevice.key_hash == digest(device))
    )


def counted(device: KnownDevice | None, account: Subject, *others: Subject) -> list[Subject]:
    """Whom a try counts against: a known device by itself, so that others' wrong tries elsewhere do not lock it out."""
    return [account, *others] if device is None else [("device", f"{account[0]}:{device.id}")]


def remember(session: Session, user: User) -> bool:
    """Know this browser from now on; answers whether it is new for somebody who has used others before."""
    given = word()
    row = known(session, user.id, given)
    if row is not None:
        row.last_at = now()
        return False
    others = session.scalar(select(func.count(KnownDevice.id)).where(KnownDevice.user_id == user.id)) or 0
    if others >= MAX_KNOWN:
        oldest = select(KnownDevice.id).where(KnownDevice.user_id == user.id).order_by(KnownDevice.last_at)
        session.execute(
            delete(KnownDevice).where(
                KnownDevice.id.in_(list(session.scalars(oldest.limit(others - MAX_KNOWN + 1))))
            )
        )
    fresh = given if len(given) >= 43 else secrets.token_urlsafe(32)
    session.add(KnownDevice(user_id=user.id, key_hash=digest(fresh), first_at=now(), last_at=now()))
    _give(fresh)
    return others > 0


def of_user(session: Session, user_key: int) -> list[UserSession]:
    """A person's sign-ins that still hold, the one seen last first."""
    rows = select(UserSession).where(UserSession.user_id == user_key)
    rows = rows.where(UserSession.seen_at >= now() - SESSION_IDLE)
    rows = rows.where(UserSession.created_at >= now() - SESSION_LIFETIME)
    return list(session.scalars(rows.order_by(UserSession.seen_at.desc(), UserSession.id.desc())))


def is_this(row: UserSession) -> bool:
    """Whether the sign-in is the one of this request."""
    return row.key_hash == digest(cookie.get("_user_id", ""))


def forget_old(session: Session, user: User) -> None:
    """Drop the person's sign-ins that have run out."""
    rows = delete(UserSession).where(UserSession.user_id == user.id)
    session.execute(rows.where(UserSession.created_at < now() - SESSION_LIFETIME))


def end_all(session: Session, user: User, *, with_tokens: bool = False, but_this: bool = False) -> None:
    """End the person's sign-ins on every device, or on every other one; `with_tokens` ends their tokens too."""
    ended = delete(UserSession).where(UserSession.user_id == user.id)
    if but_this:
        ended = ended.where(UserSession.key_hash != digest(cookie.get("_user_id", "")))
    session.execute(ended)
    if with_tokens:
        revoke_tokens(session, user, now())


def _give(fresh: str) -> None:
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])

    @after_this_request
    def _set(response: Response) -> Response:
        response.set_cookie(
            cookie_name(), fresh, max_age=A_YEAR, secure=secure, httponly=True, samesite="Lax", path="/"
        )
        return response
