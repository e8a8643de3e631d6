"""The demo's alliances: one of each kind of thing that pages can show, made through the domain."""

import pytest
from sqlalchemy import select

from catalog.alliances import charters, standing
from catalog.models import Alliance, Organization
from marketplace.accounts.models import Membership, User
from marketplace.demo.rounds import TODAY
from matching.models import AllianceLead


@pytest.fixture
def first(demo):
    return demo.scalars(select(Alliance).order_by(Alliance.id)).first()


def firm_of(demo, login):
    rows = select(Organization).join(Membership).join(User)
    return demo.scalars(rows.where(User.email == f"{login}@demo.example")).one()


def test_one_serves_levels_one_and_two_and_one_three_and_four(demo):
    found = demo.scalars(select(Alliance).order_by(Alliance.id)).all()
    content = [one.charter.content for one in found]
    assert [(one["level_from"], one["level_to"]) for one in content] == [(1, 2), (3, 4)]
    assert {one.state for one in found} == {"active"}
    assert all("합성 예시" in one.purpose and "Synthetic" in one.purpose_en for one in found)


def test_the_demo_vendors_and_the_coordinator_belong_to_the_first(demo, first):
    members = [one.organization_id for one in standing.standing_members(first, TODAY)]
    assert len(members) == 6
    assert {firm_of(demo, name).id for name in ("vendor", "vendor2", "coordinator")} <= set(members)
    assert first.coordinator == firm_of(demo, "coordinator")
    assert standing.lead_of(first) == firm_of(demo, "vendor").public_id


def test_there_is_an_invitation_a_request_and_a_notice(demo, first):
    states = {one.organization.name: one.state for one in first.members}
    assert sorted(states.values()) == ["asked", "joined", "joined", "joined", "joined", "joined", "leaving"]
    leaving = next(one for one in first.members if one.state == "leaving")
    assert leaving.last_day > TODAY
    second = demo.scalars(select(Alliance).order_by(Alliance.id.desc())).first()
    assert [one.organization for one in second.members if one.state == "invited"] == [firm_of(demo, "vendor")]


def test_a_charter_waits_for_the_two_demo_vendors(demo, first):
    assert (first.charter.number, first.proposal.number) == (2, 3)
    late = {one.organization_id for one in charters.waiting(first.proposal, TODAY)}
    assert late == {firm_of(demo, "vendor").id, firm_of(demo, "vendor2").id}


def test_manufacturers_show_it_demands_and_one_is_taken_care_of(demo, first):
    lines = demo.scalars(select(AllianceLead).order_by(AllianceLead.id)).all()
    assert {line.alliance_id for line in lines} == {first.id}
    assert [line.owner and line.owner.name for line in lines] == ["해담웍스", "해담웍스", None]
    assert {line.demand.audience for line in lines} == {"alliance"}
