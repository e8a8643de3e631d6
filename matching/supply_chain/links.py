"""Declare who supplies whom, answer, consent, withdraw, end; and take back all that a deleted firm said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session

from catalog import regno
from catalog.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from catalog.models import Organization, Site
from catalog.models.organization import CONFIRMED as CONFIRMED_COMPANY
from matching.models.trade_link import (
    CONFIRMED,
    CUSTOMER,
    DECLARED,
    DENIED,
    ENDED,
    LIVE,
    SUPPLIER,
    TRANSITIONS,
    WITHDRAWN,
    TradeLink,
)

#: A firm keeps at most this many live links.
MAX_LIVE = 20_000
#: What is read afresh under the lock.
LOCKED = ("state", "supplier_shares", "customer_shares", "shows_below")
NEW, KNOWN = "new", "known"


class LinkFields(TypedDict):
    """What a firm says about a partner.

    Attributes:
        direction: what the partner is to us, "supplier" or "customer".
        registration_number: the partner's, as people write it.
        name: what we call it; needed if no confirmed organization has that number.
        share_systems, share_chain: see `consent`.
    """

    direction: str
    registration_number: str
    name: str
    item: str
    since: date | None
    until: date | None
    share_systems: bool
    share_chain: bool


@dataclass(frozen=True, slots=True)
class Declared:
    """What a declaration led to: a "new" link that waits, or one that the partner had declared: "confirmed".

    `partner` is the confirmed organization of that number, None if there is none.
    """

    link: TradeLink
    partner: Organization | None
    outcome: str


def declare(
    session: Session, own: Organization, fields: LinkFields, today: date, *, site: Site | None = None
) -> Declared:
    """Say that a firm is our supplier or our customer; if it has said so already, the link is confirmed thereby.

    Raises:
        NotAllowed: we are not confirmed. Invalid: our own number, a malformed one, one that we have declared already
        or that has denied it, no name for a firm that is not here, a period the wrong way round.
    """
    require_confirmed(own)
    number, we = check(own, fields, today)
    partner = _organization(session, number)
    if partner is None and not fields["name"]:
        raise Invalid.at("name", "link_name")
    _lock(session, own, partner)
    pair = (number, own.registration_number) if we == CUSTOMER else (own.registration_number, number)
    of_pair = select(TradeLink).where(
        TradeLink.supplier_number == pair[0], TradeLink.customer_number == pair[1]
    )
    known = session.scalar(of_pair.where(TradeLink.state.in_(LIVE)).execution_options(populate_existing=True))
    if known is not None:
        _meet(known, we, fields, today)
        _give_site(known, we, site)
        return Declared(known, partner, CONFIRMED)
    denied = of_pair.where(TradeLink.state == DENIED, TradeLink.declared_by == we)
    before = session.scalar(denied.order_by(TradeLink.id.desc()).limit(1))
    if before is not None:
        raise Invalid.at("registration_number", "link_denied", day=str(before.answered_on))
    if count_live(session, own) >= MAX_LIVE:
        raise Invalid.at("registration_number", "too_many", max=MAX_LIVE)
    named = fields["name"] if partner is None else partner.name
    made = new_link(own, we, (number, named), fields, today)
    _give_site(made, we, site)
    session.add(made)
    return Declared(made, partner, NEW)


def check(own: Organization, fields: Mapping[str, Any], today: date) -> tuple[str, str]:
    """The partner's ten digits, and the side that we are on.

    Raises:
        Invalid: each thing wrong at its field.
    """
    problems = []
    number = ""
    try:
        number = regno.normalise(fields["registration_number"])
    except regno.InvalidRegistrationNumber:
        problems.append(Problem("registration_number", "registration_number"))
    if number == own.registration_number:
        problems.append(Problem("registration_number", "link_itself"))
    if fields["since"] is not None and fields["since"] > today:
        problems.append(Problem("since", "future"))
    if fields["since"] is not None and fields["until"] is not None and fields["since"] > fields["until"]:
        problems.append(Problem("until", "period_order"))
    we = CUSTOMER if fields["direction"] == SUPPLIER else SUPPLIER
    if we == CUSTOMER and fields["share_chain"]:
        problems.append(Problem("share_chain", "supplier_only"))
    if problems:
        raise Invalid(problems)
    return number, we


def new_link(
    own: Organization, we: str, partner: tuple[str, str], fields: Mapping[str, Any], today: date
) -> TradeLink:
    """A declared link of ours with the firm of that (number, name), not stored yet."""
    sides = {we: (own.registration_number or "", own.name), _other(we): partner}
    return TradeLink(
        supplier_number=sides[SUPPLIER][0],
        supplier_name=sides[SUPPLIER][1],
        customer_number=sides[CUSTOMER][0],
        customer_name=sides[CUSTOMER][1],
        item=fields["item"],
        since=fields["since"],
        until=fields["until"],
        state=DECLARED,
        declared_by=we,
        declared_on=today,
        denial="",
        supplier_shares=we == SUPPLIER and fields["share_systems"],
        customer_shares=we == CUSTOMER and fields["share_systems"],
        shows_below=we == SUPPLIER and fields["share_chain"],
    )


def confirm(
    session: Session,
    link: TradeLink,
    own: Organization,
    today: date,
    *,
    share_systems: bool,
    share_chain: bool,
    site: Site | None = None,
) -> None:
    """The other side says that it is so, and what may be done with it.

    Raises:
        NotAllowed: we declared it ourselves. Conflict: it is not waiting. Invalid: see `consent`.
    """
    we = _answering(session, link, own)
    _move(link, CONFIRMED)
    link.answered_on = today
    _consent(link, we, share_systems=share_systems, share_chain=share_chain)
    _give_site(link, we, site)


def deny(session: Session, link: TradeLink, own: Organization, reason: str, today: date) -> None:
    """The other side says that it is not so, and why; the declarer reads the reason.

    Raises:
        NotAllowed: we declared it ourselves. Conflict: it is not waiting. Invalid: no reason.
    """
    _answering(session, link, own)
    if not reason:
        raise Invalid.at("reason", "required")
    _move(link, DENIED)
    link.answered_on, link.denial = today, reason


def consent(
    session: Session, link: TradeLink, own: Organization, *, share_systems: bool, share_chain: bool
) -> None:
    """Change what we let the partner have, at any time while the link lives.

    Args:
        share_systems: the kinds of our systems count in its recommendations, without our name.
        share_chain: only a supplier: its customer, and those above whom that one lets, see its level and its links.

    Raises:
        Invalid: a customer has nothing below to show. Conflict: the link is over.
    """
    _refresh(session, link)
    if link.state not in LIVE:
        raise Conflict("link.over")
    _consent(
        link, link.side_of(own.registration_number), share_systems=share_systems, share_chain=share_chain
    )


def end(session: Session, link: TradeLink, own: Organization, today: date) -> str:
    """Take back what we declared, or end what was confirmed; returns the state. Both sides may end a confirmed link.

    Raises:
        NotAllowed: the partner declared it and waits for an answer. Conflict: it is over.
    """
    _refresh(session, link)
    if link.state == DECLARED and link.side_of(own.registration_number) != link.declared_by:
        raise NotAllowed("link.answer")
    _move(link, ENDED if link.state == CONFIRMED else WITHDRAWN)
    if link.state == ENDED and (link.until is None or link.until > today):
        link.until = max(today, link.since or today)
    return link.state


def forget(session: Session, own: Organization, *, called: str) -> None:
    """Take back all that a firm said, whose account is deleted; what its partners said stays theirs.

    Whoever confirmed a link has said it too, be it asked or by a declaration of its own that came second.

    | it was | declared by us | declared by the partner |
    |---|---|---|
    | declared, withdrawn | goes | stays as it is |
    | denied | goes | stays denied, without our reason |
    | confirmed | becomes the partner's declaration of the day on which it confirmed | declared again |
    | ended | stays ended, as the partner's | stays ended |

    From every link that stays go our name, our factory, our consents and our answer. The number stays: by it the
    partner says whom it trades with. An unconfirmed firm said nothing, and its number is not known to be its own.

    Args:
        called: what stands where our name stood. A name that the partner found for itself stays.
    """
    if own.state != CONFIRMED_COMPANY or own.registration_number is None:
        return
    rows = select(TradeLink).where(touches(own.registration_number)).order_by(TradeLink.id)
    rows = rows.with_for_update().execution_options(populate_existing=True)
    for link in session.scalars(rows).all():
        we = link.side_of(own.registration_number)
        if link.declared_by == we and link.state not in (CONFIRMED, ENDED):
            session.delete(link)
        else:
            _leave_to_partner(link, we, own.name, called)
    session.flush()


def require_confirmed(own: Organization) -> None:
    """Only a company that the operator has confirmed is known to have its number.

    Raises:
        NotAllowed: it is not confirmed.
    """
    if own.state != CONFIRMED_COMPANY or own.registration_number is None:
        raise NotAllowed("organization.unconfirmed")


def touches(number: str) -> ColumnElement[bool]:
    """The condition that a link has the firm of that number on one side."""
    return or_(TradeLink.supplier_number == number, TradeLink.customer_number == number)


def holds_on(today: date) -> ColumnElement[bool]:
    """The condition that a link is declared or confirmed and its trade is not over."""
    return TradeLink.state.in_(LIVE) & or_(TradeLink.until.is_(None), TradeLink.until >= today)


def count_live(session: Session, own: Organization) -> int:
    """How many live links we have."""
    live = select(func.count(TradeLink.id)).where(touches(own.registration_number or ""))
    return session.scalar(live.where(TradeLink.state.in_(LIVE))) or 0


def _meet(known: TradeLink, we: str, fields: LinkFields, today: date) -> None:
    """Our declaration meets a live link of the pair: the partner's is confirmed by it, our own stays as it is."""
    if known.state != DECLARED or known.declared_by == we:
        raise Invalid.at("registration_number", "link_known")
    _move(known, CONFIRMED)
    known.answered_on = today
    known.item = known.item or fields["item"]
    known.since = known.since or (
        fields["since"] if known.until is None or (fields["since"] or today) <= known.until else None
    )
    _consent(known, we, share_systems=fields["share_systems"], share_chain=fields["share_chain"])


def _answering(session: Session, link: TradeLink, own: Organization) -> str:
    _refresh(session, link)
    we = link.side_of(own.registration_number)
    if we != link.answering:
        raise NotAllowed("link.own")
    return we


def _move(link: TradeLink, state: str) -> None:
    if state not in TRANSITIONS.get(link.state, ()):
        raise Conflict("link.answered" if link.state == CONFIRMED else "link.over")
    link.state = state


def _leave_to_partner(link: TradeLink, we: str, name: str, called: str) -> None:
    ours = link.declared_by == we
    if ours:
        link.declared_by, link.declared_on = _other(we), link.answered_on or link.declared_on
        link.invited_on = None
    if ours or link.name_of(we) == name:
        _rename(link, we, called)
    if link.state == CONFIRMED:
        _move(link, DECLARED)
    if link.state != DENIED:  # the day of a denial keeps the partner from asking the same number again
        link.answered_on = None
    link.denial = ""
    _consent(link, we, share_systems=False, share_chain=False)
    _take_site(link, we)


def _consent(link: TradeLink, we: str, *, share_systems: bool, share_chain: bool) -> None:
    if we == CUSTOMER and share_chain:
        raise Invalid.at("share_chain", "supplier_only")
    if we == SUPPLIER:
        link.supplier_shares, link.shows_below = share_systems, share_chain
    else:
        link.customer_shares = share_systems


def _give_site(link: TradeLink, we: str, site: Site | None) -> None:
    if site is not None and we == SUPPLIER:
        link.supplier_site_id = site.id
    elif site is not None:
        link.customer_site_id = site.id


def _take_site(link: TradeLink, we: str) -> None:
    if we == SUPPLIER:
        link.supplier_site_id = None
    else:
        link.customer_site_id = None


def _rename(link: TradeLink, we: str, called: str) -> None:
    if we == SUPPLIER:
        link.supplier_name = called
    else:
        link.customer_name = called


def _organization(session: Session, number: str) -> Organization | None:
    """The confirmed organization of that number: only of such a one is it known that the number is its own."""
    rows = select(Organization).where(Organization.registration_number == number)
    return session.scalar(rows.where(Organization.state == CONFIRMED_COMPANY))


def _lock(session: Session, own: Organization, partner: Organization | None) -> None:
    """Both firms' rows in the order of their keys: two that declare each other at once come one after the other."""
    keys = sorted({own.id} | ({partner.id} if partner is not None else set()))
    rows = select(Organization.id).where(Organization.id.in_(keys)).order_by(Organization.id)
    session.execute(rows.with_for_update())


def _refresh(session: Session, link: TradeLink) -> None:
    session.flush()  # a refresh would throw away what this transaction has changed so far
    try:
        session.refresh(link, attribute_names=LOCKED, with_for_update=True)
    except InvalidRequestError:  # its declarer was deleted while it was looked at
        raise NotFound from None


def _other(side: str) -> str:
    return CUSTOMER if side == SUPPLIER else SUPPLIER
