"""The self-check and the roadmap, in and out."""

from marshmallow import fields

from marketplace.schemas.fields import Choice, Flag, Items, Part, QueryWhole, Strict, Whole
from matching.maturity.items import EDITION, instrument

_QUESTIONS = tuple(question.id for question in instrument().questions)


class CheckAnswerIn(Strict):
    """One answer: a state 1–5, or null for "we do not know"."""

    question = Choice(_QUESTIONS, required=True)
    value = Whole(1, 5, required=True, allow_none=True)


class SelfCheckIn(Strict):
    """Answers to an edition; the ones given before stay. `finish` closes the run once every question has one."""

    edition = Choice((EDITION,), load_default=EDITION)
    answers = Items(Part(CheckAnswerIn), len(_QUESTIONS), required=True)
    finish = Flag(load_default=False)


class CheckAreaOut(Strict):
    """One area with the mean 1–5 of its answers; null when none of its questions has one."""

    area = fields.String(required=True)
    mean = fields.Float(required=True, allow_none=True)
    answered = fields.Integer(required=True)
    asked = fields.Integer(required=True)


class CheckedLevelOut(Strict):
    """A level with its scale and basis; a value of null is "no level"."""

    scale = fields.String(required=True)
    value = fields.Integer(required=True, allow_none=True)
    basis = fields.String(required=True)
    on = fields.Date(required=True)


class CheckAnswerOut(Strict):
    """One answer."""

    question = fields.String(required=True)
    value = fields.Integer(required=True, allow_none=True)


class SelfCheckOut(Strict):
    """A run: `level`, its areas and the weakest three once it is finished."""

    id = fields.UUID(required=True)
    site_id = fields.UUID(required=True)
    edition = fields.String(required=True)
    state = fields.String(required=True)
    started_on = fields.Date(required=True)
    finished_on = fields.Date(required=True, allow_none=True)
    answers = fields.List(fields.Nested(CheckAnswerOut), required=True)
    missing = fields.List(fields.String(), required=True)
    mean = fields.Float(required=True, allow_none=True)
    level = fields.Nested(CheckedLevelOut, required=True, allow_none=True)
    areas = fields.List(fields.Nested(CheckAreaOut), required=True)
    weakest = fields.List(fields.String(), required=True)


class RoadmapQuery(Strict):
    """The company level to reach; without it the newest open demand's that aims higher, else one level up."""

    goal = QueryWhole(1, 5, load_default=None)


class RoadmapListingOut(Strict):
    """A public listing that serves a capability, with its fit 0–100 for this capability alone."""

    listing = fields.UUID(required=True)
    title = fields.String(required=True)
    vendor = fields.String(required=True)
    fit = fields.Integer(required=True)


class RoadmapNeedOut(Strict):
    """A capability of a step. `standing`: needed, in_use, earlier. `listings` is null unless it is needed."""

    capability = fields.String(required=True)
    must = fields.Boolean(required=True)
    standing = fields.String(required=True)
    area = fields.String(required=True)
    before = fields.String(required=True, allow_none=True)
    listings = fields.Integer(required=True, allow_none=True)
    from_amount = fields.Integer(required=True, allow_none=True)
    best = fields.List(fields.Nested(RoadmapListingOut), required=True)


class RoadmapStepOut(Strict):
    """From one company level to the next."""

    number = fields.Integer(required=True)
    from_level = fields.Integer(required=True)
    to_level = fields.Integer(required=True)
    later = fields.Boolean(required=True)
    mean_before = fields.Float(required=True, allow_none=True)
    mean_after = fields.Float(required=True, allow_none=True)
    areas = fields.List(fields.String(), required=True)
    needs = fields.List(fields.Nested(RoadmapNeedOut), required=True)
    from_amount = fields.Integer(required=True, allow_none=True)


class RoadmapOut(Strict):
    """The way from the level that holds now to the goal; no steps without a level."""

    site_id = fields.UUID(required=True)
    level = fields.Nested(CheckedLevelOut, required=True, allow_none=True)
    goal = fields.Integer(required=True, allow_none=True)
    steps = fields.List(fields.Nested(RoadmapStepOut), required=True)
