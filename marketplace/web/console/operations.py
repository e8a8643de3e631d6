"""How the servers do: health, requests of this process, the worker, backups."""

from flask import Blueprint, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.accounts.permission import requires
from marketplace.extensions import application, db, now
from marketplace.operations import backup_runs, metrics
from marketplace.web.console import frame

bp = Blueprint("console_operations", __name__, url_prefix="/console/operations")

#: Routes shown, the busiest first; the CSV has them all.
ROUTES_SHOWN = 20
BACKUPS_SHOWN = 10


@bp.get("")
@requires("operations.watch")
def index() -> str | Response:
    """Health and numbers, as people read them."""
    asked = frame.filters()
    app = application()
    routes = _routes(metrics.requests(app))
    if asked.csv:
        header = [
            _("경로"),
            _("요청"),
            _("오류(5xx)"),
            _("거절(4xx)"),
            _("중앙값(초)"),
            _("95번째 백분위(초)"),
        ]
        return frame.csv_answer("requests", header, ([row[name] for name in COLUMNS] for row in routes))
    return render_template(
        "console/operations.html",
        asked=asked,
        gauges=metrics.gauges(app, db),
        routes=routes[:ROUTES_SHOWN],
        routes_total=len(routes),
        backups=backup_runs.last(db, BACKUPS_SHOWN),
        now=now(),
    )


COLUMNS = ("route", "total", "faults", "refused", "median", "slow")


def _routes(counts: metrics.Requests) -> list[dict[str, object]]:
    faults: dict[str, int] = {}
    refused: dict[str, int] = {}
    for (_method, route, status), count in counts.answers().items():
        kind = faults if status >= 500 else refused if status >= 400 else {}
        kind[route] = kind.get(route, 0) + count
    rows = sorted(counts.durations().items(), key=lambda item: (-item[1].total, item[0]))
    return [
        {
            "route": route,
            "total": spread.total,
            "faults": faults.get(route, 0),
            "refused": refused.get(route, 0),
            "median": spread.quantile(0.5),
            "slow": spread.quantile(0.95),
        }
        for route, spread in rows
    ]
