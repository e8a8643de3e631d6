"""What-ifs, shortlists and shared lists, in and out."""

from marshmallow import fields

from marketplace.accounts.shares import MAX_DAYS, MIN_DAYS, USUAL_DAYS
from marketplace.schemas.fields import ByWord, Choice, Code, Flag, Items, Line, Strict, Text, Whole, Won
from marketplace.schemas.plants import MatchListOut
from matching.shortlists import MAX_NOTE
from matching.what_ifs import MAX_WEIGHT

DIRECTIONS = ("up", "down")


class WhatIfIn(Strict):
    """What to try out; at least one thing. Weights are brought to a sum of 100; those left out are 0."""

    weights = ByWord(
        keys=Code(), values=Whole(0, MAX_WEIGHT, required=True), load_default=None, allow_none=True
    )
    policy = Flag(load_default=True)
    budget_amount = Won(load_default=None, allow_none=True)
    nice = Items(Code("capability"), 40, load_default=list)


class ChangesOut(Strict):
    """What was tried out; `weights` as they were applied."""

    weights = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True, allow_none=True)
    policy = fields.Boolean(required=True)
    budget_amount = fields.Integer(required=True, allow_none=True)
    nice = fields.List(fields.String(), required=True)


class WhatIfOut(Strict):
    """A list that only tried something out."""

    changes = fields.Nested(ChangesOut, required=True)
    list_ = fields.Nested(MatchListOut, required=True, data_key="list", attribute="list")


class ShortlistIn(Strict):
    """A public listing to keep in view; `plan` is the id of the plan that was looked at."""

    listing = fields.UUID(
        required=True, error_messages={"required": "required", "null": "null", "invalid_uuid": "uuid"}
    )
    plan = Line(36, load_default=None, allow_none=True)
    note = Text(MAX_NOTE, load_default="")


class ShortlistNoteIn(Strict):
    """A note, and the save of it that its writer read."""

    note = Text(MAX_NOTE, required=True)
    revision = Whole(1, 2**31 - 1, required=True)


class ShortlistMoveIn(Strict):
    """One place up or down."""

    direction = Choice(DIRECTIONS, required=True)


class ShortlistChangeOut(Strict):
    """What is otherwise now than when the listing was put on the list."""

    code = fields.String(required=True)
    before = fields.String(required=True, allow_none=True)
    after = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)


class ShortlistItemOut(Strict):
    """One line of a shortlist, with the list price and the certificate as they were when it was put there."""

    id = fields.UUID(required=True)
    listing = fields.UUID(required=True)
    release = fields.Integer(required=True)
    title = fields.String(required=True)
    vendor = fields.String(required=True)
    position = fields.Integer(required=True)
    note = fields.String(required=True)
    revision = fields.Integer(required=True)
    price_amount = fields.Integer(required=True, allow_none=True)
    certificate = fields.String(required=True)
    certificate_expires_on = fields.Date(required=True)
    changes = fields.List(fields.Nested(ShortlistChangeOut), required=True)


class ShareIn(Strict):
    """How long a link to a list works and what it shows; without `list_id` it is the newest list."""

    list_id = fields.UUID(load_default=None, allow_none=True, error_messages={"invalid_uuid": "uuid"})
    days = Whole(MIN_DAYS, MAX_DAYS, load_default=USUAL_DAYS)
    named = Flag(load_default=False)
    with_notes = Flag(load_default=False)


class ShareOut(Strict):
    """A link, without its address."""

    id = fields.UUID(required=True)
    list_id = fields.UUID(required=True)
    named = fields.Boolean(required=True)
    with_notes = fields.Boolean(required=True)
    made_by = fields.String(required=True)
    created_at = fields.DateTime(required=True)
    expires_at = fields.DateTime(required=True)
    revoked_at = fields.DateTime(required=True, allow_none=True)
    opens = fields.Integer(required=True)
    last_opened_at = fields.DateTime(required=True, allow_none=True)


class NewShareOut(ShareOut):
    """A link with its address, which is answered once."""

    url = fields.String(required=True)
