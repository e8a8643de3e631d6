"""`flask backup`: the database at one moment, then every file that it names, then a manifest that says what there is.

The manifest is written last: a folder without one is no backup. docs/backup.md says what is in it.
"""

import contextlib
import hashlib
import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from catalog.db import utcnow
from catalog.files import FileStore
from catalog.files.folder import FolderStore
from catalog.models import StoredFile
from marketplace.extensions import Database
from marketplace.operations import snapshots
from marketplace.operations.backup_runs import DONE, FAILED, BackupRun
from marketplace.operations.snapshots import Trouble

FORMAT = 1
MANIFEST, FILES = "manifest.json", "files"
COPIES = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
_CHUNK = 1 << 20

Say = Callable[[str], None]


def make(database: Database, store: FileStore, folder: Path, say: Say) -> dict[str, Any]:
    """Back up into `folder`, which must be empty or not there yet; returns the manifest.

    Raises:
        Trouble: the folder is not empty, a program is missing or failed, a file is missing or not what its row says.
    """
    _require_empty(folder)
    started = utcnow()
    try:
        manifest = _make(database, store, folder, say)
    except (Trouble, OSError, SQLAlchemyError) as error:
        _note(database, _run(folder, started, {}), verdict=FAILED, detail=str(error))
        raise
    _note(database, _run(folder, started, manifest), verdict=DONE)
    return manifest


def fingerprint(path: Path) -> str:
    """SHA-256 of a file, hex."""
    digest = hashlib.sha256()
    with path.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _make(database: Database, store: FileStore, folder: Path, say: Say) -> dict[str, Any]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)  # it holds everybody's data
    kind = database.engine.dialect.name
    copy = folder / COPIES[kind]
    with snapshots.taken(database, copy) as connection:
        facts = snapshots.facts(connection)
        wanted = select(StoredFile.public_id, StoredFile.storage_key, StoredFile.size, StoredFile.sha256)
        rows = connection.execute(wanted.order_by(StoredFile.id)).all()
    say(f"database: {sum(facts['counts'].values())} rows in {len(facts['counts'])} tables")
    files, gone = [], []
    target = FolderStore(folder / FILES)
    for row in rows:
        if _copied(database, store, target, row):
            files.append({"key": row.storage_key, "size": row.size, "sha256": row.sha256})
        else:
            gone.append(row.storage_key)
    say(f"files: {len(files)} copied and compared, {len(gone)} removed by their owners meanwhile")
    manifest = {
        "format": FORMAT,
        "made_at": utcnow().isoformat(timespec="seconds"),
        "database": {
            "kind": kind,
            "file": copy.name,
            "size": copy.stat().st_size,
            "sha256": fingerprint(copy),
        },
        **facts,
        "files": files,
        "gone": gone,
    }
    part = folder / f".{MANIFEST}.part"
    part.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(folder / MANIFEST)
    say(f"manifest: audit chain up to {facts['audit']['number']}, catalogue revision {facts['revision']}")
    return manifest


def _copied(database: Database, store: FileStore, target: FolderStore, row: Any) -> bool:
    """Copy the bytes of a row and compare them; False if row and bytes were removed since the snapshot."""
    try:
        with store.open(row.storage_key) as stream:
            data = stream.read()  # an upload is small enough to be held (content.MAX_BYTES)
    except FileNotFoundError:
        with database.session(reading=True) as session:
            if session.scalar(select(StoredFile.id).where(StoredFile.public_id == row.public_id)) is None:
                return False
        raise Trouble(f"file {row.public_id} is missing from the store") from None
    if hashlib.sha256(data).hexdigest() != row.sha256:
        raise Trouble(f"file {row.public_id} is not what its fingerprint says")
    target.put(row.storage_key, io.BytesIO(data))
    return True


def _require_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Trouble(f"{folder} is not an empty folder; a backup never writes over another")


def _run(folder: Path, started: datetime, manifest: dict[str, Any]) -> BackupRun:
    files = manifest.get("files", [])
    return BackupRun(
        started_at=started,
        ended_at=utcnow(),
        place=str(folder)[:500],
        counts=manifest.get("counts", {}),
        files=len(files),
        size=sum(file["size"] for file in files) + manifest.get("database", {}).get("size", 0),
    )


def _note(database: Database, run: BackupRun, *, verdict: str, detail: str = "") -> None:
    """After a failure the database itself may be what is wrong: then the caller's error says more than ours."""
    run.verdict, run.detail = verdict, detail[:2000]
    with contextlib.suppress(SQLAlchemyError), database.session() as session, session.begin():
        session.add(run)
