"""matchDemand answers with money by payer, lift, flips, ways back and the rank without the policy term."""

import pytest

from catalog.models import Organization
from marketplace import extensions
from tests import factories
from tests.marketplace.people import person


@pytest.fixture(autouse=True)
def on_the_day_of_the_factories(monkeypatch):
    monkeypatch.setattr(extensions, "now", lambda: factories.NOW)


@pytest.fixture
def answer(app, session):
    """The list of a demand over a listing that fits and one that is too dear."""
    vendor, validator = factories.company(session, "vendor"), factories.company(session, "validator")
    files = app.extensions["files"]
    factories.published(session, vendor, validator, files, title="가")
    factories.published(
        session, vendor, validator, files, title="나", plans=[factories.plan(price=90_000_000)]
    )
    session.commit()
    maker = person(app, "manufacturer")
    demand = factories.demand(
        session, factories.site(session, session.get(Organization, maker.organization_key))
    )
    session.commit()
    made = maker.api("POST", f"/demands/{demand.public_id}/matches")
    assert made.status_code == 201
    again = maker.api("GET", f"/match-lists/{made.json['list_id']}")
    assert again.json == made.json
    stranger = person(app, "manufacturer")
    assert stranger.api("GET", f"/match-lists/{made.json['list_id']}").status_code == 404
    return made.json


def test_the_list_says_what_it_stands_on(answer):
    (item,) = answer["items"]
    assert item["money"] == {
        "list_amount": 30_000_000,
        "national_amount": 0,
        "local_amount": 0,
        "own_amount": 30_000_000,
        "vat_amount": 3_000_000,
    }
    assert item["lift"] == {"levels": 1, "own_amount": 30_000_000, "per_10m": 0.33}
    assert (item["rank"], item["rank_without_policy"], item["release"]) == (1, 1, 1)
    assert answer["not_in_use"] == []
    assert (answer["policy"], answer["demand_version"]) == (True, 1)
    assert answer["support"]["programme"] is None
    assert answer["support"]["local_missing"]
    assert answer["ways_back"] == {
        "price_over_budget": [{"budget_amount": 60_000_000, "more_amount": 10_000_000, "count": 1}]
    }
    flips = {row["fact"]: row for row in answer["flips"]}
    assert flips["certificate"]["excluded"]
    assert flips["price"]["then"] > 75_000_000
