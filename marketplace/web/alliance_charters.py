"""Charters and the pipeline: propose, compare with the version before, accept; who takes care of which demand."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog.alliance_states import JOINED, PROPOSED
from catalog.alliances import charters, differences, standing
from catalog.errors import Invalid
from catalog.models import AllianceCharter
from marketplace import audit
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now, today
from marketplace.journeys import alliances as acts
from marketplace.schemas import alliances as schemas
from marketplace.schemas.fields import parse
from marketplace.web import alliance_words as words
from marketplace.web import demand_words, forms
from marketplace.web.alliance_work import signature
from marketplace.web.alliances import capability_groups
from marketplace.web.parameters import notice_unknown
from marketplace.wording import leads as lead_words
from matching import pipeline

bp = Blueprint("alliance_charters", __name__)

CHARTER_FIELDS: Mapping[str, forms.Reader] = {
    "text": forms.lines,
    "text_en": forms.lines,
    "level_from": forms.whole,
    "level_to": forms.whole,
    "lead": forms.chosen,
    "notice_days": forms.whole,
    "answer_hours": forms.whole,
    "members/*/organization": forms.chosen,
    "members/*/role": forms.text,
    "members/*/role_en": forms.text,
    "members/*/capabilities": forms.many,
}
#: What a first charter begins with: a quarter of notice, and the hours in which leads are answered (docs/leads.md).
NOTICE_DAYS, ANSWER_HOURS = 90, 48


@bp.get("/alliances/<uuid:alliance_id>/inside/charters/new")
@requires("alliance.draft")
def new(alliance_id: UUID) -> str:
    """The next version, begun from the one in force."""
    notice_unknown()
    own = access.run_alliance(db, current_user, alliance_id, today())
    return _propose(own, forms.flat(_begun(own)))


@bp.post("/alliances/<uuid:alliance_id>/inside/charters/new")
@requires("alliance.draft")
def propose(alliance_id: UUID) -> Response | tuple[str, int]:
    """Put a version before the members."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    form = forms.read(request.form, CHARTER_FIELDS)
    try:
        fields = schemas.charter_fields(parse(schemas.CharterIn(), form.data))
        row = acts.propose(db, own.alliance, fields, today())
    except Invalid as error:
        db.rollback()
        own = access.run_alliance(db, current_user, alliance_id, today())
        return _propose(own, **form.refused(error.problems)), 422
    audit.commit("charter.propose", row, number=row.number, sha256=row.sha256)
    flash(_("규약을 제안했어요. 모든 참여 기업이 동의하면 시행돼요."), "success")
    return redirect(url_for(".show", alliance_id=alliance_id, number=row.number), 303)


@bp.get("/alliances/<uuid:alliance_id>/inside/charters/<int:number>")
@requires("alliance.work")
def show(alliance_id: UUID, number: int) -> str:
    """One version: its words, what it changes, who accepted it and who delays."""
    notice_unknown()
    own = access.own_alliance(db, current_user, alliance_id, today())
    return _show(own, access.own_charter(own, number), {})


@bp.post("/alliances/<uuid:alliance_id>/inside/charters/<int:number>/acceptance")
@requires("alliance.sign")
def accept(alliance_id: UUID, number: int) -> Response | tuple[str, int]:
    """Accept exactly the version that was read."""
    own = access.inside_alliance(db, current_user, alliance_id, today())
    row = access.own_charter(own, number)
    form = forms.read(request.form, {"sha256": forms.text})
    try:
        sha256 = parse(schemas.CharterHashIn(), form.data)["sha256"]
        done = acts.accept(db, row, access.own_membership(own), signature(), today(), sha256=sha256)
    except Invalid as error:
        db.rollback()
        own = access.inside_alliance(db, current_user, alliance_id, today())
        return _show(own, access.own_charter(own, number), **form.refused(error.problems)), 422
    audit.commit("charter.accept", row, number=row.number, sha256=row.sha256)
    flash(
        _("모두 동의해서 규약이 시행됐어요.")
        if done
        else _("규약에 동의했어요. 다른 기업의 동의를 기다려요."),
        "success",
    )
    return redirect(url_for(".show", alliance_id=alliance_id, number=number), 303)


@bp.post("/alliances/<uuid:alliance_id>/inside/charters/<int:number>/withdrawal")
@requires("alliance.draft")
def withdraw(alliance_id: UUID, number: int) -> Response:
    """Take a proposal back."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    row = access.own_charter(own, number)
    charters.withdraw(db, row, today())
    audit.commit("charter.withdraw", row, number=row.number)
    flash(_("규약 제안을 거뒀어요. 받은 동의는 없던 일이 돼요."), "success")
    return redirect(url_for("alliance_work.show", alliance_id=alliance_id), 303)


@bp.post("/alliances/<uuid:alliance_id>/inside/charters/<int:number>/reminders")
@requires("alliance.draft")
def remind(alliance_id: UUID, number: int) -> Response:
    """Remind those who have not accepted."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    row = access.own_charter(own, number)
    count = acts.remind(db, row, today())
    audit.commit("charter.remind", row, number=row.number, count=count)
    flash(ngettext("%(num)s곳에 다시 알렸어요.", "%(num)s곳에 다시 알렸어요.", count), "success")
    return redirect(url_for(".show", alliance_id=alliance_id, number=number), 303)


@bp.get("/alliances/<uuid:alliance_id>/inside/pipeline")
@requires("alliance.work")
def demands(alliance_id: UUID) -> str:
    """The demands that the alliance sees, how far each has come, who takes care of it."""
    notice_unknown()
    own = access.inside_alliance(db, current_user, alliance_id, today())
    found = pipeline.entries(db, own.alliance, access.acting_vendor(db, current_user), today())
    charter = own.alliance.charter
    hours = ANSWER_HOURS if charter is None else charter.content["answer_hours"]
    return render_template(
        "alliances/pipeline.html",
        own=own,
        alliance=own.alliance,
        entries=found,
        counts=pipeline.counts(found),
        late={one.lead.id for one in found if pipeline.late(one, hours, now())},
        hours=hours,
        members=standing.standing_members(own.alliance, today()),
        say=demand_words,
        lead_words=lead_words,
        words=words,
    )


@bp.post("/alliances/<uuid:alliance_id>/inside/pipeline/<uuid:demand_id>/owner")
@requires("alliance.draft")
def assign(alliance_id: UUID, demand_id: UUID) -> Response:
    """Say which member takes care of a demand."""
    own = access.inside_alliance(db, current_user, alliance_id, today())
    line = access.own_alliance_lead(db, own, demand_id)
    data = parse(schemas.OwnerIn(), forms.read(request.form, {"owner_id": forms.optional}).data)
    owner = access.member_organization(own, data["owner_id"], "owner_id")
    pipeline.assign(db, line, owner, today())
    audit.commit("alliance.assign", line, owner=None if owner is None else owner.public_id)
    flash(_("맡을 기업을 정했어요.") if owner else _("맡은 기업을 비웠어요."), "success")
    return redirect(url_for(".demands", alliance_id=alliance_id), 303)


def _begun(own: access.OwnAlliance) -> dict[str, Any]:
    """What stands in the form at first: the charter in force, with the members of today."""
    deciding = [one for one in own.alliance.members if standing.decides(one, today())]
    charter = own.alliance.charter
    content = {} if charter is None else charter.content
    first = deciding[0].organization.public_id if deciding else ""
    return {
        "text": content.get("text", ""),
        "text_en": content.get("text_en", ""),
        "level_from": content.get("level_from", charters.LOWEST_LEVEL),
        "level_to": content.get("level_to", charters.LOWEST_LEVEL + 1),
        "lead": content.get("lead", first),
        "notice_days": content.get("notice_days", NOTICE_DAYS),
        "answer_hours": content.get("answer_hours", ANSWER_HOURS),
        "members": [
            {"organization": one.organization.public_id, **charters.part_of(one)} for one in deciding
        ],
    }


def _propose(own: access.OwnAlliance, values: dict[str, Any], **context: Any) -> str:
    deciding = [one for one in own.alliance.members if standing.decides(one, today())]
    return render_template(
        "alliances/propose.html",
        own=own,
        alliance=own.alliance,
        deciding=deciding,
        leads=[one for one in deciding if one.state == JOINED],
        groups=capability_groups(),
        least=charters.MIN_MEMBERS,
        levels=range(charters.LOWEST_LEVEL, charters.HIGHEST_LEVEL + 1),
        values=values,
        words=words,
        **context,
    )


def _show(own: access.OwnAlliance, row: AllianceCharter, values: dict[str, Any], **context: Any) -> str:
    earlier = [
        one for one in own.alliance.charters if one.number < row.number and one.in_force_on is not None
    ]
    before = earlier[-1] if earlier else None
    names = words.names_of(own.alliance)
    found = differences.between(None if before is None else before.content, row.content)
    waiting = charters.waiting(row, today()) if row.state == PROPOSED else []
    return render_template(
        "alliances/version.html",
        own=own,
        alliance=own.alliance,
        charter=row,
        before=before,
        changes=words.changes(found, names),
        waiting=waiting,
        must_sign=own.member is not None and own.member in waiting,
        reminded_today=row.reminded_on == today(),
        names=names,
        values=values,
        words=words,
        **context,
    )
