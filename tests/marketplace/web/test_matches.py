"""The ranked list on screen: order, reasons, what was left out and the way back, when it is out of date."""

import re

import pytest
from sqlalchemy import func, select

from catalog import publishing
from catalog.models import Listing, Organization, Site
from marketplace import extensions
from marketplace.audit import AuditEntry
from marketplace.journeys import plants
from matching import demands
from matching.maturity import assessments
from matching.models import Demand, MatchList
from tests import factories
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, counted, form_word, one, rows, text_of


@pytest.fixture(autouse=True)
def on_the_day_of_the_factories(monkeypatch):
    """Weeks left and certificates count from the day on which the factories made them."""
    monkeypatch.setattr(extensions, "now", lambda: factories.NOW)


@pytest.fixture
def maker(app):
    return person(app, "manufacturer")


@pytest.fixture
def store(app):
    """Five public listings: two that fit the usual demand, three that each fail one condition."""
    with acting(app) as session:
        vendor, validator = factories.company(session, "vendor"), factories.company(session, "validator")

        def publish(title, **changes):
            files = app.extensions["files"]
            factories.published(
                session, vendor, validator, files, title=title, title_en=f"{title} EN", **changes
            )

        publish("꼭 맞는 비전")
        publish(
            "비싼 비전",
            industries=[{"revision": "11", "code": "10"}],
            plans=[factories.plan(price=70_000_000)],
        )
        publish("너무 비싼 비전", plans=[factories.plan(price=120_000_000)])
        publish("먼 비전", regions=["jeju"])
        publish("다른 역량", capabilities=["mes"], plans=[factories.plan("mes")])
        vendor.synthetic = True


def stated(app, who, *, ranked=True, **changes):
    """A demand, ranked unless said otherwise; answers its address."""
    with app.test_request_context(), app.extensions["database"].session() as session:
        site = factories.site(session, session.get(Organization, who.organization_key))
        demand = factories.demand(session, site, **changes)
        if ranked:
            follower = app.extensions["search"]
            follower.catch_up(session)
            plants.match_again(session, follower.engine, demand, factories.TODAY)
        session.commit()
        return f"/demands/{demand.public_id}"


def again(app, path, change):
    """Do something to the demand of that address."""
    with acting(app) as session:
        change(session, session.scalar(select(Demand).where(Demand.public_id == path.rsplit("/", 1)[1])))


def test_the_list_ranks_explains_and_says_what_it_stands_on(app, maker, store):
    page = text_of(maker.client.get(stated(app, maker) + "/matches"))
    assert re.findall(r'id="rank-(\d+)"', page) == ["1", "2"]
    assert page.index("꼭 맞는 비전") < page.index("비싼 비전")
    assert "후보 5개 가운데 필수 조건을 모두 채운 <b>2개</b>" in page
    assert "점수 기준 2026-1" in page
    assert "카탈로그 5번째 판" in page
    first, second = page.split('id="rank-2"')
    assert "첫해 목록가 3,000만 원으로 예산 5,000만 원 안이에요." in first
    assert "첫해 목록가 7,000만 원으로 예산 5,000만 원을 넘어요." in second
    assert "대상 업종에 우리 공장 업종(자동차 신품 부품 제조업)이 없어요." in second
    assert "합성 데이터" in first


def test_a_card_shows_its_points_and_they_add_up(app, maker, store):
    page = text_of(maker.client.get(stated(app, maker) + "/matches"))
    card = page.split('id="rank-1"')[1].split('id="rank-2"')[0]
    table = card[card.index('<table class="axes">') : card.index("</table>")]
    points = [
        int(n)
        for n in re.findall(
            r'<td class="num"><b>(\d+)</b><span class="muted">/\d+</span><span class="muted"> · 가중치', table
        )
    ]
    shown = int(re.search(r'score__n">(\d+)<', card).group(1))
    assert len(points) == 8
    assert sum(points) == shown
    assert f"왜 {shown}점인가요?" in card
    assert table.count("빠짐") == 1


def test_what_was_left_out_is_counted_by_cause_with_the_way_back(app, maker, store):
    page = text_of(maker.client.get(stated(app, maker) + "/matches"))
    out = page[page.index("제외한 후보 3개") :]
    assert "예산을 3,000만 원 늘리면 1개가 들어와요." in out
    assert "’ 조건을 있으면 좋음으로 바꾸면 1개가 들어와요." in out
    assert "우리 지역(경남)에는 공급하지 않아요." in out
    for title in ("너무 비싼 비전", "먼 비전", "다른 역량"):
        assert title in out


def test_raising_the_budget_as_advised_brings_the_listing_back(app, maker, store):
    path = stated(app, maker, budget_amount=80_000_000)
    page = text_of(maker.client.get(path + "/matches"))
    assert "필수 조건을 모두 채운 <b>3개</b>" in page
    assert "너무 비싼 비전" in page[: page.index("제외한 후보 2개")]


def test_an_empty_store_and_a_list_without_places_say_so(app, maker):
    assert "아직 공개된 솔루션이 없어요" in text_of(maker.client.get(stated(app, maker) + "/matches"))


def test_the_condition_that_leaves_out_most_is_named_when_nothing_is_left(app, maker, store):
    must = [{"capability": "erp", "must": True, "min_quality": 1}]
    page = text_of(maker.client.get(stated(app, maker, requirements=must) + "/matches"))
    assert "조건에 모두 맞는 솔루션이 없어요" in page
    assert "가장 많이 빠진 이유는 ‘꼭 필요한 역량이 모자라요’예요(4개)." in page
    assert "얼라이언스에 보이기" not in page  # nobody needs several vendors for one thing


def test_who_needs_several_things_that_no_one_product_has_is_led_to_alliances(app, maker, store):
    must = [{"capability": code, "must": True, "min_quality": 1} for code in ("erp", "plm")]
    path = stated(app, maker, requirements=must)
    page = text_of(maker.client.get(path + "/matches"))
    assert "조건에 모두 맞는 솔루션이 없어요" in page
    assert f'href="{path}/audience">얼라이언스에 보이기' in page


def test_a_list_is_computed_on_request_once_a_form(app, maker, store):
    path = stated(app, maker, ranked=False)
    empty = maker.client.get(path + "/matches")
    assert "아직 후보를 찾지 않았어요" in text_of(empty)
    for _ in range(2):
        answer = maker.post(path + "/matches", {"form_id": form_word(empty)})
        assert (answer.status_code, answer.location) == (303, path + "/matches")
    assert one(app, select(func.count()).select_from(MatchList)) == 1
    assert rows(app, select(AuditEntry.object_type).where(AuditEntry.act == "demand.match")) == ["MatchList"]
    assert "<b>2개</b>" in text_of(maker.client.get(path + "/matches"))


def test_a_newer_catalogue_and_changed_facts_are_noticed(app, maker, store):
    path = stated(app, maker)
    fresh = text_of(maker.client.get(path + "/matches"))
    assert "이 목록을 만든 뒤에" not in fresh
    assert "다시 계산" in fresh, "a partner may have confirmed meanwhile: nothing of ours is newer"

    def withdraw(session, _demand):
        publishing.withdraw(session, session.scalar(select(Listing).where(Listing.title == "먼 비전")))

    again(app, path, withdraw)
    page = text_of(maker.client.get(path + "/matches"))
    assert "이 목록을 만든 뒤에 카탈로그가 바뀌었어요" in page

    def lift(session, demand):
        assessments.record(
            session, demand.site, scale="company_level", level=3, basis="self_reported", on=factories.TODAY
        )

    again(app, path, lift)
    page = text_of(maker.client.get(path + "/matches"))
    assert "수요나 공장 정보, 남은 기간이 이 목록을 만든 뒤에 바뀌었어요" in page
    assert page.count('class="btn btn--primary"') == 1


def test_a_closed_demand_keeps_its_list_but_gets_no_new_one(app, maker, store):
    path = stated(app, maker)
    again(app, path, lambda session, demand: demands.close(session, demand, "not_now"))
    page = text_of(maker.client.get(path + "/matches"))
    assert "<b>2개</b>" in page
    assert "수요 수정" not in page
    assert maker.post(path + "/matches").status_code == 409
    assert one(app, select(func.count()).select_from(MatchList)) == 1


@pytest.mark.parametrize("page", ["2", "0", "-1", "abc", "9" * 22, "１"])
def test_a_page_that_is_not_there_is_the_first_with_a_notice(app, maker, store, page):
    answer = maker.client.get(stated(app, maker) + f"/matches?page={page}")
    assert answer.status_code == 200
    assert 'id="rank-1"' in text_of(answer)
    assert "그런 쪽이 없어서 첫 쪽을 보여드려요." in text_of(answer)


def test_a_foreign_list_is_not_there(app, maker, store):
    foreign = stated(app, person(app, "manufacturer"))
    assert maker.client.get(foreign + "/matches").status_code == 404
    assert maker.post(foreign + "/matches").status_code == 404
    assert one(app, select(func.count()).select_from(MatchList)) == 1
    assert one(app, select(func.count()).select_from(Site)) == 1


def test_the_page_needs_few_statements(app, maker, store):
    path = stated(app, maker)
    with counted(app) as sent:
        assert maker.client.get(path + "/matches").status_code == 200
    assert len(sent) <= 12, sent


def test_in_english_titles_are_english(app, maker, store):
    path = stated(app, maker)
    maker.client.set_cookie("locale", "en")
    page = text_of(maker.client.get(path + "/matches"))
    assert "꼭 맞는 비전 EN" in page
    assert '<span lang="ko">용접 불량 줄이기</span>' in page
