"""Tokens for programs: long random words, kept as hashes, shown once, good until a day."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from catalog import clock
from catalog.errors import Invalid, NotFound
from catalog.models import Organization
from marketplace.accounts import scopes as scope_table
from marketplace.accounts.models import ApiToken, Membership, User
from marketplace.accounts.principal import digest
from marketplace.extensions import now

PREFIX = "ieum_"
LIFETIME_DAYS = 365
MAX_LIFETIME_DAYS = 730


def issue(
    session: Session,
    user: User,
    *,
    name: str,
    organization: Organization | None = None,
    secret: str | None = None,
    scopes: Collection[str] | None = None,
    expires_on: date | None = None,
) -> tuple[ApiToken, str]:
    """Make a person's token; returns its row and the word itself, which is not kept.

    Args:
        organization: the one acted for; None follows the person's first.
        scopes: None lets it do all that the person may.
        expires_on: its last day, in Korea; None is a year from now.

    Raises:
        NotFound: the person does not belong to `organization`.
        Invalid: an unknown scope; a last day that is past or more than MAX_LIFETIME_DAYS ahead.
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
        scopes=scope_table.written(scopes),
        expires_at=_end(expires_on),
    )
    session.add(token)
    return token, word


def issue_to_organization(
    session: Session,
    organization: Organization,
    *,
    name: str,
    scopes: Collection[str],
    expires_on: date | None = None,
    secret: str | None = None,
) -> tuple[ApiToken, str]:
    """Make a token of the organization itself: it works on whoever leaves. Returns its row and the word.

    Raises:
        Invalid: no scope, one that only a person can have, or a last day as in `issue`.
    """
    for scope in scopes:
        if scope in scope_table.PERSONAL:
            raise Invalid.at("scopes", "scope_personal")
    word = secret or PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        user_id=None,
        organization_id=organization.id,
        name=name,
        token_hash=digest(word),
        scopes=scope_table.written(scopes),
        expires_at=_end(expires_on),
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
    """A person's tokens that were not revoked, those past their end included, newest first."""
    rows = select(ApiToken).where(ApiToken.user_id == user_key, ApiToken.revoked_at.is_(None))
    return list(session.scalars(rows.options(joinedload(ApiToken.organization)).order_by(ApiToken.id.desc())))


def of_organization(session: Session, organization: Organization) -> list[ApiToken]:
    """The organization's own tokens that were not revoked, newest first."""
    rows = select(ApiToken).where(ApiToken.user_id.is_(None), ApiToken.organization_id == organization.id)
    return list(session.scalars(rows.where(ApiToken.revoked_at.is_(None)).order_by(ApiToken.id.desc())))


def revoke(token: ApiToken) -> None:
    """End a token; harmless if repeated."""
    token.revoked_at = token.revoked_at or now()


def default_last_day() -> date:
    """The last day of a token that says nothing about it."""
    return clock.day_of(now()) + timedelta(days=LIFETIME_DAYS)


def _end(last_day: date | None) -> datetime:
    """The moment at which the last day ends in Korea."""
    today = clock.day_of(now())
    if last_day is None:
        last_day = default_last_day()
    if not today <= last_day <= today + timedelta(days=MAX_LIFETIME_DAYS):
        raise Invalid.at("expires_on", "token_end", days=MAX_LIFETIME_DAYS)
    return datetime.combine(last_day + timedelta(days=1), time(), clock.SEOUL)
