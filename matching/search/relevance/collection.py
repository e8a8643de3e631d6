"""Read a collection: `corpus.jsonl` or `corpus.jsonl.gz` (`id`, `title`, `text`) and `queries.tsv` (`qid⇥text`)."""

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_CORPORA = ("corpus.jsonl", "corpus.jsonl.gz")
_QUERIES = "queries.tsv"
#: An id is one word of a run's line.
_LONGEST_ID = 512
_HALF = re.compile("[\ud800-\udfff]")


class BadCollection(ValueError):
    """A collection that cannot be read; the message is one line that says what and where."""


class Passage(NamedTuple):
    """One text that can be found; `text` holds the title too, on a line of its own."""

    id: str
    text: str


class Question(NamedTuple):
    """One query."""

    id: str
    text: str


def passages(folder: Path) -> Iterator[Passage]:
    """Yield the corpus, one passage at a time.

    Raises:
        BadCollection: no corpus or two, no text in it, a line that is no object with `id` and `text`, an id twice.
    """
    path = _corpus(folder)
    seen: set[str] = set()
    for place, line in _lines(path):
        passage = _passage(line, place)
        if passage.id in seen:
            raise BadCollection(f"{place}: id {passage.id!r} stands there twice")
        seen.add(passage.id)
        yield passage
    if not seen:
        raise BadCollection(f"{path}: holds no passage")


def questions(folder: Path) -> list[Question]:
    """Return the queries in their order.

    Raises:
        BadCollection: no file, no query in it, a line that is not an id, one tab and a text, an id twice.
    """
    path = folder / _QUERIES
    found: dict[str, Question] = {}
    for place, line in _lines(path):
        qid, tab, text = line.partition("\t")
        if not tab or "\t" in text:
            raise BadCollection(f"{place}: wants an id, one tab and a text")
        question = Question(_id(qid, place), text)
        if question.id in found:
            raise BadCollection(f"{place}: id {question.id!r} stands there twice")
        found[question.id] = question
    if not found:
        raise BadCollection(f"{path}: holds no query")
    return list(found.values())


def _corpus(folder: Path) -> Path:
    found = [folder / name for name in _CORPORA if (folder / name).exists()]
    if not found:
        raise BadCollection(f"{folder / _CORPORA[0]}: no such file, nor {_CORPORA[1]}")
    if len(found) > 1:
        raise BadCollection(f"{folder}: holds both {' and '.join(_CORPORA)}")
    return found[0]


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (file:line, line) of every line that is not blank, in UTF-8 with or without a byte order mark."""
    number = 0
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            for number, raw in enumerate(file, 1):
                line = raw.removeprefix(b"\xef\xbb\xbf" if number == 1 else b"").decode().rstrip("\r\n")
                if line.strip(" \t"):
                    yield f"{path}:{number}", line
    except FileNotFoundError:
        raise BadCollection(f"{path}: no such file") from None
    except UnicodeDecodeError:
        raise BadCollection(f"{path}:{number}: not UTF-8") from None
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise BadCollection(f"{path}: no whole gzip file, after line {number}") from None
    except OSError as refused:
        raise BadCollection(f"{path}: {refused.strerror or refused}") from None


def _passage(line: str, place: str) -> Passage:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as refused:
        raise BadCollection(f"{place}: no JSON: {refused}".replace("\n", " ")) from None
    if not isinstance(row, dict):
        raise BadCollection(f"{place}: no object")
    for key in ("id", "text"):
        if key not in row:
            raise BadCollection(f"{place}: lacks {key!r}")
    title, text = row.get("title") or "", row["text"]
    if not isinstance(title, str) or not isinstance(text, str):
        raise BadCollection(f"{place}: title and text are to be texts")
    passage = Passage(_id(row["id"], place), f"{title}\n{text}" if title else text)
    if _HALF.search(passage.id + passage.text):
        raise BadCollection(f"{place}: half a character (a lone surrogate)")
    return passage


def _id(value: object, place: str) -> str:
    """Return an id as it stands in a run; whole numbers are taken as they are written."""
    text = str(value) if type(value) is int else value
    if not isinstance(text, str) or text.split() != [text] or len(text) > _LONGEST_ID:
        raise BadCollection(
            f"{place}: an id is one word of up to {_LONGEST_ID} characters, not {value!r:.80}"
        )
    return text
