"""Support accesses: the operator's list of them, and the way out of one."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog.errors import NotFound
from marketplace import audit
from marketplace.accounts import access, support
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now
from marketplace.web.console import frame

bp = Blueprint("console_looks", __name__)


@bp.get("/console/support")
@requires("support.open")
def index() -> str | Response:
    """Who looked at which customer, when and why, newest first."""
    asked = frame.filters()
    page = frame.paged(access.count_support_accesses(db, None), asked)
    rows = access.support_accesses(db, None, offset=page.offset, limit=page.limit)
    if asked.csv:
        header = ["id", _("조직"), _("누가"), _("시작"), _("끝"), _("이유")]
        return frame.csv_answer(
            "support",
            header,
            (
                [
                    row.public_id,
                    row.organization.name,
                    row.operator_email,
                    row.created_at.isoformat(),
                    (row.ended_at or row.ends_at).isoformat(),
                    row.reason,
                ]
                for row in rows
            ),
        )
    return render_template("console/looks.html", asked=asked, page=page, rows=rows)


@bp.post("/support/<uuid:access_id>/end")
@requires("support.end")
def end(access_id: UUID) -> Response:
    """End the look that runs in this sign-in."""
    looking = current_user.support
    if looking is None or looking.public_id != str(access_id):
        raise NotFound
    row = support.end(db, looking.public_id, now())
    audit.commit("support.end", row)
    flash(_("지원 열람을 끝냈어요."), "success")
    return redirect(url_for("console_organizations.show", organization_id=row.organization.public_id), 303)
