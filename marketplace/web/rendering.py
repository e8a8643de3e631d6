"""What templates know: formats, names, the menu of the acting role, content-hashed asset addresses."""

import hashlib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace import config, extensions, formats, wording
from marketplace.accounts.permission import is_allowed, is_offered
from marketplace.accounts.principal import Seat, in_order
from marketplace.web import once
from marketplace.web.notices import unread as unread_notices
from matching.scoring import weights

#: (permission, key, address); a page sets `here` to its key.
MENU = (
    ("inbox.read", "inbox", "/"),
    ("listing.read_own", "listings", "/listings"),
    ("lead.read", "leads", "/leads"),
    ("review.read", "desk", "/desk"),
    ("site.read", "sites", "/sites"),
    ("demand.read", "demands", "/demands"),
    ("link.read", "chain", "/supply-chain"),
    ("board.read", "board", "/board"),
    ("console.read", "console", "/console"),
    ("catalogue.read", "solutions", "/solutions"),
    ("alliance.read", "alliances", "/alliances"),
)


def init_app(app: Flask) -> None:
    """Install filters, globals and the variables of the frame."""
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(formats.FILTERS)
    app.jinja_env.globals.update(
        asset=asset,
        name=wording.name,
        term_name=wording.term_name,
        industry_name=wording.industry_name,
        finding_text=wording.finding,
        place=wording.place,
        is_allowed=is_allowed,
        form_once=once.field,
        unread_notices=unread_notices,
        fit_headings=weights.HEADINGS,
    )
    app.context_processor(_frame)


def asset(path: str) -> str:
    """The address of a static file with the hash of its content: it may be cached for a year."""
    return url_for("static", filename=path, v=_content_hash(config.ROOT / "static" / path))


@cache
def _content_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def _frame() -> dict[str, Any]:
    seat = current_user.seat
    names = {
        "inbox": _("할 일"),
        "listings": _("우리 솔루션"),
        "leads": _("수요 제안"),
        "desk": _("심사 목록"),
        "sites": _("우리 공장"),
        "demands": _("수요·매칭"),
        "board": _("수요 게시판"),
        "chain": _("공급망"),
        "console": _("운영"),
        "solutions": _("솔루션"),
        "alliances": _("얼라이언스"),
    }
    return {
        "locale": extensions.locale(),
        "theme": request.cookies.get("theme") if request.cookies.get("theme") in ("light", "dark") else "",
        "demo": current_app.config["IEUM_DEMO"],
        "today": extensions.today(),
        "menu": [
            (names[key], href, key) for permission, key, href in MENU if is_offered(permission, current_user)
        ],
        "principal": None
        if not current_user.is_authenticated
        else {
            "user_name": current_user.name,
            "support": current_user.support,
            "organization_name": "" if seat is None else wording.own_words(seat.name, seat.name_en),
            "role_label": _role_words(current_user.working_roles),
            "seats": [place for seat in current_user.seats for place in _places(seat)],
        },
    }


def _places(seat: Seat) -> list[dict[str, Any]]:
    """What the switcher offers of one organization: a place for each of its roles; `role` is "" if it has but one."""
    called = wording.own_words(seat.name, seat.name_en)
    acting = seat.key == current_user.organization_key
    choice = [] if current_user.support or len(seat.roles) < 2 else in_order(seat.roles)
    if not choice:
        return [
            {"seat": seat, "name": called, "role": "", "words": _role_words(seat.roles), "acting": acting}
        ]
    return [
        {
            "seat": seat,
            "name": called,
            "role": role,
            "words": _role_words({role}),
            "acting": acting and role == current_user.acting_role,
        }
        for role in choice
    ]


def _role_words(roles: Collection[str]) -> str:
    return " · ".join(wording.name("role", role) for role in in_order(roles))
