"""The console's first page: what waits for the operator, by age."""

from flask import Blueprint, render_template

from marketplace.accounts.permission import requires
from marketplace.extensions import db, now, today
from marketplace.web.console import waiting
from marketplace.web.parameters import notice_unknown

bp = Blueprint("console", __name__, url_prefix="/console")


@bp.get("")
@requires("console.read")
def index() -> str:
    """Everything that waits, what is beyond its goal first."""
    notice_unknown()
    lines = waiting.lines(db, today())
    return render_template("console/overview.html", lines=lines, bands=waiting.BANDS, moment=now())
