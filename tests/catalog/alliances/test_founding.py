"""Who may found an alliance, what it says of itself, how it ends."""

import pytest

from catalog.alliance_states import ALLIANCE_STATES, ALLIANCE_TRANSITIONS
from catalog.alliances import charters, founding, membership, standing
from catalog.errors import Conflict, Invalid, NotAllowed
from catalog.models import Alliance
from tests import alliances, factories
from tests.alliances import TODAY, part


def test_a_confirmed_vendor_founds_one_and_runs_it(session, vendors):
    alliance = founding.found(session, vendors[0], alliances.fields(division="2025:ai_factory"), TODAY)
    session.flush()
    assert (alliance.coordinator, alliance.state, alliance.members) == (vendors[0], "forming", [])
    assert (alliance.charter, standing.lead_of(alliance)) == (None, None)


def test_it_may_be_a_member_from_the_beginning(session, vendors):
    made = founding.found(session, vendors[0], alliances.fields(), TODAY, part=part("mes", role="대표"))
    (member,) = made.members
    assert (member.state, member.since, member.role, member.capabilities) == (
        "joined",
        TODAY,
        "대표",
        ["mes"],
    )


@pytest.mark.parametrize(
    ("roles", "confirmed", "code"),
    [(("vendor",), False, "organization.unconfirmed"), (("manufacturer",), True, "alliance.vendor")],
)
def test_nobody_else_does(session, roles, confirmed, code):
    other = factories.company(session, *roles, confirmed=confirmed)
    with pytest.raises(NotAllowed, match=code.replace(".", r"\.")):
        founding.found(session, other, alliances.fields(), TODAY)
    assert session.query(Alliance).count() == 0


@pytest.mark.parametrize(
    ("changes", "mine", "pointer", "code"),
    [
        ({"division": "2025:teleport"}, None, "division", "unknown_code"),
        ({"division": "2023:ai_factory"}, None, "division", "unknown_code"),
        ({}, part("mes", "teleport"), "member/capabilities/1", "unknown_code"),
        ({}, part("mes", "mes"), "member/capabilities/1", "repeated"),
    ],
)
def test_what_it_says_must_exist(session, vendors, changes, mine, pointer, code):
    with pytest.raises(Invalid) as refused:
        founding.found(session, vendors[0], alliances.fields(**changes), TODAY, part=mine)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [(pointer, code)]


def test_nobody_runs_more_than_twenty_at_a_time(session, vendors):
    made = [founding.found(session, vendors[0], alliances.fields(), TODAY) for _ in range(20)]
    with pytest.raises(Invalid, match="alliances_too_many"):
        founding.found(session, vendors[0], alliances.fields(), TODAY)
    founding.dissolve(session, made[0], TODAY)
    assert founding.found(session, vendors[0], alliances.fields(), TODAY).state == "forming"


def test_the_text_can_be_replaced_until_it_is_dissolved(session, vendors, alliance):
    founding.describe(session, alliance, alliances.fields(name="나", division="2024:steel"))
    assert (alliance.name, alliance.division) == ("나", "2024:steel")
    founding.dissolve(session, alliance, TODAY)
    with pytest.raises(Conflict, match=r"alliance\.dissolved"):
        founding.describe(session, alliance, alliances.fields(name="다"))
    assert alliance.name == "나"


def test_dissolving_takes_back_what_waits_and_names_who_belonged(session, vendors, alliance):
    invited = membership.invite(session, alliance, vendors[2], part("mes"), TODAY)
    proposal = charters.propose(session, alliance, alliances.charter_fields(alliance, notice_days=30), TODAY)
    belonged = founding.dissolve(session, alliance, TODAY)
    assert [one.organization for one in belonged] == vendors[:2]
    assert (alliance.state, alliance.dissolved_on) == ("dissolved", TODAY)
    assert (invited.state, proposal.state, proposal.ended_on) == ("withdrawn", "taken_back", TODAY)
    with pytest.raises(Conflict, match=r"alliance\.dissolved"):
        founding.dissolve(session, alliance, TODAY)


def test_every_state_has_its_way_out_but_the_last():
    assert {state for state, _act in ALLIANCE_TRANSITIONS} == set(ALLIANCE_STATES) - {"dissolved"}
