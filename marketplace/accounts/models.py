"""The tables of people and their ways in."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified, utcnow
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
    #: SHA-256 of the key in the cookie.
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    #: The organization that the person acts for now.
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    seen_at: Mapped[datetime] = mapped_column(default=utcnow)

    user: Mapped[User] = relationship()


class ApiToken(Identified, Base):
    """A program's way in, for one person acting for one organization."""

    __tablename__ = "api_token"

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    #: None follows the person's first organization.
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    name: Mapped[str] = mapped_column(String(80))
    #: SHA-256 of the token; the token itself is shown once.
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class OneTimeLink(Base):
    """A link that sets a password once."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"))
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

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
    """Counts failed sign-ins of one account or address in one window of time."""

    __tablename__ = "sign_in_failure"

    #: "account:…" or "address:…", hashed.
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
