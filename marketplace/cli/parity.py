"""flask search parity"""

import json
import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from matching.search import parity as comparing
from matching.search.engine import EngineDown, EngineUnusable


@click.command("parity")
@click.option(
    "--listings", type=click.IntRange(1, 10_000_000), default=2_000, show_default=True, help="How many."
)
@click.option(
    "--queries", type=click.IntRange(1, 1_000_000), default=500, show_default=True, help="How many."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Draws other listings and questions.")
@click.option("--elastic", "urls", help="URLs of the nodes, separated by commas; else SEARCH_URL.")
@click.option("--updates", type=click.IntRange(0), default=0, help="Write so many listings anew halfway.")
@click.option("--shards", type=click.IntRange(1, 100), default=1, show_default=True, help="Of the index.")
@click.option("--replicas", type=click.IntRange(0, 10), default=0, show_default=True, help="Of each shard.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
@with_appcontext
def parity(
    *,
    listings: int,
    queries: int,
    seed: int,
    urls: str | None,
    updates: int,
    shards: int,
    replicas: int,
    as_json: bool,
) -> None:
    """Compare the embedded engine with Elasticsearch on synthetic listings and questions.

    Product data is not touched: the index has a name of its own and is removed at the end. Ends with 0 when every
    answer is the same and proven, 1 when one is not, 2 when no server can be asked.
    """
    named = urls or current_app.config["SEARCH_URL"]
    nodes = [url.strip() for url in named.split(",") if url.strip()]
    if not nodes or not all(url.startswith(("http://", "https://")) for url in nodes):
        _refuse(f"--elastic: {named!r} names no Elasticsearch, expected http://… or https://…")
    try:
        size = comparing.Size(listings, queries, seed, updates, shards, replicas)
        found = comparing.compare(nodes, size, lambda line: click.echo(line, err=True))
    except (EngineDown, EngineUnusable) as error:
        _refuse(f"--elastic: {error}")
    numbers = found.to_json()
    click.echo(
        json.dumps(numbers) if as_json else " ".join(f"{key}={value}" for key, value in numbers.items())
    )
    if not found.holds:
        sys.exit(1)


def _refuse(why: str) -> None:
    click.echo(why, err=True)
    sys.exit(2)
