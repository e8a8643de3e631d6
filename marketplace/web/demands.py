"""What a factory needs: written in its own words or field by field, kept as a draft, stated, revised.

One form for all of it. Its button says what happens: read the text into the fields (nothing is saved), keep a draft,
or state the demand, which ranks the store at once.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog import taxonomy
from catalog.errors import Conflict, Invalid
from catalog.models import Site
from catalog.money import MAX_AMOUNT
from marketplace import audit
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db, locale, search_engine, today
from marketplace.journeys import plants
from marketplace.schemas.demands import MAX_VERSION, DemandIn, DraftIn, domain_fields
from marketplace.schemas.fields import parse
from marketplace.web import demand_texts, demand_words, forms, once
from marketplace.web.demand_texts import EMPTY_ROWS, USUAL_QUALITY, requirement_values
from marketplace.web.parameters import notice_unknown
from marketplace.web.site_form import rows_of
from marketplace.web.sites import level_text, options
from matching import demands, matchmaking
from matching.demand_content import MAX_LINKS
from matching.demands import MAX_REQUIREMENTS, DemandFields
from matching.maturity.assessments import MAX_LEVEL
from matching.models import Demand
from matching.models.assessment import COMPANY_LEVEL
from matching.models.demand import CLOSED, DRAFT
from matching.understanding import examples

bp = Blueprint("demands", __name__)

MUST, NICE = "must", "nice"
READ, KEEP = "read", "draft"
EMPTY_LINKS = 1


def _must(texts: Sequence[str]) -> Any:
    """The two words of the form as true or false; another word stays text."""
    word = forms.chosen(texts)
    return {MUST: True, NICE: False}.get(word, word) if isinstance(word, str) else word


FIELDS: Mapping[str, forms.Reader] = {
    "site_id": forms.chosen,
    "title": forms.text,
    "description": forms.lines,
    "requirements/*/capability": forms.chosen,
    "requirements/*/must": _must,
    "requirements/*/min_quality": forms.whole,
    "links/*/*": forms.chosen,
    "target_level/value": forms.whole,
    "budget_amount": forms.whole,
    "deadline": forms.optional,
    "programme": forms.optional,
}
DROPPED: Mapping[str, forms.Drop] = {
    "requirements": lambda row: not row.get("capability"),
    "links": lambda row: not row,
}


@bp.get("/demands")
@requires("demand.read")
def index() -> str:
    """Every demand of the acting company with how many listings its newest list ranked."""
    notice_unknown()
    own = access.own_demands(db, current_user)
    counts = matchmaking.counts_by_demand(db, [demand.id for demand in own])
    return render_template("demands/index.html", demands=own, counts=counts)


@bp.get("/demands/new")
@requires("demand.state")
def new() -> str:
    """The empty form, or one that begins with what a link names: a site, capabilities, a level, an example."""
    notice_unknown("site", "capability", "capabilities", "target_level", "example")
    asked = request.args
    given = [*asked.getlist("capability"), *asked.get("capabilities", "").split(",")]
    named = [code for code in given if taxonomy.find("capability", code)]
    values: dict[str, Any] = {}
    for i, code in enumerate(dict.fromkeys(named[:MAX_REQUIREMENTS])):
        values |= requirement_values(i, code, True, USUAL_QUALITY)
    if asked.get("target_level") in [str(level) for level in range(1, MAX_LEVEL[COMPANY_LEVEL] + 1)]:
        values["target_level/value"] = asked["target_level"]
    if asked.get("site"):
        values["site_id"] = asked["site"]
    example = examples.named(asked.get("example", ""))
    if example is None:
        return _page(None, values)
    values["description"] = example.text(locale())
    return _page(None, values, **demand_texts.read_into(values, today()))


@bp.post("/demands/new")
@requires("demand.state")
def state() -> Response | tuple[str, int]:
    """Add a demand or a draft, or read the text into the form."""
    return _sent(None)


@bp.get("/demands/<uuid:demand_id>")
@requires("demand.read")
def edit(demand_id: UUID) -> str:
    """The form with what is stored, or with what was tried out on its list; a closed demand can only be read."""
    notice_unknown("budget_amount", "nice")
    demand = access.own_demand_in_full(db, current_user, demand_id)
    if demand.state == CLOSED:
        return render_template("demands/closed.html", demand=demand, pair=demand_words.pair)
    return _page(demand, _stored(demand) | _tried(demand))


def _tried(demand: Demand) -> dict[str, Any]:
    """What a what-if changed, as its link names it: another budget, capabilities that are no musts any more."""
    nice = request.args.getlist("nice")
    values: dict[str, Any] = {}
    for i, row in enumerate(demand.requirements):
        if row.capability in nice:
            values |= requirement_values(i, row.capability, False, row.min_quality)
    budget_amount = request.args.get("budget_amount", type=int)
    if budget_amount is not None and 0 < budget_amount <= MAX_AMOUNT:
        values["budget_amount"] = f"{budget_amount:,}"
    return values


@bp.post("/demands/<uuid:demand_id>")
@requires("demand.state")
def revise(demand_id: UUID) -> Response | tuple[str, int]:
    """Replace an open demand or a draft, or read the text into the form."""
    return _sent(access.own_demand_in_full(db, current_user, demand_id))


def _sent(demand: Demand | None) -> Response | tuple[str, int]:
    act = request.form.get("act", "")
    form = _read()
    if act == READ:
        return _page(demand, form.values, **demand_texts.read_into(form.values, today())), 200
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    try:
        if act == KEEP and (demand is None or demand.state == DRAFT):
            return _kept(demand, form)
        return _stated(demand, form)
    except Invalid as error:
        db.rollback()
        return _page(demand, **form.refused(error.problems)), 422
    except Conflict as error:
        if error.code != "demand.version" or demand is None:
            raise
        return _overtaken(demand, form)


def _stated(demand: Demand | None, form: forms.Form) -> Response:
    """State, revise or finish: the store is ranked in the same transaction."""
    site, fields = _parsed(form, DemandIn())
    found = plants.state_and_match(
        db, search_engine(), site, demand, fields, today=today(), by=current_user.email, expected=_version()
    )
    db.flush()  # the new demand needs its public id before its address can be noted
    target = once.remember(url_for("matches.show", demand_id=found.demand.public_id))
    audit.commit("demand.state", found.demand, list=found.public_id, version=found.demand.version)
    done = (
        _("수요를 등록하고 후보를 찾았어요.") if demand is None else _("수요를 고치고 후보를 다시 찾았어요.")
    )
    flash(done, "success")
    return redirect(target, 303)


def _kept(demand: Demand | None, form: forms.Form) -> Response:
    """Keep what was written so far as a draft."""
    site, fields = _parsed(form, DraftIn())
    if demand is None:
        demand = demands.draft(db, site, fields, today())
        db.flush()  # the draft needs its public id before its address can be noted
    else:
        demands.save_draft(db, demand, site, fields, today())
    target = once.remember(url_for(".edit", demand_id=demand.public_id))
    audit.commit("demand.draft", demand)
    flash(_("초안으로 저장했어요. 아직 후보를 찾지 않았고, 우리만 볼 수 있어요."), "success")
    return redirect(target, 303)


def _overtaken(demand: Demand, form: forms.Form) -> tuple[str, int]:
    """Somebody else was faster: show what changed, keep what was typed, and let it be sent again knowingly."""
    db.rollback()
    rows = demands.versions_of(db, demand)
    since = demand_words.changes(rows, since=_version() or 0)
    return _page(demand, form.values, meanwhile=since), 409


def _version() -> int | None:
    """The version that the form was made from; None if the form does not say."""
    typed = request.form.get("version", "")
    return int(typed) if typed.isdecimal() and len(typed) <= len(str(MAX_VERSION)) else None


def _read() -> forms.Form:
    form = forms.read(request.form, FIELDS, DROPPED)
    target = form.data.get("target_level")
    if not isinstance(target, dict) or target.get("value") is None:
        form.data["target_level"] = None
    else:
        target["scale"] = COMPANY_LEVEL
    return form


def _parsed(form: forms.Form, schema: DemandIn) -> tuple[Site, DemandFields]:
    data = parse(schema, form.data)
    return access.own_site_at(db, current_user, data["site_id"], "site_id"), domain_fields(data)


def _page(demand: Demand | None, values: dict[str, Any], **context: Any) -> str:
    own = access.own_sites(db, current_user)
    if not own:
        back = url_for(".new", capability=request.args.getlist("capability") or None)
        return render_template("demands/site_first.html", back=back)
    if len(own) == 1:
        values.setdefault("site_id", own[0].public_id)
    site = next((one for one in own if one.public_id == values.get("site_id")), None)
    level = None if site is None else access.levels_of(db, [site]).get(site.id, {}).get(COMPANY_LEVEL)
    return render_template(
        "demands/form.html",
        demand=demand,
        values=values,
        sites=[(one.public_id, one.name) for one in own],
        factory=site,
        level=None if level is None else level_text(level),
        level_basis=None if level is None else level.basis,
        capabilities=options("capability"),
        rows=rows_of(values, "requirements", ("capability",), empty=EMPTY_ROWS, most=MAX_REQUIREMENTS),
        link_rows=rows_of(values, "links", ("0", "1"), empty=EMPTY_LINKS, most=MAX_LINKS),
        programmes=demand_words.programmes(access.programmes_to_choose(db), today()),
        examples=[] if demand else examples.common_in(None if site is None else site.industry_code),
        usual_quality=USUAL_QUALITY,
        **context,
    )


def _stored(demand: Demand) -> dict[str, Any]:
    stored: dict[str, Any] = {
        "site_id": demand.site.public_id,
        "title": demand.title,
        "description": demand.description,
        "target_level": {"value": demand.target_level},
        "budget_amount": None if demand.budget_amount is None else f"{demand.budget_amount:,}",
        "deadline": _day(demand.deadline),
        "programme": demand.programme,
    }
    values = forms.flat(stored)
    for i, row in enumerate(demand.requirements):
        values |= requirement_values(i, row.capability, row.must, row.min_quality)
    for i, pair in enumerate(demand.links):
        values |= {f"links/{i}/{side}": code for side, code in enumerate(pair)}
    return dict(values)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
