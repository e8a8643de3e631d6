"""Tiers, loops and the bottleneck; the worked numbers of docs/supply-chain.md."""

import random
import time
from fractions import Fraction

from matching.supply_chain import graph
from matching.supply_chain.graph import Edge


def edges(*pairs):
    return [Edge(supplier, customer, "confirmed") for supplier, customer in pairs]


def test_the_tier_is_the_shortest_way_to_the_anchor():
    found = graph.tiers(edges(("a", "anchor"), ("b", "a"), ("b", "anchor"), ("c", "b"), ("x", "y")), "anchor")
    assert found == {"anchor": 0, "a": 1, "b": 1, "c": 2}


def test_a_loop_is_legal_and_leaves_the_tiers_alone():
    looped = edges(("a", "anchor"), ("b", "a"), ("a", "b"), ("c", "b"), ("anchor", "c"))
    assert graph.tiers(looped, "anchor") == {"anchor": 0, "a": 1, "b": 2, "c": 3}
    assert graph.loops(looped) == [("a", "anchor", "b", "c")]
    assert graph.loops(edges(("a", "b"), ("b", "a"), ("c", "a"), ("e", "d"), ("d", "e"))) == [
        ("a", "b"),
        ("d", "e"),
    ]


def test_without_a_loop_there_is_none():
    assert graph.loops(edges(("a", "b"), ("b", "c"), ("a", "c"))) == []


def test_the_order_of_the_edges_changes_nothing():
    pairs = [(f"f{i}", f"f{i // 3}") for i in range(1, 60)] + [("f2", "f40"), ("f7", "f50")]
    first = edges(*pairs)
    mixed = first[:]
    random.Random(5).shuffle(mixed)
    assert graph.tiers(first, "f0") == graph.tiers(mixed, "f0")
    assert graph.loops(first) == graph.loops(mixed)


def test_a_chain_of_five_thousand_firms_in_one_line():
    line = edges(*((f"{i:05}", f"{i - 1:05}") for i in range(1, 5001)), ("00000", "05000"))
    began = time.process_time()
    assert graph.tiers(line, "00000")["05000"] == 5000
    assert [len(loop) for loop in graph.loops(line)] == [5001]
    assert time.process_time() - began < 5


def worked():
    """The example of the page: an anchor, two presses and three platers."""
    made = edges(
        ("press1", "anchor"),
        ("press2", "anchor"),
        ("plate1", "press1"),
        ("plate2", "press1"),
        ("plate2", "press2"),
        ("plate3", "press2"),
    )
    kinds = {"anchor": "30", "press1": "25", "press2": "25", "plate1": "20", "plate2": "20", "plate3": "20"}
    levels = {"anchor": 4, "press1": 3, "press2": 2, "plate1": 1, "plate2": 1, "plate3": None}
    return made, graph.groups(graph.tiers(made, "anchor"), kinds, levels)


def test_the_bottleneck_is_the_group_that_lies_lowest():
    made, found = worked()
    assert [(g.tier, g.kind, g.levels) for g in found] == [
        (0, "30", (4,)),
        (1, "25", (3, 2)),
        (2, "20", (1, 1, None)),
    ]
    worst = graph.bottleneck(found, made)
    assert (worst.group.kind, worst.links) == ("20", 4)
    assert (worst.group.mean, worst.chain_mean) == (Fraction(1), Fraction(7, 4))


def test_unknown_levels_are_unknown_and_never_low():
    made, _found = worked()
    kinds = {"press1": "25", "press2": "25", "plate1": "20", "plate2": "20", "plate3": "20"}
    unknown = dict.fromkeys(("plate1", "plate2", "plate3"))
    tiers = graph.tiers(made, "anchor")
    found = graph.groups(tiers, kinds, {**unknown, "press1": 3, "press2": 2})
    assert graph.bottleneck(found, made) is None
    assert found[-1].mean is None
    one = graph.groups(tiers, kinds, {**unknown, "plate1": 1, "press1": 3, "press2": 3})
    assert graph.bottleneck(one, made) is None, "one known level is no group"


def test_firms_of_an_unknown_kind_are_no_bottleneck():
    made, _found = worked()
    levels = {"press1": 3, "press2": 3, "plate1": 1, "plate2": 1}
    found = graph.groups(graph.tiers(made, "anchor"), {"press1": "25", "press2": "25"}, levels)
    assert graph.bottleneck(found, made) is None


def test_an_even_chain_has_no_bottleneck():
    made, _found = worked()
    kinds = {"press1": "25", "press2": "25", "plate1": "20", "plate2": "20", "plate3": "20"}
    found = graph.groups(graph.tiers(made, "anchor"), kinds, dict.fromkeys(kinds, 2))
    assert graph.bottleneck(found, made) is None
