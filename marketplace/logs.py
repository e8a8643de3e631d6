"""JSON logs, one line an event, with the request's id; nothing secret in them."""

import logging
import sys
from typing import Any

import structlog
from flask import Flask, Response, g, request
from structlog.typing import EventDict, WrappedLogger

from catalog.db import uuid7

#: Keys whose values never reach a log.
SECRET_KEYS = ("password", "token", "secret", "authorization", "cookie")


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank every value whose key speaks of a secret."""
    for key in event:
        if any(word in key.lower() for word in SECRET_KEYS):
            event[key] = "[redacted]"
    return event


def init_app(app: Flask) -> None:
    """Set up structlog on standard error and give every request an id that answers carry, too."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redact,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )

    @app.before_request
    def _begin() -> None:
        g.request_id = str(uuid7())
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id, path=request.path)

    @app.after_request
    def _mark(response: Response) -> Response:
        marks: dict[str, Any] = {"X-Request-Id": g.get("request_id", "")}
        response.headers.update(marks)
        return response
