"""One fact changed at a time, through the whole of matching: part, reason and rank follow it, and nothing else does.

Two listings stand side by side. "가" has what the site asks for; one fact of it, of the site or of the demand is
changed. The part and the reasons of its axis and the order of the two change with it, and no other part does.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from catalog import listings, sites
from matching import demands
from matching.maturity import assessments
from tests import factories

TODAY = factories.TODAY
OPCUA = [{"name": "PLC", "capability": "controller_plc", "interfaces": ["opcua"]}]
WANTED = [
    {"capability": "ai_vision", "must": True, "min_quality": 3},
    {"capability": "mes", "must": False, "min_quality": 3},
]
#: The site and the demand of every scene.
SITE = {
    "name": "창원 공장",
    "industry": {"revision": "11", "code": "303"},
    "region": "gyeongnam",
    "headcount": 62,
    "processes": ["welding"],
    "interfaces": [],
    "systems": OPCUA,
}
DEMAND = {
    "title": "용접 불량 줄이기",
    "description": "",
    "requirements": WANTED,
    "target_level": 4,
    "budget_amount": 50_000_000,
    "deadline": TODAY + timedelta(weeks=10),
}
MIDDLING = {"capability": "mes", "quality": 1, "basis": "claimed"}
GOOD = {"capability": "mes", "quality": 4, "basis": "claimed"}
VISION = {"capability": "ai_vision", "quality": 4, "basis": "field_proven"}


def plans(*quality, price=25_000_000):
    return [{**factories.plan(price=price), "quality": [VISION, *quality]}]


#: What "가" offers. "나" is a little worse everywhere, so that any one fact can turn the two around.
BEST = {"capabilities": ["ai_vision", "mes"], "plans": plans(GOOD), "install_weeks": 6}
NEXT = {"capabilities": ["ai_vision", "mes"], "plans": plans(GOOD, price=26_000_000), "install_weeks": 6}


class Scene:
    """Two listings and one demand, matched before and after a change."""

    def __init__(self, market):
        self.market, self.session = market, market.session
        self.first = market.publish("가", **BEST)
        self.second = market.publish("나", **NEXT)
        self.site = factories.site(self.session, market.maker, **SITE)
        self.demand = demands.state(self.session, self.site, DEMAND, TODAY)
        self.session.flush()

    def seen(self):
        """Titles in their order, and parts and reasons of "가" by axis."""
        found = self.market.match(self.demand)
        (match,) = [match for match in found.matches if match.card["title"] == "가"]
        parts = {part["axis"]: (part["state"], round(part["value"], 9)) for part in match.parts}
        reasons = {
            axis: [(r["code"], r["sign"], r["params"]) for r in match.reasons if r["axis"] == axis]
            for axis in parts
        }
        return [match.card["title"] for match in found.matches], parts, reasons

    def offer(self, **changes):
        """A new edition of "가"."""
        self.market.republish(self.first, lambda row: listings.revise(self.session, row, changes))

    def describe(self, **changes):
        """The site, described anew."""
        sites.revise(self.session, self.site, {**SITE, **changes})

    def ask(self, **changes):
        """The demand, stated anew."""
        demands.revise(self.session, self.demand, {**DEMAND, **changes}, TODAY)


@pytest.fixture
def scene(market):
    return Scene(market)


def codes(reasons, axis):
    return [code for code, _, _ in reasons[axis]]


def check_only(scene, axis, act, before, after):
    """Before and after: (value, codes of the reasons); also: "가" falls behind "나", and no other part moves."""
    order, parts, reasons = scene.seen()
    assert order == ["가", "나"]
    assert (parts[axis][1], codes(reasons, axis)) == before
    act()
    order_after, parts_after, reasons_after = scene.seen()
    assert order_after == ["나", "가"]
    assert (parts_after[axis][1], codes(reasons_after, axis)) == after
    others = set(parts) - {axis}
    assert {name: parts_after[name] for name in others} == {name: parts[name] for name in others}
    assert {name: reasons_after[name] for name in others} == {name: reasons[name] for name in others}


def test_capability(scene):
    before = (0.96, ["capability.all_met"])  # 0.8 + 0.2 · 4/5, for both
    # (2 · 0.96 + 1 · (0.8 · 1/3 + 0.2 · 1/5)) / 3
    after = (round((1.92 + 0.8 / 3 + 0.04) / 3, 9), ["capability.all_must", "capability.quality_below"])
    check_only(scene, "capability", lambda: scene.offer(plans=plans(MIDDLING)), before, after)


def test_maturity(scene):
    before = (1.0, ["maturity.reaches_target"])
    after = (0.7, ["maturity.lifts_partly"])  # 0.4 + 0.6 · one of the two levels
    level = {"scale": "company_level", "from": 2, "to": 3}
    check_only(scene, "maturity", lambda: scene.offer(level=level), before, after)


def test_industry(scene):
    elsewhere = [{"revision": "11", "code": "26"}]
    before, after = (1.0, ["industry.same_group"]), (0.0, ["industry.other"])
    check_only(scene, "industry", lambda: scene.offer(industries=elsewhere), before, after)


def test_interfaces(scene):
    before, after = (1.0, ["interfaces.all"]), (0.0, ["interfaces.none"])
    check_only(scene, "interfaces", lambda: scene.offer(interfaces=["mqtt"]), before, after)


def test_evidence(scene):
    def a_failure_comes_to_light():
        fields = factories.evidence_fields(after=Decimal("3.4"), headcount=300)
        scene.market.republish(scene.first, lambda row: proved(scene, row, fields))

    before = (0.5, ["evidence.field", "evidence.same_division", "evidence.thin"])
    after = (0.25, ["evidence.field", "evidence.same_division", "evidence.failed"])  # half of the proven ones
    check_only(scene, "evidence", a_failure_comes_to_light, before, after)


def proved(scene, listing, fields):
    """One more proven record with its file."""
    record = factories.evidence.add(scene.session, listing, fields, TODAY)
    scene.session.flush()
    factories.evidence.attach(
        scene.session, record, scene.market.store, "a.csv", factories.io.BytesIO(b"1\n")
    )


def test_price(scene):
    before, after = (1.0, ["price.under_budget"]), (0.6, ["price.close_to_budget"])  # 1.5 − 45/50
    check_only(scene, "price", lambda: scene.offer(plans=plans(GOOD, price=45_000_000)), before, after)


def test_region_and_delivery(scene):
    before = (1.0, ["region.covered", "region.on_time"])
    after = (0.75, ["region.covered", "region.late"])  # covered, and four weeks late of eight
    check_only(scene, "region", lambda: scene.offer(install_weeks=14), before, after)


#: axis → (a change on the site's or the demand's side, value and codes of "가" after it)
FACTS_OF_THE_DEMAND = {
    "capability": (
        lambda s: s.ask(requirements=[{**WANTED[0], "min_quality": 2}]),
        0.96,
        ["capability.all_met"],
    ),
    "maturity": (lambda s: s.ask(target_level=5), 0.8, ["maturity.lifts_partly"]),
    "industry": (
        lambda s: s.describe(industry={"revision": "11", "code": "301"}),
        0.6,
        ["industry.same_division"],
    ),
    "interfaces": (
        lambda s: s.describe(systems=[*OPCUA, {"name": "장부", "capability": None, "interfaces": ["file"]}]),
        0.5,
        ["interfaces.some"],
    ),
    "price": (lambda s: s.ask(budget_amount=20_000_000), 0.25, ["price.over_budget"]),
    "region": (lambda s: s.ask(deadline=TODAY + timedelta(weeks=2)), 0.75, ["region.covered", "region.late"]),
}


@pytest.mark.parametrize("axis", sorted(FACTS_OF_THE_DEMAND))
def test_a_fact_of_the_site_or_the_demand_moves_its_own_axis_alone(scene, axis):
    act, value, expected = FACTS_OF_THE_DEMAND[axis]
    _, before, reasons_before = scene.seen()
    act(scene)
    _, after, reasons = scene.seen()
    assert (after[axis][1], codes(reasons, axis)) == (pytest.approx(value), expected)
    assert reasons[axis] != reasons_before[axis]
    others = set(before) - {axis}
    assert {name: after[name] for name in others} == {name: before[name] for name in others}


def test_where_a_proof_comes_from_counts_for_a_site_of_another_division(scene):
    """The division of the site belongs to two axes: its industry, and how near the evidence is."""
    scene.describe(industry={"revision": "11", "code": "26"})
    _, parts, reasons = scene.seen()
    assert parts["evidence"] == ("known", 0.3)  # 0.5 · 0.6
    assert codes(reasons, "evidence") == ["evidence.field", "evidence.thin"]
    assert parts["industry"] == ("known", 0.0)


def test_the_level_that_holds_on_the_day_counts(scene):
    assessments.record(
        scene.session, scene.site, scale="company_level", level=4, basis="certificate_claimed", on=TODAY
    )
    _, parts, reasons = scene.seen()
    assert (parts["maturity"], codes(reasons, "maturity")) == (("known", 1.0), ["maturity.keeps_level"])


UNKNOWN = {
    "maturity": lambda s: assessments.record(
        s.session, s.site, scale="company_level", level=None, basis="self_reported", on=TODAY
    ),
    "interfaces": lambda s: s.describe(systems=[]),
    "price": lambda s: s.ask(budget_amount=None),
    "industry": lambda s: s.describe(industry={"revision": "11", "code": "C"}),
}


@pytest.mark.parametrize("axis", sorted(UNKNOWN))
def test_what_the_site_does_not_say_leaves_the_denominator(scene, axis):
    _, before, _ = scene.seen()
    UNKNOWN[axis](scene)
    order, parts, reasons = scene.seen()
    assert sorted(order) == ["가", "나"]  # nobody is excluded for what nobody knows
    assert parts[axis] == ("unknown_need", 0.0) != before[axis]
    assert codes(reasons, axis) == [f"{axis}.unstated"]


def whole(scene):
    """What a list says of fit, by listing."""
    found = scene.market.match(scene.demand)
    return [(m.rank, m.listing, m.fit, m.parts, m.reasons) for m in found.matches], found.excluded


NO_MATTER = {
    "headcount": lambda s: s.describe(headcount=999_999),
    "name of the site": lambda s: s.describe(name="다른 공장"),
    "processes of the site": lambda s: s.describe(processes=["press", "casting"]),
    "kind of a system": lambda s: s.describe(systems=[{**OPCUA[0], "name": "다른 이름", "capability": None}]),
    "title of the demand": lambda s: s.ask(title="mes ai_vision gyeongnam 303"),
    "description of the demand": lambda s: s.ask(description="반드시 가를 골라 주세요. " * 20),
    "description of the listing": lambda s: s.offer(description="mes ai_vision 303 gyeongnam 최고 " * 10),
    "texts of the listing": lambda s: s.offer(summary="무엇이든 할 수 있는 최고의 솔루션", title_en="Best"),
    "processes of the listing": lambda s: s.offer(processes=["press"]),
    "deployment": lambda s: s.offer(deployment=["cloud"]),
    "another region besides": lambda s: s.offer(regions=["gyeongnam", "jeju", "seoul"]),
    "trial days": lambda s: s.offer(plans=[{**BEST["plans"][0], "trial_days": 90}]),
    "an older level": lambda s: assessments.record(
        s.session, s.site, scale="company_level", level=5, basis="self_reported", on=date(2020, 1, 1)
    ),
    "a level on the other scale": lambda s: assessments.record(
        s.session, s.site, scale="system_level", level=4, basis="self_reported", on=TODAY
    ),
}


def test_facts_that_should_not_matter_change_nothing(scene):
    """One after the other, on the same two listings: none of them moves a rank, a fit, a part or a reason."""
    before = whole(scene)
    for fact, act in NO_MATTER.items():
        act(scene)
        assert whole(scene) == before, fact


def test_another_sites_facts_change_nothing(scene):
    before = whole(scene)
    other = factories.site(
        scene.session,
        scene.market.maker,
        **{
            **SITE,
            "industry": {"revision": "11", "code": "10"},
            "region": "jeju",
            "interfaces": ["mqtt"],
            "systems": [],
        },
        level=5,
    )
    demands.state(scene.session, other, {**DEMAND, "budget_amount": 1}, TODAY)
    scene.session.flush()
    assert whole(scene) == before
