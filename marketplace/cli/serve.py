"""flask serve and flask worker."""

import signal
import sys
import threading
from typing import Any

import click
from flask import Flask
from flask.cli import with_appcontext
from granian import Granian
from granian.constants import Interfaces

from marketplace import config
from marketplace import worker as relay
from marketplace.demo import load
from marketplace.extensions import application, database
from marketplace.operations import migrate


@click.command("serve")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Server processes.")
@with_appcontext
def serve(workers: int) -> None:
    """Migrate if needed, load the demo into an empty database in demo mode, start the site and the worker."""
    app = application()
    if not app.config["SECRET_KEY"]:
        click.echo("SECRET_KEY: set it to a long random text (make run does so under instance/)", err=True)
        sys.exit(2)
    _prepare_folders(app)
    migrate.upgrade(database(app))
    if app.config["IEUM_DEMO"]:
        load.if_empty(app)
    stop = threading.Event()
    thread = threading.Thread(target=relay.run, args=(app, stop), name="worker", daemon=True)
    thread.start()
    _listen(app, workers)
    stop.set()
    thread.join(timeout=10)


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due and end.")
@with_appcontext
def worker(once: bool) -> None:
    """Run the outbox relay as a process of its own."""
    app = application()
    if once:
        click.echo(f"{relay.drain(app)} messages done", err=True)
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    relay.run(app, stop)


def _listen(app: Flask, workers: int) -> None:
    host, port = str(app.config["HOST"]), int(app.config["PORT"])
    click.echo(f"Ieum listens on {app.config['SITE_URL']}", err=True)
    options: dict[str, Any] = {"blocking_threads": 4, "respawn_failed_workers": True, "log_enabled": False}
    Granian(
        "wsgi:app", address=host, port=port, interface=Interfaces.WSGI, workers=workers, **options
    ).serve()


def _prepare_folders(app: Flask) -> None:
    config.INSTANCE.mkdir(parents=True, exist_ok=True)
    app.logger.disabled = True  # structlog writes the lines
