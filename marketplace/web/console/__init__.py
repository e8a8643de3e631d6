"""The operator's console. One module a section; `frame` has what they share, `waiting` what lies there too long."""

from flask import Flask

from marketplace import extensions
from marketplace.web.console import frame
from marketplace.web.console.audit_log import bp as audit_log
from marketplace.web.console.deletions import bp as deletions
from marketplace.web.console.interop import bp as interop
from marketplace.web.console.level_certificates import bp as level_certificates
from marketplace.web.console.listings import bp as listings
from marketplace.web.console.looks import bp as looks
from marketplace.web.console.mail import bp as mail
from marketplace.web.console.operations import bp as operations
from marketplace.web.console.organizations import bp as organizations
from marketplace.web.console.outbox import bp as outbox
from marketplace.web.console.overview import bp as overview
from marketplace.web.console.programmes import bp as programmes
from marketplace.web.console.reports import bp as reports
from marketplace.web.console.search import bp as search
from marketplace.web.console.taxonomies import bp as taxonomies
from marketplace.web.console.users import bp as users
from marketplace.web.console.weights import bp as weights
from marketplace.wording import acts

BLUEPRINTS = (
    overview,
    organizations,
    users,
    deletions,
    level_certificates,
    listings,
    reports,
    audit_log,
    looks,
    weights,
    programmes,
    interop,
    taxonomies,
    outbox,
    mail,
    search,
    operations,
)


def init_app(app: Flask) -> None:
    """Register the console's pages and its navigation."""
    app.jinja_env.globals.update(console_sections=frame.navigation, console_now=extensions.now)
    app.jinja_env.globals.update(act_words=acts.act, act_thing=acts.thing, act_detail=acts.detail)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
