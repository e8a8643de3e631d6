"""`flask restore`: bring a backup into an empty database and the file store, and prove that it is the same."""

import hashlib
import json
from pathlib import Path
from typing import Any

from catalog.files import FileStore
from catalog.files.folder import FolderStore
from marketplace import audit
from marketplace.extensions import Database
from marketplace.operations import snapshots
from marketplace.operations.backup import COPIES, FILES, FORMAT, MANIFEST, Say, fingerprint
from marketplace.operations.snapshots import Trouble
from matching.search import sync


def bring_back(database: Database, store: FileStore, folder: Path, say: Say) -> list[str]:
    """Load the backup and compare; returns what differs, nothing if all is as it was.

    Raises:
        Trouble: before anything was changed: no backup, a damaged one, of another kind of database, or the database is
        not empty; later: a program failed.
    """
    manifest = _manifest(folder)
    snapshots.require_empty(database)
    source = _checked_copy(database, folder, manifest)
    damaged = _damaged(folder, manifest)
    if damaged:
        raise Trouble(f"the backup is damaged: {'; '.join(damaged)}")
    say(f"backup of {manifest['made_at']}: database and {len(manifest['files'])} files are whole")
    snapshots.load(database, source)
    say("database: loaded")
    differing = _compare_database(database, manifest)
    say("database: rows, audit chain and revision compared")
    differing += _restore_files(store, folder, manifest)
    say(f"files: {len(manifest['files'])} put into the store and read back")
    with database.session() as session, session.begin():
        sync.name_catalogue(session, anew=True)
    return differing


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: Any = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise Trouble(f"{folder} holds no backup: there is no readable {MANIFEST}") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise Trouble(f"{MANIFEST}: this version reads format {FORMAT} only")
    return dict(manifest)


def _checked_copy(database: Database, folder: Path, manifest: dict[str, Any]) -> Path:
    kind = database.engine.dialect.name
    if manifest["database"]["kind"] != kind:
        raise Trouble(f"this is a backup of {manifest['database']['kind']}, and DATABASE_URL names {kind}")
    source = folder / COPIES[kind]
    if not source.is_file() or fingerprint(source) != manifest["database"]["sha256"]:
        raise Trouble(f"the backup is damaged: {source.name} is missing or not what its fingerprint says")
    return source


def _damaged(folder: Path, manifest: dict[str, Any]) -> list[str]:
    kept = FolderStore(folder / FILES)
    return [file["key"] for file in manifest["files"] if _read(kept, file["key"]) != file["sha256"]]


def _compare_database(database: Database, manifest: dict[str, Any]) -> list[str]:
    with database.engine.connect() as connection:
        differing = snapshots.differences(manifest, snapshots.facts(connection))
    with database.session(reading=True) as session:
        broken = [f"audit entry {found.number}: {found.reason}" for found in audit.breaks(session)]
    return differing + broken


def _restore_files(store: FileStore, folder: Path, manifest: dict[str, Any]) -> list[str]:
    kept = FolderStore(folder / FILES)
    differing = []
    for file in manifest["files"]:
        with kept.open(file["key"]) as stream:
            store.put(file["key"], stream)
        if _read(store, file["key"]) != file["sha256"]:
            differing.append(f"file {file['key']}: not what its fingerprint says")
    return differing


def _read(store: FileStore, key: str) -> str | None:
    """Fingerprint of what the store holds under the key, None if nothing."""
    try:
        with store.open(key) as opened:
            return hashlib.sha256(opened.read()).hexdigest()
    except FileNotFoundError:
        return None
