"""Operations on lists that try something out, on shortlists, and on links to lists."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import current_app
from flask_login import current_user

from catalog.errors import Invalid, NotFound
from marketplace import audit
from marketplace.accounts import access, shares
from marketplace.accounts.shares import ShareLink
from marketplace.api import answers
from marketplace.api.lists import PageQuery, listing_of, page, part
from marketplace.api.operation import ApiBlueprint, Secret, operation, token_word
from marketplace.extensions import db, now, search_engine, today
from marketplace.schemas import matches as schemas
from marketplace.wording import changes
from matching import shortlists, what_ifs
from matching.models import ShortlistItem
from matching.what_ifs import Changes

bp = ApiBlueprint("lists", __name__, "Lists that try something out, shortlists, links to lists")

SHORTLISTED = {"listing": "01936b2e-7a00-7000-8000-000000000001", "note": "다음 주에 현장에서 확인"}


def _url(secret: str) -> str:
    return f"{current_app.config['SITE_URL']}/shared/{secret}"


def _same_url(_answered: Mapping[str, Any]) -> str:
    """The address that belongs to an answer which is repeated."""
    return _url(token_word() or "")


@operation(
    bp,
    "POST",
    "/demands/<uuid:demand_id>/what-ifs",
    permission="demand.match",
    summary="Match a demand with something changed",
    body=schemas.WhatIfIn,
    answer=schemas.WhatIfOut,
    status=201,
    conflicts=True,
    example={"weights": {"capability": 30, "price": 50, "evidence": 20}, "budget_amount": 80000000},
)
def try_match(body: dict[str, Any], demand_id: UUID) -> dict[str, Any]:
    """Other weights, no policy term, another budget, musts made nice. The list is kept and marked; it is never the
    demand's list, and the demand stays as it is."""
    row = access.own_demand(db, current_user, demand_id)
    tried = Changes(body["weights"], body["policy"], body["budget_amount"], tuple(body["nice"]))
    found = what_ifs.look(db, search_engine(), row, today(), tried)
    audit.record(db, "demand.what_if", found, demand=row.public_id)
    listed = access.list_of_demand(db, row, UUID(found.public_id))
    if listed is None or listed[1] is None:
        raise NotFound
    edition = what_ifs.edition_of(db, found)
    return {"changes": listed[1].changes, "list": answers.match_list(found, edition)}


@operation(
    bp,
    "GET",
    "/demands/<uuid:demand_id>/shortlist",
    permission="demand.read",
    summary="The shortlist of a demand",
    query=PageQuery,
    answer=listing_of(schemas.ShortlistItemOut, "ShortlistItems"),
)
def list_shortlist(query: dict[str, Any], demand_id: UUID) -> dict[str, Any]:
    """In the people's own order, with what has changed of each since."""
    rows = shortlists.items(db, access.own_demand(db, current_user, demand_id))
    return page(_items(part(rows, query)), len(rows), query)


@operation(
    bp,
    "POST",
    "/demands/<uuid:demand_id>/shortlist",
    permission="demand.shortlist",
    summary="Put a public listing on a shortlist",
    body=schemas.ShortlistIn,
    answer=schemas.ShortlistItemOut,
    status=201,
    conflicts=True,
    example=SHORTLISTED,
)
def add_to_shortlist(body: dict[str, Any], demand_id: UUID) -> dict[str, Any]:
    """At its end; a listing that is on it stays as it is. The price and certificate of now are kept with it."""
    row = access.own_demand(db, current_user, demand_id)
    try:
        release = access.public_release(db, body["listing"])
    except NotFound:
        raise Invalid.at("listing", "unknown_code", value=str(body["listing"])) from None
    item, fresh = shortlists.add(db, row, release, body["plan"])
    if fresh:
        item.note = body["note"]
        audit.record(db, "demand.shortlist", item, demand=row.public_id, listing=item.listing)
    return _items([item])[0]


@operation(
    bp,
    "PUT",
    "/demands/<uuid:demand_id>/shortlist/<uuid:item_id>/note",
    permission="demand.shortlist",
    summary="Write the note of a line of a shortlist",
    body=schemas.ShortlistNoteIn,
    answer=schemas.ShortlistItemOut,
    conflicts=True,
    example={"note": "견적을 받기로 함", "revision": 1},
)
def write_shortlist_note(body: dict[str, Any], demand_id: UUID, item_id: UUID) -> dict[str, Any]:
    """A conflict if somebody has saved it since the revision that was read."""
    item = access.own_shortlist_item(db, current_user, demand_id, item_id)
    shortlists.write(db, item.demand, item, body["note"], body["revision"])
    audit.record(db, "demand.note", item, demand=item.demand.public_id)
    return _items([item])[0]


@operation(
    bp,
    "POST",
    "/demands/<uuid:demand_id>/shortlist/<uuid:item_id>/moves",
    permission="demand.shortlist",
    summary="Move a line of a shortlist one place",
    body=schemas.ShortlistMoveIn,
    answer=schemas.ShortlistItemOut,
    example={"direction": "up"},
)
def move_on_shortlist(body: dict[str, Any], demand_id: UUID, item_id: UUID) -> dict[str, Any]:
    """At the end of the list nothing happens."""
    item = access.own_shortlist_item(db, current_user, demand_id, item_id)
    shortlists.move(db, item.demand, item, up=body["direction"] == "up")
    audit.record(db, "demand.shortlist_order", item, demand=item.demand.public_id)
    return _items([item])[0]


@operation(
    bp,
    "DELETE",
    "/demands/<uuid:demand_id>/shortlist/<uuid:item_id>",
    permission="demand.shortlist",
    summary="Take a line off a shortlist",
    answer=schemas.ShortlistItemOut,
)
def remove_from_shortlist(demand_id: UUID, item_id: UUID) -> dict[str, Any]:
    """Answers what was there."""
    item = access.own_shortlist_item(db, current_user, demand_id, item_id)
    answered = _items([item])[0]
    audit.record(db, "demand.unlist", item, demand=item.demand.public_id, listing=item.listing)
    shortlists.remove(db, item.demand, item)
    return answered


@operation(
    bp,
    "GET",
    "/demands/<uuid:demand_id>/shares",
    permission="demand.read",
    summary="The links to a demand's lists",
    query=PageQuery,
    answer=listing_of(schemas.ShareOut, "ShareList"),
)
def list_shares(query: dict[str, Any], demand_id: UUID) -> dict[str, Any]:
    """Newest first, without their addresses, which nobody keeps; those that have ended too."""
    rows = access.shares_of(db, access.own_demand(db, current_user, demand_id))
    return page([_share(row) for row in part(rows, query)], len(rows), query)


@operation(
    bp,
    "POST",
    "/demands/<uuid:demand_id>/shares",
    permission="demand.share",
    summary="Make a link to a list and its shortlist",
    body=schemas.ShareIn,
    answer=schemas.NewShareOut,
    status=201,
    conflicts=True,
    derived=Secret("url", _same_url),
    example={"days": 7, "named": False, "with_notes": False},
)
def share_list(body: dict[str, Any], demand_id: UUID) -> dict[str, Any]:
    """For people without an account, 1 to 30 days. The address is answered once."""
    row = access.own_demand(db, current_user, demand_id)
    try:
        found = access.list_of_demand(db, row, body.pop("list_id"))
    except NotFound:
        raise Invalid.at("list_id", "unknown_code", value="") from None
    if found is None:
        raise Invalid.at("list_id", "required")
    person = current_user.user_key if current_user.is_person else None
    link, secret = shares.make(db, found[0], person, now=now(), secret=token_word(), **body)
    audit.record(db, "demand.share", link, demand=row.public_id, list=found[0].public_id)
    db.refresh(link)
    return {**_share(link), "url": _url(secret)}


@operation(
    bp,
    "DELETE",
    "/demands/<uuid:demand_id>/shares/<uuid:share_id>",
    permission="demand.share",
    summary="Take a link back",
    answer=schemas.ShareOut,
)
def revoke_share(demand_id: UUID, share_id: UUID) -> dict[str, Any]:
    """It shows nothing from then on. Harmless if repeated."""
    link = access.own_share(db, current_user, demand_id, share_id)
    shares.revoke(link, now())
    audit.record(db, "demand.unshare", link, demand=str(demand_id))
    return _share(link)


def _items(rows: list[ShortlistItem]) -> list[dict[str, Any]]:
    releases = access.public_releases(db, [row.listing for row in rows])
    return [_item(row, shortlists.changes(row, releases.get(row.listing), today())) for row in rows]


def _item(row: ShortlistItem, found: list[shortlists.Change]) -> dict[str, Any]:
    names = ("listing", "release", "position", "note", "revision", "price_amount", "certificate")
    return {
        "id": row.public_id,
        **{name: getattr(row, name) for name in names},
        "title": row.card["title"],
        "vendor": row.card["vendor_name"],
        "certificate_expires_on": row.certificate_expires_on,
        "changes": [
            {
                "code": one.code,
                "before": _plain(one.before),
                "after": _plain(one.after),
                "text": changes.change(one),
            }
            for one in found
        ],
    }


def _plain(value: int | date | None) -> str | None:
    return None if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _share(row: ShareLink) -> dict[str, Any]:
    names = ("named", "with_notes", "created_at", "expires_at", "revoked_at", "opens", "last_opened_at")
    return {
        "id": row.public_id,
        "list_id": row.match_list.public_id,
        "made_by": "" if row.user is None else row.user.name,
        **{name: getattr(row, name) for name in names},
    }
