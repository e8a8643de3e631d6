"""Operations of leads: the vendor's answers, the manufacturer's, capacity, saved searches."""

from typing import Any
from uuid import UUID

from flask import current_app
from flask_login import current_user

from catalog import capacity
from marketplace import audit
from marketplace.accounts import access
from marketplace.api.lists import PageQuery, listing_of, page, part
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db, now, search_engine, today
from marketplace.journeys import alerts as alert_acts
from marketplace.journeys import leads as acts
from marketplace.schemas import lead_cards
from marketplace.schemas import leads as schemas
from marketplace.schemas.fields import parse
from marketplace.wording import leads as words
from matching import alerts, leads
from matching.models import Lead, SavedSearch
from matching.models.lead import CONTACT
from matching.standing import Standing

bp = ApiBlueprint(
    "leads-and-offers", __name__, "Leads: demands that vendors may answer, and what the two sides say"
)

ACCEPT: dict[str, Any] = {
    "answer": "accept",
    "listing_id": "0192f0c1-0000-7000-8000-000000000000",
    "message": "같은 공정의 현장 3곳에서 불량률을 낮췄습니다. 2주 안에 현장을 볼 수 있습니다.",
    "contact": "박서린 · 055-000-0000",
}
SEARCH: dict[str, Any] = {"name": "용접 비전 검사", "query": "q=용접&capability=ai_vision&region=gyeongnam"}


@operation(
    bp,
    "GET",
    "/leads",
    permission="lead.read",
    summary="Demands that the own listings may answer",
    query=PageQuery,
    answer=listing_of(schemas.LeadOut, "LeadList"),
)
def list_leads(query: dict[str, Any]) -> dict[str, Any]:
    """Best first; those in which none of the own listings fits say why in `standings`."""
    vendor = access.own_organization(db, current_user)
    rows = access.own_leads(db, vendor, now() - lead_cards.SHOWN)
    deck = _cards(part(rows, query))
    return page([lead(card) for card in deck], len(rows), query)


@operation(
    bp,
    "GET",
    "/leads/<uuid:lead_id>",
    permission="lead.read",
    summary="A lead",
    answer=schemas.LeadOut,
)
def get_lead(lead_id: UUID) -> dict[str, Any]:
    """With how every own listing stands."""
    return lead(_cards([access.own_lead(db, current_user, lead_id)])[0])


@operation(
    bp,
    "POST",
    "/leads/<uuid:lead_id>/answer",
    permission="lead.answer",
    summary="Answer a lead",
    body=schemas.LeadAnswerIn,
    answer=schemas.LeadOut,
    conflicts=True,
    example=ACCEPT,
)
def answer_lead(body: dict[str, Any], lead_id: UUID) -> dict[str, Any]:
    """`accept` asks for contact with one listing; `decline` says why not."""
    row = access.own_lead(db, current_user, lead_id)
    rest = {name: _plain(value) for name, value in body.items() if name != "answer"}
    if body["answer"] == "accept":
        given = parse(schemas.AcceptIn(), rest)
        said = {"message": given["message"], "contact": given["contact"]}
        acts.accept(db, search_engine(), row, current_user.name, listing=str(given["listing_id"]), **said)
        audit.record(db, "lead.accept", row, listing=row.listing)
    else:
        given = parse(schemas.DeclineIn(), rest)
        leads.decline(db, row, code=given["reason"], text=given["text"], by=current_user.name, now=now())
        audit.record(db, "lead.decline", row, reason=row.decline_code)
    return lead(_cards([row])[0])


@operation(
    bp,
    "POST",
    "/leads/<uuid:lead_id>/withdrawal",
    permission="lead.answer",
    summary="Take the wish for contact back",
    answer=schemas.LeadOut,
    conflicts=True,
)
def withdraw_lead(lead_id: UUID) -> dict[str, Any]:
    """As long as the manufacturer has not answered."""
    row = access.own_lead(db, current_user, lead_id)
    leads.withdraw(db, row, now())
    audit.record(db, "lead.withdraw", row)
    return lead(_cards([row])[0])


@operation(
    bp,
    "GET",
    "/demands/<uuid:demand_id>/offers",
    permission="demand.read",
    summary="Vendors that ask for contact",
    query=PageQuery,
    answer=listing_of(schemas.OfferOut, "OfferList"),
)
def list_offers(query: dict[str, Any], demand_id: UUID) -> dict[str, Any]:
    """Newest first; names show to whom the demand named, or once contact is accepted."""
    answered = access.offers_of(db, access.own_demand(db, current_user, demand_id))
    rows = [row for row in answered if row.decline_code is None]
    return page([offer(row) for row in part(rows, query)], len(rows), query)


@operation(
    bp,
    "POST",
    "/offers/<uuid:lead_id>/acceptance",
    permission="contact.answer",
    summary="Accept contact",
    body=schemas.ContactIn,
    answer=schemas.OfferOut,
    conflicts=True,
    example={"contact": "김하늬 · 생산기술팀 · 055-000-0001"},
)
def accept_contact(body: dict[str, Any], lead_id: UUID) -> dict[str, Any]:
    """From now on both sides read names and how to reach each other."""
    row = access.offer(db, current_user, lead_id)
    acts.accept_contact(db, row, current_user.name, contact=body["contact"])
    audit.record(db, "contact.accept", row, demand=row.demand.public_id)
    return offer(row)


@operation(
    bp,
    "POST",
    "/offers/<uuid:lead_id>/refusal",
    permission="contact.answer",
    summary="Refuse contact",
    body=schemas.RefusalIn,
    answer=schemas.OfferOut,
    conflicts=True,
    example={"text": "이번 분기에는 다른 제안을 먼저 검토합니다."},
)
def refuse_contact(body: dict[str, Any], lead_id: UUID) -> dict[str, Any]:
    """Nobody's name shows."""
    row = access.offer(db, current_user, lead_id)
    acts.refuse_contact(db, row, current_user.name, text=body["text"])
    audit.record(db, "contact.refuse", row, demand=row.demand.public_id)
    return offer(row)


@operation(
    bp,
    "PUT",
    "/organization/capacity",
    permission="capacity.state",
    summary="State how many projects a quarter can be started",
    body=schemas.CapacityIn,
    answer=schemas.CapacityOut,
    example={"projects_per_quarter": 4},
)
def state_capacity(body: dict[str, Any]) -> dict[str, Any]:
    """Null takes the statement back; scores follow with the index."""
    vendor = access.own_organization(db, current_user)
    capacity.state(db, vendor, body["projects_per_quarter"], today())
    audit.record(db, "capacity.state", vendor, projects_per_quarter=vendor.capacity_per_quarter)
    return {"projects_per_quarter": vendor.capacity_per_quarter, "as_of": vendor.capacity_as_of}


@operation(
    bp,
    "POST",
    "/saved-searches",
    permission="search.save",
    summary="Save a search",
    body=schemas.SavedSearchIn,
    answer=schemas.SavedSearchOut,
    status=201,
    example=SEARCH,
)
def save_search(body: dict[str, Any]) -> dict[str, Any]:
    """New public listings in it are told once a day."""
    row = alert_acts.keep(db, access.own_organization(db, current_user), body, now())
    audit.record(db, "search.save", row)
    return _search(row)


@operation(
    bp,
    "GET",
    "/saved-searches",
    permission="search.save",
    summary="The own saved searches",
    query=PageQuery,
    answer=listing_of(schemas.SavedSearchOut, "SavedSearchList"),
)
def list_saved_searches(query: dict[str, Any]) -> dict[str, Any]:
    """Newest first."""
    rows = access.saved_searches(db, current_user)
    return page([_search(row) for row in part(rows, query)], len(rows), query)


@operation(
    bp,
    "DELETE",
    "/saved-searches/<uuid:search_id>",
    permission="search.save",
    summary="Forget a saved search",
    answer=schemas.Removed,
)
def forget_search(search_id: UUID) -> dict[str, Any]:
    """It is not asked again."""
    row = access.saved_search(db, current_user, search_id)
    audit.record(db, "search.forget", row)
    db.delete(row)
    return {}


def lead(card: lead_cards.Card) -> dict[str, Any]:
    """A lead as its vendor may read it."""
    row, view = card.lead, card.view
    return {
        "id": row.public_id,
        "state": row.state,
        "offered_at": row.offered_at,
        "due_at": card.due,
        "weights": row.weights,
        "demand": None if view is None else _demand(view, card.headline),
        "listing": row.listing,
        "standings": [_standing(standing, view) for standing in row.standings],
        "message": row.message,
        "contact": row.buyer_contact if row.state == CONTACT else None,
    }


def offer(row: Lead) -> dict[str, Any]:
    """An offer of contact as the manufacturer may read it."""
    shown = lead_cards.offer(row)
    return {
        "id": row.public_id,
        "state": row.state,
        "answered_at": row.answered_at,
        "message": row.message,
        "score": None if shown.score is None else shown.score["shown_fit"],
        "capabilities": shown.card.get("capabilities", []),
        "price_band": shown.card.get("price_band", ""),
        "field_sites": shown.card.get("field_sites", 0),
        "vendor": shown.vendor,
        "listing": row.listing if shown.vendor else None,
        "contact": row.vendor_contact if row.state == CONTACT else None,
    }


def _cards(rows: list[Lead]) -> list[lead_cards.Card]:
    vendor = access.own_organization(db, current_user)
    return lead_cards.cards(db, vendor, rows, current_app.config["LEAD_HOURS"], now())


def _demand(view: Any, headline: str) -> dict[str, Any]:
    named = ("organization", "title", "description", "level", "level_basis", "target_level")
    return {
        "id": view.demand,
        "headline": headline,
        **{name: getattr(view, name) for name in named},
        "requirements": [
            {"capability": one.capability, "must": one.must, "min_quality": one.min_quality}
            for one in view.asked
        ],
        "budget": words.budget(view),
        "quarter": words.quarter(view),
    }


def _standing(row: Standing, view: Any) -> dict[str, Any]:
    fits = row["fit"] is not None
    first = row["codes"][0] if row["codes"] else ""
    why, change = words.cause(first, row["told"][first]) if first else ("", "")
    return {
        "listing": row["listing"],
        "title": row["title"],
        "score": sum(one["shown_points"] for one in row["parts"]) if fits else None,
        "parts": [
            {
                **{name: one[name] for name in ("axis", "state", "weight", "share")},
                "points": one["shown_points"],
            }
            for one in ([] if lead_cards.hides_industry(view) else row["parts"])
        ],
        "reasons": [
            {**{name: said[name] for name in ("axis", "sign", "code")}, "text": words.reason(said)}
            for said in lead_cards.told(row, view)
        ],
        "codes": row["codes"],
        "text": why,
        "change": change,
    }


def _search(row: SavedSearch) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "name": row.name,
        "query": alerts.address(row).partition("?")[2],
        "found": row.found,
        "found_at": row.found_at,
    }


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value
