"""How organizations come to an alliance and go."""

from datetime import timedelta

import pytest

from catalog.alliance_states import MEMBER_STATES, MEMBER_TRANSITIONS
from catalog.alliances import charters, founding, membership, standing
from catalog.errors import Conflict, Invalid, NotAllowed
from catalog.models import CharterConsent
from tests import alliances, factories
from tests.alliances import SIGNER, TODAY, member_of, part

NOTICE_OVER = TODAY + timedelta(days=91)


def problems(refused):
    return [(p.pointer, p.code) for p in refused.value.problems]


def invited(session, alliance, vendor):
    member = membership.invite(session, alliance, vendor, part("mes", role="실행"), TODAY, message="함께해요")
    session.flush()
    return member


def test_whoever_joins_accepts_the_charter_in_force_with_its_part(session, vendors, alliance):
    member = invited(session, alliance, vendors[2])
    assert (member.state, member.message, standing.stands(member, TODAY)) == ("invited", "함께해요", False)
    membership.join(session, member, alliance.charter.sha256, SIGNER, TODAY)
    session.flush()
    assert (member.state, member.since, member.role) == ("joined", TODAY, "실행")
    consent = session.query(CharterConsent).filter_by(member_id=member.id).one()
    assert (consent.sha256, consent.signed_by, consent.at) == (
        alliance.charter.sha256,
        "김서명",
        factories.NOW,
    )
    assert consent.part == {"role": "실행", "role_en": "Quality", "capabilities": ["mes"]}


@pytest.mark.parametrize("sha256", [None, "0" * 64])
def test_another_charter_than_the_one_in_force_binds_nobody(session, vendors, alliance, sha256):
    member = invited(session, alliance, vendors[2])
    with pytest.raises(Invalid) as refused:
        membership.join(session, member, sha256, SIGNER, TODAY)
    assert problems(refused) == [("sha256", "charter_other")]
    assert (member.state, session.query(CharterConsent).count()) == ("invited", 2)


def test_a_request_becomes_an_invitation_with_the_coordinators_part(session, vendors, alliance):
    member = membership.ask(session, alliance, vendors[2], part("qms"), TODAY, message="우리도요")
    assert (member.state, member.capabilities) == ("asked", ["qms"])
    membership.take_up(session, member, part("mes", role="실행"))
    assert (member.state, member.capabilities, member.role) == ("invited", ["mes"], "실행")
    with pytest.raises(Conflict, match=r"alliance\.is_invited"):
        membership.take_up(session, member, part("mes"))


def test_a_request_can_be_refused_and_made_again(session, vendors, alliance):
    member = membership.ask(session, alliance, vendors[2], part("qms"), TODAY)
    membership.refuse(session, member, "품질은 이미 있어요.")
    assert (member.state, member.reason) == ("declined", "품질은 이미 있어요.")
    session.flush()
    again = membership.ask(session, alliance, vendors[2], part("mes"), TODAY)
    assert (again.id, again.state, again.reason) == (member.id, "asked", "")


def test_nobody_asks_an_alliance_that_is_still_forming(session, vendors):
    forming = alliances.forming(session, *vendors[:2])
    with pytest.raises(Conflict, match=r"alliance\.forming"):
        membership.ask(session, forming, vendors[2], part("qms"), TODAY)
    assert len(forming.members) == 2


def test_whoever_began_takes_it_back(session, vendors, alliance):
    member = invited(session, alliance, vendors[2])
    membership.take_back_invitation(session, member)
    with pytest.raises(Conflict, match=r"alliance\.is_withdrawn"):
        membership.join(session, member, alliance.charter.sha256, SIGNER, TODAY)
    with pytest.raises(Conflict, match=r"alliance\.is_withdrawn"):
        membership.take_back_invitation(session, member)
    assert member.state == "withdrawn"


def test_neither_side_takes_back_what_the_other_began(session, vendors, alliance):
    member = invited(session, alliance, vendors[2])
    with pytest.raises(Conflict, match=r"alliance\.is_invited"):
        membership.take_back_request(session, member)
    membership.decline(session, member, "")
    membership.ask(session, alliance, vendors[2], part("mes"), TODAY)
    with pytest.raises(Conflict, match=r"alliance\.is_asked"):
        membership.take_back_invitation(session, member)
    membership.take_back_request(session, member)
    assert member.state == "withdrawn"


def test_an_invitation_can_be_declined(session, vendors, alliance):
    member = invited(session, alliance, vendors[2])
    membership.decline(session, member, "여력이 없어요.")
    assert (member.state, member.reason, member.since) == ("declined", "여력이 없어요.", None)


@pytest.mark.parametrize("act", [membership.invite, membership.ask])
def test_who_belongs_to_it_is_not_invited_and_does_not_ask(session, vendors, alliance, act):
    with pytest.raises(Conflict, match=r"alliance\.member"):
        act(session, alliance, vendors[1], part("mes"), TODAY)


def test_two_invitations_of_one_are_one(session, vendors, alliance):
    invited(session, alliance, vendors[2])
    with pytest.raises(Conflict, match=r"alliance\.is_invited"):
        membership.invite(session, alliance, vendors[2], part("qms"), TODAY)
    assert len(alliance.members) == 3


@pytest.mark.parametrize("roles", [("manufacturer",), ("validator",)])
def test_only_vendors_belong_to_an_alliance(session, alliance, roles):
    with pytest.raises(NotAllowed, match=r"alliance\.vendor"):
        membership.invite(session, alliance, factories.company(session, *roles), part("mes"), TODAY)
    assert len(alliance.members) == 2


def test_a_vendor_that_is_not_confirmed_any_more_cannot_join(session, vendors, alliance):
    member = invited(session, alliance, vendors[2])
    vendors[2].state = "registered"
    with pytest.raises(NotAllowed, match=r"organization\.unconfirmed"):
        membership.join(session, member, alliance.charter.sha256, SIGNER, TODAY)


def test_unknown_capabilities_are_named_at_their_place(session, vendors, alliance):
    with pytest.raises(Invalid) as refused:
        membership.invite(session, alliance, vendors[2], part("mes", "teleport"), TODAY)
    assert problems(refused) == [("capabilities/1", "unknown_code")]


def test_an_alliance_is_full_at_some_number(session, vendors, alliance, monkeypatch):
    monkeypatch.setattr(membership, "MAX_MEMBERS", 2)
    with pytest.raises(Invalid) as refused:
        membership.invite(session, alliance, vendors[2], part("mes"), TODAY)
    assert problems(refused) == [("", "too_many_members")]


def test_leaving_takes_the_charters_notice(session, vendors, alliance):
    member = member_of(alliance, vendors[1])
    last = membership.leave(session, member, TODAY)
    assert last == TODAY + timedelta(days=90)
    assert (member.state, standing.stands(member, last)) == ("leaving", True)
    assert not standing.stands(member, NOTICE_OVER)
    with pytest.raises(Conflict, match=r"alliance\.is_leaving"):
        membership.leave(session, member, TODAY)


def test_in_an_alliance_without_a_charter_there_is_no_notice_to_keep(session, vendors):
    forming = alliances.forming(session, *vendors[:2])
    assert membership.leave(session, member_of(forming, vendors[1]), TODAY) == TODAY


def test_a_notice_is_taken_back_until_its_last_day(session, vendors, alliance):
    member = member_of(alliance, vendors[1])
    last = membership.leave(session, member, TODAY)
    membership.stay(session, member, last)
    assert (member.state, member.last_day) == ("joined", None)
    last = membership.leave(session, member, TODAY)
    with pytest.raises(Conflict, match=r"alliance\.gone"):
        membership.stay(session, member, last + timedelta(days=1))
    assert (member.state, member.last_day) == ("leaving", last)


def test_the_lead_neither_leaves_nor_is_excluded_before_another_is_named(session, vendors, alliance):
    lead = member_of(alliance, vendors[0])
    for act in (
        lambda: membership.leave(session, lead, TODAY),
        lambda: membership.exclude(session, lead, "까닭", TODAY),
    ):
        with pytest.raises(Conflict, match=r"alliance\.lead"):
            act()
    assert lead.state == "joined"
    alliances.accepted(session, alliance, lead=vendors[1].public_id)
    membership.leave(session, lead, TODAY)
    assert lead.state == "leaving"


def test_exclusion_has_a_reason_and_the_same_notice(session, vendors, alliance):
    member = member_of(alliance, vendors[1])
    with pytest.raises(Invalid) as refused:
        membership.exclude(session, member, "", TODAY)
    assert (problems(refused), member.state) == ([("reason", "required")], "joined")
    last = membership.exclude(session, member, "답이 없어요.", TODAY)
    assert (member.state, member.reason, last) == ("excluded", "답이 없어요.", TODAY + timedelta(days=90))
    assert standing.stands(member, last)
    assert not standing.decides(member, TODAY)


def test_who_was_excluded_comes_back_by_invitation_alone(session, vendors, alliance):
    member = member_of(alliance, vendors[1])
    last = membership.exclude(session, member, "답이 없어요.", TODAY)
    later = last + timedelta(days=1)
    with pytest.raises(Conflict, match=r"alliance\.excluded"):
        membership.ask(session, alliance, vendors[1], part("mes"), later)
    again = membership.invite(session, alliance, vendors[1], part("mes"), later)
    assert (again is member, again.state, again.reason, again.last_day) == (True, "invited", "", None)


def test_the_end_of_a_notice_is_noted_once(session, vendors, alliance):
    member = member_of(alliance, vendors[1])
    last = membership.leave(session, member, TODAY)
    session.flush()
    assert membership.due(session, last) == []
    assert not membership.end(session, member, last)
    (over,) = membership.due(session, last + timedelta(days=1))
    assert membership.end(session, over, last + timedelta(days=1))
    assert (member.state, membership.due(session, last + timedelta(days=1))) == ("left", [])
    assert not membership.end(session, member, last + timedelta(days=1))


def test_who_left_comes_back_under_the_same_charter(session, vendors, alliance):
    member = member_of(alliance, vendors[1])
    later = membership.leave(session, member, TODAY) + timedelta(days=1)
    session.flush()
    membership.end(session, member, later)
    membership.ask(session, alliance, vendors[1], part("qms"), later)
    membership.take_up(session, member, part("qms"))
    membership.join(session, member, alliance.charter.sha256, SIGNER, later)
    session.flush()
    consents = session.query(CharterConsent).filter_by(member_id=member.id).all()
    assert (member.state, member.since, [one.part["capabilities"] for one in consents]) == (
        "joined",
        later,
        [["qms"]],
    )


def test_a_dissolved_alliance_takes_nobody(session, vendors, alliance):
    member = invited(session, alliance, vendors[2])
    founding.dissolve(session, alliance, TODAY)
    with pytest.raises(Conflict, match=r"alliance\.dissolved"):
        membership.join(session, member, alliance.charter.sha256, SIGNER, TODAY)
    with pytest.raises(Conflict, match=r"alliance\.dissolved"):
        membership.invite(session, alliance, vendors[2], part("mes"), TODAY)


TAKE_BACK = {"invited": membership.take_back_invitation, "asked": membership.take_back_request}
ACTS = {act for _state, act in MEMBER_TRANSITIONS}


@pytest.mark.parametrize("state", MEMBER_STATES)
def test_a_member_moves_only_as_the_table_says(session, vendors, alliance, state):
    """Every act on a member in every state: done if the table has it, else a refusal that changes nothing."""
    member = member_of(alliance, vendors[1])
    acts = {
        "take_back": lambda: TAKE_BACK.get(state, membership.take_back_request)(session, member),
        "take_up": lambda: membership.take_up(session, member, part("mes")),
        "refuse": lambda: membership.refuse(session, member, "x"),
        "join": lambda: membership.join(session, member, alliance.charter.sha256, SIGNER, TODAY),
        "decline": lambda: membership.decline(session, member, "x"),
        "leave": lambda: membership.leave(session, member, TODAY),
        "stay": lambda: membership.stay(session, member, TODAY),
        "exclude": lambda: membership.exclude(session, member, "x", TODAY),
        "invite": lambda: membership.invite(session, alliance, vendors[1], part("mes"), TODAY),
        "ask": lambda: membership.ask(session, alliance, vendors[1], part("mes"), TODAY),
    }
    assert ACTS - set(acts) == {"end", "forget"}
    for name, act in acts.items():
        gone = name in ("invite", "ask")
        day = TODAY - timedelta(days=1) if gone else TODAY
        member.state, member.last_day = state, day if state in ("leaving", "left", "excluded") else None
        session.flush()
        target = MEMBER_TRANSITIONS.get((state, name))
        if target is None:
            with pytest.raises(Conflict):
                act()
            assert member.state == state, name
        else:
            act()
            assert member.state == target, name


def test_capacity_is_summed_and_what_is_not_known_is_counted(session, vendors, alliance):
    vendors[0].capacity_per_quarter = 6
    assert standing.free_capacity(standing.standing_members(alliance, TODAY)) == (6, 1)


def test_the_lead_stands_first(session, vendors, alliance):
    alliances.accepted(session, alliance, lead=vendors[1].public_id)
    found = standing.standing_members(alliance, TODAY)
    assert [one.organization for one in found] == [vendors[1], vendors[0]]


def test_a_proposal_that_names_the_leaver_as_lead_is_taken_back(session, vendors, alliance):
    proposal = charters.propose(
        session, alliance, alliances.charter_fields(alliance, lead=vendors[1].public_id), TODAY
    )
    session.flush()
    membership.leave(session, member_of(alliance, vendors[1]), TODAY)
    assert (proposal.state, alliance.charter.number) == ("taken_back", 1)
