"""What a working copy may lack while it is worked on, and what is refused at once. Pure."""

from collections.abc import Collection

from catalog.bundles import duties
from catalog.bundles import form as forms
from catalog.bundles.form import Form
from catalog.errors import Invalid, Problem

#: Nothing there yet.
_UNFINISHED = frozenset({"required", "item_idle"})
#: Wrong only when it was given so: what somebody else's change brought about is told by the checks, and mended later.
_SHARES = frozenset({"share_missing", "share_outside", "shares_sum", "shares_exceed"})
_DUTIES = frozenset({"duty_missing", "duty_stranger", "duty_cycle", "duty_outside", "duty_ends_early"})


def require(form: Form, given: Collection[str]) -> None:
    """Refuse what can stand in no working copy, and what is wrong with the parts that were given.

    Args:
        given: names of those parts, as in `reading.Changes`.

    Raises:
        Invalid: each at its field.
    """
    tolerated = _UNFINISHED
    if not {"shares", "discount_amount"} & {*given}:
        tolerated |= _SHARES
    if "duties" not in given:
        tolerated |= _DUTIES
    found = [
        problem
        for problem in (*forms.problems(form), *duties.problems(form))
        if problem.code not in tolerated
    ]
    if not form.texts.get("title", "").strip():
        found.append(Problem("texts/title", "required"))
    if found:
        raise Invalid(found)


def of(form: Form) -> list[Problem]:
    """Everything that is wrong with a working copy by itself, the unfinished included."""
    return [*forms.problems(form), *duties.problems(form)]
