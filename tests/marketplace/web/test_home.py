"""The signed-in first page: each role's next step."""

from datetime import UTC, date, datetime

import pytest

from catalog.models import Organization
from marketplace import extensions, notices
from marketplace.accounts.models import User
from marketplace.inbox import workdays
from marketplace.operations import closing
from matching import matchmaking
from tests import factories
from tests.marketplace import people
from tests.marketplace.web.looking import acting, counted, text_of


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


def test_a_refused_company_reads_why_and_is_led_to_the_correction(app):
    vendor, operator = people.person(app, "vendor", confirmed=False), people.person(app, "operator")
    why = {"reason": "등록증의 이름이 달라요"}
    path = f"/organizations/{vendor.organization_id}/refusal"
    assert operator.api("POST", path, json=why).status_code == 200
    page = text_of(vendor.client.get("/"))
    assert "운영자가 우리 회사를 확인하지 못했어요" in page
    assert "등록증의 이름이 달라요" in page
    assert (
        page.count('href="/organization/operator"') == 3
    )  # heading and button of the line, list of what is missing
    assert vendor.client.get("/organization/operator").status_code == 200


def test_a_deletion_request_waits_for_the_operator(app):
    vendor, operator = people.person(app, "vendor"), people.person(app, "operator")
    with acting(app) as session:
        organization = session.get(Organization, vendor.organization_key)
        asked = closing.ask(session, organization, session.get(User, vendor.user_key), "사업을 접습니다.")
        session.flush()
        place = f"/console/deletions/{asked.public_id}"
    assert place in text_of(operator.client.get("/"))
    assert place not in text_of(vendor.client.get("/"))


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


def tasks(person):
    """What waits with its date, line by line."""
    page = text_of(person.client.get("/"))
    return page.split('class="task">')[1:]


def test_a_review_is_due_five_working_days_after_it_came(app):
    validator = people.person(app, "validator")
    with acting(app) as session:
        vendor = factories.company(session, "vendor")
        listing = factories.draft(session, vendor, app.extensions["files"])
        factories.submitted(
            session, listing, now=datetime(2026, 11, 19, 16, 0, tzinfo=UTC)
        )  # Friday in Korea
    (line,) = tasks(validator)
    assert "11. 27. (금)" in line


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday → Monday
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # Saturday → Monday
        (date(2026, 11, 23), 5, date(2026, 11, 30)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
        (date(2026, 11, 21), 0, date(2026, 11, 21)),
    ],
)
def test_working_days_leave_out_weekends(day, count, expected):
    assert workdays.after(day, count) == expected


def test_an_open_demand_without_a_fit_says_so(app):
    manufacturer = people.person(app, "manufacturer")
    with acting(app) as session:
        demand = factories.demand(session, factories.site(session, own(session, manufacturer)))
        matchmaking.match(session, app.extensions["search"].engine, demand, factories.TODAY)
    (line,) = tasks(manufacturer)
    assert "조건에 맞는 솔루션이 없어요" in line
    assert "이유 보기" in line


def test_new_matches_stand_until_they_are_read_or_old(app, monkeypatch):
    manufacturer = people.person(app, "manufacturer")
    with acting(app) as session:
        demand = factories.demand(session, factories.site(session, own(session, manufacturer)))
        for key in ("a", "b"):
            notices.tell(
                session,
                "match.new",
                key=key,
                link=f"/demands/{demand.public_id}/matches",
                about=demand,
                organization=demand.organization,
                params={"demand": demand.title, "title": key},
            )
    new = "‘용접 불량 줄이기’에 맞는 새 솔루션이 2개 나왔어요"
    assert names(manufacturer) == ["용접 불량 줄이기", new]
    monkeypatch.setattr(extensions, "now", lambda: datetime(2026, 11, 22, 14, 59, tzinfo=UTC))
    assert new in names(manufacturer)  # 23:59 of the next day in Korea
    manufacturer.post("/notices/read")
    assert new not in names(manufacturer)


def test_new_matches_are_forgotten_after_the_next_day(app, monkeypatch):
    manufacturer = people.person(app, "manufacturer")
    with acting(app) as session:
        demand = factories.demand(session, factories.site(session, own(session, manufacturer)))
        params = {"demand": demand.title, "title": "a"}
        told = {"link": "/demands", "about": demand, "organization": demand.organization, "params": params}
        notices.tell(session, "match.new", key="a", **told)
    assert len(names(manufacturer)) == 2
    monkeypatch.setattr(extensions, "now", lambda: datetime(2026, 11, 22, 15, 0, tzinfo=UTC))
    people_again = people.csrf(manufacturer.client)
    assert people_again
    answer = manufacturer.client.post(
        "/sign-in",
        data={"email": manufacturer.email, "password": people.PASSWORD, "csrf_token": people_again},
    )
    assert answer.status_code == 303
    assert names(manufacturer) == ["용접 불량 줄이기"]


def test_at_most_twenty_lines_oldest_due_first(app):
    manufacturer = people.person(app, "manufacturer")
    with acting(app) as session:
        site = factories.site(session, own(session, manufacturer))
        for day in range(1, 23):
            factories.demand(session, site, title=f"수요 {day}", deadline=date(2027, 1, day))
        factories.demand(session, site, title="기한 없는 수요", deadline=None)
    assert names(manufacturer) == [f"수요 {day}" for day in range(1, 21)]
    page = text_of(manufacturer.client.get("/"))
    assert "기다리는 일이 23건 있어요." in page
    assert "먼저 할 20건만 보여드려요." in page


def test_what_is_missing_stands_below_until_nothing_is(app):
    newcomer = people.person(app, "manufacturer", confirmed=False, proved=False)
    page = text_of(newcomer.client.get("/"))
    assert "아직 갖추지 못한 것" in page
    assert "이메일 확인" in page
    assert "첫 공장 등록" in page


@pytest.mark.parametrize("role", ["validator", "operator"])
def test_nothing_waits_and_the_next_step_is_named(app, role):
    page = text_of(people.person(app, role).client.get("/"))
    assert "오늘 처리할 일이 없어요" in page
    assert {"validator": "심사 목록 보기", "operator": "운영 화면 보기"}[role] in page


def test_the_fullest_page_stays_within_the_budget(app):
    everyone = people.person(app, "vendor", "manufacturer")
    with acting(app) as session:
        organization, files = own(session, everyone), app.extensions["files"]
        judge = factories.company(session, "validator")
        for number in range(3):
            factories.draft(session, organization, files, title=f"쓰는 중 {number}")
        factories.published(session, organization, judge, files)
        site = factories.site(session, organization)
        for number in range(3):
            demand = factories.demand(session, site, title=f"수요 {number}")
        matchmaking.match(session, app.extensions["search"].engine, demand, factories.TODAY)
    everyone.client.get("/")
    with counted(app) as sent:
        assert everyone.client.get("/").status_code == 200
    assert len(sent) <= 12, "\n".join(sent)
