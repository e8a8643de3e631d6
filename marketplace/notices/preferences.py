"""How a person wants to hear of an event."""

from collections.abc import Collection, Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from catalog.errors import Invalid, Problem
from marketplace.accounts.models import User
from marketplace.notices.events import EVENTS
from marketplace.notices.models import DAILY, DELIVERIES, NONE, NOW, NoticePreference


def deliveries(session: Session, user_keys: Collection[int], event: str) -> dict[int, str]:
    """By user key, how each of them hears of `event`."""
    known = EVENTS[event]
    if known.duty:
        return dict.fromkeys(user_keys, NOW)
    rows = select(NoticePreference.user_id, NoticePreference.delivery).where(
        NoticePreference.event == event, NoticePreference.user_id.in_(user_keys)
    )
    chosen = {row[0]: row[1] for row in session.execute(rows)}
    return {key: chosen.get(key, known.delivery) for key in user_keys}


def of(session: Session, user_key: int) -> dict[str, str]:
    """How one person hears of every event, in the order of the table."""
    rows = select(NoticePreference.event, NoticePreference.delivery)
    chosen = {row[0]: row[1] for row in session.execute(rows.where(NoticePreference.user_id == user_key))}
    return {code: NOW if event.duty else chosen.get(code, event.delivery) for code, event in EVENTS.items()}


def choose(session: Session, user: User, wanted: Mapping[str, str]) -> None:
    """Keep what a person chose for some events; the others stay as they were.

    Raises:
        Invalid: an unknown event, a duty, or none of the deliveries, each at its event.
    """
    problems = [Problem(code, "unknown_code", {"value": code}) for code in wanted if code not in EVENTS]
    problems += [
        Problem(code, "choice")
        for code, delivery in wanted.items()
        if code in EVENTS and (delivery not in DELIVERIES or (EVENTS[code].duty and delivery != NOW))
    ]
    if problems:
        raise Invalid(problems)
    session.execute(
        delete(NoticePreference).where(
            NoticePreference.user_id == user.id, NoticePreference.event.in_(wanted)
        )
    )
    session.add_all(
        NoticePreference(user_id=user.id, event=code, delivery=delivery)
        for code, delivery in wanted.items()
        if not EVENTS[code].duty
    )


def end_mail(session: Session, user: User, event: str | None) -> None:
    """No more mail of `event`, or (None) of all that comes with the digest; duties go on. Harmless if repeated."""
    held = of(session, user.id)
    ended = [event] if event is not None else [code for code, delivery in held.items() if delivery == DAILY]
    choose(session, user, {code: NONE for code in ended if not EVENTS[code].duty})
