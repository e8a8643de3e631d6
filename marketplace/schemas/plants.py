"""Sites, demands and match lists, in and out."""

from typing import Any, cast

from marshmallow import fields

from catalog.sites import MAX_SYSTEMS
from marketplace.schemas.fields import Choice, Code, Day, Flag, Items, Line, Part, Strict, Text, Whole, Won
from marketplace.schemas.listings import MAX_CODES, IndustryKey
from matching.demands import MAX_REQUIREMENTS, DemandFields
from matching.models.assessment import BASES, COMPANY_LEVEL, SCALES


class SystemIn(Strict):
    """A system in use."""

    name = Line(80, 1, required=True)
    capability = Code("capability", load_default=None, allow_none=True)
    interfaces = Items(Code("interface"), MAX_CODES, load_default=list)


class LevelIn(Strict):
    """A site's level: a number means nothing without its scale and basis; null is "we do not know"."""

    scale = Choice(SCALES, required=True)
    value = Whole(1, 5, required=True, allow_none=True)
    basis = Choice(BASES, required=True)


class SiteIn(Strict):
    """A factory."""

    name = Line(80, 1, required=True)
    industry = Part(IndustryKey, required=True)
    region = Code("region", required=True)
    headcount = Whole(1, 1_000_000, required=True)
    processes = Items(Code("process"), MAX_CODES, load_default=list)
    interfaces = Items(Code("interface"), MAX_CODES, load_default=list)
    systems = Items(Part(SystemIn), MAX_SYSTEMS, load_default=list)
    level = Part(LevelIn, load_default=None, allow_none=True)


class SiteOut(SiteIn):
    """A factory with its id."""

    id = fields.UUID(required=True)


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
    """What a site needs; a budget of null is not stated."""

    site_id = fields.UUID(
        required=True, error_messages={"required": "required", "null": "null", "invalid_uuid": "uuid"}
    )
    title = Line(80, 1, required=True)
    description = Text(2000, load_default="")
    requirements = Items(Part(RequirementIn), MAX_REQUIREMENTS, 1, required=True)
    target_level = Part(TargetLevel, load_default=None, allow_none=True)
    budget_amount = Won(load_default=None, allow_none=True)
    deadline = Day(load_default=None, allow_none=True)


class DemandByProgramIn(DemandIn):
    """What a site needs, stated by a program: without `site_id` it is the organization's only site."""

    site_id = fields.UUID(load_default=None, error_messages={"null": "null", "invalid_uuid": "uuid"})


class DemandOut(DemandIn):
    """A demand with its id and state."""

    id = fields.UUID(required=True)
    state = fields.String(required=True)


class PartOut(Strict):
    """One axis of a score: points out of its weight, 0–1 value, and whether it is known."""

    axis = fields.String(required=True)
    state = fields.String(required=True)
    weight = fields.Integer(required=True)
    value = fields.Float(required=True)
    points = fields.Float(required=True)


class ReasonOut(Strict):
    """One reason for, against, or what is not known."""

    axis = fields.String(required=True)
    sign = fields.String(required=True)
    code = fields.String(required=True)
    text = fields.String(required=True)


class MatchOut(Strict):
    """One ranked listing. `score` is the fit 0–100; policy term and text part stand apart from it."""

    rank = fields.Integer(required=True)
    listing = fields.UUID(required=True)
    title = fields.String(required=True)
    vendor = fields.String(required=True)
    score = fields.Float(required=True)
    axes = fields.Dict(keys=fields.String(), values=fields.Float(allow_none=True), required=True)
    parts = fields.List(fields.Nested(PartOut), required=True)
    unknown_axes = fields.List(fields.String(), required=True, data_key="unknown")
    policy = fields.Float(required=True)
    text = fields.Float(required=True)
    reasons = fields.List(fields.Nested(ReasonOut), required=True)


class ExclusionOut(Strict):
    """A listing that was left out, with the first reason and all codes."""

    listing = fields.UUID(required=True)
    title = fields.String(required=True)
    code = fields.String(required=True)
    codes = fields.List(fields.String(), required=True)
    text = fields.String(required=True)


class MatchListOut(Strict):
    """The answer to a demand."""

    list_id = fields.UUID(required=True)
    demand_id = fields.UUID(required=True)
    weights = fields.String(required=True)
    not_in_use = fields.List(fields.String(), required=True)
    revision = fields.Integer(required=True)
    total = fields.Integer(required=True)
    items = fields.List(fields.Nested(MatchOut), required=True)
    excluded = fields.List(fields.Nested(ExclusionOut), required=True)


def domain_fields(data: dict[str, Any]) -> DemandFields:
    """A parsed demand as the domain takes it: without its site, the target level as a number."""
    target = data["target_level"]
    rest = {key: value for key, value in data.items() if key != "site_id"}
    return cast(DemandFields, {**rest, "target_level": None if target is None else target["value"]})
