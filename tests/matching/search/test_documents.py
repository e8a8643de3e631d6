from datetime import date, timedelta

import pytest

from matching.search import vocabulary
from matching.search.documents import (
    MANUFACTURING_DIVISIONS,
    ON_REQUEST,
    PRICE_BANDS,
    WITHDRAWN_AFTER_DAYS,
    lowest_first_year_amount,
    price_band,
)
from tests.matching.search.factories import ANALYSER, document, evidence, listing_id, plan


def test_a_document_of_a_release():
    made = document(
        7,
        "용접 검사",
        title_en="Weld inspection",
        vendor_name="가온테크",
        capabilities=["ai_vision"],
        industries=[{"revision": "11", "code": "30121"}, {"revision": "11", "code": "25"}],
        regions=["busan", "ulsan"],
        level={"scale": "company_level", "from": 2, "to": 4},
        plans=[plan(40_000_000), plan(2_000_000, kind="subscription", setup=5_000_000)],
        evidence=[evidence("claim"), evidence("test_report"), evidence("field")],
    )
    assert made.id == listing_id(7)
    assert made.words.split() == ["용접", "검사", "weld", "inspect", "가온테크"]
    assert made.analyser == ANALYSER.stamp()
    assert made.capabilities == {"ai_vision"}
    assert made.divisions == {"30", "25"}
    assert made.levels == {2, 3, 4}
    assert made.regions == {"busan", "ulsan"}
    assert (made.first_year_amount, made.price_band) == (29_000_000, "10m_30m")
    assert (made.best_evidence, made.field_sites, made.test_reports) == ("field", 1, 1)


def test_the_names_of_codes_can_be_searched():
    made = document(
        1, capabilities=["mes"], industries=[{"revision": "11", "code": "303"}], label=vocabulary.label
    )
    assert {"제조실행시스템", "mes", "자동차"} <= set(made.words.split())


def test_all_manufacturing_counts_in_every_division():
    made = document(1, industries=[{"revision": "11", "code": "C"}])
    assert made.divisions == set(MANUFACTURING_DIVISIONS)
    assert (len(MANUFACTURING_DIVISIONS), MANUFACTURING_DIVISIONS[0], MANUFACTURING_DIVISIONS[-1]) == (
        25,
        "10",
        "34",
    )
    assert set(MANUFACTURING_DIVISIONS) == {
        term.code for term in vocabulary.taxonomy.terms("ksic") if len(term.code) == 2
    }


@pytest.mark.parametrize(
    ("plans", "amount"),
    [
        ([plan(10, setup=5)], 15),
        ([plan(10, kind="subscription", setup=5)], 125),
        ([plan(10, kind="project", setup=5)], 15),
        ([plan(None, kind="project", setup=5)], None),
        ([plan(10, kind="usage")], None),
        ([plan(None, kind="project"), plan(70), plan(5, kind="subscription")], 60),
        ([plan(0)], 0),
        ([], None),
    ],
)
def test_lowest_first_year_amount(plans, amount):
    assert lowest_first_year_amount(plans) == amount


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (0, "under_10m"),
        (10_000_000, "under_10m"),
        (10_000_001, "10m_30m"),
        (30_000_000, "10m_30m"),
        (50_000_000, "30m_50m"),
        (100_000_000, "50m_100m"),
        (100_000_001, "over_100m"),
        (10**12, "over_100m"),
        (None, ON_REQUEST),
    ],
)
def test_price_band(amount, code):
    assert price_band(amount) == code


def test_price_bands_rise_and_the_last_is_open():
    bounds = [band.upper_amount for band in PRICE_BANDS]
    assert bounds[-1] is None
    assert bounds[:-1] == sorted(bounds[:-1])


@pytest.mark.parametrize(
    ("kinds", "best"),
    [
        ([], "document"),
        (["claim"], "document"),
        (["claim", "test_report"], "test_report"),
        (["test_report", "field"], "field"),
    ],
)
def test_best_evidence(kinds, best):
    assert document(1, evidence=[evidence(kind) for kind in kinds]).best_evidence == best


def test_field_sites_are_counted_once_and_failures_count_too():
    records = [evidence(headcount=62), evidence(headcount=62), evidence(headcount=80, after="9.9")]
    made = document(1, evidence=records)
    assert (made.field_sites, made.best_evidence) == (2, "field")


def test_validation_and_visibility_by_day():
    last = date(2026, 11, 21)
    made = document(1, expires_on=last, evidence=[evidence()])
    days = [0, 1, WITHDRAWN_AFTER_DAYS, WITHDRAWN_AFTER_DAYS + 1]
    assert [made.validation_on(last + timedelta(days=day)) for day in days] == ["field"] + ["expired"] * 3
    assert [made.is_visible_on(last + timedelta(days=day)) for day in days] == [True, True, True, False]
