"""JSON logs, one line an event, with the request's id; nothing secret in them."""

import logging
import sys
from typing import Any

import structlog
from flask import Flask, Response, g, request
from structlog.typing import EventDict, WrappedLogger

from catalog.db import uuid7
from marketplace import redaction


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank secrets, card and account numbers and the text of mails, in names, in texts and in tracebacks."""
    return {key: redaction.clean(value, key) for key, value in event.items()}


def init_app(app: Flask) -> None:
    """Set up structlog on standard error and give every request an id that answers carry, too."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            redact,
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
