"""From what went wrong to what is answered. The only module that knows status codes.

Programs get `application/problem+json` (RFC 9457) with `errors: [{"pointer", "code", "detail"}]`, people a page.
"""

from collections.abc import Sequence
from typing import Any

import structlog
from flask import Flask, Response, g, jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response as AnyResponse

from catalog.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, Problem
from marketplace import wording
from marketplace.security import is_api

log = structlog.get_logger()

KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")


class SignInNeeded(Exception):
    """The route is not for anonymous visitors."""


class RoleMissing(Exception):
    """The acting organization has none of the roles that the permission asks for."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


class RightMissing(Exception):
    """The organization may, the person in it may not: one of `rights` is needed. `admins`: who can grant it."""

    def __init__(self, rights: Sequence[str], admins: Sequence[str]) -> None:
        super().__init__(*rights)
        self.rights, self.admins = tuple(rights), tuple(admins)


class ScopeMissing(Exception):
    """The token was not given any of the scopes that the permission asks for."""

    def __init__(self, scopes: Sequence[str]) -> None:
        super().__init__(*scopes)
        self.scopes = tuple(scopes)


class LinkGone(NotFound):
    """A one-time link that was never issued, is used up or is out of date: nobody learns which."""


class RetryLater(Exception):
    """Too much at once; `seconds` until it may be tried again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(LinkGone, lambda _error: answer(404, "link_gone"))
    app.register_error_handler(SignInNeeded, _sign_in_needed)
    app.register_error_handler(RoleMissing, lambda _error: answer(403, "role_missing"))
    app.register_error_handler(RightMissing, _right_missing)
    app.register_error_handler(ScopeMissing, _scope_missing)
    app.register_error_handler(RetryLater, _retry_later)
    app.register_error_handler(CSRFError, lambda _error: answer(400, "csrf"))
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(IntegrityError, lambda _error: answer(409, "already_exists"))
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(Exception, _unexpected)


def answer(
    status: int,
    code: str,
    *,
    problems: Sequence[Problem] = (),
    params: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """The refusal in the form that the asker reads: problem+json or a page."""
    title = wording.refusal(code, params or {})
    if is_api():
        body = {
            "type": "about:blank",
            "title": title,
            "status": status,
            "code": code,
            "errors": [_error(problem) for problem in problems],
        }
        response = jsonify(body)
        response.content_type = "application/problem+json"
    else:
        page = render_template(
            "errors/problem.html", status=status, code=code, detail=title, problems=problems
        )
        response = Response(page, content_type="text/html; charset=utf-8")
    response.status_code = status
    response.headers.update(headers or {})
    return response


def _error(problem: Problem) -> dict[str, Any]:
    error: dict[str, Any] = {
        "pointer": "/" + problem.pointer if problem.pointer else "",
        "code": problem.code,
        "detail": wording.problem(problem),
    }
    if "rule" in problem.params:
        error["rule"] = problem.params["rule"]
    return error


def _domain(error: DomainError) -> Response:
    match error:
        case Invalid():
            return answer(422, "invalid", problems=error.problems)
        case NotAllowed():
            return answer(403, error.code, params=error.params)
        case Conflict():
            return answer(409, error.code, params=error.params)
        case NotFound():
            return answer(404, "not_found")
        case _:
            raise error


def _sign_in_needed(_error: SignInNeeded) -> AnyResponse:
    if is_api():
        return answer(401, "sign_in_needed", headers={"WWW-Authenticate": "Bearer"})
    if request.method != "GET":
        return answer(401, "sign_in_needed")
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)


def _right_missing(error: RightMissing) -> Response:
    rights = ", ".join(wording.name("right", right) for right in error.rights)
    return answer(403, "right_missing", params={"rights": rights, "admins": ", ".join(error.admins) or "–"})


def _scope_missing(error: ScopeMissing) -> Response:
    challenge = f'Bearer error="insufficient_scope", scope="{" ".join(error.scopes)}"'
    params = {"scopes": " | ".join(error.scopes) or "-"}
    return answer(403, "scope_missing", params=params, headers={"WWW-Authenticate": challenge})


def minutes(seconds: int) -> int:
    """So many whole minutes are over after that time, at least 1: whoever waits them is not refused again."""
    return max(1, -(-seconds // 60))


def _retry_later(error: RetryLater) -> Response:
    params = {"minutes": minutes(error.seconds)}
    return answer(429, "retry_later", params=params, headers={"Retry-After": str(error.seconds)})


def _foreign_host(_error: SecurityError) -> Response:
    # No page: without a host that is ours no address can be made for it.
    text = "The site does not answer under this name (setting TRUSTED_HOSTS).\n"
    return Response(text, 400, content_type="text/plain; charset=utf-8")


def _http(error: HTTPException) -> AnyResponse:
    if error.code is None or error.code < 400:
        return error.get_response()
    headers = {key: value for key, value in error.get_headers() if key in KEPT_HEADERS}
    return answer(error.code, f"http_{error.code}", headers=headers)


def _unavailable(error: OperationalError) -> Response:
    log.warning("database_unavailable", error=str(error.orig))
    return answer(503, "unavailable", headers={"Retry-After": "5"})


def _unexpected(error: Exception) -> Response:
    log.error("unexpected_error", request_id=g.get("request_id"), exc_info=error)
    return answer(500, "http_500")
