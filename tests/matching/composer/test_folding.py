"""Offers that are alike but for their names: few of them stand for all, and no answer tells."""

import random

import pytest

from matching.composer import composing, read
from matching.composer.folding import folded
from matching.composer.instance import ordered
from tests.matching.composer import brute, small


def _with_clones(seed):
    """A small instance in which some offers are there again: of the same vendor, and of vendors with nothing else."""
    rnd, drawn = random.Random(seed), small.draw(seed)
    offers = drawn["offers"][:4]
    names = {offer["id"] for offer in offers}
    for number, offer in enumerate(rnd.sample(offers, 2)):
        for copy in range(3):
            name = f"{rnd.choice('az')}{number}{copy}"
            vendor = offer["vendor"] if rnd.random() < 0.5 else f"of {name}"
            if vendor != offer["vendor"] and rnd.random() < 0.5:
                drawn["demand"]["members"].append(vendor)
            offers.append(offer | {"id": name, "vendor": vendor})
    kept = {name: [one for one in drawn[name] if one in names] for name in ("require", "forbid")}
    conflicts = [pair for pair in drawn["conflicts"] if set(pair) <= names]
    return drawn | kept | {"offers": offers, "conflicts": conflicts}


@pytest.mark.parametrize("seed", range(40))
def test_the_best_bundle_among_clones_equals_brute_force(seed):
    drawn = _with_clones(seed)
    answer, best = composing.compose(read(drawn)), brute.best(drawn)
    found = answer.best and [(i.offer, i.plan, i.stage, i.capabilities) for i in answer.best.items]
    assert found == (best and best["items"])


def _worth(bundles):
    return [(one.objective, one.money.own_amount, one.fit) for one in bundles]


@pytest.mark.parametrize("seed", range(40))
def test_what_is_folded_is_missed_by_nobody(seed, monkeypatch):
    """Alternatives, front, reasons, counts, core and repairs are worth the same with all clones in the model."""
    drawn = _with_clones(seed) | {"alternatives": 2, "pareto": 3, "reasons": True}
    few = composing.compose(read(drawn))
    monkeypatch.setattr(composing, "folded", lambda instance: instance)
    many = composing.compose(read(drawn))
    assert few.best == many.best
    assert _worth(few.alternatives) == _worth(many.alternatives)
    assert _worth(few.pareto) == _worth(many.pareto)
    assert [(one.offer, one.status) for one in few.without] == [
        (one.offer, one.status) for one in many.without
    ]
    pairs = zip(few.without, many.without, strict=True)
    assert all((a.bundle and a.bundle.objective) == (b.bundle and b.bundle.objective) for a, b in pairs)
    assert (few.funnel, few.core, few.repairs) == (many.funnel, many.core, many.repairs)


def test_there_is_something_to_fold_and_what_is_named_stays():
    instances = [ordered(read(_with_clones(seed))) for seed in range(40)]
    pairs = [(whole, folded(whole)) for whole in instances]
    assert sum(len(few.offers) < len(whole.offers) for whole, few in pairs) >= 15
    for whole, few in pairs:
        named = {name for pair in whole.conflicts for name in pair} | {*whole.require, *whole.forbid}
        assert named <= {offer.id for offer in few.offers}


@pytest.mark.parametrize("vendors", [2, 19_999])
def test_twenty_thousand_of_two_offers_are_two_offers(vendors):
    """Sold by two vendors, or each by its own."""
    drawn = {
        "demand": {
            "level": 1,
            "requirements": [{"capability": code, "min_quality": 3, "stage": 1} for code in ("erp", "mes")],
            "links": [["erp", "mes"]],
        },
        "offers": [
            {
                "id": f"o{number:05}",
                "vendor": f"v{number % vendors}",
                "entry_level": 1,
                "interfaces": ["rest"],
                "plans": [{"id": "p", "price_amount": 10, "quality": {("erp", "mes")[number % 2]: 3}}],
            }
            for number in range(19_999)
        ],
    }
    answer = composing.compose(read(drawn))
    assert [item.offer for item in answer.best.items] == ["o00000", "o00001"]
    assert answer.funnel["erp"].offers == 10_000
    assert len(folded(ordered(read(drawn))).offers) == 2
