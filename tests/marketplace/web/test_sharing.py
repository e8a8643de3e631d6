"""Links to a list: what they show and hide, how they end, how often they were opened; those that do not work."""

import hashlib
import re
import sys
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace import extensions, limits
from marketplace.accounts.models import User
from marketplace.accounts.shares import ShareLink
from marketplace.audit import AuditEntry
from marketplace.limits import LIMITS, Limit
from matching.models import ShortlistItem
from tests import factories
from tests.marketplace.people import person
from tests.marketplace.web import lists
from tests.marketplace.web.looking import acting, counted, form_word, one, rows, text_of


@pytest.fixture
def clock(monkeypatch):
    """The application's clock, to be moved."""
    held = [factories.NOW]
    monkeypatch.setattr(extensions, "now", lambda: held[0])
    monkeypatch.setattr(sys.modules["marketplace.web.sharing"], "now", lambda: held[0])
    return held


@pytest.fixture
def maker(app, clock):
    return person(app, "manufacturer", name="한울정밀")


@pytest.fixture
def path(app, maker):
    lists.usual(app)
    return lists.stated(app, maker, title="한울정밀 창원 라인의 용접 불량")


def shared(maker, path, **fields):
    """Make a link; answers its path."""
    answer = maker.post(f"{path}/shares", {"days": "7", **fields})
    assert answer.status_code == 200, text_of(answer)
    return re.search(r"https?://[^/<]+(/shared/[\w-]+)", text_of(answer)).group(1)


def test_a_link_shows_the_list_and_hides_who_it_is(app, maker, path):
    page = text_of(app.test_client().get(shared(maker, path)))
    assert "받은 추천 목록" in page
    assert page.index("꼭 맞는 비전") < page.index("무난한 비전") < page.index("비싼 비전")
    for hidden in ("한울정밀", "창원 공장", "용접 불량 줄이기", "시험 기업"):
        assert hidden not in page


def test_a_named_link_names_company_factory_and_title(app, maker, path):
    page = text_of(app.test_client().get(shared(maker, path, named="1")))
    assert "한울정밀 · 창원 공장" in page
    assert "<h1>한울정밀 창원 라인의 용접 불량</h1>" in page


def test_notes_are_shown_only_if_that_was_chosen(app, maker, path):
    maker.post(f"{path}/shortlist", {"listing": lists.listing(app, "꼭 맞는 비전")})
    with acting(app) as session:
        session.scalars(select(ShortlistItem)).one().note = "값을 깎기로 함"
    without, with_notes = shared(maker, path), shared(maker, path, with_notes="1")
    visitor = app.test_client()
    assert "값을 깎기로 함" not in text_of(visitor.get(without))
    assert "담은 후보" in text_of(visitor.get(without))
    assert "값을 깎기로 함" in text_of(visitor.get(with_notes))


def test_the_page_is_for_no_search_engine_and_no_cache(app, maker, path):
    answer = app.test_client().get(shared(maker, path))
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


def test_openings_are_counted_and_a_look_at_the_head_is_none(app, maker, path):
    link, visitor = shared(maker, path), app.test_client()
    for _ in range(2):
        assert visitor.get(link).status_code == 200
    assert visitor.head(link).status_code == 200
    assert rows(app, select(ShareLink.opens)) == [2]
    assert one(app, select(ShareLink.last_opened_at)) == factories.NOW
    assert "마지막" in text_of(maker.client.get(f"{path}/shares"))


def test_unknown_ended_and_taken_back_links_look_the_same(app, maker, path, clock):
    late, back = shared(maker, path, days="1"), shared(maker, path, days="30")
    share = one(app, select(ShareLink.public_id).order_by(ShareLink.id.desc()).limit(1))
    assert maker.post(f"{path}/shares/{share}/revoke").status_code == 303
    clock[0] = factories.NOW + timedelta(days=1)
    answers = [app.test_client().get(link) for link in (late, back, "/shared/never-made", "/shared/%00")]
    assert [answer.status_code for answer in answers] == [404] * 4
    pages = [re.sub(r'value="[^"]*"', "", text_of(answer)) for answer in answers]
    assert len(set(pages)) == 1
    assert "보낸 사람에게 새 링크를 달라고 하세요." in pages[0]
    assert all(answer.headers["X-Robots-Tag"] for answer in answers)


def test_a_secret_is_kept_as_its_hash_and_shown_once(app, maker, path):
    link = shared(maker, path)
    secret = link.rsplit("/", 1)[1]
    kept = one(app, select(ShareLink.secret_hash))
    assert kept == hashlib.sha256(secret.encode()).digest()
    assert secret not in text_of(maker.client.get(f"{path}/shares"))
    details = rows(app, select(AuditEntry.detail).where(AuditEntry.act == "demand.share"))
    assert len(details) == 1
    assert secret not in str(details)


def test_a_form_sent_twice_makes_one_link_and_shows_it_twice(app, maker, path):
    word = form_word(maker.client.get(f"{path}/shares"))
    assert shared(maker, path, form_id=word) == shared(maker, path, form_id=word)
    assert one(app, select(func.count()).select_from(ShareLink)) == 1


@pytest.mark.parametrize("days", ["0", "31", "-1", "", "가"])
def test_a_time_that_does_not_fit_is_said_at_its_field(app, maker, path, days):
    answer = maker.post(f"{path}/shares", {"days": days, "named": "1"})
    page = text_of(answer)
    assert answer.status_code == 422
    assert 'id="f-days-error"' in page
    assert f'name="days" type="text" value="{days}"' in page
    assert re.search(r'name="named" value="1" checked', page)
    assert one(app, select(func.count()).select_from(ShareLink)) == 0


def test_a_link_shows_the_list_that_was_shared_not_a_newer_one(app, maker, path):
    link = shared(maker, path)
    lists.publish(app, ("새로 나온 비전", {}))
    maker.post(f"{path}/matches")
    assert "새로 나온 비전" in text_of(maker.client.get(f"{path}/matches"))
    assert "새로 나온 비전" not in text_of(app.test_client().get(link))


def test_a_what_if_says_so_to_its_readers(app, maker, path):
    tried = maker.post(f"{path}/matches/what-if", {"policy": "off"}).location.rpartition("list=")[2]
    assert "정책 가점을 빼고 본 목록" in text_of(app.test_client().get(shared(maker, path, list=tried)))


def test_many_tries_are_slowed_down(app, maker, path, monkeypatch):
    monkeypatch.setattr(limits, "LIMITS", {**LIMITS, "shared": Limit(3, 600, "for a test")})
    visitor = app.test_client()
    assert [visitor.get(f"/shared/guess{n}").status_code for n in range(4)] == [404, 404, 404, 429]


def test_a_stranger_makes_and_ends_no_link(app, maker, path):
    shared(maker, path)
    share = one(app, select(ShareLink.public_id))
    stranger = person(app, "manufacturer")
    own = lists.stated(app, stranger)
    assert stranger.client.get(f"{path}/shares").status_code == 404
    assert stranger.post(f"{path}/shares", {"days": "7"}).status_code == 404
    assert stranger.post(f"{path}/shares/{share}/revoke").status_code == 404
    assert stranger.post(f"{own}/shares/{share}/revoke").status_code == 404
    assert one(app, select(ShareLink.revoked_at)) is None


def test_the_maker_is_named_and_may_be_gone(app, maker, path):
    shared(maker, path)
    assert "김시험" in text_of(maker.client.get(f"{path}/shares"))
    with acting(app) as session:
        session.scalars(select(ShareLink)).one().user = None
    assert one(app, select(User.name)) == "김시험"
    assert "프로그램 또는 탈퇴한 사람" in text_of(maker.client.get(f"{path}/shares"))


def test_the_page_needs_few_statements(app, maker, path):
    link = shared(maker, path)
    with counted(app) as sent:
        app.test_client().get(link)
    assert len(sent) <= 12, sent
