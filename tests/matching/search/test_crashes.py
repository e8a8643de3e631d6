"""A process killed at any step of a snapshot, a merge or a write leaves an index that opens and answers as rebuilt."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from matching.search.embedded import EmbeddedEngine, files, merging
from matching.search.embedded import segment as segments
from tests.matching.search.factories import ANALYSER, document
from tests.matching.search.test_snapshot import answers, filled

ROOT = Path(__file__).parents[3]
STEPS = [
    *[("fsync", nth) for nth in range(5)],
    *[("write", nth) for nth in (0, 7, 30, 90)],
    ("replace", 0),
    *[("unlink", nth) for nth in range(2)],
    ("merge", 0),
    ("build", 0),
]


def killing(true, nth):
    """The same function, but its nth call ends the process at once."""
    calls = iter(range(1_000_000))

    def counted(*arguments, **named):
        if next(calls) == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return true(*arguments, **named)

    return counted


def later(engine):
    """Bring an engine from revision 5 to 8 and put it on disk."""
    engine.apply([document(30, "검사 로봇"), document(0, "용접기")], [], 8)
    engine.merge()
    return engine


def run_and_be_killed(folder, step, nth):
    """What the child process does: everything that the product does to an index, with one step deadly."""
    engine = EmbeddedEngine.open(ANALYSER, Path(folder))
    homes = {
        "fsync": (os, "fsync"),
        "replace": (os, "replace"),
        "unlink": (os, "unlink"),
        "write": (files.Written, "write"),
        "merge": (segments, "merge"),
        "build": (segments, "build"),
    }
    home, name = homes[step]
    setattr(home, name, killing(getattr(home, name), int(nth)))
    later(engine).save(Path(folder))


@pytest.mark.parametrize(("step", "nth"), STEPS)
def test_killed_at(tmp_path, step, nth):
    filled(5).save(tmp_path)
    program = f"from tests.matching.search.test_crashes import *; run_and_be_killed(*{(str(tmp_path), step, nth)!r})"
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()

    opened = EmbeddedEngine.open(ANALYSER, tmp_path)
    rebuilt = {5: filled(5), 8: later(filled(5))}
    assert opened.revision in rebuilt
    assert answers(opened) == answers(rebuilt[opened.revision])
    assert opened.revision == (8 if (step, nth) in {("fsync", 4), ("unlink", 0), ("unlink", 1)} else 5)
    if opened.revision == 5:
        later(opened)
    opened.save(tmp_path)
    assert answers(EmbeddedEngine.open(ANALYSER, tmp_path)) == answers(rebuilt[8])
    assert len(list(tmp_path.iterdir())) == 3


def test_rows_replaced_while_a_merge_runs_stay_replaced(monkeypatch):
    true = merging.joined
    engine = later(filled(5))
    engine.apply([document(40, "용접")], [], 9)

    def slowly(parts):
        segment = true(parts)
        engine.apply([document(0, "검사"), document(41, "시스템")], [document(30).id, document(40).id], 10)
        return segment

    monkeypatch.setattr(merging, "joined", slowly)
    engine.merge()
    monkeypatch.undo()
    fresh = EmbeddedEngine(ANALYSER)
    fresh.apply(engine.all(), [], 10)
    assert answers(engine) == answers(fresh)
    assert [each.content["title"] for each in engine.all()][:1] == ["검사"]
    engine.merge()
    assert answers(engine) == answers(fresh)
    assert len(engine._state.parts) == 1
