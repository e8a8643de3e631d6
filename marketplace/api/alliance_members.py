"""Operations of memberships: invite, ask, answer, leave, exclude."""

from typing import Any
from uuid import UUID

from flask_login import current_user

from catalog.alliances import charters, membership
from marketplace import audit
from marketplace.accounts import access
from marketplace.api import alliance_answers as answers
from marketplace.api.lists import PageQuery, listing_of, page, part
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db, today
from marketplace.journeys import alliances as acts
from marketplace.schemas import alliances as schemas

bp = ApiBlueprint("alliance-members", __name__, "Memberships of alliances")

PART: dict[str, Any] = {"role": "품질", "role_en": "Quality", "capabilities": ["qms"]}
INVITATION: dict[str, Any] = {
    **PART,
    "organization_id": "0192f0c1-0000-7000-8000-000000000000",
    "message": "품질 관리를 맡아 주세요.",
}


@operation(
    bp,
    "GET",
    "/alliances/<uuid:alliance_id>/members",
    permission="alliance.work",
    summary="Members, invitations and requests",
    query=PageQuery,
    answer=listing_of(schemas.MembershipOut, "AllianceMemberList"),
)
def list_alliance_members(query: dict[str, Any], alliance_id: UUID) -> dict[str, Any]:
    """The coordinator sees all of them, any other organization its own."""
    own = access.own_alliance(db, current_user, alliance_id, today())
    rows = list(own.alliance.members) if own.runs else [row for row in (own.member,) if row is not None]
    return page([answers.membership(row) for row in part(rows, query)], len(rows), query)


@operation(
    bp,
    "POST",
    "/alliances/<uuid:alliance_id>/invitations",
    permission="alliance.draft",
    summary="Invite a vendor",
    body=schemas.AllianceInvitationIn,
    answer=schemas.MembershipOut,
    status=201,
    conflicts=True,
    example=INVITATION,
)
def invite_member(body: dict[str, Any], alliance_id: UUID) -> dict[str, Any]:
    """The coordinator alone; an organization that is no confirmed vendor is not there."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    vendor = access.vendor_to_invite(db, body["organization_id"])
    row = acts.invite(db, own.alliance, vendor, schemas.part_fields(body), today(), message=body["message"])
    audit.record(db, "alliance.invite", row, organization=vendor.public_id)
    return answers.membership(row)


@operation(
    bp,
    "POST",
    "/alliances/<uuid:alliance_id>/requests",
    permission="alliance.ask",
    summary="Ask to join an alliance",
    body=schemas.AllianceRequestIn,
    answer=schemas.MembershipOut,
    status=201,
    conflicts=True,
    example={**PART, "message": "품질 현장 5곳의 경험이 있습니다."},
)
def request_membership(body: dict[str, Any], alliance_id: UUID) -> dict[str, Any]:
    """The coordinator answers; accepted, it becomes an invitation under the charter in force."""
    row = access.public_alliance(db, alliance_id)
    own = access.own_organization(db, current_user)
    made = acts.ask(db, row, own, schemas.part_fields(body), today(), message=body["message"])
    audit.record(db, "alliance.ask", made)
    return answers.membership(made)


@operation(
    bp,
    "POST",
    "/alliances/<uuid:alliance_id>/members/<uuid:member_id>/answer",
    permission="alliance.draft",
    summary="Answer a request to join",
    body=schemas.AllianceRequestAnswerIn,
    answer=schemas.MembershipOut,
    conflicts=True,
    example={"accept": True, "part": PART},
)
def answer_membership(body: dict[str, Any], alliance_id: UUID, member_id: UUID) -> dict[str, Any]:
    """The coordinator alone; without `part` the one that was asked for is offered."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    row = access.member_run(own, member_id)
    offered = body["part"] or schemas.part_fields(charters.part_of(row))
    acts.answer_request(db, row, accept=body["accept"], part=offered, reason=body["reason"])
    audit.record(db, "alliance.answer", row, accept=body["accept"])
    return answers.membership(row)


@operation(
    bp,
    "POST",
    "/alliances/<uuid:alliance_id>/members/<uuid:member_id>/withdrawal",
    permission="alliance.draft",
    summary="Take an invitation back",
    answer=schemas.MembershipOut,
    conflicts=True,
)
def withdraw_invitation(alliance_id: UUID, member_id: UUID) -> dict[str, Any]:
    """The coordinator alone, while it was not answered."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    row = access.member_run(own, member_id)
    membership.take_back_invitation(db, row)
    audit.record(db, "alliance.take_back", row)
    return answers.membership(row)


@operation(
    bp,
    "POST",
    "/alliances/<uuid:alliance_id>/request/withdrawal",
    permission="alliance.sign",
    summary="Take the own request back",
    answer=schemas.MembershipOut,
    conflicts=True,
)
def withdraw_membership_request(alliance_id: UUID) -> dict[str, Any]:
    """While the coordinator has not answered it."""
    row = access.own_membership(access.own_alliance(db, current_user, alliance_id, today()))
    membership.take_back_request(db, row)
    audit.record(db, "alliance.take_back", row)
    return answers.membership(row)


@operation(
    bp,
    "POST",
    "/alliances/<uuid:alliance_id>/invitation/answer",
    permission="alliance.sign",
    summary="Join an alliance, or decline its invitation",
    body=schemas.AllianceInvitationAnswerIn,
    answer=schemas.MembershipOut,
    conflicts=True,
    example={"accept": False, "reason": "이번 분기에는 여력이 없습니다."},
)
def answer_invitation(body: dict[str, Any], alliance_id: UUID) -> dict[str, Any]:
    """Joining accepts exactly the charter in force, named by its hash. Needs a person with signing right."""
    row = access.own_membership(access.own_alliance(db, current_user, alliance_id, today()))
    acts.answer_invitation(db, row, answers.signature(), today(), **body)
    audit.record(db, "alliance.join" if body["accept"] else "alliance.decline", row, sha256=body["sha256"])
    return answers.membership(row)


@operation(
    bp,
    "POST",
    "/alliances/<uuid:alliance_id>/leaving",
    permission="alliance.sign",
    summary="Give notice to an alliance",
    answer=schemas.MembershipOut,
    conflicts=True,
)
def leave_alliance(alliance_id: UUID) -> dict[str, Any]:
    """The last day is today and the charter's notice. The lead leaves once another charter names another one."""
    row = access.own_membership(access.own_alliance(db, current_user, alliance_id, today()))
    last = acts.leave(db, row, today())
    audit.record(db, "alliance.leave", row, last_day=last.isoformat())
    return answers.membership(row)


@operation(
    bp,
    "POST",
    "/alliances/<uuid:alliance_id>/staying",
    permission="alliance.sign",
    summary="Take the notice back",
    answer=schemas.MembershipOut,
    conflicts=True,
)
def stay_in_alliance(alliance_id: UUID) -> dict[str, Any]:
    """Until its last day."""
    row = access.own_membership(access.own_alliance(db, current_user, alliance_id, today()))
    acts.stay(db, row, today())
    audit.record(db, "alliance.stay", row)
    return answers.membership(row)


@operation(
    bp,
    "POST",
    "/alliances/<uuid:alliance_id>/members/<uuid:member_id>/exclusion",
    permission="alliance.end",
    summary="End a membership",
    body=schemas.ExclusionIn,
    answer=schemas.MembershipOut,
    conflicts=True,
    example={"reason": "두 분기 동안 수요에 답하지 않았습니다."},
)
def exclude_member(body: dict[str, Any], alliance_id: UUID, member_id: UUID) -> dict[str, Any]:
    """The coordinator alone; with the charter's notice. The member reads the reason."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    row = access.member_run(own, member_id)
    last = acts.exclude(db, row, body["reason"], today())
    audit.record(db, "alliance.exclude", row, last_day=last.isoformat())
    return answers.membership(row)
