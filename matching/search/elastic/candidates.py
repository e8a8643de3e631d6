"""The listings that the server proposes, read from the values beside its hits."""

from collections.abc import Mapping, Sequence
from typing import Any

from matching.search.elastic.packing import STAMP, Packed, unpacked

#: Listings that are kept as read, some 2 kB each.
_KEPT = 20_000

#: What a request asks for beside each hit.
FIELDS: Mapping[str, Any] = {"_source": False, "stored_fields": "_none_", "docvalue_fields": ["pack"]}


class Candidates:
    """Listings as read, by the digest of their content: most candidates of one query were candidates before."""

    def __init__(self) -> None:
        self._kept: dict[str, Packed] = {}

    def of(self, hits: Sequence[Mapping[str, Any]]) -> list[Packed]:
        """Return the listings of hits, in order."""
        kept = self._kept
        found: list[Packed] = []
        for hit in hits:
            [pack] = hit["fields"]["pack"]
            stamp = pack[:STAMP]
            listing = kept.get(stamp)
            if listing is None:
                listing = kept[stamp] = unpacked(pack)
            found.append(listing)
        if len(kept) > _KEPT:
            self._kept = {}
        return found
