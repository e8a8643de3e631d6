"""From a collection to a run: analyse, index, answer, write."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from matching.search.analyser import Analyser
from matching.search.relevance import collection
from matching.search.relevance.collection import BadCollection
from matching.search.relevance.indexing import Analysed, Found, Index

#: Passages that are held as text at a time, and queries between two lines of progress.
_BATCH = 4096
_QUESTIONS = 256

Say = Callable[[str], None]


def run(folder: Path, out: Path, index: Index, analyser: Analyser, *, most: int, say: Say) -> None:
    """Index `folder`'s corpus, answer its queries, write a TREC run: `qid Q0 id rank score tag`.

    The corpus is read as a stream; held are its ids and postings. The run is written whole or not at all.

    Args:
        most: passages for each query, 1 or more.
        say: gets lines of progress.

    Raises:
        BadCollection: something in the folder, or `out`, is not as it has to be.
    """
    questions = collection.questions(folder)
    with written_whole(out) as file:
        passages = _fill(index, collection.passages(folder), analyser, say)
        say(f"{passages} passages, {len(questions)} queries")
        cut = lines = 0
        for done in range(0, len(questions), _QUESTIONS):
            here = questions[done : done + _QUESTIONS]
            asked = [analyser.query(question.text) for question in here]
            cut += sum(each.was_cut for each in asked)
            for question, found in zip(here, index.best(asked, most), strict=True):
                lines += len(found)
                file.writelines(_lines(question.id, found, f"ieum-{analyser.name}"))
            say(f"answered {done + len(here)} of {len(questions)}")
    if cut:
        say(f"{cut} queries were too long and were read in part")
    say(f"{out}: {lines} lines")


def _fill(index: Index, passages: Iterator[collection.Passage], analyser: Analyser, say: Say) -> int:
    total, began = 0, time.monotonic()
    while batch := list(islice(passages, _BATCH)):
        index.add([_analysed(passage, analyser) for passage in batch])
        total += len(batch)
        say(f"indexed {total} ({total / (time.monotonic() - began):.0f} a second)")
    return total


def _analysed(passage: collection.Passage, analyser: Analyser) -> Analysed:
    tokens = analyser.document(passage.text)
    return Analysed(passage.id, " ".join(tokens.words), " ".join(tokens.grams))


def _lines(qid: str, found: Sequence[Found], tag: str) -> Iterator[str]:
    """Yield a query's lines; nine digits tell a float32 exactly."""
    for rank, (passage, score) in enumerate(found, 1):
        yield f"{qid} Q0 {passage} {rank} {score:.9g} {tag}\n"


@contextmanager
def written_whole(out: Path) -> Iterator[IO[str]]:
    """Open a new file beside `out` that takes its place when the block ends well, and goes when it does not.

    Raises:
        BadCollection: there can be no such file.
    """
    if out.exists() and not out.is_file():
        raise BadCollection(f"{out}: is there and is no file")
    try:
        file = NamedTemporaryFile(  # noqa: SIM115 - closed below, before it takes its place
            "w", encoding="utf-8", newline="\n", dir=out.parent, prefix=f".{out.name}.", delete=False
        )
    except OSError as refused:
        raise BadCollection(f"{out}: {refused.strerror}") from None
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).chmod(0o666 & ~_umask())
        Path(file.name).replace(out)
    except OSError as refused:
        raise BadCollection(f"{out}: {refused.strerror}") from None
    finally:
        Path(file.name).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
