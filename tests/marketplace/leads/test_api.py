"""Leads, offers, capacity and saved searches for programs: the same facts as the pages, the same refusals."""

import json

import pytest
from sqlalchemy import func, select

from matching.models import Lead, SavedSearch
from tests.marketplace.leads.conftest import NAME, TITLE
from tests.marketplace.people import person
from tests.marketplace.web.looking import one, rows, text_of

ACCEPT = {"answer": "accept", "message": "현장을 보고 싶어요.", "contact": "박서린 055-1"}


def answer(house, **body):
    return house.vendor.api("POST", f"/leads/{house.lead}/answer", json=body)


def test_a_lead_says_what_shows_and_nothing_else(shown):
    body = shown.vendor.api("GET", "/leads").get_json()
    assert (body["total"], body["next"]) == (1, None)
    lead = body["items"][0]
    assert lead["listing"] == shown.listing
    assert lead["demand"]["organization"] is None
    assert lead["demand"]["title"] is None
    assert [row["codes"] for row in lead["standings"]] == [[], ["region"]]
    assert f"{lead['standings'][0]['score']}" in text_of(shown.vendor.client.get(f"/leads/{lead['id']}"))
    text = json.dumps(body, ensure_ascii=False)
    for hidden in (TITLE, NAME, "43210987", "창원"):
        assert hidden not in text, hidden


def test_both_sides_answer_and_then_read_each_others_names(shown):
    given = answer(shown, **ACCEPT, listing_id=shown.listing)
    assert given.status_code == 200
    assert (given.get_json()["state"], given.get_json()["contact"]) == ("accepted", None)
    offer = shown.maker.api("GET", f"/demands/{shown.demand}/offers").get_json()["items"][0]
    assert (offer["vendor"], offer["listing"], offer["contact"]) == (None, None, None)
    body = {"contact": "김하늬 055-2"}
    accepted = shown.maker.api("POST", f"/offers/{offer['id']}/acceptance", json=body).get_json()
    assert (accepted["vendor"], accepted["listing"], accepted["contact"]) == (
        "가람비전",
        shown.listing,
        "박서린 055-1",
    )
    lead = shown.vendor.api("GET", f"/leads/{shown.lead}").get_json()
    assert (lead["contact"], lead["demand"]["organization"]) == ("김하늬 055-2", NAME)
    again = shown.maker.api("POST", f"/offers/{offer['id']}/acceptance", json=body)
    assert (again.status_code, again.get_json()["code"]) == (409, "lead.answered")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"answer": "accept"}, "/listing_id"),
        ({"answer": "decline"}, "/reason"),
        ({"answer": "decline", "reason": "dislike"}, "/reason"),
        ({"answer": "decline", "reason": "other"}, "/text"),
        ({"answer": "maybe"}, "/answer"),
        ({"answer": "decline", "reason": "budget", "message": "안녕"}, "/message"),
        ({"answer": "decline", "reason": "budget", "fee": 1}, "/fee"),
        ({**ACCEPT, "listing_id": "7"}, "/listing_id"),
        ({**ACCEPT, "listing_id": "0192f0c1-0000-7000-8000-000000000000"}, "/listing_id"),
    ],
)
def test_a_wrong_answer_is_refused_at_its_field(shown, body, pointer):
    given = answer(shown, **body)
    assert given.status_code == 422
    assert pointer in [problem["pointer"] for problem in given.get_json()["errors"]]
    assert one(shown.app, select(Lead.state)) == "offered"


def test_an_answer_with_the_same_key_is_given_once(shown):
    body = {**ACCEPT, "listing_id": shown.listing}
    sent = [
        shown.vendor.api(
            "POST", f"/leads/{shown.lead}/answer", json=body, headers={"Idempotency-Key": "once"}
        )
        for _ in range(2)
    ]
    assert [given.status_code for given in sent] == [200, 200]
    assert sent[0].get_json() == sent[1].get_json()


def test_strangers_find_nothing(shown):
    answer(shown, **ACCEPT, listing_id=shown.listing)
    stranger = person(shown.app, "vendor", "manufacturer")
    assert stranger.api("GET", "/leads").get_json()["items"] == []
    for method, path, body in (
        ("GET", f"/leads/{shown.lead}", None),
        ("POST", f"/leads/{shown.lead}/answer", {**ACCEPT, "listing_id": shown.listing}),
        ("POST", f"/leads/{shown.lead}/withdrawal", None),
        ("GET", f"/demands/{shown.demand}/offers", None),
        ("POST", f"/offers/{shown.lead}/acceptance", {"contact": "나"}),
        ("POST", f"/offers/{shown.lead}/refusal", {}),
    ):
        assert stranger.api(method, path, json=body).status_code == 404, path
    assert one(shown.app, select(Lead.state)) == "accepted"


def test_capacity_is_stated_and_taken_back(shown):
    given = shown.vendor.api("PUT", "/organization/capacity", json={"projects_per_quarter": 4})
    assert given.get_json() == {"projects_per_quarter": 4, "as_of": "2026-11-21"}
    given = shown.vendor.api("PUT", "/organization/capacity", json={"projects_per_quarter": None})
    assert given.get_json() == {"projects_per_quarter": None, "as_of": None}
    for wrong in ({}, {"projects_per_quarter": 1000}, {"projects_per_quarter": 2, "per": "year"}):
        assert shown.vendor.api("PUT", "/organization/capacity", json=wrong).status_code == 422
    refused = shown.maker.api("PUT", "/organization/capacity", json={"projects_per_quarter": 4})
    assert refused.status_code == 403


SEARCH = {"name": "용접", "query": "q=용접&region=gyeongnam&region=busan&page=2"}


def test_a_search_is_saved_listed_and_forgotten_by_its_own_people_only(house):
    saved = house.maker.api("POST", "/saved-searches", json=SEARCH)
    assert saved.status_code == 201
    assert saved.get_json()["query"] == "q=%EC%9A%A9%EC%A0%91&region=gyeongnam&region=busan"
    path = f"/saved-searches/{saved.get_json()['id']}"
    assert house.vendor.api("DELETE", path).status_code == 404
    assert house.vendor.api("GET", "/saved-searches").get_json()["total"] == 0
    assert house.maker.api("GET", "/saved-searches").get_json()["total"] == 1
    assert house.maker.api("DELETE", path).status_code == 200
    assert one(house.app, select(func.count(SavedSearch.id))) == 0


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": "", "query": "q=용접"}, "/name"),
        ({"name": "용접", "query": "page=3"}, "/query"),
        ({"name": "용접", "query": "colour=red"}, "/query"),
        ({"name": "용접", "query": "region=" + "x" * 41}, "/query"),
        ({"name": "용접", "query": "region=%00"}, "/query"),
        ({"name": "용접", "query": "용접"}, "/query"),
    ],
)
def test_a_search_that_cannot_be_asked_is_refused(house, body, pointer):
    given = house.maker.api("POST", "/saved-searches", json=body)
    assert given.status_code == 422
    assert [problem["pointer"] for problem in given.get_json()["errors"]] == [pointer]
    assert rows(house.app, select(SavedSearch.name)) == []


def test_a_name_is_taken_once_and_control_characters_are_dropped(house):
    assert house.maker.api("POST", "/saved-searches", json={**SEARCH, "query": "q=a%00b"}).status_code == 201
    assert rows(house.app, select(SavedSearch.text)) == ["a b"]
    given = house.maker.api("POST", "/saved-searches", json=SEARCH)
    assert (given.status_code, given.get_json()["errors"][0]["code"]) == (422, "search_name_taken")


def test_a_search_is_saved_from_the_stores_page(house):
    page = text_of(house.maker.client.get("/solutions?q=비전&region=gyeongnam"))
    assert "/saved-searches?query=" in page
    form = text_of(house.maker.client.get("/saved-searches?query=q%3D비전"))
    assert 'value="q=비전"' in form
    assert house.maker.post("/saved-searches", {"name": "비전", "query": "q=비전"}).status_code == 303
    listed = text_of(house.maker.client.get("/saved-searches"))
    assert "저장한 뒤로 새로 공개된 솔루션이 없어요." in listed
    row = one(house.app, select(SavedSearch.public_id))
    assert house.vendor.post(f"/saved-searches/{row}/forget").status_code == 404
    assert house.maker.post(f"/saved-searches/{row}/forget").status_code == 303
    assert one(house.app, select(func.count(SavedSearch.id))) == 0


def test_a_wrong_search_on_the_page_keeps_what_was_typed(house):
    refused = house.maker.post("/saved-searches", {"name": "", "query": "q=비전"})
    assert refused.status_code == 422
    assert 'value="q=비전"' in text_of(refused)
