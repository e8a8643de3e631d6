"""Alliances as everybody sees them, and the ways in: founding one, asking to join, showing it a demand."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog import taxonomy
from catalog.alliances import founding
from catalog.bundles import form as forms_of_bundles
from catalog.errors import Invalid, NotFound
from catalog.models import Alliance
from catalog.models.organization import CONFIRMED
from marketplace import audit, wording
from marketplace.accounts import access
from marketplace.accounts.permission import is_allowed, requires
from marketplace.extensions import db, locale, search_engine, today
from marketplace.journeys import alliances as acts
from marketplace.schemas import alliance_cards
from marketplace.schemas import alliances as schemas
from marketplace.schemas.fields import parse
from marketplace.web import alliance_words as words
from marketplace.web import forms, once
from marketplace.web.parameters import notice_unknown, page_number

bp = Blueprint("alliances", __name__)

#: Alliances on a page; gaps that stand open beside the matrix, and vendors that a gap names.
PAGE_SIZE, GAPS_SHOWN, VENDORS_SHOWN = 20, 6, 5

DESCRIPTION_FIELDS: Mapping[str, forms.Reader] = {
    "name": forms.text,
    "name_en": forms.text,
    "purpose": forms.lines,
    "purpose_en": forms.lines,
    "division": forms.optional,
}
PART_FIELDS: Mapping[str, forms.Reader] = {
    "role": forms.text,
    "role_en": forms.text,
    "capabilities": forms.many,
}
REQUEST_FIELDS: Mapping[str, forms.Reader] = {**PART_FIELDS, "message": forms.lines}


@bp.get("/alliances")
@requires("alliance.read")
def index() -> str:
    """Active alliances, and above them those that the acting organization has to do with."""
    notice_unknown("page")
    total = access.count_public_alliances(db)
    pages = max(1, -(-total // PAGE_SIZE))
    page = page_number(pages)
    rows = access.public_alliances(db, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    own = access.own_alliances(db, current_user, today()) if is_allowed("alliance.work") else []
    return render_template(
        "alliances/index.html", rows=rows, own=own, total=total, page=page, pages=pages, **_said()
    )


@bp.get("/alliances/<uuid:alliance_id>")
@requires("alliance.read")
def show(alliance_id: UUID) -> str:
    """One alliance: who answers, what it covers, what it lacks, who belongs to it."""
    notice_unknown()
    row = access.public_alliance(db, alliance_id)
    if row.charter is None:
        raise NotFound
    card = alliance_cards.card(db, search_engine(), row, row.charter, today())
    return render_template(
        "alliances/show.html",
        card=card,
        bundles=[(one, forms_of_bundles.read(one.content)) for one in access.sold_bundles(db, row)],
        alliance=row,
        steps=card.coverage.steps,
        gaps_shown=GAPS_SHOWN,
        vendors_shown=VENDORS_SHOWN,
        **_standing(row),
        **_said(),
    )


@bp.get("/alliances/<uuid:alliance_id>/charters/<int:number>")
@requires("alliance.read")
def charter(alliance_id: UUID, number: int) -> str:
    """The charter in force, word for word, and which members accepted it when."""
    notice_unknown()
    row = access.public_alliance(db, alliance_id)
    if row.charter is None or row.charter.number != number:
        raise NotFound
    return render_template(
        "alliances/charter.html",
        charter=row.charter,
        alliance=row,
        names=words.names_of(row),
        **_said(),
    )


@bp.get("/alliances/new")
@requires("alliance.draft")
def new() -> str:
    """The empty form."""
    notice_unknown()
    return _found({})


@bp.post("/alliances/new")
@requires("alliance.draft")
def found() -> Response | tuple[str, int]:
    """Found an alliance; sent twice, it is one."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    fields = {**DESCRIPTION_FIELDS, "joins": forms.flag}
    fields |= {f"member/{name}": reader for name, reader in PART_FIELDS.items()}
    form = forms.read(request.form, fields)
    try:
        data = dict(form.data)
        joins = data.pop("joins")
        data["member"] = data["member"] if joins else None
        parsed = parse(schemas.AllianceIn(), data)
        mine = parsed.pop("member")
        own = access.own_organization(db, current_user)
        made = founding.found(db, own, schemas.description(parsed), today(), part=mine)
    except Invalid as error:
        db.rollback()
        return _found(**form.refused(error.problems)), 422
    db.flush()  # the address needs its public id
    target = once.remember(url_for("alliance_work.show", alliance_id=made.public_id))
    audit.commit("alliance.found", made)
    flash(_("얼라이언스를 만들었어요. 참여할 기업을 초대하고 규약을 제안해 주세요."), "success")
    return redirect(target, 303)


@bp.get("/alliances/<uuid:alliance_id>/request")
@requires("alliance.ask")
def confirm_request(alliance_id: UUID) -> str:
    """What the own organization would do in it."""
    notice_unknown()
    return _request(access.public_alliance(db, alliance_id), {})


@bp.post("/alliances/<uuid:alliance_id>/request")
@requires("alliance.ask")
def ask(alliance_id: UUID) -> Response | tuple[str, int]:
    """Ask to join."""
    row = access.public_alliance(db, alliance_id)
    form = forms.read(request.form, REQUEST_FIELDS)
    try:
        data = parse(schemas.AllianceRequestIn(), form.data)
        own = access.own_organization(db, current_user)
        made = acts.ask(db, row, own, schemas.part_fields(data), today(), message=data["message"])
    except Invalid as error:
        db.rollback()
        row = access.public_alliance(db, alliance_id)
        return _request(row, **form.refused(error.problems)), 422
    audit.commit("alliance.ask", made)
    flash(_("참여를 신청했어요. 코디네이터가 받아들이면 규약을 읽고 참여해요."), "success")
    return redirect(url_for("alliance_work.show", alliance_id=alliance_id), 303)


@bp.get("/alliances/<uuid:alliance_id>/demand")
@requires("alliance.send")
def choose_demand(alliance_id: UUID) -> str:
    """Which of the own open demands the alliance is to see."""
    notice_unknown()
    row = access.public_alliance(db, alliance_id)
    open_demands = [demand for demand in access.own_demands(db, current_user) if demand.state == "open"]
    return render_template("alliances/demand.html", alliance=row, demands=open_demands, **_said())


def capability_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """The capabilities as groups of boxes."""
    return [
        (
            group.name(locale()),
            [(one.code, one.name(locale())) for one in taxonomy.capabilities() if one.group == group.code],
        )
        for group in taxonomy.capability_groups()
    ]


def divisions() -> list[tuple[str, str]]:
    """The divisions as options."""
    return [(one.code, one.name(locale())) for one in taxonomy.divisions()]


def _found(values: dict[str, Any], **context: Any) -> str:
    return render_template(
        "alliances/new.html",
        values=values,
        groups=capability_groups(),
        divisions=divisions(),
        confirmed=access.own_organization(db, current_user).state == CONFIRMED,
        **context,
    )


def _request(row: Alliance, values: dict[str, Any], **context: Any) -> str:
    return render_template(
        "alliances/request.html",
        alliance=row,
        values=values,
        groups=capability_groups(),
        confirmed=access.own_organization(db, current_user).state == CONFIRMED,
        **_said(),
        **context,
    )


def _standing(row: Alliance) -> dict[str, Any]:
    """What the acting organization has to do with a public alliance."""
    key = current_user.organization_key
    mine = next((one for one in row.members if one.organization_id == key), None)
    concerned = key is not None and (row.coordinator_id == key or mine is not None)
    return {"works_here": concerned and is_allowed("alliance.work")}


def _said() -> dict[str, Any]:
    return {"words": words, "titled": wording.own_words}
