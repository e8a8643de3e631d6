"""flask taxonomy …"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO, TypeVar

import click
from flask.cli import AppGroup

from catalog import industries, taxonomy
from marketplace.extensions import db
from matching.supply_chain import flows, statistic

T = TypeVar("T")

group = AppGroup("taxonomy", help="The classifications.")


@group.command("load-ksic")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load_ksic(file: Path) -> None:
    """Load the official industry list from FILE (CSV: revision, code, digits, parent, name_ko, name_en)."""
    count = industries.load(db, _read(file, taxonomy.parse_ksic, taxonomy.KsicFormatError))
    db.commit()
    click.echo(f"{count} industries loaded", err=True)


@group.command("load-io")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load_io(file: Path) -> None:
    """Load the input-output statistic from FILE (CSV: supplier, buyer, shares and lift of 23 x 23 sectors)."""
    count = statistic.load(db, _read(file, flows.parse, flows.FlowFormatError))
    db.commit()
    click.echo(f"{count} flows loaded", err=True)


def _read(file: Path, parse: Callable[[TextIO], T], wrong: type[Exception]) -> T:
    """What `parse` makes of the file; one of another form ends the command with 2 and the reason."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return parse(lines)
    except (wrong, UnicodeDecodeError) as error:
        click.echo(f"{file}: {error}", err=True)
        sys.exit(2)
