"""flask search …"""

import json

import click
from flask.cli import AppGroup

from catalog import counters
from marketplace.cli.parity import parity
from marketplace.extensions import db, follower
from matching.search import sync

group = AppGroup("search", help="The search index.")
group.add_command(parity)


@group.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def status(as_json: bool) -> None:
    """Say how far this engine follows the catalogue."""
    engine = follower().current(db)
    revision = counters.current(db, counters.CATALOG)
    answer = {
        "engine": "embedded",
        "revision": engine.revision,
        "listings": len(engine.all()),
        "behind": revision - engine.revision,
    }
    click.echo(json.dumps(answer) if as_json else " ".join(f"{key}={value}" for key, value in answer.items()))


@group.command("rebuild")
def rebuild() -> None:
    """Build the index anew from the database, here and in every server and worker that runs."""
    asked = sync.ask_rebuild(db)
    db.commit()
    reached = follower().catch_up(db)
    click.echo(f"rebuild {asked}: built from the database up to revision {reached}", err=True)
