"""How people and programs reach the product: Flask lives here and nowhere else.

A newcomer's path: `wsgi.py` → `create_app` below → one page in `web/` → the domain function that it calls → its test.
"""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from marketplace import api, cli, config, errors, extensions, limits, logs, notices, security, web
from marketplace.accounts import principal, support
from marketplace.journeys import alerts, alliances, bundles, composing, leads, watching, webhooks
from marketplace.operations import index_keeping, metrics, own_data, upkeep


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """The application, configured from the environment; `overrides` win (tests)."""
    app = Flask(__name__, static_folder=str(config.ROOT / "static"), instance_path=str(config.INSTANCE))
    app.config.update(config.flask_config({**config.read(), **(overrides or {})}))
    app.config.update({key: value for key, value in (overrides or {}).items() if key not in config.read()})
    logs.init_app(app)
    metrics.init_app(app)
    extensions.init_app(app)
    principal.init_app()
    support.init_app(app)
    security.init_app(app)
    errors.init_app(app)
    limits.init_app(app)
    notices.init_app(app)
    watching.init_app(app)
    leads.init_app(app)
    alliances.init_app(app)
    composing.init_app(app)
    bundles.init_app(app)
    alerts.init_app(app)
    webhooks.init_app(app)
    upkeep.init_app(app)
    index_keeping.init_app(app)
    own_data.init_app(app)
    web.init_app(app)
    api.init_app(app)
    cli.init_app(app)
    return app
