"""The demand board: what confirmed vendors see of the demands in their audience, on a page and as CSV."""

import csv
import io

from flask import Blueprint, Response, render_template, request
from flask_login import current_user

from catalog.models.organization import CONFIRMED
from marketplace import wording
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db, today
from marketplace.web import demand_words
from marketplace.web.parameters import notice_unknown, page_number
from marketplace.web.sites import options
from matching import board, crowds
from matching.audience import AudienceView
from matching.board import Filters

bp = Blueprint("board", __name__)

PAGE_SIZE = 20
FILTERS = ("capability", "sector", "area", "quarter")
COLUMNS = (
    "industry",
    "region",
    "size",
    "level",
    "target_level",
    "must",
    "nice",
    "links",
    "budget",
    "quarter",
)
#: Spreadsheets run what begins with one of these.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@bp.get("/board")
@requires("board.read")
def index() -> str:
    """The newest first, with filters and how often something is asked for."""
    notice_unknown(*FILTERS, "page")
    vendor = access.acting_vendor(db, current_user)
    rows = access.demands_in_sight(db, vendor)
    shown = board.views(db, rows, vendor, today())
    filters = _filters()
    found = board.chosen(shown, filters)
    pages = max(1, -(-len(found) // PAGE_SIZE))
    page = page_number(pages)
    return render_template(
        "board/index.html",
        confirmed=vendor.state == CONFIRMED,
        views=found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        total=len(found),
        all=len(shown),
        page=page,
        pages=pages,
        filters=filters,
        chosen={name: getattr(filters, name) for name in FILTERS},
        capabilities=options("capability"),
        sectors=[(code, wording.name("sector", code)) for code in crowds.SECTORS],
        areas=[(code, wording.name("area", code)) for code in crowds.AREAS],
        quarters=_quarters(shown),
        statistics=board.statistics(db, rows),
        say=demand_words,
    )


@bp.get("/board.csv")
@requires("board.read")
def table() -> Response:
    """The same rows for a spreadsheet: nothing that the page does not show."""
    notice_unknown(*FILTERS)
    vendor = access.acting_vendor(db, current_user)
    shown = board.views(db, access.demands_in_sight(db, vendor), vendor, today())
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([_safe(cell) for cell in _row(view)] for view in board.chosen(shown, _filters()))
    headers = {"Content-Disposition": 'attachment; filename="board.csv"'}
    return Response("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


@bp.get("/docs/audience")
@requires("catalogue.read")
def rules() -> str:
    """What each audience sees, and how coarse a description becomes; drawn from the code that does it."""
    return render_template(
        "board/rules.html",
        group=crowds.GROUP,
        sectors=crowds.SECTORS,
        areas=crowds.AREAS,
        sizes=crowds.SIZES,
        wide=crowds.WIDE_SIZES,
        budgets=crowds.BUDGETS,
        say=demand_words,
    )


def _filters() -> Filters:
    return Filters(**{name: request.args.get(name, "")[:40] for name in FILTERS})


def _quarters(shown: list[AudienceView]) -> list[tuple[str, str]]:
    there = sorted({view.quarter for view in shown if view.quarter is not None})
    return [(f"{one[0]}-{one[1]}", demand_words.quarter(one)) for one in there]


def _row(view: AudienceView) -> list[str]:
    sector = wording.name("sector", view.sector) if view.sector else ""
    area = wording.name("area", view.area) if view.area else ""
    industry = wording.industry_name({"revision": "11", "code": view.industry}) if view.industry else sector
    return [
        industry,
        wording.term_name("region", view.region) if view.region else area,
        demand_words.people(view.size) if view.size else "",
        "" if view.level is None else str(view.level),
        "" if view.target_level is None else str(view.target_level),
        demand_words.capabilities(view, must=True),
        demand_words.capabilities(view, must=False),
        ", ".join(demand_words.pair(pair) for pair in view.links),
        demand_words.budget(view.budget) if view.budget else "",
        demand_words.quarter(view.quarter) if view.quarter else "",
    ]


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
