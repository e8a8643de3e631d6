"""What the operator has set in the demo country: programme rules, and a draft of the next weights."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import ProgrammeRule
from catalog.programmes import rules
from catalog.programmes.past import example_rules, past_rules
from marketplace import audit
from marketplace.demo import naming
from matching import editions
from matching.scoring.editions import parts_of
from matching.scoring.weights import BUILT_IN

DRAFTED_ON = date(2026, 11, 20)
#: The draft sees two points more in evidence and two fewer in price.
SHIFTED = {"evidence": 14, "price": 8}


def lay_down(session: Session) -> None:
    """Publish the rules that the product brings along, with the invented local ones; begin a draft of the weights."""
    at = naming.moment(DRAFTED_ON)
    rules.add_new(session, [*past_rules(), *example_rules()], at)
    for rule in session.scalars(select(ProgrammeRule).order_by(ProgrammeRule.id)):
        naming.give(rule, at, str(rule.code))
        audit.record(session, "programme.publish", rule)
    draft = editions.draft(session, DRAFTED_ON, at)
    naming.give(draft, at, "next")
    session.flush()  # changing a draft looks at its row again
    first = parts_of(BUILT_IN)
    editions.change(session, draft, replace(first, axis={**first.axis, **SHIFTED}), at)
    audit.record(session, "weights.draft", draft)
