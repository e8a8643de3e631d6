"""The API for programs, under /api/v1, described by /api/openapi.json."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register every operation."""
