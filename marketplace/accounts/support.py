"""Support access: one of the operator's people reads a customer's pages for an hour, for a stated reason.

It is a seat in the customer's organization for the sign-in that asked for it (`principal.py` puts it in place) with the
few reading permissions of `roles.SUPPORT_READS`. Every page view is in the audit chain before it is shown.
"""

from datetime import datetime, timedelta

from flask import Flask, current_app, request
from flask import session as cookie
from flask_login import current_user
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog.errors import NotAllowed, NotFound
from catalog.models import Organization
from catalog.models.organization import OPERATOR
from marketplace import audit
from marketplace.accounts import roles
from marketplace.accounts.models import UserSession
from marketplace.accounts.oversight import SupportAccess
from marketplace.accounts.principal import Principal, digest
from marketplace.extensions import database
from marketplace.security import is_api

LIFETIME = timedelta(hours=1)


def begin(
    session: Session, who: Principal, organization: Organization, reason: str, now: datetime
) -> SupportAccess:
    """Let the present sign-in look at `organization` for LIFETIME; a look that still ran ends.

    Raises:
        NotAllowed: the person belongs to it, or it is an operator's.
    """
    if organization.plays(OPERATOR) or organization.id in {seat.key for seat in who.seats}:
        raise NotAllowed("support.own")
    key = select(UserSession.id).where(UserSession.key_hash == digest(cookie.get("_user_id", "")))
    session_id = session.scalar(key)
    if session_id is None:
        raise NotFound
    _end_of(session, session_id, now)
    row = SupportAccess(
        organization=organization,
        operator_email=who.email,
        session_id=session_id,
        reason=reason,
        created_at=now,
        ends_at=now + LIFETIME,
    )
    session.add(row)
    session.flush()  # the notice and the audit entry name it
    return row


def end(session: Session, access_id: str, now: datetime) -> SupportAccess:
    """End a look before its time; harmless if repeated. Raises NotFound: there is none."""
    row = session.scalar(select(SupportAccess).where(SupportAccess.public_id == access_id))
    if row is None:
        raise NotFound
    row.ended_at = row.ended_at or min(now, row.ends_at)
    return row


def _end_of(session: Session, session_id: int, now: datetime) -> None:
    running = (SupportAccess.session_id == session_id) & SupportAccess.ended_at.is_(None)
    session.execute(update(SupportAccess).where(running, SupportAccess.ends_at > now).values(ended_at=now))


def _note_view() -> None:
    """Write what is about to be looked at into the chain: what cannot be noted is not shown."""
    looking = None if is_api() or request.endpoint in {None, "static"} else current_user.support
    view = current_app.view_functions.get(request.endpoint or "")
    if looking is None or getattr(view, "permission", None) not in roles.SUPPORT_READS:
        return
    with database().session() as writing, writing.begin():
        audit.record(writing, "support.view", looking, path=request.full_path.rstrip("?")[:500])


def init_app(app: Flask) -> None:
    """Note every page that is looked at in support."""
    app.before_request(_note_view)
