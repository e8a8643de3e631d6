"""The tables of people and their ways in."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog import clock
from catalog.db import Base, Identified, new_id, utcnow
from catalog.models import Organization

#: What a person may do in an organization. Everybody in it is a member; the others are granted one by one.
MEMBER, ADMIN, FINANCE, SIGNER = "member", "admin", "finance", "signer"
GRANTED = (ADMIN, FINANCE, SIGNER)


class User(Identified, Base):
    """A person who can sign in."""

    __tablename__ = "app_user"

    #: Lower case; the name one signs in with.
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    #: argon2id; none until the one-time link is used.
    password_hash: Mapped[str | None] = mapped_column(String(200))
    #: Language of mails, "ko" or "en": the one chosen last while signed in.
    locale: Mapped[str] = mapped_column(String(2), default="ko")
    #: When the person showed that mail to `email` reaches them; until then only mails of the doors go there.
    email_proved_at: Mapped[datetime | None]
    #: Since when the operator keeps the person out.
    suspended_at: Mapped[datetime | None]
    #: Base32; asked for at sign-in once `totp_on_at` is set.
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_on_at: Mapped[datetime | None]
    #: Time step of the last code that counted: a code counts once.
    totp_step: Mapped[int | None] = mapped_column(BigInteger)

    memberships: Mapped[list["Membership"]] = relationship(back_populates="user", order_by="Membership.id")


class Membership(Base):
    """A person's place in an organization."""

    __tablename__ = "membership"
    __table_args__ = (Index("uq_membership", "user_id", "organization_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_finance: Mapped[bool] = mapped_column(default=False)
    is_signer: Mapped[bool] = mapped_column(default=False)

    user: Mapped[User] = relationship(back_populates="memberships")
    organization: Mapped[Organization] = relationship()

    @property
    def rights(self) -> frozenset[str]:
        """MEMBER and whatever was granted."""
        return frozenset([MEMBER, *(right for right in GRANTED if getattr(self, f"is_{right}"))])

    def grant(self, rights: Collection[str]) -> None:
        """Let the person have exactly these rights besides MEMBER."""
        for right in GRANTED:
            setattr(self, f"is_{right}", right in rights)


class UserSession(Base):
    """A sign-in on one device: a row, so that it can be ended from elsewhere."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_id)
    #: SHA-256 of the key in the cookie.
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    #: Browser and system in a few classes, "chrome/windows"; never the whole User-Agent.
    device: Mapped[str] = mapped_column(String(30), default="other/other")
    #: The organization that the person acts for now.
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    #: The role of that organization whose screens are shown; None: its first.
    acting_role: Mapped[str | None] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    seen_at: Mapped[datetime] = mapped_column(default=utcnow)

    user: Mapped[User] = relationship()


class ApiToken(Identified, Base):
    """A program's way in: for one person acting for one organization, or for an organization itself."""

    __tablename__ = "api_token"
    __table_args__ = (CheckConstraint("user_id IS NOT NULL OR organization_id IS NOT NULL", name="owner"),)

    #: None: the organization's own token, which works on whoever leaves.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    #: None follows the person's first organization.
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    #: SHA-256 of the token; the token itself is shown once.
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    #: Words of `accounts/scopes.py` with spaces between them; None lets it do all that its owner may.
    scopes: Mapped[str | None] = mapped_column(String(400))
    expires_at: Mapped[datetime]
    #: Kept to the minute.
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User | None] = relationship()
    organization: Mapped[Organization | None] = relationship()

    @property
    def last_day(self) -> date:
        """The last day on which it works: `expires_at` is the end of that day."""
        return clock.day_of(self.expires_at - timedelta(seconds=1))


#: What a one-time link is good for: a first or new password, proof of an address, the second step of a sign-in.
WELCOME, RESET, PROOF, SECOND_STEP = "welcome", "reset", "proof", "second"
PURPOSES = (WELCOME, RESET, PROOF, SECOND_STEP)


class OneTimeLink(Base):
    """A secret that is good for one purpose, once, for a while."""

    __tablename__ = "one_time_link"
    __table_args__ = (CheckConstraint(f"purpose IN {PURPOSES!r}", name="purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(10), default=WELCOME)
    #: PROOF: the address that it was sent to.
    email: Mapped[str | None] = mapped_column(String(254))
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class RecoveryCode(Base):
    """A code that stands in for the second factor once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    #: SHA-256; 80 random bits need no slow hash.
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    used_at: Mapped[datetime | None]


class KnownDevice(Base):
    """A browser in which the person signed in before: others' wrong passwords do not lock it out."""

    __tablename__ = "known_device"
    __table_args__ = (Index("uq_known_device", "user_id", "key_hash", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    #: SHA-256 of the random word in the browser's long-lived cookie.
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    first_at: Mapped[datetime] = mapped_column(default=utcnow)
    last_at: Mapped[datetime] = mapped_column(default=utcnow)


class Invitation(Identified, Base):
    """An organization asks somebody at an address to join it."""

    __tablename__ = "invitation"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    #: Lower case; only whoever holds this address may accept.
    email: Mapped[str] = mapped_column(String(254), index=True)
    #: Rights besides MEMBER.
    rights: Mapped[list[Any]]
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    organization: Mapped[Organization] = relationship()
    inviter: Mapped[User | None] = relationship()


WAITING, ACCEPTED, REFUSED, WITHDRAWN = "waiting", "accepted", "refused", "withdrawn"
REQUEST_STATES = (WAITING, ACCEPTED, REFUSED, WITHDRAWN)


class JoinRequest(Identified, Base):
    """A person asks to join an organization whose number is registered already."""

    __tablename__ = "join_request"
    __table_args__ = (CheckConstraint(f"state IN {REQUEST_STATES!r}", name="state"),)

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    message: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    answered_at: Mapped[datetime | None]

    organization: Mapped[Organization] = relationship()
    user: Mapped[User] = relationship()


class IdempotencyRecord(Base):
    """The answer to a POST that carried an Idempotency-Key: repeated as it was, for a day."""

    __tablename__ = "idempotency_record"
    __table_args__ = (Index("uq_idempotency_record", "scope", "key", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Whose key it is: a token's public id, or "anonymous".
    scope: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(255))
    #: SHA-256 of method, path, query and body.
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    answer: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)


class SignInFailure(Base):
    """Counts failed sign-ins (and requests for mail) of one account, device or address in one window of time."""

    __tablename__ = "sign_in_failure"

    #: Such as "account:…" or "address:…", hashed.
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
