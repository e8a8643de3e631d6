"""Pages. One module a subject; a view fetches with permission, parses, makes one domain call, commits, answers."""

from flask import Flask

from marketplace.web import console, rendering
from marketplace.web.accounts import bp as accounts
from marketplace.web.alliance_charters import bp as alliance_charters
from marketplace.web.alliance_work import bp as alliance_work
from marketplace.web.alliances import bp as alliances
from marketplace.web.board import bp as board
from marketplace.web.bundle_consents import bp as bundle_consents
from marketplace.web.bundle_edit import bp as bundle_edit
from marketplace.web.bundle_life import bp as bundle_life
from marketplace.web.bundle_work import bp as bundle_work
from marketplace.web.bundles import bp as bundles
from marketplace.web.catalogue import bp as catalogue
from marketplace.web.composing import bp as composing
from marketplace.web.demand_life import bp as demand_life
from marketplace.web.demands import bp as demands
from marketplace.web.desk import bp as desk
from marketplace.web.doors import bp as doors
from marketplace.web.evidence import bp as evidence
from marketplace.web.frame import bp as frame
from marketplace.web.guide import bp as guide
from marketplace.web.health import bp as health
from marketplace.web.home import bp as home
from marketplace.web.hooks import bp as hooks
from marketplace.web.joining import bp as joining
from marketplace.web.leads import bp as leads
from marketplace.web.level_certificates import bp as level_certificates
from marketplace.web.listings import bp as listings
from marketplace.web.locks import bp as locks
from marketplace.web.matches import bp as matches
from marketplace.web.metrics import bp as metrics
from marketplace.web.notices import bp as notices
from marketplace.web.offers import bp as offers
from marketplace.web.organizations import bp as organizations
from marketplace.web.own_data import bp as own_data
from marketplace.web.packages import bp as packages
from marketplace.web.papers import bp as papers
from marketplace.web.people import bp as people
from marketplace.web.reports import bp as reports
from marketplace.web.saved_searches import bp as saved_searches
from marketplace.web.self_check import bp as self_check
from marketplace.web.sharing import bp as sharing
from marketplace.web.shortlists import bp as shortlists
from marketplace.web.sites import bp as sites
from marketplace.web.standing import bp as standing
from marketplace.web.supply_chain import bp as supply_chain
from marketplace.web.tokens import bp as tokens

BLUEPRINTS = (
    frame,
    guide,
    health,
    metrics,
    accounts,
    doors,
    locks,
    people,
    organizations,
    joining,
    standing,
    desk,
    sites,
    level_certificates,
    supply_chain,
    self_check,
    demands,
    demand_life,
    board,
    alliances,
    alliance_work,
    alliance_charters,
    bundles,
    bundle_work,
    bundle_edit,
    bundle_life,
    bundle_consents,
    composing,
    packages,
    matches,
    shortlists,
    sharing,
    home,
    notices,
    catalogue,
    reports,
    papers,
    listings,
    evidence,
    leads,
    offers,
    saved_searches,
    own_data,
    tokens,
    hooks,
)


def init_app(app: Flask) -> None:
    """Register every page and what templates need."""
    rendering.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    console.init_app(app)
