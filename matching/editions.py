"""The editions of the weights: drafted, published, and which one holds on a day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import counters
from catalog.errors import Conflict, Invalid, NotFound, Problem
from matching.models import WeightsEdition
from matching.models.edition import DRAFT, PUBLISHED
from matching.scoring import editions
from matching.scoring.editions import Parts
from matching.scoring.weights import BUILT_IN, Weights

#: Whoever drafts, changes or publishes holds this counter's row until the commit, so that operators take turns.
_TURN = "weights"
#: A new edition may be announced this long before it holds.
MAX_DAYS_AHEAD = 365


def in_force(session: Session, today: date) -> Weights:
    """The edition with which lists are made on that day: the newest published one that has begun."""
    begun = select(WeightsEdition).where(WeightsEdition.state == PUBLISHED, WeightsEdition.from_on <= today)
    order = begun.order_by(WeightsEdition.from_on.desc(), WeightsEdition.published_at.desc())
    row = session.scalar(order.limit(1))
    return BUILT_IN if row is None else weights_of(row)


def by_version(session: Session, version: str) -> Weights:
    """The edition that a kept list names.

    Raises:
        NotFound: there is no such edition.
    """
    if version == BUILT_IN.version:
        return BUILT_IN
    row = session.scalar(select(WeightsEdition).where(WeightsEdition.version == version))
    if row is None:
        raise NotFound
    return weights_of(row)


def published(session: Session) -> Sequence[WeightsEdition]:
    """Every edition after the built-in one that was published, newest first."""
    rows = select(WeightsEdition).where(WeightsEdition.state == PUBLISHED)
    return session.scalars(
        rows.order_by(WeightsEdition.from_on.desc(), WeightsEdition.published_at.desc())
    ).all()


def drafts(session: Session) -> Sequence[WeightsEdition]:
    """Every draft, the one saved last first."""
    rows = select(WeightsEdition).where(WeightsEdition.state == DRAFT)
    return session.scalars(rows.order_by(WeightsEdition.saved_at.desc(), WeightsEdition.id)).all()


def parts_of(row: WeightsEdition) -> Parts:
    """What the edition consists of."""
    return Parts(row.axis, tuple(row.not_in_use), row.text_weight, row.policy_term)


def weights_of(row: WeightsEdition) -> Weights:
    """The edition as the scorer takes it; a draft's version is ""."""
    return editions.weights(row.version or "", parts_of(row))


def draft(session: Session, today: date, now: datetime) -> WeightsEdition:
    """Begin a draft from the edition in force."""
    source = in_force(session, today)
    row = WeightsEdition(based_on=source.version, saved_at=now)
    _fill(row, editions.parts_of(source))
    session.add(row)
    return row


def change(session: Session, row: WeightsEdition, parts: Parts, now: datetime) -> None:
    """Save a draft.

    Raises:
        Conflict: it is published already.
        Invalid: with a problem at every field that does not fit; nothing was changed.
    """
    _take_turn(session, row)
    found = editions.problems(parts)
    if found:
        raise Invalid(found)
    _fill(row, parts)
    row.revision += 1
    row.saved_at = now


def discard(session: Session, row: WeightsEdition) -> None:
    """Throw a draft away.

    Raises:
        Conflict: it is published already.
    """
    _take_turn(session, row)
    session.delete(row)


def publish(
    session: Session,
    row: WeightsEdition,
    *,
    version: str,
    reason: str,
    from_on: date,
    revision: int,
    today: date,
    now: datetime,
) -> None:
    """Let a draft hold from a day on. It never changes afterwards; lists made before keep their edition.

    Args:
        from_on: today or later, and not before an edition that is published already.
        revision: the save that was looked at.

    Raises:
        Conflict: it is published already, or was saved again since it was looked at.
        Invalid: the name, the day or a weight does not fit; nothing was changed.
    """
    _take_turn(session, row)
    if row.revision != revision:
        raise Conflict("edition.changed")
    found = editions.problems(parts_of(row))
    known = published(session)
    if wrong := editions.version_problem(version, [BUILT_IN.version, *(str(one.version) for one in known)]):
        found.append(wrong)
    earliest = max([today, *(one.from_on for one in known if one.from_on is not None)])
    if not earliest <= from_on <= today + timedelta(days=MAX_DAYS_AHEAD):
        found.append(Problem("from_on", "edition_day", {"from": earliest.isoformat()}))
    if found:
        raise Invalid(found)
    row.version, row.reason, row.from_on = version, reason, from_on
    row.state, row.published_at = PUBLISHED, now


def _take_turn(session: Session, row: WeightsEdition) -> None:
    """Wait for other operators, then look again at what is about to be changed."""
    counters.following(session, _TURN)
    again = (
        select(WeightsEdition).where(WeightsEdition.id == row.id).execution_options(populate_existing=True)
    )
    found = session.scalars(again).one_or_none()
    if found is None:
        raise NotFound
    if found.state != DRAFT:
        raise Conflict("edition.published")


def _fill(row: WeightsEdition, parts: Parts) -> None:
    row.axis, row.not_in_use = dict(parts.axis), list(parts.not_in_use)
    row.text_weight, row.policy_term = parts.text_weight, parts.policy_term
