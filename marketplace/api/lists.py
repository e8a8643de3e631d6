"""Lists: {"items", "total", "facets", "next"} with an opaque cursor."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from catalog.errors import Invalid
from marketplace.schemas.fields import Line, QueryWhole, Strict

MAX_LIMIT = 100
DEFAULT_LIMIT = 20


class PageQuery(Strict):
    """Which part of a list: `next` of the answer before, as `cursor`."""

    limit = QueryWhole(1, MAX_LIMIT, load_default=DEFAULT_LIMIT)
    cursor = Line(12, load_default="")


def listing_of(item: type[Strict], name: str, **more: fields.Field) -> type[Strict]:
    """The schema of a list of `item`; `more` are further members of the answer."""
    members = {
        "items": fields.List(fields.Nested(item), required=True),
        "total": fields.Integer(required=True),
        "facets": fields.Dict(
            keys=fields.String(),
            values=fields.Dict(keys=fields.String(), values=fields.Integer()),
            required=True,
        ),
        "next": fields.String(required=True, allow_none=True),
    }
    return type(name, (Strict,), {"__doc__": f"A part of a list of {item.__name__}.", **members, **more})


def offset_of(query: Mapping[str, Any]) -> int:
    """Where the cursor points. Raises Invalid: it is none of ours."""
    cursor = query["cursor"]
    if not cursor:
        return 0
    found = re.fullmatch(r"o([0-9]{1,7})", cursor, re.ASCII)
    if found is None:
        raise Invalid.at("cursor", "cursor")
    return int(found.group(1))


def page(
    items: list[Any],
    total: int,
    query: Mapping[str, Any],
    facets: Mapping[str, Mapping[str, int]] | None = None,
) -> dict[str, Any]:
    """The answer for one part."""
    end = offset_of(query) + len(items)
    return {
        "items": items,
        "total": total,
        "facets": facets or {},
        "next": f"o{end}" if items and end < total else None,
    }


def part(rows: list[Any], query: Mapping[str, Any]) -> list[Any]:
    """The rows of a short list that the query asks for."""
    start = offset_of(query)
    return rows[start : start + int(query["limit"])]
