"""Commands. `--json` prints one JSON object on standard output; exit status 0 holds, 1 does not, 2 bad input."""

from flask import Flask

from marketplace.cli import (
    audit,
    backup,
    bench,
    compose,
    demo,
    match,
    operator,
    packages,
    search,
    serve,
    taxonomy,
)


def init_app(app: Flask) -> None:
    """Register every command."""
    for command in (
        serve.serve,
        serve.worker,
        operator.init_operator,
        demo.group,
        taxonomy.group,
        audit.group,
        backup.backup,
        backup.restore,
        search.group,
        match.group,
        compose.group,
        packages.group,
        bench.group,
    ):
        app.cli.add_command(command)
