"""Fetching copies of own data and requests for deletion."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from catalog.errors import NotFound
from catalog.models import Organization
from marketplace.accounts.access.fetching import Who, is_named, one
from marketplace.accounts.data_requests import READY, WAITING, DataExport, DeletionRequest
from marketplace.accounts.models import ADMIN
from marketplace.accounts.principal import Principal


def own_exports(session: Session, who: Principal, organization_key: int | None) -> list[DataExport]:
    """Copies that the person asked for, of their own data (None) or of an organization's, newest first."""
    rows = select(DataExport).where(
        DataExport.user_id == who.user_key, DataExport.organization_id == organization_key
    )
    return list(session.scalars(rows.order_by(DataExport.id.desc()).limit(10)))


def own_export(session: Session, who: Principal, export_id: UUID, now: datetime) -> DataExport:
    """A copy to be fetched by the person who asked for it, as long as they are an admin if it is a company's."""
    mine = select(DataExport).where(DataExport.user_id == who.user_key, DataExport.state == READY)
    row = one(session, mine.where(is_named(DataExport, export_id)))
    governed = {seat.key for seat in who.seats if ADMIN in seat.rights}
    if row.expires_at is None or row.expires_at <= now or row.organization_id not in {None, *governed}:
        raise NotFound
    return row


def own_deletion_request(session: Session, who: Who, request_id: UUID) -> DeletionRequest:
    """A request of the acting organization."""
    mine = select(DeletionRequest).where(DeletionRequest.organization_id == who.organization_key)
    return one(session, mine.where(is_named(DeletionRequest, request_id)))


def own_deletion_requests(session: Session, who: Who) -> list[DeletionRequest]:
    """What the acting organization asked, newest first."""
    mine = select(DeletionRequest).where(DeletionRequest.organization_id == who.organization_key)
    return list(session.scalars(mine.order_by(DeletionRequest.id.desc()).limit(5)))


def any_deletion_request(session: Session, request_id: UUID) -> DeletionRequest:
    """Any request: for the operator's routes only."""
    return one(session, select(DeletionRequest).where(is_named(DeletionRequest, request_id)))


def deletion_requests(
    session: Session, *, state: str | None, offset: int, limit: int
) -> tuple[list[DeletionRequest], int]:
    """Requests, oldest first, and how many in all: for the operator's routes only."""
    rows, total = select(DeletionRequest), select(func.count(DeletionRequest.id))
    if state is not None:
        rows, total = rows.where(DeletionRequest.state == state), total.where(DeletionRequest.state == state)
    shown = rows.options(joinedload(DeletionRequest.organization), joinedload(DeletionRequest.user))
    found = session.scalars(shown.order_by(DeletionRequest.id).offset(offset).limit(limit)).all()
    return list(found), session.scalar(total) or 0


def waiting_deletion_requests(session: Session, limit: int) -> list[DeletionRequest]:
    """Those that wait for the operator, oldest first: for the operator's routes only."""
    rows = select(DeletionRequest).where(DeletionRequest.state == WAITING)
    named = rows.options(joinedload(DeletionRequest.organization).lazyload(Organization.roles))
    return list(session.scalars(named.order_by(DeletionRequest.id).limit(limit)))
