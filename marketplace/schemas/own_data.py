"""What is typed where own data is to go."""

from marshmallow import fields

from marketplace.accounts.data_requests import ASKED, GONE, READY
from marketplace.accounts.passwords import MAX_LENGTH
from marketplace.schemas.fields import Choice, Line, Strict, Text


class DeletionIn(Strict):
    """The password, and why."""

    password = Line(MAX_LENGTH, 1, required=True)
    reason = Line(500, load_default="")


class AnswerIn(Strict):
    """The operator's words to the organization."""

    answer = Text(2000, 1, required=True)


class ExportOut(Strict):
    """A copy of own data: asked for, made by the worker, there for a week."""

    id = fields.UUID(required=True)
    state = Choice((ASKED, READY, GONE), required=True)
    created_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "When it is taken away; null until it is ready."},
    )
    size = fields.Integer(required=True, allow_none=True, metadata={"description": "Bytes of the archive."})
    sha256 = fields.String(required=True, allow_none=True)
