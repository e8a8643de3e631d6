"""What a stranger meets: a number that is taken, a request that waits, a name to correct, an invitation."""

import re

import pytest
from sqlalchemy import func, select

from catalog import clock, regno
from catalog.models import Organization
from marketplace.accounts.joining import MAX_ASKED
from marketplace.accounts.models import Invitation, JoinRequest, Membership
from marketplace.accounts.oversight import AbuseReport
from marketplace.audit import AuditEntry
from marketplace.journeys import abuse
from marketplace.notices.models import Notice
from tests.marketplace.letters import link_in, sent_to
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, form_word, one, rows, text_of
from tests.marketplace.web.newcomers import newcomer, number_of, post
from tests.marketplace.web.steps import surely

SAID = "저는 이 회사의 총무팀이고 대표 번호는 02-000-0000이에요."


@pytest.fixture
def admin(app):
    return person(app, "vendor", name="가람정밀")


def acts(app, act):
    return rows(app, select(AuditEntry.actor).where(AuditEntry.act == act))


def test_a_refused_company_can_be_cleared_away_and_its_number_is_free(app):
    squatter, operator = person(app, "vendor", confirmed=False, name="남의 회사"), person(app, "operator")
    number, page = number_of(app, squatter), f"/console/organizations/{squatter.organization_id}"
    reason = {"reason": "다른 회사의 번호로 등록했어요"}
    assert operator.post(f"{page}/clear", reason).status_code == 409
    assert surely(operator, f"{page}/refuse", reason).status_code == 303
    assert f'action="{page}/clear"' in text_of(operator.client.get(page))
    assert operator.post(f"{page}/clear", {"reason": "음"}).status_code == 422
    asked = operator.post(f"{page}/clear", reason)
    assert asked.status_code == 303
    gone = surely(operator, f"{asked.location}/carry-out", typed_name="남의 회사")
    assert gone.status_code == 303
    owner = newcomer(app)
    form = {"name": "진짜 회사", "registration_number": number, "roles": ["vendor"]}
    assert post(owner, "/organization/new", form).status_code == 303


# --- a number that somebody else registered -----------------------------------------------------------------------


def test_a_taken_number_leads_to_the_operator(app, admin):
    operator, client = person(app, "operator"), newcomer(app)
    form = {"name": "가람", "registration_number": number_of(app, admin), "roles": ["vendor"]}
    page = text_of(post(client, "/organization/new", form))
    link = re.search(r'href="(/organization/taken\?[^"]+)"', page).group(1)
    assert f'value="{number_of(app, admin)}"' in text_of(client.get(link))
    form = {"registration_number": number_of(app, admin), "text": SAID}
    form["form_id"] = form_word(client.get(link))
    first, second = post(client, "/organization/taken", form), post(client, "/organization/taken", form)
    report = one(app, select(AbuseReport))
    assert first.location == second.location == f"/reports/{report.public_id}"
    assert one(app, select(func.count(AbuseReport.id))) == 1
    assert (report.organization_id, report.reason, report.text) == (
        admin.organization_key,
        "impersonation",
        SAID,
    )
    assert acts(app, "report.make") == ["kim@example.com"]
    own = text_of(client.get(first.location))
    assert (SAID in own, "그 화면으로 가기" in own) == (True, False)  # the company has no public page
    assert SAID in text_of(operator.client.get(f"/console/reports/{report.public_id}"))
    assert "‘가람정밀’ 신고 처리하기" in text_of(operator.client.get("/"))
    assert "‘가람정밀’ 신고가 들어왔습니다" in sent_to(app, operator.email)[-1]["subject"]
    with acting(app) as session:
        session.scalars(select(AbuseReport)).one().state = "no_action"
    assert "규칙을 어겼다고 볼 만한 내용을 찾지 못했어요" not in text_of(client.get(first.location))
    assert all("신고" not in letter["subject"] for letter in sent_to(app, admin.email))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": "짧아요"}, "text"),
        ({"registration_number": regno.make("220811112")}, "registration_number"),
        ({"registration_number": "1"}, "registration_number"),
        ({"registration_number": ""}, "registration_number"),
    ],
)
def test_a_report_without_a_company_or_words_is_refused_at_its_field(app, admin, change, field):
    client = newcomer(app)
    answer = post(
        client, "/organization/taken", {"registration_number": number_of(app, admin), "text": SAID, **change}
    )
    assert (answer.status_code, f'id="f-{field}-error"' in text_of(answer)) == (422, True)
    assert rows(app, select(AbuseReport.id)) == []


def test_reports_of_one_person_are_few_and_need_a_sign_in(app, admin):
    client = newcomer(app)
    form = {"registration_number": number_of(app, admin), "text": SAID}
    statuses = [post(client, "/organization/taken", form).status_code for _ in range(abuse.MOST + 1)]
    assert statuses == [303] * abuse.MOST + [429]
    assert post(app.test_client(), "/organization/taken", form).status_code == 401


# --- a request to join that waits ---------------------------------------------------------------------------------


def test_who_asked_to_join_reads_what_waits_and_takes_it_back(app, admin):
    client = newcomer(app)
    assert "회사를 등록해 주세요" in text_of(client.get("/"))
    asked = post(client, "/organization/join", {"registration_number": number_of(app, admin)})
    assert asked.location == "/organization/join"
    made = one(app, select(JoinRequest))
    day = clock.day_of(made.created_at)
    page = text_of(client.get("/"))
    assert "가람정밀 합류 요청의 답을 기다려요" in page
    assert f"{day.year}. {day.month}. {day.day}.에 요청했어요" in page
    assert "회사를 등록해 주세요" not in page
    assert 'href="/organization/join"' in page
    withdraw = f"/organization/join/{made.public_id}/withdraw"
    for path in ("/organization/join", "/organization/new", "/account"):
        shown = text_of(client.get(path))
        assert ("가람정밀" in shown, f'action="{withdraw}"' in shown) == (True, True), path
    assert "김새로 님의 합류 요청" in text_of(admin.client.get("/"))
    assert person(app, "vendor").post(withdraw).status_code == 404
    assert admin.post(withdraw).status_code == 404
    assert one(app, select(JoinRequest.state)) == "waiting"
    for _twice in range(2):
        assert post(client, withdraw).status_code == 303
    assert one(app, select(JoinRequest.state)) == "withdrawn"
    assert "김새로 님의 합류 요청" not in text_of(admin.client.get("/"))
    assert "회사를 등록해 주세요" in text_of(client.get("/"))
    assert set(acts(app, "organization.withdraw_join")) == {"kim@example.com"}
    answer = f"/organization/people/requests/{made.public_id}/answer"
    assert admin.post(answer, {"accept": "1"}).status_code == 409
    assert one(app, select(func.count(Membership.id)).where(Membership.user_id == made.user_id)) == 0


def test_an_answered_request_is_not_taken_back(app, admin):
    client = newcomer(app)
    post(client, "/organization/join", {"registration_number": number_of(app, admin)})
    made = one(app, select(JoinRequest.public_id))
    admin.post(f"/organization/people/requests/{made}/answer", {})
    assert post(client, f"/organization/join/{made}/withdraw").status_code == 409
    assert one(app, select(JoinRequest.state)) == "refused"


def test_asking_and_taking_back_does_not_fill_the_admins_post(app, admin):
    client = newcomer(app)
    before = len(sent_to(app, admin.email))
    for _ in range(MAX_ASKED):
        post(client, "/organization/join", {"registration_number": number_of(app, admin)})
        waiting = one(app, select(JoinRequest.public_id).where(JoinRequest.state == "waiting"))
        assert post(client, f"/organization/join/{waiting}/withdraw").status_code == 303
    refused = post(client, "/organization/join", {"registration_number": number_of(app, admin)})
    assert refused.status_code == 429
    assert len(sent_to(app, admin.email)) - before == MAX_ASKED
    assert one(app, select(func.count(JoinRequest.id))) == MAX_ASKED


# --- correcting what was registered -------------------------------------------------------------------------------


def company(app, who):
    return one(app, select(Organization).where(Organization.id == who.organization_key))


@pytest.mark.parametrize("state", ["registered", "refused"])
def test_name_and_number_are_corrected_until_they_are_confirmed(app, state):
    admin, other = person(app, "vendor", name="가람", confirmed=False), person(app, "vendor")
    with acting(app) as session:
        session.get_one(Organization, admin.organization_key).state = state
    assert 'value="가람"' in text_of(admin.client.get("/organization/edit"))
    before, free = number_of(app, admin), regno.make("220811112")
    form = {"name": "가람정밀", "name_en": "Garam", "region": "busan"}
    taken = admin.post("/organization/edit", {**form, "registration_number": number_of(app, other)})
    assert (taken.status_code, 'id="f-registration_number-error"' in text_of(taken)) == (422, True)
    assert (company(app, admin).name, company(app, admin).name_en) == ("가람", "")
    assert admin.post("/organization/edit", {**form, "registration_number": free}).status_code == 303
    now = company(app, admin)
    assert (now.name, now.registration_number, now.name_en, now.state) == ("가람정밀", free, "Garam", state)
    detail = one(app, select(AuditEntry.detail).where(AuditEntry.act == "organization.describe"))
    assert detail == {"name_before": "가람", "registration_number_before": before}


def test_the_operator_confirms_what_was_looked_at_and_nothing_else(app):
    operator, admin = person(app, "operator"), person(app, "vendor", name="가람", confirmed=False)
    path = f"/console/organizations/{admin.organization_id}"
    seen = re.findall(r'name="seen" value="([^"]+)"', text_of(operator.client.get(path)))
    assert seen == re.findall(
        r'name="seen" value="([^"]+)"', text_of(operator.client.get("/console/organizations"))
    )
    form = {"name": "유명한 회사", "registration_number": regno.make("220811112")}
    assert admin.post("/organization/edit", form).status_code == 303
    refused = operator.post(f"{path}/confirm", {"seen": seen[0]})
    assert (refused.status_code, "다시 보고 확인해 주세요" in text_of(refused)) == (409, True)
    assert company(app, admin).state == "registered"
    again = re.search(r'name="seen" value="([^"]+)"', text_of(operator.client.get(path))).group(1)
    assert operator.post(f"{path}/confirm", {"seen": again}).status_code == 303
    assert (company(app, admin).state, company(app, admin).name) == ("confirmed", "유명한 회사")


def test_after_the_confirmation_the_page_says_who_changes_the_name(app, admin):
    app.config["CONTACT"] = "help@example.com"
    page = text_of(admin.client.get("/organization/edit")).split("<main")[1].split("</main>")[0]
    assert ("운영자에게 알려 주세요" in page, "mailto:help@example.com" in page) == (True, True)
    assert ('name="name"' in page, 'name="registration_number"' in page) == (False, False)


# --- what the operator's people hear ------------------------------------------------------------------------------


def test_operators_hear_of_a_company_that_waits_and_of_one_that_asks_again(app):
    operator, client = person(app, "operator"), newcomer(app)
    number = regno.make("220811112")
    post(client, "/organization/new", {"name": "새움", "registration_number": number, "roles": ["vendor"]})
    made = one(app, select(Organization).where(Organization.registration_number == number))
    told = select(Notice).where(Notice.event == "organization.registered")
    (notice,) = rows(app, told)
    assert (notice.user_id, notice.delivery) == (operator.user_key, "daily")
    assert notice.link == f"/console/organizations/{made.public_id}"
    assert operator.client.get(notice.link).status_code == 200
    assert "확인을 기다리는 기업이 있어요: 새움." in text_of(operator.client.get("/notices"))
    with acting(app) as session:
        row = session.get_one(Organization, made.id)
        row.state, row.refusal = "refused", "번호를 확인할 수 없어요."
    post(client, "/organization/ask-again", {"name": "새움", "registration_number": number})
    assert len(rows(app, told)) == 2


def test_an_operator_chooses_how_to_hear_of_registrations(app):
    operator, client = person(app, "operator"), newcomer(app)
    assert 'name="organization.registered"' in text_of(operator.client.get("/account/notices"))
    assert 'name="organization.registered"' not in text_of(
        person(app, "vendor").client.get("/account/notices")
    )
    operator.post("/account/notices", {"organization.registered": "now", "report.made": "none"})
    number = regno.make("220811112")
    post(client, "/organization/new", {"name": "새움", "registration_number": number, "roles": ["vendor"]})
    assert "새로 등록한 기업: 새움" in sent_to(app, operator.email)[-1]["subject"]
    post(
        newcomer(app, email="lee@example.com"),
        "/organization/taken",
        {"registration_number": number, "text": SAID},
    )
    assert "신고" not in sent_to(app, operator.email)[-1]["subject"]


# --- invitations --------------------------------------------------------------------------------------------------


def test_an_invitation_to_somebody_who_came_another_way_waits_no_more(app, admin):
    guest = person(app, "manufacturer")
    admin.post("/organization/people/invite", {"email": guest.email})
    path = link_in(app, guest.email, "/invitations")
    guest.post("/organization/join", {"registration_number": number_of(app, admin)})
    made = one(app, select(JoinRequest.public_id))
    admin.post(f"/organization/people/requests/{made}/answer", {"accept": "1"})
    assert one(app, select(Invitation.withdrawn_at)) is not None
    assert "가람정밀의 초대" not in text_of(guest.client.get("/"))
    page = text_of(guest.client.get(path)).split("<main")[1]
    assert "이미 ‘가람정밀’의 구성원이에요" in page
    assert (
        f'value="{admin.organization_id}"' in page
    )  # they act for another one now: a button that changes to it
    assert guest.post(path).status_code == 303
    assert one(app, select(func.count(Membership.id)).where(Membership.user_id == guest.user_key)) == 2


def test_another_address_is_told_both_ways_out(app, admin):
    admin.post("/organization/people/invite", {"email": "new@example.com"})
    other = person(app, "manufacturer")
    page = text_of(other.client.get(link_in(app, "new@example.com", "/invitations")))
    assert "로그아웃하고 초대받은 주소로" in page
    assert "다시 초대해 달라고" in page
    assert other.email in page
