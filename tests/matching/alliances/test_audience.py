"""A demand is shown to one alliance: members and coordinator see it without the name, until it is taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from catalog.alliances import founding, membership
from catalog.errors import Conflict, Invalid
from matching import audience, demands
from matching.models import AllianceLead
from tests import alliances, factories
from tests.alliances import NOW, TODAY, member_of


def show(session, demand, alliance, to=()):
    demands.widen(session, demand, "alliance", to, NOW, alliance=alliance)
    session.flush()


def seen(session, vendor, today=None):
    session.flush()
    found = list(session.scalars(audience.visible_to(vendor, today)))
    assert all(audience.may_see(demand, vendor, today) for demand in found)
    return found


def lines(session):
    return session.scalar(select(func.count()).select_from(AllianceLead))


def test_members_see_it_without_the_name_and_nobody_else_at_all(session, vendors, alliance, demand):
    show(session, demand, alliance)
    assert [seen(session, vendor) for vendor in vendors] == [[demand], [demand], []]
    assert not audience.may_see(demand, vendors[2])
    view = audience.shown(demand, vendors[0])
    assert (view.named, view.organization, view.title) == (False, None, None)
    assert "해울" not in repr(view)
    assert audience.shown(demand, vendors[0], accepted=True).organization == "해울정밀공업"


def test_a_coordinator_that_is_no_member_sees_it_too(session, vendors, demand):
    runner = vendors[2]
    alliance = founding.found(session, runner, alliances.fields(), TODAY)
    session.flush()
    for vendor in vendors[:2]:
        member = membership.invite(session, alliance, vendor, alliances.part("mes"), TODAY)
        session.flush()
        membership.join(session, member, None, alliances.SIGNER, TODAY)
    alliances.accepted(session, alliance)
    show(session, demand, alliance)
    assert seen(session, runner) == [demand]


def test_who_is_only_invited_or_gone_does_not_see_it(session, vendors, alliance, demand):
    show(session, demand, alliance)
    membership.invite(session, alliance, vendors[2], alliances.part("mes"), TODAY)
    assert seen(session, vendors[2]) == []
    last = membership.leave(session, member_of(alliance, vendors[1]), TODAY)
    assert seen(session, vendors[1], last) == [demand]
    assert seen(session, vendors[1], last + timedelta(days=1)) == []
    assert not audience.may_see(demand, vendors[1], last + timedelta(days=1))


def test_the_named_keep_their_view_beside_the_alliance(session, vendors, alliance, demand):
    demands.widen(session, demand, "organizations", [vendors[2]], NOW)
    show(session, demand, alliance)
    assert seen(session, vendors[2]) == [demand]
    assert audience.shown(demand, vendors[2]).organization == "해울정밀공업"
    demands.narrow(session, demand, "organizations")
    assert (demand.audience, demand.alliance_lead) == ("organizations", None)
    assert [seen(session, vendor) for vendor in vendors] == [[], [], [demand]]


def test_a_member_that_is_named_as_well_reads_the_name(session, vendors, alliance, demand):
    show(session, demand, alliance, to=[vendors[1]])
    assert audience.shown(demand, vendors[1]).named
    assert not audience.shown(demand, vendors[0]).named


def test_the_board_is_wider_and_leaves_it_in_the_pipeline(session, vendors, alliance, demand):
    show(session, demand, alliance)
    demands.widen(session, demand, "board", [], NOW)
    assert (demand.audience, demand.alliance_lead.alliance, lines(session)) == ("board", alliance, 1)
    assert seen(session, vendors[2]) == [demand]
    with pytest.raises(Conflict, match="wider_already"):
        demands.widen(session, demand, "alliance", [], NOW, alliance=alliance)
    demands.narrow(session, demand, "alliance")
    assert [seen(session, vendor) for vendor in vendors] == [[demand], [demand], []]


def test_taking_it_back_hides_it_at_once(session, vendors, alliance, demand):
    show(session, demand, alliance)
    demands.narrow(session, demand, "private")
    session.flush()
    assert (demand.audience, lines(session), seen(session, vendors[0])) == ("private", 0, [])
    with pytest.raises(Invalid, match="not_narrower"):
        demands.narrow(session, demand, "alliance")


def test_a_board_demand_of_no_alliance_is_not_narrowed_to_one(session, demand):
    demands.widen(session, demand, "board", [], NOW)
    with pytest.raises(Invalid, match="not_narrower"):
        demands.narrow(session, demand, "alliance")
    assert demand.audience == "board"


def test_closing_takes_it_out_of_the_pipeline(session, vendors, alliance, demand):
    show(session, demand, alliance)
    demands.close(session, demand, "bought")
    session.flush()
    assert (lines(session), seen(session, vendors[0])) == (0, [])


def test_one_alliance_and_no_other(session, vendors, alliance, demand):
    other = alliances.active(session, *vendors[:2])
    show(session, demand, alliance)
    show(session, demand, alliance)
    with pytest.raises(Invalid) as refused:
        show(session, demand, other)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [("alliance", "alliance_other")]
    assert (demand.alliance_lead.alliance, lines(session)) == (alliance, 1)


@pytest.mark.parametrize("what", ["forming", "dissolved", "lead_gone"])
def test_only_an_alliance_with_a_lead_that_answers_is_shown_anything(session, vendors, demand, what):
    made = (
        alliances.forming(session, *vendors[:2])
        if what == "forming"
        else alliances.active(session, *vendors[:2])
    )
    if what == "dissolved":
        founding.dissolve(session, made, TODAY)
    if what == "lead_gone":
        member_of(made, vendors[0]).state, member_of(made, vendors[0]).last_day = "left", TODAY
    with pytest.raises(Invalid) as refused:
        show(session, demand, made)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [("alliance", "alliance_not_active")]
    assert (demand.audience, lines(session)) == ("private", 0)


@pytest.mark.parametrize("wanted", ["board", "organizations"])
def test_an_alliance_goes_with_its_own_audience_alone(session, vendors, alliance, demand, wanted):
    with pytest.raises(Invalid) as refused:
        demands.widen(session, demand, wanted, [vendors[2]], NOW, alliance=alliance)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [("alliance", "alliance_only")]
    assert (demand.audience, lines(session), len(demand.named)) == ("private", 0, 0)


def test_when_it_dissolves_its_demands_are_hidden_and_told(session, vendors, alliance, demand):
    alone, with_board, with_named = (
        demand,
        *(factories.demand(session, demand.site, title=title) for title in ("판", "지정")),
    )
    demands.widen(session, with_named, "organizations", [vendors[2]], NOW)
    for one in (alone, with_board, with_named):
        show(session, one, alliance)
    demands.widen(session, with_board, "board", [], NOW)
    founding.dissolve(session, alliance, TODAY)
    assert seen(session, vendors[0]) == [with_board]
    assert demands.unshare(session, alliance) == [alone, with_board, with_named]
    assert [one.audience for one in (alone, with_board, with_named)] == ["private", "board", "organizations"]
    assert lines(session) == 0


def test_its_own_demand_is_not_shown_to_a_member(session, vendors, alliance):
    both = factories.company(session, "vendor", "manufacturer", name="둘 다")
    own = factories.demand(session, factories.site(session, both))
    member = membership.invite(session, alliance, both, alliances.part("mes"), TODAY)
    session.flush()
    membership.join(session, member, alliance.charter.sha256, alliances.SIGNER, TODAY)
    show(session, own, alliance)
    assert (seen(session, both), seen(session, vendors[0])) == ([], [own])
