"""What is a segment, and what is not: every refusal names its place."""

import copy
import json

import pytest

from matching.composer import BadInstance
from matching.packages import parse, read
from tests.matching.packages import small

WHOLE = {
    "demands": [
        {
            "id": name,
            "weight": 0,
            "industry": "food",
            "level": 1,
            "budget_amount": None,
            "requirements": [{"capability": "mes", "min_quality": 9, "stage": 1, "must": False}],
        }
        for name in ("d2", "d1")
    ],
    "offers": [
        {
            "id": "o1",
            "vendor": "v1",
            "entry_level": 0,
            "interfaces": ["rest"],
            "plans": [{"id": "p1", "price_amount": 10**12, "quality": {"mes": 4}}],
            "fit": {"mes": 700},
            "capacity": 0,
            "industries": ["food", "food"],
        }
    ],
    "connectors": [{"from": "opcua", "to": "rest", "price_amount": 0}],
    "max_vendors": None,
    "max_capabilities": 7,
}
MISSING = object()
DEMAND, OFFER = "/demands/0", "/offers/0"
BAD = [
    ("", [], "not_an_object"),
    ("/demands", MISSING, "missing", ""),
    ("/demands", {}, "not_a_list"),
    ("/demands", [None] * 2_001, "too_many"),
    ("/offers", MISSING, "missing", ""),
    ("/offers", None, "not_a_list"),
    ("/offers", [None], "not_an_object", OFFER),
    ("/offers", [None] * 20_000, "too_many"),
    ("/offers", 2 * WHOLE["offers"], "repeated", "/offers/1/id"),
    ("/demand", {}, "unknown_field"),
    ("/conflicts", [["o1", "o1"]], "pair_of_one", "/conflicts/0"),
    ("/conflicts", [["o1", 5]], "not_a_text", "/conflicts/0/1"),
    ("/max_vendors", -1, "out_of_range"),
    ("/max_vendors", "5", "not_a_whole_number"),
    ("/max_capabilities", 1.5, "not_a_whole_number"),
    ("/connectors/0/price_amount", 10**12 + 1, "out_of_range"),
    (f"{DEMAND}/id", "d1", "repeated", "/demands/1/id"),
    (f"{DEMAND}/id", MISSING, "missing", DEMAND),
    (f"{DEMAND}/id", "", "out_of_range"),
    (f"{DEMAND}/weight", -1, "out_of_range"),
    (f"{DEMAND}/weight", 10**9 + 1, "out_of_range"),
    (f"{DEMAND}/weight", None, "not_a_whole_number"),
    (f"{DEMAND}/industry", 5, "not_a_text"),
    (f"{DEMAND}/level", 0, "out_of_range"),
    (f"{DEMAND}/level", None, "not_a_whole_number"),
    (f"{DEMAND}/budget_amount", -1, "out_of_range"),
    (f"{DEMAND}/colour", "red", "unknown_field"),
    (f"{DEMAND}/requirements", MISSING, "missing", DEMAND),
    (f"{DEMAND}/requirements/0/stage", 0, "out_of_range"),
    (f"{DEMAND}/requirements/0/min_quality", True, "not_a_whole_number"),
    (f"{DEMAND}/requirements/0/capability", MISSING, "missing", f"{DEMAND}/requirements/0"),
    (f"{OFFER}/vendor", MISSING, "missing", OFFER),
    (f"{OFFER}/id", MISSING, "missing", OFFER),
    (f"{OFFER}/colour", "red", "unknown_field"),
    (f"{OFFER}/industries", "food", "not_a_list"),
    (f"{OFFER}/industries/0", 5, "not_a_text"),
    (f"{OFFER}/plans/0/price_amount", -1, "out_of_range"),
    (f"{OFFER}/plans/0/quality/mes", 6, "out_of_range"),
]


def _with(pointer, value):
    root = {"root": copy.deepcopy(WHOLE)}
    *path, last = ["root", *pointer.split("/")[1:]]
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
    assert (refused.value.problem.pointer, refused.value.problem.code) == (
        named[0] if named else pointer,
        code,
    )


def test_a_whole_segment_is_read_in_the_order_of_its_names():
    segment = parse(json.dumps(WHOLE))
    assert [demand.id for demand in segment.demands] == ["d1", "d2"]
    assert segment.demands[0].musts == ()
    assert segment.industries == {"o1": frozenset({"food"})}
    assert (segment.offers[0].entry_level, segment.max_vendors, segment.max_capabilities) == (1, None, 7)


def test_what_may_be_left_out_has_its_default():
    segment = read({"demands": [{"id": "d", "level": 2, "requirements": []}], "offers": []})
    demand = segment.demands[0]
    assert (demand.weight, demand.industry, demand.budget_amount) == (1, "", None)
    assert (segment.connectors, segment.max_vendors, segment.max_capabilities) == ((), None, None)


@pytest.mark.parametrize("seed", range(10))
def test_the_order_of_the_input_is_forgotten(seed):
    drawn = small.draw(seed)
    assert read(small.shuffled(drawn, seed)) == read(drawn)
