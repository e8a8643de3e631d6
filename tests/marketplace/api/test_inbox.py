"""What waits, for programs: the shape of every list, the kinds, nobody else's work."""

from datetime import date

import pytest

from catalog.models import Organization
from marketplace import config, inbox
from tests import factories
from tests.marketplace.people import person


@pytest.fixture
def manufacturer(app, session):
    who = person(app, "manufacturer")
    site = factories.site(session, session.get(Organization, who.organization_key))
    for day in (3, 1, 2):
        factories.demand(session, site, title=f"수요 {day}", deadline=date(2027, 1, day))
    session.commit()
    return who


def test_the_oldest_due_comes_first_with_everything_that_the_page_shows(manufacturer):
    body = manufacturer.api("GET", "/inbox").get_json()
    assert [item["due"] for item in body["items"]] == ["2027-01-01", "2027-01-02", "2027-01-03"]
    first = body["items"][0]
    demand_id = first["url"].split("/")[-2]
    assert first == {
        "kind": "unmatched",
        "text": "수요 1",
        "context": "아직 매칭을 계산하지 않았어요.",
        "who": "우리 회사",
        "due": "2027-01-01",
        "url": f"http://127.0.0.1:8000/demands/{demand_id}/matches",
        "action": "매칭 계산",
    }
    assert {key: body[key] for key in ("total", "facets", "next")} == {
        "total": 3,
        "facets": {"kind": {"unmatched": 3}},
        "next": None,
    }


def test_it_is_answered_in_parts(manufacturer):
    first = manufacturer.api("GET", "/inbox?limit=2").get_json()
    rest = manufacturer.api("GET", f"/inbox?limit=2&cursor={first['next']}").get_json()
    assert [item["text"] for item in first["items"] + rest["items"]] == ["수요 1", "수요 2", "수요 3"]
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("query", "pointer"), [("q=x", "/q"), ("limit=0", "/limit"), ("cursor=x", "/cursor")]
)
def test_an_unknown_or_impossible_parameter_is_refused(manufacturer, query, pointer):
    answer = manufacturer.api("GET", f"/inbox?{query}")
    assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (422, pointer)


def test_nobody_sees_anothers(app, manufacturer):
    assert app.test_client().get("/api/v1/inbox").status_code == 401
    other = person(app, "manufacturer").api("GET", "/inbox").get_json()
    assert [item["kind"] for item in other["items"]] == ["first_site"]


def test_every_kind_is_told_apart_and_documented():
    text = (config.ROOT / "docs" / "notices.md").read_text()
    assert len(set(inbox.kinds())) == len(inbox.kinds())
    assert [kind for kind in inbox.kinds() if f"`{kind}`" not in text] == []


def test_a_name_is_given_once():
    with pytest.raises(ValueError, match="review"):
        inbox.kind("review", "review.read")(lambda _session, _who, _today: [])
