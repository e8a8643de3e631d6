"""Which way of computing is used: NumPy at first and for few rows, compiled code once it is loaded.

Both give the same results to the last bit, so nobody can tell but by the clock.
"""

import importlib
import logging
import threading
from typing import Protocol, cast

from matching.search.embedded import plain
from matching.search.embedded.asked import Backend

#: From so many rows on compiled code pays for being loaded.
COMPILED_FROM = 4096

_log = logging.getLogger(__name__)
_loading = threading.Lock()
_plain = cast("Backend", plain)
_compiled: Backend | None = None
_is_asked_for = False


class _Kernels(Backend, Protocol):
    def compile(self) -> None: ...


def for_rows(size: int) -> Backend:
    """Return what computes a segment of so many rows.

    The first large one begins to load compiled code in a thread of its own; until that is done, NumPy goes on.
    """
    global _is_asked_for  # noqa: PLW0603 — loaded once for the process, as a module is
    if _compiled is not None:
        return _compiled
    if size >= COMPILED_FROM and not _is_asked_for:
        _is_asked_for = True
        threading.Thread(target=load, name="search-compile", daemon=True).start()
    return _plain


def load() -> bool:
    """Load compiled code and say whether there is any; where numba is missing or cannot run, the log says so.

    Takes a second, and half a minute of a core the first time on a machine.
    """
    global _compiled  # noqa: PLW0603 — loaded once for the process, as a module is
    with _loading:
        if _compiled is None:
            try:
                kernels = cast("_Kernels", importlib.import_module("matching.search.embedded.kernels"))
                kernels.compile()
                _compiled = kernels
            except (ImportError, RuntimeError, OSError) as error:
                _log.warning("search goes on without compiled code: %s", error)
    return _compiled is not None
