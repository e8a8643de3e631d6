"""Alembic's entry: the product hands over its connection; developers' commands open one on a scratch database."""

import tempfile
from pathlib import Path

from alembic import context
from sqlalchemy import Connection

import marketplace.accounts.data_requests  # importing registers the tables
import marketplace.accounts.shares  # importing registers the tables
import marketplace.operations.backup_runs  # noqa: F401  # importing registers the tables
import matching.models  # noqa: F401  # importing registers the tables
from catalog.db import Base, make_engine


def run(connection: Connection) -> None:
    """Configure and run on one connection."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'scratch.db'}")
        with engine.begin() as scratch:
            run(scratch)
        engine.dispose()
