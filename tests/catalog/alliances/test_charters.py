"""A charter comes into force when everybody who decides has accepted exactly that version."""

from datetime import timedelta

import pytest

from catalog.alliance_states import CHARTER_STATES, CHARTER_TRANSITIONS
from catalog.alliances import charters, differences, founding, membership
from catalog.canonical import fingerprint
from catalog.errors import Conflict, Invalid
from catalog.models import AllianceCharter, CharterConsent
from tests import alliances
from tests.alliances import SIGNER, TODAY, member_of, part


def proposed(session, alliance, **changes):
    charter = charters.propose(session, alliance, alliances.charter_fields(alliance, **changes), TODAY)
    session.flush()
    return charter


def accept(session, charter, vendor, **changes):
    member = member_of(charter.alliance, vendor)
    return charters.accept(session, charter, member, SIGNER, TODAY, **{"sha256": charter.sha256, **changes})


def test_the_last_consent_brings_it_into_force(session, vendors):
    alliance = alliances.forming(session, *vendors)
    charter = proposed(session, alliance)
    assert [accept(session, charter, vendor) for vendor in vendors[:2]] == [False, False]
    assert (charter.state, alliance.state) == ("proposed", "forming")
    assert [one.organization for one in charters.waiting(charter, TODAY)] == [vendors[2]]
    assert accept(session, charter, vendors[2])
    assert (charter.state, charter.in_force_on, alliance.state) == ("in_force", TODAY, "active")
    assert alliance.charter is charter
    assert {one.sha256 for one in charter.consents} == {charter.sha256}


def test_the_hash_is_of_everything_that_is_agreed(session, alliance):
    content = alliance.charter.content
    assert alliance.charter.sha256 == fingerprint(content)
    assert set(content) == {
        *("alliance", "number", "text", "text_en", "level_from", "level_to", "lead"),
        *("notice_days", "answer_hours", "members"),
    }
    for name, value in content.items():
        other = {**content, name: 7 if isinstance(value, int) else [] if isinstance(value, list) else "다름"}
        assert fingerprint(other) != alliance.charter.sha256, name


def test_the_same_members_in_another_order_are_the_same_version(session, vendors, alliance):
    fields = alliances.charter_fields(alliance)
    turned = {**fields, "members": fields["members"][::-1]}
    assert charters.content_of(alliance, 2, fields) == charters.content_of(alliance, 2, turned)


def test_no_name_of_a_firm_stands_in_it(session, vendors, alliance):
    assert all(vendor.name not in str(alliance.charter.content) for vendor in vendors)


def test_members_do_what_the_charter_in_force_says(session, vendors, alliance):
    fields = alliances.charter_fields(alliance)
    fields["members"][1] |= part("mes", "qms", role="실행", role_en="Execution")
    charter = charters.propose(session, alliance, fields, TODAY)
    session.flush()
    second = member_of(alliance, vendors[1])
    accept(session, charter, vendors[0])
    assert second.capabilities == ["ai_vision"]
    accept(session, charter, vendors[1])
    assert (second.role, second.role_en, second.capabilities) == ("실행", "Execution", ["mes", "qms"])


def test_the_version_before_is_superseded(session, vendors, alliance):
    first = alliance.charter
    second = alliances.accepted(session, alliance, notice_days=30)
    assert (first.state, first.ended_on, second.number, second.state) == ("superseded", TODAY, 2, "in_force")
    with pytest.raises(Conflict, match=r"charter\.superseded"):
        accept(session, first, vendors[0])


def test_another_hash_is_refused_and_a_repeat_is_harmless(session, vendors, alliance):
    charter = proposed(session, alliance, notice_days=30)
    with pytest.raises(Invalid) as refused:
        accept(session, charter, vendors[0], sha256=alliance.charter.sha256)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [("sha256", "charter_other")]
    assert charter.consents == []
    assert not accept(session, charter, vendors[0])
    assert not accept(session, charter, vendors[0])
    assert len(charter.consents) == 1


def test_a_new_proposal_voids_the_consents_to_the_one_before(session, vendors, alliance):
    first = proposed(session, alliance, notice_days=30)
    accept(session, first, vendors[0])
    second = proposed(session, alliance, notice_days=60)
    assert (first.state, first.ended_on, second.consents) == ("taken_back", TODAY, [])
    with pytest.raises(Conflict, match=r"charter\.taken_back"):
        accept(session, first, vendors[1])
    assert alliance.proposal is second


def test_it_can_be_taken_back_while_it_waits(session, alliance):
    charter = proposed(session, alliance, notice_days=30)
    charters.withdraw(session, charter, TODAY)
    assert (charter.state, alliance.proposal, alliance.charter.number) == ("taken_back", None, 1)
    with pytest.raises(Conflict, match=r"charter\.taken_back"):
        charters.withdraw(session, charter, TODAY)
    with pytest.raises(Conflict, match=r"charter\.in_force"):
        charters.withdraw(session, alliance.charter, TODAY)


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"level_from": 0}, "level_from", "range"),
        ({"level_to": 5}, "level_to", "range"),
        ({"level_from": 3, "level_to": 2}, "level_to", "level_order"),
        ({"notice_days": 366}, "notice_days", "range"),
        ({"notice_days": -1}, "notice_days", "range"),
        ({"answer_hours": 0}, "answer_hours", "range"),
        ({"lead": "nobody"}, "lead", "charter_lead"),
    ],
)
def test_what_a_charter_cannot_say(session, alliance, changes, pointer, code):
    with pytest.raises(Invalid) as refused:
        charters.propose(session, alliance, alliances.charter_fields(alliance, **changes), TODAY)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [(pointer, code)]
    assert (alliance.proposal, session.query(AllianceCharter).count()) == (None, 1)


def test_it_names_exactly_those_who_decide(session, vendors, alliance):
    fields = alliances.charter_fields(alliance)
    own, other = fields["members"]
    stranger = {**other, "organization": vendors[2].public_id, "capabilities": ["teleport"]}
    for members, expected in (
        ([own], [("members", "charter_members")]),
        ([own, other, other], [("members/2/organization", "repeated")]),
        (
            [own, other, stranger],
            [("members/2/organization", "not_a_member"), ("members/2/capabilities/0", "unknown_code")],
        ),
    ):
        with pytest.raises(Invalid) as refused:
            charters.propose(session, alliance, {**fields, "members": members}, TODAY)
        assert [(p.pointer, p.code) for p in refused.value.problems] == expected


def test_one_alone_agrees_on_nothing(session, vendors):
    alliance = alliances.forming(session, vendors[0])
    with pytest.raises(Invalid) as refused:
        charters.propose(session, alliance, alliances.charter_fields(alliance), TODAY)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [("members", "too_few")]


def test_who_leaves_still_decides_but_does_not_lead(session, vendors, alliance):
    membership.leave(session, member_of(alliance, vendors[1]), TODAY)
    with pytest.raises(Invalid) as refused:
        proposed(session, alliance, lead=vendors[1].public_id)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [("lead", "charter_lead")]
    charter = proposed(session, alliance, notice_days=30)
    accept(session, charter, vendors[0])
    assert charter.state == "proposed"
    assert accept(session, charter, vendors[1])


def test_whoever_joins_meanwhile_is_asked_too_and_keeps_its_part(session, vendors, alliance):
    charter = proposed(session, alliance, notice_days=30)
    accept(session, charter, vendors[0])
    member = membership.invite(session, alliance, vendors[2], part("mes"), TODAY)
    session.flush()
    membership.join(session, member, alliance.charter.sha256, SIGNER, TODAY)
    assert not accept(session, charter, vendors[1])
    assert accept(session, charter, vendors[2])
    assert member.capabilities == ["mes"]
    parts = {one.member_id: one.part for one in charter.consents}
    assert parts[member.id]["capabilities"] == ["mes"]
    assert [parts[one.id] for one in alliance.members if one is not member] == [None, None]


@pytest.mark.parametrize("how", ["excluded", "left"])
def test_a_version_that_waited_for_somebody_who_is_gone_comes_into_force(session, vendors, how):
    alliance = alliances.active(session, *vendors)
    charter = proposed(session, alliance, notice_days=30)
    accept(session, charter, vendors[0])
    accept(session, charter, vendors[1])
    last = member_of(alliance, vendors[2])
    if how == "excluded":
        membership.exclude(session, last, "답이 없어요.", TODAY)
    else:
        after = membership.leave(session, last, TODAY) + timedelta(days=1)
        session.flush()
        assert charter.state == "proposed"
        membership.end(session, last, after)
    assert charter.state == "in_force"


def test_those_who_delay_are_reminded_once_a_day(session, vendors, alliance):
    charter = proposed(session, alliance, notice_days=30)
    accept(session, charter, vendors[0])
    assert [one.organization for one in charters.remind(session, charter, TODAY)] == [vendors[1]]
    with pytest.raises(Conflict, match=r"charter\.reminded"):
        charters.remind(session, charter, TODAY)
    assert charters.remind(session, charter, TODAY + timedelta(days=1))
    with pytest.raises(Conflict, match=r"charter\.in_force"):
        charters.remind(session, alliance.charter, TODAY)


def test_who_is_only_invited_accepts_nothing(session, vendors, alliance):
    invited = membership.invite(session, alliance, vendors[2], part("mes"), TODAY)
    charter = proposed(session, alliance, notice_days=30)
    with pytest.raises(Conflict, match=r"alliance\.not_member"):
        accept(session, charter, vendors[2])
    assert (invited.state, session.query(CharterConsent).filter_by(charter_id=charter.id).count()) == (
        "invited",
        0,
    )


def test_a_dissolved_alliance_agrees_on_nothing(session, alliance):
    founding.dissolve(session, alliance, TODAY)
    with pytest.raises(Conflict, match=r"alliance\.dissolved"):
        proposed(session, alliance)


def test_every_charter_begins_as_a_proposal_and_the_ends_are_ends():
    assert {state for state, _act in CHARTER_TRANSITIONS} == {"proposed", "in_force"}
    assert set(CHARTER_TRANSITIONS.values()) == set(CHARTER_STATES) - {"proposed"}


def test_what_changed_is_told_fact_by_fact_and_member_by_member():
    old = {
        "text": "가", "text_en": "a", "level_from": 1, "level_to": 2, "lead": "x", "notice_days": 90,
        "answer_hours": 48,
        "members": [
            {"organization": "x", **part("mes")},
            {"organization": "y", **part("qms")},
            {"organization": "z", **part("erp")},
        ],
    }  # fmt: skip
    new = {**old, "notice_days": 30, "members": [
        {"organization": "w", **part("aps")}, {"organization": "x", **part("mes")},
        {"organization": "y", **part("qms", "lims")},
    ]}  # fmt: skip
    found = differences.between(old, new)
    assert [(one.fact, one.before, one.after) for one in found.facts] == [("notice_days", 90, 30)]
    assert [(one.organization, one.kind) for one in found.parts] == [
        ("y", "changed"),
        ("z", "gone"),
        ("w", "added"),
    ]
    assert differences.between(old, old) == differences.Differences((), ())
    everything = differences.between(None, old)
    assert {one.fact for one in everything.facts} == set(differences.FACTS)
    assert {one.kind for one in everything.parts} == {"added"}
    assert differences.part_of(old, "y")["capabilities"] == ["qms"]
    assert differences.part_of(old, "q") is None
