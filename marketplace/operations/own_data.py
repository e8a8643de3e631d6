"""Copies of own data: asked for on a page, made by the worker, there for a week for the person who asked."""

import tempfile
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from catalog import clock, outbox
from catalog.errors import Conflict, NotFound
from catalog.files import FileStore
from catalog.models import Organization
from marketplace import extensions, notices, tasks, worker
from marketplace.accounts.data_requests import ASKED, GONE, READY, DataExport
from marketplace.accounts.models import Membership, User
from marketplace.downloads import attachment
from marketplace.operations import organization_archive, own_archive

MAKE, PURGE = "own_data.make", "own_data.purge"
ZIP = "application/zip"
KEPT = timedelta(days=7)
#: Copies of one person that may lie in the store at once.
MOST = 5
#: Larger archives are collected on disk.
_IN_MEMORY = 8 * 1024 * 1024


def init_app(app: Flask) -> None:
    """Let the worker make copies and take them away again."""

    def tick(moment: datetime) -> None:
        with extensions.database(app).session() as session, session.begin():
            purge_due(session, moment)

    tasks.handle(app, MAKE, lambda _key, payload: make(app, payload))
    tasks.handle(app, PURGE, lambda _key, payload: _store(app).delete(payload["storage_key"]))
    tasks.every_tick(app, tick)


def ask(session: Session, user: User, organization: Organization | None) -> DataExport:
    """Ask for a copy of the person's data, or of the organization's; one that is still being made is answered again.

    Raises:
        Conflict: as many as MOST are there to be fetched.
    """
    # Held until the commit, so that two requests at once are one after the other.
    session.execute(select(User.id).where(User.id == user.id).with_for_update())
    mine = select(DataExport).where(DataExport.user_id == user.id)
    same = DataExport.organization_id == (None if organization is None else organization.id)
    waiting = session.scalar(mine.where(same, DataExport.state == ASKED).limit(1))
    if waiting is not None:
        return waiting
    ready = select(func.count(DataExport.id)).where(DataExport.user_id == user.id, DataExport.state == READY)
    if (session.scalar(ready) or 0) >= MOST:
        raise Conflict("export.too_many", max=MOST)
    row = DataExport(user=user, organization=organization, state=ASKED)
    session.add(row)
    session.flush()  # the message names it
    outbox.record(session, MAKE, row.public_id, {"export": row.public_id})
    return row


def make(app: Flask, payload: dict[str, Any]) -> None:
    """Write the archive and tell the person. Repeated, it writes under the same key, or finds that all is done."""
    with extensions.database(app).session(
        reading=True
    ) as reading:  # collecting takes a while: nobody waits for it
        row = reading.scalar(_waiting(payload))
        if row is None:
            return
        measured = _written(reading, _store(app), row) if _may(reading, row) else None
    worker.crash_point(app, "own_data.stored")
    with app.app_context(), extensions.database(app).session() as session, session.begin():
        row = session.scalar(_waiting(payload).with_for_update(of=DataExport))
        if row is None:
            return
        if measured is None:
            row.state = GONE
            return
        row.state, (row.size, row.sha256) = READY, measured
        row.expires_at = extensions.now() + KEPT
        page = "/account/data" if row.organization_id is None else "/organization/data"
        notices.tell(session, "export.ready", key=row.public_id, link=page, about=row, users=[row.user])


def attached(row: DataExport) -> Response:
    """The archive as something to save. Raises NotFound: its bytes are gone."""
    try:
        stream = extensions.file_store().open(row.storage_key)
    except FileNotFoundError:
        raise NotFound from None
    name = f"ieum-{clock.day_of(row.created_at)}.zip"
    return attachment(stream, name=name, content_type=ZIP, size=row.size or 0)


def purge_due(session: Session, moment: datetime) -> None:
    """Mark copies whose week is over, and let their bytes be taken away."""
    due = select(DataExport).where(DataExport.state == READY, DataExport.expires_at <= moment)
    for row in session.scalars(due).all():
        forget(session, row)


def forget(session: Session, row: DataExport) -> None:
    """End a copy before its time; its bytes go after the commit."""
    row.state = GONE
    outbox.record(session, PURGE, row.public_id, {"storage_key": row.storage_key})


def _waiting(payload: dict[str, Any]) -> Select[DataExport]:
    """The copy to be made; nothing if it is made already, or no longer wanted."""
    return select(DataExport).where(DataExport.public_id == payload["export"], DataExport.state == ASKED)


def _written(reading: Session, store: FileStore, row: DataExport) -> tuple[int, str]:
    """Collect and put the archive into the store; answers its length and fingerprint."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as archive:
        if row.organization is None:
            data, files = own_archive.of_person(reading, row.user)
        else:
            data, files = organization_archive.of_organization(reading, row.organization)
        own_archive.write(archive, data, files, store)
        measured = own_archive.measured(archive)
        store.put(row.storage_key, archive)
        return measured


def _may(session: Session, row: DataExport) -> bool:
    """Whether the person is still allowed what they asked for: of an organization only its admins are."""
    if row.organization_id is None:
        return True
    seat = select(Membership.id).where(
        Membership.user_id == row.user_id,
        Membership.organization_id == row.organization_id,
        Membership.is_admin,
    )
    return session.scalar(seat) is not None


def _store(app: Flask) -> FileStore:
    store: FileStore = app.extensions["files"]
    return store
