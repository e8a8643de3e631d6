"""Webhooks through the API."""

import json

import pytest
from sqlalchemy import func, select, text, update

from marketplace import worker
from marketplace.accounts.models import Membership
from marketplace.api.programs import HOOK
from marketplace.hooks import signing
from marketplace.hooks.models import Hook, HookDelivery
from tests.marketplace.api.refusals import check_refused
from tests.marketplace.hooks.receiver import listening, loopback_sender
from tests.marketplace.people import person


@pytest.fixture
def owner(app):
    return person(app, "vendor", "manufacturer")


def test_from_registration_to_redelivery(app, owner):
    with listening() as receiver:
        app.extensions["hooks"] = loopback_sender()
        made = owner.api("POST", "/webhooks", json={"url": receiver.url, "events": ["match.new"]})
        assert made.status_code == 201
        hook = made.get_json()
        path = f"/webhooks/{hook['id']}"
        pinged = owner.api("POST", f"{path}/ping")
        assert (pinged.status_code, pinged.get_json()["state"]) == (201, "waiting")
        assert owner.api("POST", f"{path}/deliveries/{pinged.get_json()['id']}/redelivery").status_code == 409
        worker.drain(app)
        again = owner.api("POST", f"{path}/deliveries/{pinged.get_json()['id']}/redelivery")
        assert (again.status_code, again.get_json()["event_id"]) == (201, pinged.get_json()["event_id"])
        worker.drain(app)
        first, second = receiver.requests
    assert first[2] == second[2]
    assert json.loads(first[2])["event"] == "ping"
    moment = int(first[1][signing.HEADER].split(",")[0].removeprefix("t="))
    assert f"v1={signing.signature(hook['secret'], moment, first[2])}" in first[1][signing.HEADER]
    log = owner.api("GET", f"{path}/deliveries").get_json()
    assert [(d["state"], d["status"], d["tries"]) for d in log["items"]] == [("delivered", 200, 1)] * 2
    assert log["total"] == 2


def test_the_secret_is_answered_once_and_stored_nowhere(app, owner, session):
    key = {"Idempotency-Key": "hook-1"}
    answers = [owner.api("POST", "/webhooks", json=HOOK, headers=key) for _ in range(2)]
    assert answers[0].get_json() == answers[1].get_json()
    secret = answers[0].get_json()["secret"]
    path = f"/webhooks/{answers[0].get_json()['id']}"
    assert secret not in owner.api("GET", "/webhooks").get_data(as_text=True)
    turned = [owner.api("POST", f"{path}/secret", headers={"Idempotency-Key": "turn"}) for _ in range(2)]
    assert turned[0].get_json() == turned[1].get_json()
    assert turned[0].get_json()["secret"] != secret
    assert owner.api("GET", "/webhooks").get_json()["items"][0]["generation"] == 2
    for table in ("hook", "idempotency_record", "audit_entry", "outbox_message"):
        rows = session.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608  # names of our own tables
        assert secret not in str(rows)


def test_bad_input_leaves_nothing(owner):
    for changes, pointer, code in (
        ({"url": "http://erp.hanul.example/"}, "/url", "hook_url"),
        ({"url": "https://127.0.0.1/"}, "/url", "hook_url"),
        ({"url": "https://erp.hanul.example:22/"}, "/url", "hook_port"),
        ({"url": ""}, "/url", "required"),
        ({"events": []}, "/events", "required"),
        ({"events": ["everything"]}, "/events/0", "choice"),
        ({"secret": "mine"}, "/secret", "unknown_field"),
    ):
        check_refused(owner, "POST", "/webhooks", [(pointer, code)], json={**HOOK, **changes})


def test_a_stranger_finds_none_of_it(app, owner, session):
    stranger = person(app, "vendor")
    hook = owner.api("POST", "/webhooks", json=HOOK).get_json()["id"]
    ping = owner.api("POST", f"/webhooks/{hook}/ping").get_json()["id"]
    own = stranger.api("POST", "/webhooks", json=HOOK).get_json()["id"]
    for method, path in (
        ("DELETE", f"/webhooks/{hook}"),
        ("POST", f"/webhooks/{hook}/ping"),
        ("POST", f"/webhooks/{hook}/secret"),
        ("GET", f"/webhooks/{hook}/deliveries"),
        ("POST", f"/webhooks/{hook}/deliveries/{ping}/redelivery"),
        ("POST", f"/webhooks/{own}/deliveries/{ping}/redelivery"),
    ):
        assert stranger.api(method, path).status_code == 404, path
    assert stranger.api("GET", "/webhooks").get_json()["total"] == 1
    assert session.scalar(select(func.count(HookDelivery.id))) == 1


def test_only_admins(app, owner, session):
    session.execute(update(Membership).where(Membership.user_id == owner.user_key).values(is_admin=False))
    session.commit()
    assert owner.api("POST", "/webhooks", json=HOOK).status_code == 403
    assert session.scalar(select(func.count(Hook.id))) == 0


def test_removed(owner, session):
    hook = owner.api("POST", "/webhooks", json=HOOK).get_json()["id"]
    assert owner.api("DELETE", f"/webhooks/{hook}").status_code == 200
    assert owner.api("DELETE", f"/webhooks/{hook}").status_code == 404
    assert session.scalar(select(func.count(Hook.id))) == 0
