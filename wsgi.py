"""The application object that servers and the `flask` command find."""

from flask import Flask

from marketplace import create_app
from marketplace.extensions import analyser
from marketplace.operations import index_keeping

app = create_app()


def ready() -> Flask:
    """The application of a server's process, which has loaded what its first questions would have to wait for."""
    with app.app_context():
        analyser().warm()
    index_keeping.begin(app)
    return app
