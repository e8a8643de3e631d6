"""Who hears of what in an alliance, what waits on the morning page, and what time alone brings."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from catalog.models import AllianceCharter, AllianceMember, Organization
from marketplace import extensions, worker
from marketplace.audit import AuditEntry
from marketplace.journeys import alliances as acts
from marketplace.journeys import leads as lead_acts
from marketplace.notices.models import Notice
from matching.models import Demand, Lead
from tests import factories
from tests.marketplace.alliances.test_api import charter_of
from tests.marketplace.web.looking import acting, rows


def told(app, who):
    """Events that somebody has heard of, oldest first."""
    return rows(app, select(Notice.event).where(Notice.user_id == who.user_key).order_by(Notice.id))


def waiting(who):
    """Kinds and texts of what waits for somebody."""
    items = who.api("GET", "/inbox").get_json()["items"]
    return {item["kind"]: (item["text"], item["context"]) for item in items}


@pytest.fixture
def invited(around):
    """The vendor outside is invited."""
    body = {"role": "품질", "organization_id": around.outside.organization_id}
    assert around.runner.api("POST", f"{around.path}/invitations", json=body).status_code == 201
    return around


def test_an_invitation_waits_until_it_is_answered(app, invited):
    assert told(app, invited.outside) == ["alliance.invited"]
    assert "가 얼라이언스" in waiting(invited.outside)["alliance_invitation"][0]
    page = invited.outside.client.get("/").get_data(as_text=True)
    assert f"{invited.inside}/invitation" in page
    invited.outside.api(
        "POST", f"{invited.path}/invitation/answer", json={"accept": False, "reason": "바빠요"}
    )
    assert told(app, invited.runner) == ["alliance.declined"]
    assert "alliance_invitation" not in waiting(invited.outside)


def test_a_request_waits_for_the_coordinator(app, around):
    around.outside.api("POST", f"{around.path}/requests", json={"role": "시험"})
    assert told(app, around.runner) == ["alliance.asked"]
    assert waiting(around.runner)["alliance_request"] == (
        "밖이 ‘가 얼라이언스’에 참여를 신청했어요",
        "맡겠다는 역할: 시험",
    )
    assert "alliance_request" not in waiting(around.member)
    around.runner.api(
        "POST", f"{around.path}/members/{around.member_id(around.outside)}/answer", json={"accept": False}
    )
    assert told(app, around.outside) == ["alliance.refused"]


def test_a_charter_waits_for_members_and_its_delay_for_the_coordinator(app, around):
    body = charter_of(around, around.runner, around.member, notice_days=30)
    sha256 = around.runner.api("POST", f"{around.path}/charters", json=body).get_json()["sha256"]
    assert told(app, around.member) == ["charter.proposed"]
    assert "규약 v2" in waiting(around.member)["charter"][0]
    assert "코어 · 0일째" in waiting(around.runner)["charter_delay"][1]
    around.runner.api("POST", f"{around.path}/charters/2/acceptance", json={"sha256": sha256})
    around.runner.api("POST", f"{around.path}/charters/2/reminders")
    assert told(app, around.member)[-1] == "charter.reminded"
    assert told(app, around.runner).count("charter.reminded") == 0
    around.member.api("POST", f"{around.path}/charters/2/acceptance", json={"sha256": sha256})
    assert told(app, around.member)[-1] == told(app, around.runner)[-1] == "charter.in_force"
    assert {"charter", "charter_delay"} & (set(waiting(around.member)) | set(waiting(around.runner))) == set()


def test_those_who_stay_hear_of_those_who_go(app, around):
    around.member.api("POST", f"{around.path}/leaving")
    assert told(app, around.runner) == ["alliance.leaving"]
    assert "코어가" in waiting(around.runner)["alliance_leaving"][0]
    around.member.api("POST", f"{around.path}/staying")
    assert told(app, around.runner) == ["alliance.leaving", "alliance.staying"]
    path = f"{around.path}/members/{around.member_id(around.member)}/exclusion"
    around.runner.api("POST", path, json={"reason": "까닭"})
    assert told(app, around.member) == ["alliance.excluded"]


@pytest.fixture
def shown(app, around):
    """Public id of a demand that the alliance sees; the member has a solution that fits it."""
    with acting(app) as session:
        own = session.get_one(Organization, around.member.organization_key)
        factories.published(session, own, factories.company(session, "validator"), app.extensions["files"])
        maker = session.get_one(Organization, around.maker.organization_key)
        site = session.query(factories.sites.Site).filter_by(organization_id=maker.id).one()
        made = factories.demand(session, site).public_id
    worker.drain(app)
    wide = {"audience": "alliance", "alliance": around.alliance}
    assert around.maker.api("POST", f"/demands/{made}/audience", json=wide).status_code == 200
    return made


def look(app):
    with acting(app) as session:
        lead_acts.ask_due(session)
    worker.drain(app)


def test_a_demand_reaches_the_coordinator_and_the_member_that_can_answer_it(app, around, shown):
    look(app)
    assert "alliance.demand" in told(app, around.runner)
    assert told(app, around.member) == ["lead.new"]
    assert told(app, around.outside) == []
    assert rows(app, select(Lead.organization_id)) == [around.member.organization_key]
    item = waiting(around.runner)["alliance_demand"]
    assert "맡을 기업을 정해 주세요" in item[0]
    assert "아무도 맡지 않은 역량: AI 비전 검사" in item[1]
    assert "/leads/" in around.member.client.get(f"{around.inside}/pipeline").get_data(as_text=True)
    around.runner.api(
        "PUT",
        f"{around.path}/pipeline/{shown}/owner",
        json={"owner_id": around.member.organization_id},
    )
    assert "alliance_demand" not in waiting(around.runner)


def test_whoever_joins_later_gets_its_leads(app, around, shown):
    look(app)
    with acting(app) as session:
        own = session.get_one(Organization, around.outside.organization_key)
        validator = factories.company(session, "validator")
        factories.published(session, own, validator, app.extensions["files"], title="밖의 것")
    look(app)
    assert told(app, around.outside) == []
    body = {"role": "품질", "organization_id": around.outside.organization_id}
    around.runner.api("POST", f"{around.path}/invitations", json=body)
    sha256 = around.runner.api("GET", f"{around.path}/charters/1").get_json()["sha256"]
    yes = {"accept": True, "sha256": sha256}
    around.outside.api("POST", f"{around.path}/invitation/answer", json=yes)
    worker.drain(app)
    assert told(app, around.outside) == ["alliance.invited", "lead.new"]


def test_a_lead_is_gone_with_the_alliance(app, around, shown):
    look(app)
    around.runner.api("POST", f"{around.path}/dissolution")
    assert around.member.api("GET", "/leads").get_json()["items"] == []
    assert told(app, around.maker) == told(app, around.member)[-1:] == ["alliance.dissolved"]
    assert rows(app, select(Demand.audience)) == ["private"]


def test_the_worker_notes_whose_notice_is_over(app, around, monkeypatch):
    """Nothing is asked of it for the membership to be over; it writes it down, and a charter that waited goes on."""
    around.member.api("POST", f"{around.path}/leaving")
    body = charter_of(around, around.runner, around.member, notice_days=30)
    sha256 = around.runner.api("POST", f"{around.path}/charters", json=body).get_json()["sha256"]
    around.runner.api("POST", f"{around.path}/charters/2/acceptance", json={"sha256": sha256})
    acts.end_due(app)
    assert around.state_of(around.member) == "leaving"
    later = extensions.now() + timedelta(days=91)
    monkeypatch.setattr(extensions, "now", lambda: later)
    acts.end_due(app)
    acts.end_due(app)
    assert around.state_of(around.member) == "left"
    assert rows(app, select(AllianceCharter.state).order_by(AllianceCharter.number)) == [
        "superseded",
        "in_force",
    ]
    assert rows(app, select(AuditEntry.act).where(AuditEntry.act == "alliance.end_notice")) == [
        "alliance.end_notice"
    ]
    assert told(app, around.runner)[-1] == "charter.in_force"
    assert rows(app, select(AllianceMember.state).order_by(AllianceMember.id)) == ["joined", "left"]
