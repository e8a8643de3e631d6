"""The API for programs, under /api/v1, described by /api/openapi.json."""

from typing import Any

from flask import Flask
from flask_smorest import Api

from marketplace.api.alliance_charters import bp as alliance_charters
from marketplace.api.alliance_members import bp as alliance_members
from marketplace.api.alliances import bp as alliances
from marketplace.api.bundle_versions import bp as bundle_versions
from marketplace.api.bundles import bp as bundles
from marketplace.api.chains import bp as chains
from marketplace.api.colleagues import bp as colleagues
from marketplace.api.composing import bp as composing
from marketplace.api.demand_drafts import bp as demand_drafts
from marketplace.api.demands import bp as demands
from marketplace.api.desk import bp as desk
from marketplace.api.inbox import bp as inbox
from marketplace.api.interop import bp as interop
from marketplace.api.leads import bp as leads
from marketplace.api.level_certificates import bp as level_certificates
from marketplace.api.matches import bp as matches
from marketplace.api.operating import bp as operating
from marketplace.api.own_data import bp as exports
from marketplace.api.packages import bp as packages
from marketplace.api.people import bp as people
from marketplace.api.plants import bp as plants
from marketplace.api.programs import bp as programs
from marketplace.api.self_check import bp as self_check
from marketplace.api.sites import bp as sites
from marketplace.api.store import bp as store
from marketplace.api.supply_chain import bp as supply_chain
from marketplace.api.workshop import bp as workshop

BLUEPRINTS = (
    people,
    colleagues,
    operating,
    workshop,
    desk,
    store,
    sites,
    self_check,
    level_certificates,
    supply_chain,
    chains,
    demands,
    demand_drafts,
    plants,
    matches,
    leads,
    alliances,
    alliance_members,
    alliance_charters,
    bundles,
    bundle_versions,
    composing,
    packages,
    interop,
    inbox,
    programs,
    exports,
)


class ProblemApi(Api):
    """flask-smorest without its own error answers: `marketplace/errors.py` gives them for pages and API alike."""

    DEFAULT_ERROR_RESPONSE_NAME = None  # each operation lists its refusals itself

    def _register_error_handlers(self) -> None:
        return None


def init_app(app: Flask) -> None:
    """Register every operation and the description."""
    api = ProblemApi(app)
    app.extensions["api"] = api  # the guide page draws its description
    spec: Any = api.spec
    spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
