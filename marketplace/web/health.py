"""/healthz and /readyz."""

from flask import Blueprint, Response, jsonify

from marketplace.accounts.permission import requires
from marketplace.extensions import application
from marketplace.operations import health

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@requires("health.read")
def healthz() -> Response:
    """How each part does; 503 only when the database cannot be reached."""
    report = health.report(application())
    response = jsonify(report)
    response.status_code = 503 if report["status"] == "down" else 200
    return response


@bp.get("/readyz")
@requires("health.read")
def readyz() -> Response:
    """Whether this process should get requests."""
    ready = health.report(application())["database"] == "ok"
    response = jsonify({"ready": ready})
    response.status_code = 200 if ready else 503
    return response
