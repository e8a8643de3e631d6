"""The operator's list: who waits, confirm, appoint."""

import pytest
from sqlalchemy import select

from catalog.models import Organization, OrganizationRole
from catalog.outbox import OutboxMessage
from marketplace.audit import AuditEntry
from tests.marketplace.people import person
from tests.marketplace.web.looking import counted, one, rows, text_of


@pytest.fixture
def operator(app):
    return person(app, "operator", name="이음 운영팀")


def state_of(app, member):
    return one(app, select(Organization.state).where(Organization.id == member.organization_key))


def roles_of(app, member):
    roles = select(OrganizationRole.role).where(OrganizationRole.organization_id == member.organization_key)
    return sorted(rows(app, roles))


def test_an_empty_list_says_so(operator):
    page = text_of(operator.client.get("/console"))
    assert "조직이 없어요" in page
    assert "확인을 기다리는 조직이 없어요" in page
    assert "확인할 조직이 없어요" in text_of(operator.client.get("/console?state=registered"))


def test_those_that_wait_stand_first_with_their_admins(app, operator):
    person(app, "vendor", name="확인된 회사")
    waiting = person(app, "vendor", "manufacturer", name="기다리는 회사", confirmed=False)
    page = text_of(operator.client.get("/console"))
    assert page.index("기다리는 회사") < page.index("확인된 회사")
    assert waiting.email in page
    assert "확인을 기다리는 조직이 1곳 있어요" in page
    assert "수요기업 · 공급기업" in page
    only = text_of(operator.client.get("/console?state=confirmed"))
    assert "확인된 회사" in only
    assert "기다리는 회사" not in only


def test_confirming_tells_the_admins_once_and_returns_to_the_list(app, operator):
    waiting = person(app, "vendor", name="기다리는 회사", confirmed=False)
    path = f"/console/organizations/{waiting.organization_id}/confirm"
    for _twice in range(2):
        answer = operator.post(path, {"next": "/console?state=registered"})
        assert (answer.status_code, answer.location) == (303, "/console?state=registered")
    assert state_of(app, waiting) == "confirmed"
    mails = rows(app, select(OutboxMessage.payload).where(OutboxMessage.topic == "mail.send"))
    assert [mail["to"] for mail in mails] == [waiting.email]
    assert "organization.confirm" in rows(app, select(AuditEntry.act))


def test_a_confirmed_organization_can_be_appointed(app, operator):
    member = person(app, "vendor")
    path = f"/console/organizations/{member.organization_id}/appoint"
    for _twice in range(2):
        assert operator.post(path).location == "/console"
    assert roles_of(app, member) == ["validator", "vendor"]


def test_an_unconfirmed_one_cannot(app, operator):
    member = person(app, "vendor", confirmed=False)
    assert operator.post(f"/console/organizations/{member.organization_id}/appoint").status_code == 409
    assert roles_of(app, member) == ["vendor"]


def test_the_way_back_never_leads_to_another_site(app, operator):
    member = person(app, "vendor", confirmed=False)
    answer = operator.post(
        f"/console/organizations/{member.organization_id}/confirm", {"next": "//evil.example"}
    )
    assert answer.location == "/console"


def test_only_the_operator_has_the_console(app):
    member, other = person(app, "vendor", "manufacturer"), person(app, "vendor", confirmed=False)
    assert member.client.get("/console").status_code == 403
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
    page = text_of(operator.client.get(f"/console?{query}"))
    assert "확인된 회사" in page
    assert 'class="notice"' in page


def test_the_list_asks_the_database_little(app, operator):
    for _each in range(3):
        person(app, "vendor", "manufacturer")
    with counted(app) as sent:
        assert operator.client.get("/console").status_code == 200
    assert len(sent) <= 12, sent
