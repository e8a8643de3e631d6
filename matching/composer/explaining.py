"""Why there is no bundle: what cannot hold together, and what would make the demand possible.

Nothing here looks at a clock (only whether somebody wants it to end): limits are counted in the solver's deterministic
time, so that the explanation is the same on every machine.
"""

from dataclasses import replace

from matching.composer import rows
from matching.composer.answers import Answer
from matching.composer.bounds import conflicting
from matching.composer.clashes import clash
from matching.composer.columns import Facts
from matching.composer.repairs import repairs
from matching.composer.solver import Clock, Stop


def explained(answer: Answer, facts: Facts, stop: Stop | None = None) -> Answer:
    """Return the answer to an impossible demand with the reason and with repairs, as far as they were found."""
    clock = Clock(stop=stop)
    model = rows.build(Facts(facts.instance, is_open=True)).model
    first = conflicting(model) or sorted({row.name for row in model.rows if row.name})
    found, witnesses = repairs(facts, clock, first)
    names, is_minimal = clash(facts, clock, first, witnesses)
    core = tuple(":".join(name) for name in names)
    return replace(answer, core=core, is_core_minimal=is_minimal, repairs=found)
