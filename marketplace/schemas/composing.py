"""Runs of the composer, in and out."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from marketplace.schemas.fields import Choice, Items, Line, Part, Strict, Whole, Won
from matching.composer.instance import MAX_LEVEL, MAX_QUALITY, MIN_LEVEL, POOLS
from matching.composing import wishes
from matching.composing.results import LISTS
from matching.composing.wishes import WEIGHINGS, Wishes
from matching.models.compose_run import STATES

_UUID: dict[str, Any] = {"required": "required", "null": "null", "invalid_uuid": "uuid"}
_USUAL = Wishes()
#: The listing's name, as long as any.
TITLE_LENGTH = 80


class ChangeIn(Strict):
    """A step of a repair that is tried: as `steps` of an answer have it."""

    requirement = Line(200, 1, required=True)
    change = Line(60, 1, required=True)


class ComposeIn(Strict):
    """How a bundle is composed; what is left out is as usual. `keep` and `never` are listings."""

    pool = Choice(POOLS, load_default=_USUAL.pool)
    weighing = Choice(WEIGHINGS, load_default=_USUAL.weighing)
    point_amount = Whole(0, wishes.MAX_POINT_AMOUNT, load_default=_USUAL.point_amount)
    vendor_amount = Won(load_default=_USUAL.vendor_amount)
    level = Whole(MIN_LEVEL, MAX_LEVEL, load_default=None, allow_none=True)
    budget_amount = Won(load_default=None, allow_none=True)
    max_vendors = Whole(1, wishes.MAX_LOCKS, load_default=None, allow_none=True)
    min_quality = Whole(1, MAX_QUALITY, load_default=_USUAL.min_quality)
    programme = Line(80, load_default=None, allow_none=True)
    keep = Items(fields.UUID(error_messages=_UUID), wishes.MAX_LOCKS, load_default=list)
    never = Items(fields.UUID(error_messages=_UUID), wishes.MAX_LOCKS, load_default=list)
    changes = Items(Part(ChangeIn), wishes.MAX_CHANGES, load_default=list)
    alternatives = Whole(0, wishes.MAX_ALTERNATIVES, load_default=_USUAL.alternatives)
    points = Whole(2, wishes.MAX_POINTS, load_default=_USUAL.points)
    seconds = Whole(wishes.LEAST_SECONDS, wishes.MOST_SECONDS, load_default=_USUAL.seconds)


class DraftIn(Strict):
    """Which bundle of an answer becomes a draft, and what it is called."""

    list = Choice(LISTS, load_default=LISTS[0])
    place = Whole(0, wishes.MAX_POINTS, load_default=0)
    title = Line(TITLE_LENGTH, 1, required=True)
    title_en = Line(TITLE_LENGTH, load_default="")


class FailureOut(Strict):
    """Why there is no answer."""

    pointer = fields.String(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)


class BoughtOut(Strict):
    """A listing with its plan at its list price, and what it answers for."""

    listing = fields.UUID(required=True)
    title = fields.String(required=True)
    vendor_id = fields.UUID(required=True)
    vendor = fields.String(required=True)
    member = fields.Boolean(required=True)
    plan = fields.String(required=True)
    price_amount = fields.Integer(required=True)
    capabilities = fields.List(fields.String(), required=True)


class ItemOut(BoughtOut):
    """A listing that is bought, in which plan and stage, and what it answers for."""

    stage = fields.Integer(required=True)


class LinkOut(Strict):
    """How two capabilities exchange data: the same offer, a shared interface, or a connector."""

    capabilities = fields.List(fields.String(), required=True)
    how = fields.String(required=True)
    interfaces = fields.List(fields.String(), required=True)
    price_amount = fields.Integer(required=True)


class ChoiceOut(Strict):
    """A bundle that the independent checker accepts. `bound` is what no bundle can be better than."""

    list = Choice(LISTS, required=True)
    place = fields.Integer(required=True)
    status = fields.String(required=True)
    objective = fields.Raw(required=True)
    bound = fields.Raw(required=True, allow_none=True)
    own_amount = fields.Integer(required=True)
    prices_amount = fields.Integer(required=True)
    connectors_amount = fields.Integer(required=True)
    subsidy_amount = fields.Integer(required=True)
    fit = fields.Integer(required=True)
    vendors = fields.Integer(required=True)
    items = fields.List(fields.Nested(ItemOut), required=True)
    links = fields.List(fields.Nested(LinkOut), required=True)


class RunnerUpOut(Strict):
    """Who would answer for a capability instead; null: nobody, for a wish may stay open."""

    capability = fields.String(required=True)
    listing = fields.UUID(required=True, allow_none=True)
    title = fields.String(required=True, allow_none=True)


class OfferReasonOut(Strict):
    """What the best bundle would be without one of its listings. "infeasible": there is none without it.

    The differences are those of the best bundle without it from the best one; null when there is none, or none was
    found in time. Whoever required a listing is not told why it is there.
    """

    listing = fields.UUID(required=True)
    status = fields.String(required=True)
    runners_up = fields.List(fields.Nested(RunnerUpOut), required=True)
    own_more_amount = fields.Integer(required=True, allow_none=True)
    fit_less = fields.Integer(required=True, allow_none=True)
    vendors_more = fields.Integer(required=True, allow_none=True)
    outside_more = fields.Integer(required=True, allow_none=True)


class RepairOut(Strict):
    """Changes that together make the demand possible; tried before they are shown."""

    price_amount = fields.Integer(required=True)
    steps = fields.List(fields.Dict(keys=fields.String()), required=True)


class AnswerOut(Strict):
    """What was found. "unknown" says nothing about whether there is a bundle; `refused` counts defects."""

    status = Choice(("proven", "good", "infeasible", "unknown"), required=True)
    best = fields.Nested(ChoiceOut, required=True, allow_none=True)
    alternatives = fields.List(fields.Nested(ChoiceOut), required=True)
    pareto = fields.List(fields.Nested(ChoiceOut), required=True)
    reasons = fields.List(fields.Nested(OfferReasonOut), required=True)
    refused = fields.Integer(required=True)
    funnel = fields.Dict(keys=fields.String(), required=True)
    core = fields.List(fields.String(), required=True)
    core_minimal = fields.Boolean(required=True)
    repairs = fields.List(fields.Nested(RepairOut), required=True)
    said = fields.Dict(keys=fields.String(), required=True)


class AnyRunOut(Strict):
    """What every run has: who asked for it, how far it is, why it failed."""

    id = fields.UUID(required=True)
    alliance_id = fields.UUID(required=True)
    state = Choice(STATES, required=True)
    step = fields.String(required=True)
    percent = fields.Integer(required=True)
    wishes = fields.Dict(keys=fields.String(), required=True)
    asked_by = fields.String(required=True)
    asked_at = fields.DateTime(required=True)
    ended_at = fields.DateTime(required=True, allow_none=True)
    instance_sha256 = fields.String(required=True, allow_none=True)
    failure = fields.List(fields.Nested(FailureOut), required=True)


class RunOut(AnyRunOut):
    """A run; `answer` once it is done, `failure` if there can be none."""

    demand_id = fields.UUID(required=True)
    demand_version = fields.Integer(required=True)
    bundle_id = fields.UUID(required=True, allow_none=True)


class RunInFullOut(RunOut):
    """A run with its answer."""

    answer = fields.Nested(AnswerOut, required=True, allow_none=True)


class DraftedOut(Strict):
    """The draft, and the non-members in it that were invited now: nothing is signed until they have joined."""

    bundle_id = fields.UUID(required=True)
    invited = fields.List(fields.UUID(), required=True)


def wishes_of(data: Mapping[str, Any]) -> Wishes:
    """Parsed wishes as the domain takes them.

    Raises:
        Invalid: something does not fit, each at its field.
    """
    return wishes.read(
        {
            **data,
            "programme": data["programme"] or None,
            "keep": [str(one) for one in data["keep"]],
            "never": [str(one) for one in data["never"]],
            "changes": [(one["requirement"], one["change"]) for one in data["changes"]],
        }
    )
