"""A database as one file, taken at one moment while others write, and brought back: SQLite and PostgreSQL."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.engine import URL

from marketplace.extensions import Database

Facts = dict[str, Any]


class Trouble(Exception):
    """A backup or a restore cannot go on; the text is for the operator."""


@contextmanager
def taken(database: Database, target: Path) -> Iterator[Connection]:
    """Write the database to `target`; yields a connection that sees exactly what the file holds.

    Writers go on meanwhile. Raises Trouble: a program is missing or failed.
    """
    if database.engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(_path(database), timeout=15, isolation_level=None)) as source:
            source.execute(
                "VACUUM INTO ?", (str(target),)
            )  # one read transaction, the newest commits included
        target.chmod(0o600)
        copy = create_engine(f"sqlite:///{target}")
        try:
            with copy.connect() as connection:
                yield connection
        finally:
            copy.dispose()
        return
    with database.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        moment = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        _run(database.engine.url, "pg_dump", "-Fc", "--no-owner", f"--snapshot={moment}", f"--file={target}")
        target.chmod(0o600)
        yield connection


def load(database: Database, source: Path) -> None:
    """Bring `source` into an empty database. Raises Trouble: it is not empty, or a program is missing or failed."""
    require_empty(database)
    database.engine.dispose()
    if database.engine.dialect.name == "sqlite":
        target = _path(database)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.part")
        shutil.copyfile(source, part)
        for leftover in ("-wal", "-shm"):  # of the empty database: they must not be read into the new one
            target.with_name(target.name + leftover).unlink(missing_ok=True)
        part.replace(target)
        return
    options = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")
    _run(database.engine.url, "pg_restore", *options, f"--dbname={database.engine.url.database}", str(source))


def require_empty(database: Database) -> None:
    """Raises Trouble: the database holds tables."""
    if database.engine.dialect.name == "sqlite" and not _path(database).exists():
        return  # connecting would make the file
    with database.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
    if tables:
        raise Trouble(
            f"the database is not empty: it has {len(tables)} tables; name a new one in DATABASE_URL"
        )


def facts(connection: Connection) -> Facts:
    """What must be the same afterwards: migration, rows by table, end of the audit chain, catalogue's revision."""
    names = sorted(inspect(connection).get_table_names())
    quote = connection.dialect.identifier_preparer.quote_identifier

    def one(statement: str) -> Any:
        return connection.execute(text(statement)).scalar()

    counts = {name: one(f"SELECT count(*) FROM {quote(name)}") for name in names}  # noqa: S608 - names of our tables
    head = connection.execute(text("SELECT number, hash FROM audit_entry ORDER BY number DESC LIMIT 1"))
    last = head.one_or_none()
    return {
        "migration": one("SELECT version_num FROM alembic_version"),
        "counts": counts,
        "audit": {"number": 0, "hash": ""} if last is None else {"number": last.number, "hash": last.hash},
        "revision": one("SELECT value FROM counter WHERE name = 'catalog'") or 0,
    }


def differences(before: Facts, after: Facts) -> list[str]:
    """What is not as it was, one line each."""
    found = [
        f"{name}: {after[name]!r} instead of {before[name]!r}"
        for name in ("migration", "audit", "revision")
        if before[name] != after[name]
    ]
    tables = sorted(set(before["counts"]) | set(after["counts"]))
    return found + [
        f"table {name}: {after['counts'].get(name)} rows instead of {before['counts'].get(name)}"
        for name in tables
        if before["counts"].get(name) != after["counts"].get(name)
    ]


def _path(database: Database) -> Path:
    name = database.engine.url.database
    if not name or name == ":memory:":
        raise Trouble("a database in memory can be neither kept nor brought back")
    return Path(name)


def _run(url: URL, program: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise Trouble(f"{program} is not on the PATH (Debian: apt-get install postgresql-client)")
    # Never as an argument: everybody on the machine may read those.
    names = {
        "PGHOST": url.host,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    environment = {**os.environ, **{name: str(value) for name, value in names.items() if value is not None}}
    if url.port is not None:
        environment["PGPORT"] = str(url.port)
    done = subprocess.run(  # noqa: S603 - our own words only
        [found, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise Trouble(f"{program} failed: {lines[-1]}")
