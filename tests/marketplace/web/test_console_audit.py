"""The audit chain in the console; support access to a customer's pages."""

import ast
import pathlib
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

import marketplace
from catalog.db import Base
from catalog.models.organization import MANUFACTURER
from marketplace import audit
from marketplace.accounts import roles
from marketplace.accounts.models import Membership, User
from marketplace.accounts.oversight import SupportAccess
from marketplace.api.examples import SITE
from marketplace.api.self_check import EXAMPLE as SELF_CHECK
from marketplace.audit import AuditCheck, AuditEntry
from marketplace.notices.models import Notice
from marketplace.wording import acts
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
    other_name = "찾을 회사"
    other = person(app, "vendor", name=other_name, confirmed=False)
    operator.post(f"/console/organizations/{other.organization_id}/confirm")
    customer.post("/sites/new", {})
    with counted(app) as sent:
        everything = main_of(operator.client.get("/console/audit"))
    assert len(sent) <= 12, sent
    assert "기업 확인" in everything
    assert "로그인" in everything
    # an act in words, no class and no list as the code writes it
    assert "organization.confirm" not in everything
    assert "Organization " not in everything
    for query, inside, outside in (
        (f"actor={operator.email}", "기업 확인", customer.email),
        (f"about={other.organization_id}", "기업 확인", "로그인"),
        (f"organization={operator.organization_id}", "기업 확인", customer.email),
        ("organization=이음 운영팀", "기업 확인", customer.email),
        (f"organization={other_name}", "기업 확인", "로그인"),
        ("organization=없는 회사", "조건에 맞는 것이 없어요", "기업 확인</th>"),
        ("act=organization", "기업 확인", "로그인"),
        ("act=기업 확인", "기업 확인", "로그인"),
    ):
        page = main_of(operator.client.get(f"/console/audit?{query}"))
        assert inside in page, query
        assert outside not in page, query
    assert "조건에 맞는 것이 없어요" in text_of(operator.client.get("/console/audit?until=2001-01-01"))
    assert "조건에 맞는 것이 없어요" in text_of(operator.client.get("/console/audit?since=2199-01-01"))
    assert "모르는 조건" in text_of(operator.client.get("/console/audit?since=2026-13-01"))
    lines = operator.client.get("/console/audit?csv=1&act=organization").get_data(as_text=True).splitlines()
    assert len(lines) == 2


def test_an_entry_says_in_words_what_was_done_to_what(app, operator, customer):
    """The object by its name with its page, what is said besides as "field: value"; the actor by name, too."""
    operator.post(f"/console/users/{customer_id(app, customer)}/suspend", {"reason": "약관을 어겼어요"})
    page = main_of(operator.client.get("/console/audit?act=user.suspend"))
    assert f'<a href="/console/users/{customer_id(app, customer)}">계정' in page
    assert "이유: <span>약관을 어겼어요</span>" in page
    name = one(app, select(User.name).where(User.id == operator.user_key))
    assert "계정 정지" in main_of(operator.client.get(f"/console/audit?act=user.suspend&actor={name[:3]}"))
    with acting(app) as session:
        audit.record(session, "weights.discard", session.get_one(User, operator.user_key), rights=["admin"])
    assert "권한: <span>관리자</span>" in main_of(operator.client.get("/console/audit?act=weights.discard"))


def customer_id(app, member):
    return one(app, select(User.public_id).where(User.id == member.user_key))


def test_every_act_that_the_code_records_has_words(app):
    """The table of words is compared with what the code says; what it says besides and every object have words, too."""
    recorded, besides = set(), set()
    for path in pathlib.Path(marketplace.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"audit.record", "audit.commit"}:
                inside = [part for argument in node.args[:2] for part in ast.walk(argument)]
                recorded |= {p.value for p in inside if isinstance(p, ast.Constant) and "." in str(p.value)}
                besides |= {keyword.arg for keyword in node.keywords if keyword.arg}
    assert recorded - set(acts.ACTS) == set()
    with app.test_request_context():
        assert [word for word in sorted(besides - {"by"}) if acts.detail({word: 0})[0][0] == word] == []
    named = {
        mapper.class_.__name__ for mapper in Base.registry.mappers if hasattr(mapper.class_, "public_id")
    }
    assert named - set(acts.OBJECTS) <= {"Notice"}


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
    check = customer.api("POST", f"/sites/{site}/self-check", json=SELF_CHECK).json["id"]
    assert operator.client.get(f"/sites/{site}").status_code == 403
    look_in(operator, customer)
    for path in (
        "/organization",
        "/sites",
        f"/sites/{site}",
        f"/sites/{site}/roadmap",
        "/self-check",
        f"/self-check/{check}",
        "/listings",
        "/demands",
        "/supply-chain",
        "/",
    ):
        page = text_of(operator.client.get(path))
        assert "지원 열람 중이에요" in page, path
        assert "고객 회사" in page, path
    assert views(app)[:3] == ["/organization", "/sites", f"/sites/{site}"]
    entry = one(app, select(AuditEntry).where(AuditEntry.act == "support.view"))
    assert (entry.actor, entry.organization) == (operator.email, customer.organization_id)


def test_support_reads_all_that_a_manufacturer_reads_of_its_own(app, operator, customer):
    """A question about a page is answered by looking at it: none of the manufacturer's pages is left out."""
    reads = {
        name for name, held in roles.PERMISSIONS.items() if name.endswith(".read") and MANUFACTURER in held
    }
    assert reads == {"site.read", "self_check.read", "demand.read", "link.read", "chain.read"}
    assert reads <= roles.SUPPORT_READS
    site = customer.api("POST", "/sites", json=SITE).json["id"]
    check = customer.api("POST", f"/sites/{site}/self-check", json={"answers": []}).json["id"]
    look_in(operator, customer)
    assert operator.client.get(f"/self-check/{check}").status_code == 200
    assert operator.client.get(f"/self-check/{check}/1").status_code == 403, "that page is there to answer"


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
