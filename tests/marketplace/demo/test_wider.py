"""The wider country: enough of everything, in words that fit together, and the same at every reading."""

import re
from collections import Counter
from decimal import Decimal

import pytest

from catalog import taxonomy
from marketplace.demo import rounds, source, wider
from marketplace.demo.phrases import Word, fill

BOUNDS = {
    "subscription": (200_000, 4_000_000),
    "one_off": (5_000_000, 500_000_000),
    "project": (5_000_000, 500_000_000),
    "usage": (100, 100_000),
}


@pytest.fixture(scope="module")
def whole():
    return wider.widen(source.read())


@pytest.fixture(scope="module")
def vendors(whole, country):
    """The vendors that are made by rule."""
    return whole.vendors[len(country.vendors) :]


@pytest.fixture(scope="module")
def firms(whole, country):
    """The manufacturers that are made by rule."""
    return whole.manufacturers[len(country.manufacturers) :]


@pytest.fixture(scope="module")
def products(vendors):
    return [listing for vendor in vendors for listing in vendor["listings"]]


@pytest.mark.parametrize(
    ("pattern", "word", "said"),
    [
        ("{x:을} 씁니다", "수지", "수지를 씁니다"),
        ("{x:을} 씁니다", "원단", "원단을 씁니다"),
        ("{x:이}", "ERP", "ERP가"),
        ("{x:은}", "PLM", "PLM은"),
        ("{x:과}", "코일", "코일과"),
        ("{x:으로}", "코일", "코일로"),
        ("{x:으로}", "금형", "금형으로"),
        ("{x:에}", "공장", "공장에"),
        ("{x}", "공장", "공장"),
    ],
)
def test_a_word_brings_its_particle(pattern, word, said):
    assert pattern.format(x=Word(word)) == said


def test_english_begins_with_a_capital():
    assert fill(["{shop}", "{shop} ask."], {"shop": ["공장", "plants"]}) == ["공장", "Plants ask."]


def test_what_is_written_by_hand_comes_first_and_stays(whole, country):
    assert whole.vendors[: len(country.vendors)] == country.vendors
    assert whole.manufacturers[: len(country.manufacturers)] == country.manufacturers
    assert whole.demands[: len(country.demands)] == country.demands
    hand = rounds.schedule(country)
    titles = {event.round.title for event in hand}
    assert [event for event in rounds.schedule(whole) if event.round.title in titles] == hand


def test_two_readings_give_the_same(whole):
    assert wider.widen(source.read()) == whole


def test_there_is_enough_of_everything(whole, products):
    parts = wider.read()
    assert len(parts.families) >= 40
    assert len(whole.vendors) >= 60
    assert len(whole.manufacturers) >= 120
    assert len(products) >= 190
    assert len({listing["capabilities"][0] for listing in products}) >= 30
    assert {plan["kind"] for listing in products for plan in listing["plans"]} == set(BOUNDS)


def test_names_titles_and_numbers_are_used_once(whole):
    companies = [*whole.vendors, *whole.manufacturers, *whole.people["validators"]]
    listings = [listing for vendor in whole.vendors for listing in vendor["listings"]]
    for used in (
        [company[key] for company in companies for key in ("name", "first9")],
        [company["name_en"] for company in companies],
        [company["description"] for company in companies],
        [listing[key] for listing in listings for key in ("title", "summary", "description")],
        [listing["title_en"] for listing in listings],
    ):
        assert [item for item, times in Counter(used).items() if times > 1] == []


def test_no_gap_is_left_and_english_is_english(products, vendors, firms):
    for entry in (*products, *vendors, *firms):
        texts = [
            entry[key] for key in ("description", "description_en", "summary", "summary_en") if key in entry
        ]
        assert not any(re.search(r"[{}]", text) for text in texts), texts
        assert re.search("[가-힣]", entry["description_en"]) is None
        assert all(text.endswith((".", "다.", "음")) or len(text) > 20 for text in texts)


def test_a_good_part_of_the_evidence_are_failures(products):
    records = [record for listing in products for record in listing["evidence"]]
    worse = [
        (Decimal(record["after"]) >= Decimal(record["baseline"])) == (record["direction"] == "lower")
        for record in records
    ]
    assert 0.10 <= sum(worse) / len(worse) <= 0.25
    assert {record["kind"] for record in records} == {"field", "test_report", "claim"}
    assert all(Decimal(record["after"]) >= 0 for record in records)
    shares = [Decimal(record["after"]) for record in records if record["unit"] == "%"]
    assert max(shares) <= 100


def test_levels_and_prices_fit(products):
    for listing in products:
        kind = taxonomy.capability(listing["capabilities"][0])
        start, end = listing["level"]["from"], listing["level"]["to"]
        assert start <= end, listing["title"]
        assert abs(start - kind.entry_level) <= 1, listing["title"]
        assert abs(end - kind.lifts_to_level) <= 1, listing["title"]
        for plan in listing["plans"]:
            low, high = BOUNDS[plan["kind"]]
            asked = plan["price_amount"]
            assert (asked is None and plan["kind"] == "project") or low <= asked <= high, listing["title"]


def test_some_things_are_not_known(products, firms):
    assert sum(listing["install_weeks"] is None for listing in products) >= 15
    levels = Counter(firm["sites"][0]["level"]["value"] for firm in firms)
    assert set(levels) == {None, 1, 2, 3, 4}
    assert levels[None] >= 8


def test_factories_are_spread(firms):
    assert len({firm["sites"][0]["industry"]["code"][:2] for firm in firms}) >= 15
    assert len({firm["region"] for firm in firms}) >= 15
