"""flask taxonomy …"""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from catalog import industries, taxonomy
from marketplace.extensions import db
from matching.supply_chain import flows, statistic

group = AppGroup("taxonomy", help="The classifications.")


@group.command("load-ksic")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load_ksic(file: Path) -> None:
    """Load the official industry list from FILE (CSV: revision, code, digits, parent, name_ko, name_en)."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = taxonomy.parse_ksic(lines)
    except (taxonomy.KsicFormatError, UnicodeDecodeError) as error:
        click.echo(f"{file}: {error}", err=True)
        sys.exit(2)
    count = industries.load(db, rows)
    db.commit()
    click.echo(f"{count} industries loaded", err=True)


@group.command("load-io")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load_io(file: Path) -> None:
    """Load the input-output statistic from FILE (CSV: supplier, buyer, shares and lift of 23 x 23 sectors)."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = flows.parse(lines)
    except (flows.FlowFormatError, UnicodeDecodeError) as error:
        click.echo(f"{file}: {error}", err=True)
        sys.exit(2)
    count = statistic.load(db, rows)
    db.commit()
    click.echo(f"{count} flows loaded", err=True)
