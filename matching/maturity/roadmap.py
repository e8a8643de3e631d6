"""From the level now to the goal: steps level by level, and what each needs. Pure; docs/self-check.md has the rules.

A step raises the weakest areas, one after the other, until the mean of the answers reaches the next level. Of an area's
list those capabilities fit that a site of the step's first level can enter and that lead to its next level or further.
What fits and is in use, or was brought by an earlier step, is enough; otherwise the first that fits is a must, after
what it builds on. The next one that fits, if all it builds on is there, is nice to have.

Every capability, level and order here is the product's own proposal, not an official path.
"""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from catalog import taxonomy
from matching.maturity import scoring
from matching.maturity.items import Instrument
from matching.maturity.scoring import Answers

HIGHEST = 5
#: Areas that a step works on when no answers say which are weak enough.
AREAS_WITHOUT_MEAN = scoring.WEAKEST

#: "needed": to be got in this step; "in_use": runs at the site; "earlier": an earlier step brings it.
Standing = Literal["needed", "in_use", "earlier"]


@dataclass(frozen=True, slots=True)
class CapabilityNeed:
    """One capability of a step.

    Attributes:
        must: without it the step is not reached; otherwise nice to have.
        area: the area that it lifts.
        before: the capability that builds on it, "" when the area itself asks for it.
    """

    capability: str
    must: bool
    standing: Standing
    area: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class AreaLift:
    """What a step does to an area: its mean before and after, None when its questions have no answer."""

    area: str
    before: Fraction | None
    after: Fraction | None


@dataclass(frozen=True, slots=True)
class Step:
    """From one company level to the next.

    Attributes:
        number: from 1.
        mean_before, mean_after: of the same answers before the step, and with every question of its areas raised to
            `to_level`; None when the level does not come from answers.
        later: the step lies beyond the goal.
    """

    number: int
    from_level: int
    to_level: int
    lifts: tuple[AreaLift, ...]
    needs: tuple[CapabilityNeed, ...]
    mean_before: Fraction | None
    mean_after: Fraction | None
    later: bool

    @property
    def to_get(self) -> tuple[str, ...]:
        """Must capabilities that are still to be got, in the order in which they build on one another."""
        return tuple(need.capability for need in self.needs if need.must and need.standing == "needed")


def steps(
    instrument: Instrument,
    *,
    level: int,
    goal: int,
    answers: Answers | None = None,
    counts: bool = True,
    in_use: Collection[str] = (),
) -> tuple[Step, ...]:
    """Plan the way from `level` to `goal`, and one step beyond it while there is one.

    Args:
        level, goal: company levels 1–5; no steps when the goal is reached and it is 5.
        answers: of the last self-check; None = there is none, then every area is worked on.
        counts: whether the level comes from these answers; if not they only say which areas are weak.
        in_use: capabilities of the systems at the site.
    """
    have: dict[str, Standing] = dict.fromkeys(in_use, "in_use")
    said = dict(answers or {})
    found: list[Step] = []
    for start in range(level, min(max(goal, level) + 1, HIGHEST)):
        areas = _areas(instrument, said, start + 1, counts)
        raised = _raised(instrument, said, areas, start + 1)
        before, after = scoring.result(instrument, said), scoring.result(instrument, raised)
        needs = _needs(instrument, areas, start, have)
        found.append(
            Step(
                number=len(found) + 1,
                from_level=start,
                to_level=start + 1,
                lifts=_lifts(areas, before, after),
                needs=needs,
                mean_before=before.mean if counts else None,
                mean_after=after.mean if counts else None,
                later=start >= goal,
            )
        )
        have |= {need.capability: "earlier" for need in needs if need.must and need.standing == "needed"}
        said = raised
    return tuple(found)


def _lifts(areas: Collection[str], before: scoring.Result, after: scoring.Result) -> tuple[AreaLift, ...]:
    means = {area.id: (area.mean, late.mean) for area, late in zip(before.areas, after.areas, strict=True)}
    return tuple(AreaLift(area, *means[area]) for area in areas)


def _areas(instrument: Instrument, answers: Answers, target: int, counts: bool) -> tuple[str, ...]:
    """The areas to work on for the level `target`, weakest first."""
    weak = [area.id for area in scoring.by_weakness(scoring.result(instrument, answers).areas)]
    if not weak:
        return tuple(area.id for area in instrument.areas)
    if not counts:
        return tuple(weak[:AREAS_WITHOUT_MEAN])
    for many in range(1, len(weak) + 1):
        mean = scoring.result(instrument, _raised(instrument, answers, weak[:many], target)).mean
        if mean is not None and mean >= scoring.begins_at(target):
            return tuple(weak[:many])
    return tuple(weak)


def _raised(
    instrument: Instrument, answers: Answers, areas: Collection[str], target: int
) -> dict[str, int | None]:
    """The answers with every answered question of these areas at `target` or more."""
    lifted = {question.id for question in instrument.questions if question.area in areas}
    return {
        question: max(value, target) if question in lifted and value is not None else value
        for question, value in answers.items()
    }


def _needs(
    instrument: Instrument, areas: Collection[str], start: int, have: dict[str, Standing]
) -> tuple[CapabilityNeed, ...]:
    """What a step from the level `start` needs in these areas: first the musts, each after what it builds on."""
    needs: dict[str, CapabilityNeed] = {}
    fitting = {
        area: [code for code in instrument.area(area).capabilities if _leads_on(code, start)]
        for area in areas
    }
    for area, codes in fitting.items():
        standing = [code for code in codes if code in have]
        for code in standing:
            needs.setdefault(code, CapabilityNeed(code, True, have[code], area))
        if codes and not standing:
            _add(instrument, needs, codes[0], area, have)
    for area, codes in fitting.items():
        ready = [code for code in codes if code not in have and code not in needs]
        ready = [code for code in ready if {*instrument.builds_on.get(code, ())} <= {*have, *needs}]
        if ready:
            needs[ready[0]] = CapabilityNeed(ready[0], False, "needed", area)
    return tuple(sorted(needs.values(), key=lambda need: (not need.must, need.standing == "needed")))


def _add(
    instrument: Instrument,
    needs: dict[str, CapabilityNeed],
    code: str,
    area: str,
    have: dict[str, Standing],
    *,
    before: str = "",
) -> None:
    for earlier in instrument.builds_on.get(code, ()):
        if earlier not in have and earlier not in needs:
            _add(instrument, needs, earlier, area, have, before=code)
    needs.setdefault(code, CapabilityNeed(code, True, "needed", area, before))


def _leads_on(code: str, start: int) -> bool:
    """Whether a site of the level `start` can begin with the capability and is led to the next level or further."""
    capability = taxonomy.capability(code)
    return capability is not None and capability.entry_level <= start < capability.lifts_to_level
