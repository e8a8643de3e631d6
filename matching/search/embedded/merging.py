"""When segments are joined, and which."""

from collections.abc import Sequence

from matching.search.embedded import segment as segments
from matching.search.embedded.segment import Segment
from matching.search.embedded.state import Part, State

#: From so many recent rows on, or where so large a share of the rows is dead, everything is joined into one.
RECENT_ROWS = 2_000
DEAD_SHARE = 0.25
#: Fewer dead rows than this, beside their share, are no reason, however small the index is.
DEAD_ROWS = 32
#: With more small segments than this, the recent ones are joined into one.
RECENT_SEGMENTS = 2


def due(state: State) -> tuple[Part, ...]:
    """Return the parts to be joined now, () when the state is well as it is.

    The largest part is the base; all others are recent writes.
    """
    parts = state.parts
    if not parts:
        return ()
    base = max(parts, key=lambda part: part.segment.size)
    recent = tuple(part for part in parts if part is not base)
    rows = sum(part.segment.size for part in recent)
    dead = sum(part.dead for part in parts)
    if rows > RECENT_ROWS or dead > DEAD_ROWS + DEAD_SHARE * base.segment.size:
        return parts
    return recent if len(recent) > RECENT_SEGMENTS else ()


def joined(parts: Sequence[Part]) -> Segment:
    """Return one segment with the live rows of these parts."""
    return segments.merge([part.segment for part in parts], [part.live for part in parts])
