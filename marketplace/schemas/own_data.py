"""What is typed where own data is to go."""

from marketplace.accounts.passwords import MAX_LENGTH
from marketplace.schemas.fields import Line, Strict, Text


class DeletionIn(Strict):
    """The password, and why."""

    password = Line(MAX_LENGTH, 1, required=True)
    reason = Line(500, load_default="")


class AnswerIn(Strict):
    """The operator's words to the organization."""

    answer = Text(2000, 1, required=True)
