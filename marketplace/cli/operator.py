"""flask init-operator."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from catalog.errors import Invalid
from marketplace import audit
from marketplace.extensions import database, db
from marketplace.operations import migrate, operators
from marketplace.schemas.fields import Email, parse
from marketplace.schemas.fields import Strict as Schema


class _EmailIn(Schema):
    email = Email(required=True)


@click.command("init-operator")
@click.argument("email")
@with_appcontext
def init_operator(email: str) -> None:
    """Make the first operator and print a one-time link that sets the password."""
    migrate.upgrade(database())
    try:
        address = parse(_EmailIn(), {"email": email})["email"]
        user, secret = operators.first(db, address, organization_name=current_app.config["SITE_NAME"])
    except Invalid as error:
        click.echo(f"EMAIL: {error.problems[0].code}", err=True)
        sys.exit(2)
    audit.record(db, "operator.init", user)
    db.commit()
    click.echo(f"{current_app.config['SITE_URL']}/welcome/{secret}")
