"""What the operator and reporters of abuse write."""

from marketplace.accounts.oversight import REASONS
from marketplace.journeys.abuse import OUTCOMES
from marketplace.schemas.fields import Choice, Email, Line, Strict, Text

MOST = 1000


class ReasonIn(Strict):
    """Why the operator does it; those whom it concerns read it."""

    reason = Text(MOST, 5, required=True)


class AskAgainIn(Strict):
    """What a refused company corrects."""

    name = Line(80, 1, required=True)
    registration_number = Line(20, 1, required=True)


class ReportIn(Strict):
    """A report of abuse."""

    reason = Choice(REASONS, required=True)
    text = Text(MOST, 10, required=True)
    email = Email(load_default="", allow_none=True)


class DecisionIn(Strict):
    """How the operator closes a report."""

    outcome = Choice(OUTCOMES, required=True)
    note = Text(MOST, 5, required=True)
