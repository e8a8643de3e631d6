"""Headers and checks that every answer and every request gets."""

from flask import Flask, Response, request
from flask_login import current_user
from werkzeug.middleware.proxy_fix import ProxyFix

from marketplace.extensions import csrf

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


#: Acts whose signed address alone says whose they are; they do nothing in the name of a session.
WITHOUT_CSRF = frozenset({"notices.end_mail"})


#: What an answer depends on besides its address: who is signed in, the kept language and theme; for programs the
#: language that they ask for.
VARY = ("Accept-Language", "Cookie")


def init_app(app: Flask) -> None:
    """Install the headers, the CSRF check of cookie requests and the trust in proxies."""
    hops = int(app.config["TRUSTED_PROXIES"])
    if hops:
        proxied = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
        app.wsgi_app = proxied  # type: ignore[method-assign]  # Flask's own recipe
    app.after_request(_headers)
    app.before_request(_check_csrf)


def is_api() -> bool:
    """Whether this request is a program's: bearer tokens only, cookies do not count, problems are JSON."""
    return request.path.startswith("/api/v1/") or request.path == "/api/openapi.json"


def _check_csrf() -> None:
    # A bearer token carries no ambient authority, and the API ignores cookies; pages need the token in every form.
    if not is_api() and request.endpoint is not None and request.endpoint not in WITHOUT_CSRF:
        csrf.protect()


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if request.endpoint != "static":
        response.vary.update(VARY)
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint != "static" and (
        is_api() or current_user.is_authenticated or request.method != "GET"
    ):
        headers.setdefault("Cache-Control", "no-store")
    return response
