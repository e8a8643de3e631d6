"""The files of the demo country: enough of everything, consistent with the taxonomy, no sentence told twice."""

import csv
import io
import re
from collections import Counter, defaultdict
from decimal import Decimal

import pytest

from catalog import taxonomy
from marketplace.demo import measurements, rounds

WORDS_IN_A_ROW = 8
PROVED = ("field", "test_report")


def _records(listings_of_files):
    return [(listing, record) for _, listing in listings_of_files for record in listing["evidence"]]


def _has_failed(record):
    before, after = Decimal(record["baseline"]), Decimal(record["after"])
    return after >= before if record["direction"] == "lower" else after <= before


def shared_runs(texts):
    """Runs of eight words that stand in two of the (name, text) pairs."""
    places = defaultdict(set)
    for name, text in texts:
        words = re.findall(r"\w+", text.lower())
        for i in range(len(words) - WORDS_IN_A_ROW + 1):
            places[" ".join(words[i : i + WORDS_IN_A_ROW])].add(name)
    return {run: names for run, names in places.items() if len(names) > 1}


@pytest.mark.parametrize("field", ["description", "description_en"])
def test_no_two_descriptions_share_eight_words_in_a_row(country, listings_of_files, field):
    companies = [*country.vendors, *country.manufacturers, *country.people["validators"]]
    texts = [(company["name"], company[field]) for company in companies]
    texts += [(listing["title"], listing[field]) for _, listing in listings_of_files]
    assert len(texts) > 160
    assert shared_runs(texts) == {}


def test_a_shared_run_would_be_found():
    told_twice = "the spindle is watched by two sensors on its housing"
    assert shared_runs([("a", f"First {told_twice}."), ("b", f"Here, {told_twice}")]) != {}
    assert (
        shared_runs([("a", "one two three four five six seven"), ("b", "one two three four five six seven")])
        == {}
    )


def test_every_text_is_there_in_both_languages(listings_of_files):
    empty = [
        (listing["title"], field)
        for _, listing in listings_of_files
        for field in ("title", "title_en", "summary", "summary_en", "description", "description_en")
        if not listing[field].strip()
    ]
    assert empty == []
    english = " ".join(listing["description_en"] for _, listing in listings_of_files)
    assert re.search("[가-힣]", english) is None


def test_there_is_enough_of_everything(country, listings_of_files):
    types = Counter(listing["capabilities"][0] for _, listing in listings_of_files)
    assert len(country.vendors) >= 25
    assert len(listings_of_files) >= 120
    assert len(types) >= 30
    assert len(country.manufacturers) >= 30
    assert all(manufacturer["sites"] for manufacturer in country.manufacturers)
    assert len(country.demands) == 10


def test_titles_and_registration_numbers_are_used_once(country, listings_of_files):
    companies = [*country.vendors, *country.manufacturers, *country.people["validators"]]
    for used in (
        [listing["title"] for _, listing in listings_of_files],
        [listing["title_en"] for _, listing in listings_of_files],
        [company["name"] for company in companies],
        [company["first9"] for company in companies],
    ):
        assert [item for item, times in Counter(used).items() if times > 1] == []


def test_at_least_a_tenth_of_the_evidence_are_failures(listings_of_files):
    failed = [_has_failed(record) for _, record in _records(listings_of_files)]
    assert len(failed) > 150
    assert 0.10 <= sum(failed) / len(failed) <= 0.35


def test_levels_follow_the_capabilities(listings_of_files):
    far = []
    for _, listing in listings_of_files:
        type_ = taxonomy.capability(listing["capabilities"][0])
        start, end = listing["level"]["from"], listing["level"]["to"]
        if not start <= end or abs(start - type_.entry_level) > 1 or abs(end - type_.lifts_to_level) > 1:
            far.append((listing["title"], type_.code, start, end))
    assert far == []


def test_interfaces_follow_the_capabilities(listings_of_files):
    foreign = []
    for _, listing in listings_of_files:
        usual = {i for code in listing["capabilities"] for i in taxonomy.capability(code).interfaces}
        if usual and len(usual & set(listing["interfaces"])) * 2 < len(listing["interfaces"]):
            foreign.append((listing["title"], listing["interfaces"], sorted(usual)))
    assert foreign == []


def test_prices_are_those_of_the_market(listings_of_files):
    bounds = {
        "subscription": (200_000, 4_000_000),
        "one_off": (5_000_000, 500_000_000),
        "project": (5_000_000, 500_000_000),
        "usage": (100, 100_000),
    }
    strange = []
    for _, listing in listings_of_files:
        for plan in listing["plans"]:
            low, high = bounds[plan["kind"]]
            price = plan["price_amount"]
            if price is None and plan["kind"] == "project":
                continue
            if price is None or not low <= price <= high or not 0 <= plan["setup_amount"] <= 200_000_000:
                strange.append((listing["title"], plan["name"], price))
    assert strange == []


def test_published_cases_are_nobodys_results(country, listings_of_files):
    cases = taxonomy.published_cases()
    assert len(cases) > 5
    measured = {
        (Decimal(record["baseline"]), Decimal(record["after"])) for _, record in _records(listings_of_files)
    }
    printed = {
        (case.before, case.after) for case in cases if case.before is not None and case.after is not None
    }
    assert measured & printed == set()
    companies = [*country.vendors, *country.manufacturers]
    everything = "\n".join(
        [f"{c['name']} {c['name_en']} {c['description']} {c['description_en']}" for c in companies]
        + [
            f"{listing['title']} {listing['description']} {listing['description_en']}"
            for _, listing in listings_of_files
        ]
    ).lower()
    named = [
        name for case in cases for name in (case.company_ko, case.company_en) if name.lower() in everything
    ]
    assert named == []


def test_files_behind_values_say_that_they_are_made_up_and_have_those_means(listings_of_files):
    for listing, record in _records(listings_of_files):
        if record["kind"] not in PROVED:
            continue
        text = measurements.table(record, listing["title"], "0").decode("utf-8-sig")
        assert "합성 데이터" in text.splitlines()[0]
        rows = list(csv.reader(io.StringIO(text)))[2:]
        for period, value in (("도입 전", record["baseline"]), ("도입 후", record["after"])):
            values = [Decimal(row[3]) for row in rows if row[0] == period]
            assert sum(values) / len(values) == Decimal(value), listing["title"]


def test_files_keep_to_the_periods_of_their_record(listings_of_files):
    for listing, record in _records(listings_of_files):
        if record["kind"] not in PROVED:
            continue
        rows = list(csv.reader(io.StringIO(measurements.table(record, "x").decode("utf-8-sig"))))[2:]
        days = [(row[1], row[2]) for row in rows if row[0] == "도입 후"]
        assert (days[0][0], days[-1][1]) == (
            record["after_from"].isoformat(),
            record["after_to"].isoformat(),
        ), listing["title"]
        assert all(start <= end for start, end in days)


def test_rounds_go_forward_in_time_and_end_by_today(country):
    events = rounds.schedule(country)
    assert [event.day for event in events] == sorted(event.day for event in events)
    assert events[-1].day <= rounds.TODAY
    for one in {id(event.round): event.round for event in events}.values():
        days = [
            day for day in (one.begun, one.submitted, one.taken, one.decided, one.expires) if day is not None
        ]
        assert days == sorted(set(days)), one.title


def test_next_editions_begin_after_the_first_was_decided(country):
    decided, begun = {}, {}
    for event in rounds.schedule(country):
        if event.round.edition == 1 and event.act == "decide":
            decided[event.round.title] = event.day
        if event.round.edition == 2 and event.act == "begin":
            begun[event.round.title] = event.day
    assert len(begun) >= 5
    assert {title: day for title, day in begun.items() if not decided[title] < day} == {}
