"""JSON logs, one line an event, with the request's id; nothing secret in them."""

import logging
import sys
from collections.abc import Sequence
from typing import Any

import structlog
from flask import Flask, Response, g, request
from structlog.typing import EventDict, Processor, WrappedLogger

from catalog.db import uuid7
from marketplace import redaction

#: The package that knows nothing of structlog and logs with the standard library.
DOMAIN = "matching"


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank secrets, card and account numbers and the text of mails, in names, in texts and in tracebacks."""
    return {key: redaction.clean(value, key) for key, value in event.items()}


def _take_over(name: str, known: Sequence[Processor], written: Sequence[Processor]) -> None:
    """Let what the domain logs with the standard library become the same lines, secrets blanked."""
    form = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=known,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *written],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(form)
    logger = logging.getLogger(name)
    logger.handlers[:] = [handler]
    logger.setLevel(logging.INFO)


def init_app(app: Flask) -> None:
    """Set up structlog on standard error and give every request an id that answers carry, too."""
    known: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    written: list[Processor] = [
        structlog.processors.format_exc_info,
        redact,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    structlog.configure(
        processors=[*known, *written],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    _take_over(DOMAIN, known, written)

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
