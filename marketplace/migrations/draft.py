"""Draft a migration from what the models have and a fresh database has not: `make migration`."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

from catalog.db import make_engine
from marketplace.operations.migrate import FOLDER


def draft(message: str, folder: Path = FOLDER) -> None:
    """Write the next migration into `folder`'s versions; what it says is to be read before it is kept."""
    settings = Config(str(FOLDER / "alembic.ini"))
    settings.set_main_option("script_location", str(folder))
    with tempfile.TemporaryDirectory() as scratch:
        engine = make_engine(f"sqlite:///{Path(scratch) / 'draft.db'}")
        for step in (
            lambda: command.upgrade(settings, "head"),
            lambda: command.revision(settings, message, autogenerate=True),
        ):
            with engine.begin() as connection:
                settings.attributes["connection"] = connection
                step()
        engine.dispose()


if __name__ == "__main__":
    draft(sys.argv[1])
