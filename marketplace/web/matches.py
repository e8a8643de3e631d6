"""The ranked list of a demand: who fits and why, who was left out and what would bring them back, what if."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog import counters
from catalog.errors import Invalid
from marketplace import audit
from marketplace.accounts import access
from marketplace.accounts.access import Place
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now, search_engine, today
from marketplace.journeys import plants
from marketplace.schemas.fields import parse
from marketplace.schemas.matches import WhatIfIn
from marketplace.web import comparing, forms, list_files, once, places
from marketplace.web.parameters import notice_unknown, page_number
from matching import keeping, matchmaking, what_ifs
from matching.maturity import assessments
from matching.models import Assessment, Demand, MatchList, WhatIf
from matching.models.demand import OPEN
from matching.scoring.weights import AXES
from matching.what_ifs import Changes

bp = Blueprint("matches", __name__)

PAGE_SIZE = 20
#: Reasons for and against that stand on a card; the others are in its table.
REASONS_SHOWN = 3

FIELDS: Mapping[str, forms.Reader] = {
    **{f"weights/{axis}": forms.whole for axis in AXES},
    "policy": lambda texts: "off" not in texts,
    "budget_amount": forms.whole,
    "nice": forms.many,
}
#: Facts of a need that the demand and its site state themselves.
STATED = (
    "requirements",
    "level",
    "target_level",
    "industry",
    "region",
    "connections",
    "budget_amount",
    "weeks_left",
    "programme",
)
#: A list with what it tried out, if it did.
Shown = tuple[MatchList, WhatIf | None]


@bp.get("/demands/<uuid:demand_id>/matches")
@requires("demand.read")
def show(demand_id: UUID) -> str:
    """The newest list of a demand, or the one that the address names, twenty places a page."""
    notice_unknown("page", "list", "policy", "compare", "all")
    demand = access.own_demand_in_full(db, current_user, demand_id)
    found = _asked(demand)
    if found is None:
        return render_template("matches/none.html", demand=demand)
    return _page(demand, found)


@bp.post("/demands/<uuid:demand_id>/matches")
@requires("demand.match")
def compute(demand_id: UUID) -> Response:
    """Rank the store anew for an open demand."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    demand = access.own_demand_in_full(db, current_user, demand_id)
    found = plants.match_again(db, search_engine(), demand, today())
    target = once.remember(url_for(".show", demand_id=demand_id))
    audit.commit("demand.match", found, demand=demand.public_id)
    flash(_("지금 공개된 솔루션으로 다시 계산했어요."), "success")
    return redirect(target, 303)


@bp.post("/demands/<uuid:demand_id>/matches/what-if")
@requires("demand.match")
def what_if(demand_id: UUID) -> Response | tuple[str, int]:
    """Rank the store with something changed, and show that list; the demand stays as it is."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    demand = access.own_demand_in_full(db, current_user, demand_id)
    form = forms.read(request.form, FIELDS)
    try:
        data = parse(WhatIfIn(), form.data)
        changes = Changes(data["weights"], data["policy"], data["budget_amount"], tuple(data["nice"]))
        tried = what_ifs.look(db, search_engine(), demand, today(), changes)
    except Invalid as error:
        db.rollback()
        return _refused(access.own_demand_in_full(db, current_user, demand_id), form, error)
    target = once.remember(url_for(".show", demand_id=demand_id, list=tried.public_id))
    audit.commit("demand.what_if", tried, demand=demand.public_id)
    return redirect(target, 303)


@bp.get("/demands/<uuid:demand_id>/matches.csv")
@requires("demand.read")
def as_csv(demand_id: UUID) -> Response:
    """The whole list for a spreadsheet, with the figures of the page."""
    notice_unknown("list", "policy")
    demand = access.own_demand_in_full(db, current_user, demand_id)
    found = _asked(demand)
    if found is None:
        return redirect(url_for(".show", demand_id=demand_id), 303)
    ranked = access.places_of(db, found[0], policy=_policy())
    return list_files.csv_of(
        found[0], [places.shown(place, found[0].weights, policy=_policy()) for place in ranked]
    )


@bp.get("/demands/<uuid:demand_id>/matches/print")
@requires("demand.read")
def as_print(demand_id: UUID) -> str | Response:
    """The whole list on paper, with the figures of the page."""
    notice_unknown("list", "policy")
    demand = access.own_demand_in_full(db, current_user, demand_id)
    found = _asked(demand)
    if found is None:
        return redirect(url_for(".show", demand_id=demand_id), 303)
    ranked = access.places_of(db, found[0], policy=_policy())
    return render_template(
        "matches/print.html",
        demand=demand,
        found=found[0],
        what_if=found[1],
        policy=_policy(),
        rows=[places.shown(place, found[0].weights, policy=_policy()) for place in ranked],
        causes=places.causes(found[0], demand),
        now=now(),
    )


def _asked(demand: Demand, word: str | None = None) -> Shown | None:
    """The list that the address (or a form) names, else the newest that tried nothing out; None: there is none."""
    word = request.args.get("list", "") if word is None else word
    try:
        named = UUID(word) if word else None
    except ValueError:
        flash(_("모르는 조건은 빼고 보여드려요."), "warning")
        named = None
    return access.list_of_demand(db, demand, named)


def _policy() -> bool:
    """Whether the order counts the policy term."""
    return request.args.get("policy") != "off"


def _refused(demand: Demand, form: forms.Form, error: Invalid) -> tuple[str, int]:
    found = _asked(demand, request.form.get("list", ""))
    if found is None:
        return render_template("matches/none.html", demand=demand), 422
    return _page(demand, found, **form.refused(error.problems)), 422


def _page(demand: Demand, shown: Shown, **context: Any) -> str:
    found, tried = shown
    policy = _policy()
    pages = max(1, -(-found.kept // PAGE_SIZE))
    page = page_number(pages)
    ids = comparing.asked()
    ranks = range((page - 1) * PAGE_SIZE + 1, page * PAGE_SIZE + 1)
    wanted = [listing for listing in ids if comparing.is_id(listing)]
    fetched = access.places_of(db, found, policy=policy, ranks=ranks, listings=wanted)
    on_page = [place for place in fetched if (place.rank if policy else place.rank_without_policy) in ranks]
    level = assessments.current(db, demand.site, today=today())
    edition = what_ifs.edition_of(db, found)
    cards = [places.shown(place, found.weights, policy=policy) for place in on_page]
    return render_template(
        "matches/show.html",
        demand=demand,
        found=found,
        what_if=tried,
        policy=policy,
        page=page,
        pages=pages,
        places=cards,
        causes=places.causes(found, demand),
        stale="" if tried else _stale(found, demand, level),
        edition=edition,
        flip=places.flip_of(on_page, edition) if page == 1 and policy and demand.state == OPEN else None,
        flips=places.flips_of(found) if page == 1 and policy else [],
        not_known=places.not_known(cards, demand),
        level=level,
        synthetic=access.synthetic_listings(db, places.named(on_page, found)),
        reasons_shown=REASONS_SHOWN,
        now=now(),
        **_compared(found, comparing.kept(ids, fetched), policy=policy),
        **context,
    )


def _compared(found: MatchList, chosen: Sequence[Place], *, policy: bool) -> dict[str, Any]:
    """The table of those that the address puts side by side, if there are at least two."""
    ids = [place.match.listing for place in chosen]
    if len(chosen) < comparing.LEAST:
        return {"compared": [], "chosen": ids}
    everything = request.args.get("all") == "1"
    releases = access.releases_ranked(db, chosen)
    return {
        "compared": [places.shown(place, found.weights, policy=policy) for place in chosen],
        "chosen": ids,
        "compare_groups": comparing.groups(chosen, releases, found, everything=everything),
        "everything": everything,
    }


def _stale(found: MatchList, demand: Demand, level: Assessment | None) -> str:
    """ "" while the list holds; "catalogue" or "need" when the store or our own facts are newer than it.

    Partners, statistics and support rules are not looked at: a new list takes them as they are then.
    """
    if demand.state != OPEN:
        return ""
    own = matchmaking.own_facts(demand, None if level is None else level.level, today())
    now_stated = json.loads(json.dumps(keeping.plain(own)))
    if any(now_stated[name] != found.need.get(name) for name in STATED):
        return "need"
    return "catalogue" if found.revision < counters.current(db, counters.CATALOG) else ""
