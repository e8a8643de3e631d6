"""The people of the organization: who is in it with which rights, who is invited, who asks to join."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog.errors import Invalid
from marketplace import audit
from marketplace.accounts import access, invitations, joining, sign_in
from marketplace.accounts.models import Membership
from marketplace.accounts.permission import requires
from marketplace.extensions import db
from marketplace.journeys import colleagues
from marketplace.schemas.fields import parse
from marketplace.schemas.people import InvitationIn, JoinAnswerIn, JoinIn, RightsIn
from marketplace.web import forms, once

bp = Blueprint("colleagues", __name__)

PAGE = "/organization/people"
INVITATION = {"email": forms.text, "rights": forms.many}
RIGHTS = {"rights": forms.many}
ANSWER = {"accept": forms.flag, "rights": forms.many}
JOIN = {"registration_number": forms.text, "message": forms.text}


@bp.get(PAGE)
@requires("people.read")
def index() -> str:
    """Everybody in the organization; for admins also who is invited and who asks."""
    return render_template("organizations/people.html", **_people())


@bp.post(f"{PAGE}/invite")
@requires("people.manage")
def invite() -> Response | tuple[str, int]:
    """Send an invitation to an address."""
    form = forms.read(request.form, INVITATION)
    try:
        given = parse(InvitationIn(), form.data)
        known = once.seen()
        if known is not None:
            return redirect(known, 303)
        inviter = access.user(db, current_user)
        made = colleagues.invite(db, access.own_organization(db, current_user), inviter, **given)
    except Invalid as error:
        db.rollback()
        return render_template("organizations/people.html", **form.refused(error.problems), **_people()), 422
    target = once.remember(url_for(".index"))
    audit.commit("people.invite", made, rights=made.rights)
    flash(_("%(email)s로 초대를 보냈어요.", email=made.email), "success")
    return redirect(target, 303)


@bp.post(f"{PAGE}/invitations/<uuid:invitation_id>/withdraw")
@requires("people.manage")
def withdraw(invitation_id: UUID) -> Response:
    """Take an invitation back."""
    invitation = access.own_invitation(db, current_user, invitation_id)
    invitations.withdraw(db, invitation)
    audit.commit("people.withdraw", invitation)
    flash(_("%(email)s로 보낸 초대를 거뒀어요.", email=invitation.email), "success")
    return redirect(url_for(".index"), 303)


@bp.post(f"{PAGE}/<uuid:user_id>/rights")
@requires("people.manage")
def change_rights(user_id: UUID) -> Response:
    """Give a member exactly the ticked rights."""
    seat = access.colleague(db, current_user, user_id)
    given = parse(RightsIn(), forms.read(request.form, RIGHTS).data)
    colleagues.change_rights(db, seat, given["rights"])
    audit.commit("people.change_rights", seat.user, rights=sorted(given["rights"]))
    flash(_("%(name)s 님의 권한을 바꿨어요.", name=seat.user.name), "success")
    return redirect(url_for(".index"), 303)


@bp.get(f"{PAGE}/<uuid:user_id>/remove")
@requires("people.manage")
def removing(user_id: UUID) -> str:
    """What it means to a member to be taken out, and the button that does it."""
    return _last_question(access.colleague(db, current_user, user_id), own=False)


@bp.post(f"{PAGE}/<uuid:user_id>/remove")
@requires("people.manage")
def remove(user_id: UUID) -> Response:
    """End a member's place."""
    seat = access.colleague(db, current_user, user_id)
    person = seat.user
    colleagues.remove(db, seat)
    audit.commit("people.remove", person)
    flash(_("%(name)s 님을 구성원에서 뺐어요.", name=person.name), "success")
    return redirect(url_for(".index") if person.id != current_user.user_key else "/", 303)


@bp.post(f"{PAGE}/requests/<uuid:request_id>/answer")
@requires("people.manage")
def answer(request_id: UUID) -> Response:
    """Accept or refuse who asks to join."""
    wanted = access.own_request(db, current_user, request_id)
    given = parse(JoinAnswerIn(), forms.read(request.form, ANSWER).data)
    colleagues.answer_request(db, wanted, **given)
    audit.commit("people.answer", wanted, accept=given["accept"], rights=given["rights"])
    said = _("합류 요청을 받아들였어요.") if given["accept"] else _("합류 요청을 거절했어요.")
    flash(said, "success")
    return redirect(url_for(".index"), 303)


@bp.get("/organization/leave")
@requires("organization.leave")
def leaving() -> str:
    """What leaving means, and the button that does it; for the last admin what has to be done before."""
    seat = access.colleague(db, current_user, UUID(current_user.public_id))
    return _last_question(seat, own=True)


@bp.post("/organization/leave")
@requires("organization.leave")
def leave() -> Response:
    """End one's own place in the organization acted for."""
    seat = access.colleague(db, current_user, UUID(current_user.public_id))
    organization = seat.organization
    colleagues.leave(db, seat)
    audit.commit("organization.leave", organization)
    flash(_("‘%(name)s’에서 나왔어요.", name=organization.name), "success")
    return redirect(url_for("accounts.account"), 303)


@bp.post("/organization/join")
@requires("organization.join")
def ask_to_join() -> Response:
    """Ask the admins of a registered company to let one in."""
    given = parse(JoinIn(), forms.read(request.form, JOIN).data)
    wanted = colleagues.ask_to_join(db, access.user(db, current_user), **given)
    audit.commit("organization.join", wanted)
    flash(_("합류를 요청했어요. 그 조직의 관리자가 답하면 알려 드려요."), "success")
    return redirect(url_for("joining.index"), 303)


@bp.post("/account/invitations/<uuid:invitation_id>/accept")
@requires("invitation.accept")
def accept(invitation_id: UUID) -> Response:
    """Accept an invitation to the person's proved address, without its link."""
    found = access.invitation_to(db, current_user, invitation_id)
    colleagues.accept(db, found, access.user(db, current_user))
    sign_in.act_for(db, found.organization)
    audit.commit("invitation.accept", found)
    flash(_("‘%(name)s’의 구성원이 됐어요.", name=found.organization.name), "success")
    return redirect("/", 303)


def _people() -> dict[str, Any]:
    is_admin = "admin" in current_user.rights
    return {
        "organization": access.own_organization(db, current_user),
        "members": access.colleagues(db, current_user),
        "invitations": access.open_invitations(db, current_user) if is_admin else [],
        "requests": access.waiting_requests(db, current_user) if is_admin else [],
        "is_admin": is_admin,
    }


def _last_question(seat: Membership, *, own: bool) -> str:
    stays = joining.is_last_admin(db, seat)
    return render_template(
        "organizations/leave.html", organization=seat.organization, person=seat.user, own=own, stays=stays
    )
