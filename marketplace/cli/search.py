"""flask search …"""

import json
import sys

import click
from flask.cli import AppGroup

from catalog import counters
from marketplace.cli import search_run
from marketplace.cli.parity import parity
from marketplace.extensions import db, search_index, today
from matching.search import sync
from matching.search.engine import TROUBLE
from matching.search.query import SearchQuery

group = AppGroup("search", help="The search index.")
group.add_command(search_run.run)
group.add_command(parity)


@group.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def status(as_json: bool) -> None:
    """Say how far the index follows the catalogue; exit 1 where a search server does not answer.

    While it does not, the figures are those of the index that stands by, and `trouble` says why.
    """
    index = search_index()
    engine = index.current(db)
    revision = engine.revision
    answer: dict[str, str | int | None] = {
        "engine": index.name,
        "revision": revision,
        "listings": engine.search(SearchQuery(today(), limit=0)).everything_total,
        "behind": counters.current(db, counters.CATALOG) - revision,
    }
    if index.trouble():
        answer["trouble"] = index.trouble()
    click.echo(json.dumps(answer) if as_json else " ".join(f"{key}={value}" for key, value in answer.items()))
    if index.trouble():
        click.echo(f"the search server is {index.trouble()}", err=True)
        sys.exit(1)


@group.command("rebuild")
def rebuild() -> None:
    """Build the index anew from the database, here and in every server and worker that runs.

    A search server gets a fresh index beside the present one, which answers until the fresh one takes its place.
    """
    sync.name_catalogue(db)
    asked = sync.ask_rebuild(db)
    db.commit()
    try:
        reached = search_index().rebuild(db)
    except TROUBLE as error:
        click.echo(f"rebuild {asked}: {error}", err=True)
        sys.exit(1)
    click.echo(f"rebuild {asked}: built from the database up to revision {reached}", err=True)
