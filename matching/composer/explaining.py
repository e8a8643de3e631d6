"""Why there is no bundle: what cannot hold together, and what would make the demand possible.

Nothing here looks at a clock (only whether somebody wants it to end): limits are counted in the solver's deterministic
time, so that the explanation is the same on every machine.
"""

from dataclasses import replace

from matching.composer import rows
from matching.composer.answers import Answer
from matching.composer.bounds import conflicting
from matching.composer.changing import KINDS
from matching.composer.clashes import clash, required
from matching.composer.columns import Facts
from matching.composer.repairs import repairs
from matching.composer.solver import Clock, Stop


def explained(
    answer: Answer, facts: Facts, proof: frozenset[tuple[str, ...]] | None, stop: Stop | None = None
) -> Answer:
    """Return the answer to an impossible demand with the reason and with repairs, as far as they were found.

    Args:
        proof: names of rows of the demand's model that leave no bundle; None when nobody knows.
    """
    clock = Clock(stop=stop)
    first = clashing(facts, proof)
    found, witnesses = repairs(facts, clock, first)
    names, is_minimal = clash(facts, clock, first, witnesses)
    core = tuple(":".join(name) for name in names)
    return replace(answer, core=core, is_core_minimal=is_minimal, repairs=found)


def clashing(facts: Facts, proof: frozenset[tuple[str, ...]] | None) -> list[tuple[str, ...]]:
    """Return names of requirements that cannot hold together; all of them if no relaxation tells."""
    if proof is not None:
        return required(facts, proof)
    model = rows.build(Facts(facts.instance, opened=KINDS)).model
    return conflicting(model) or sorted({row.name for row in model.rows if row.name})
