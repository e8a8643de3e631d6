"""What the operator's programs do besides confirming and appointing."""

from typing import Any
from uuid import UUID

from marketplace import audit
from marketplace.accounts import access
from marketplace.api import answers
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db, now
from marketplace.journeys import standing
from marketplace.schemas.console import ReasonIn
from marketplace.schemas.organizations import OrganizationOut

bp = ApiBlueprint("operating", __name__, "The operator")


@operation(
    bp,
    "POST",
    "/organizations/<uuid:organization_id>/refusal",
    permission="organization.refuse",
    summary="Refuse to confirm a company",
    body=ReasonIn,
    answer=OrganizationOut,
    example={"reason": "사업자등록증의 대표자 이름이 신청과 다릅니다."},
    conflicts=True,
)
def refuse_organization(body: dict[str, Any], organization_id: UUID) -> dict[str, Any]:
    """Its admins read the reason, and may correct and ask again. A later reason replaces an earlier one."""
    organization = access.any_organization(db, organization_id)
    standing.refuse(db, organization, body["reason"], now())
    audit.record(db, "organization.refuse", organization, reason=body["reason"])
    return answers.organization(organization)
