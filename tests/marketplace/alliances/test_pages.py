"""Pages of alliances: what is public, what members and the coordinator do there, without scripts."""

import re

import pytest
from sqlalchemy import select

from catalog.alliances import membership
from catalog.models import Alliance, AllianceCharter, Organization
from marketplace.accounts.models import Membership
from marketplace.audit import AuditEntry
from tests import alliances, factories
from tests.alliances import TODAY
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, counted, form_word, one, rows, text_of

MAX_STATEMENTS = 12
PART = {"role": "품질", "role_en": "Quality", "capabilities": ["qms"]}


def page(who, path, status=200):
    answer = who.client.get(path)
    assert answer.status_code == status, text_of(answer)[:400]
    return text_of(answer)


def acts(app):
    return rows(app, select(AuditEntry.act).order_by(AuditEntry.number))


@pytest.fixture
def listed(app, around):
    """The member has a public solution for levels 2 and 3."""
    with acting(app) as session:
        own = session.get_one(Organization, around.member.organization_key)
        judge = factories.company(session, "validator")
        factories.published(session, own, judge, app.extensions["files"], capabilities=["mes"], plans=[
            factories.plan("mes")], title="코어 실행"
        )  # fmt: skip
    return around


def test_the_public_page_tells_lead_capacity_coverage_and_gaps(app, listed):
    visitor = app.test_client()
    text = text_of(visitor.get(listed.path))
    for words in (
        "가 얼라이언스",
        "수준 1~2 공장을 2~3으로 올리는 공급기업 2곳",
        "구매한 공장에 혼자 책임져요",
        "한빛",
    ):
        assert words in text
    row = re.search(r'<th scope="row">제조실행시스템</th>(.*?)</tr>', text, re.DOTALL).group(1)
    assert ("비었음" in row, "현장 검증" in row) == (True, True)
    assert "26개 가운데 1개" in text
    assert text.count("석 달 동안 찾은 기업이 5곳보다 적어요") > 5
    assert "참여 신청" not in text
    assert visitor.get("/alliances").status_code == 200


def test_a_level_range_that_ends_in_five_takes_its_particle(app, around):
    with acting(app) as session:
        row = around.row(session)
        alliances.accepted(session, row, level_from=3, level_to=4)
    assert "수준 3~4 공장을 4~5로 올리는" in text_of(app.test_client().get(around.path))


def test_a_leaving_member_and_what_it_takes_along_are_told(app, listed):
    listed.member.post(f"{listed.inside}/leaving")
    text = text_of(app.test_client().get(listed.path))
    assert "탈퇴 예고" in text
    assert "그 뒤로 제조실행시스템을 맡을 곳이 없어요." in text


def test_vendors_of_the_store_that_close_a_gap_are_linked(app, around):
    with acting(app) as session:
        own = session.get_one(Organization, around.outside.organization_key)
        factories.published(session, own, factories.company(session, "validator"), app.extensions["files"])
    text = text_of(app.test_client().get(around.path))
    assert f"/vendors/{around.outside.organization_id}" in text
    assert "스토어의 공급기업 1곳" in text


def test_a_forming_or_dissolved_alliance_is_not_public(app, around):
    assert "활동 중인 얼라이언스 1" in re.sub(r"<[^>]+>", "", text_of(app.test_client().get("/alliances")))
    around.runner.post(f"{around.inside}/dissolution")
    assert app.test_client().get(around.path).status_code == 404
    text = text_of(app.test_client().get("/alliances"))
    assert "아직 활동 중인 얼라이언스가 없어요" in text
    assert "해산했어요" in page(around.member, around.inside)


def test_the_charter_is_public_with_firms_and_without_persons(app, around):
    text = text_of(app.test_client().get(f"{around.path}/charters/1"))
    assert "우리는 함께 짓습니다." in text
    assert ("한빛" in text, "김서명" in text) == (True, False)
    assert app.test_client().get(f"{around.path}/charters/2").status_code == 404
    assert "김서명" in page(around.member, f"{around.inside}/charters/1")


def test_founding_one_by_form_and_twice_is_one(app):
    vendor = person(app, "vendor")
    word = form_word(vendor.client.get("/alliances/new"))
    fields = {"name": "나 얼라이언스", "division": "2024:steel", "joins": "1", "form_id": word}
    part = {"member/role": "대표", "member/capabilities": ["mes", "qms"]}
    first, second = (vendor.post("/alliances/new", fields | part) for _ in range(2))
    assert (first.status_code, first.headers["Location"]) == (303, second.headers["Location"])
    (made,) = rows(app, select(Alliance))
    assert (made.name, made.division, made.state) == ("나 얼라이언스", "2024:steel", "forming")
    assert "나 얼라이언스" in page(vendor, first.headers["Location"])
    refused = vendor.post("/alliances/new", {"name": "", "joins": "1", "member/role": ""})
    assert refused.status_code == 422
    assert "꼭 적어 주세요." in text_of(refused)
    assert len(rows(app, select(Alliance.id))) == 1


def test_running_it_alone_needs_no_part(app):
    vendor = person(app, "vendor")
    assert vendor.post("/alliances/new", {"name": "다"}).status_code == 303
    with app.extensions["database"].session(reading=True) as session:
        assert session.query(Alliance).one().members == []


def test_inviting_joining_and_proposing_by_form(app, around):
    shown = page(around.runner, f"{around.inside}/invitations?q=밖")
    assert around.outside.organization_id in shown
    bad = around.runner.post(f"{around.inside}/invitations", {**PART, "role": ""})
    assert (bad.status_code, "고칠 곳이 2곳 있어요" in text_of(bad)) == (422, True)
    sent = {**PART, "organization_id": around.outside.organization_id, "message": "함께해요"}
    assert around.runner.post(f"{around.inside}/invitations", sent).status_code == 303
    invitation = page(around.outside, f"{around.inside}/invitation")
    assert ("우리는 함께 짓습니다." in invitation, "함께해요" in invitation) == (True, True)
    sha256 = re.search(r'name="sha256" value="(\w{64})"', invitation).group(1)
    wrong = around.outside.post(f"{around.inside}/invitation", {"accept": "yes", "sha256": "0" * 64})
    assert (wrong.status_code, "읽은 규약이 지금 규약과 달라요" in text_of(wrong)) == (422, True)
    right = around.outside.post(f"{around.inside}/invitation", {"accept": "yes", "sha256": sha256})
    assert right.status_code == 303
    assert around.state_of(around.outside) == "joined"
    assert "답할 초대가 없어요" in page(around.outside, f"{around.inside}/invitation")


def _typed(text):
    """What stands in the form of a charter."""
    found = dict(re.findall(r'<input type="hidden" name="(members/\d+/organization)" value="([^"]+)"', text))
    for name in ("members/0/role", "members/1/role", "notice_days", "answer_hours"):
        found[name] = re.search(rf'name="{name}"[^>]* value="([^"]*)"', text).group(1)
    found["lead"] = re.search(r'name="lead" value="([^"]+)" checked', text).group(1)
    return found | {"text": "새 규약이에요.", "text_en": "", "level_from": "2", "level_to": "3"}


def test_a_proposal_shows_what_it_changes_and_who_delays(app, around):
    form = _typed(page(around.runner, f"{around.inside}/charters/new"))
    form |= {"notice_days": "30", "members/1/capabilities": ["mes", "erp"]}
    bad = around.runner.post(
        f"{around.inside}/charters/new", form | {"notice_days": "400", "members/0/role": ""}
    )
    assert (bad.status_code, "고칠 곳이 2곳 있어요" in text_of(bad)) == (422, True)
    answer = around.runner.post(f"{around.inside}/charters/new", form)
    assert answer.status_code == 303
    text = page(around.member, answer.headers["Location"])
    for words in (
        "탈퇴 예고 기간",
        "90일",
        "30일",
        "가장 낮은 수준",
        "전사적 자원관리",
        "동의 0 / 2",
        "규약에 동의",
    ):
        assert words in text, words
    sha256 = re.search(r'name="sha256" value="(\w{64})"', text).group(1)
    path = f"{around.inside}/charters/2"
    assert around.member.post(f"{path}/acceptance", {"sha256": "0" * 64}).status_code == 422
    assert around.member.post(f"{path}/acceptance", {"sha256": sha256}).status_code == 303
    late = page(around.runner, path)
    assert ("동의 1 / 2" in late, "동의하지 않은 곳에 다시 알리기" in late) == (True, True)
    assert around.runner.post(f"{path}/reminders").status_code == 303
    assert "오늘 다시 알렸어요." in page(around.runner, path)
    around.runner.post(f"{path}/acceptance", {"sha256": sha256})
    assert "수준 2~3 공장을 3~4로" in text_of(app.test_client().get(around.path))
    assert acts(app)[-4:] == ["charter.propose", "charter.accept", "charter.remind", "charter.accept"]


def test_taking_a_proposal_back(app, around):
    around.runner.post(
        f"{around.inside}/charters/new", _typed(page(around.runner, f"{around.inside}/charters/new"))
    )
    assert around.runner.post(f"{around.inside}/charters/2/withdrawal").status_code == 303
    assert rows(app, select(AllianceCharter.state).order_by(AllianceCharter.number)) == [
        "in_force",
        "taken_back",
    ]


def test_a_request_and_both_answers(app, around):
    page(around.outside, f"{around.path}/request")
    assert around.outside.post(f"{around.path}/request", {**PART, "role": ""}).status_code == 422
    assert around.outside.post(f"{around.path}/request", {**PART, "message": "우리도요"}).status_code == 303
    work = page(around.runner, around.inside)
    assert ("참여 신청 1건" in work, "우리도요" in work) == (True, True)
    answer = f"{around.inside}/members/{around.member_id(around.outside)}/answer"
    no = around.runner.post(answer, {"accept": "no", "reason": "이미 있어요"})
    assert (no.status_code, around.state_of(around.outside)) == (303, "declined")
    assert "이미 있어요" in page(around.outside, around.inside)
    around.outside.post(f"{around.path}/request", PART)
    assert around.outside.post(f"{around.inside}/request/withdrawal").status_code == 303
    around.outside.post(f"{around.path}/request", PART)
    assert around.runner.post(answer, {"accept": "yes"}).status_code == 303
    assert around.state_of(around.outside) == "invited"


def test_leaving_and_staying(app, around):
    assert "90일" in page(around.member, f"{around.inside}/leaving")
    assert around.member.post(f"{around.inside}/leaving").status_code == 303
    assert "탈퇴 예고 거두기" in page(around.member, around.inside)
    assert around.member.post(f"{around.inside}/staying").status_code == 303
    assert around.state_of(around.member) == "joined"
    assert "우리가 대표 기업이에요" in page(around.runner, f"{around.inside}/leaving")
    assert around.runner.post(f"{around.inside}/leaving").status_code == 409


def test_exclusion_tells_the_reason_to_the_member_alone(app, around):
    path = f"{around.inside}/members/{around.member_id(around.member)}/exclusion"
    page(around.runner, path)
    assert around.runner.post(path, {"reason": ""}).status_code == 422
    assert around.runner.post(path, {"reason": "비밀 까닭"}).status_code == 303
    assert "비밀 까닭" in page(around.member, around.inside)
    public = text_of(app.test_client().get(around.path))
    assert ("비밀 까닭" in public, "제외" in public, "까지 참여" in public) == (False, False, True)


def test_strangers_find_no_work_page(around):
    for path in ("", "/invitations", "/charters/1", "/charters/new", "/pipeline", "/leaving", "/dissolution"):
        assert around.outside.client.get(f"{around.inside}{path}").status_code == 404, path
    for path in ("/invitations", "/charters/new", "/description", "/dissolution"):
        assert around.member.client.get(f"{around.inside}{path}").status_code == 404, path


def test_without_the_right_to_sign_pages_say_who_can(app, around):
    with acting(app) as session:
        for who in (around.member, around.runner):
            session.query(Membership).filter_by(user_id=who.user_key).one().grant(["admin"])
    assert "서명 담당이 할 수 있어요" in page(around.member, f"{around.inside}/leaving")
    assert "서명 담당이 할 수 있어요" in page(around.runner, f"{around.inside}/dissolution")
    assert around.member.post(f"{around.inside}/leaving").status_code == 403
    assert around.member.client.get(f"{around.path}/request").status_code == 403
    assert around.state_of(around.member) == "joined"


@pytest.fixture
def demand_id(app, around):
    with acting(app) as session:
        maker = session.get_one(Organization, around.maker.organization_key)
        site = session.query(factories.sites.Site).filter_by(organization_id=maker.id).one()
        return factories.demand(session, site, title="은하수 라인").public_id


def test_a_manufacturer_shows_it_a_demand_and_takes_it_back(app, around, demand_id):
    listed = page(around.maker, f"{around.path}/demand")
    assert f"/demands/{demand_id}/audience?alliance={around.alliance}" in listed
    path = f"/demands/{demand_id}/audience"
    form = page(around.maker, f"{path}?alliance={around.alliance}")
    assert f'value="{around.alliance}" selected' in form
    without = around.maker.post(path, {"audience": "alliance", "alliance": ""})
    assert (without.status_code, "얼라이언스: 꼭 적어 주세요." in text_of(without)) == (422, True)
    shown = around.maker.post(path, {"audience": "alliance", "alliance": around.alliance})
    assert shown.status_code == 303
    assert "지금 보고 있는 얼라이언스: 가 얼라이언스" in page(around.maker, path)
    pipeline = page(around.member, f"{around.inside}/pipeline")
    assert ("AI 비전 검사" in pipeline, "해울" in pipeline, "은하수" in pipeline) == (True, False, False)
    owner = {"owner_id": around.member.organization_id}
    assert around.member.post(f"{around.inside}/pipeline/{demand_id}/owner", owner).status_code == 303
    assert f'value="{around.member.organization_id}" selected' in page(
        around.runner, f"{around.inside}/pipeline"
    )
    around.maker.post(f"{path}/narrowing", {"audience": "private"})
    assert "아직 들어온 수요가 없어요" in page(around.member, f"{around.inside}/pipeline")
    assert acts(app)[-3:] == ["demand.widen", "alliance.assign", "demand.narrow"]
    said = one(app, select(AuditEntry.detail).where(AuditEntry.act == "demand.widen"))
    assert said["alliance"] == around.alliance


def test_an_alliance_beside_the_board_is_not_chosen(app, around, demand_id):
    """The field stands on the form whatever the audience: it counts with its own alone."""
    sent = {"audience": "board", "alliance": around.alliance}
    assert around.maker.post(f"/demands/{demand_id}/audience", sent).status_code == 303
    assert "아직 들어온 수요가 없어요" in page(around.member, f"{around.inside}/pipeline")


def test_pages_cost_few_statements(app, listed, demand_id):
    listed.maker.post(f"/demands/{demand_id}/audience", {"audience": "alliance", "alliance": listed.alliance})
    with acting(app) as session:
        membership.ask(
            session,
            listed.row(session),
            session.get_one(Organization, listed.outside.organization_key),
            alliances.part("qms"),
            TODAY,
        )
    paths = ("", "/charters/1", "/inside", "/inside/charters/1", "/inside/charters/new", "/inside/pipeline")
    for path in (*paths, "/inside/invitations"):
        with counted(app) as sent:
            page(listed.runner, f"{listed.path}{path}")
        assert len(sent) <= MAX_STATEMENTS, (path, sent)
    for who in (listed.runner, listed.maker):
        with counted(app) as sent:
            page(who, "/")
        assert len(sent) <= MAX_STATEMENTS, sent
