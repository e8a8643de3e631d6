"""flask demo …"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from marketplace import audit
from marketplace.accounts import tokens
from marketplace.demo import load as country
from marketplace.demo import logins
from marketplace.extensions import database, db, file_store
from marketplace.operations import migrate

group = AppGroup("demo", help="The synthetic country of the demo mode.")


@group.command("load")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def load(as_json: bool) -> None:
    """Fill an empty database with invented companies, listings, evidence, sites, demands and matches.

    The same data every time: prints their digest and counts. Exit status 2 if the database is not empty. The demo
    accounts get their password only in demo mode (IEUM_DEMO=1).
    """
    _prepare()
    try:
        summary = country.load(db, file_store(), with_logins=current_app.config["IEUM_DEMO"])
    except country.NotEmpty:
        db.rollback()
        click.echo(
            "DATABASE_URL: this database is not empty; the demo country needs one of its own", err=True
        )
        sys.exit(2)
    db.commit()
    lines = [f"digest={summary.digest}", *(f"{name}={number}" for name, number in summary.counts.items())]
    click.echo(json.dumps(asdict(summary)) if as_json else "\n".join(lines))


@group.command("token")
@click.argument("email")
def token(email: str) -> None:
    """Print a bearer token of the demo account EMAIL. Demo mode (IEUM_DEMO=1) only, else exit status 2."""
    if not current_app.config["IEUM_DEMO"]:
        click.echo("IEUM_DEMO: tokens of demo accounts are made in demo mode only", err=True)
        sys.exit(2)
    user = logins.find(db, email)
    if user is None:
        click.echo(f"EMAIL: {email} is no demo account of this database", err=True)
        sys.exit(2)
    row, word = tokens.issue(db, user, name="flask demo token")
    audit.record(db, "account.make_token", row, name=row.name)
    db.commit()
    click.echo(word)


def _prepare() -> None:
    """The folder of a SQLite file, and the tables."""
    url = database().engine.url
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(database())
