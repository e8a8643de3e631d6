"""Operations of an organization on itself and its people."""

from typing import Any
from uuid import UUID

from flask_login import current_user

from catalog import organizations
from marketplace import audit
from marketplace.accounts import access, joining
from marketplace.accounts.models import GRANTED, Invitation, JoinRequest, Membership
from marketplace.api import answers
from marketplace.api.lists import PageQuery, listing_of, page, part
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db
from marketplace.journeys import colleagues, registering
from marketplace.schemas import organizations as company
from marketplace.schemas import people as schemas

bp = ApiBlueprint("company", __name__, "The organization's own facts and its people")


@operation(
    bp,
    "PATCH",
    "/organization",
    permission="organization.describe",
    summary="Change what the organization says about itself",
    body=company.CorrectionIn,
    answer=company.OrganizationOut,
    example={"name_en": "Hanul Precision", "region": "gyeongnam"},
)
def update_organization(body: dict[str, Any]) -> dict[str, Any]:
    """Only what is sent changes. Name and number can be corrected until the operator has confirmed them."""
    organization = access.own_organization(db, current_user)
    corrected = registering.correct(db, organization, body)
    audit.record(db, "organization.describe", organization, **corrected)
    return answers.organization(organization)


@operation(
    bp,
    "POST",
    "/organization/roles",
    permission="organization.describe",
    summary="Take on a further role",
    body=company.RoleIn,
    answer=company.OrganizationOut,
    example={"role": "vendor"},
)
def take_role(body: dict[str, Any]) -> dict[str, Any]:
    """Vendor or manufacturer; harmless if the organization plays it already."""
    organization = access.own_organization(db, current_user)
    organizations.take_role(db, organization, body["role"])
    audit.record(db, "organization.take_role", organization, role=body["role"])
    return answers.organization(organization)


@operation(
    bp,
    "GET",
    "/organization/people",
    permission="people.read",
    summary="The members of the organization",
    query=PageQuery,
    answer=listing_of(schemas.ColleagueOut, "ColleagueList"),
)
def list_colleagues(query: dict[str, Any]) -> dict[str, Any]:
    """The first one first, with their rights."""
    rows = access.colleagues(db, current_user)
    return page([_colleague(row) for row in part(rows, query)], len(rows), query)


@operation(
    bp,
    "POST",
    "/organization/invitations",
    permission="people.manage",
    summary="Invite somebody by e-mail",
    body=schemas.InvitationIn,
    answer=schemas.InvitationOut,
    status=201,
    example={"email": "colleague@hanul.example", "rights": ["finance"]},
)
def invite_colleague(body: dict[str, Any]) -> dict[str, Any]:
    """The link goes by mail, holds for seven days and only for that address. An earlier open invitation to it ends."""
    organization = access.own_organization(db, current_user)
    inviter = access.user(db, current_user) if current_user.is_person else None
    made = colleagues.invite(db, organization, inviter, **body)
    audit.record(db, "people.invite", made, rights=made.rights)
    return _invitation(made)


@operation(
    bp,
    "PUT",
    "/organization/people/<uuid:user_id>/rights",
    permission="people.manage",
    summary="Give a member exactly these rights",
    body=schemas.RightsIn,
    answer=schemas.ColleagueOut,
    conflicts=True,
    example={"rights": ["admin", "signer"]},
)
def change_rights(body: dict[str, Any], user_id: UUID) -> dict[str, Any]:
    """Every member may read and write; admin, finance and signer are granted. One admin always stays."""
    seat = access.colleague(db, current_user, user_id)
    colleagues.change_rights(db, seat, body["rights"])
    audit.record(db, "people.change_rights", seat.user, rights=sorted(body["rights"]))
    return _colleague(seat)


@operation(
    bp,
    "DELETE",
    "/organization/people/<uuid:user_id>",
    permission="people.manage",
    summary="Remove a member",
    answer=schemas.ColleagueOut,
    conflicts=True,
)
def remove_colleague(user_id: UUID) -> dict[str, Any]:
    """Their tokens for this organization stop at once. One admin always stays."""
    seat = access.colleague(db, current_user, user_id)
    answer, person = _colleague(seat), seat.user
    colleagues.remove(db, seat)
    audit.record(db, "people.remove", person)
    return answer


@operation(
    bp,
    "POST",
    "/organization/join-requests",
    permission="organization.join",
    summary="Ask to join the organization with a business number",
    body=schemas.JoinIn,
    answer=schemas.JoinRequestOut,
    status=201,
    conflicts=True,
    example={"registration_number": "118-81-03520", "message": "생산기술팀 김한울입니다."},
)
def request_to_join(body: dict[str, Any]) -> dict[str, Any]:
    """For those whose company is registered already. Its admins answer. The person's address must be proved."""
    wanted = colleagues.ask_to_join(db, access.user(db, current_user), **body)
    audit.record(db, "organization.join", wanted)
    return _request(wanted)


@operation(
    bp,
    "GET",
    "/organization/join-requests",
    permission="people.manage",
    summary="Requests to join that wait for an answer",
    query=PageQuery,
    answer=listing_of(schemas.JoinRequestOut, "JoinRequestList"),
)
def list_join_requests(query: dict[str, Any]) -> dict[str, Any]:
    """Oldest first."""
    rows = access.waiting_requests(db, current_user)
    return page([_request(row) for row in part(rows, query)], len(rows), query)


@operation(
    bp,
    "POST",
    "/organization/join-requests/<uuid:request_id>/answer",
    permission="people.manage",
    summary="Accept or refuse a request to join",
    body=schemas.JoinAnswerIn,
    answer=schemas.JoinRequestOut,
    conflicts=True,
    example={"accept": True, "rights": []},
)
def answer_join_request(body: dict[str, Any], request_id: UUID) -> dict[str, Any]:
    """An accepted person is a member with the given rights from now on."""
    wanted = access.own_request(db, current_user, request_id)
    colleagues.answer_request(db, wanted, **body)
    audit.record(db, "people.answer", wanted, accept=body["accept"], rights=body["rights"])
    return _request(wanted)


@operation(
    bp,
    "GET",
    "/organization/join-requests/own",
    permission="organization.join",
    summary="The person's own requests to join that wait",
    query=PageQuery,
    answer=listing_of(schemas.OwnJoinRequestOut, "OwnJoinRequestList"),
)
def list_own_join_requests(query: dict[str, Any]) -> dict[str, Any]:
    """Oldest first, each with the organization that it waits for."""
    rows = access.requests_by(db, current_user)
    return page([_own_request(row) for row in part(rows, query)], len(rows), query)


@operation(
    bp,
    "DELETE",
    "/organization/join-requests/<uuid:request_id>",
    permission="organization.join",
    summary="Take one's own request to join back",
    answer=schemas.OwnJoinRequestOut,
    conflicts=True,
)
def withdraw_join_request(request_id: UUID) -> dict[str, Any]:
    """While nobody has answered it. The admins are not asked any more. Harmless if repeated."""
    wanted = access.request_by(db, current_user, request_id)
    joining.withdraw_request(db, wanted)
    audit.record(db, "organization.withdraw_join", wanted)
    return _own_request(wanted)


def _colleague(seat: Membership) -> dict[str, Any]:
    person = seat.user
    granted = [right for right in GRANTED if right in seat.rights]
    return {"user_id": person.public_id, "name": person.name, "email": person.email, "rights": granted}


def _invitation(row: Invitation) -> dict[str, Any]:
    return {"id": row.public_id, "email": row.email, "rights": row.rights, "expires_at": row.expires_at}


def _own_request(row: JoinRequest) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "state": row.state,
        "organization_name": row.organization.name,
        "message": row.message,
        "asked_at": row.created_at,
    }


def _request(row: JoinRequest) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "state": row.state,
        "name": row.user.name,
        "email": row.user.email,
        "message": row.message,
    }
