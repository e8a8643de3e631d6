"""The demo's chain: an anchor, three tiers, a bottleneck in words, one link that waits for manufacturer@."""

from sqlalchemy import func, select

from catalog.models import Organization
from marketplace.demo.rounds import TODAY
from matching.models.trade_link import ChainViewer, TradeLink
from matching.supply_chain import chain


def organization(demo, name):
    return demo.scalars(select(Organization).where(Organization.name == name)).one()


def test_the_chain_has_an_anchor_three_tiers_and_a_loop(demo, country):
    seen = chain.below(demo, organization(demo, country.links["anchor"]), TODAY)
    tiers = [firm.tier for firm in seen.firms.values()]
    assert len(tiers) >= 41, "the anchor and forty firms"
    assert set(tiers) == {0, 1, 2, 3}
    assert seen.loops
    assert seen.hidden == {2: 1}, "one supplier of a firm that shows nothing"


def test_somebody_holds_the_chain_back(demo, country):
    seen = chain.below(demo, organization(demo, country.links["anchor"]), TODAY)
    assert seen.bottleneck is not None
    assert (seen.bottleneck.group.tier, seen.bottleneck.group.kind) == (3, "25"), "plating and heat treatment"
    assert len(seen.bottleneck.group.firms) >= 8


def test_some_groups_hold_several_firms(demo, country):
    seen = chain.below(demo, organization(demo, country.links["anchor"]), TODAY)
    for tier in (1, 2, 3):
        assert sum(len(group.firms) >= 3 for group in seen.groups if group.tier == tier) >= 2


def test_one_link_waits_for_the_login_of_a_manufacturer(demo):
    number = organization(demo, "새결오토텍").registration_number
    waiting = select(func.count(TradeLink.id)).where(
        TradeLink.customer_number == number,
        TradeLink.declared_by == "supplier",
        TradeLink.state == "declared",
    )
    assert demo.scalar(waiting) == 1


def test_every_state_is_there_and_the_coordinator_is_let_in(demo):
    states = set(demo.scalars(select(TradeLink.state)))
    assert {"declared", "confirmed", "denied"} <= states
    assert demo.scalar(select(func.count(ChainViewer.id))) == 1
