"""flask bench …: the product beside others at the same work. The benches themselves are in tests/bench."""

import importlib
import json
import sys
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import AppGroup

group = AppGroup("bench", help="Measure the product beside others at the same work.")
_BENCH = "tests.bench"
_BAD_INPUT = 2


@group.command("search", with_appcontext=False)
@click.option(
    "--n", "listings", type=click.IntRange(100), default=10_000, show_default=True, help="Listings."
)
@click.option(
    "--peers",
    default="tantivy,duckdb,sqlite,bm25s",
    show_default=True,
    help="Beside whom, separated by commas; also: elasticsearch.",
)
@click.option("--alternations", type=click.IntRange(1), default=7, show_default=True, help="Rounds.")
@click.option(
    "--demands",
    type=click.IntRange(2),
    default=100,
    show_default=True,
    help="Demands a round, and ten times as many in a batch.",
)
@click.option("--seed", type=int, default=7, show_default=True, help="Of listings and demands.")
@click.option(
    "--wide", is_flag=True, help="Requirements are wishes and no musts: a demand leaves more listings."
)
@click.option("--elastic", metavar="URL[,URL]", help="Where the peer elasticsearch runs.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the result, its table and its plot here, and list it in README.md there.",
)
@click.option("--note", default="", help="A sentence that stands with the result.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def search(
    *,
    listings: int,
    peers: str,
    alternations: int,
    demands: int,
    seed: int,
    wide: bool,
    elastic: str | None,
    out: Path | None,
    note: str,
    as_json: bool,
) -> None:
    """Ask the embedded engine and its peers the same demands in one alternating run.

    Exit 1: an engine did other work (totals or counts differ, or an exact one gave another list). Exit 2: a peer is
    unknown or not installed (`make bench` installs them).
    """
    preparing, running, report = (_module(f"search.{name}") for name in ("preparing", "running", "report"))
    _module("search.peers.elastic").Elastic.urls = elastic.split(",") if elastic else ()
    plan = preparing.Plan(
        listings,
        alternations=alternations,
        demands=demands,
        batch=10 * demands,
        seed=seed,
        wide=wide,
        note=note,
    )
    missing = _module("search.protocol").PeerMissing
    try:
        result = running.run(plan, peers.split(","), lambda what: click.echo(what, err=True))
    except missing as error:
        _refuse(f"--peers: {error}")
    if out is not None:
        report.write(result, out)
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else report.table(result))
    for what in result["wrong"]:
        click.echo(what, err=True)
    sys.exit(1 if result["wrong"] else 0)


@group.command("composer", with_appcontext=False)
@click.option("--offers", type=click.IntRange(60, 19_999), default=2_000, show_default=True, help="Offers.")
@click.option(
    "--capabilities", default="8,12", show_default=True, help="How many are required, each from 2 to 12."
)
@click.option("--seeds", type=click.IntRange(1), default=3, show_default=True, help="Instances of each kind.")
@click.option(
    "--peers", default="greedy,cbc,highs,cpsat", show_default=True, help="Beside whom, separated by commas."
)
@click.option(
    "--seconds",
    type=click.FloatRange(0, min_open=True),
    default=20.0,
    show_default=True,
    help="A peer's limit, in CPU seconds.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the result, its page and its plot here, and list it in README.md there.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def composer(
    *, offers: int, capabilities: str, seeds: int, peers: str, seconds: float, out: Path | None, as_json: bool
) -> None:
    """Answer the same synthetic demands by the composer and its peers in one alternating run, then see to its aims.

    Exit 1: a peer found a better valid bundle, or ours is not proven. Exit 2: a peer is unknown or not installed
    (`make bench` installs them).
    """
    running, report = _module("composer.running"), _module("composer.report")
    missing = _module("composer.peers").PeerMissing
    counts = [int(count) if count.isdecimal() else 0 for count in capabilities.split(",")]
    if not all(2 <= count <= 12 for count in counts):
        _refuse("--capabilities: expected numbers from 2 to 12, separated by commas")
    try:
        result = running.run(
            offers=offers,
            capabilities=counts,
            seeds=seeds,
            peers=peers.split(","),
            seconds=seconds,
            say=lambda what: click.echo(what, err=True),
        )
    except missing as error:
        _refuse(f"--peers: {error}")
    if out is not None:
        report.write(result, out)
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else report.table(result))
    for what in result["wrong"]:
        click.echo(what, err=True)
    sys.exit(1 if result["wrong"] else 0)


@group.command("packages", with_appcontext=False)
@click.option("--demands", type=click.IntRange(10, 2_000), default=500, show_default=True, help="Demands.")
@click.option("--offers", type=click.IntRange(60, 19_999), default=2_000, show_default=True, help="Offers.")
@click.option("--seeds", type=click.IntRange(1), default=5, show_default=True, help="Segments.")
@click.option(
    "--k", "count", type=click.IntRange(1, 50), default=5, show_default=True, help="Packages at most."
)
@click.option(
    "--seconds",
    type=click.FloatRange(0, min_open=True),
    default=15.0,
    show_default=True,
    help="An answer's limit.",
)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Write the result and its page here."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def packages(
    *, demands: int, offers: int, seeds: int, count: int, seconds: float, out: Path | None, as_json: bool
) -> None:
    """Find packages for synthetic segments, beside greedy with swaps.

    Exit 1: the independent checker does not accept an answer.
    """
    packaging = _module("composer.packaging")
    result = packaging.run(
        demands=demands,
        offers=offers,
        seeds=seeds,
        count=count,
        seconds=seconds,
        say=lambda what: click.echo(what, err=True),
    )
    if out is not None:
        packaging.write(result, out)
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else packaging.table(result))
    sys.exit(1 if result["wrong"] else 0)


def _module(name: str) -> Any:
    """Return a module of the bench, which is part of the repository and not of an installation."""
    try:
        return importlib.import_module(f"{_BENCH}.{name}")
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("tests"):
            _refuse(f"--peers: {error.name} is not installed (make bench installs it)")
        _refuse("the benches are in the repository's folder tests/bench, which is not here")


def _refuse(reason: str) -> NoReturn:
    click.echo(reason, err=True)
    sys.exit(_BAD_INPUT)
