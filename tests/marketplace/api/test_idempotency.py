"""Idempotency-Key: the same key and body give the same answer and one effect; another body is refused."""

import threading

from sqlalchemy import func, select

from catalog.models import Listing
from marketplace.accounts.models import ApiToken, IdempotencyRecord, User
from tests.marketplace.people import person

KEY = {"Idempotency-Key": "order-0001"}


def _count(session, model):
    counted = session.scalar(select(func.count()).select_from(model))
    session.rollback()  # keep no lock
    return counted


def test_the_same_request_acts_once(app, session):
    vendor = person(app, "vendor")
    answers = [vendor.api("POST", "/listings", json={"title": "한 번"}, headers=KEY) for _ in range(3)]
    assert {a.status_code for a in answers} == {201}
    assert len({a.get_json()["id"] for a in answers}) == 1
    assert [a.headers.get("Idempotency-Replayed") for a in answers] == [None, "true", "true"]
    assert _count(session, Listing) == 1


def test_another_body_under_the_same_key_is_refused(app, session):
    vendor = person(app, "vendor")
    vendor.api("POST", "/listings", json={"title": "한 번"}, headers=KEY)
    refused = vendor.api("POST", "/listings", json={"title": "다른 것"}, headers=KEY)
    assert refused.status_code == 422
    assert refused.get_json()["errors"][0]["pointer"] == "/Idempotency-Key"
    assert _count(session, Listing) == 1


def test_keys_of_two_people_are_apart(app, session):
    for vendor in (person(app, "vendor"), person(app, "vendor")):
        assert vendor.api("POST", "/listings", json={"title": "각자"}, headers=KEY).status_code == 201
    assert _count(session, Listing) == 2


def test_a_refused_request_may_be_mended_and_sent_again(app, session):
    vendor = person(app, "vendor")
    assert vendor.api("POST", "/listings", json={"title": ""}, headers=KEY).status_code == 422
    assert _count(session, IdempotencyRecord) == 0
    assert vendor.api("POST", "/listings", json={"title": "이제"}, headers=KEY).status_code == 201


def test_a_repeated_sign_up_answers_its_token_although_none_is_kept(app, session):
    body = {"email": "new@example.com", "password": "a long pass phrase", "name": "새 사람"}
    answers = [app.test_client().post("/api/v1/sign-up", json=body, headers=KEY) for _ in range(2)]
    first, second = (a.get_json() for a in answers)
    assert first == second
    assert _count(session, User) == _count(session, ApiToken) == 1
    kept = session.scalars(select(IdempotencyRecord.answer)).one()
    session.rollback()
    assert first["token"] not in str(kept)
    used = app.test_client().get(
        "/api/v1/organization", headers={"Authorization": f"Bearer {first['token']}"}
    )
    assert used.status_code == 403  # the token works; there is no organization yet


def test_two_at_once_act_once(app, session):
    vendor = person(app, "vendor")
    answers = []

    def send():
        answers.append(vendor.api("POST", "/listings", json={"title": "동시에"}, headers=KEY))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [a.status_code for a in answers] == [201] * 4
    assert len({a.get_json()["id"] for a in answers}) == 1
    assert _count(session, Listing) == 1
