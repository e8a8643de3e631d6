"""Declare a whole list of partners: first what would happen, row by row, then the good rows or none at all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import IO, Any, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, lazyload

from catalog import regno
from catalog.errors import Conflict, Invalid, Problem
from catalog.files import content
from catalog.models import Organization
from catalog.models.organization import CONFIRMED as CONFIRMED_COMPANY
from matching.models.trade_link import (
    CONFIRMED,
    CUSTOMER,
    DECLARED,
    DENIED,
    LIVE,
    SUPPLIER,
    LinkImport,
    TradeLink,
)
from matching.supply_chain import links, reading
from matching.supply_chain.links import KNOWN, NEW, Declared
from matching.supply_chain.reading import Finding, Row

T = TypeVar("T", int, str)

#: A row that cannot be declared.
BAD = "bad"
OUTCOMES = (NEW, CONFIRMED, KNOWN, BAD)
GOOD_ROWS, ALL_OR_NOTHING = "good_rows", "all_or_nothing"
MODES = (GOOD_ROWS, ALL_OR_NOTHING)
#: Values that one statement names at most.
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would become of a row: "new", "confirmed" (the partner said so already), "known" or "bad".

    Findings of good rows are remarks, such as a firm that supplies us and buys from us.
    """

    row: Row
    number: str
    outcome: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database holds of the partners of a file."""

    live: Mapping[tuple[str, str], TradeLink]
    denied: Mapping[tuple[str, str], date | None]
    firms: Mapping[str, Organization]


def keep(session: Session, own: Organization, name: str, stream: IO[bytes]) -> LinkImport:
    """Read a file and keep what it says, until it is declared or the next file comes. Nothing is declared.

    Raises:
        NotAllowed: we are not confirmed. Invalid: at "file", see `reading.read`.
    """
    links.require_confirmed(own)
    checked, kept = content.admit(name, stream)
    rows = reading.read(name, kept)
    waiting = (LinkImport.organization_id == own.id) & LinkImport.applied_on.is_(None)
    session.execute(delete(LinkImport).where(waiting))
    made = LinkImport(
        organization_id=own.id,
        file_name=content.shown_name(name),
        sha256=checked.sha256,
        rows=[asdict(row) for row in rows],
    )
    session.add(made)
    return made


def check(session: Session, own: Organization, kept: LinkImport, today: date) -> list[Verdict]:
    """What would become of each row today. Reads in a bounded number of statements, however long the list is."""
    rows = [_stored(entry) for entry in kept.rows]
    return list(_verdicts(session, own, rows, today))


def apply(session: Session, own: Organization, kept: LinkImport, mode: str, today: date) -> list[Declared]:
    """Declare the good rows, or all of them; what is known already is left as it is.

    Raises:
        Conflict: the list was declared before. Invalid: with "all_or_nothing", at the rows that cannot be declared.
    """
    links.require_confirmed(own)
    session.flush()  # a refresh would throw away what this transaction has changed so far
    session.refresh(kept, attribute_names=["applied_on"], with_for_update=True)
    if kept.applied_on is not None:
        raise Conflict("link.imported")
    rows = [_stored(entry) for entry in kept.rows]
    _lock(session, own, rows)
    verdicts = list(_verdicts(session, own, rows, today))
    bad = [verdict for verdict in verdicts if verdict.outcome == BAD]
    if mode == ALL_OR_NOTHING and bad:
        raise Invalid([_problem(verdict) for verdict in bad[:100]])
    fresh = sum(verdict.outcome == NEW for verdict in verdicts)
    if links.count_live(session, own) + fresh > links.MAX_LIVE:
        raise Invalid.at("file", "too_many", max=links.MAX_LIVE)
    known = _read(session, own, [verdict.number for verdict in verdicts])
    made = [
        _declared(own, verdict, known, today) for verdict in verdicts if verdict.outcome in (NEW, CONFIRMED)
    ]
    session.add_all([done.link for done in made])
    kept.applied_on = today
    return made


def counts(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """How many rows have each outcome."""
    found = dict.fromkeys(OUTCOMES, 0)
    for verdict in verdicts:
        found[verdict.outcome] += 1
    return found


def _verdicts(session: Session, own: Organization, rows: Sequence[Row], today: date) -> Iterator[Verdict]:
    numbers = [
        regno.normalise(row.registration_number) if regno.is_valid(row.registration_number) else ""
        for row in rows
    ]
    known = _read(session, own, numbers)
    seen: dict[tuple[str, str], int] = {}
    for row, number in zip(rows, numbers, strict=True):
        yield _verdict(own, row, number, known=known, seen=seen, today=today)


def _verdict(
    own: Organization,
    row: Row,
    number: str,
    *,
    known: _Known,
    seen: dict[tuple[str, str], int],
    today: date,
) -> Verdict:
    """`seen`: pair → line of its first row in this file; the row is added to it."""
    findings = [*row.findings, *_wrong(own, row, number, known, today)]
    if findings:
        return Verdict(row, number, BAD, tuple(findings))
    pair = _pair(own, row.direction, number)
    if pair in seen:
        return Verdict(row, number, KNOWN, (Finding("", "row_repeated", {"line": str(seen[pair])}),))
    seen[pair] = row.line
    we = CUSTOMER if row.direction == SUPPLIER else SUPPLIER
    there = known.live.get(pair)
    if there is not None:
        outcome = CONFIRMED if there.state == DECLARED and there.declared_by != we else KNOWN
        return Verdict(row, number, outcome, (Finding("", "row_known", {}),) if outcome == KNOWN else ())
    if pair in known.denied:
        return Verdict(
            row,
            number,
            BAD,
            (Finding("registration_number", "link_denied", {"day": str(known.denied[pair])}),),
        )
    back = (pair[1], pair[0])
    remark = Finding("", "row_mutual", {})
    return Verdict(row, number, NEW, (remark,) if back in seen or back in known.live else ())


def _wrong(own: Organization, row: Row, number: str, known: _Known, today: date) -> Iterator[Finding]:
    """What only the firm's own facts and the calendar can tell."""
    said = {finding.field for finding in row.findings}
    if not number and "registration_number" not in said:
        yield Finding("registration_number", "registration_number", {})
    if number and number == own.registration_number:
        yield Finding("registration_number", "link_itself", {})
    if number and not row.name and "name" not in said and number not in known.firms:
        yield Finding("name", "link_name", {})
    if row.since and row.since > today.isoformat():
        yield Finding("since", "future", {})
    if row.since and row.until and row.since > row.until:
        yield Finding("until", "period_order", {})


def _declared(own: Organization, verdict: Verdict, known: _Known, today: date) -> Declared:
    row = verdict.row
    we = CUSTOMER if row.direction == SUPPLIER else SUPPLIER
    partner = known.firms.get(verdict.number)
    if verdict.outcome == CONFIRMED:
        link = known.live[_pair(own, row.direction, verdict.number)]
        link.state, link.answered_on = CONFIRMED, today
        return Declared(link, partner, CONFIRMED)
    fields = {
        "item": row.item,
        "since": date.fromisoformat(row.since) if row.since else None,
        "until": date.fromisoformat(row.until) if row.until else None,
        "share_systems": False,
        "share_chain": False,
    }
    named = row.name if partner is None else partner.name
    return Declared(links.new_link(own, we, (verdict.number, named), fields, today), partner, NEW)


def _read(session: Session, own: Organization, numbers: Iterable[str]) -> _Known:
    mine = select(TradeLink).where(links.touches(own.registration_number or ""))
    mine = mine.where(TradeLink.state.in_((*LIVE, DENIED))).order_by(TradeLink.id)
    live, denied = {}, {}
    for link in session.scalars(mine):
        pair = (link.supplier_number, link.customer_number)
        if link.state in LIVE:
            live[pair] = link
        elif link.side_of(own.registration_number) == link.declared_by:
            denied[pair] = link.answered_on
    firms: dict[str, Organization] = {}
    for some in _parts({number for number in numbers if number}):
        rows = select(Organization).where(
            Organization.registration_number.in_(some), Organization.state == CONFIRMED_COMPANY
        )
        firms |= {
            firm.registration_number or "": firm
            for firm in session.scalars(rows.options(lazyload(Organization.roles)))
        }
    return _Known(live, denied, firms)


def _lock(session: Session, own: Organization, rows: Sequence[Row]) -> None:
    """Our row and every partner's, in the order of their keys, as `links.declare` does."""
    numbers = {
        regno.normalise(row.registration_number) for row in rows if regno.is_valid(row.registration_number)
    }
    keys = {own.id}
    for some in _parts(numbers):
        keys |= set(
            session.scalars(select(Organization.id).where(Organization.registration_number.in_(some)))
        )
    for part in _parts(keys):
        held = select(Organization.id).where(Organization.id.in_(part)).order_by(Organization.id)
        session.execute(held.with_for_update())


def _parts(values: Iterable[T]) -> Iterator[list[T]]:
    """The values in order, as many together as one statement names."""
    ordered = sorted(values)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]


def _pair(own: Organization, direction: str, number: str) -> tuple[str, str]:
    """(supplier, customer)."""
    mine = own.registration_number or ""
    return (number, mine) if direction == SUPPLIER else (mine, number)


def _problem(verdict: Verdict) -> Problem:
    first = verdict.findings[0]
    return Problem(f"rows/{verdict.row.line}/{first.field}".rstrip("/"), first.code, first.params)


def _stored(entry: Mapping[str, Any]) -> Row:
    row = Row(**{**entry, "findings": ()})
    return replace(row, findings=tuple(Finding(**finding) for finding in entry["findings"]))
