"""Work in a process of its own: what it leaves in memory is gone with it, and what it took can be told."""

import gc
import multiprocessing
import os
import time
from pathlib import Path


class ChildFailed(RuntimeError):
    """The process ended with an error, which it printed."""


def in_child(act, *args):
    """Return what `act` returns, called in a fork of this process.

    Raises:
        ChildFailed: it raised, or was killed.
    """
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(there, act, args))
    child.start()
    there.close()
    try:
        return here.recv()
    except EOFError:
        child.join()
        raise ChildFailed(f"{act.__name__} ended with status {child.exitcode}") from None
    finally:
        child.join()


def _work(pipe, act, args):
    pipe.send(act(*args))
    pipe.close()


def resident_mb():
    """Return the resident memory of this process in MB (10^6 bytes)."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def folder_mb(folder):
    """Return the size of the files of a folder in MB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def timed(act):
    """Return (seconds, what it returned)."""
    before = time.perf_counter()
    found = act()
    return time.perf_counter() - before, found
