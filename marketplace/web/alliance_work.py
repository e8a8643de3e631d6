"""The work of an alliance: its coordinator's and its members' pages, invitations, requests, leaving, excluding."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog.alliance_states import ASKED, INVITED
from catalog.alliances import charters, founding, membership, shelf, standing
from catalog.alliances.charters import Signature
from catalog.errors import Invalid
from catalog.models import AllianceMember
from marketplace import audit
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db, locale, now, today
from marketplace.formats import date_text
from marketplace.journeys import alliances as acts
from marketplace.schemas import alliance_cards
from marketplace.schemas import alliances as schemas
from marketplace.schemas.fields import parse
from marketplace.web import alliance_words as words
from marketplace.web import forms
from marketplace.web.alliances import DESCRIPTION_FIELDS, PART_FIELDS, capability_groups, divisions
from marketplace.web.parameters import notice_unknown

bp = Blueprint("alliance_work", __name__)

INVITATION_FIELDS: Mapping[str, forms.Reader] = {
    "organization_id": forms.chosen,
    **PART_FIELDS,
    "message": forms.lines,
}
ANSWER_FIELDS: Mapping[str, forms.Reader] = {
    "accept": lambda texts: texts[-1] == "yes" if texts else forms.MISSING,
    "sha256": forms.optional,
    "reason": forms.lines,
}
REASON_FIELDS: Mapping[str, forms.Reader] = {"reason": forms.lines}
MAX_WORDS = 40


@bp.get("/alliances/<uuid:alliance_id>/inside")
@requires("alliance.work")
def show(alliance_id: UUID) -> str:
    """What there is to do: for the coordinator and members all of it, for others their own membership."""
    notice_unknown()
    own = access.own_alliance(db, current_user, alliance_id, today())
    row = own.alliance
    members = standing.standing_members(row, today())
    offered = shelf.of_vendors(db, [one.organization_id for one in members], today()) if own.inside else []
    proposal = row.proposal if own.inside else None
    return render_template(
        "alliances/work.html",
        own=own,
        alliance=row,
        members=alliance_cards.members_of(row.charter, members, offered) if own.inside else (),
        capacity=standing.free_capacity(members),
        invited=[one for one in row.members if one.state == INVITED] if own.runs else [],
        asked=[one for one in row.members if one.state == ASKED] if own.runs else [],
        proposal=proposal,
        waiting=[] if proposal is None else charters.waiting(proposal, today()),
        words=words,
    )


@bp.get("/alliances/<uuid:alliance_id>/inside/description")
@requires("alliance.draft")
def edit(alliance_id: UUID) -> str:
    """What the alliance says of itself, to be changed."""
    notice_unknown()
    own = access.run_alliance(db, current_user, alliance_id, today())
    return _edit(own, {name: getattr(own.alliance, name) or "" for name in DESCRIPTION_FIELDS})


@bp.post("/alliances/<uuid:alliance_id>/inside/description")
@requires("alliance.draft")
def describe(alliance_id: UUID) -> Response | tuple[str, int]:
    """Replace it."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    form = forms.read(request.form, DESCRIPTION_FIELDS)
    try:
        data = parse(schemas.DescriptionIn(), form.data)
        founding.describe(db, own.alliance, schemas.description(data))
    except Invalid as error:
        db.rollback()
        own = access.run_alliance(db, current_user, alliance_id, today())
        return _edit(own, **form.refused(error.problems)), 422
    audit.commit("alliance.describe", own.alliance)
    flash(_("소개를 고쳤어요."), "success")
    return redirect(url_for(".show", alliance_id=alliance_id), 303)


@bp.get("/alliances/<uuid:alliance_id>/inside/invitations")
@requires("alliance.draft")
def invitations(alliance_id: UUID) -> str:
    """Find a vendor by its name and invite it."""
    notice_unknown("q")
    return _invite(access.run_alliance(db, current_user, alliance_id, today()), {})


@bp.post("/alliances/<uuid:alliance_id>/inside/invitations")
@requires("alliance.draft")
def invite(alliance_id: UUID) -> Response | tuple[str, int]:
    """Invite a vendor with the part that it would take."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    form = forms.read(request.form, INVITATION_FIELDS)
    try:
        data = parse(schemas.AllianceInvitationIn(), form.data)
        vendor = access.vendor_to_invite(db, data["organization_id"])
        part = schemas.part_fields(data)
        row = acts.invite(db, own.alliance, vendor, part, today(), message=data["message"])
    except Invalid as error:
        db.rollback()
        own = access.run_alliance(db, current_user, alliance_id, today())
        return _invite(own, **form.refused(error.problems)), 422
    audit.commit("alliance.invite", row, organization=vendor.public_id)
    flash(_("초대했어요. 받은 기업이 규약을 읽고 답해요."), "success")
    return redirect(url_for(".show", alliance_id=alliance_id), 303)


@bp.post("/alliances/<uuid:alliance_id>/inside/members/<uuid:member_id>/answer")
@requires("alliance.draft")
def answer_request(alliance_id: UUID, member_id: UUID) -> Response:
    """Take a request up as an invitation with the part that was asked for, or refuse it."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    row = access.member_run(own, member_id)
    data = parse(schemas.AllianceRequestAnswerIn(), _answer())
    part = schemas.part_fields(charters.part_of(row))
    acts.answer_request(db, row, accept=data["accept"], part=part, reason=data["reason"])
    audit.commit("alliance.answer", row, accept=data["accept"])
    flash(
        _("신청을 받아들였어요. 규약에 동의하면 참여해요.") if data["accept"] else _("신청을 거절했어요."),
        "success",
    )
    return redirect(url_for(".show", alliance_id=alliance_id), 303)


@bp.post("/alliances/<uuid:alliance_id>/inside/members/<uuid:member_id>/withdrawal")
@requires("alliance.draft")
def withdraw_invitation(alliance_id: UUID, member_id: UUID) -> Response:
    """Take an invitation back."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    row = access.member_run(own, member_id)
    membership.take_back_invitation(db, row)
    audit.commit("alliance.take_back", row)
    flash(_("초대를 거뒀어요."), "success")
    return redirect(url_for(".show", alliance_id=alliance_id), 303)


@bp.get("/alliances/<uuid:alliance_id>/inside/members/<uuid:member_id>/exclusion")
@requires("alliance.draft")
def confirm_exclusion(alliance_id: UUID, member_id: UUID) -> str:
    """Ask for the reason before ending a membership."""
    notice_unknown()
    own = access.run_alliance(db, current_user, alliance_id, today())
    return _exclusion(own, access.member_run(own, member_id), {})


@bp.post("/alliances/<uuid:alliance_id>/inside/members/<uuid:member_id>/exclusion")
@requires("alliance.end")
def exclude(alliance_id: UUID, member_id: UUID) -> Response | tuple[str, int]:
    """End a membership with the charter's notice."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    row = access.member_run(own, member_id)
    form = forms.read(request.form, REASON_FIELDS)
    try:
        last = acts.exclude(db, row, parse(schemas.ExclusionIn(), form.data)["reason"], today())
    except Invalid as error:
        db.rollback()
        own = access.run_alliance(db, current_user, alliance_id, today())
        return _exclusion(own, access.member_run(own, member_id), **form.refused(error.problems)), 422
    audit.commit("alliance.exclude", row, last_day=last.isoformat())
    flash(_("%(day)s까지 참여해요. 그 기업이 이유를 봐요.", day=date_text(last, locale())), "success")
    return redirect(url_for(".show", alliance_id=alliance_id), 303)


@bp.get("/alliances/<uuid:alliance_id>/inside/invitation")
@requires("alliance.work")
def invitation(alliance_id: UUID) -> str:
    """The invitation with the charter that joining accepts."""
    notice_unknown()
    return _invitation(access.own_alliance(db, current_user, alliance_id, today()), {})


@bp.post("/alliances/<uuid:alliance_id>/inside/invitation")
@requires("alliance.sign")
def answer_invitation(alliance_id: UUID) -> Response | tuple[str, int]:
    """Join under the charter that was read, or decline."""
    own = access.own_alliance(db, current_user, alliance_id, today())
    row = access.own_membership(own)
    form = forms.read(request.form, ANSWER_FIELDS)
    try:
        data = parse(schemas.AllianceInvitationAnswerIn(), form.data)
        acts.answer_invitation(db, row, signature(), today(), **data)
    except Invalid as error:
        db.rollback()
        own = access.own_alliance(db, current_user, alliance_id, today())
        return _invitation(own, **form.refused(error.problems)), 422
    audit.commit("alliance.join" if data["accept"] else "alliance.decline", row, sha256=data["sha256"])
    flash(_("얼라이언스에 참여했어요.") if data["accept"] else _("초대를 거절했어요."), "success")
    return redirect(url_for(".show", alliance_id=alliance_id), 303)


@bp.post("/alliances/<uuid:alliance_id>/inside/request/withdrawal")
@requires("alliance.sign")
def withdraw_request(alliance_id: UUID) -> Response:
    """Take the own request back."""
    row = access.own_membership(access.own_alliance(db, current_user, alliance_id, today()))
    membership.take_back_request(db, row)
    audit.commit("alliance.take_back", row)
    flash(_("참여 신청을 거뒀어요."), "success")
    return redirect(url_for(".show", alliance_id=alliance_id), 303)


@bp.get("/alliances/<uuid:alliance_id>/inside/leaving")
@requires("alliance.work")
def confirm_leaving(alliance_id: UUID) -> str:
    """What leaving means, and when it would be over."""
    notice_unknown()
    own = access.inside_alliance(db, current_user, alliance_id, today())
    row = access.own_membership(own)
    offered = shelf.of_vendors(
        db, [one.organization_id for one in standing.standing_members(own.alliance, today())], today()
    )
    leads_it = standing.lead_of(own.alliance) == row.organization.public_id
    return render_template(
        "alliances/leave.html",
        own=own,
        alliance=own.alliance,
        leads_it=leads_it,
        days=membership.notice_days(own.alliance),
        lost=alliance_cards.lost_without(own.alliance, offered, row.organization.public_id),
        words=words,
    )


@bp.post("/alliances/<uuid:alliance_id>/inside/leaving")
@requires("alliance.sign")
def leave(alliance_id: UUID) -> Response:
    """Give notice."""
    row = access.own_membership(access.own_alliance(db, current_user, alliance_id, today()))
    last = acts.leave(db, row, today())
    audit.commit("alliance.leave", row, last_day=last.isoformat())
    flash(_("탈퇴를 예고했어요. 마지막 날은 %(day)s이에요.", day=date_text(last, locale())), "success")
    return redirect(url_for(".show", alliance_id=alliance_id), 303)


@bp.post("/alliances/<uuid:alliance_id>/inside/staying")
@requires("alliance.sign")
def stay(alliance_id: UUID) -> Response:
    """Take the notice back."""
    row = access.own_membership(access.own_alliance(db, current_user, alliance_id, today()))
    acts.stay(db, row, today())
    audit.commit("alliance.stay", row)
    flash(_("탈퇴 예고를 거뒀어요. 계속 참여해요."), "success")
    return redirect(url_for(".show", alliance_id=alliance_id), 303)


@bp.get("/alliances/<uuid:alliance_id>/inside/dissolution")
@requires("alliance.draft")
def confirm_dissolution(alliance_id: UUID) -> str:
    """What dissolving means."""
    notice_unknown()
    own = access.run_alliance(db, current_user, alliance_id, today())
    return render_template("alliances/dissolve.html", own=own, alliance=own.alliance, words=words)


@bp.post("/alliances/<uuid:alliance_id>/inside/dissolution")
@requires("alliance.end")
def dissolve(alliance_id: UUID) -> Response:
    """End the alliance."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    shown = acts.dissolve(db, own.alliance, today())
    audit.commit("alliance.dissolve", own.alliance, demands=len(shown))
    flash(_("얼라이언스를 해산했어요. 보이던 수요는 더 보이지 않아요."), "success")
    return redirect(url_for("alliances.index"), 303)


def signature() -> Signature:
    """The person who signs now."""
    return Signature(current_user.name, current_user.email, now())


def _answer() -> dict[str, Any]:
    return {
        name: value
        for name, value in forms.read(request.form, ANSWER_FIELDS).data.items()
        if name != "sha256"
    }


def _edit(own: access.OwnAlliance, values: dict[str, Any], **context: Any) -> str:
    return render_template(
        "alliances/description.html",
        own=own,
        alliance=own.alliance,
        values=values,
        divisions=divisions(),
        words=words,
        **context,
    )


def _invite(own: access.OwnAlliance, values: dict[str, Any], **context: Any) -> str:
    asked = request.args.get("q", "").strip()[:MAX_WORDS]
    return render_template(
        "alliances/invite.html",
        own=own,
        alliance=own.alliance,
        q=asked,
        vendors=access.vendors_to_invite(db, own.alliance, asked),
        groups=capability_groups(),
        values=values,
        words=words,
        **context,
    )


def _exclusion(own: access.OwnAlliance, row: AllianceMember, values: dict[str, Any], **context: Any) -> str:
    return render_template(
        "alliances/exclude.html",
        own=own,
        alliance=own.alliance,
        member=row,
        days=membership.notice_days(own.alliance),
        values=values,
        words=words,
        **context,
    )


def _invitation(own: access.OwnAlliance, values: dict[str, Any], **context: Any) -> str:
    row = access.own_membership(own)
    return render_template(
        "alliances/invitation.html",
        own=own,
        alliance=own.alliance,
        member=row,
        charter=own.alliance.charter,
        names=words.names_of(own.alliance),
        members=standing.standing_members(own.alliance, today()),
        values=values,
        words=words,
        **context,
    )
