"""A store and a demand for tests of pages with ranked lists."""

from sqlalchemy import select

from catalog.models import Listing, Organization
from marketplace.journeys import plants
from matching.models import MatchList
from tests import factories
from tests.marketplace.web.looking import acting, one


def publish(app, *listings):
    """Public listings of one vendor, each (title, changes)."""
    with acting(app) as session:
        vendor, validator = factories.company(session, "vendor"), factories.company(session, "validator")
        for title, changes in listings:
            files = app.extensions["files"]
            factories.published(
                session, vendor, validator, files, title=title, title_en=f"{title} EN", **changes
            )
        session.flush()
        app.extensions["search"].catch_up(session)


def usual(app):
    """Three that fit the usual demand, best first, one too dear, and one that lacks what must be there."""
    publish(
        app,
        ("꼭 맞는 비전", {}),
        (
            "무난한 비전",
            {
                "industries": [{"revision": "11", "code": "30"}],
                "install_weeks": 9,
                "plans": [factories.plan(price=20_000_000)],
            },
        ),
        (
            "비싼 비전",
            {
                "industries": [{"revision": "11", "code": "10"}],
                "plans": [factories.plan(price=70_000_000, name="=큰 것")],
            },
        ),
        ("너무 비싼 비전", {"plans": [factories.plan(price=120_000_000)]}),
        ("다른 역량", {"capabilities": ["mes"], "plans": [factories.plan("mes")]}),
    )


def stated(app, who, **changes):
    """A ranked demand of that person's company; answers its address."""
    with app.test_request_context(), app.extensions["database"].session() as session:
        site = factories.site(session, session.get(Organization, who.organization_key))
        demand = factories.demand(session, site, **changes)
        follower = app.extensions["search"]
        follower.catch_up(session)
        plants.match_again(session, follower.engine, demand, factories.TODAY)
        session.commit()
        return f"/demands/{demand.public_id}"


def listing(app, title):
    """Public id of the listing of that title."""
    return one(app, select(Listing.public_id).where(Listing.title == title))


def newest(app):
    """Public id of the list that was made last."""
    return one(app, select(MatchList.public_id).order_by(MatchList.id.desc()).limit(1))
