"""Bring the database to the newest migration."""

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from marketplace import config
from marketplace.extensions import Database

FOLDER = config.ROOT / "marketplace" / "migrations"
#: Any number that only this product locks on PostgreSQL.
_LOCK = 4_073_621


def upgrade(database: Database) -> None:
    """Run what is missing. Several servers that start together take turns."""
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    with database.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
