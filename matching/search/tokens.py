"""What an analyser makes of a text: the tokens of documents, and what a query asks for. Pure data."""

import math
from collections.abc import Callable
from dataclasses import dataclass

#: Weight of a typed word, of the pairs of syllables of a typed word, and the share that other names of the
#: same thing get of either.
WORD_BOOST = 1.0
GRAM_BOOST = 0.25
OTHER_NAME_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one document, in order and with repetitions."""

    words: tuple[str, ...]
    grams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a query. A document has it when it has the token, or enough of the grams.

    An empty token is in no document: such a word is had by its grams alone.
    """

    token: str
    grams: tuple[str, ...] = ()

    @property
    def grams_needed(self) -> int:
        """How many different grams a document must have: all of one or two, two thirds of more."""
        different = len(set(self.grams))
        return different if different <= 2 else math.ceil(2 * different / 3)


@dataclass(frozen=True, slots=True)
class Typed:
    """The tokens that a person's own words weigh by, with repetitions."""

    words: tuple[str, ...]
    grams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One thing that a query asks for, under all its names.

    A document has it when it has every word of at least one of `alternatives`. The first is what the person
    wrote; the others are the same without a particle, its parts, and other names of the same thing. `typed` says
    which tokens weigh as typed; None means those of the first alternative.
    """

    alternatives: tuple[tuple[Word, ...], ...]
    typed: Typed | None = None

    def typed_words(self) -> tuple[str, ...]:
        """Return the word tokens that weigh as typed."""
        return tuple(word.token for word in self.alternatives[0]) if self.typed is None else self.typed.words

    def typed_grams(self) -> tuple[str, ...]:
        """Return the grams that weigh as typed."""
        if self.typed is None:
            return tuple(gram for word in self.alternatives[0] for gram in word.grams)
        return self.typed.grams


@dataclass(frozen=True, slots=True)
class QueryTokens:
    """A query as an engine reads it.

    Attributes:
        groups: the things asked for; empty when the text holds no word at all.
        is_blank: nothing was typed, so nothing is asked; a text of signs only is not blank and finds nothing.
        was_cut: the text was longer than is read of a query.
    """

    groups: tuple[Group, ...]
    is_blank: bool
    was_cut: bool

    @property
    def groups_needed(self) -> int:
        """How many groups a document must have: half of them, rounded up."""
        return (len(self.groups) + 1) // 2

    def word_boosts(self) -> dict[str, float]:
        """Return the weight of each word token: 1 for each time it was typed, half for another name."""
        return self._boosts(WORD_BOOST, Group.typed_words, lambda word: (word.token,))

    def gram_boosts(self) -> dict[str, float]:
        """Return the weight of each gram: a quarter for each time typed, an eighth for another name."""
        return self._boosts(GRAM_BOOST, Group.typed_grams, lambda word: word.grams)

    def _boosts(
        self,
        boost: float,
        typed_of: Callable[[Group], tuple[str, ...]],
        tokens_of: Callable[[Word], tuple[str, ...]],
    ) -> dict[str, float]:
        typed: dict[str, float] = {}
        other: dict[str, float] = {}
        for group in self.groups:
            for token in typed_of(group):
                typed[token] = typed.get(token, 0.0) + boost
            for alternative in group.alternatives:
                for word in alternative:
                    other.update(dict.fromkeys(tokens_of(word), boost * OTHER_NAME_SHARE))
        weights = {**other, **typed}
        weights.pop("", None)
        return weights
