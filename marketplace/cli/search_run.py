"""flask search run: score a public collection with the product's analyser and engine."""

import signal
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
from flask.cli import with_appcontext

from marketplace.extensions import analyser
from matching.search.relevance import running, server
from matching.search.relevance.collection import BadCollection
from matching.search.relevance.indexing import EmbeddedIndex, Index

_BAD_INPUT = 2


@click.command("run")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--k",
    "most",
    type=click.IntRange(1, server.MOST),
    default=100,
    show_default=True,
    help="Passages a query.",
)
@click.option(
    "--out", required=True, metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="The run."
)
@click.option(
    "--elastic",
    metavar="URL[,URL]",
    help="Ask this Elasticsearch, in an index of its own that is removed afterwards.",
)
@with_appcontext
def run(folder: Path, most: int, out: Path, elastic: str | None) -> None:
    """Answer the queries of a collection and write a TREC run.

    DIR holds corpus.jsonl or corpus.jsonl.gz (objects with id, text and, if there is one, title: one a line) and
    queries.tsv (an id, a tab, a text). The texts are taken apart by the product's analyser (SEARCH_ANALYSER) and
    ranked by its BM25; ties go by id. Every line of FILE is "qid Q0 id rank score tag". FILE is written whole or not
    at all. Nothing of the product's own data is read or changed.

    Exit status: 0 the run is written; 2 bad input, or no such server, with one line that says what and where.
    """
    say = partial(click.echo, err=True)
    try:
        with _ending_in_order(), _index(elastic) as index:
            running.run(folder, out, index, analyser(), most=most, say=say)
    except (BadCollection, server.ServerTrouble) as trouble:
        click.echo(str(trouble), err=True)
        sys.exit(_BAD_INPUT)


def _index(elastic: str | None) -> AbstractContextManager[Index]:
    if elastic is None:
        return nullcontext(EmbeddedIndex())
    return server.opened([address for address in elastic.split(",") if address])


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Remove what was begun, here and on a server, when asked to end."""

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
