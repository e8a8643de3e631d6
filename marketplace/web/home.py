"""The first page: the store's window for everybody, what waits for those who are signed in."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import escape

from catalog import taxonomy
from catalog.taxonomy import PublishedCase
from marketplace import formats, inbox
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db, locale, search_engine, today
from marketplace.web import cards
from matching.search.query import SearchQuery

bp = Blueprint("home", __name__)

NEWEST = 6


@bp.get("/")
@requires("catalogue.read")
def index() -> str:
    """What waits for the person; for everybody else the newest field-proven listings and published cases."""
    if current_user.is_authenticated:
        return _inbox()
    proved = {"validation": frozenset({"field"})}
    result = search_engine().search(SearchQuery(today(), filters=proved, sort="newest", limit=NEWEST))
    found = access.public_releases(db, [hit.id for hit in result.hits])
    return render_template(
        "home/window.html",
        cards=cards.shown(
            [found[hit.id] for hit in result.hits if hit.id in found],
            today(),
            access.backing_of(db, found.values()),
        ),
        everything_total=result.everything_total,
        cases=[(case, case_figure(case)) for case in taxonomy.published_cases()],
    )


@bp.get("/inbox/waiting")
@requires("inbox.read")
def waiting() -> str:
    """How much waits at one place of the switcher, `organization` and `role`; a part of a page."""
    who = current_user.seated(request.args.get("organization", ""), request.args.get("role"))
    return str(escape(_("할 일 %(n)s건", n=formats.number(inbox.count(db, who, today())))))


def _inbox() -> str:
    waiting = inbox.everything(db, current_user, today())
    return render_template(
        "home/inbox.html",
        items=waiting[: inbox.MOST],
        groups=_by_time(waiting[: inbox.MOST], today()),
        total=len(waiting),
        checks=[] if current_user.support else inbox.checklist(db, current_user),
        alliances=inbox.alliances_now(db, current_user, today()),
        next_step=inbox.next_step(current_user),
    )


def _by_time(items: list[inbox.Item], day: date) -> list[tuple[str, list[inbox.Item]]]:
    """Late and due today, due until Sunday, and the rest, each under its heading; empty ones are left out."""
    sunday = day + timedelta(days=6 - day.weekday())
    groups: dict[str, list[inbox.Item]] = {}
    for item in items:
        late = item.due is not None and item.due <= day
        soon = item.due is not None and item.due <= sunday
        groups.setdefault(_("오늘") if late else _("이번 주") if soon else _("나중에"), []).append(item)
    return list(groups.items())


def case_figure(case: PublishedCase) -> str:
    """The reported number in words, as its source printed it; a unit without words is a `KeyError`."""
    if case.before is not None and case.after is not None:
        unit = "%" if case.unit == "percent" else ""
        return " → ".join(formats.measure(end, unit, locale()) for end in (case.before, case.after))
    return CASE_FIGURES[case.unit](case.change if case.change is not None else case.value or Decimal(0))


def _percent(change: Decimal) -> str:
    return f"{'+' if change > 0 else ''}{formats.number(change)}%"


#: Kind of number of a published case → its words.
CASE_FIGURES: dict[str, Callable[[Decimal], str]] = {
    "percent": _percent,
    "percent_increase": _percent,
    "percent_increase_approx": lambda change: _("약 %(change)s", change=_percent(change)),
    "units_per_month": lambda n: _("월 %(n)s개", n=formats.number(n)),
    "per_million": lambda n: _("100만 개당 %(n)s개", n=formats.number(n)),
    "krw_over_4_years": lambda n: _("4년 동안 %(amount)s", amount=formats.won(int(n), locale())),
}
