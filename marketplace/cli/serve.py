"""flask serve and flask worker."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading

import click
from flask import Flask
from flask.cli import with_appcontext

from marketplace import config
from marketplace import worker as relay
from marketplace.demo import load
from marketplace.extensions import application, database
from marketplace.operations import index_keeping, migrate

THREADS = 4
STOP_SECONDS = 15


@click.command("serve")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Server processes.")
@with_appcontext
def serve(workers: int) -> None:
    """Migrate if needed, load the demo into an empty database in demo mode, start the site and the worker."""
    app = application()
    if not app.config["SECRET_KEY"]:
        click.echo("SECRET_KEY: set it to a long random text (make run does so under instance/)", err=True)
        sys.exit(2)
    _require_free_port(app)
    config.INSTANCE.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(database(app))
    if app.config["IEUM_DEMO"]:
        load.if_empty(app)
    index_keeping.keep(app)  # the server's processes open it: texts are taken apart once, not in each of them
    stop = _stop_on_signals()
    server = _start_server(app, workers)
    thread = threading.Thread(target=relay.run, args=(app, stop), name="worker", daemon=True)
    thread.start()
    click.echo(f"Ieum listens on {app.config['SITE_URL']}", err=True)
    while not stop.wait(0.2) and server.poll() is None:
        pass
    stop.set()
    _stop_server(server)
    thread.join(timeout=STOP_SECONDS)
    sys.exit(0 if server.returncode in (0, -signal.SIGTERM) else 1)


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due and end.")
@with_appcontext
def worker(once: bool) -> None:
    """Run the outbox relay as a process of its own."""
    app = application()
    if once:
        click.echo(f"{relay.drain(app)} messages done", err=True)
        return
    relay.run(app, _stop_on_signals())


def _require_free_port(app: Flask) -> None:
    """Refuse to share a port: the server's processes would, with whatever answers there already."""
    host, port = str(app.config["HOST"]), int(app.config["PORT"])
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            click.echo(f"PORT: {host}:{port} cannot be used: {error.strerror}", err=True)
            sys.exit(1)


def _stop_server(server: "subprocess.Popen[bytes]") -> None:
    """Let the server finish its requests; one that does not end in time, as one that only starts, is ended.

    Its processes are a group of their own: none of them is left behind on the port.
    """
    server.terminate()
    try:
        server.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        click.echo(f"the server has not stopped within {STOP_SECONDS} seconds and is ended", err=True)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _start_server(app: Flask, workers: int) -> "subprocess.Popen[bytes]":
    """The web server as a process of its own: forked from here it would inherit open database connections."""
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--no-access-log",
        "--log-level",
        "warning",
        "--respawn-failed-workers",  # a process that is killed or falls over is replaced; the others go on meanwhile
        "--respawn-interval",
        "1",
    ]
    command += ["--host", str(app.config["HOST"]), "--port", str(app.config["PORT"])]
    command += ["--workers", str(workers), "--blocking-threads", str(THREADS), "--factory", "wsgi:ready"]
    environment = {**os.environ, "SECRET_KEY": app.config["SECRET_KEY"]}
    return subprocess.Popen(  # noqa: S603  # our own words only
        command, cwd=config.ROOT, env=environment, start_new_session=True
    )


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
