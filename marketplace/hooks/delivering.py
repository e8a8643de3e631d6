"""From an event to the receiver: recorded with the event, sent by the worker, repeated for a day, put in the log.

Each try is a message of the outbox, keyed by the delivery and the try's number. What came of it and the message of
the next try are committed together, so a worker that dies loses nothing; if it dies between the answer and that commit,
the receiver gets the same event a second time under the same id.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol, cast
from uuid import UUID, uuid5

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session, joinedload

from catalog import outbox
from catalog.db import new_id
from catalog.errors import Conflict
from catalog.models import Organization
from marketplace.hooks import endpoints, signing
from marketplace.hooks.models import DELIVERED, FAILED, WAITING, Hook, HookDelivery
from marketplace.hooks.sending import Outcome, Sender

TOPIC = "hook.deliver"
PING = "ping"
#: Seconds after each failed try; together a little more than a day.
PAUSES = (10, 60, 300, 900, 2700, 3600, 7200, 14400, 28800, 28800)
MAX_TRIES = len(PAUSES) + 1
#: An address at which every try has failed for so long is switched off.
PATIENCE = timedelta(days=5)
AGENT = "Ieum-Webhooks/1"


class Named(Protocol):
    """Any row with a public name."""

    public_id: Any


def announce(
    session: Session,
    organization: Organization,
    *,
    event: str,
    key: str,
    about: Named,
    link: str,
    moment: datetime,
) -> int:
    """Record a delivery to each address of the organization that wants the event, once a `key`; returns how many."""
    hooks = [hook for hook in _working(session, organization.id) if event in hook.events]
    occasion = str(uuid5(UUID(organization.public_id), f"{event}:{key}"))
    told = select(HookDelivery.hook_id).where(HookDelivery.occasion == occasion)
    known = (
        set(session.scalars(told.where(HookDelivery.hook_id.in_([hook.id for hook in hooks]))))
        if hooks
        else set()
    )
    new = [hook for hook in hooks if hook.id not in known]
    for hook in new:
        named = (type(about).__name__, str(about.public_id))
        _ask(session, hook, event, occasion=occasion, about=named, link=link, moment=moment)
    return len(new)


def ping(session: Session, hook: Hook, moment: datetime) -> HookDelivery:
    """A delivery that says nothing but that the address is reached. Raises Conflict: the hook is switched off."""
    _require_on(hook)
    link = f"/organization/webhooks/{hook.public_id}"
    about = (type(hook).__name__, hook.public_id)
    return _ask(session, hook, PING, occasion=new_id(), about=about, link=link, moment=moment)


def redeliver(session: Session, delivery: HookDelivery, moment: datetime) -> HookDelivery:
    """Send the same event once more, under the same id, as a delivery of its own.

    Raises:
        Conflict: the hook is switched off, or the delivery is still being tried.
    """
    _require_on(delivery.hook)
    if delivery.state == WAITING:
        raise Conflict("hook.waiting")
    again = _ask(
        session,
        delivery.hook,
        delivery.event,
        occasion=delivery.occasion,
        about=(delivery.about_type, delivery.about_id),
        link=delivery.link,
        moment=delivery.occurred_at,
    )
    again.created_at = moment
    return again


def attempt(
    session_of: Callable[[], Session],
    sender: Sender,
    payload: dict[str, Any],
    *,
    key: str,
    site_url: str,
    now: Callable[[], datetime],
    sent: Callable[[], None],
    switched_off: Callable[[Session, Hook], None],
) -> None:
    """Do one try: read, send outside of any transaction, write down what came of it.

    Args:
        payload: of the outbox message: which delivery, which try.
        key: SECRET_KEY.
        sent: called between the answer and the commit (where tests end the process).
        switched_off: called in the transaction in which this failure switches the hook off.
    """
    with session_of() as reading, reading.begin():
        delivery = _due(reading, payload)
        if delivery is None:
            return
        if delivery.hook.off_at is not None:
            delivery.state, delivery.next_at = FAILED, None
            return
        body = _body(delivery, site_url)
        headers = _headers(delivery, endpoints.secrets(key, delivery.hook, now()), now(), body)
        url = delivery.hook.url
    outcome = sender.post(url, body, headers)
    sent()
    with session_of() as writing, writing.begin():
        hook = _write_down(writing, payload, outcome, now())
        if hook is not None:
            switched_off(writing, hook)


def body_of(delivery: HookDelivery, site_url: str) -> dict[str, Any]:
    """What the receiver gets: which event, about what, where to look; never the content itself."""
    return {
        "id": delivery.occasion,
        "event": delivery.event,
        "created": delivery.occurred_at.isoformat(timespec="seconds"),
        "about": {"type": delivery.about_type, "id": delivery.about_id},
        "link": site_url + delivery.link,
    }


def forget(session: Session, before: datetime) -> int:
    """Take deliveries that were recorded before that moment out of the log; returns how many."""
    old = delete(HookDelivery).where(HookDelivery.created_at < before, HookDelivery.state != WAITING)
    return cast(CursorResult[Any], session.execute(old)).rowcount


def _require_on(hook: Hook) -> None:
    if hook.off_at is not None:
        raise Conflict("hook.off")


def _working(session: Session, organization_key: int) -> list[Hook]:
    rows = select(Hook).where(Hook.organization_id == organization_key, Hook.off_at.is_(None))
    return list(session.scalars(rows.order_by(Hook.id)))


def _ask(
    session: Session,
    hook: Hook,
    event: str,
    *,
    occasion: str,
    about: tuple[str, str],
    link: str,
    moment: datetime,
) -> HookDelivery:
    delivery = HookDelivery(
        hook=hook,
        event=event,
        occasion=occasion,
        about_type=about[0],
        about_id=about[1],
        link=link,
        occurred_at=moment,
        state=WAITING,
        tries=0,
    )
    session.add(delivery)
    session.flush()  # the outbox message is keyed by its public id
    _record(session, delivery, None)
    return delivery


def _record(session: Session, delivery: HookDelivery, not_before: datetime | None) -> None:
    number = delivery.tries + 1
    payload = {"delivery": delivery.public_id, "try": number}
    outbox.record(session, TOPIC, f"{delivery.public_id}:{number}", payload, not_before=not_before)


def _due(session: Session, payload: dict[str, Any]) -> HookDelivery | None:
    """The delivery, unless it is gone or this try is done already (the message is being repeated)."""
    row = session.scalar(
        select(HookDelivery)
        .where(HookDelivery.public_id == payload["delivery"])
        .options(joinedload(HookDelivery.hook))
    )
    return None if row is None or row.state != WAITING or row.tries >= payload["try"] else row


def _write_down(session: Session, payload: dict[str, Any], outcome: Outcome, moment: datetime) -> Hook | None:
    """Note the outcome and ask for the next try; returns the hook if this failure has switched it off."""
    delivery = _due(session, payload)
    if delivery is None:
        return None
    hook = delivery.hook
    delivery.tries, delivery.tried_at, delivery.next_at = payload["try"], moment, None
    delivery.status, delivery.trouble = outcome.status, outcome.trouble
    delivery.duration_ms = outcome.duration_ms
    if outcome.succeeded:
        delivery.state, hook.failing_since = DELIVERED, None
        return None
    hook.failing_since = hook.failing_since or moment
    ended = hook.off_at is None and moment - hook.failing_since >= PATIENCE
    if ended:
        endpoints.switch_off(hook, moment)
    if hook.off_at is not None or delivery.tries >= MAX_TRIES:
        delivery.state = FAILED
    else:
        delivery.next_at = moment + timedelta(seconds=PAUSES[delivery.tries - 1])
        _record(session, delivery, delivery.next_at)
    return hook if ended else None


def _body(delivery: HookDelivery, site_url: str) -> bytes:
    return json.dumps(body_of(delivery, site_url), separators=(",", ":")).encode()


def _headers(delivery: HookDelivery, secrets: list[str], moment: datetime, body: bytes) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "Ieum-Event": delivery.event,
        "Ieum-Delivery": delivery.public_id,
        signing.HEADER: signing.header(secrets, moment, body),
    }
