"""What exact scoring reads of a listing, in one binary value beside each hit."""

import base64
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import pairwise
from typing import Any, NamedTuple

from matching.scoring.facts import Industry
from matching.search.documents import Document
from matching.search.embedded.codes import Delivery, Vocabulary
from matching.search.embedded.columns import STEP, Columns

#: Characters of a pack that name its content.
STAMP = 16
#: Bytes from which on facts are compressed: reading back costs more than carrying what is shorter.
_SHORT = 2_000


class Packed(NamedTuple):
    """One listing as `embedded.columns` has it, with values in the place of codes. A tuple: very many are made.

    Attributes:
        key: the id as UTF-8, by which ties are broken.
        plans: of each its first-year won or `UNKNOWN_AMOUNT`, and [capability, quality] by the capability's name.
        words, grams: the tokens, each between two spaces of its own.
        own: division → value of the evidence axis for a site of it.
    """

    id: str
    key: bytes
    level: int
    industries: tuple[Industry, ...]
    interfaces: tuple[str, ...]
    delivery: Delivery
    shown: tuple[str, ...]
    evidence: float
    own: Mapping[str, float]
    alliance: int
    plans: Sequence[tuple[int, Sequence[tuple[str, int]]]]
    words: str
    grams: str
    words_length: int
    grams_length: int


def listed(documents: Sequence[Document], columns: Columns, vocabulary: Vocabulary) -> Iterator[list[Any]]:
    """Yield the facts of each row as plain lists."""
    own: list[dict[str, float]] = [{} for _ in documents]
    for division, (first, last) in enumerate(pairwise(columns.own_starts.tolist())):
        for at in range(first, last):
            own[columns.own_rows[at]][vocabulary.divisions.values[division]] = float(columns.own_evidence[at])
    for row, document in enumerate(documents):
        yield [
            document.id,
            int(columns.level[row]),
            vocabulary.industries.values[columns.industry[row]],
            vocabulary.interfaces.values[columns.interface[row]],
            vocabulary.deliveries.values[columns.delivery[row]],
            vocabulary.shown.values[columns.shown[row]],
            float(columns.evidence[row]),
            own[row],
            int(columns.alliance[row]),
            [
                _plan(plan, columns, vocabulary)
                for plan in range(int(columns.plan_starts[row]), int(columns.plan_starts[row + 1]))
            ],
            " ".join(document.words.split()),
            " ".join(document.grams.split()),
        ]


def _plan(plan: int, columns: Columns, vocabulary: Vocabulary) -> list[Any]:
    entries = columns.entries[int(columns.entry_starts[plan]) : int(columns.entry_starts[plan + 1])].tolist()
    names = vocabulary.capabilities.values
    return [int(columns.plan_amount[plan]), [[names[entry // STEP], entry % STEP] for entry in entries]]


def packed(facts: Sequence[Any]) -> str:
    """Return facts as base64, the first `STAMP` characters of which name the content."""
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    stamp = blake2b(text, digest_size=STAMP * 3 // 4).digest()
    return base64.b64encode(stamp + (zlib.compress(text, 1) if len(text) > _SHORT else text)).decode()


def unpacked(pack: str) -> Packed:
    """Return what `packed` was made of."""
    text = base64.b64decode(pack[STAMP:])
    facts = json.loads(text if text[:1] == b"[" else zlib.decompress(text))
    listing, level, industries, interfaces, delivery, shown, evidence, own, alliance, plans, words, grams = (
        facts
    )
    return Packed(
        listing,
        listing.encode(),
        level,
        tuple(map(tuple, industries)),
        tuple(interfaces),
        (delivery[0], delivery[1]),
        tuple(shown),
        evidence,
        own,
        alliance,
        plans,
        _apart(words),
        _apart(grams),
        words.count(" ") + 1 if words else 0,
        grams.count(" ") + 1 if grams else 0,
    )


def _apart(tokens: str) -> str:
    """Put each token between two spaces of its own, so that counting one never takes a space from the next."""
    return f" {tokens.replace(' ', '  ')} " if tokens else ""
