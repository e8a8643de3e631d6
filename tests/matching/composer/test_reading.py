"""What is an instance, and what is not: every refusal names its place."""

import copy
import json

import pytest

from matching.composer import nodes
from matching.composer.instance import Weights, ordered
from matching.composer.reading import BadInstance, parse, read, to_json
from tests.matching.composer import small

WHOLE = {
    "demand": {
        "level": 1,
        "budget_amount": None,
        "max_vendors": None,
        "requirements": [
            {"capability": "mes", "min_quality": 3, "stage": 1, "must": True},
            {"capability": "erp", "min_quality": 9, "stage": 2, "must": False},
        ],
        "links": [["mes", "erp"]],
        "exclusive": ["erp"],
        "pool": "members-first",
        "members": ["v1"],
    },
    "offers": [
        {
            "id": name,
            "vendor": "v1",
            "entry_level": 0,
            "interfaces": ["rest"],
            "plans": [{"id": "p1", "price_amount": 10**12, "quality": {"mes": 4, "plm": 0}}],
            "fit": {"mes": 700},
            "capacity": 0,
        }
        for name in ("o1", "o2")
    ],
    "connectors": [{"from": "opcua", "to": "rest", "price_amount": 0}],
    "conflicts": [["o1", "o2"]],
    "subsidies": [{"stage": 1, "rate_bp": 5000, "cap_amount": 50_000_000}],
    "objective": {"cost": 1, "fit": 0, "vendors": 0},
    "require": ["o1"],
    "forbid": ["o2"],
    "alternatives": 2,
    "pareto": 4,
    "reasons": True,
}

MISSING = object()
OFFER, PLAN, ASKED = "/offers/0", "/offers/0/plans/0", "/demand/requirements/0"
#: Place → bad values there, each with the code of the refusal and, if it is another, the place that is named.
BAD = [
    ("", [], "not_an_object"),
    ("", None, "not_an_object"),
    ("/demand", MISSING, "missing", ""),
    ("/offers", MISSING, "missing", ""),
    ("/offers", {}, "not_a_list"),
    ("/offers", None, "not_a_list"),
    ("/ofers", [], "unknown_field"),
    ("/demand/level", 0, "out_of_range"),
    ("/demand/level", 6, "out_of_range"),
    ("/demand/level", "1", "not_a_whole_number"),
    ("/demand/level", None, "not_a_whole_number"),
    ("/demand/level", True, "not_a_whole_number"),
    ("/demand/level", MISSING, "missing", "/demand"),
    ("/demand/budget_amount", -1, "out_of_range"),
    ("/demand/budget_amount", 1.5, "not_a_whole_number"),
    ("/demand/max_vendors", -1, "out_of_range"),
    ("/demand/pool", "friends", "unknown_value"),
    ("/demand/pool", 3, "unknown_value"),
    ("/demand/members", "v1", "not_a_list"),
    ("/demand/colour", "red", "unknown_field"),
    ("/demand/requirements", MISSING, "missing", "/demand"),
    ("/demand/requirements/1/capability", "mes", "repeated"),
    (f"{ASKED}/capability", "", "out_of_range"),
    (f"{ASKED}/capability", "x" * 201, "out_of_range"),
    (f"{ASKED}/capability", "\ud800", "not_a_text"),
    (f"{ASKED}/capability", 7, "not_a_text"),
    (f"{ASKED}/min_quality", 0, "out_of_range"),
    (f"{ASKED}/min_quality", -1, "out_of_range"),
    (f"{ASKED}/stage", 0, "out_of_range"),
    (f"{ASKED}/stage", 100, "out_of_range"),
    (f"{ASKED}/stage", MISSING, "missing", ASKED),
    (f"{ASKED}/must", 1, "not_true_or_false"),
    (f"{ASKED}/weight", 1, "unknown_field"),
    ("/demand/links/0/1", 5, "not_a_text"),
    ("/demand/links/0", ["mes", "mes"], "pair_of_one"),
    ("/demand/links/0", ["mes"], "not_a_pair"),
    ("/demand/links/0", "mes", "not_a_list"),
    ("/demand/links", [["mes", "erp"], ["erp", "mes"]], "repeated", "/demand/links/1"),
    ("/demand/exclusive/0", 5, "not_a_text"),
    ("/offers/1/id", "o1", "repeated"),
    (f"{OFFER}/vendor", MISSING, "missing", OFFER),
    (f"{OFFER}/vendor", None, "not_a_text"),
    (f"{OFFER}/entry_level", -1, "out_of_range"),
    (f"{OFFER}/entry_level", 6, "out_of_range"),
    (f"{OFFER}/interfaces/0", 5, "not_a_text"),
    (f"{OFFER}/capacity", -1, "out_of_range"),
    (f"{OFFER}/fit/mes", 1_001, "out_of_range"),
    (f"{OFFER}/fit/mes", -1, "out_of_range"),
    (f"{OFFER}/fit", [], "not_an_object"),
    (f"{OFFER}/price", 5, "unknown_field"),
    (f"{OFFER}/a~b/c", 5, "unknown_field", f"{OFFER}/a~0b~1c"),
    (f"{OFFER}/plans", None, "not_a_list"),
    (f"{OFFER}/plans", 2 * WHOLE["offers"][0]["plans"], "repeated", f"{OFFER}/plans/1/id"),
    (f"{PLAN}/price_amount", -1, "out_of_range"),
    (f"{PLAN}/price_amount", 10**12 + 1, "out_of_range"),
    (f"{PLAN}/price_amount", 1e6, "not_a_whole_number"),
    (f"{PLAN}/price_amount", "1", "not_a_whole_number"),
    (f"{PLAN}/price_amount", MISSING, "missing", PLAN),
    (f"{PLAN}/quality/mes", 6, "out_of_range"),
    (f"{PLAN}/quality/mes", -1, "out_of_range"),
    (f"{PLAN}/quality/mes", 2.5, "not_a_whole_number"),
    ("/connectors/0/from", MISSING, "missing", "/connectors/0"),
    ("/connectors/0/price_amount", -1, "out_of_range"),
    ("/conflicts/0/1", 5, "not_a_text"),
    ("/conflicts/0", ["o1", "o1"], "pair_of_one"),
    ("/subsidies/0/stage", 0, "out_of_range"),
    ("/subsidies/0/rate_bp", 10_001, "out_of_range"),
    ("/subsidies/0/cap_amount", -1, "out_of_range"),
    ("/subsidies", 2 * WHOLE["subsidies"], "repeated", "/subsidies/1/stage"),
    ("/objective", "cheapest", "unknown_value"),
    ("/objective", 5, "not_an_object"),
    ("/objective/cost", -1, "out_of_range"),
    ("/objective/cost", 0.5, "not_a_whole_number"),
    ("/objective/speed", 1, "unknown_field"),
    ("/require/0", "o9", "unknown_offer"),
    ("/forbid/0", "o9", "unknown_offer"),
    ("/alternatives", 21, "out_of_range"),
    ("/alternatives", None, "not_a_whole_number"),
    ("/pareto", -1, "out_of_range"),
    ("/reasons", 1, "not_true_or_false"),
]


def _with(pointer, value):
    """The whole instance with another value at a place."""
    root = {"root": copy.deepcopy(WHOLE)}
    *path, last = ["root", *pointer.split("/", 3 if "~" in pointer else -1)[1:]]
    at = root
    for name in path:
        at = at[int(name) if isinstance(at, list) else name]
    last = int(last) if isinstance(at, list) else last
    if value is MISSING:
        del at[last]
    else:
        at[last] = value
    return root["root"]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: f"{bad[0]} {str(bad[1])[:20]!a}")
def test_what_is_wrong_is_named_with_its_place(bad):
    pointer, value, code, *named = bad
    with pytest.raises(BadInstance) as refused:
        read(_with(pointer, value))
    problem = refused.value.problem
    assert (problem.pointer, problem.code) == (named[0] if named else pointer, code)
    assert problem.text


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("", "not_json"),
        ("{", "not_json"),
        ('{"demand": NaN}', "not_json"),
        ('{"demand": -Infinity}', "not_json"),
        ('{"demand": 1e999}', "missing"),
        ('{"demand": 1, "demand": 2}', "repeated_field"),
        ("9" * 5_000, "out_of_range"),
        ("[" * 100_000, "too_deep"),
        (b"\xff\xfe", "not_json"),
        ("null", "not_an_object"),
        ("3", "not_an_object"),
    ],
)
def test_what_is_no_document_is_refused(document, code):
    with pytest.raises(BadInstance) as refused:
        parse(document)
    assert refused.value.problem.code == code


def test_a_document_may_not_be_endless(monkeypatch):
    monkeypatch.setattr(nodes, "MAX_BYTES", 10)
    with pytest.raises(BadInstance, match="too_large"):
        parse(" " * 11)


def test_too_many_offers_and_requirements_are_refused_before_they_are_read():
    many = [None] * 20_000
    with pytest.raises(BadInstance, match="/offers: expected at most 19,999"):
        read(WHOLE | {"offers": many})
    with pytest.raises(BadInstance, match="/demand/requirements: expected at most 999"):
        read(WHOLE | {"demand": WHOLE["demand"] | {"requirements": many[:1_000]}})


def test_a_whole_instance_is_read_in_the_order_of_its_names():
    instance = read(WHOLE)
    assert [one.capability for one in instance.demand.requirements] == ["erp", "mes"]
    assert instance.demand.requirements[0].min_quality == 9
    assert [offer.entry_level for offer in instance.offers] == [1, 1]
    assert instance.objective == Weights(1, 0, 0)
    assert ordered(instance) == instance
    assert read(json.loads(json.dumps(to_json(instance)))) == instance


def test_what_may_be_left_out_has_its_default():
    least = {
        "demand": {"level": 2, "requirements": [{"capability": "mes", "min_quality": 1, "stage": 1}]},
        "offers": [{"id": "o", "vendor": "v", "entry_level": 1, "plans": []}],
    }
    instance = parse("\ufeff".encode() + json.dumps(least).encode())
    demand, offer = instance.demand, instance.offers[0]
    assert (demand.pool, demand.budget_amount, demand.max_vendors, demand.links) == ("all", None, None, ())
    assert demand.requirements[0].must
    assert (offer.capacity, offer.interfaces, offer.fit) == (None, (), {})
    assert (instance.objective, instance.alternatives, instance.pareto) == (Weights(), 0, 0)
    assert not instance.reasons


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_the_input_is_forgotten(seed):
    drawn = small.draw(seed)
    assert read(small.shuffled(drawn, seed)) == read(drawn)


def test_pairs_of_which_one_is_not_there_are_left_out_and_any_capability_may_be_exclusive():
    demand = WHOLE["demand"] | {"links": [["mes", "erp"], ["mes", "plm"]], "exclusive": ["plm"]}
    instance = read(WHOLE | {"demand": demand, "conflicts": [["o1", "o2"], ["o1", "o9"]]})
    assert instance.demand.links == (("mes", "erp"),)
    assert instance.demand.exclusive == ("plm",)
    assert instance.conflicts == (("o1", "o2"),)
