"""flask backup and flask restore."""

import json
import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from marketplace.extensions import database, file_store
from marketplace.operations import backup as keeping
from marketplace.operations import restore as returning
from marketplace.operations.snapshots import Trouble

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))


def _say(line: str) -> None:
    click.echo(line, err=True)


@click.command("backup")
@FOLDER
@AS_JSON
@with_appcontext
def backup(folder: Path, as_json: bool) -> None:
    """Copy database and files into an empty FOLDER while the site runs: exit 2 if it cannot."""
    try:
        manifest = keeping.make(database(), file_store(), folder, _say)
    except (Trouble, OSError) as trouble:
        _say(str(trouble))
        sys.exit(2)
    if as_json:
        names = ("made_at", "migration", "counts", "audit", "revision")
        answer = {name: manifest[name] for name in names}
        click.echo(json.dumps({**answer, "files": len(manifest["files"]), "folder": str(folder)}))
        return
    _say(f"{folder}: done")


@click.command("restore")
@FOLDER
@AS_JSON
@with_appcontext
def restore(folder: Path, as_json: bool) -> None:
    """Bring a backup into an empty database: exit 0 if all is as it was, 1 naming what differs, 2 if it cannot."""
    try:
        differing = returning.bring_back(database(), file_store(), folder, _say)
    except (Trouble, OSError) as trouble:
        _say(str(trouble))
        sys.exit(2)
    for line in differing:
        _say(line)
    if as_json:
        click.echo(json.dumps({"same": not differing, "differences": differing}, ensure_ascii=False))
    _say("everything is as it was" if not differing else f"{len(differing)} differences")
    sys.exit(1 if differing else 0)
