"""What-ifs, shortlists and links by programs: the same acts as on the pages, refusals at their fields, strangers."""

import pytest
from sqlalchemy import func, select

from marketplace import extensions
from marketplace.accounts.shares import ShareLink
from marketplace.api.matches import SHORTLISTED
from matching.models import ShortlistItem, WhatIf
from tests import factories
from tests.marketplace.people import person
from tests.marketplace.web import lists
from tests.marketplace.web.looking import one


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


def pointers(answer):
    assert answer.status_code == 422, answer.get_json()
    return [error["pointer"] for error in answer.get_json()["errors"]]


def test_a_what_if_answers_its_list_and_what_was_changed(app, maker, path):
    body = {"weights": {"price": 1, "evidence": 1}, "budget_amount": 80_000_000, "policy": False}
    answer = maker.api("POST", f"{path}/what-ifs", json=body)
    assert answer.status_code == 201, answer.get_json()
    found = answer.get_json()
    assert (found["changes"]["weights"]["price"], found["changes"]["weights"]["capability"]) == (50, 0)
    assert {k: found["changes"][k] for k in ("policy", "budget_amount", "nice")} == {
        "policy": False,
        "budget_amount": 80_000_000,
        "nice": [],
    }
    assert found["list"]["total"] == 4
    weights = {part["axis"]: part["weight"] for part in found["list"]["items"][0]["parts"]}
    assert weights["price"] == 50
    kept = maker.api("GET", f"/match-lists/{found['list']['list_id']}").get_json()
    assert kept["items"] == found["list"]["items"]


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({}, [""]),
        ({"weights": {"price": -1}}, ["/weights/price"]),
        ({"weights": {"price": "viel"}}, ["/weights/price"]),
        ({"weights": {"luck": 3, "price": 1}}, ["/weights/luck"]),
        ({"weights": {"price": 0}}, ["/weights"]),
        ({"budget_amount": -1}, ["/budget_amount"]),
        ({"nice": ["mes"]}, ["/nice/0"]),
        ({"color": "red"}, ["/color"]),
    ],
)
def test_what_cannot_be_tried_is_refused_at_its_field(app, maker, path, body, at):
    assert pointers(maker.api("POST", f"{path}/what-ifs", json=body)) == at
    assert one(app, select(func.count()).select_from(WhatIf)) == 0


def test_a_shortlist_is_filled_noted_ordered_and_emptied(app, maker, path):
    ids = [lists.listing(app, title) for title in ("꼭 맞는 비전", "무난한 비전")]
    added = [
        maker.api("POST", f"{path}/shortlist", json={"listing": listing, "note": "메모"}) for listing in ids
    ]
    assert [answer.status_code for answer in added] == [201, 201]
    first, second = (answer.get_json() for answer in added)
    assert (first["price_amount"], first["revision"], first["changes"]) == (30_000_000, 1, [])
    again = maker.api("POST", f"{path}/shortlist", json={"listing": ids[0], "note": "다른 말"}).get_json()
    assert (again["id"], again["note"]) == (first["id"], "메모")
    line = f"{path}/shortlist/{second['id']}"
    assert maker.api("POST", f"{line}/moves", json={"direction": "up"}).get_json()["position"] == 0
    listed = maker.api("GET", f"{path}/shortlist").get_json()
    assert [row["listing"] for row in listed["items"]] == [ids[1], ids[0]]
    assert listed["total"] == 2
    noted = maker.api("PUT", f"{line}/note", json={"note": "현장 확인", "revision": 1}).get_json()
    assert (noted["note"], noted["revision"]) == ("현장 확인", 2)
    stale = maker.api("PUT", f"{line}/note", json={"note": "늦은 말", "revision": 1})
    assert (stale.status_code, stale.get_json()["code"]) == (409, "shortlist.changed")
    assert maker.api("DELETE", line).status_code == 200
    assert maker.api("DELETE", line).status_code == 404
    assert one(app, select(func.count()).select_from(ShortlistItem)) == 1


def test_a_listing_that_is_not_public_is_refused_at_its_field(app, maker, path):
    assert pointers(maker.api("POST", f"{path}/shortlist", json=SHORTLISTED)) == ["/listing"]
    assert pointers(maker.api("POST", f"{path}/shortlist", json={"listing": "x"})) == ["/listing"]


def test_a_link_is_made_counted_and_taken_back(app, maker, path):
    made = maker.api("POST", f"{path}/shares", json={"days": 3})
    assert made.status_code == 201, made.get_json()
    row = made.get_json()
    shown = "/shared/" + row["url"].rsplit("/", 1)[1]
    assert app.test_client().get(shown).status_code == 200
    listed = maker.api("GET", f"{path}/shares").get_json()["items"]
    assert [(one["id"], one["opens"], one["made_by"]) for one in listed] == [(row["id"], 1, "김시험")]
    assert "url" not in listed[0]
    ended = maker.api("DELETE", f"{path}/shares/{row['id']}").get_json()
    assert ended["revoked_at"] is not None
    assert app.test_client().get(shown).status_code == 404


def test_the_same_key_answers_the_same_address(app, maker, path):
    made = [
        maker.api("POST", f"{path}/shares", json={"days": 3}, headers={"Idempotency-Key": "k1"}).get_json()
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert one(app, select(func.count()).select_from(ShareLink)) == 1


@pytest.mark.parametrize(
    ("body", "at"), [({"days": 0}, "/days"), ({"days": 31}, "/days"), ({"secret": "x"}, "/secret")]
)
def test_a_link_that_does_not_fit_is_refused_at_its_field(app, maker, path, body, at):
    assert pointers(maker.api("POST", f"{path}/shares", json=body)) == [at]
    assert one(app, select(func.count()).select_from(ShareLink)) == 0


def test_a_list_of_somebody_else_cannot_be_shared(app, maker, path):
    stranger = person(app, "manufacturer")
    lists.stated(app, stranger)
    foreign = lists.newest(app)
    assert pointers(maker.api("POST", f"{path}/shares", json={"list_id": foreign})) == ["/list_id"]
    for method, where, body in (
        ("POST", "/what-ifs", {"policy": False}),
        ("GET", "/shortlist", None),
        ("POST", "/shortlist", SHORTLISTED),
        ("GET", "/shares", None),
        ("POST", "/shares", {}),
    ):
        sent = {} if body is None else {"json": body}
        assert stranger.api(method, f"{path}{where}", **sent).status_code == 404, where
