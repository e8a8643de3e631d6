"""Fetching what the operator sets and watches: editions of weights, programme rules, the outbox. For the operator's
routes only, but for the public rules."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from catalog import outbox
from catalog.db import MAX_INTEGER
from catalog.errors import NotFound
from catalog.models import OfficialIndustry, ProgrammeRule
from catalog.models.programme import DRAFT
from catalog.outbox import OutboxMessage
from catalog.programmes import rules
from marketplace.accounts.access.console import any_like
from marketplace.accounts.access.fetching import is_named, one
from matching.models import IndexState, WeightsEdition


@dataclass(frozen=True, slots=True)
class MessagesAsked:
    """Which messages of the outbox: of a topic, in a state, whose key or error holds the words."""

    topic: str | None = None
    state: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class RulesAsked:
    """Which programme rules: in a state, holding in a year, of a province."""

    state: str | None = None
    year: int | None = None
    region: str | None = None


def weights_edition(session: Session, edition_id: UUID) -> WeightsEdition:
    """A draft or a published edition."""
    return one(session, select(WeightsEdition).where(is_named(WeightsEdition, edition_id)))


def programme_rule(session: Session, rule_id: UUID) -> ProgrammeRule:
    """A rule in any state."""
    return one(session, select(ProgrammeRule).where(is_named(ProgrammeRule, rule_id)))


def programme_rules(session: Session, asked: RulesAsked, *, offset: int, limit: int) -> list[ProgrammeRule]:
    """Rules that were asked for, drafts too unless a state is asked for, the latest first."""
    return list(session.scalars(_rules(asked).offset(offset).limit(limit)))


def count_programme_rules(session: Session, asked: RulesAsked) -> int:
    """How many `programme_rules` has in all."""
    return session.scalar(select(func.count()).select_from(_rules(asked).order_by(None).subquery())) or 0


def public_rules(session: Session, year: int | None, *, offset: int, limit: int) -> list[ProgrammeRule]:
    """Published rules, ended ones too, of everybody's page: all, or those that hold on some day of `year`."""
    return list(session.scalars(rules.listed(year=year).offset(offset).limit(limit)))


def count_public_rules(session: Session, year: int | None) -> int:
    """How many `public_rules` has in all."""
    wanted = rules.listed(year=year).order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(wanted)) or 0


def programme_years(session: Session) -> list[int]:
    """Every year in which a published rule holds, the latest first."""
    spans = (
        select(ProgrammeRule.valid_from, ProgrammeRule.valid_to)
        .where(ProgrammeRule.state != DRAFT)
        .distinct()
    )
    years = {year for first, last in session.execute(spans) for year in range(first.year, last.year + 1)}
    return sorted(years, reverse=True)


def count_messages(session: Session, asked: MessagesAsked) -> int:
    """How many messages `messages` has in all."""
    return session.scalar(select(func.count(OutboxMessage.id)).where(*_conditions(asked))) or 0


def messages(session: Session, asked: MessagesAsked, *, offset: int, limit: int) -> list[OutboxMessage]:
    """Messages of the outbox, newest first."""
    rows = select(OutboxMessage).where(*_conditions(asked)).order_by(OutboxMessage.id.desc())
    return list(session.scalars(rows.offset(offset).limit(limit)))


def message(session: Session, message_key: int) -> OutboxMessage:
    """One message of the outbox. Raises NotFound: there is none."""
    row = session.get(OutboxMessage, message_key) if message_key <= MAX_INTEGER else None
    if row is None:
        raise NotFound
    return row


def messages_by_state(session: Session, topic: str | None = None) -> dict[str, int]:
    """How many messages wait, are done or are put aside."""
    counted = select(OutboxMessage.state, func.count(OutboxMessage.id)).where(
        *_conditions(MessagesAsked(topic))
    )
    found = {row[0]: row[1] for row in session.execute(counted.group_by(OutboxMessage.state))}
    return {state: found.get(state, 0) for state in outbox.STATES}


def topics(session: Session) -> list[str]:
    """Every topic that the outbox has had."""
    return list(session.scalars(select(OutboxMessage.topic).distinct().order_by(OutboxMessage.topic)))


def index_states(session: Session) -> list[IndexState]:
    """How far the worker has brought each engine's index."""
    return list(session.scalars(select(IndexState).order_by(IndexState.engine)))


def official_industries_by_revision(session: Session) -> dict[str, int]:
    """How many industries of the official list are loaded, a revision each."""
    counted = select(OfficialIndustry.revision, func.count()).group_by(OfficialIndustry.revision)
    return {row[0]: row[1] for row in session.execute(counted.order_by(OfficialIndustry.revision))}


def _conditions(asked: MessagesAsked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.topic is not None:
        found.append(OutboxMessage.topic == asked.topic)
    if asked.state is not None:
        found.append(OutboxMessage.state == asked.state)
    if asked.words:
        # a mail's key ends with its address, so mails are found by whom they went to
        found.append(any_like([OutboxMessage.key, OutboxMessage.last_error], asked.words))
    return found


def _rules(asked: RulesAsked) -> Select[ProgrammeRule]:
    return rules.listed(
        states=rules.STATES if asked.state is None else (asked.state,), year=asked.year, region=asked.region
    )
