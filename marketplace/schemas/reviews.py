"""Reviews and decisions, in and out."""

from marshmallow import fields

from catalog.models.review import AUDIENCES, SEVERITIES
from catalog.validation.rubric import CRITERIA, MAX_POINTS
from marketplace.schemas.fields import ByWord, Choice, Day, Flag, Items, Line, Part, Strict, Text, Whole
from marketplace.schemas.listings import ContentOut


class RemarkIn(Strict):
    """One finding of the validator, tied to a field."""

    pointer = Line(120, required=True)
    severity = Choice(SEVERITIES, required=True)
    text = Text(1000, 1, required=True)


class NoteIn(Strict):
    """A word within the house, or to the vendor."""

    audience = Choice(AUDIENCES, required=True)
    text = Text(2000, 1, required=True)


class DecisionIn(Strict):
    """A validator's judgement. Approving needs the rubric, a statement of scope and an expiry."""

    decision = Choice(("approve", "send_back"), required=True)
    no_conflict = Flag(required=True)
    points = ByWord(
        keys=Choice(tuple(c.id for c in CRITERIA)),
        values=Whole(0, MAX_POINTS, allow_none=True),
        load_default=dict,
    )
    findings = Items(Part(RemarkIn), 50, load_default=list)
    notes = Items(Part(NoteIn), 20, load_default=list)
    statement = Text(1000, load_default="")
    expires_on = Day(load_default=None, allow_none=True)


class TakeIn(Strict):
    """Taking a review declares that there is no conflict of interest."""

    no_conflict = Flag(required=True)


class RemarkOut(Strict):
    """A numbered finding."""

    number = fields.Integer(required=True)
    pointer = fields.String(required=True)
    severity = fields.String(required=True)
    text = fields.String(required=True)


class NoteOut(Strict):
    """A note with its author and time."""

    audience = fields.String(required=True)
    author = fields.String(required=True)
    text = fields.String(required=True)
    written_at = fields.DateTime(required=True)


class ReviewOut(Strict):
    """A submission on the desk."""

    id = fields.UUID(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True)
    listing_id = fields.UUID(required=True)
    title = fields.String(required=True)
    vendor = fields.String(required=True)
    submitted_at = fields.DateTime(required=True)


class ReviewDetailOut(ReviewOut):
    """A submission in full."""

    content = fields.Nested(ContentOut, required=True)
    content_hash = fields.String(required=True)
    points = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    findings = fields.List(fields.Nested(RemarkOut), required=True)
    notes = fields.List(fields.Nested(NoteOut), required=True)


class CertificateOut(Strict):
    """A public certificate."""

    number = fields.String(required=True)
    listing_id = fields.UUID(required=True)
    title = fields.String(required=True)
    vendor = fields.String(required=True)
    validator = fields.String(required=True)
    signed_by = fields.String(required=True)
    scope = fields.Dict(required=True)
    score = fields.Integer(required=True)
    issued_on = fields.Date(required=True)
    expires_on = fields.Date(required=True)
    standing = fields.String(required=True)
    content_hash = fields.String(required=True)


class DecisionOut(ReviewOut):
    """What was decided; the certificate if it was approved."""

    certificate = fields.Nested(CertificateOut, required=True, allow_none=True)
