"""Leads: which demands a vendor may answer, how its listings stand there, and what the two sides say to each other.

A lead is a row for each demand × vendor while the demand is in the vendor's audience. Whether it is shown is asked of
`audience.visible_to` at every reading and every act: a demand that was closed or narrowed is gone at once.
docs/leads.md says how leads are ranked and what of a demand a vendor never learns.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import counters
from catalog.errors import Conflict, Invalid
from catalog.models import Listing, Organization
from matching import audience, candidates, editions, matchmaking, standing
from matching.models import Demand, Lead
from matching.models.lead import ACCEPTED, CONTACT, DECLINE_CODES, DECLINED, OFFERED, REFUSED, WITHDRAWN
from matching.scoring import facts
from matching.scoring.weights import Weights
from matching.search.documents import Document
from matching.search.engine import Engine
from matching.standing import Standing

#: (state, act) → state. Whoever comes second finds another state and is refused.
TRANSITIONS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        (OFFERED, "accept"): ACCEPTED,
        (OFFERED, "decline"): DECLINED,
        (ACCEPTED, "withdraw"): WITHDRAWN,
        (ACCEPTED, "accept_contact"): CONTACT,
        (ACCEPTED, "refuse_contact"): REFUSED,
    }
)
#: What a manufacturer hears about declining vendors is said from so many on.
LEAST_SHOWN = 5

Shelf = Sequence[tuple[facts.Offer, Document]]


def shelves(session: Session, engine: Engine, vendors: Collection[str], day: date) -> dict[str, Shelf]:
    """By public id of the vendor, its listings that are public on that day as the scorer sees them."""
    own = select(Listing.public_id).join(Organization, Organization.id == Listing.organization_id)
    public = own.where(Organization.public_id.in_(vendors), Listing.live_release.is_not(None))
    ids = session.scalars(public.order_by(Listing.public_id)).all() if vendors else ()
    found: dict[str, list[tuple[facts.Offer, Document]]] = {vendor: [] for vendor in vendors}
    for document in engine.documents(ids).values():
        if document.vendor_id in found and document.is_visible_on(day):
            found[document.vendor_id].append((candidates.offer_of(document, day), document))
    return dict(found)


def place(  # noqa: PLR0917  # one row: whose, for what, judged by what, when
    session: Session,
    demand: Demand,
    vendor: Organization,
    rows: Sequence[Standing],
    edition: Weights,
    now: datetime,
) -> tuple[Lead, bool]:
    """Write down how the vendor's listings stand for a demand; whether the lead is new to the vendor by that.

    It becomes new when for the first time a listing fits, and when the manufacturer first named the vendor: one that it
    knew from the board is offered anew then. One that was answered stays as it was answered.
    """
    lead = session.scalar(select(Lead).where(Lead.demand_id == demand.id, Lead.organization_id == vendor.id))
    if lead is None:
        lead = Lead(demand=demand, organization=vendor, standings=[], weights="", revision=0)
        session.add(lead)
        session.flush()  # the unique index decides now, not in the middle of something else
    else:
        session.refresh(lead, with_for_update=True)
    if lead.state != OFFERED:
        return lead, False
    _note(lead, rows, edition, counters.current(session, counters.CATALOG))
    newly_named = lead.named_at is None and is_named(lead)
    told = newly_named or (lead.offered_at is None and lead.fit is not None)
    if told:
        lead.offered_at = now
    if newly_named:
        lead.named_at = now
    return lead, told


def standings_of(
    session: Session, demand: Demand, shelf: Shelf, edition: Weights, day: date
) -> list[Standing]:
    """The vendor's shelf against a demand as it is now, best first; no statement for an empty shelf."""
    if not shelf:
        return []
    return standing.standings(matchmaking.need_of(session, demand, day), shelf, edition)


def accept(
    session: Session,
    engine: Engine,
    lead: Lead,
    *,
    listing: str,
    message: str,
    contact: str,
    by: str,
    today: date,
    now: datetime,
) -> None:
    """The vendor asks for contact with one of its listings.

    Args:
        listing: public id; it must fit the demand as both are now, unless the manufacturer named the vendor itself.
        contact: how the vendor can be reached; kept back until the manufacturer accepts.
        by: the person's name, kept back likewise.

    Raises:
        Conflict: answered already, or the demand is closed or no longer shown to the vendor.
        Invalid: not a listing of the vendor that is public and fits.
    """
    target = _moved(session, lead, "accept")
    shelf = shelves(session, engine, [lead.organization.public_id], today)[lead.organization.public_id]
    edition = editions.in_force(session, today)
    rows = standings_of(session, lead.demand, shelf, edition, today)
    chosen = next((row for row in rows if row["listing"] == listing), None)
    if chosen is None or (chosen["fit"] is None and not is_named(lead)):
        raise Invalid.at("listing_id", "lead_listing")
    _note(lead, rows, edition, counters.current(session, counters.CATALOG))
    lead.listing, lead.fit = listing, chosen["fit"]
    lead.message, lead.vendor_contact = message, contact
    lead.state, lead.answered_at, lead.answered_by = target, now, by


def decline(session: Session, lead: Lead, *, code: str, text: str, by: str, now: datetime) -> None:
    """The vendor does not want the demand; the manufacturer reads reasons only summed up, without names.

    Raises:
        Conflict: as for `accept`. Invalid: an unknown reason, or none in words where "other" asks for them.
    """
    if code not in DECLINE_CODES:
        raise Invalid.at("reason", "choice")
    if code == "other" and not text:
        raise Invalid.at("text", "required")
    target = _moved(session, lead, "decline")
    lead.decline_code, lead.decline_text = code, text
    lead.state, lead.answered_at, lead.answered_by = target, now, by


def withdraw(session: Session, lead: Lead, now: datetime) -> None:
    """The vendor takes its wish for contact back, also when the demand is gone meanwhile.

    Raises:
        Conflict: there is none, or the manufacturer has answered it.
    """
    target = _moved(session, lead, "withdraw", shown=False)
    lead.state, lead.decided_at = target, now
    lead.vendor_contact = ""


def accept_contact(session: Session, lead: Lead, *, contact: str, by: str, now: datetime) -> None:
    """The manufacturer accepts contact: from now on both read the other's name and how to reach it.

    Raises:
        Conflict: withdrawn or answered already, or the demand is closed or no longer shown to the vendor.
    """
    target = _moved(session, lead, "accept_contact")
    lead.buyer_contact = contact
    lead.state, lead.decided_at, lead.decided_by = target, now, by


def refuse_contact(session: Session, lead: Lead, *, text: str, by: str, now: datetime) -> None:
    """The manufacturer does not want contact; it stays unnamed, and so does the vendor.

    Raises:
        Conflict: withdrawn or answered already.
    """
    target = _moved(session, lead, "refuse_contact", shown=False)
    lead.refusal = text
    lead.vendor_contact = ""
    lead.state, lead.decided_at, lead.decided_by = target, now, by


def is_named(lead: Lead) -> bool:
    """Whether the manufacturer named the vendor itself, so that both know whom they deal with from the beginning."""
    return audience.is_named(lead.demand, lead.organization)


def names_show(lead: Lead) -> bool:
    """Whether both sides read each other's names: from the beginning if the manufacturer named the vendor, otherwise
    once it has accepted contact."""
    return lead.state == CONTACT or is_named(lead)


def due_at(lead: Lead, hours: int) -> datetime | None:
    """By when the vendor should have answered; None when nothing was offered."""
    return None if lead.offered_at is None else lead.offered_at + timedelta(hours=hours)


def declined_by_reason(leads: Iterable[Lead]) -> list[tuple[str, int]] | None:
    """How many vendors declined for each reason, most first; None when they are fewer than LEAST_SHOWN."""
    codes = [lead.decline_code for lead in leads if lead.decline_code is not None]
    if len(codes) < LEAST_SHOWN:
        return None
    return sorted(((code, codes.count(code)) for code in set(codes)), key=lambda pair: (-pair[1], pair[0]))


def left_out_by_cause(leads: Iterable[Lead], listing: str) -> list[tuple[str, list[Lead]]]:
    """The leads in which that listing is left out, by their first cause, most first."""
    found: dict[str, list[Lead]] = {}
    for lead in leads:
        row = standing_in(lead, listing)
        if row is not None and row["codes"]:
            found.setdefault(row["codes"][0], []).append(lead)
    return sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))


def standing_in(lead: Lead, listing: str) -> Standing | None:
    """How one listing stands in a lead; None when it was not public then."""
    return next((row for row in lead.standings if row["listing"] == listing), None)


def _note(lead: Lead, rows: Sequence[Standing], edition: Weights, revision: int) -> None:
    best = rows[0] if rows and rows[0]["fit"] is not None else None
    lead.standings = list(rows)
    lead.listing, lead.fit = (None, None) if best is None else (best["listing"], best["fit"])
    lead.weights, lead.revision = edition.version, revision


def _moved(session: Session, lead: Lead, act: str, *, shown: bool = True) -> str:
    """The state after an act. Holds demand and lead until the commit, in this order, and reads both afresh."""
    session.flush()  # a refresh would throw away what this transaction has changed so far
    session.refresh(lead.demand, attribute_names=["state", "audience"], with_for_update=True)
    session.expire(lead.demand, ["named", "alliance_lead"])
    session.refresh(lead, attribute_names=["state"], with_for_update=True)
    if (lead.state, act) not in TRANSITIONS:
        raise Conflict("lead.answered")
    if shown and not audience.may_see(lead.demand, lead.organization):
        raise Conflict("lead.gone")
    return TRANSITIONS[lead.state, act]
