"""Editions of the weights, in."""

from typing import Any

from marketplace.schemas.fields import Choice, Day, Items, Line, Part, Strict, Text, Whole
from matching.scoring.editions import MAX_POLICY_TERM, MAX_TEXT_WEIGHT, MAX_VERSION_LENGTH, TOTAL
from matching.scoring.weights import AXES

#: The nine weights by axis.
AxesIn: Any = Strict.from_dict({axis: Whole(0, TOTAL, required=True) for axis in AXES}, name="AxesIn")


class EditionIn(Strict):
    """The parts of a draft."""

    axis = Part(AxesIn, required=True)
    not_in_use = Items(Choice(AXES), len(AXES), load_default=list)
    text_weight = Whole(0, MAX_TEXT_WEIGHT, required=True)
    policy_term = Whole(0, MAX_POLICY_TERM, required=True)


class EditionPublishIn(Strict):
    """The name of an edition, why it is published, from when it holds; `revision` is the save that was looked at."""

    version = Line(MAX_VERSION_LENGTH, 1, required=True)
    reason = Text(1000, 10, required=True)
    from_on = Day(required=True)
    revision = Whole(1, 2**31 - 1, required=True)
