"""Which way of computing is used: NumPy for few rows, compiled code for many, and NumPy where numba is missing.

Both give the same results to the last bit, so nobody can tell but by the clock.
"""

import importlib
import logging
import threading
from typing import cast

from matching.search.embedded import plain
from matching.search.embedded.asked import Backend

#: From so many rows on compiled code pays for being loaded.
COMPILED_FROM = 4096

_log = logging.getLogger(__name__)
_loading = threading.Lock()
_plain = cast("Backend", plain)
_compiled: Backend | None = None
_is_missing = False


def for_rows(size: int) -> Backend:
    """Return what computes a segment of so many rows; the first large one waits for numba to load."""
    if _compiled is not None:
        return _compiled
    return (compiled() if size >= COMPILED_FROM else None) or _plain


def compiled() -> Backend | None:
    """Return the compiled passes, or None where numba cannot be loaded; said once in the log."""
    global _compiled, _is_missing  # noqa: PLW0603 — loaded once for the process, as a module is
    if _compiled is None and not _is_missing:
        with _loading:
            try:
                _compiled = cast("Backend", importlib.import_module("matching.search.embedded.kernels"))
            except (ImportError, RuntimeError, OSError) as error:
                _is_missing = True
                _log.warning("search goes on without compiled code: %s", error)
    return _compiled
