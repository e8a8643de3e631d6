"""A list says who pays what: by the rule that the demand names, with the province's share that holds, never guessed."""

from datetime import date

import pytest

from catalog.programmes import past, rules
from matching.ways_back import ways_back
from tests import factories

RULE = {
    "code": "n26",
    "name": "국가 규칙",
    "name_en": "National rule",
    "body": "중소벤처기업부",
    "region": None,
    "level": None,
    "cap_amount": 12_000_000,
    "cap_unit": "company",
    "rate_bp": 5000,
    "months": 12,
    "note": "",
    "source": "시험",
    "source_url": "",
    "valid_from": date(2026, 1, 1),
    "valid_to": date(2026, 12, 31),
    "synthetic": True,
}


@pytest.fixture
def ruled(market):
    """A store with one current national rule, the example of Gyeongnam (10 %), and those of past years."""
    rules.add_new(market.session, [RULE, *past.example_rules(), *past.past_rules()], factories.NOW)
    market.publish("가")
    return market


def test_the_price_by_payer_where_a_programme_is_named(ruled):
    found = ruled.match(ruled.demand(programme="n26", budget_amount=20_000_000))
    (match,) = found.matches
    assert match.card["money"] == {
        "list_amount": 30_000_000,
        "national_amount": 12_000_000,
        "local_amount": 3_000_000,
        "own_amount": 15_000_000,
        "vat_amount": 3_000_000,
    }
    assert match.card["lift"] == {"levels": 1, "own_amount": 15_000_000, "per_10m": 0.67}
    price = next(part for part in match.parts if part["axis"] == "price")
    assert price["value"] == pytest.approx(0.75)
    assert [rule["payer"] for rule in found.support["rules"]] == ["national", "local"]
    assert (found.support["local_missing"], found.support["current"]) == (False, [])


def test_a_province_without_a_rule_pays_nothing_and_the_list_says_so(ruled):
    site = factories.site(ruled.session, ruled.maker, region="jeonnam")
    ruled.publish("나", regions=["jeonnam"])
    found = ruled.match(ruled.demand(site, programme="n26"))
    assert found.matches[0].card["money"]["local_amount"] == 0
    assert found.support["local_missing"]


def test_a_rule_that_is_over_says_so(ruled):
    found = ruled.match(ruled.demand(programme="basic_upgrade_2020-basic"))
    assert [rule["time"] for rule in found.support["rules"]] == ["past", "present"]
    codes = [row["code"] for row in found.matches[0].reasons]
    assert "price.rule_not_current" in codes


def test_without_a_programme_all_is_own_money_and_the_current_rules_are_named(ruled):
    found = ruled.match(ruled.demand())
    money = found.matches[0].card["money"]
    assert (money["own_amount"], money["national_amount"], money["local_amount"]) == (30_000_000, 0, 0)
    assert [rule["rule"] for rule in found.support["current"]] == ["n26", "example-gyeongnam-2026"]
    assert found.support["rules"] == []


def test_a_programme_that_nobody_knows_pays_nothing(ruled):
    demand = ruled.demand()
    demand.programme = "gone"
    found = ruled.match(demand)
    assert not found.support["found"]
    assert found.matches[0].card["money"]["own_amount"] == 30_000_000


def test_a_price_by_quote_has_no_split(ruled):
    ruled.publish("견적", plans=[factories.plan(price=None, kind="project")])
    cards = {match.card["title"]: match.card for match in ruled.match(ruled.demand(programme="n26")).matches}
    assert (cards["견적"]["money"], cards["견적"]["lift"]) == (None, None)


def test_ways_back_say_how_many_for_which_change(market):
    market.publish("비싼 것", plans=[factories.plan(price=90_000_000)])
    market.publish("더 비싼 것", plans=[factories.plan(price=120_000_000)])
    market.publish("다른 일", capabilities=["mes"], plans=[factories.plan("mes")])
    market.publish("높은 수준", level={"scale": "company_level", "from": 4, "to": 5})
    market.publish("먼 곳", regions=["jeju"])
    market.publish("멀고 비싼 것", regions=["jeju"], plans=[factories.plan(price=90_000_000)])
    assert ways_back(market.match(market.demand()).excluded) == {
        "price_over_budget": [
            {"budget_amount": 60_000_000, "more_amount": 10_000_000, "count": 1},
            {"budget_amount": 80_000_000, "more_amount": 30_000_000, "count": 2},
        ],
        "must_capability": [{"capability": "ai_vision", "count": 1}],
        "level": [{"level": 4, "count": 1}, {"level": 5, "count": 1}],
        "region": [{"count": 1}],
    }
    assert ways_back([]) == {}
