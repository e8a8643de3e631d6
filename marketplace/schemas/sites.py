"""Sites and the papers that state their level, in and out."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from catalog.models.site import (
    FIRST_YEAR,
    HISTORIES,
    LAST_YEAR,
    MAX_SHIFTS,
    NETWORKS,
    RECORDS,
    RESIDENCIES,
    REVENUE_BANDS,
    STAFF,
)
from catalog.sites import MAX_SYSTEMS
from marketplace.schemas.fields import (
    Choice,
    Code,
    Coded,
    Day,
    FilePart,
    Items,
    Line,
    Part,
    QueryWhole,
    Strict,
    Text,
    Whole,
)
from marketplace.schemas.listings import MAX_CODES, IndustryKey
from matching.models.assessment import BASES, SCALES, STATED_BASES
from matching.models.level_certificate import STATES

UUID_MESSAGES: dict[str, Any] = {"required": "required", "null": "null", "invalid_uuid": "uuid"}
#: Months that a system may be in use since, as text.
_MONTH = r"^(19[5-9][0-9]|20[0-9]{2})-(0[1-9]|1[0-2])$"


class Month(Line):
    """A month, 2021-03."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(7, metadata={"pattern": _MONTH}, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if re.fullmatch(_MONTH, text, re.ASCII) is None:
            raise Coded("month")
        return text


class PublicId(fields.UUID):
    """The public id of a row, kept as text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(error_messages=UUID_MESSAGES, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        return str(super()._deserialize(value, attr, data, **kwargs))


def _one_of(options: tuple[str, ...]) -> Choice:
    """One word of a closed set, or null for "not known"."""
    return Choice(options, load_default=None, allow_none=True)


class SystemIn(Strict):
    """A system in use. Empty and null are "not known"; `listing_id` is a listing of the store."""

    name = Line(80, 1, required=True)
    capability = Code("capability", load_default=None, allow_none=True)
    interfaces = Items(Code("interface"), MAX_CODES, load_default=list)
    product = Line(80, load_default="")
    vendor_name = Line(80, load_default="")
    version = Line(40, load_default="")
    in_use_since = Month(load_default=None, allow_none=True)
    listing_id = PublicId(load_default=None, allow_none=True)


class LevelIn(Strict):
    """A site's level: a number means nothing without its scale and basis; null is "we do not know"."""

    scale = Choice(SCALES, required=True)
    value = Whole(1, 5, required=True, allow_none=True)
    basis = Choice(STATED_BASES, required=True)


class SiteIn(Strict):
    """A factory. Null is "not known"."""

    name = Line(80, 1, required=True)
    industry = Part(IndustryKey, required=True)
    region = Code("region", required=True)
    headcount = Whole(1, 1_000_000, required=True)
    processes = Items(Code("process"), MAX_CODES, load_default=list)
    interfaces = Items(Code("interface"), MAX_CODES, load_default=list)
    systems = Items(Part(SystemIn), MAX_SYSTEMS, load_default=list)
    products = Text(300, load_default="")
    shifts = Whole(1, MAX_SHIFTS, load_default=None, allow_none=True)
    revenue_band = _one_of(REVENUE_BANDS)
    records = _one_of(RECORDS)
    history = _one_of(HISTORIES)
    staff = _one_of(STAFF)
    network = _one_of(NETWORKS)
    residency = _one_of(RESIDENCIES)
    budget_year = Whole(FIRST_YEAR, LAST_YEAR, load_default=None, allow_none=True)
    level = Part(LevelIn, load_default=None, allow_none=True)


class SiteLevelOut(Strict):
    """A level that holds now, on its scale, with how it is known; certified ones name their last day."""

    scale = Choice(SCALES, required=True)
    value = Whole(1, 5, required=True, allow_none=True)
    basis = Choice(BASES, required=True)
    assessed_on = Day(required=True)
    valid_until = Day(required=True, allow_none=True)


class HeldLevel(Strict):
    """The level that matches are made with."""

    scale = Choice(SCALES, required=True)
    value = Whole(1, 5, required=True, allow_none=True)
    basis = Choice(BASES, required=True)


class MissingOut(Strict):
    """A fact that is not stated, and the axis of the fit that cannot be counted without it (null: none)."""

    fact = fields.String(required=True)
    axis = fields.String(required=True, allow_none=True)


class SiteOut(SiteIn):
    """A factory with its id, the levels that hold now, and what is not stated yet."""

    id = fields.UUID(required=True)
    level = Part(HeldLevel, required=True, allow_none=True)
    levels = fields.List(fields.Nested(SiteLevelOut), required=True)
    missing = fields.List(fields.Nested(MissingOut), required=True)


class PaperIn(Strict):
    """What stands on a 수준확인서."""

    number = Line(40, 1, required=True)
    body = Line(80, 1, required=True)
    scale = Choice(SCALES, required=True)
    level = Whole(1, 5, required=True)
    issued_on = Day(required=True)
    valid_until = Day(required=True)


class PaperForm(PaperIn):
    """The same as a multipart form with the paper itself; its values are text."""

    level = QueryWhole(1, 5, required=True)
    file = FilePart(required=True)


class PaperFileOut(Strict):
    """The file of a paper: what it is and its fingerprint; its bytes are on the page alone."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    size = fields.Integer(required=True)
    sha256 = fields.String(required=True)
    content_type = fields.String(required=True)


class PaperOut(Strict):
    """A paper as its company sees it. `standing`: waiting, refused, holds, ending (within 60 days), ended."""

    id = fields.UUID(required=True)
    site_id = fields.UUID(required=True)
    number = fields.String(required=True)
    body = fields.String(required=True)
    scale = Choice(SCALES, required=True)
    level = fields.Integer(required=True)
    issued_on = Day(required=True)
    valid_until = Day(required=True)
    state = Choice(STATES, required=True)
    standing = fields.String(required=True)
    reason = fields.String(required=True)
    handed_in_at = fields.AwareDateTime(required=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    file = fields.Nested(PaperFileOut, required=True)


class PaperAtConsoleOut(PaperOut):
    """A paper as the operator sees it, with its company and others that have the same number or file."""

    organization_id = fields.UUID(required=True)
    organization = fields.String(required=True)
    registration_number = fields.String(required=True)
    site = fields.String(required=True)
    twins = fields.List(fields.UUID(), required=True)
