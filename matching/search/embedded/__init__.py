"""The embedded engine: everything in this process's memory, in NumPy arrays."""

from matching.search.embedded.engine import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
