"""Every code that the scorer can give has a sentence with exactly the parameters of the scorer's table."""

import re

import pytest
from flask_babel import force_locale

from marketplace.wording.names import NAMES, name
from marketplace.wording.reasons import EXCLUSIONS, NO_AMOUNTS, REASONS, exclusion, named, reason
from matching.scoring.explain import REASON_CODES
from matching.scoring.score import EXCLUSION_CODES
from matching.scoring.weights import AXES, HEADINGS

#: A value for every parameter that the two tables name.
SAMPLES = {
    "capabilities": ["mes", "ai_vision"],
    "interfaces": ["opcua", "file"],
    "capability": "mes",
    "region": "gyeongnam",
    "plan_name": "표준 요금제",
    "list_amount": 39_000_000,
    "budget_amount": 150_000_000,
    "budget_needed_amount": 26_000_000,
    "site_revision": "11",
    "site_code": "303",
    "claimed_revision": "11",
    "claimed_code": "30",
    "weeks_left": -2,
}


def sample(names):
    return {key: SAMPLES.get(key, 7) for key in names}


def placeholders(text):
    return set(re.findall(r"%\((\w+)\)s", text))


ALL = [(code, names, REASONS, reason) for code, names in REASON_CODES.items()] + [
    (code, names, EXCLUSIONS, exclusion) for code, names in EXCLUSION_CODES.items()
]


def test_the_tables_have_the_same_codes():
    assert set(REASONS) == set(REASON_CODES)
    assert set(EXCLUSIONS) == set(EXCLUSION_CODES) == set(NAMES["exclusion"])


@pytest.mark.parametrize("locale", ["ko", "en"])
def test_every_sentence_says_every_parameter(app, locale):
    with app.test_request_context(), force_locale(locale):
        for code, names, table, say in ALL:
            values = named(sample(names))
            assert placeholders(str(table[code])) == set(values), code
            said = say(code, sample(names))
            assert "%(" not in said, code
            assert said.endswith("."), code
            assert all(value in said for value in values.values()), code


def test_parameters_are_named_in_the_readers_language(app):
    with app.test_request_context(), force_locale("ko"):
        assert reason("price.under_budget", sample(REASON_CODES["price.under_budget"])) == (
            "첫해 목록가 3,900만 원으로 예산 1억 5,000만 원 안이에요."
        )
        assert reason("region.covered", {"region": "gyeongnam"}) == "우리 지역(경남)에 공급해요."
        assert "자동차 신품 부품 제조업" in reason(
            "industry.other", {"site_revision": "11", "site_code": "303"}
        )
        assert "남은 기간 −2주" in reason("region.install_unknown", {"weeks_left": -2})
    with app.test_request_context(), force_locale("en"):
        assert named({"list_amount": 39_000_000})["list_amount"] == "KRW 39.0 million"
        assert named({"region": "gyeongnam"})["region"] == "South Gyeongsang"


def test_neither_side_names_an_amount(app):
    with app.test_request_context(), force_locale("ko"):
        assert reason("price.unstated", {"list_amount": None}) == str(NO_AMOUNTS)


def test_an_unknown_code_is_an_error(app):
    with app.test_request_context(), pytest.raises(KeyError):
        reason("price.free", {})


def test_axes_and_headings_have_names_and_the_price_is_a_list_price(app):
    with app.test_request_context(), force_locale("ko"):
        assert set(NAMES["axis"]) == set(AXES)
        assert set(NAMES["heading"]) == {heading.id for heading in HEADINGS}
        assert "목록가" in name("axis", "price")
        assert all(
            "목록가" in str(text)
            for code, text in REASONS.items()
            if "list_amount" in placeholders(str(text))
        )
