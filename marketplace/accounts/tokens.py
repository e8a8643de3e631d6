"""Tokens for programs: long random words, kept as hashes, shown once."""

import base64
import hashlib
import hmac
import secrets

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.errors import NotFound
from catalog.models import Organization
from marketplace.accounts.models import ApiToken, Membership, User
from marketplace.accounts.principal import digest
from marketplace.extensions import now

PREFIX = "ieum_"


def issue(
    session: Session,
    user: User,
    *,
    name: str,
    organization: Organization | None = None,
    secret: str | None = None,
) -> tuple[ApiToken, str]:
    """Make a token; returns its row and the word itself, which is not kept.

    Raises:
        NotFound: the person does not belong to `organization`.
    """
    if organization is not None:
        seat = select(Membership.id).where(
            Membership.user_id == user.id, Membership.organization_id == organization.id
        )
        if session.scalar(seat) is None:
            raise NotFound
    word = secret or PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        user=user,
        organization_id=None if organization is None else organization.id,
        name=name,
        token_hash=digest(word),
    )
    session.add(token)
    return token, word


def derived(*parts: str) -> str:
    """The token that belongs to one idempotent request: the same parts give the same word, and only this server can.

    So a repeated request can be answered with its token although no token is kept.
    """
    key = str(current_app.config["SECRET_KEY"]).encode()
    mac = hmac.new(key, "\0".join(("token", *parts)).encode(), hashlib.sha256).digest()
    return PREFIX + base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def of_user(session: Session, user_key: int) -> list[ApiToken]:
    """A person's working tokens, newest first."""
    rows = select(ApiToken).where(ApiToken.user_id == user_key, ApiToken.revoked_at.is_(None))
    return list(session.scalars(rows.order_by(ApiToken.id.desc())))


def revoke(token: ApiToken) -> None:
    """End a token; harmless if repeated."""
    token.revoked_at = token.revoked_at or now()
