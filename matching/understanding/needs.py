"""Capabilities in a text: what is needed, what would be nice, what is there already, what must talk to what."""

import re
from dataclasses import dataclass
from itertools import pairwise

from matching.understanding import lexicon
from matching.understanding.found import LINK, MUST, NICE, NOT_WANTED, SYSTEM, Found, overlaps

#: Sentences are read one by one; within them, parts that are joined by 고, 며, 지만, "and", "but".
_SENTENCE = re.compile(r"[^.!?\n;。]+")
_PART = re.compile(
    r"(?<=[가-힣])(?:고|며|지만|는데|은데|인데|니까)(?=[\s,]|$)|,|\band\b|\bbut\b", re.IGNORECASE
)

_HAS = re.compile(
    r"^\S{0,3}\s?(?:이미\s?|벌써\s?|하나\s?|현재\s?|지금\s?)?"
    r"(?:있는데|있고|있어|있습|있지만|있으(?!면)|갖고|가지고|쓰고|쓰는|써요|쓰며|씁니다|사용\s?중|사용하|운영\s?중|운영하|도입해|도입했|보유|깔려|구축했|구축해|구축되)"
)
_HAS_BEFORE = re.compile(
    r"(?:기존|지금\s?(?:쓰는|쓰고\s?있는)|쓰고\s?있는|현재\s?(?:쓰는|사용하는|운영\s?중인)|쓰던|사용\s?중인)\s?(?:\S{1,7}[^\s에와과를을는은이가,]\s)?$"
)
_HAS_ENGLISH = re.compile(
    r"\b(?:have|has|already|existing|currently|our|use|using|run|running)\s+(?:\w+\s+){0,2}$", re.IGNORECASE
)
_NOT = re.compile(
    r"^\S{0,2}\s?(?:필요\s?없|필요하지\s?않|말고|제외|빼고|빼 ?주|안\s?(?:돼|됩|쓸|할)|원하지\s?않|싫|사절)"
)
_NOT_ENGLISH = re.compile(
    r"\b(?:no|without|not|don't\s+(?:need|want)|except|excluding)\s+(?:an?\s+|any\s+)?$", re.IGNORECASE
)
_NICE = re.compile(
    r"(?:있으면|되면|보이면|하면|수\s?있으면|붙으면)\s?(?:더\s?)?(?:좋|괜찮)|가능하면|가능하다면|여유가?\s?(?:되면|있으면)|나중에|선택\s?사항|되도록이면"
    r"|nice to have|ideally|if possible|optional(?:ly)?|would be nice|bonus|later on",
    re.IGNORECASE,
)
_MUST_WORD = re.compile(r"꼭|반드시|필수|must|required|need", re.IGNORECASE)
_JOINS = re.compile(
    r"연결|연동|연계|통합|넘어가|넘겨|넘어와|주고받|이어지|이어져|붙이|붙여|맞물|connect|integrat|link|exchange|talk to|sync|interface with|↔|<->",
    re.IGNORECASE,
)


_REST = re.compile(r"[가-힣]{1,8}")


@dataclass(frozen=True, slots=True)
class _Mention:
    """A capability that a sentence names, or (`sure` False) whose purpose it describes."""

    code: str
    start: int
    end: int
    sure: bool


def read(text: str) -> list[Found]:
    """Every capability with its role, and every pair that must exchange data."""
    found: list[Found] = []
    for sentence in _SENTENCE.finditer(text):
        mentions = _mentions(text, *sentence.span())
        roles = [_role(text, one, sentence.span()) for one in mentions]
        found += _linked(text, sentence.span(), mentions, roles)
        found += [
            Found(role, one.code, one.start, one.end if one.sure else _word_end(text, one.end), one.sure)
            for one, role in zip(mentions, roles, strict=True)
            if role != LINK
        ]
    return _settled(found)


def _word_end(text: str, end: int) -> int:
    """Where the word ends in which a purpose was understood: "불량을 줄" is shown as "불량을 줄이고"."""
    rest = _REST.match(text, end)
    return end if rest is None else rest.end()


def _mentions(text: str, start: int, end: int) -> list[_Mention]:
    found: list[_Mention] = []
    for patterns, sure in ((lexicon.capabilities(), True), (lexicon.PURPOSES, False)):
        for pattern, code in patterns:
            for match in pattern.finditer(text, start, end):
                if not overlaps(match.span(), ((one.start, one.end) for one in found)):
                    found.append(_Mention(code, *match.span(), sure))
    found.sort(key=lambda one: one.start)
    named = {one.code for one in found if one.sure}
    return [one for one in found if one.sure or one.code not in named]


def _role(text: str, one: _Mention, sentence: tuple[int, int]) -> str:
    before, after = text[max(sentence[0], one.start - 24) : one.start], text[one.end : one.end + 24]
    if _NOT.match(after) or _NOT_ENGLISH.search(before):
        return NOT_WANTED
    if one.sure and (_HAS.match(after) or _HAS_BEFORE.search(before) or _HAS_ENGLISH.search(before)):
        return SYSTEM
    part = _part_around(text, one, sentence)
    if one.sure and _JOINS.search(part) and not _MUST_WORD.search(part):
        return LINK
    return NICE if _NICE.search(part) else MUST


def _part_around(text: str, one: _Mention, sentence: tuple[int, int]) -> str:
    """The part of the sentence that the words stand in: "있으면 좋고" ends one."""
    start, end = sentence
    for cut in _PART.finditer(text, *sentence):
        if cut.end() <= one.start:
            start = cut.end()
        elif cut.start() >= one.end:
            end = cut.end()
            break
    return text[start:end]


def _linked(text: str, sentence: tuple[int, int], mentions: list[_Mention], roles: list[str]) -> list[Found]:
    """Pairs of neighbours in a sentence that speaks of connecting; one end alone is something to connect to."""
    joins = list(_JOINS.finditer(text, *sentence))
    if not joins:
        return []
    join = joins[-1]
    last = sentence[1] if join[0].isascii() else join.start()  # a Korean verb stands behind what it joins
    ends = [
        (one, role)
        for one, role in zip(mentions, roles, strict=True)
        if role in (LINK, SYSTEM, MUST) and one.end <= last
    ]
    if sum(one.sure for one, _role in ends) > 1:
        ends = [(one, role) for one, role in ends if one.sure]
    pairs = [
        (a, b)
        for (a, role_a), (b, role_b) in pairwise(ends)
        if a.code != b.code and {role_a, role_b} & {LINK, SYSTEM}
    ]
    found = [
        Found(LINK, (a.code, b.code), a.start, max(b.end, join.end()), a.sure and b.sure) for a, b in pairs
    ]
    paired = {one.start for pair in pairs for one in pair}
    found += [
        Found(SYSTEM, one.code, one.start, one.end, sure=False)
        for one, role in zip(mentions, roles, strict=True)
        if role == LINK and one.start not in paired
    ]
    return found


def _settled(found: list[Found]) -> list[Found]:
    """What is there already is not needed again, unless it is said to be."""
    there = {one.value for one in found if one.field == SYSTEM and one.sure}
    kept = [one for one in found if not (one.field in (MUST, NICE) and one.value in there and not one.sure)]
    return list(dict.fromkeys(kept))
