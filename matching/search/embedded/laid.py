"""A state's arrays under flat names, and back: `0/columns/level` is the levels of the first segment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields

import numpy as np

from matching.search.embedded.arrays import Array
from matching.search.embedded.columns import Columns, arrays_of
from matching.search.embedded.facets import facets_of
from matching.search.embedded.lexical import Postings
from matching.search.embedded.lexicon import Lexicon
from matching.search.embedded.segment import Documents, Segment
from matching.search.embedded.state import Part, State
from matching.search.embedded.stored import StoredDocuments

_POSTINGS = ("starts", "rows", "counts", "lengths", "norms")
_FACETS = ("members", "held")
_PART = ("live", "dead_words", "dead_grams")


def out(state: State) -> dict[str, Array]:
    """Return every array of every segment under its name."""
    return {f"{place}/{name}": each for place, part in enumerate(state.parts) for name, each in _of(part)}


def parts(
    arrays: Mapping[str, Array], described: Sequence[tuple[int, Sequence[tuple[str, str]]]], text: memoryview
) -> tuple[Part, ...]:
    """Return the parts of a state.

    Args:
        arrays: what `out` returned, and for each segment `ends`: where its documents end in `text`.
        described: for each segment, how many rows are dead, and the (facet, value) of its bitmaps.

    Raises:
        KeyError, IndexError, ValueError: something is missing.
    """
    made: list[Part] = []
    first = 0
    for place, (dead, values) in enumerate(described):
        of = _under(arrays, f"{place}/")
        size = len(of["ids"])
        starts = np.concatenate([[first], of["ends"]])
        first = int(starts[-1])
        store = StoredDocuments(text, starts)
        segment = Segment(
            ids=of["ids"],
            documents=Documents([None] * size, [store], np.zeros(size, np.int64), np.arange(size)),
            words=_postings(_under(of, "words/")),
            grams=_postings(_under(of, "grams/")),
            columns=Columns(**{each.name: of[f"columns/{each.name}"] for each in fields(Columns)}),
            facets=facets_of(
                [(facet, value) for facet, value in values], *(of[f"facets/{name}"] for name in _FACETS)
            ),
        )
        made.append(Part(segment, of["live"], dead, of["dead_words"], of["dead_grams"]))
    return tuple(made)


def _of(part: Part) -> Iterator[tuple[str, Array]]:
    segment = part.segment
    yield "ids", segment.ids
    yield from ((name, getattr(part, name)) for name in _PART)
    for name, field in (("words", segment.words), ("grams", segment.grams)):
        yield from ((f"{name}/{key}", getattr(field, key)) for key in _POSTINGS)
        yield from ((f"{name}/lexicon/{key}", each) for key, each in field.lexicon.arrays().items())
    yield from ((f"columns/{key}", each) for key, each in arrays_of(segment.columns).items())
    yield from ((f"facets/{key}", getattr(segment.facets, key)) for key in _FACETS)


def _postings(arrays: Mapping[str, Array]) -> Postings:
    starts, rows, counts, lengths, norms = (arrays[key] for key in _POSTINGS)
    return Postings(Lexicon.from_arrays(_under(arrays, "lexicon/")), starts, rows, counts, lengths, norms)


def _under(arrays: Mapping[str, Array], prefix: str) -> dict[str, Array]:
    return {key.removeprefix(prefix): each for key, each in arrays.items() if key.startswith(prefix)}
