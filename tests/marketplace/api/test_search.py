"""Searching over the API: what was probably meant, completions, strange texts."""

import pytest

from tests import factories
from tests.marketplace.web.looking import acting


@pytest.fixture
def ask(app, monkeypatch):
    monkeypatch.setattr("matching.search.sync.CHECK_EVERY_SECONDS", 0)
    with acting(app) as session:
        vendor = factories.company(session, "vendor", name="비전웍스")
        listing = factories.draft(session, vendor, app.extensions["files"], title="사출성형 조건 관리")
        factories.approved(session, listing, factories.company(session, "validator", name="한빛검증원"))
    client = app.test_client()

    def asked(path, **query):
        answer = client.get(f"/api/v1/solutions{path}", query_string=query)
        return answer.status_code, answer.get_json()

    return asked


@pytest.mark.parametrize(
    ("typed", "total", "meant"),
    [
        ("사출성형", 1, None),
        ("사출", 1, None),
        ("injection molding", 1, None),
        ("tkcnftjdgud", 0, "사출성형"),
    ],
)
def test_a_search_says_what_was_probably_meant(ask, typed, total, meant):
    status, answer = ask("", q=typed)
    assert (status, answer["total"], answer["meant"]) == (200, total, meant)


@pytest.mark.parametrize("typed", ["사추", "ㅅㅊㅅㅎ", "tkcnft", "조건"])
def test_completions(ask, typed):
    status, answer = ask("/completions", q=typed)
    assert status == 200
    assert "사출성형 조건 관리" in answer["items"]


def test_nothing_typed_completes_nothing_and_what_is_not_asked_for_is_refused(ask):
    assert ask("/completions") == (200, {"items": []})
    assert ask("/completions", q="가" * 201)[0] == 422
    assert ask("/completions", limit="5")[0] == 422
