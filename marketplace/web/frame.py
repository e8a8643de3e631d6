"""What every page has: language and theme, kept in cookies and changed by small forms."""

from urllib.parse import urlsplit

from flask import Blueprint, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response

from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import LOCALES, db

bp = Blueprint("frame", __name__)

A_YEAR = 365 * 24 * 3600
THEMES = ("light", "dark")


@bp.post("/language")
@requires("site.frame")
def language() -> Response:
    """Keep the reader's language, for mails too if signed in, and return to the page."""
    chosen = request.form.get("locale", "")
    if current_user.is_authenticated and chosen in LOCALES:
        access.user(db, current_user).locale = chosen
        db.commit()
    return _keep("locale", chosen, LOCALES)


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
