"""What every page has: language and theme, kept in cookies and changed by small forms."""

from urllib.parse import urlsplit

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from marketplace.accounts.permission import requires
from marketplace.extensions import LOCALES

bp = Blueprint("frame", __name__)

A_YEAR = 365 * 24 * 3600
THEMES = ("light", "dark")


@bp.post("/language")
@requires("site.frame")
def language() -> Response:
    """Keep the reader's language and return to the page."""
    return _keep("locale", request.form.get("locale", ""), LOCALES)


@bp.post("/theme")
@requires("site.frame")
def theme() -> Response:
    """Keep the reader's theme and return to the page."""
    return _keep("theme", request.form.get("theme", ""), THEMES)


def safe_path(target: str | None, default: str = "/") -> str:
    """A path on this site to return to; anything that leads elsewhere becomes `default`."""
    target = target or ""
    try:
        parts = urlsplit(target)
    except ValueError:
        return default
    elsewhere = parts.scheme or parts.netloc or not target.startswith("/") or target.startswith(("//", "/\\"))
    return default if elsewhere or any(ord(c) < 32 for c in target) else target


def _keep(name: str, value: str, allowed: tuple[str, ...]) -> Response:
    response = redirect(safe_path(request.form.get("next")), 303)
    if value in allowed:
        secure = request.is_secure
        response.set_cookie(name, value, max_age=A_YEAR, samesite="Lax", secure=secure, httponly=True)
    return response
