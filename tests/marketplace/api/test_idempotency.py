"""Idempotency-Key: the same key and body give the same answer and one effect; another body is refused."""

import threading
from datetime import timedelta

from sqlalchemy import func, select

from catalog.db import utcnow
from catalog.models import Listing, StoredFile
from marketplace import worker
from marketplace.accounts.models import ApiToken, IdempotencyRecord, User
from marketplace.api.examples import EVIDENCE
from tests.marketplace.people import PASSWORD, person

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


def _upload(vendor, evidence, content=b"a,b\n1,2\n", name="a.csv", boundary="one"):
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        f"Content-Type: text/csv\r\n\r\n"
    ).encode()
    body += content + f"\r\n--{boundary}--\r\n".encode()
    headers = {**KEY, "Content-Type": f"multipart/form-data; boundary={boundary}"}
    return vendor.api("POST", f"/evidence/{evidence}/files", data=body, headers=headers)


def test_an_upload_counts_by_its_content(app, session):
    """A client that tries again parts the form with another random line: it is the same request all the same."""
    vendor = person(app, "vendor")
    listing = vendor.api("POST", "/listings", json={"title": "한 번"}).get_json()["id"]
    evidence = vendor.api("POST", f"/listings/{listing}/evidence", json=EVIDENCE).get_json()["id"]
    answers = [_upload(vendor, evidence, boundary=boundary) for boundary in ("one", "two")]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].get_json() == answers[1].get_json()
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    for changes in ({"content": b"a,b\n1,3\n"}, {"name": "b.csv"}):
        refused = _upload(vendor, evidence, **changes)
        assert (refused.status_code, refused.get_json()["errors"][0]["code"]) == (422, "idempotency_mismatch")
    assert _count(session, StoredFile) == 1


def test_a_key_is_remembered_for_a_day(app, session):
    vendor = person(app, "vendor")
    for hours in (23, 2):
        answer = vendor.api("POST", "/listings", json={"title": "한 번"}, headers=KEY)
        assert answer.status_code == 201
        assert _count(session, Listing) == 1
        record = session.scalars(select(IdempotencyRecord)).one()
        record.created_at -= timedelta(hours=hours)
        session.commit()
    assert vendor.api("POST", "/listings", json={"title": "다른 것"}, headers=KEY).status_code == 201
    assert _count(session, Listing) == 2


def test_the_worker_forgets_old_keys(app, session):
    vendor = person(app, "vendor")
    vendor.api("POST", "/listings", json={"title": "한 번"}, headers=KEY)
    worker.tick(app, utcnow() + timedelta(hours=23))
    assert _count(session, IdempotencyRecord) == 1
    worker.tick(app, utcnow() + timedelta(hours=25))
    assert _count(session, IdempotencyRecord) == 0


def test_two_tokens_at_once_are_one(app, session):
    """A password is checked without a lock: both get through to the end, and the unique key decides there."""
    vendor = person(app, "vendor")
    body = {"email": vendor.email, "password": PASSWORD, "name": "ERP", "scopes": None}
    answers = []

    def send():
        answers.append(app.test_client().post("/api/v1/tokens", json=body, headers=KEY))

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [a.status_code for a in answers] == [201] * 3
    assert len({a.get_json()["token"] for a in answers}) == 1
    assert session.scalar(select(func.count(ApiToken.id)).where(ApiToken.name == "ERP")) == 1
