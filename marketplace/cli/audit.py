"""flask audit verify."""

import sys

import click
from flask.cli import AppGroup

from marketplace import audit
from marketplace.extensions import db

group = AppGroup("audit", help="The audit chain.")


@group.command("verify")
def verify() -> None:
    """Walk the whole hash chain and keep the verdict: exit 0 if it holds, 1 naming each break."""
    _check, broken = audit.verify(db)
    db.commit()
    for found in broken:
        click.echo(f"entry {found.number}: {found.reason}", err=True)
    click.echo("the chain holds" if not broken else f"{len(broken)} breaks", err=True)
    sys.exit(1 if broken else 0)
