"""Connectors between interfaces and conflicts between listings, in and out."""

from typing import Any

from marshmallow import fields

from marketplace.schemas.fields import Code, Day, Line, Strict, Text, Won

_UUID: dict[str, Any] = {"required": "required", "null": "null", "invalid_uuid": "uuid"}
SOURCE_LENGTH, REASON_LENGTH = 300, 1000


class ConnectorIn(Strict):
    """What joining two interfaces costs: codes of the scheme "interface" in either order, the source and its day."""

    one = Code(required=True)
    other = Code(required=True)
    price_amount = Won(required=True)
    source = Line(SOURCE_LENGTH, 1, required=True)
    as_of = Day(required=True)


class ConflictIn(Strict):
    """Two public listings that cannot stand in one factory, and why."""

    one = fields.UUID(required=True, error_messages=_UUID)
    other = fields.UUID(required=True, error_messages=_UUID)
    reason = Text(REASON_LENGTH, 1, required=True)
    source = Line(SOURCE_LENGTH, 1, required=True)
    as_of = Day(required=True)


class ConnectorOut(Strict):
    """A connector; `ended_on` is null while it holds."""

    id = fields.UUID(required=True)
    one = fields.String(required=True)
    other = fields.String(required=True)
    price_amount = fields.Integer(required=True)
    source = fields.String(required=True)
    as_of = fields.Date(required=True)
    ended_on = fields.Date(required=True, allow_none=True)


class ConflictOut(Strict):
    """A conflict between two listings; `ended_on` is null while it holds."""

    id = fields.UUID(required=True)
    one = fields.UUID(required=True)
    other = fields.UUID(required=True)
    reason = fields.String(required=True)
    source = fields.String(required=True)
    as_of = fields.Date(required=True)
    ended_on = fields.Date(required=True, allow_none=True)
