"""/metrics, for a monitoring program: with its word, or from this machine alone."""

import hmac
from ipaddress import ip_address

from flask import Blueprint, Response, current_app, request

from catalog.errors import NotFound
from marketplace.accounts.permission import requires
from marketplace.extensions import application, db
from marketplace.operations import metrics as measured

bp = Blueprint("metrics", __name__)

#: Headers that a reverse proxy adds. Through a proxy on this machine every visitor would seem to be on it.
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via")


@bp.get("/metrics")
@requires("metrics.read")
def metrics() -> Response:
    """Counts of this process and gauges of the database. To everybody else the page is not there."""
    if not _may_read():
        raise NotFound
    answer = Response(measured.text(application(), db), content_type=measured.CONTENT_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _may_read() -> bool:
    word = current_app.config["METRICS_TOKEN"]
    if word:
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        return kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), word.encode())
    return _is_loopback(request.remote_addr) and not any(name in request.headers for name in FORWARDED)


def _is_loopback(address: str | None) -> bool:
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False
