"""What every engine of the bench does, ours included."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class Answer:
    """One answer.

    Attributes:
        rows: the best twenty, best first, as places of `Facts`.
        scores: what they are ordered by.
        total: how many listings the demand does not exclude.
        facets: facet → value → how many of them have it; values without any are left out.
    """

    rows: Any
    scores: Any
    total: int
    facets: dict


class PeerMissing(Exception):
    """A peer cannot run here; the text names it and what it lacks."""


class Peer(Protocol):
    """An engine that does the bench's work.

    Attributes:
        name: for tables.
        is_exact: its order is the product's; else its answers are measured by recall.
        how: in one sentence, how it is configured.
    """

    name: str
    is_exact: bool
    how: str

    @classmethod
    def versions(cls) -> dict:
        """Return the versions of what it stands on.

        Raises:
            PeerMissing: it is not installed.
        """

    @classmethod
    def build(cls, documents, facts, folder: Path) -> None:
        """Write an index of the listings into an empty folder."""

    def __init__(self, facts, folder: Path) -> None:
        """Open the index in the folder."""

    def answer(self, query) -> Answer:
        """Answer a demand: total, facets, the best twenty."""

    def best(self, query) -> Any:
        """Return the rows of the best twenty alone: what a batch needs."""

    def write(self, row: int, document) -> None:
        """Replace a listing, durably, so that the next answer has it; its facts beside the words stay.

        Peers that cannot write have the attribute as None.
        """

    def having(self, word: str) -> int:
        """Return how many listings have a word."""
