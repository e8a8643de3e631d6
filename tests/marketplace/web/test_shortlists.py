"""The shortlist's page: kept over new lists, notes that nobody loses, what has changed since, order; strangers."""

import re

import pytest
from sqlalchemy import func, select

from catalog import publishing
from catalog.models import Listing, Organization
from marketplace import extensions
from marketplace.audit import AuditEntry
from matching.models import ShortlistItem
from tests import factories
from tests.marketplace.people import person
from tests.marketplace.web import lists
from tests.marketplace.web.looking import acting, counted, one, rows, text_of


@pytest.fixture(autouse=True)
def on_the_day_of_the_factories(monkeypatch):
    monkeypatch.setattr(extensions, "now", lambda: factories.NOW)


@pytest.fixture
def maker(app):
    return person(app, "manufacturer")


@pytest.fixture
def path(app, maker):
    lists.usual(app)
    return lists.stated(app, maker)


def put(app, maker, path, title):
    """Put it on the shortlist from the list's page; answers the address of its line."""
    maker.post(f"{path}/shortlist", {"listing": lists.listing(app, title), "next": f"{path}/matches"})
    item = one(app, select(ShortlistItem.public_id).order_by(ShortlistItem.id.desc()).limit(1))
    return f"{path}/shortlist/{item}"


def order_of(page):
    return re.findall(r'<h2 class="aside-h">.*?<a [^>]*>([^<]+)</a></h2>', page)


def test_an_empty_shortlist_says_how_to_fill_it(maker, path):
    assert "아직 담은 후보가 없어요" in text_of(maker.client.get(f"{path}/shortlist"))


def test_a_listing_is_put_on_from_the_list_once_and_stays_over_new_lists(app, maker, path):
    page = text_of(maker.client.get(f"{path}/matches"))
    assert page.count("후보로 담기") == 3
    put(app, maker, path, "꼭 맞는 비전")
    put(app, maker, path, "꼭 맞는 비전")
    assert one(app, select(func.count()).select_from(ShortlistItem)) == 1
    assert maker.post(f"{path}/matches").status_code == 303
    page = text_of(maker.client.get(f"{path}/matches"))
    assert page.count("후보로 담기") == 2
    assert page.count("후보에 담음") == 1
    page = text_of(maker.client.get(f"{path}/shortlist"))
    assert order_of(page) == ["꼭 맞는 비전"]
    assert "지금 1위" in page
    assert "그때 첫해 목록가 3,000만 원" in page
    assert rows(app, select(AuditEntry.act).where(AuditEntry.act.like("demand.shortlist%"))) == [
        "demand.shortlist"
    ]


def test_a_note_is_kept_and_what_is_too_long_comes_back(app, maker, path):
    line = put(app, maker, path, "꼭 맞는 비전")
    name = f"note/{line.rsplit('/', 1)[1]}"
    assert maker.post(f"{line}/note", {name: "현장 확인 필요", "revision": "1"}).status_code == 303
    assert "현장 확인 필요</textarea>" in text_of(maker.client.get(f"{path}/shortlist"))
    answer = maker.post(f"{line}/note", {name: "가" * 501, "revision": "2"})
    assert answer.status_code == 422
    assert "가" * 501 in text_of(answer)
    assert f'id="f-{name.replace("/", "-")}-error"' in text_of(answer)
    assert one(app, select(ShortlistItem.note)) == "현장 확인 필요"


def test_two_who_write_at_once_see_both_notes(app, maker, path):
    line = put(app, maker, path, "꼭 맞는 비전")
    name = f"note/{line.rsplit('/', 1)[1]}"
    maker.post(f"{line}/note", {name: "먼저 쓴 말", "revision": "1"})
    answer = maker.post(f"{line}/note", {name: "나중에 쓴 말", "revision": "1"})
    page = text_of(answer)
    assert answer.status_code == 409
    assert "먼저 쓴 말</q>" in page
    assert "나중에 쓴 말</textarea>" in page
    assert maker.post(f"{line}/note", {name: "나중에 쓴 말", "revision": "2"}).status_code == 303
    assert one(app, select(ShortlistItem.note)) == "나중에 쓴 말"


def test_lines_move_and_go(app, maker, path):
    first, second = (put(app, maker, path, title) for title in ("꼭 맞는 비전", "무난한 비전"))
    maker.post(f"{second}/move", {"direction": "up"})
    assert order_of(text_of(maker.client.get(f"{path}/shortlist"))) == ["무난한 비전", "꼭 맞는 비전"]
    assert maker.post(f"{first}/move", {"direction": "sideways"}).status_code == 422
    assert maker.post(f"{second}/remove").status_code == 303
    assert maker.post(f"{second}/remove").status_code == 404
    assert order_of(text_of(maker.client.get(f"{path}/shortlist"))) == ["꼭 맞는 비전"]
    assert rows(app, select(AuditEntry.act).where(AuditEntry.act == "demand.unlist")) == ["demand.unlist"]


def test_what_has_changed_since_is_said(app, maker, path):
    for title in ("꼭 맞는 비전", "무난한 비전"):
        put(app, maker, path, title)
    with acting(app) as session:
        dearer, gone = (
            session.scalar(select(Listing).where(Listing.title == title))
            for title in ("꼭 맞는 비전", "무난한 비전")
        )
        publishing.reopen(session, dearer)
        dearer.plans[0].price_amount = 35_000_000
        judge = session.scalar(
            select(Organization).where(Organization.roles.any(role="validator")).order_by(Organization.id)
        )
        factories.approved(session, dearer, judge)
        publishing.withdraw(session, gone)
    page = text_of(maker.client.get(f"{path}/shortlist"))
    assert "첫해 목록가가 3,000만 원에서 바뀌었어요. 지금은 3,500만 원이에요." in page
    assert "지금은 공개돼 있지 않아요." in page


def test_what_is_not_public_cannot_be_put_on(app, maker, path):
    for listing in ("", "none", "00000000-0000-0000-0000-000000000000"):
        assert maker.post(f"{path}/shortlist", {"listing": listing}).status_code in (404, 422)
    assert one(app, select(func.count()).select_from(ShortlistItem)) == 0


def test_a_stranger_finds_no_shortlist(app, maker, path):
    line = put(app, maker, path, "꼭 맞는 비전")
    stranger = person(app, "manufacturer")
    own = lists.stated(app, stranger)
    assert stranger.client.get(f"{path}/shortlist").status_code == 404
    for act in ("note", "move", "remove"):
        assert stranger.post(f"{line}/{act}").status_code == 404
        assert stranger.post(f"{own}/shortlist/{line.rsplit('/', 1)[1]}/{act}").status_code == 404
    assert one(app, select(func.count()).select_from(ShortlistItem)) == 1


def test_the_page_needs_few_statements(app, maker, path):
    for title in ("꼭 맞는 비전", "무난한 비전", "비싼 비전"):
        put(app, maker, path, title)
    with counted(app) as sent:
        assert maker.client.get(f"{path}/shortlist").status_code == 200
    assert len(sent) <= 12, sent
