"""Operations of alliances: found, describe, list, what they cover, dissolve, and the demands that they see."""

from typing import Any
from uuid import UUID

from flask_login import current_user

from catalog.alliances import founding
from catalog.errors import NotFound
from marketplace import audit
from marketplace.accounts import access
from marketplace.api import alliance_answers as answers
from marketplace.api.lists import PageQuery, listing_of, offset_of, page, part
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db, search_engine, today
from marketplace.journeys import alliances as acts
from marketplace.schemas import alliance_cards
from marketplace.schemas import alliances as schemas
from matching import pipeline

bp = ApiBlueprint("alliance", __name__, "Alliances: vendors joined under a charter")

ALLIANCE: dict[str, Any] = {
    "name": "가 얼라이언스",
    "name_en": "Alliance A",
    "purpose": "기업 수준 1~2의 공장을 2~3으로 올립니다.",
    "purpose_en": "Takes plants of company level 1 and 2 to 2 and 3.",
    "division": "2025:ai_factory",
    "member": {"role": "대표", "role_en": "Lead", "capabilities": ["mes"]},
}
DESCRIPTION: dict[str, Any] = {name: value for name, value in ALLIANCE.items() if name != "member"}


@operation(
    bp,
    "POST",
    "/alliances",
    permission="alliance.draft",
    summary="Found an alliance that the own organization runs",
    body=schemas.AllianceIn,
    answer=schemas.AllianceOut,
    status=201,
    example=ALLIANCE,
)
def create_alliance(body: dict[str, Any]) -> dict[str, Any]:
    """It is forming, and seen by those whom it invites, until all its members have accepted a charter."""
    own = access.own_organization(db, current_user)
    mine = body.pop("member")
    made = founding.found(db, own, schemas.description(body), today(), part=mine)
    audit.record(db, "alliance.found", made)
    return answers.alliance(db, made, today())


@operation(
    bp,
    "GET",
    "/alliances",
    permission="alliance.read",
    summary="Active alliances",
    query=PageQuery,
    answer=listing_of(schemas.AllianceOut, "AllianceList"),
)
def list_alliances(query: dict[str, Any]) -> dict[str, Any]:
    """Those with a charter in force, the oldest first."""
    rows = access.public_alliances(db, offset=offset_of(query), limit=query["limit"])
    return page(answers.alliances(db, rows, today()), access.count_public_alliances(db), query)


@operation(
    bp,
    "GET",
    "/organization/alliances",
    permission="alliance.work",
    summary="Alliances that the own organization runs or belongs to, and what it was invited to",
    query=PageQuery,
    answer=listing_of(schemas.MembershipOut, "MembershipList"),
)
def list_own_alliances(query: dict[str, Any]) -> dict[str, Any]:
    """Every membership of the own organization, the newest first."""
    found = access.own_alliances(db, current_user, today())
    rows = [own.member for own in found if own.member is not None]
    return page([answers.membership(row) for row in part(rows, query)], len(rows), query)


@operation(
    bp,
    "GET",
    "/alliances/<uuid:alliance_id>",
    permission="alliance.read",
    summary="An active alliance",
    answer=schemas.AllianceOut,
)
def get_alliance(alliance_id: UUID) -> dict[str, Any]:
    """Lead, members with their parts, capacity."""
    return answers.alliance(db, access.public_alliance(db, alliance_id), today())


@operation(
    bp,
    "GET",
    "/alliances/<uuid:alliance_id>/coverage",
    permission="alliance.read",
    summary="What an alliance covers, and what it lacks",
    answer=schemas.CoverageOut,
)
def get_alliance_coverage(alliance_id: UUID) -> dict[str, Any]:
    """Capabilities by steps of the levels that its charter names, by its members' public, certified listings."""
    row = access.public_alliance(db, alliance_id)
    if row.charter is None:
        raise NotFound
    return answers.coverage(alliance_cards.card(db, search_engine(), row, row.charter, today()))


@operation(
    bp,
    "GET",
    "/alliances/<uuid:alliance_id>/inside",
    permission="alliance.work",
    summary="An alliance that the own organization has to do with",
    answer=schemas.AllianceOut,
)
def get_own_alliance(alliance_id: UUID) -> dict[str, Any]:
    """Also while it is forming; who is only invited or asks sees who belongs to it."""
    own = access.own_alliance(db, current_user, alliance_id, today())
    return answers.alliance(db, own.alliance, today())


@operation(
    bp,
    "PUT",
    "/alliances/<uuid:alliance_id>",
    permission="alliance.draft",
    summary="Replace what an alliance says of itself",
    body=schemas.DescriptionIn,
    answer=schemas.AllianceOut,
    conflicts=True,
    example=DESCRIPTION,
)
def describe_alliance(body: dict[str, Any], alliance_id: UUID) -> dict[str, Any]:
    """The coordinator alone."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    founding.describe(db, own.alliance, schemas.description(body))
    audit.record(db, "alliance.describe", own.alliance)
    return answers.alliance(db, own.alliance, today())


@operation(
    bp,
    "POST",
    "/alliances/<uuid:alliance_id>/dissolution",
    permission="alliance.end",
    summary="Dissolve an alliance",
    answer=schemas.AllianceOut,
    conflicts=True,
)
def dissolve_alliance(alliance_id: UUID) -> dict[str, Any]:
    """The coordinator alone; demands that only the alliance saw are private again."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    shown = acts.dissolve(db, own.alliance, today())
    audit.record(db, "alliance.dissolve", own.alliance, demands=len(shown))
    return answers.alliance(db, own.alliance, today())


@operation(
    bp,
    "GET",
    "/alliances/<uuid:alliance_id>/pipeline",
    permission="alliance.work",
    summary="Demands that an alliance sees",
    query=PageQuery,
    answer=listing_of(schemas.PipelineOut, "Pipeline"),
)
def list_alliance_leads(query: dict[str, Any], alliance_id: UUID) -> dict[str, Any]:
    """For members and the coordinator, newest first; names show to the member whose contact was accepted."""
    own = access.inside_alliance(db, current_user, alliance_id, today())
    reader = access.own_organization(db, current_user)
    found = pipeline.entries(db, own.alliance, reader, today())
    facets = {"stage": pipeline.counts(found)}
    return page([answers.entry(one) for one in part(found, query)], len(found), query, facets)


@operation(
    bp,
    "PUT",
    "/alliances/<uuid:alliance_id>/pipeline/<uuid:demand_id>/owner",
    permission="alliance.draft",
    summary="Say which member takes care of a demand",
    body=schemas.OwnerIn,
    answer=schemas.PipelineOut,
    conflicts=True,
    example={"owner_id": None},
)
def assign_alliance_lead(body: dict[str, Any], alliance_id: UUID, demand_id: UUID) -> dict[str, Any]:
    """Any member or the coordinator."""
    own = access.inside_alliance(db, current_user, alliance_id, today())
    line = access.own_alliance_lead(db, own, demand_id)
    owner = access.member_organization(own, body["owner_id"], "owner_id")
    pipeline.assign(db, line, owner, today())
    audit.record(db, "alliance.assign", line, owner=None if owner is None else owner.public_id)
    db.flush()  # what is answered is read back
    found = pipeline.entries(db, own.alliance, access.own_organization(db, current_user), today())
    return next(answers.entry(one) for one in found if one.lead.id == line.id)
