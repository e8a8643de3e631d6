"""A part of the index that never changes once built: its rows lie in the order of their ids."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, overload

import numpy as np

from matching.scoring.facts import Offer, offer_from_content
from matching.search.documents import Document
from matching.search.embedded import bits, columns, facets, lexical, stored
from matching.search.embedded.arrays import Bits, Floats, Longs, Rows, Strings
from matching.search.embedded.bits import Ranked
from matching.search.embedded.codes import Vocabulary
from matching.search.embedded.columns import UNKNOWN_AMOUNT, Columns
from matching.search.embedded.facets import Day, Facets
from matching.search.embedded.lexical import Postings
from matching.search.embedded.sets import Kept

#: Days for which a segment keeps its bitmaps.
_KEPT_DAYS = 4
#: Orders that a segment keeps: those that do not depend on the day, and one that does for each of a few days.
_KEPT_ORDERS = 7
#: Documents, some 10 kB each, that a segment keeps once they were read.
_READ = 20_000


class Store(Protocol):
    """Where documents lie that were not read yet."""

    def read(self, place: int) -> Document:
        """Return the document at a place."""

    def line(self, place: int) -> bytes:
        """Return it as `stored.line` wrote it."""


class Documents(Sequence[Document]):
    """The documents of a segment, each read from its store when it is asked for; the first `_READ` of them are kept.

    Attributes:
        held: the documents, None for those that lie in a store alone.
        stores: where they lie; store_of, places: for each row, which store and where in it.
    """

    def __init__(
        self,
        held: list[Document | None],
        stores: Sequence[Store] = (),
        store_of: Longs | None = None,
        places: Longs | None = None,
    ) -> None:
        self.held = held
        self._left = _READ
        self.stores = stores
        self.store_of = np.full(len(held), -1, np.int64) if store_of is None else store_of
        self.places = np.zeros(len(held), np.int64) if places is None else places

    def __len__(self) -> int:
        return len(self.held)

    @overload
    def __getitem__(self, row: int) -> Document: ...
    @overload
    def __getitem__(self, row: slice) -> list[Document]: ...
    def __getitem__(self, row: int | slice) -> Document | list[Document]:
        if isinstance(row, slice):
            return [self[each] for each in range(*row.indices(len(self)))]
        found = self.held[row]
        if found is None:
            found = self.stores[self.store_of[row]].read(int(self.places[row]))
            if self._left > 0:
                self._left -= 1
                self.held[row] = found
        return found

    def lines(self) -> Iterator[bytes]:
        """Yield each document as `stored.line` writes it; what lies in a store is copied from there, unread."""
        for row, store in enumerate(self.store_of.tolist()):
            yield stored.line(self[row]) if store < 0 else self.stores[store].line(int(self.places[row]))

    def __iter__(self) -> Iterator[Document]:
        return (self[row] for row in range(len(self)))

    @classmethod
    def joined(cls, parts: Sequence["Documents"], order: Longs) -> "Documents":
        """Return the documents at these places of several parts laid end to end, read or not."""
        held = [document for part in parts for document in part.held]
        firsts = np.cumsum([0, *(len(part.stores) for part in parts)])
        store_of = np.concatenate(
            [
                np.where(part.store_of < 0, -1, part.store_of + first)
                for part, first in zip(parts, firsts[:-1], strict=True)
            ]
        )
        places = np.concatenate([part.places for part in parts])
        stores = [store for part in parts for store in part.stores]
        return cls([held[row] for row in order], stores, store_of[order], places[order])


@dataclass(frozen=True, slots=True)
class Segment:
    """Documents with everything that a search reads of them.

    Attributes:
        ids: (rows,) the listings' ids as UTF-8, rising.
        documents: one for each row.
        words, grams: postings of the two fields.
    """

    ids: Strings
    documents: Documents
    words: Postings
    grams: Postings
    columns: Columns
    facets: Facets
    _days: Kept[date, Day] = field(default_factory=lambda: Kept(_KEPT_DAYS), repr=False, compare=False)
    _qualities: dict[tuple[int, int], Bits] = field(default_factory=dict, repr=False, compare=False)
    _own: dict[int, tuple[Rows, Floats, Ranked]] = field(default_factory=dict, repr=False, compare=False)
    _orders: Kept[tuple[str, date], Longs] = field(
        default_factory=lambda: Kept(_KEPT_ORDERS), repr=False, compare=False
    )

    @property
    def size(self) -> int:
        """How many rows, replaced ones included."""
        return len(self.ids)

    def row(self, listing_id: str) -> int:
        """Return the row of a listing, or -1."""
        wanted = np.bytes_(listing_id.encode())
        row = int(np.searchsorted(self.ids, wanted))
        return row if row < len(self.ids) and self.ids[row] == wanted else -1

    def id(self, row: int) -> str:
        """Return the id of a row."""
        return bytes(self.ids[row]).decode()

    def day(self, today: date) -> Day:
        """Return what a day makes of the certificates; that of the last few days is kept."""
        return self._days.get(today, lambda: facets.on_day(self.columns, today))

    def order(self, sort: str, today: date) -> Longs:
        """Return every row in the order of a sort other than by text; what is equal stays in the order of ids."""
        key = sort, today if sort in ("evidence", "relevance") else date.min
        return self._orders.get(key, lambda: _order(self, sort, today))

    def own_evidence(self, division: int) -> tuple[Rows, Floats, Ranked]:
        """Return the rows with a record improved in a division (a code, or -1), their evidence there, and their set."""
        found = self._own.get(division)
        if found is None:
            rows, values = columns.own_evidence(self.columns, division)
            members = bits.of_rows(rows, self.size)
            found = self._own[division] = rows, values, bits.ranked(members)
        return found

    def with_quality(self, capability: int, min_quality: int) -> Bits:
        """Return the rows with a plan that has a capability in at least this quality, 1–5."""
        key = (capability, min_quality)
        found = self._qualities.get(key)
        if found is None:
            found = self._qualities[key] = columns.with_quality(self.columns, capability, min_quality)
        return found


def offer_on(document: Document, today: date) -> Offer:
    """Return a listing as the scorer sees it on a day.

    Raises:
        ValueError, KeyError: the frozen content is not one that the scorer can read.
    """
    return offer_from_content(
        document.content,
        listing=document.id,
        certificate_valid=today <= document.certificate_expires_on,
        capacity_per_quarter=document.vendor_capacity,
        alliance=document.alliance,
        lent=document.lent,
    )


def build(documents: Sequence[Document], vocabulary: Vocabulary) -> Segment:
    """Build from documents in any order, no id twice."""
    ordered = sorted(documents, key=lambda document: document.id.encode())
    offers = [offer_on(document, date.min) for document in ordered]
    return Segment(
        ids=_ids([document.id for document in ordered]),
        documents=Documents(list(ordered)),
        words=lexical.count([document.words for document in ordered]),
        grams=lexical.count([document.grams for document in ordered]),
        columns=columns.build(ordered, offers, vocabulary),
        facets=facets.build(ordered),
    )


def merge(parts: Sequence[Segment], live: Sequence[Bits]) -> Segment:
    """Join segments, of each only the rows that are live; no id may be live twice."""
    kept = [bits.rows_of(rows, part.size) for part, rows in zip(parts, live, strict=True)]
    firsts = np.cumsum([0, *(part.size for part in parts)])
    every = np.concatenate([rows + first for rows, first in zip(kept, firsts[:-1], strict=True)])
    ids = np.concatenate([part.ids for part in parts])
    order = every[np.argsort(ids[every], kind="stable")]
    flat = np.full(int(firsts[-1]), -1, np.int64)
    flat[order] = np.arange(len(order))
    places = [flat[first : first + part.size] for first, part in zip(firsts[:-1], parts, strict=True)]
    return Segment(
        ids=ids[order],
        documents=Documents.joined([part.documents for part in parts], order),
        words=lexical.merge([part.words for part in parts], places, len(order)),
        grams=lexical.merge([part.grams for part in parts], places, len(order)),
        columns=columns.merge([part.columns for part in parts], order, places),
        facets=facets.merge([part.facets for part in parts], places, len(order)),
    )


def _order(segment: Segment, sort: str, today: date) -> Longs:
    of = segment.columns
    if sort == "newest":
        keys = [-of.approved]
    elif sort == "price":
        keys = [np.where(of.amount == UNKNOWN_AMOUNT, np.iinfo(np.int64).max, of.amount)]
    elif sort == "title":
        titles = [document.content["title"].casefold() for document in segment.documents]
        places = {title: place for place, title in enumerate(sorted(set(titles)))}
        keys = [np.array([places[title] for title in titles], np.int64)]
    else:
        expired = of.last_day < today.toordinal()
        keys = [expired.astype(np.int64), -of.field_sites, -of.test_reports, -of.approved]
    # lexsort is stable and takes its first key last; rows lie in the order of ids.
    return np.lexsort(keys[::-1])


def _ids(ids: Sequence[str]) -> Strings:
    return np.array([listing_id.encode() for listing_id in ids], np.bytes_) if ids else np.empty(0, "S1")
