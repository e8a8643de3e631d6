"""Operations of people and organizations."""

from typing import Any
from uuid import UUID

from flask_login import current_user

from catalog import organizations
from marketplace import audit
from marketplace.accounts import access, tokens
from marketplace.api import answers
from marketplace.api.lists import PageQuery, listing_of, offset_of, page
from marketplace.api.operation import ApiBlueprint, operation, token_word
from marketplace.extensions import db, now
from marketplace.journeys import confirmations, doors, registering
from marketplace.schemas import organizations as schemas

bp = ApiBlueprint("people", __name__, "Accounts, tokens, organizations")

ORGANIZATION = {
    "name": "한울정밀",
    "registration_number": "118-81-03520",
    "roles": ["manufacturer"],
    "region": "gyeongnam",
    "description": "자동차 부품을 프레스와 용접으로 만듭니다.",
}


@operation(
    bp,
    "POST",
    "/sign-up",
    permission="account.sign_up",
    summary="Make an account and its first token",
    body=schemas.SignUpIn,
    answer=schemas.SignUpOut,
    status=201,
    derived="token",
    example={"email": "buyer@hanul.example", "password": "a long pass phrase", "name": "김한울"},
)
def sign_up(body: dict[str, Any]) -> dict[str, Any]:
    """Anybody may; the token acts for the first organization that the person registers."""
    user = doors.sign_up(db, **body)
    _, word = tokens.issue(db, user, name="first", secret=token_word())
    audit.record(db, "account.sign_up", user, by=user.email)
    return {"user_id": user.public_id, "email": user.email, "token": word}


@operation(
    bp,
    "POST",
    "/organizations",
    permission="organization.register",
    summary="Register a company",
    body=schemas.OrganizationIn,
    answer=schemas.OrganizationOut,
    status=201,
    example=ORGANIZATION,
)
def register_organization(body: dict[str, Any]) -> dict[str, Any]:
    """It begins as "registered": it may draft, not publish, until the operator confirms it."""
    organization = registering.found(db, access.user(db, current_user), body, now())
    audit.record(db, "organization.register", organization)
    return answers.organization(organization)


@operation(
    bp,
    "GET",
    "/organization",
    permission="organization.read_own",
    summary="The organization that the token acts for",
    answer=schemas.OrganizationOut,
)
def get_organization() -> dict[str, Any]:
    """Its own data and state."""
    return answers.organization(access.own_organization(db, current_user))


@operation(
    bp,
    "POST",
    "/organization/competitors",
    permission="competitor.declare",
    summary="Declare a competitor",
    body=schemas.CompetitorIn,
    answer=schemas.OrganizationOut,
    status=201,
    example={"registration_number": "118-81-03520"},
)
def declare_competitor(body: dict[str, Any]) -> dict[str, Any]:
    """Neither side may judge the other from then on. Answers the declaring organization."""
    own = access.own_organization(db, current_user)
    competitor = organizations.declare_competitor(db, own, body["registration_number"])
    audit.record(db, "competitor.declare", own, competitor=competitor.public_id)
    return answers.organization(own)


@operation(
    bp,
    "GET",
    "/organizations",
    permission="organization.list",
    summary="All organizations, for the operator",
    query=PageQuery,
    answer=listing_of(schemas.OrganizationOut, "OrganizationList"),
)
def list_organizations(query: dict[str, Any]) -> dict[str, Any]:
    """Unconfirmed ones first."""
    rows = access.all_organizations(db, state=None, offset=offset_of(query), limit=query["limit"])
    return page(
        [answers.organization(row) for row in rows], access.count_organizations(db, state=None), query
    )


@operation(
    bp,
    "POST",
    "/organizations/<uuid:organization_id>/confirmation",
    permission="organization.confirm",
    summary="Confirm that a company is who it says",
    answer=schemas.OrganizationOut,
)
def confirm_organization(organization_id: UUID) -> dict[str, Any]:
    """From now on it may publish. Harmless if repeated."""
    organization = access.any_organization(db, organization_id)
    confirmations.confirm(db, organization, now())
    audit.record(db, "organization.confirm", organization)
    return answers.organization(organization)


@operation(
    bp,
    "POST",
    "/organizations/<uuid:organization_id>/validator",
    permission="organization.appoint",
    summary="Appoint a confirmed organization as a validator",
    answer=schemas.OrganizationOut,
    conflicts=True,
)
def appoint_validator(organization_id: UUID) -> dict[str, Any]:
    """Its members may judge evidence from now on. Harmless if repeated."""
    organization = access.any_organization(db, organization_id)
    organizations.appoint_validator(organization)
    audit.record(db, "organization.appoint", organization)
    return answers.organization(organization)
