"""The self-check and the roadmap for programs."""

import pytest
from sqlalchemy import func, select

from marketplace.api.examples import SITE
from marketplace.api.self_check import EXAMPLE
from marketplace.audit import AuditEntry
from matching.maturity import items
from matching.models import SelfCheckAnswer
from tests.marketplace.people import person
from tests.marketplace.web.looking import one

QUESTIONS = [question.id for question in items.instrument().questions]


@pytest.fixture
def maker(app):
    return person(app, "manufacturer")


@pytest.fixture
def path(maker):
    return f"/sites/{maker.api('POST', '/sites', json=SITE).get_json()['id']}"


def test_twelve_answers_in_one_request_give_a_level(maker, path):
    sent = maker.api("POST", f"{path}/self-check", json=EXAMPLE)
    assert sent.status_code == 200
    found = sent.get_json()
    assert found["state"] == "finished"
    assert found["level"] == {
        "scale": "company_level",
        "value": 2,
        "basis": "self_check",
        "on": found["finished_on"],
    }
    assert (found["mean"], found["missing"], len(found["weakest"])) == (2.0, [], 3)
    assert maker.api("GET", f"{path}/self-check").get_json() == found
    site = maker.api("GET", path).get_json()
    assert "self_check" in str(site)
    plan = maker.api("GET", f"{path}/roadmap?goal=4").get_json()
    assert (plan["level"]["basis"], plan["goal"]) == ("self_check", 4)
    assert [(step["from_level"], step["to_level"], step["later"]) for step in plan["steps"]] == [
        (2, 3, False),
        (3, 4, False),
        (4, 5, True),
    ]
    assert all(need["listings"] == 0 for need in plan["steps"][0]["needs"] if need["standing"] == "needed")


def test_answers_come_in_parts_and_the_last_one_holds(maker, path):
    first = maker.api(
        "POST", f"{path}/self-check", json={"answers": [{"question": "goals", "value": 1}]}
    ).get_json()
    assert (first["state"], first["level"], len(first["missing"])) == ("open", None, 11)
    again = maker.api(
        "POST",
        f"{path}/self-check",
        json={"answers": [{"question": "goals", "value": None}, {"question": "costs", "value": 3}]},
    ).get_json()
    assert again["id"] == first["id"]
    assert again["answers"] == [{"question": "goals", "value": None}, {"question": "costs", "value": 3}]
    refused = maker.api("POST", f"{path}/self-check", json={"answers": [], "finish": True})
    assert refused.status_code == 409
    assert refused.get_json()["code"] == "self_check.unanswered"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"answers": [{"question": "x", "value": 1}]}, "answers/0/question"),
        ({"answers": [{"question": "goals", "value": 6}]}, "answers/0/value"),
        ({"answers": [{"question": "goals"}]}, "answers/0/value"),
        ({"answers": [{"question": "goals", "value": 1}] * 2}, "answers/1/question"),
        ({"answers": [], "edition": "ks-x-9001"}, "edition"),
        ({"answers": [], "more": 1}, "more"),
        ({}, "answers"),
    ],
)
def test_bad_input_is_refused_at_its_field_and_nothing_changes(app, maker, path, body, pointer):
    sent = maker.api("POST", f"{path}/self-check", json=body)
    assert sent.status_code == 422
    assert [error["pointer"].strip("/") for error in sent.get_json()["errors"]] == [pointer]
    assert one(app, select(func.count(SelfCheckAnswer.id))) == 0


def test_the_same_key_gives_the_same_answer(maker, path):
    headers = {"Idempotency-Key": "check-1"}
    first, second = (
        maker.api("POST", f"{path}/self-check", json=EXAMPLE, headers=headers) for _twice in range(2)
    )
    assert first.get_json() == second.get_json()
    assert second.headers["Idempotency-Replayed"] == "true"


def test_none_yet_and_not_yours_are_the_same_404(app, maker, path):
    assert maker.api("GET", f"{path}/self-check").status_code == 404
    other = person(app, "manufacturer")
    for method, address, sent in (
        ("GET", f"{path}/self-check", {}),
        ("GET", f"{path}/roadmap", {}),
        ("POST", f"{path}/self-check", {"json": EXAMPLE}),
    ):
        assert other.api(method, address, **sent).status_code == 404
    assert maker.api("GET", f"{path}/roadmap?goal=6").status_code == 422
    assert maker.api("GET", f"{path}/roadmap?aim=3").status_code == 422


def test_a_request_writes_one_entry_for_how_far_it_got_and_none_if_it_did_nothing(app, maker, path):
    rest = {"answers": EXAMPLE["answers"][1:], "finish": True}
    for body in ({"answers": []}, {"answers": []}, {"answers": EXAMPLE["answers"][:1]}, rest, EXAMPLE):
        assert maker.api("POST", f"{path}/self-check", json=body).status_code == 200
    acts = select(AuditEntry.act, AuditEntry.detail).where(AuditEntry.act.startswith("self_check."))
    with app.extensions["database"].session(reading=True) as session:
        assert session.execute(acts.order_by(AuditEntry.number)).all() == [
            ("self_check.start", {}),
            ("self_check.answer", {"questions": QUESTIONS[:1], "started": False}),
            ("self_check.finish", {"questions": QUESTIONS[1:], "started": False}),
            ("self_check.finish", {"questions": QUESTIONS, "started": True}),
        ]
