"""Operations of charters: propose, read, accept, remind, take back."""

from typing import Any
from uuid import UUID

from flask_login import current_user

from catalog.alliances import charters
from marketplace import audit
from marketplace.accounts import access
from marketplace.api import alliance_answers as answers
from marketplace.api.lists import PageQuery, listing_of, page, part
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db, today
from marketplace.journeys import alliances as acts
from marketplace.schemas import alliances as schemas

bp = ApiBlueprint("charters", __name__, "Charters of alliances")

_NOBODY = "0192f0c1-0000-7000-8000-000000000000"
CHARTER: dict[str, Any] = {
    "text": "우리는 기업 수준 1~2의 공장에 함께 공급합니다. 대표 기업이 구매한 공장에 혼자 책임집니다.",
    "text_en": "We supply plants of company level 1 and 2 together. The lead answers to the buyer alone.",
    "level_from": 1,
    "level_to": 2,
    "lead": _NOBODY,
    "notice_days": 90,
    "answer_hours": 48,
    "members": [{"organization": _NOBODY, "role": "대표", "role_en": "Lead", "capabilities": ["mes"]}],
}
ACCEPTED: dict[str, Any] = {"sha256": "0" * 64}


@operation(
    bp,
    "POST",
    "/alliances/<uuid:alliance_id>/charters",
    permission="alliance.draft",
    summary="Propose a charter",
    body=schemas.CharterIn,
    answer=schemas.CharterOut,
    status=201,
    conflicts=True,
    example=CHARTER,
)
def propose_charter(body: dict[str, Any], alliance_id: UUID) -> dict[str, Any]:
    """The coordinator alone. One that still waited is taken back, with its consents."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    row = acts.propose(db, own.alliance, schemas.charter_fields(body), today())
    audit.record(db, "charter.propose", row, number=row.number, sha256=row.sha256)
    return answers.charter(row, today(), inside=True)


@operation(
    bp,
    "GET",
    "/alliances/<uuid:alliance_id>/charters",
    permission="alliance.work",
    summary="Every version of the charter",
    query=PageQuery,
    answer=listing_of(schemas.CharterOut, "CharterList"),
)
def list_charters(query: dict[str, Any], alliance_id: UUID) -> dict[str, Any]:
    """For members and the coordinator, the newest first."""
    own = access.inside_alliance(db, current_user, alliance_id, today())
    rows = list(reversed(own.alliance.charters))
    items = [answers.charter(row, today(), inside=True) for row in part(rows, query)]
    return page(items, len(rows), query)


@operation(
    bp,
    "GET",
    "/alliances/<uuid:alliance_id>/charters/<int:number>",
    permission="alliance.work",
    summary="One version of the charter",
    answer=schemas.CharterOut,
)
def get_charter(alliance_id: UUID, number: int) -> dict[str, Any]:
    """Whoever is invited or asks reads the one in force."""
    own = access.own_alliance(db, current_user, alliance_id, today())
    return answers.charter(access.own_charter(own, number), today(), inside=own.inside)


@operation(
    bp,
    "POST",
    "/alliances/<uuid:alliance_id>/charters/<int:number>/acceptance",
    permission="alliance.sign",
    summary="Accept a charter",
    body=schemas.CharterHashIn,
    answer=schemas.CharterOut,
    conflicts=True,
    example=ACCEPTED,
)
def accept_charter(body: dict[str, Any], alliance_id: UUID, number: int) -> dict[str, Any]:
    """Exactly the version of that hash. Needs a person with signing right; the last consent brings it into force."""
    own = access.inside_alliance(db, current_user, alliance_id, today())
    row = access.own_charter(own, number)
    member = access.own_membership(own)
    acts.accept(db, row, member, answers.signature(), today(), sha256=body["sha256"])
    audit.record(db, "charter.accept", row, number=row.number, sha256=row.sha256)
    return answers.charter(row, today(), inside=True)


@operation(
    bp,
    "POST",
    "/alliances/<uuid:alliance_id>/charters/<int:number>/withdrawal",
    permission="alliance.draft",
    summary="Take a proposed charter back",
    answer=schemas.CharterOut,
    conflicts=True,
)
def withdraw_charter(alliance_id: UUID, number: int) -> dict[str, Any]:
    """The coordinator alone; the consents to it are void."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    row = access.own_charter(own, number)
    charters.withdraw(db, row, today())
    audit.record(db, "charter.withdraw", row, number=row.number)
    return answers.charter(row, today(), inside=True)


@operation(
    bp,
    "POST",
    "/alliances/<uuid:alliance_id>/charters/<int:number>/reminders",
    permission="alliance.draft",
    summary="Remind members who have not accepted a charter",
    answer=schemas.CharterOut,
    conflicts=True,
)
def remind_members(alliance_id: UUID, number: int) -> dict[str, Any]:
    """The coordinator alone, once a day."""
    own = access.run_alliance(db, current_user, alliance_id, today())
    row = access.own_charter(own, number)
    count = acts.remind(db, row, today())
    audit.record(db, "charter.remind", row, number=row.number, count=count)
    return answers.charter(row, today(), inside=True)
