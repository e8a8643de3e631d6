"""/api/docs: the API for programs, drawn from its own description."""

import json
from typing import Any

from flask import Blueprint, current_app, render_template

from marketplace import wording
from marketplace.accounts.permission import requires
from marketplace.accounts.scopes import SCOPES
from marketplace.accounts.tokens import LIFETIME_DAYS, MAX_LIFETIME_DAYS
from marketplace.limits import LIMITS
from marketplace.notices.events import OF_ORGANIZATIONS
from marketplace.wording.notices import NOTICES

bp = Blueprint("guide", __name__)


@bp.get("/api/docs")
@requires("catalogue.read")
def api() -> str:
    """Every operation by subject, with who may, an example and the answers."""
    description = current_app.extensions["api"].spec.to_dict()
    operations = [
        _operation(path, method, operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
        if method in ("get", "post", "put", "patch", "delete")
    ]
    subjects = [(tag["name"], tag["description"]) for tag in description["tags"]]
    return render_template(
        "papers/api.html",
        subjects=subjects,
        operations=operations,
        scopes=[(scope, wording.name("scope", scope)) for scope in SCOPES],
        limits=[(wording.name("limit", key), limit) for key, limit in LIMITS.items()],
        events=[(event, NOTICES[event].name) for event in OF_ORGANIZATIONS],
        lifetime_days=LIFETIME_DAYS,
        max_lifetime_days=MAX_LIFETIME_DAYS,
        site_url=current_app.config["SITE_URL"],
    )


def _operation(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    example = content.get("application/json", {}).get("example")
    return {
        "id": operation["operationId"],
        "subject": operation["tags"][0],
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "text": operation.get("description", ""),
        "public": not operation["security"],
        "example": None if example is None else json.dumps(example, ensure_ascii=False, indent=2),
        "statuses": sorted(operation["responses"]),
    }
