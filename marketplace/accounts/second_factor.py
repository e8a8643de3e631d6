"""The second factor: codes of an authenticator (TOTP, RFC 6238), each of which counts once, and recovery codes."""

import base64
import hashlib
import hmac
import secrets

import pyotp
import segno
from flask import current_app
from markupsafe import Markup
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from catalog.errors import Conflict, Invalid
from marketplace.accounts.models import RecoveryCode, User
from marketplace.accounts.principal import digest
from marketplace.extensions import now

STEP_SECONDS = 30
#: Codes of the step before and the one after count too: clocks differ.
TOLERANCE = 1
RECOVERY_CODES = 10


def start(user: User) -> None:
    """Choose a fresh secret; nothing is asked for at sign-in until `confirm`. Raises Conflict: it is on already."""
    if user.totp_on_at is not None:
        raise Conflict("second_factor.on")
    user.totp_secret = pyotp.random_base32()


def address(user: User) -> str:
    """What an authenticator reads: otpauth://totp/…"""
    site = str(current_app.config["SITE_NAME"])
    return pyotp.TOTP(user.totp_secret or "").provisioning_uri(name=user.email, issuer_name=site)


def picture(user: User) -> Markup:
    """The same as a QR code, drawn as SVG; dark on light in every theme, because readers expect it so."""
    drawn = segno.make(address(user), error="m", micro=False).svg_inline(scale=4, light="#fff")
    return Markup(drawn)  # noqa: S704 - drawn by segno from our own text; there are no words in it


def confirm(session: Session, user: User, code: str) -> None:
    """Ask for the second factor from now on.

    Raises:
        Conflict: it is on already, or was not started. Invalid: the code is not the authenticator's.
    """
    row = _locked(session, user)
    if row.totp_on_at is not None:
        raise Conflict("second_factor.on")
    if row.totp_secret is None:
        raise Conflict("second_factor.off")
    if not _counts(row, code):
        raise Invalid.at("code", "code_wrong")
    row.totp_on_at = now()


def accept(session: Session, user: User, code: str) -> None:
    """Let a code count: the authenticator's, or one of the recovery codes.

    Raises:
        Invalid: it is neither, or it counted before.
    """
    row = _locked(session, user)
    typed = "".join(code.split()).replace("-", "").lower()
    if row.totp_on_at is None or not (_counts(row, typed) or _recovers(session, row, typed)):
        raise Invalid.at("code", "code_wrong")


def turn_off(session: Session, user: User) -> None:
    """Ask for it no more and forget the secret and the recovery codes. Raises Conflict: it is off already."""
    require_on(user)
    user.totp_secret = user.totp_on_at = user.totp_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def require_on(user: User) -> None:
    """Raises Conflict: it is off."""
    if user.totp_on_at is None:
        raise Conflict("second_factor.off")


def renew_recovery(session: Session, user: User, occasion: str) -> list[str]:
    """Ten fresh recovery codes; the ones before count no more. The same `occasion` (a form sent twice) gives the same
    codes, which are not kept; an empty one gives random ones."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = recovery_codes(user, occasion)
    session.add_all(RecoveryCode(user_id=user.id, code_hash=digest(code.replace("-", ""))) for code in codes)
    return codes


def recovery_codes(user: User, occasion: str) -> list[str]:
    """The codes of that occasion: 80 bits each, "abcd-efgh-ijkl-mnop"."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    seed = "\0".join(("recovery", user.public_id, occasion or secrets.token_hex(16)))
    macs = [hmac.new(key, f"{seed}\0{i}".encode(), hashlib.sha256).digest() for i in range(RECOVERY_CODES)]
    words = [base64.b32encode(mac[:10]).decode().lower() for mac in macs]
    return ["-".join(word[at : at + 4] for at in range(0, 16, 4)) for word in words]


def codes_left(session: Session, user_key: int) -> int:
    """How many recovery codes can still be used."""
    unused = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.user_id == user_key, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(unused) or 0


def _locked(session: Session, user: User) -> User:
    """The account's row until the commit: the same code sent twice at once counts once."""
    rows = select(User).where(User.id == user.id).with_for_update()
    return session.scalars(rows.execution_options(populate_existing=True)).one()


def _counts(user: User, code: str) -> bool:
    typed = "".join(code.split())
    present = int(now().timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(user.totp_secret or "")
    for step in range(present - TOLERANCE, present + TOLERANCE + 1):
        is_fresh = user.totp_step is None or step > user.totp_step
        if is_fresh and hmac.compare_digest(generator.generate_otp(step).encode(), typed.encode()):
            user.totp_step = step
            return True
    return False


def _recovers(session: Session, user: User, typed: str) -> bool:
    row = session.scalar(
        select(RecoveryCode).where(RecoveryCode.user_id == user.id, RecoveryCode.code_hash == digest(typed))
    )
    if row is None or row.used_at is not None:
        return False
    row.used_at = now()
    return True
