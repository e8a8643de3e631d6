"""Complete what is being typed: by its beginning, by first consonants, on either keyboard. Pure.

>>> Completions([("사출성형", 9), ("사출 조건 최적화", 5)]).complete("ㅅㅊㅅㅎ")
('사출성형',)
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from matching.search import hangul
from matching.search.characters import clean

#: At most this many completions are given.
MAX_COMPLETIONS = 10
#: What is typed is read up to this many characters.
MAX_TYPED_CHARACTERS = 60

#: Keys hold this many strokes; what is typed beyond them is compared with the text itself.
_KEY_STROKES = 24
_BLOCK = 1024
_LETTERS = [chr(code) for code in range(ord("ㄱ"), ord("ㅣ") + 1)]
#: Every stroke is one byte, so that a key is 24 bytes: letters of Hangul from 128 on, ASCII as it is, nothing else.
_BYTES = {ord(letter): chr(128 + place) for place, letter in enumerate(_LETTERS)}
_NOT_KEPT = dict.fromkeys([code for code in range(256) if not (chr(code).isascii() and chr(code).isalnum())])
_STROKED = {**_NOT_KEPT, **_BYTES, **{code: made.translate(_BYTES) for code, made in hangul.STROKES.items()}}
_INITIALLED = {**_STROKED, **{code: made[0].translate(_BYTES) for code, made in hangul.STROKES.items()}}
_Table = Mapping[int, str | None]
_NOBODY = np.iinfo(np.int32).max


class Completions:
    """An index over texts, built once: about 0.3 KB a text, and under a millisecond a question at 100,000.

    A text is found by the beginning of any of its words, spaces aside: 출고 finds 자동 출고 관리. A last syllable may
    be unfinished: 사추 finds 사출.

    Args:
        texts: (text, weight); heavier texts come first, equal ones by length and then alphabetically. A text given
            twice counts with its largest weight.
    """

    def __init__(self, texts: Iterable[tuple[str, float]]) -> None:
        weights: dict[str, float] = {}
        for text, weight in texts:
            tidy = " ".join(clean(text).split())
            weights[tidy] = max(weight, weights.get(tidy, weight))
        weights.pop("", None)
        #: by rank: the best first
        self._texts = sorted(weights, key=lambda text: (-weights[text], len(text), text))
        self._by_strokes = _Keys(self._texts, _STROKED)
        self._by_initials = _Keys(self._texts, _INITIALLED)

    def __len__(self) -> int:
        return len(self._texts)

    def complete(self, typed: str, limit: int = MAX_COMPLETIONS) -> tuple[str, ...]:
        """Return the best texts that go on from what is typed; nothing for nothing."""
        asked = hangul.alone(clean(typed[:MAX_TYPED_CHARACTERS]))[:MAX_TYPED_CHARACTERS]
        found = dict.fromkeys(self._by_strokes.beginning(_key(asked, _STROKED), limit))
        consonants = hangul.strokes(asked)
        if len(found) < limit and hangul.is_initials(consonants):
            found.update(dict.fromkeys(self._by_initials.beginning(_key(consonants, _STROKED), limit)))
        if not found and (other := hangul.on_other_keyboard(asked.replace(" ", ""))):
            found.update(dict.fromkeys(self._by_strokes.beginning(_key(other, _STROKED), limit)))
        return tuple(self._texts[rank] for rank in list(found)[:limit])


class _Keys:
    """The keys of all word beginnings in order, and the best ranks of each block of them."""

    def __init__(self, texts: Sequence[str], table: _Table) -> None:
        self._texts = texts
        self._table = table
        beginnings = [_beginnings(text, table) for text in texts]
        keys = np.array([key for found in beginnings for key in found], f"S{_KEY_STROKES}")
        ranks = np.repeat(np.arange(len(texts), dtype=np.int32), [len(found) for found in beginnings])
        order = np.argsort(keys, kind="stable")
        self._keys = keys[order]
        self._ranks = ranks[order]
        self._best = _best_of_blocks(self._ranks)

    def beginning(self, asked: bytes, limit: int) -> list[int]:
        """Return the ranks of the best texts with a word from which they go on like this, in order."""
        if not asked or not len(self._keys):
            return []
        key = asked[:_KEY_STROKES]
        start = int(np.searchsorted(self._keys, np.array(key, self._keys.dtype)))
        # No stroke is the byte 255, so this stands behind every key that begins like it.
        end = int(np.searchsorted(self._keys, np.array(key[: _KEY_STROKES - 1] + b"\xff", self._keys.dtype)))
        if len(key) == _KEY_STROKES:
            end = int(np.searchsorted(self._keys, np.array(key, self._keys.dtype), side="right"))
        if len(asked) > _KEY_STROKES:
            held = np.unique(self._ranks[start:end]).tolist()
            return [rank for rank in held if asked in _key(self._texts[rank], self._table)][:limit]
        return _smallest(self._between(start, end), limit)

    def _between(self, start: int, end: int) -> npt.NDArray[np.int32]:
        """Return ranks among which are the best of a stretch: whole blocks by their best, the rest one by one."""
        first, last = -(-start // _BLOCK), end // _BLOCK
        if first >= last:
            return self._ranks[start:end]
        return np.concatenate(
            [
                self._ranks[start : first * _BLOCK],
                self._best[first:last].ravel(),
                self._ranks[last * _BLOCK : end],
            ]
        )


def _best_of_blocks(ranks: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    best = np.full((len(ranks) // _BLOCK, MAX_COMPLETIONS), _NOBODY, np.int32)
    for block, row in enumerate(best):
        smallest = np.unique(ranks[block * _BLOCK : (block + 1) * _BLOCK])[:MAX_COMPLETIONS]
        row[: len(smallest)] = smallest
    return best


def _smallest(ranks: npt.NDArray[np.int32], limit: int) -> list[int]:
    found: list[int] = np.unique(ranks)[: min(limit, MAX_COMPLETIONS)].tolist()
    return [rank for rank in found if rank != _NOBODY]


def _beginnings(text: str, table: _Table) -> list[bytes]:
    """Return the key of every word of a text: it and what follows, without spaces."""
    words = [made for word in text.split() if (made := _key(word, table))]
    return [b"".join(words[at : at + _KEY_STROKES])[:_KEY_STROKES] for at in range(len(words))]


def _key(text: str, table: _Table) -> bytes:
    return text.casefold().translate(table).encode("latin-1", "ignore")
