"""The signed-in first page: each role's next step."""

from datetime import UTC, date, datetime

import pytest

from catalog.models import Organization
from marketplace import extensions
from tests import factories
from tests.marketplace import people
from tests.marketplace.web.looking import acting, text_of


@pytest.fixture(autouse=True)
def _at_a_fixed_time(monkeypatch):
    monkeypatch.setattr(extensions, "now", lambda: factories.NOW)


def own(session, person):
    return session.get(Organization, person.organization_key)


def names(person):
    """What waits, line by line."""
    lines = text_of(person.client.get("/")).split('class="task">')[1:]
    return [line.split("</a></h3>")[0].rsplit(">", 1)[1] for line in lines]


def test_a_vendor_is_led_from_the_first_draft_to_renewal(app):
    vendor = people.person(app, "vendor")
    assert names(vendor) == ["첫 솔루션을 등록해 주세요"]
    with acting(app) as session:
        files, mine = app.extensions["files"], own(session, vendor)
        judge = factories.company(session, "validator")
        factories.draft(session, mine, files, title="쓰는 중")
        factories.submitted(session, factories.draft(session, mine, files, title="낸 것"))
        ending = factories.draft(session, mine, files, title="끝나 가는 것")
        early = datetime(2026, 1, 5, tzinfo=UTC)
        factories.approved(session, ending, judge, now=early, expires_on=date(2026, 12, 31))
        factories.published(session, mine, judge, files, title="오래가는 것")
    assert names(vendor) == ["끝나 가는 것", "쓰는 중", "솔루션 1개가 심사를 기다려요"]


def test_an_unconfirmed_vendor_learns_who_acts(app):
    assert names(people.person(app, "vendor", confirmed=False))[0] == "운영자가 우리 회사를 확인하고 있어요"


def test_a_manufacturer_is_led_from_site_to_matches(app):
    manufacturer = people.person(app, "manufacturer")
    assert names(manufacturer) == ["공장을 등록해 주세요"]
    with acting(app) as session:
        site = factories.site(session, own(session, manufacturer))
    assert names(manufacturer) == ["수요를 등록해 주세요"]
    with acting(app) as session:
        demand = factories.demand(session, session.merge(site)).public_id
    assert names(manufacturer) == ["용접 불량 줄이기"]
    page = text_of(manufacturer.client.get("/"))
    assert "아직 매칭을 계산하지 않았어요." in page
    assert f"/demands/{demand}/matches" in page


def test_validator_and_operator_see_what_waits_for_them(app):
    validator, operator = people.person(app, "validator"), people.person(app, "operator")
    waiting = people.person(app, "manufacturer", confirmed=False, name="기다리는 기업")
    assert names(validator) == []
    with acting(app) as session:
        vendor = factories.company(session, "vendor")
        factories.submitted(session, factories.draft(session, vendor, app.extensions["files"]))
    assert names(validator) == ["웰드아이 비전 심사"]
    assert names(operator) == ["기다리는 기업 확인하기"]
    assert "기다리는 기업 확인하기" not in names(waiting)


def test_nobody_sees_another_companys_work(app):
    busy, idle = people.person(app, "vendor"), people.person(app, "vendor")
    with acting(app) as session:
        factories.draft(session, own(session, busy), app.extensions["files"], title="남의 초안")
    assert "남의 초안" in names(busy)
    assert names(idle) == ["첫 솔루션을 등록해 주세요"]
