"""From an event to receivers: once an occasion, signed, repeated with growing pauses, given up, sent again by hand."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from catalog import outbox
from catalog.db import utcnow
from catalog.errors import Conflict, Invalid
from catalog.models import Organization
from catalog.outbox import OutboxMessage
from marketplace import extensions, notices, worker
from marketplace.hooks import delivering, endpoints, signing
from marketplace.hooks.models import DELIVERED, FAILED, WAITING, Hook, HookDelivery
from marketplace.notices.events import EVENTS, OF_ORGANIZATIONS
from marketplace.notices.models import Notice
from tests.marketplace.hooks.receiver import listening, loopback_sender
from tests.marketplace.people import person

EVENT = "review.approved"


@pytest.fixture
def receiver(app):
    with listening() as opened:
        app.extensions["hooks"] = loopback_sender()
        yield opened


@pytest.fixture
def vendor(app):
    return person(app, "vendor")


@pytest.fixture
def hook(app, session, receiver, vendor):
    """The vendor's one address."""
    organization = session.get(Organization, vendor.organization_key)
    with app.app_context():
        row = endpoints.register(session, organization, url=receiver.url, events=[EVENT])
    session.commit()
    return row


def _tell(app, session, hook, key="one", event=EVENT):
    organization = session.get(Organization, hook.organization_id)
    with app.app_context():
        params = {"title": "제품"}
        notices.tell(
            session, event, key=key, link="/listings", about=hook, organization=organization, params=params
        )
    session.commit()


def _all(session):
    session.expire_all()
    found = session.scalars(select(HookDelivery).order_by(HookDelivery.id)).all()
    session.rollback()
    return found


def _drain(app):
    return worker.drain(app, slow=True)


def _make_due(session):
    for message in session.scalars(select(OutboxMessage).where(OutboxMessage.state == outbox.WAITING)):
        message.next_at = utcnow() - timedelta(seconds=1)
    session.commit()


def test_what_the_receiver_gets(app, session, receiver, hook):
    _tell(app, session, hook)
    assert _drain(app) == 1
    ((_path, headers, body),) = receiver.requests
    sent = json.loads(body)
    (row,) = _all(session)
    assert sent == {
        "id": row.occasion,
        "event": EVENT,
        "created": row.occurred_at.isoformat(timespec="seconds"),
        "about": {"type": "Hook", "id": hook.public_id},
        "link": "http://127.0.0.1:8000/listings",
    }
    assert (headers["Ieum-Event"], headers["Ieum-Delivery"]) == (EVENT, row.public_id)
    assert (row.state, row.status, row.tries, row.trouble, row.next_at) == (DELIVERED, 200, 1, None, None)
    assert _drain(app) == 0


def test_only_what_was_asked_for_once_an_occasion(app, session, receiver, hook):
    for _ in range(2):
        _tell(app, session, hook)
    _tell(app, session, hook, event="review.sent_back")
    assert _drain(app) == 1
    assert len(receiver.requests) == 1


def test_what_is_rolled_back_is_never_sent(app, session, receiver, hook):
    organization = session.get(Organization, hook.organization_id)
    given = {"event": EVENT, "key": "k", "about": hook, "link": "/", "moment": utcnow()}
    assert delivering.announce(session, organization, **given) == 1
    session.rollback()
    assert _drain(app) == 0
    assert receiver.requests == []


def test_another_organizations_address_hears_nothing(app, session, receiver, hook):
    other = session.get(Organization, person(app, "vendor").organization_key)
    with app.app_context():
        endpoints.register(session, other, url=receiver.url, events=[EVENT])
    session.commit()
    _tell(app, session, hook)
    assert _drain(app) == 1
    assert {row.hook_id for row in _all(session)} == {hook.id}


def _signed_by(headers, body):
    parts = [part.split("=", 1) for part in headers[signing.HEADER].split(",")]
    moment = int(dict(parts)["t"])
    return moment, [value for name, value in parts if name == "v1"], body


def test_the_signature_and_a_rotation(app, session, receiver, hook):
    key = app.config["SECRET_KEY"]
    with app.app_context():
        first = endpoints.newest_secret(hook.public_id, 1)
    _tell(app, session, hook)
    _drain(app)
    moment, signatures, body = _signed_by(*receiver.requests[0][1:])
    assert signatures == [signing.signature(first, moment, body)]
    assert abs(moment - utcnow().timestamp()) < 60

    with app.app_context():
        row = session.get(Hook, hook.id)
        second = endpoints.rotate(row, utcnow())
        session.commit()
    assert second != first
    _tell(app, session, hook, key="two")
    _drain(app)
    moment, signatures, body = _signed_by(*receiver.requests[1][1:])
    assert signatures == [signing.signature(secret, moment, body) for secret in (second, first)]
    assert endpoints.secrets(key, row, utcnow() + endpoints.OVERLAP + timedelta(seconds=1)) == [second]


def test_a_failure_is_repeated_for_a_day_and_then_given_up(app, session, receiver, hook):
    receiver.status = 503
    _tell(app, session, hook)
    for tries in range(1, delivering.MAX_TRIES + 1):
        begun = utcnow()
        assert _drain(app) == 1
        (row,) = _all(session)
        assert (row.tries, row.status, row.trouble) == (tries, 503, "status")
        if tries < delivering.MAX_TRIES:
            pause = timedelta(seconds=delivering.PAUSES[tries - 1])
            assert begun + pause <= row.next_at <= utcnow() + pause
            assert _drain(app) == 0  # not before its time
        _make_due(session)
    assert (row.state, row.next_at) == (FAILED, None)
    assert _drain(app) == 0
    assert len(receiver.requests) == delivering.MAX_TRIES
    assert len({request[1]["Ieum-Delivery"] for request in receiver.requests}) == 1
    assert 24 * 3600 <= sum(delivering.PAUSES) <= 26 * 3600


def test_it_recovers(app, session, receiver, hook):
    receiver.status = 500
    _tell(app, session, hook)
    _drain(app)
    session.expire_all()
    assert session.get(Hook, hook.id).failing_since is not None
    receiver.status = 200
    _make_due(session)
    assert _drain(app) == 1
    session.expire_all()
    assert session.get(Hook, hook.id).failing_since is None
    assert [row.state for row in _all(session)] == [DELIVERED]


def test_after_days_of_failures_it_is_switched_off_and_its_people_are_told(
    app, session, receiver, hook, monkeypatch
):
    receiver.status = 410
    _tell(app, session, hook)
    _drain(app)
    later = utcnow() + delivering.PATIENCE + timedelta(minutes=1)
    monkeypatch.setattr(extensions, "now", lambda: later)
    _make_due(session)
    assert _drain(app) == 1
    (row,) = _all(session)
    assert (row.state, session.get(Hook, hook.id).off_at) == (FAILED, later)
    told = session.scalars(select(Notice)).all()
    assert [(n.event, n.about) for n in told if n.event == "hook.switched_off"] == [
        ("hook.switched_off", hook.public_id)
    ]
    session.rollback()
    _tell(app, session, hook, key="two")
    assert len(_all(session)) == 1
    assert len(receiver.requests) == 2


def test_what_waits_when_it_is_switched_off_is_not_sent(app, session, receiver, hook):
    _tell(app, session, hook)
    endpoints.switch_off(session.get(Hook, hook.id), utcnow())
    session.commit()
    _drain(app)
    assert receiver.requests == []
    assert [row.state for row in _all(session)] == [FAILED]
    row = session.scalars(select(HookDelivery)).one()
    for act in (
        lambda: delivering.redeliver(session, row, utcnow()),
        lambda: delivering.ping(session, row.hook, utcnow()),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "hook.off"


def test_a_redelivery_is_the_same_event_again(app, session, receiver, hook):
    _tell(app, session, hook)
    row = session.scalars(select(HookDelivery)).one()
    with pytest.raises(Conflict):
        delivering.redeliver(session, row, utcnow())
    session.rollback()
    _drain(app)
    session.expire_all()
    delivering.redeliver(session, session.scalars(select(HookDelivery)).one(), utcnow())
    session.commit()
    assert _drain(app) == 1
    first, second = (json.loads(body) for _path, _headers, body in receiver.requests)
    assert first == second
    assert len(_all(session)) == 2


def test_a_removed_address_takes_its_log_with_it(app, session, receiver, hook):
    _tell(app, session, hook)
    endpoints.remove(session, session.get(Hook, hook.id))
    session.commit()
    assert _drain(app) == 1
    assert receiver.requests == []
    assert session.scalar(select(func.count(HookDelivery.id))) == 0


def test_five_addresses_each_once(app, session, receiver, hook):
    organization = session.get(Organization, hook.organization_id)
    with pytest.raises(Invalid) as known:
        endpoints.register(session, organization, url=receiver.url, events=[EVENT])
    assert known.value.problems[0].code == "hook_known"
    for number in range(endpoints.MAX_HOOKS - 1):
        endpoints.register(session, organization, url=f"https://r{number}.example/", events=[EVENT])
    with pytest.raises(Conflict) as full:
        endpoints.register(session, organization, url="https://last.example/", events=[EVENT])
    assert full.value.code == "hook.too_many"


def test_an_old_log_is_forgotten(app, session, receiver, hook):
    _tell(app, session, hook)
    _drain(app)
    _tell(app, session, hook, key="two")
    assert delivering.forget(session, utcnow() + timedelta(days=1)) == 1
    session.commit()
    assert [row.state for row in _all(session)] == [WAITING]


def test_the_events_to_choose_from_are_events():
    assert set(OF_ORGANIZATIONS) <= set(EVENTS)
    assert not {event for event in OF_ORGANIZATIONS if event.startswith("account.")}


def test_slow_receivers_hold_up_nothing_else(app, session, receiver, hook, tmp_path):
    _tell(app, session, hook)
    worker.drain(app, slow=False)
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1  # the notice to its people
    assert receiver.requests == []
    assert _drain(app) == 1
