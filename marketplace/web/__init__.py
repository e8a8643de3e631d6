"""Pages. One module a subject; a view fetches with permission, parses, makes one domain call, commits, answers."""

from flask import Flask

from marketplace.web import rendering
from marketplace.web.accounts import bp as accounts
from marketplace.web.frame import bp as frame
from marketplace.web.organizations import bp as organizations

BLUEPRINTS = (frame, accounts, organizations,)


def init_app(app: Flask) -> None:
    """Register every page and what templates need."""
    rendering.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
