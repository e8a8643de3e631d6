"""Drafts of demands for programs: the same rows as on the pages, refused where none is, closed to strangers."""

import pytest
from sqlalchemy import func, select

from marketplace.api.demand_drafts import UNFINISHED
from marketplace.api.examples import SITE, demand
from matching.models import Demand, DemandVersion
from tests.marketplace.people import person
from tests.marketplace.web.looking import one, rows, text_of


@pytest.fixture
def maker(app):
    return person(app, "manufacturer")


@pytest.fixture
def site(maker):
    return maker.api("POST", "/sites", json=SITE).get_json()["id"]


@pytest.fixture
def draft(maker, site):
    answer = maker.api("POST", "/demands/drafts", json=UNFINISHED)
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def refused(answer):
    assert answer.status_code == 422, answer.get_json()
    return [(error["pointer"], error["code"]) for error in answer.get_json()["errors"]]


def test_a_draft_has_no_versions_yet(maker, draft):
    answer = maker.api("GET", f"/demands/{draft['id']}/versions")
    assert (answer.status_code, answer.get_json()["items"]) == (200, [])


def test_a_draft_is_kept_continued_on_both_sides_and_stated(app, maker, site, draft):
    path = f"/demands/{draft['id']}"
    assert {name: draft[name] for name in ("state", "title", "requirements", "site_id", "version")} == {
        "state": "draft",
        "title": "",
        "requirements": [],
        "site_id": site,
        "version": 1,
    }
    assert maker.api("GET", path).get_json() == draft
    assert maker.api("GET", "/demands").get_json()["items"] == [draft]
    assert UNFINISHED["description"] in text_of(maker.client.get(path))
    form = {"site_id": site, "act": "draft", "title": "웹에서 이어 씀", "description": "둘째 줄"}
    assert maker.post(path, form).status_code == 303
    kept = maker.api("PUT", f"{path}/draft", json={"title": "다시 프로그램", "budget_amount": 7}).get_json()
    assert (kept["title"], kept["description"], kept["budget_amount"]) == ("다시 프로그램", "", 7)
    assert one(app, select(func.count(DemandVersion.id))) == 0
    stated = maker.api("POST", f"{path}/statement", json=demand(site))
    assert stated.status_code == 200, stated.get_json()
    assert stated.get_json() == {**draft, **demand(site), "state": "open"}
    assert rows(app, select(DemandVersion.number)) == [1]
    assert maker.api("POST", f"{path}/matches").status_code == 201


def test_what_is_unfinished_is_not_stated_matched_or_shown(app, maker, draft):
    path = f"/demands/{draft['id']}"
    missing = [("/title", "required"), ("/requirements", "required")]
    assert refused(maker.api("POST", f"{path}/statement", json={})) == missing
    for method, tail, body in (
        ("PUT", "", demand()),
        ("POST", "/matches", None),
        ("POST", "/what-ifs", {"policy": False}),
        ("POST", "/audience", {"audience": "board"}),
        ("POST", "/closing", {"reason": "not_now"}),
    ):
        answer = maker.api(method, f"{path}{tail}", json=body)
        assert (answer.status_code, answer.get_json()["code"]) == (409, "demand.draft"), tail
    assert rows(app, select(Demand.state)) == ["draft"]


def test_a_demand_that_is_open_is_no_draft(app, maker, site):
    path = f"/demands/{maker.api('POST', '/demands', json=demand(site)).get_json()['id']}"
    for method, tail, body in (
        ("PUT", "/draft", UNFINISHED),
        ("POST", "/statement", demand(site)),
        ("DELETE", "/draft", None),
    ):
        answer = maker.api(method, f"{path}{tail}", json=body)
        assert (answer.status_code, answer.get_json()["code"]) == (409, "demand.open"), tail
    assert maker.api("GET", path).get_json()["description"] == demand()["description"]


def test_a_draft_is_thrown_away_once(app, maker, draft):
    path = f"/demands/{draft['id']}"
    assert maker.api("DELETE", f"{path}/draft").get_json() == draft
    assert maker.api("DELETE", f"{path}/draft").status_code == 404
    assert one(app, select(func.count(Demand.id))) == 0


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"title": "가" * 81}, [("/title", "too_long")]),
        ({"requirements": [{"capability": "none", "must": True}]}, [("/requirements/0/capability", "unknown_code")]),
        ({"site_id": "0192f0c1-0000-7000-8000-000000000000"}, [("/site_id", "unknown_code")]),
        ({"colour": "red"}, [("/colour", "unknown_field")]),
    ],
)  # fmt: skip
def test_a_draft_that_cannot_be_kept_is_refused_at_its_field(app, maker, draft, body, expected):
    assert refused(maker.api("POST", "/demands/drafts", json=body)) == expected
    assert refused(maker.api("PUT", f"/demands/{draft['id']}/draft", json=body)) == expected
    assert rows(app, select(Demand.description)) == [UNFINISHED["description"]]


def test_a_stranger_and_another_role_find_no_draft(app, maker, draft):
    stranger, vendor = person(app, "manufacturer"), person(app, "vendor")
    for method, tail, body in (
        ("GET", "", None),
        ("PUT", "/draft", UNFINISHED),
        ("POST", "/statement", demand()),
        ("DELETE", "/draft", None),
    ):
        assert stranger.api(method, f"/demands/{draft['id']}{tail}", json=body).status_code == 404, tail
        assert vendor.api(method, f"/demands/{draft['id']}{tail}", json=body).status_code == 403, tail
    assert maker.api("GET", f"/demands/{draft['id']}").get_json() == draft


def test_one_key_keeps_one_draft(app, maker, site):
    sent = [
        maker.api("POST", "/demands/drafts", json=UNFINISHED, headers={"Idempotency-Key": "k1"})
        for _ in range(2)
    ]
    assert sent[0].get_json() == sent[1].get_json()
    assert one(app, select(func.count(Demand.id))) == 1
