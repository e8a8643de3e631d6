"""The application object that servers and the `flask` command find."""

import sys

from flask import Flask

from marketplace import config, create_app
from marketplace.extensions import analyser
from marketplace.operations import index_keeping

try:
    app = create_app()
except ValueError as error:
    if str(error).partition(":")[0] not in config.NAMES:
        raise
    print(error, file=sys.stderr)  # noqa: T201  # no application, no log
    sys.exit(2)


def ready() -> Flask:
    """The application of a server's process, which has loaded what its first questions would have to wait for."""
    with app.app_context():
        analyser().warm()
    index_keeping.begin(app)
    return app
