"""Saved searches: an organization names a search of the store, and hears which listings became public in it since."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.errors import Conflict, Invalid
from catalog.models import Listing, Organization, Release
from matching.models import SavedSearch
from matching.search.engine import Engine
from matching.search.query import FACETS, MAX_LIMIT, SearchQuery

#: Saved searches of one organization.
MOST = 50
#: Characters of what is typed, and of one value.
TEXT_LENGTH, VALUE_LENGTH = 200, 40
#: What an address of the store says besides the search itself.
BESIDES = ("sort", "page")
#: New listings looked at for one saved search.
MOST_NEW = 500


def save(
    session: Session,
    organization: Organization,
    *,
    name: str,
    text: str,
    filters: Mapping[str, Sequence[str]],
    now: datetime,
) -> SavedSearch:
    """Keep a search; what is public by now is not new in it.

    Args:
        filters: facet → chosen values, as the store's page reads them.

    Raises:
        Invalid: it asks for nothing, or the name is taken. Conflict: there are MOST already.
    """
    chosen = {facet: list(values) for facet, values in filters.items() if values}
    if not text and not chosen:
        raise Invalid.at("query", "search_empty")
    own = select(func.count(SavedSearch.id)).where(SavedSearch.organization_id == organization.id)
    if (session.scalar(own) or 0) >= MOST:
        raise Conflict("saved_search.too_many", max=MOST)
    row = SavedSearch(organization=organization, name=name, text=text, filters=chosen, looked_at=now)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # two colleagues at once, or one name twice
        raise Invalid.at("name", "search_name_taken") from None
    return row


def fresh(session: Session, engine: Engine, saved: SavedSearch, today: date) -> list[str]:
    """Public ids of listings that match and whose first edition became public since it was looked at last."""
    newly = (
        select(Listing.public_id)
        .join(Release, Release.listing_id == Listing.id)
        .where(Release.number == 1, Release.approved_at > saved.looked_at, Listing.live_release.is_not(None))
        .order_by(Release.approved_at.desc())
        .limit(MOST_NEW)
    )
    new = set(session.scalars(newly))
    if not new:
        return []
    found: list[str] = []
    offset = 0
    while hits := engine.search(query(saved, today, offset)).hits:
        found += [hit.id for hit in hits if hit.id in new]
        if len(hits) < MAX_LIMIT or len(found) == len(new):
            break
        offset += MAX_LIMIT
    return found


def query(saved: SavedSearch, today: date, offset: int = 0) -> SearchQuery:
    """The search that it means, newest first so that what is new is read soon."""
    filters = {facet: frozenset(values) for facet, values in saved.filters.items()}
    return SearchQuery(
        today=today, text=saved.text, filters=filters, sort="newest", offset=offset, limit=MAX_LIMIT
    )


def read(typed: str) -> tuple[str, dict[str, list[str]]]:
    """Text and facet → values of an address of the store, or of the part after its question mark.

    Raises:
        Invalid: a parameter that the store does not have, or a value that none can be.
    """
    asked = parse_qsl(typed.partition("?")[2] or typed, max_num_fields=500)
    text = ""
    filters: dict[str, list[str]] = {facet: [] for facet in FACETS}
    for name, value in asked:
        if name == "q":
            text = _plain(value)[:TEXT_LENGTH]
        elif name in filters and len(value) <= VALUE_LENGTH and value == _plain(value):
            filters[name] = list(dict.fromkeys([*filters[name], value]))
        elif name not in BESIDES:
            raise Invalid.at("query", "search_query", value=_plain(f"{name}={value}")[:VALUE_LENGTH])
    if not asked:
        raise Invalid.at("query", "search_empty")
    return text, filters


def address(saved: SavedSearch) -> str:
    """The path of the store's page that asks the same."""
    asked = [(facet, value) for facet in FACETS for value in saved.filters.get(facet, ())]
    if saved.text:
        asked.insert(0, ("q", saved.text))
    return f"/solutions?{urlencode(asked)}"


def _plain(text: str) -> str:
    """On one line, without control characters."""
    kept = "".join(" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in text)
    return " ".join(kept.split())
