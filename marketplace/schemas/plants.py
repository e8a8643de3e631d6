"""Match lists, out."""

from marshmallow import fields

from marketplace.schemas.fields import Strict


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


class MoneyOut(Strict):
    """The first year of the considered plan by payer, whole won without VAT; VAT is the company's and stands apart."""

    list_amount = fields.Integer(required=True)
    national_amount = fields.Integer(required=True)
    local_amount = fields.Integer(required=True)
    own_amount = fields.Integer(required=True)
    vat_amount = fields.Integer(required=True)


class LiftOut(Strict):
    """Company levels towards the target, and how many of them for ten million won of own money; null = nothing paid."""

    levels = fields.Integer(required=True)
    own_amount = fields.Integer(required=True)
    per_10m = fields.Float(required=True, allow_none=True)


class FlipOut(Strict):
    """The smallest change of one fact that costs the first listing its place; excluded: it leaves the list."""

    axis = fields.String(required=True)
    fact = fields.String(required=True)
    now = fields.Raw(required=True, allow_none=True)
    then = fields.Raw(required=True, allow_none=True)
    code = fields.String(required=True, allow_none=True)
    excluded = fields.Boolean(required=True)


class SupportRuleOut(Strict):
    """A rule of a support programme; `time` says whether it is past, present or future on the day of the list."""

    payer = fields.String(required=True)
    rule = fields.String(required=True)
    name = fields.String(required=True)
    name_en = fields.String(required=True)
    body = fields.String(required=True)
    rate_bp = fields.Integer(required=True, allow_none=True)
    cap_amount = fields.Integer(required=True, allow_none=True)
    cap_unit = fields.String(required=True)
    time = fields.String(required=True)
    last_day = fields.Date(required=True)
    synthetic = fields.Boolean(required=True)


class SupportOut(Strict):
    """The rules that counted when the demand names a programme, else those that hold; local_missing: the province has
    no rule, so its share is 0."""

    programme = fields.String(required=True, allow_none=True)
    found = fields.Boolean(required=True)
    rules = fields.List(fields.Nested(SupportRuleOut), required=True)
    current = fields.List(fields.Nested(SupportRuleOut), required=True)
    local_missing = fields.Boolean(required=True)


class MatchOut(Strict):
    """One ranked listing. `score` is the fit 0–100; policy term and text part stand apart from it."""

    rank = fields.Integer(required=True)
    listing = fields.UUID(required=True)
    title = fields.String(required=True)
    vendor = fields.String(required=True)
    release = fields.Integer(required=True)
    rank_without_policy = fields.Integer(required=True, allow_none=True)
    money = fields.Nested(MoneyOut, required=True, allow_none=True)
    lift = fields.Nested(LiftOut, required=True, allow_none=True)
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
    demand_version = fields.Integer(required=True, allow_none=True)
    policy = fields.Boolean(required=True)
    support = fields.Nested(SupportOut, required=True, allow_none=True)
    flips = fields.List(fields.Nested(FlipOut), required=True)
    ways_back = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.Dict(keys=fields.String(), values=fields.Raw())),
        required=True,
    )
    total = fields.Integer(required=True)
    items = fields.List(fields.Nested(MatchOut), required=True)
    excluded = fields.List(fields.Nested(ExclusionOut), required=True)
