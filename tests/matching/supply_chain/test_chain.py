"""Who sees what: names, levels and links as far as each firm lets them be seen; the rest is counted."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from matching.maturity import assessments
from matching.supply_chain import chain, links
from tests import factories
from tests.factories import TODAY
from tests.matching.supply_chain.conftest import said


def names(seen):
    return {firm.name: firm.tier for firm in seen.firms.values()}


@pytest.fixture
def village(session, firm, supply):
    """anchor ← press (shows) ← plate (shows) ← acid; anchor ← board (hides) ← chip."""
    made = {name: firm(name) for name in ("anchor", "press", "plate", "acid", "board", "chip")}
    for name, level in (("press", 3), ("plate", 1), ("board", 2), ("acid", 1)):
        factories.site(session, made[name], level=level)
    session.flush()
    supply(made["press"], made["anchor"], shows=True)
    supply(made["plate"], made["press"], shows=True)
    supply(made["acid"], made["plate"])
    supply(made["board"], made["anchor"])
    supply(made["chip"], made["board"], shows=True)
    return made


def test_the_anchor_sees_as_far_as_the_grants_reach(session, village):
    seen = chain.below(session, village["anchor"], TODAY)
    assert names(seen) == {"anchor": 0, "press": 1, "board": 1, "plate": 2, "acid": 3}
    assert seen.hidden == {2: 1}, "chip is counted, not named"
    by_name = {firm.name: firm for firm in seen.firms.values()}
    assert (by_name["press"].level, by_name["press"].basis, by_name["press"].kind) == (
        3,
        "self_reported",
        "30",
    )
    assert (by_name["board"].level, by_name["board"].kind, by_name["board"].shows) == (None, "", False)
    assert by_name["acid"].level is None, "its level is its own to show"


def test_a_supplier_sees_what_is_below_it_and_nothing_beside_or_above(session, village):
    assert names(chain.below(session, village["press"], TODAY)) == {"press": 0, "plate": 1, "acid": 2}
    assert names(chain.below(session, village["board"], TODAY)) == {"board": 0, "chip": 1}
    assert names(chain.below(session, village["acid"], TODAY)) == {"acid": 0}


def test_a_stranger_sees_nothing(session, village, firm):
    seen = chain.below(session, firm("stranger"), TODAY)
    assert (names(seen), seen.links, seen.hidden) == ({"stranger": 0}, (), {})


def test_a_grant_taken_back_closes_all_below(session, village):
    seen = chain.below(session, village["anchor"], TODAY)
    press = next(link for link in seen.links if link.supplier_number == village["press"].registration_number)
    links.consent(session, press, village["press"], share_systems=False, share_chain=False)
    session.flush()
    after = chain.below(session, village["anchor"], TODAY)
    assert names(after) == {"anchor": 0, "press": 1, "board": 1}
    assert after.hidden == {2: 2}
    assert {firm.level for firm in after.firms.values()} == {None}


def test_a_customer_in_between_may_not_pass_on_what_it_was_not_given(session, village):
    """plate shows press, press shows the anchor; acid shows nobody, so nothing below acid is seen from anywhere."""
    deep = factories.company(session, "manufacturer", name="deep")
    done = links.declare(session, village["acid"], said("supplier", deep), TODAY)
    session.flush()
    links.confirm(session, done.link, deep, TODAY, share_systems=False, share_chain=True)
    session.flush()
    seen = chain.below(session, village["anchor"], TODAY)
    assert "deep" not in names(seen)
    assert seen.hidden == {2: 1, 4: 1}


def test_a_grant_counts_only_when_the_link_is_confirmed(session, firm, supply):
    anchor, press, plate = firm("anchor"), firm("press"), firm("plate")
    links.declare(session, press, said("customer", anchor, share_chain=True), TODAY)
    session.flush()
    supply(plate, press)
    seen = chain.below(session, anchor, TODAY)
    assert names(seen) == {"anchor": 0, "press": 1}
    assert seen.firms[press.registration_number].shows is False


def test_what_a_firm_says_of_one_that_shows_nothing_is_not_passed_on_by_it(session, firm, supply):
    """A declaration below counts if the firm that lets us see it has made it itself."""
    anchor, press, plate, rumour = firm("anchor"), firm("press"), firm("plate"), firm("rumour")
    supply(press, anchor, shows=True)
    links.declare(session, press, said("supplier", plate), TODAY)
    links.declare(session, rumour, said("customer", press), TODAY)
    session.flush()
    assert names(chain.below(session, anchor, TODAY)) == {"anchor": 0, "press": 1, "plate": 2}


def test_ended_and_past_links_are_gone(session, village):
    seen = chain.below(session, village["anchor"], TODAY)
    press = next(link for link in seen.links if link.supplier_number == village["press"].registration_number)
    press.until = TODAY - timedelta(days=1)
    session.flush()
    assert names(chain.below(session, village["anchor"], TODAY)) == {"anchor": 0, "board": 1}


def test_a_loop_is_shown_and_the_tiers_hold(session, village, supply):
    supply(village["press"], village["plate"], shows=True)
    seen = chain.below(session, village["anchor"], TODAY)
    assert names(seen)["press"] == 1
    pair = (village["press"].registration_number, village["plate"].registration_number)
    assert seen.loops == (tuple(sorted(pair)),)


def test_the_level_of_several_factories_is_the_lowest_that_is_known(session, village):
    second = factories.site(session, village["press"], name="둘째", level=None)
    session.flush()
    assert _level(session, village, "press") == 3
    assessments.record(session, second, scale="company_level", level=2, basis="self_reported", on=TODAY)
    session.flush()
    assert _level(session, village, "press") == 2


def test_a_large_chain_costs_no_more_statements(session, firm, supply):
    anchor = firm("anchor")
    before = anchor
    for i in range(30):
        after = firm(f"f{i:02}")
        supply(after, before, shows=True)
        before = after
    sent = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *said: sent.append(said[2]))
    assert max(names(chain.below(session, anchor, TODAY)).values()) == 30
    assert len(sent) == 3


def _level(session, village, name):
    seen = chain.below(session, village["anchor"], TODAY)
    return seen.firms[village[name].registration_number].level
