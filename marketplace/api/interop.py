"""Operations of the operator: what joining interfaces costs, and which listings cannot stand together."""

from typing import Any
from uuid import UUID

from catalog import interop
from catalog.models import InterfaceConnector, ListingConflict
from marketplace import audit
from marketplace.accounts.access import interop as facts
from marketplace.api.lists import PageQuery, listing_of, offset_of, page
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db, today
from marketplace.schemas.fields import Choice
from marketplace.schemas.interop import ConflictIn, ConflictOut, ConnectorIn, ConnectorOut

bp = ApiBlueprint("interop", __name__, "Connectors between interfaces, conflicts between listings")

CONNECTOR: dict[str, Any] = {
    "one": "opcua",
    "other": "rest",
    "price_amount": 3_000_000,
    "source": "합성 예시",
    "as_of": "2026-11-01",
}
CONFLICT: dict[str, Any] = {
    "one": "01939d2a-0000-7000-8000-000000000001",
    "other": "01939d2a-0000-7000-8000-000000000002",
    "reason": "두 제품이 같은 설비 주소를 혼자 써요.",
    "source": "합성 예시",
    "as_of": "2026-11-01",
}


class FactsQuery(PageQuery):
    """Those that hold, or those that have ended; without it all."""

    state = Choice(facts.STATES, load_default=None)


@operation(
    bp,
    "GET",
    "/connectors",
    permission="interop.read",
    summary="What joining two interfaces costs",
    query=FactsQuery,
    answer=listing_of(ConnectorOut, "ConnectorList"),
)
def list_connectors(query: dict[str, Any]) -> dict[str, Any]:
    """In the order of the pair, the newest of a pair first."""
    rows = facts.connectors(db, query["state"], offset=offset_of(query), limit=query["limit"])
    return page([_connector(row) for row in rows], facts.count_connectors(db, query["state"]), query)


@operation(
    bp,
    "POST",
    "/connectors",
    permission="interop.note",
    summary="Note what joining two interfaces costs",
    body=ConnectorIn,
    answer=ConnectorOut,
    status=201,
    example=CONNECTOR,
    conflicts=True,
)
def note_connector(body: dict[str, Any]) -> dict[str, Any]:
    """What was noted of the same pair before has ended."""
    row = interop.note_connector(db, **body, today=today())
    audit.record(db, "interop.note", row)
    return _connector(row)


@operation(
    bp,
    "POST",
    "/connectors/<uuid:connector_id>/ending",
    permission="interop.note",
    summary="Let a connector hold no more",
    answer=ConnectorOut,
    conflicts=True,
)
def end_connector(connector_id: UUID) -> dict[str, Any]:
    """New bundles do without it; what was signed with it stays what it was."""
    row = facts.connector(db, connector_id)
    interop.end(db, row, today())
    audit.record(db, "interop.end", row)
    return _connector(row)


@operation(
    bp,
    "GET",
    "/conflicts",
    permission="interop.read",
    summary="Listings that cannot stand in one factory",
    query=FactsQuery,
    answer=listing_of(ConflictOut, "ConflictList"),
)
def list_conflicts(query: dict[str, Any]) -> dict[str, Any]:
    """The newest first."""
    rows = facts.conflicts(db, query["state"], offset=offset_of(query), limit=query["limit"])
    return page([_conflict(row) for row in rows], facts.count_conflicts(db, query["state"]), query)


@operation(
    bp,
    "POST",
    "/conflicts",
    permission="interop.note",
    summary="Note that two listings cannot stand in one factory",
    body=ConflictIn,
    answer=ConflictOut,
    status=201,
    example=CONFLICT,
    conflicts=True,
)
def note_conflict(body: dict[str, Any]) -> dict[str, Any]:
    """What was noted of the same pair before has ended."""
    one = facts.listing_at(db, body.pop("one"), "one")
    other = facts.listing_at(db, body.pop("other"), "other")
    row = interop.note_conflict(db, one, other, **body, today=today())
    audit.record(db, "interop.note", row)
    return _conflict(row)


@operation(
    bp,
    "POST",
    "/conflicts/<uuid:conflict_id>/ending",
    permission="interop.note",
    summary="Let a conflict hold no more",
    answer=ConflictOut,
    conflicts=True,
)
def end_conflict(conflict_id: UUID) -> dict[str, Any]:
    """The two may be bought together again."""
    row = facts.conflict(db, conflict_id)
    interop.end(db, row, today())
    audit.record(db, "interop.end", row)
    return _conflict(row)


def _connector(row: InterfaceConnector) -> dict[str, Any]:
    plain = ("one", "other", "price_amount", "source", "as_of", "ended_on")
    return {"id": row.public_id, **{name: getattr(row, name) for name in plain}}


def _conflict(row: ListingConflict) -> dict[str, Any]:
    plain = ("reason", "source", "as_of", "ended_on")
    return {
        "id": row.public_id,
        "one": row.one.public_id,
        "other": row.other.public_id,
        **{name: getattr(row, name) for name in plain},
    }
