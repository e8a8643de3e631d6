"""The operator's listings: filters, taking one down, putting it back; reports of abuse."""

import re

import pytest
from sqlalchemy import select

from catalog.files.folder import FolderStore
from catalog.models import Listing, Organization
from marketplace.accounts.oversight import AbuseReport
from marketplace.audit import AuditEntry
from marketplace.journeys import abuse
from marketplace.notices.models import Notice
from tests import factories
from tests.marketplace.people import csrf, person
from tests.marketplace.web.looking import acting, counted, form_word, one, rows, text_of
from tests.marketplace.web.steps import surely

TEXT = "측정했다는 공장이 그런 공장은 없다고 합니다."


@pytest.fixture
def operator(app):
    return person(app, "operator", name="이음 운영팀")


@pytest.fixture
def vendor(app):
    return person(app, "vendor", name="파는 회사")


@pytest.fixture
def offer(app, vendor, tmp_path):
    """Public id of a listing that the public sees."""
    with acting(app) as session:
        owner = session.get_one(Organization, vendor.organization_key)
        store = FolderStore(tmp_path / "bytes")
        made = factories.published(session, owner, factories.company(session, "validator"), store)
        made.title, made.title_en = "웰드아이 비전", "WeldEye Vision"
        session.flush()
        return made.public_id


def state_of(app, offer):
    return one(app, select(Listing.state).where(Listing.public_id == offer))


def reported(app, client, path, **changes):
    page = client.get(path)
    assert page.status_code == 200
    data = {"reason": "false_claim", "text": TEXT, "email": "", "form_id": form_word(page), **changes}
    return client.post(path, data={**data, "csrf_token": csrf(client)})


def test_a_suspended_listing_is_seen_by_its_owner_alone(app, operator, vendor, offer):
    visitor = app.test_client()
    assert visitor.get(f"/solutions/{offer}").status_code == 200
    path = f"/console/listings/{offer}"
    assert operator.client.get(path).status_code == 200
    assert operator.post(f"{path}/suspend", {"reason": "근거의 공장이 없어요"}).status_code == 303
    assert state_of(app, offer) == "suspended"
    assert visitor.get(f"/solutions/{offer}").status_code == 404
    own = text_of(vendor.client.get(f"/listings/{offer}"))
    assert "근거의 공장이 없어요" in own
    assert "운영자가 내렸어요" in own
    assert vendor.client.get("/listings").status_code == 200
    for act in ("reopen", "withdraw", "submit"):
        vendor.post(f"/listings/{offer}/{act}")
        assert state_of(app, offer) == "suspended"
    assert "listing.suspended" in rows(app, select(Notice.event))
    assert "다시 공개" in text_of(operator.post(f"{path}/lift"))
    assert state_of(app, offer) == "suspended"
    assert surely(operator, f"{path}/lift").status_code == 303
    assert visitor.get(f"/solutions/{offer}").status_code == 200
    assert surely(operator, f"{path}/lift").status_code == 409


def test_it_leaves_the_search_as_after_a_withdrawal(app, operator, offer):
    """The engine replays the change of the catalogue's revision."""
    follower = app.extensions["search"]

    def found():
        with app.extensions["database"].session(reading=True) as session:
            follower.catch_up(session)
            return {document.id for document in follower.engine.all()}

    assert offer in found()
    operator.post(f"/console/listings/{offer}/suspend", {"reason": "근거의 공장이 없어요"})
    assert offer not in found()
    surely(operator, f"/console/listings/{offer}/lift")
    assert offer in found()


def test_filters_and_csv(app, operator, vendor, offer):
    vendor.api("POST", "/listings", json={"title": "초안 하나"})
    with counted(app) as sent:
        page = text_of(operator.client.get("/console/listings"))
    assert len(sent) <= 12, sent
    assert "초안 하나" in page
    for query, found in (
        ("state=draft", {"초안 하나"}),
        ("standing=valid", {"웰드아이 비전"}),
        ("standing=lapsed", set()),
        ("standing=none", {"초안 하나"}),
        ("q=파는", {"웰드아이 비전", "초안 하나"}),
        ("q=weldeye", {"웰드아이 비전"}),
    ):
        page = text_of(operator.client.get(f"/console/listings?{query}"))
        assert {title for title in ("웰드아이 비전", "초안 하나") if title in page} == found, query
    lines = operator.client.get("/console/listings?csv=1").get_data(as_text=True).splitlines()
    assert len(lines) == 3


def test_a_visitor_reports_a_solution_once(app, offer, operator):
    visitor = app.test_client()
    path = f"/solutions/{offer}/report"
    assert f'href="{path}"' in text_of(visitor.get(f"/solutions/{offer}"))
    page = visitor.get(path)
    word = form_word(page)
    for _twice in range(2):
        answer = reported(app, visitor, path, form_id=word, email="seen@example.com")
        assert (answer.status_code, answer.location) == (303, f"/solutions/{offer}")
    assert rows(app, select(AbuseReport.email)) == ["seen@example.com"]
    assert "신고" in text_of(operator.client.get("/console"))


def test_an_address_that_a_visitor_typed_acts_for_nobody(app, offer, operator):
    reported(app, app.test_client(), f"/solutions/{offer}/report", email=operator.email)
    assert rows(app, select(AuditEntry.actor).where(AuditEntry.act == "report.make")) == ["anonymous"]


def test_what_is_wrong_with_a_report_stands_at_its_field(app, offer):
    visitor = app.test_client()
    path = f"/solutions/{offer}/report"
    assert f'href="/solutions/{offer}">그만두기' in text_of(visitor.get(path))
    answer = reported(app, visitor, path, reason="odd", text="짧음", email="not an address")
    page = text_of(answer)
    assert answer.status_code == 422
    assert "짧음" in page
    assert len(re.findall(r'href="#f-(?:reason|text|email)"', page)) == 3
    assert rows(app, select(AbuseReport.id)) == []


def test_a_flood_of_reports_waits(app, offer):
    visitor = app.test_client()
    path = f"/solutions/{offer}/report"
    for _each in range(abuse.MOST):
        assert reported(app, visitor, path).status_code == 303
    refused = reported(app, visitor, path)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert len(rows(app, select(AbuseReport.id))) == abuse.MOST


def test_the_operator_takes_the_solution_down_and_the_reporter_hears(app, operator, offer):
    reporter, stranger = person(app, "manufacturer"), person(app, "manufacturer")
    where = reported(app, reporter.client, f"/solutions/{offer}/report").location
    assert "운영자가 확인하고 있어요" in text_of(reporter.client.get(where))
    assert f'href="/solutions/{offer}">그 화면으로 가기' in text_of(reporter.client.get(where))
    assert stranger.client.get(where).status_code == 404
    path = f"/console/reports/{where.rsplit('/', 1)[1]}"
    assert TEXT in text_of(operator.client.get(path))
    bad = operator.post(f"{path}/decide", {"outcome": "", "note": "길게 적은 이유"})
    assert bad.status_code == 422
    assert "길게 적은 이유" in text_of(bad)
    decision = {"outcome": "suspended", "note": "근거의 공장이 없어요"}
    assert "닫은 신고는 다시 열 수 없어요" in text_of(operator.post(f"{path}/decide", decision))
    assert state_of(app, offer) == "published"
    assert surely(operator, f"{path}/decide", decision).status_code == 303
    assert state_of(app, offer) == "suspended"
    assert surely(operator, f"{path}/decide", decision).status_code == 409
    assert "장터에서 내렸어요" in text_of(reporter.client.get(where))
    told = rows(app, select(Notice.user_id).where(Notice.event == "report.decided"))
    assert told == [reporter.user_key]


def test_a_report_on_a_vendor_can_end_without_action_or_take_all_down(app, operator, vendor, offer):
    path = f"/vendors/{vendor.organization_id}/report"
    visitor = app.test_client()
    for _twice in range(2):
        reported(app, visitor, path)
    first, second = rows(app, select(AbuseReport.public_id).order_by(AbuseReport.id))
    surely(operator, f"/console/reports/{first}/decide", {"outcome": "no_action", "note": "문제가 없어요"})
    assert state_of(app, offer) == "published"
    surely(operator, f"/console/reports/{second}/decide", {"outcome": "suspended", "note": "사칭이에요!"})
    assert state_of(app, offer) == "suspended"
    listed = text_of(operator.client.get("/console/reports?state=no_action"))
    assert "파는 회사" in listed


def test_what_is_not_public_cannot_be_reported(app, vendor):
    draft = vendor.api("POST", "/listings", json={"title": "초안 하나"}).json["id"]
    assert app.test_client().get(f"/solutions/{draft}/report").status_code == 404
    assert app.test_client().get(f"/vendors/{vendor.organization_id}/report").status_code == 404
