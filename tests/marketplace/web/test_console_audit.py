"""The audit chain in the console; support access to a customer's pages."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace import audit
from marketplace.accounts import roles
from marketplace.accounts.models import Membership
from marketplace.accounts.oversight import SupportAccess
from marketplace.api.examples import SITE
from marketplace.audit import AuditCheck, AuditEntry
from marketplace.notices.models import Notice
from tests.marketplace.people import csrf, person
from tests.marketplace.web.looking import acting, counted, one, rows, text_of

WHY = {"reason": "7월 3일 문의: 결과가 비어 보인다고 함"}


@pytest.fixture
def operator(app):
    return person(app, "operator", name="이음 운영팀")


@pytest.fixture
def customer(app):
    return person(app, "vendor", "manufacturer", name="고객 회사")


def look_in(operator, customer):
    path = f"/console/organizations/{customer.organization_id}/support"
    assert "한 시간 동안" in text_of(operator.client.get(path))
    answer = operator.post(path, WHY)
    assert (answer.status_code, answer.location) == (303, "/organization")


def views(app):
    found = select(AuditEntry.detail).where(AuditEntry.act == "support.view").order_by(AuditEntry.number)
    return [detail["path"] for detail in rows(app, found)]


def main_of(answer):
    page = text_of(answer)
    return page[page.index("<tbody>") if "<tbody>" in page else page.index("<main") :]


def test_the_chain_is_searched_by_what_it_keeps(app, operator, customer):
    other = person(app, "vendor", confirmed=False)
    operator.post(f"/console/organizations/{other.organization_id}/confirm")
    customer.post("/sites/new", {})
    with counted(app) as sent:
        everything = main_of(operator.client.get("/console/audit"))
    assert len(sent) <= 12, sent
    assert "organization.confirm" in everything
    assert "account.sign_in" in everything
    for query, inside, outside in (
        (f"actor={operator.email}", "organization.confirm", customer.email),
        (f"about={other.organization_id}", "organization.confirm", "account.sign_in"),
        (f"organization={operator.organization_id}", "organization.confirm", customer.email),
        ("act=organization", "organization.confirm", "account.sign_in"),
    ):
        page = main_of(operator.client.get(f"/console/audit?{query}"))
        assert inside in page, query
        assert outside not in page, query
    assert "조건에 맞는 것이 없어요" in text_of(operator.client.get("/console/audit?until=2001-01-01"))
    assert "조건에 맞는 것이 없어요" in text_of(operator.client.get("/console/audit?since=2199-01-01"))
    assert "모르는 조건" in text_of(operator.client.get("/console/audit?since=2026-13-01"))
    lines = operator.client.get("/console/audit?csv=1&act=organization").get_data(as_text=True).splitlines()
    assert len(lines) == 2


@pytest.mark.parametrize("query", ["act=%25", "actor=_", "act=%00", "until=9999-12-31", "since=0001-01-01"])
def test_strange_words_find_nothing_and_break_nothing(app, operator, query):
    assert operator.client.get(f"/console/audit?{query}").status_code == 200


def test_the_verdict_is_kept_and_shown(app, operator):
    assert "확인한 적 없음" in text_of(operator.client.get("/console/audit"))
    assert operator.post("/console/audit/verify").status_code == 303
    assert "사슬이 이어짐" in text_of(operator.client.get("/console/audit"))
    with acting(app) as session:
        check, broken = audit.verify(session)
        assert (check.breaks, broken) == (0, [])
        session.add(AuditCheck(entries=7, breaks=2, first_break="3: was changed"))
    page = text_of(operator.client.get("/console/audit"))
    assert "끊긴 자리 2곳" in page
    assert "3: was changed" in page


def test_the_command_keeps_its_verdict(app):
    assert app.test_cli_runner().invoke(args=["audit", "verify"]).exit_code == 0
    assert rows(app, select(AuditCheck.breaks)) == [0]


def test_support_reads_the_customers_pages_and_says_so(app, operator, customer):
    site = customer.api("POST", "/sites", json=SITE).json["id"]
    assert operator.client.get(f"/sites/{site}").status_code == 403
    look_in(operator, customer)
    for path in ("/organization", "/sites", f"/sites/{site}", "/listings", "/demands", "/"):
        page = text_of(operator.client.get(path))
        assert "지원 열람 중이에요" in page, path
        assert "고객 회사" in page, path
    assert views(app)[:3] == ["/organization", "/sites", f"/sites/{site}"]
    entry = one(app, select(AuditEntry).where(AuditEntry.act == "support.view"))
    assert (entry.actor, entry.organization) == (operator.email, customer.organization_id)


def test_support_writes_nothing(app, operator, customer):
    """No route but those about the operator's person takes anything, whatever the customer's roles allow."""
    listing = customer.api("POST", "/listings", json={"title": "초안 하나"}).json["id"]
    look_in(operator, customer)
    refused = 0
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.rule.startswith("/api/") or "POST" not in rule.methods:
            continue
        if getattr(view, "permission", None) in roles.SUPPORT_ACTS:
            continue
        path = re.sub(r"<int:\w+>", "1", rule.rule.replace("<any(internal, vendor):audience>", "vendor"))
        path = re.sub(r"<(?:[^<>]*:)?\w+>", listing, path)
        answer = operator.client.post(path, data={"csrf_token": csrf(operator.client)})
        assert answer.status_code == 403, rule.rule
        refused += 1
    assert refused > 20
    assert operator.client.get("/console").status_code == 403
    assert operator.client.get("/account").status_code == 403


def test_the_customer_sees_who_when_and_why_at_once(app, operator, customer):
    look_in(operator, customer)
    for path in ("/organization", "/organization/operator"):
        page = text_of(customer.client.get(path))
        assert operator.email in page
        assert WHY["reason"] in page
    told = rows(app, select(Notice.user_id).where(Notice.event == "support.opened"))
    assert told == [customer.user_key]
    assert operator.email in text_of(person(app, "operator").client.get("/console/support"))


def test_support_ends_by_the_button_and_by_itself(app, operator, customer, monkeypatch):
    look_in(operator, customer)
    access_id = one(app, select(SupportAccess.public_id))
    other = person(app, "operator")
    assert other.post(f"/support/{access_id}/end").status_code == 404
    ended = operator.post(f"/support/{access_id}/end")
    assert ended.location == f"/console/organizations/{customer.organization_id}"
    assert operator.client.get("/sites").status_code == 403
    assert operator.client.get("/console").status_code == 200
    look_in(operator, customer)
    with acting(app) as session:
        for row in session.scalars(select(SupportAccess)):
            row.ends_at -= timedelta(hours=2)
    assert operator.client.get("/sites").status_code == 403
    assert "지원 열람 중이에요" not in text_of(operator.client.get("/console"))


def test_support_holds_for_the_one_sign_in_and_never_for_tokens(app, operator, customer):
    look_in(operator, customer)
    assert operator.api("GET", "/organization").json["id"] == operator.organization_id
    assert operator.api("GET", "/sites").status_code == 403


def test_support_needs_a_reason_and_the_right(app, operator, customer):
    path = f"/console/organizations/{customer.organization_id}/support"
    assert operator.post(path, {"reason": " "}).status_code == 422
    assert rows(app, select(SupportAccess.id)) == []
    own = f"/console/organizations/{operator.organization_id}/support"
    assert operator.post(own, WHY).status_code == 403
    assert rows(app, select(SupportAccess.id)) == []
    with acting(app) as session:
        session.query(Membership).filter_by(user_id=operator.user_key).one().grant([])
    assert operator.post(path, WHY).status_code == 403
    assert operator.client.get(path).status_code == 403


def test_it_ends_with_the_operators_role(app, operator, customer):
    look_in(operator, customer)
    with acting(app) as session:
        session.delete(session.query(Membership).filter_by(user_id=operator.user_key).one())
    assert operator.client.get("/sites").status_code == 403
