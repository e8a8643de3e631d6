"""Properties over arbitrary input: reading never fails in another way than its own, names and units mean nothing."""

import copy
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.composer import compose
from matching.composer.reading import BadInstance, parse, read, to_json
from tests.matching.composer import small

SOLVED = settings(deadline=None, max_examples=15)
SEEDS = st.integers(0, 10_000)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def _places(value, path=()):
    """Every place in a JSON document."""
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield from _places(part, (*path, name))


@given(SEEDS, st.integers(0, 10_000), ANYTHING)
@settings(deadline=None, max_examples=300)
def test_anything_anywhere_is_read_or_refused_with_a_place(seed, at, anything):
    instance = copy.deepcopy(small.draw(seed))
    places = [path for path in _places(instance) if path]
    path = places[at % len(places)]
    inside = instance
    for name in path[:-1]:
        inside = inside[name]
    inside[path[-1]] = anything
    found = _read_or_refused(lambda: read(instance))
    if isinstance(found, BadInstance):
        assert found.problem.pointer == "" or found.problem.pointer.startswith("/")
        assert found.problem.code
    else:
        assert read(json.loads(json.dumps(to_json(found)))) == found


def _read_or_refused(reading):
    try:
        return reading()
    except BadInstance as refused:
        return refused


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_any_text_is_read_or_refused(document):
    found = _read_or_refused(lambda: parse(document))
    assert not isinstance(found, BadInstance) or found.problem.text


@given(SEEDS, st.integers(0, 99))
@SOLVED
def test_the_unit_of_money_means_nothing(seed, by):
    """A thousand times every amount buys the same, if subsidies were whole before."""
    drawn = small.draw(seed)
    drawn["subsidies"] = [rule | {"rate_bp": 100 * by} for rule in drawn["subsidies"]]
    drawn["objective"] = {"cost": 1}
    drawn["demand"]["budget_amount"] = None
    for plan in (plan for offer in drawn["offers"] for plan in offer["plans"]):
        plan["price_amount"] = plan["price_amount"] % 1_000_003 * 100
    dear = copy.deepcopy(drawn)
    for plan in (plan for offer in dear["offers"] for plan in offer["plans"]):
        plan["price_amount"] *= 1_000
    for name, field in (("connectors", "price_amount"), ("subsidies", "cap_amount")):
        for one in dear[name]:
            one[field] *= 1_000
    plain, scaled = compose(read(drawn)), compose(read(dear))
    assert plain.status == scaled.status
    if plain.best:
        assert plain.best.items == scaled.best.items
        assert 1_000 * plain.best.objective == scaled.best.objective


@given(SEEDS)
@SOLVED
def test_other_names_in_the_same_order_buy_the_same(seed):
    drawn = small.draw(seed)
    text = json.dumps(drawn)
    names = sorted(offer["id"] for offer in drawn["offers"])
    for number, name in enumerate(names):
        text = text.replace(f'"{name}"', f'"제품 {number}"')
    plain, renamed = compose(read(drawn)), compose(read(json.loads(text)))
    assert (plain.status, bool(plain.best)) == (renamed.status, bool(renamed.best))
    if plain.best:
        places = [names.index(item.offer) for item in plain.best.items]
        assert [item.offer for item in renamed.best.items] == [f"제품 {place}" for place in places]
        assert plain.best.objective == renamed.best.objective
