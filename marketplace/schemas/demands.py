"""Demands, their audience and versions, the board, and texts that are read, in and out."""

from typing import Any, cast

from marshmallow import fields

from marketplace.schemas.fields import Choice, Code, Day, Flag, Items, Line, Part, Strict, Text, Whole, Won
from matching.demand_content import MAX_DESCRIPTION, MAX_LINKS
from matching.demands import MAX_NAMED, MAX_REQUIREMENTS, DemandFields
from matching.models.assessment import COMPANY_LEVEL
from matching.models.demand import AUDIENCES, REASONS
from matching.understanding.reading import MOST_CHARACTERS

#: Counts the versions of one demand; nobody gets further.
MAX_VERSION = 1_000_000
_UUID: Any = {"required": "required", "null": "null", "invalid_uuid": "uuid"}


class RequirementIn(Strict):
    """One capability asked for."""

    capability = Code("capability", required=True)
    must = Flag(required=True)
    min_quality = Whole(1, 5, load_default=3)


class TargetLevel(Strict):
    """The company level to reach."""

    scale = Choice((COMPANY_LEVEL,), required=True)
    value = Whole(1, 5, required=True)


class DemandIn(Strict):
    """What a site needs; a budget of null is not stated. `links` are pairs of capabilities that must exchange data."""

    site_id = fields.UUID(required=True, error_messages=_UUID)
    title = Line(80, 1, required=True)
    description = Text(MAX_DESCRIPTION, load_default="")
    requirements = Items(Part(RequirementIn), MAX_REQUIREMENTS, 1, required=True)
    links = Items(Items(Code("capability"), 2, 2), MAX_LINKS, load_default=list)
    target_level = Part(TargetLevel, load_default=None, allow_none=True)
    budget_amount = Won(load_default=None, allow_none=True)
    deadline = Day(load_default=None, allow_none=True)
    programme = Line(80, 1, load_default=None, allow_none=True)


class DraftIn(DemandIn):
    """A demand that is not finished: name and needs may be missing."""

    title = Line(80, load_default="")
    requirements = Items(Part(RequirementIn), MAX_REQUIREMENTS, load_default=list)


class DemandByProgramIn(DemandIn):
    """What a site needs, stated by a program: without `site_id` it is the organization's only site."""

    site_id = fields.UUID(load_default=None, error_messages=_UUID)


class DraftByProgramIn(DraftIn):
    """An unfinished demand, kept by a program: without `site_id` it is at the organization's only site."""

    site_id = fields.UUID(load_default=None, error_messages=_UUID)


class DemandRevisionIn(DemandByProgramIn):
    """The same for a demand that is there; with `version` it is refused when somebody has changed it meanwhile."""

    version = Whole(1, MAX_VERSION, load_default=None, allow_none=True)


class DemandOut(DraftIn):
    """A demand with its id, state, version and audience; a draft may lack its title and requirements."""

    id = fields.UUID(required=True)
    state = fields.String(required=True)
    version = fields.Integer(required=True)
    audience = fields.String(required=True)
    organizations = fields.List(fields.UUID(), required=True)
    alliance_id = fields.UUID(required=True, allow_none=True)
    closed_reason = fields.String(required=True, allow_none=True)


class ClosingIn(Strict):
    """Why a demand ends."""

    reason = Choice(REASONS, required=True)
    note = Text(500, load_default="")


class AudienceIn(Strict):
    """Who is to see a demand; `organizations` are confirmed vendors that see it with the firm's name, `alliance` the
    one alliance that sees it without."""

    audience = Choice(AUDIENCES, required=True)
    organizations = Items(fields.UUID(error_messages=_UUID), MAX_NAMED, load_default=list)
    alliance = fields.UUID(load_default=None, allow_none=True, error_messages=_UUID)


class NarrowingIn(Strict):
    """Who is to go on seeing a demand; without `organizations` everybody who was named."""

    audience = Choice(AUDIENCES, required=True)
    organizations = Items(fields.UUID(error_messages=_UUID), MAX_NAMED, load_default=None, allow_none=True)


class VersionOut(Strict):
    """One version: who wrote it, when, and which fields differ from the version before."""

    number = fields.Integer(required=True)
    by = fields.String(required=True)
    at = fields.DateTime(required=True)
    content = fields.Dict(keys=fields.String(), required=True)
    changed = fields.List(fields.String(), required=True)


class DemandTextIn(Strict):
    """What somebody wrote about a need, in Korean or English."""

    text = Text(MOST_CHARACTERS, 1, required=True)


class FoundOut(Strict):
    """One thing that was understood: which words (start and end in `text`) gave which field, and whether for sure."""

    field = fields.String(required=True)
    value = fields.Raw(required=True)
    words = fields.String(required=True)
    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    sure = fields.Boolean(required=True)


class SpanOut(Strict):
    """Words in which nothing was understood."""

    words = fields.String(required=True)
    start = fields.Integer(required=True)
    end = fields.Integer(required=True)


class RequirementOut(Strict):
    """One capability as a demand would ask for it."""

    capability = fields.String(required=True)
    must = fields.Boolean(required=True)
    min_quality = fields.Integer(required=True)


class DemandReadingOut(Strict):
    """What was understood, as fields of a demand; nothing is saved."""

    text = fields.String(required=True)
    found = fields.List(fields.Nested(FoundOut), required=True)
    not_understood = fields.List(fields.Nested(SpanOut), required=True)
    contradictions = fields.List(fields.String(), required=True)
    requirements = fields.List(fields.Nested(RequirementOut), required=True)
    links = fields.List(fields.List(fields.String()), required=True)
    target_level = fields.Integer(required=True, allow_none=True)
    budget_amount = fields.Integer(required=True, allow_none=True)
    deadline = fields.Date(required=True, allow_none=True)


class BoardRequirementOut(Strict):
    """One capability that a demand on the board asks for; the quality is shown to named organizations only."""

    capability = fields.String(required=True)
    must = fields.Boolean(required=True)
    min_quality = fields.Integer(required=True, allow_none=True)


class BandOut(Strict):
    """From one number to another; null: no end."""

    low = fields.Integer(required=True)
    high = fields.Integer(required=True, allow_none=True)


class AudienceViewOut(Strict):
    """What one organization sees of a demand; what would describe fewer than five firms is null."""

    id = fields.UUID(required=True)
    named = fields.Boolean(required=True)
    organization = fields.String(required=True, allow_none=True)
    site = fields.String(required=True, allow_none=True)
    title = fields.String(required=True, allow_none=True)
    description = fields.String(required=True, allow_none=True)
    deadline = fields.String(required=True, allow_none=True)
    industry = fields.String(required=True, allow_none=True)
    sector = fields.String(required=True, allow_none=True)
    region = fields.String(required=True, allow_none=True)
    area = fields.String(required=True, allow_none=True)
    size = fields.Nested(BandOut, required=True, allow_none=True)
    level = fields.Integer(required=True, allow_none=True)
    level_basis = fields.String(required=True, allow_none=True)
    target_level = fields.Integer(required=True, allow_none=True)
    requirements = fields.List(fields.Nested(BoardRequirementOut), required=True)
    links = fields.List(fields.List(fields.String()), required=True)
    budget = fields.Nested(BandOut, required=True, allow_none=True)
    quarter = fields.String(required=True, allow_none=True)


def domain_fields(data: dict[str, Any]) -> DemandFields:
    """A parsed demand as the domain takes it: without its site, the target level as a number."""
    target = data["target_level"]
    rest = {key: value for key, value in data.items() if key not in ("site_id", "version")}
    return cast(DemandFields, {**rest, "target_level": None if target is None else target["value"]})
