"""The operator's list: who waits, confirm, appoint."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from catalog import clock, outbox, regno
from catalog.db import utcnow
from catalog.models import Organization, OrganizationRole
from catalog.outbox import OutboxMessage
from marketplace import mail
from marketplace.audit import AuditEntry
from marketplace.inbox.operators import CONFIRM_DAYS
from marketplace.inbox.workdays import after
from marketplace.notices.models import Notice
from marketplace.web.console import frame
from matching.scoring.weights import BUILT_IN
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, counted, one, rows, text_of
from tests.marketplace.web.steps import surely


@pytest.fixture
def operator(app):
    return person(app, "operator", name="이음 운영팀")


def state_of(app, member):
    return one(app, select(Organization.state).where(Organization.id == member.organization_key))


def roles_of(app, member):
    roles = select(OrganizationRole.role).where(OrganizationRole.organization_id == member.organization_key)
    return sorted(rows(app, roles))


def test_an_empty_list_says_so(operator):
    assert "조건에 맞는 것이 없어요" in text_of(operator.client.get("/console/organizations"))
    assert "기다리는 일이 없어요" in text_of(operator.client.get("/console"))


def test_those_that_wait_stand_first_with_their_admins(app, operator):
    person(app, "vendor", name="확인된 회사")
    waiting = person(app, "vendor", "manufacturer", name="기다리는 회사", confirmed=False)
    page = text_of(operator.client.get("/console/organizations"))
    assert page.index("기다리는 회사") < page.index("확인된 회사")
    assert waiting.email in page
    assert "수요기업 · 공급기업" in page
    only = text_of(operator.client.get("/console/organizations?state=confirmed"))
    assert "확인된 회사" in only
    assert "기다리는 회사" not in only


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("role=manufacturer", {"공장 회사"}),
        ("q=%EA%B3%B5%EC%9E%A5", {"공장 회사"}),
        ("q=factory@", {"공장 회사"}),
        ("q=100%25", {"100% 회사"}),
        ("q=_", set()),
        ("role=vendor&state=registered", {"100% 회사"}),
    ],
)
def test_filters_narrow_the_list(app, operator, query, found):
    person(app, "manufacturer", name="공장 회사", email="factory@example.com")
    person(app, "vendor", name="100% 회사", email="hundred@example.com", confirmed=False)
    page = text_of(operator.client.get(f"/console/organizations?{query}"))
    assert {name for name in ("공장 회사", "100% 회사") if name in page} == found


def test_an_organization_is_found_by_its_number(app, operator):
    member = person(app, "vendor", name="번호 회사")
    person(app, "vendor", name="다른 회사")
    number = one(
        app, select(Organization.registration_number).where(Organization.id == member.organization_key)
    )
    page = text_of(operator.client.get(f"/console/organizations?q={number[:3]}-{number[3:5]}-{number[5:]}"))
    assert "번호 회사" in page
    assert "다른 회사" not in page


def test_the_csv_file_guards_against_formulas(app, operator):
    person(app, "vendor", name='=HYPERLINK("x")')
    answer = operator.client.get("/console/organizations?csv=1")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="organizations.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff"))))
    assert lines[1][1] == '\'=HYPERLINK("x")'


@pytest.mark.parametrize("word", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_begins_like_a_formula(app, word):
    with app.test_request_context():
        text = frame.csv_answer("a", ["b"], [[word]]).get_data(as_text=True)
    assert next(csv.reader(io.StringIO(text.split("\r\n", 1)[1], newline="")))[0] == f"'{word}"


def test_a_long_list_has_pages(app, operator, monkeypatch):
    monkeypatch.setattr(frame, "PER_PAGE", 1)
    monkeypatch.setattr(frame.paged, "__defaults__", (None, 1))
    for name in ("가 회사", "나 회사"):
        person(app, "vendor", name=name)
    second = text_of(operator.client.get("/console/organizations?page=2&role=vendor"))
    assert "나 회사" in second
    assert "가 회사" not in second
    assert 'href="/console/organizations?role=vendor&page=1"' in second
    everything = operator.client.get("/console/organizations?csv=1").get_data(as_text=True)
    assert "가 회사" in everything
    assert "나 회사" in everything


def test_the_overview_counts_by_age_and_says_what_is_late(app, operator):
    for days, name in ((0, "오늘 회사"), (2, "그제 회사"), (9, "오랜 회사")):
        waiting = person(app, "vendor", name=name, confirmed=False)
        with acting(app) as session:
            session.get_one(Organization, waiting.organization_key).created_at = utcnow() - timedelta(
                days=days
            )
    page = text_of(operator.client.get("/console"))
    assert "기다리는 일이 3건 있어요" in page
    waited = clock.day_of(utcnow()) - timedelta(days=9)
    late = (clock.day_of(utcnow()) - after(waited, CONFIRM_DAYS)).days
    assert late >= 5
    assert f"{late}일 넘음" in page
    assert "오랜 회사" in page


def test_the_overview_says_how_the_store_runs(app, operator):
    """Index, outbox, mails and weights as they are now, within twelve statements."""
    with acting(app) as session:
        for number in range(4):
            outbox.record(session, "hook.send", f"stopped-{number}", {})
        session.flush()
        for row in session.scalars(select(OutboxMessage)):
            row.state, row.last_error = outbox.DEAD, "no answer from seller@example.com"
        letter = {"to": "buyer@hanul.example", "subject": "기업을 확인했습니다"}
        outbox.record(session, mail.TOPIC, "m:1", letter)
    with counted(app) as sent:
        page = text_of(operator.client.get("/console"))
    assert len(sent) <= 12, sent
    assert "따라잡음" in page
    assert "멈춘 작업 4건" in page
    assert len(re.findall(r'action="/console/outbox/[0-9]+/retry"', page)) == 3
    assert "기업을 확인했습니다" in page
    assert "기다림 1 · 받지 못함 0 · 보냄 0" in page
    assert "buyer@hanul" not in page
    assert "seller@example.com" not in page
    assert f"가중치 {BUILT_IN.version}" in page
    assert f"<dt>근거 강도</dt><dd>{BUILT_IN.axis['evidence']}</dd>" in page


def test_a_refusal_is_told_with_its_reason_and_answered(app, operator):
    waiting = person(app, "vendor", name="기다리는 회사", confirmed=False)
    path = f"/console/organizations/{waiting.organization_id}"
    short = operator.post(f"{path}/refuse", {"reason": "음"})
    assert short.status_code == 422
    assert "5자 이상 적어 주세요" in text_of(short)
    assert "확인을 거절할까요" in text_of(
        operator.post(f"{path}/refuse", {"reason": "등록증의 이름이 달라요"})
    )
    assert state_of(app, waiting) == "registered"
    assert surely(operator, f"{path}/refuse", {"reason": "등록증의 이름이 달라요"}).status_code == 303
    assert state_of(app, waiting) == "refused"
    own = text_of(waiting.client.get("/organization"))
    assert "등록증의 이름이 달라요" in own
    assert "/organization/operator" in own
    form = text_of(waiting.client.get("/organization/operator"))
    assert "등록증의 이름이 달라요" in form
    wrong = waiting.post("/organization/ask-again", {"name": "바른 회사", "registration_number": "123"})
    assert wrong.status_code == 422
    assert "바른 회사" in text_of(wrong)
    right = {"name": "바른 회사", "registration_number": regno.make("987654321")}
    assert waiting.post("/organization/ask-again", right).location == "/organization"
    assert state_of(app, waiting) == "registered"
    assert "organization.ask_again" in rows(app, select(AuditEntry.act))
    assert "organization.refused" in rows(app, select(Notice.event))


def test_refusing_by_the_api(app, operator):
    waiting, member = person(app, "vendor", confirmed=False), person(app, "vendor")
    body = {"reason": "등록증의 이름이 달라요"}
    answer = operator.api("POST", f"/organizations/{waiting.organization_id}/refusal", json=body)
    assert answer.status_code == 200
    assert (answer.json["state"], answer.json["refusal"]) == ("refused", body["reason"])
    taken = operator.api("POST", f"/organizations/{member.organization_id}/refusal", json=body)
    assert (taken.status_code, taken.json["code"]) == (409, "organization.confirmed")
    none = operator.api("POST", f"/organizations/{waiting.organization_id}/refusal", json={})
    assert (none.status_code, none.json["errors"][0]["pointer"]) == (422, "/reason")


def test_the_detail_page_shows_people_listings_and_what_was_done(app, operator):
    member = person(app, "vendor", name="자세한 회사")
    surely(operator, f"/console/organizations/{member.organization_id}/appoint")
    with counted(app) as sent:
        page = text_of(operator.client.get(f"/console/organizations/{member.organization_id}"))
    assert len(sent) <= 12, sent
    assert member.email in page
    # what the operator did stands under the customer's own things, too
    assert "솔루션이 없어요" in page


def test_confirming_tells_the_admins_once_and_returns_to_the_list(app, operator):
    waiting = person(app, "vendor", name="기다리는 회사", confirmed=False)
    path = f"/console/organizations/{waiting.organization_id}/confirm"
    for _twice in range(2):
        answer = operator.post(path, {"next": "/console/organizations?state=registered"})
        assert (answer.status_code, answer.location) == (303, "/console/organizations?state=registered")
    assert state_of(app, waiting) == "confirmed"
    mails = rows(app, select(OutboxMessage.payload).where(OutboxMessage.topic == "mail.send"))
    assert [mail["to"] for mail in mails] == [waiting.email]
    assert "organization.confirm" in rows(app, select(AuditEntry.act))


def test_a_confirmed_organization_can_be_appointed(app, operator):
    member = person(app, "vendor")
    path = f"/console/organizations/{member.organization_id}/appoint"
    assert "검증기관 지정" in text_of(operator.post(path))
    assert roles_of(app, member) == ["vendor"]
    for _twice in range(2):
        assert surely(operator, path).location == "/console/organizations"
    assert roles_of(app, member) == ["validator", "vendor"]


def test_an_unconfirmed_one_cannot(app, operator):
    member = person(app, "vendor", confirmed=False)
    assert surely(operator, f"/console/organizations/{member.organization_id}/appoint").status_code == 409
    assert roles_of(app, member) == ["vendor"]


def test_the_way_back_never_leads_to_another_site(app, operator):
    member = person(app, "vendor", confirmed=False)
    answer = operator.post(
        f"/console/organizations/{member.organization_id}/confirm", {"next": "//evil.example"}
    )
    assert answer.location == "/console/organizations"


def test_only_the_operator_has_the_console(app):
    member, other = person(app, "vendor", "manufacturer"), person(app, "vendor", confirmed=False)
    assert member.client.get("/console/organizations").status_code == 403
    for act in ("confirm", "appoint"):
        assert member.post(f"/console/organizations/{other.organization_id}/{act}").status_code == 403
    assert state_of(app, other) == "registered"


def test_an_organization_that_is_not_there(operator):
    path = "/console/organizations/0190b5a0-0000-7000-8000-000000000001/confirm"
    assert operator.post(path).status_code == 404


@pytest.mark.parametrize(
    "query", ["page=abc", "page=-1", "page=10000000000000000000000", "state=odd", "colour=red"]
)
def test_a_strange_query_shows_the_first_page_with_a_notice(app, operator, query):
    person(app, "vendor", name="확인된 회사")
    page = text_of(operator.client.get(f"/console/organizations?{query}"))
    assert "확인된 회사" in page
    assert 'class="notice"' in page


def test_the_list_asks_the_database_little(app, operator):
    for _each in range(3):
        person(app, "vendor", "manufacturer")
    with counted(app) as sent:
        assert operator.client.get("/console/organizations").status_code == 200
    assert len(sent) <= 12, sent
