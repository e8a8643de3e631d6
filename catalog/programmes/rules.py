"""Rules of support programmes: written, published, ended."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from catalog import taxonomy
from catalog.errors import Conflict, Invalid, NotFound, Problem
from catalog.models import ProgrammeRule
from catalog.models.programme import DRAFT, ENDED, PUBLISHED
from catalog.money import MAX_AMOUNT

STATES = (DRAFT, PUBLISHED, ENDED)
#: Tiers of a project in the national programmes.
LEVELS = ("basic", "upgrade1", "upgrade1_same", "upgrade2")
#: What a cap is counted for.
CAP_UNITS = ("company", "project", "consortium", "cluster", "company_per_year", "company_3_years")
MAX_RATE_BP = 10_000
MAX_MONTHS = 120
#: Rules do not reach further than this from their first day.
MAX_DAYS = 366 * 10
FIRST_YEAR, LAST_YEAR = 2000, 2100
#: Stands for "the whole country" where a province is asked for.
NATIONWIDE = "nationwide"

Fields = Mapping[str, Any]


def draft(session: Session, fields: Fields, now: datetime) -> ProgrammeRule:
    """Write down a new rule that nobody but operators sees yet.

    Args:
        fields: name, name_en, body, region, level, cap_amount, cap_unit, rate_bp, months, note, source, source_url,
            valid_from, valid_to.

    Raises:
        Invalid: with a problem at every field that does not fit.
    """
    _refuse(problems(fields))
    rule = ProgrammeRule(**fields, saved_at=now)
    session.add(rule)
    return rule


def change(session: Session, rule: ProgrammeRule, fields: Fields, now: datetime) -> None:
    """Save a draft; fields as in `draft`.

    Raises:
        Conflict: it is published already.
        Invalid: as in `draft`; nothing was changed.
    """
    _lock(session, rule, DRAFT)
    _refuse(problems(fields))
    for name, value in fields.items():
        setattr(rule, name, value)
    rule.saved_at = now


def discard(session: Session, rule: ProgrammeRule) -> None:
    """Throw a draft away. Raises Conflict: it is published already."""
    _lock(session, rule, DRAFT)
    session.delete(rule)


def publish(session: Session, rule: ProgrammeRule, now: datetime) -> None:
    """Let a draft be seen by everybody.

    Raises:
        Conflict: it is published already.
        Invalid: it says neither how much nor what share is paid.
    """
    _lock(session, rule, DRAFT)
    if rule.cap_amount is None and rule.rate_bp is None:
        raise Invalid.at("cap_amount", "rule_without_amount")
    rule.state, rule.published_at = PUBLISHED, now


def end(session: Session, rule: ProgrammeRule, *, on: date, reason: str) -> None:
    """Let a published rule hold until `on` and no longer.

    Raises:
        Conflict: it is a draft, or ended already.
        Invalid: the day is not one on which it holds.
    """
    _lock(session, rule, PUBLISHED)
    if not rule.valid_from - timedelta(days=1) <= on <= rule.valid_to:
        raise Invalid.at(
            "ended_on", "rule_end", first=rule.valid_from.isoformat(), last=rule.valid_to.isoformat()
        )
    rule.state, rule.ended_on, rule.end_reason = ENDED, on, reason


def problems(fields: Fields) -> list[Problem]:
    """What the schema cannot see: codes, bounds, and the two days together."""
    found = []
    if fields["region"] is not None and taxonomy.find("region", fields["region"]) is None:
        found.append(Problem("region", "unknown_code", {"value": fields["region"]}))
    for name, allowed in (("level", (None, *LEVELS)), ("cap_unit", CAP_UNITS)):
        if fields[name] not in allowed:
            found.append(Problem(name, "choice"))
    bounds = {"cap_amount": MAX_AMOUNT, "rate_bp": MAX_RATE_BP, "months": MAX_MONTHS}
    for name, high in bounds.items():
        if fields[name] is not None and not 0 <= fields[name] <= high:
            found.append(Problem(name, "range", {"min": 0, "max": high}))
    if not fields["source"]:
        found.append(Problem("source", "required"))
    return found + _days(fields["valid_from"], fields["valid_to"])


def listed(
    *, states: Sequence[str] = (PUBLISHED, ENDED), year: int | None = None, region: str | None = None
) -> Select[ProgrammeRule]:
    """Select rules, the latest first.

    Args:
        states: of these only; without a word those that were published, ended ones too.
        year: rules that hold on some day of it.
        region: a province, or NATIONWIDE for those of the whole country.
    """
    rows = select(ProgrammeRule).where(ProgrammeRule.state.in_(states))
    if year is not None:
        first, last = date(year, 1, 1), date(year, 12, 31)
        rows = rows.where(ProgrammeRule.valid_from <= last, ProgrammeRule.valid_to >= first)
    if region is not None:
        rows = rows.where(ProgrammeRule.region == (None if region == NATIONWIDE else region))
    order = ProgrammeRule.valid_from.desc(), ProgrammeRule.region, ProgrammeRule.name, ProgrammeRule.id
    return rows.order_by(*order)


def add_new(session: Session, rows: Sequence[Fields], now: datetime) -> int:
    """Publish those rules of the data that are not there yet, by their code; returns how many."""
    known = set(session.scalars(select(ProgrammeRule.code).where(ProgrammeRule.code.is_not(None))))
    new = [row for row in rows if row["code"] not in known]
    session.add_all(ProgrammeRule(**row, state=PUBLISHED, saved_at=now, published_at=now) for row in new)
    return len(new)


def _days(first: date, last: date) -> list[Problem]:
    if first > last:
        return [Problem("valid_to", "period_order")]
    if first.year < FIRST_YEAR or last.year > LAST_YEAR or (last - first).days > MAX_DAYS:
        return [Problem("valid_to", "rule_days", {"years": MAX_DAYS // 366})]
    return []


def _lock(session: Session, rule: ProgrammeRule, state: str) -> None:
    """Look again, holding the row, at what is about to be changed."""
    again = select(ProgrammeRule).where(ProgrammeRule.id == rule.id).with_for_update()
    found = session.scalars(again.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    if found.state != state:
        raise Conflict("programme.state")


def _refuse(found: list[Problem]) -> None:
    if found:
        raise Invalid(found)
