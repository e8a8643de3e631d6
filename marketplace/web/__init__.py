"""Pages. One module a subject; a view fetches with permission, parses, makes one domain call, commits, answers."""

from flask import Flask

from marketplace.web import rendering
from marketplace.web.accounts import bp as accounts
from marketplace.web.catalogue import bp as catalogue
from marketplace.web.console import bp as console
from marketplace.web.demands import bp as demands
from marketplace.web.desk import bp as desk
from marketplace.web.evidence import bp as evidence
from marketplace.web.frame import bp as frame
from marketplace.web.guide import bp as guide
from marketplace.web.health import bp as health
from marketplace.web.home import bp as home
from marketplace.web.listings import bp as listings
from marketplace.web.matches import bp as matches
from marketplace.web.organizations import bp as organizations
from marketplace.web.papers import bp as papers
from marketplace.web.sites import bp as sites

BLUEPRINTS = (
    frame,
    guide,
    health,
    accounts,
    organizations,
    desk,
    console,
    sites,
    demands,
    matches,
    home,
    catalogue,
    papers,
    listings,
    evidence,
)


def init_app(app: Flask) -> None:
    """Register every page and what templates need."""
    rendering.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
