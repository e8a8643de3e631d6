"""Why an answer is the exact one."""

from dataclasses import dataclass
from typing import Literal

How = Literal["all", "bound", "order", "pass"]


@dataclass(frozen=True, slots=True)
class Certificate:
    """How the hits of one answer were proven.

    Attributes:
        how: "all": every listing that passes was among the candidates; "bound": no other listing can have reached
            the page; "order": the server sorts by stored values alone; "pass": every listing was scored.
        candidates: how many candidates were asked for, K.
        rounds: how often.
        slack: by how much the server's text score could be too low.
    """

    how: How
    candidates: int
    rounds: int
    slack: float
