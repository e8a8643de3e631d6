"""Alliances, memberships, charters, coverage and the pipeline, in and out."""

from collections.abc import Mapping
from typing import Any, cast

from marshmallow import fields

from catalog import taxonomy
from catalog.alliance_states import ALLIANCE_STATES, CHARTER_STATES, MEMBER_STATES
from catalog.alliances.charters import (
    HIGHEST_LEVEL,
    LOWEST_LEVEL,
    MAX_ANSWER_HOURS,
    MAX_NOTICE_DAYS,
    CharterFields,
)
from catalog.alliances.coverage import BASES
from catalog.alliances.founding import AllianceFields, PartFields
from catalog.alliances.membership import MAX_MEMBERS
from marketplace.schemas.demands import AudienceViewOut
from marketplace.schemas.fields import Choice, Code, Flag, Items, Line, Part, Strict, Text, Whole
from matching.pipeline import STAGES

_UUID: dict[str, Any] = {"required": "required", "null": "null", "invalid_uuid": "uuid"}
NAME_LENGTH, ROLE_LENGTH = 60, 60
#: What an alliance says of itself, what comes with an invitation, why somebody is refused, the charter's words.
PURPOSE_LENGTH, MESSAGE_LENGTH, REASON_LENGTH, CHARTER_LENGTH = 1000, 1000, 500, 20_000
#: A member takes on at most so many capabilities: there are not many more in the taxonomy.
MAX_CAPABILITIES = 40
#: Hexadecimal SHA-256.
HASH_LENGTH = 64


class PartIn(Strict):
    """What a member does: its role in words, and codes of the scheme "capability"."""

    role = Line(ROLE_LENGTH, 1, required=True)
    role_en = Line(ROLE_LENGTH, load_default="")
    capabilities = Items(Code(), MAX_CAPABILITIES, load_default=list)


class DescriptionIn(Strict):
    """What an alliance says of itself; `division` is a reference to a sector division, or null."""

    name = Line(NAME_LENGTH, 1, required=True)
    name_en = Line(NAME_LENGTH, load_default="")
    purpose = Text(PURPOSE_LENGTH, load_default="")
    purpose_en = Text(PURPOSE_LENGTH, load_default="")
    division = Line(40, load_default=None, allow_none=True)


class AllianceIn(DescriptionIn):
    """An alliance that the own organization runs; `member` is what it does in it itself, null if nothing."""

    member = Part(PartIn, load_default=None, allow_none=True)


class AllianceInvitationIn(PartIn):
    """A vendor, and what it would do."""

    organization_id = fields.UUID(required=True, error_messages=_UUID)
    message = Text(MESSAGE_LENGTH, load_default="")


class AllianceRequestIn(PartIn):
    """What the own organization would do."""

    message = Text(MESSAGE_LENGTH, load_default="")


class AllianceRequestAnswerIn(Strict):
    """The coordinator's answer: accepted, it becomes an invitation, with `part` if another one is offered."""

    accept = Flag(required=True)
    part = Part(PartIn, load_default=None, allow_none=True)
    reason = Text(REASON_LENGTH, load_default="")


class AllianceInvitationAnswerIn(Strict):
    """The invited organization's answer; `sha256` is the hash of the charter in force, null while there is none."""

    accept = Flag(required=True)
    sha256 = Line(HASH_LENGTH, load_default=None, allow_none=True)
    reason = Text(REASON_LENGTH, load_default="")


class ExclusionIn(Strict):
    """Why; the member reads it."""

    reason = Text(REASON_LENGTH, 1, required=True)


class MemberPartIn(PartIn):
    """A member's part in a charter."""

    organization = fields.UUID(required=True, error_messages=_UUID)


class CharterIn(Strict):
    """A version of the charter; `members` are exactly those who belong to the alliance and are not excluded."""

    text = Text(CHARTER_LENGTH, 1, required=True)
    text_en = Text(CHARTER_LENGTH, load_default="")
    level_from = Whole(LOWEST_LEVEL, HIGHEST_LEVEL, required=True)
    level_to = Whole(LOWEST_LEVEL, HIGHEST_LEVEL, required=True)
    lead = fields.UUID(required=True, error_messages=_UUID)
    notice_days = Whole(0, MAX_NOTICE_DAYS, required=True)
    answer_hours = Whole(1, MAX_ANSWER_HOURS, required=True)
    members = Items(Part(MemberPartIn), MAX_MEMBERS, 1, required=True)


class CharterHashIn(Strict):
    """The hash of the version that was read."""

    sha256 = Line(HASH_LENGTH, 1, required=True)


class OwnerIn(Strict):
    """The member that takes care of a demand; null: nobody."""

    owner_id = fields.UUID(required=True, allow_none=True, error_messages=_UUID)


class DivisionOut(Strict):
    """A sector division of one of the ministry's bodies."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class MemberOut(Strict):
    """A member as everybody sees it; `last_day` once it leaves, `unlisted` what no public listing of it names."""

    organization_id = fields.UUID(required=True)
    name = fields.String(required=True)
    lead = fields.Boolean(required=True)
    role = fields.String(required=True)
    role_en = fields.String(required=True)
    capabilities = fields.List(fields.String(), required=True)
    unlisted = fields.List(fields.String(), required=True)
    since = fields.Date(required=True, allow_none=True)
    last_day = fields.Date(required=True, allow_none=True)
    capacity_per_quarter = fields.Integer(required=True, allow_none=True)


class AllianceOut(Strict):
    """An alliance as everybody sees it. Levels are company levels 1–5; null and empty while it is forming."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    name_en = fields.String(required=True)
    purpose = fields.String(required=True)
    purpose_en = fields.String(required=True)
    state = Choice(ALLIANCE_STATES, required=True)
    division = fields.Nested(DivisionOut, required=True, allow_none=True)
    coordinator_id = fields.UUID(required=True)
    coordinator = fields.String(required=True)
    lead_id = fields.UUID(required=True, allow_none=True)
    charter = fields.Integer(required=True, allow_none=True)
    charter_sha256 = fields.String(required=True, allow_none=True)
    level_from = fields.Integer(required=True, allow_none=True)
    level_to = fields.Integer(required=True, allow_none=True)
    capacity_per_quarter = fields.Integer(required=True)
    capacity_unknown = fields.Integer(required=True)
    synthetic = fields.Boolean(required=True)
    members = fields.List(fields.Nested(MemberOut), required=True)


class MembershipOut(Strict):
    """A membership as the coordinator and that organization see it."""

    id = fields.UUID(required=True)
    alliance_id = fields.UUID(required=True)
    organization_id = fields.UUID(required=True)
    name = fields.String(required=True)
    state = Choice(MEMBER_STATES, required=True)
    role = fields.String(required=True)
    role_en = fields.String(required=True)
    capabilities = fields.List(fields.String(), required=True)
    message = fields.String(required=True)
    reason = fields.String(required=True)
    begun_on = fields.Date(required=True)
    since = fields.Date(required=True, allow_none=True)
    last_day = fields.Date(required=True, allow_none=True)


class ConsentOut(Strict):
    """A member that accepted a version; `signed_by` is told to members and the coordinator alone."""

    organization_id = fields.UUID(required=True)
    name = fields.String(required=True)
    signed_by = fields.String(required=True, allow_none=True)
    at = fields.DateTime(required=True)
    sha256 = fields.String(required=True)


class CharterOut(Strict):
    """A version of a charter. `sha256` is of the canonical JSON of `content`: sorted keys, no spaces, UTF-8."""

    alliance_id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    state = Choice(CHARTER_STATES, required=True)
    sha256 = fields.String(required=True)
    content = fields.Dict(keys=fields.String(), required=True)
    proposed_on = fields.Date(required=True)
    in_force_on = fields.Date(required=True, allow_none=True)
    ended_on = fields.Date(required=True, allow_none=True)
    consents = fields.List(fields.Nested(ConsentOut), required=True)
    waiting_for = fields.List(fields.UUID(), required=True)


class CellOut(Strict):
    """A capability at one step; `basis` is the strongest, null when nobody covers it."""

    needed = fields.Boolean(required=True)
    listings = fields.Integer(required=True)
    basis = Choice(BASES, required=True, allow_none=True)


class CoverRowOut(Strict):
    """A capability over the steps, in their order."""

    capability = fields.String(required=True)
    cells = fields.List(fields.Nested(CellOut), required=True)


class VendorNameOut(Strict):
    """A vendor of the store."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)


class GapOut(Strict):
    """What is missing: `demands` on the board of the last 92 days that ask for it, null below five firms; vendors that
    would close it, and whether there may be more of them."""

    capability = fields.String(required=True)
    steps = fields.List(fields.List(fields.Integer()), required=True)
    demands = fields.Integer(required=True, allow_none=True)
    vendors = fields.List(fields.Nested(VendorNameOut), required=True)
    more_vendors = fields.Boolean(required=True)


class CoverageOut(Strict):
    """Capabilities by steps, and the gaps."""

    steps = fields.List(fields.List(fields.Integer()), required=True)
    rows = fields.List(fields.Nested(CoverRowOut), required=True)
    gaps = fields.List(fields.Nested(GapOut), required=True)


class StageOut(Strict):
    """How far one member has come with a demand."""

    organization_id = fields.UUID(required=True)
    name = fields.String(required=True)
    stage = Choice(STAGES, required=True)


class PipelineOut(Strict):
    """A demand of the pipeline: what the reader sees of it, how far it has come, who takes care of it."""

    demand = fields.Nested(AudienceViewOut, required=True)
    stage = Choice(STAGES, required=True)
    members = fields.List(fields.Nested(StageOut), required=True)
    owner_id = fields.UUID(required=True, allow_none=True)
    owner = fields.String(required=True, allow_none=True)
    own_lead_id = fields.UUID(required=True, allow_none=True)
    shared_at = fields.DateTime(required=True)
    days = fields.Integer(required=True)


def charter_fields(data: dict[str, Any]) -> CharterFields:
    """A parsed charter as the domain takes it: ids as text."""
    members = [{**part, "organization": str(part["organization"])} for part in data["members"]]
    return cast(CharterFields, {**data, "lead": str(data["lead"]), "members": members})


def description(data: dict[str, Any]) -> AllianceFields:
    """What an alliance says of itself, as the domain takes it."""
    return cast(AllianceFields, {name: data[name] for name in AllianceFields.__annotations__})


def part_fields(data: Mapping[str, Any]) -> PartFields:
    """A member's part among other fields, as the domain takes it."""
    return cast(PartFields, {name: data[name] for name in PartFields.__annotations__})


def division_out(code: str | None, locale: str) -> dict[str, str] | None:
    """A division with its name in the reader's language."""
    found = None if code is None else taxonomy.division(code)
    return None if found is None else {"code": found.code, "name": found.name(locale)}
