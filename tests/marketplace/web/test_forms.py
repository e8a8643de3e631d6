"""Forms named by pointers become data, and problems find their way back to the field."""

import pytest
from werkzeug.datastructures import MultiDict

from catalog.errors import Problem
from marketplace.web import forms


def _sent(**fields):
    return MultiDict(fields)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1,480,000", 1_480_000),
        (" 42 ", 42),
        ("-1", -1),
        ("−1", -1),
        ("1" + "0" * 30, 10**30),
        ("", None),
        ("1,48,0000", "1,48,0000"),
        ("12.5", "12.5"),
        ("백만", "백만"),
        ("٣", "٣"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_whole_numbers(typed, value):
    assert forms.whole([typed]) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [("1,234.50", "1234.50"), ("−0.5", "-0.5"), ("3,1", "3,1"), ("약 3", "약 3"), ("3.", "3.")],
)
def test_decimal_text(typed, value):
    assert forms.decimal([typed]) == value


def test_what_is_blank_or_absent():
    assert forms.optional([" "]) is None
    assert forms.whole_or_zero([""]) == 0
    assert [
        reader([]) for reader in (forms.text, forms.optional, forms.whole, forms.chosen, forms.decimal)
    ] == ([forms.MISSING] * 5)
    assert forms.chosen([" "]) is forms.MISSING
    assert forms.decimal([" "]) is forms.MISSING
    assert forms.flag([]) is False
    assert forms.many([]) == []
    assert forms.key([""]) is None


def test_pointers_become_nested_data_and_unknown_names_are_left_alone():
    sent = MultiDict(
        [
            ("title", "검사기"),
            ("level/from", "2"),
            ("regions", "seoul"),
            ("regions", "busan"),
            ("csrf_token", "x"),
        ]
    )
    fields = {
        "title": forms.text,
        "level/from": forms.whole,
        "regions": forms.many,
        "industries": forms.keys,
        "open": forms.flag,
    }
    form = forms.read(sent, fields)
    assert form.data == {
        "title": "검사기",
        "level": {"from": 2},
        "regions": ["seoul", "busan"],
        "industries": [],
        "open": False,
    }
    assert form.values == {
        "title": "검사기",
        "level/from": "2",
        "regions": ["seoul", "busan"],
        "industries": [],
    }


def test_dropped_rows_close_ranks_and_problems_find_their_row_on_the_page(app):
    sent = _sent(
        **{
            "plans/0/name": "",
            "plans/1/name": "표준",
            "plans/1/quality/0/points": "",
            "plans/1/quality/2/points": "7",
        }
    )
    form = forms.read(
        sent,
        {"plans/*/name": forms.text, "plans/*/quality/*/points": forms.whole},
        {"plans": lambda row: not row["name"], "plans/*/quality": lambda row: row["points"] is None},
    )
    assert form.data == {"plans": [{"name": "표준", "quality": [{"points": 7}]}]}
    with app.test_request_context():
        errors = form.errors(
            [
                Problem("plans/0/name", "required"),
                Problem("plans/0/quality/0/points", "range", {"min": 0, "max": 5}),
                Problem("plans/0/quality/0/points", "range", {"min": 0, "max": 5}),
            ]
        )
    assert errors == {
        "plans/1/name": ["꼭 적어 주세요."],
        "plans/1/quality/2/points": ["0에서 5 사이로 적어 주세요."],
    }


def test_a_problem_inside_a_field_is_the_fields_and_one_without_field_stays(app):
    form = forms.read(_sent(), {"industries": forms.keys, "level/from": forms.whole})
    problems = [
        Problem("industries/3/code", "unknown_code", {"value": "999"}),
        Problem("level/from", "null"),
        Problem("organization", "required"),
        Problem("", "null"),
    ]
    with app.test_request_context():
        refused = form.refused(problems)
    assert refused["errors"] == {
        "industries": ["목록에 없는 값이에요: 999"],
        "level/from": ["비워 둘 수 없어요."],
        "organization": ["꼭 적어 주세요."],
        "": ["비워 둘 수 없어요."],
    }
    assert refused["labels"]["industries"] == "업종"
    assert "" not in refused["labels"]


@pytest.mark.parametrize("number", ["100", "٣", "00000000000000000000001", "9" * 5000])
def test_rows_with_absurd_numbers_are_not_read(number):
    form = forms.read(_sent(**{f"plans/{number}/name": "x"}), {"plans/*/name": forms.text})
    assert form.data == {}


def test_industries_are_written_with_their_revision():
    form = forms.read(
        MultiDict([("industries", "11:303"), ("industries", "303"), ("site/industry", "10:27")]),
        {"industries": forms.keys, "site/industry": forms.key},
    )
    assert form.data == {
        "industries": [{"revision": "11", "code": "303"}, "303"],
        "site": {"industry": {"revision": "10", "code": "27"}},
    }


def test_flat_is_the_way_back():
    stored = {
        "title": "검사기",
        "industries": [{"revision": "11", "code": "303"}],
        "regions": ["seoul"],
        "plans": [{"name": "표준", "trial_days": None, "quality": [{"quality": 5}]}],
        "site": {"industry": {"revision": "11", "code": "27"}, "level": None},
    }
    assert forms.flat(stored) == {
        "title": "검사기",
        "industries": ["11:303"],
        "regions": ["seoul"],
        "plans/0/name": "표준",
        "plans/0/trial_days": "",
        "plans/0/quality/0/quality": "5",
        "site/industry": "11:27",
        "site/level": "",
    }
