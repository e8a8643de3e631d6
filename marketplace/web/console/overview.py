"""The console's first page: what waits for the operator, by age, and how the store runs."""

from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from marketplace import redaction, wording
from marketplace.accounts.permission import is_allowed, requires
from marketplace.extensions import db, now, search_index, today
from marketplace.operations import sending
from marketplace.web.console import waiting
from marketplace.web.console.mail import line as mail_line
from marketplace.web.parameters import notice_unknown
from matching import editions
from matching.scoring.weights import AXES
from matching.search.query import SearchQuery

bp = Blueprint("console", __name__, url_prefix="/console")

#: Messages that stopped, and mails, shown here; the sections have them all.
STOPPED_SHOWN = 3
MAILS_SHOWN = 5


@bp.get("")
@requires("console.read")
def index() -> str:
    """Everything that waits, what is beyond its goal first; then index, outbox, mails and weights as they are now."""
    notice_unknown()
    return render_template(
        "console/overview.html",
        lines=waiting.lines(db, today()),
        bands=waiting.BANDS,
        moment=now(),
        running=_running() if is_allowed("outbox.read") else None,
        index=_index() if is_allowed("search.watch") else None,
        **(_weights() if is_allowed("weights.draft") else {}),
    )


def _weights() -> dict[str, Any]:
    """The edition in force, and each axis in words with its weight; those that are not in use say so."""
    weights = editions.in_force(db, today())
    unused = _("쓰지 않음")
    said = [
        (wording.name("axis", axis), unused if axis in weights.not_in_use else weights.axis[axis])
        for axis in AXES
    ]
    return {"weights": weights, "weight_facts": said}


def _index() -> dict[str, Any]:
    """How far the index is, beside the catalogue."""
    engine = search_index().current(db)
    found = engine.search(SearchQuery(today(), limit=0))
    return {
        "reached": engine.revision,
        "revision": search_index().seen,
        "listings": found.everything_total,
        "trouble": search_index().trouble(),
    }


def _running() -> dict[str, Any]:
    """Messages by state, those that stopped, the last mails."""
    found = sending.glance(db, stopped=STOPPED_SHOWN, mails=MAILS_SHOWN)
    return {
        "counts": found.counts,
        "mail_counts": found.mail_counts,
        "stopped": [(row, redaction.addresses(row.last_error or "")) for row in found.stopped],
        "mails": [mail_line(row) for row in found.mails],
    }
