"""Self-checks of the demo country: one factory with a history, one that stopped half way."""

from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.demo import naming
from marketplace.demo.plants import Sites
from marketplace.demo.source import Country
from matching.maturity import items, self_checks
from matching.models.assessment import SELF_CHECK

#: The file's word for 모르겠어요.
_UNKNOWN = "?"


def answer(session: Session, country: Country, made: Sites) -> None:
    """Answer every run on its day, and finish those that are whole."""
    questions = items.instrument().questions
    for entry in country.self_checks:
        site, day = made[entry["manufacturer"], entry["site"]], entry["day"]
        run = self_checks.start(session, site, day)
        naming.give(run, naming.moment(day), site.public_id, day.isoformat())
        audit.record(session, "self_check.start", run)
        for question, digit in zip(questions, entry["answers"], strict=False):
            value = None if digit == _UNKNOWN else int(digit)
            self_checks.answer(session, run, question.id, value, naming.moment(day, question.number))
        audit.record(session, "self_check.answer", run, count=len(entry["answers"]))
        if len(entry["answers"]) == len(questions):
            assessment = self_checks.finish(session, run, day)
            naming.give(assessment, naming.moment(day, len(questions)), run.public_id, SELF_CHECK)
            audit.record(session, "self_check.finish", run)
