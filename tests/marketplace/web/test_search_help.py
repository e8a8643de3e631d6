"""The store for somebody who types: slips, completions, marked words, strange texts."""

from urllib.parse import quote

import pytest

from tests import factories
from tests.marketplace.web.looking import acting, text_of


@pytest.fixture
def client(app):
    """Somebody without an account."""
    return app.test_client()


@pytest.fixture
def store(app, monkeypatch):
    """Publishes listings of one vendor."""
    monkeypatch.setattr("matching.search.sync.CHECK_EVERY_SECONDS", 0)
    with acting(app) as session:
        vendor = factories.company(session, "vendor", name="비전웍스")
        validator = factories.company(session, "validator", name="한빛검증원")
        keys = vendor.id, validator.id

    def publish(**changes):
        with acting(app) as session:
            owner, judge = (session.get(type(vendor), key) for key in keys)
            listing = factories.draft(session, owner, app.extensions["files"], **changes)
            factories.approved(session, listing, judge)

    return publish


def test_where_a_card_holds_the_words_is_marked_and_nothing_else_is_markup(client, store):
    store(title="설비예지보전시스템 <i>", summary="예지 보전과 용접 & 검사를 합니다")
    page = client.get("/solutions?q=예지보전").get_data(as_text=True)
    assert "설비<mark>예지보전</mark>시스템 &lt;i&gt;</a>" in page
    assert "<mark>예지</mark> <mark>보전</mark>과 용접 &amp; 검사" in page
    assert "<mark>" not in text_of(client.get("/solutions"))


@pytest.mark.parametrize(
    ("typed", "meant"), [("사츨성형", "사출성형"), ("tkcnftjdgud", "사출성형"), ("ㅅㅊㅅㅎ", "사출성형")]
)
def test_a_slip_is_asked_about_if_what_was_meant_is_there(client, store, typed, meant):
    store()
    assert "찾으셨나요" not in text_of(client.get(f"/solutions?q={typed}"))
    store(title="사출성형 조건 관리")
    page = text_of(client.get(f"/solutions?q={typed}&region=busan"))
    assert f"‘{meant}’을 찾으셨나요?" in page
    assert f'href="/solutions?region=busan&q={quote(meant)}"' in page.replace("&amp;", "&")
    assert "찾으셨나요" not in text_of(client.get(f"/solutions?q={meant}"))


def test_completions_are_links_that_search(client, store):
    store(title="웰드아이 <비전>")
    assert 'hx-get="/solutions/completions"' in text_of(client.get("/solutions"))
    for typed in ("웰드", "ㅇㄷㅇㅇ", "웰ㄷ", "dnpfem"):
        answer = client.get("/solutions/completions", query_string={"q": typed})
        found = answer.get_data(as_text=True)
        assert (
            f'<a href="/solutions?q={quote("웰드아이 <비전>")}">웰드아이 &lt;비전&gt;</a>'
            in found.replace("+", "%20")
        )
        assert "<html" not in found
    for nothing in ("", "\x00", "가" * 10_000, "😀"):
        assert (
            client.get("/solutions/completions", query_string={"q": nothing}).get_data(as_text=True).strip()
            == ""
        )
    assert client.get("/solutions/completions").status_code == 200


@pytest.mark.parametrize(
    "text", ["가" * 10_000, "에서 를 으로", "\x00\x07\x1b", "%", "' OR 1=1", "\ud83d\ude00" * 50]
)
def test_strange_texts_are_answered_like_any_other(client, store, text):
    store()
    encoded = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert client.get("/solutions", query_string={"q": encoded}).status_code == 200


def test_with_few_results_the_conditions_that_hide_more_are_named(client, store):
    store(title="용접 검사기")
    store(title="용접 기록기", regions=["jeju"])
    page = text_of(client.get("/solutions?q=용접&region=jeju"))
    assert "'제주' 빼고 2개 보기" in page
    assert "'용접' 빼고" not in page
    assert "빼고" not in text_of(client.get("/solutions?q=용접"))
