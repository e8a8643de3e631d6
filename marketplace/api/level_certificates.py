"""Operations of the operator: decide the papers that companies hand in for their level."""

from typing import Any
from uuid import UUID

from flask_login import current_user

from marketplace import audit
from marketplace.accounts import access
from marketplace.accounts.access.sites import LevelCertificatesAsked
from marketplace.api.lists import PageQuery, listing_of, offset_of, page
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.api.sites import paper
from marketplace.extensions import db, now
from marketplace.journeys import level_certificates as papers
from marketplace.schemas.console import ReasonIn
from marketplace.schemas.fields import Choice
from marketplace.schemas.sites import PaperAtConsoleOut
from matching import level_certificates
from matching.models import LevelCertificate
from matching.models.level_certificate import STATES

bp = ApiBlueprint("levels", __name__, "Papers that state a level, for the operator")


class PapersQuery(PageQuery):
    """Which papers."""

    state = Choice(STATES, load_default=None)


class PaperInListOut(PaperAtConsoleOut):
    """A paper in the operator's list."""

    class Meta(PaperAtConsoleOut.Meta):
        """Marshmallow's options."""

        exclude = ("twins",)


@operation(
    bp,
    "GET",
    "/level-certificates",
    permission="level_certificate.read",
    summary="Papers of all companies",
    query=PapersQuery,
    answer=listing_of(PaperInListOut, "LevelCertificateQueue"),
)
def search_level_certificates(query: dict[str, Any]) -> dict[str, Any]:
    """Those that wait first, oldest first."""
    asked = LevelCertificatesAsked(state=query["state"])
    rows = access.search_level_certificates(db, asked, offset=offset_of(query), limit=query["limit"])
    return page([_paper(row) for row in rows], access.count_level_certificates(db, asked), query)


@operation(
    bp,
    "GET",
    "/level-certificates/<uuid:certificate_id>",
    permission="level_certificate.read",
    summary="A paper of any company",
    answer=PaperAtConsoleOut,
)
def get_level_certificate(certificate_id: UUID) -> dict[str, Any]:
    """`twins` are papers of any company with the same number or the very same file."""
    return _in_full(access.any_level_certificate(db, certificate_id))


@operation(
    bp,
    "POST",
    "/level-certificates/<uuid:certificate_id>/confirmation",
    permission="level_certificate.decide",
    summary="Confirm a paper",
    answer=PaperAtConsoleOut,
    conflicts=True,
)
def confirm_level_certificate(certificate_id: UUID) -> dict[str, Any]:
    """Its level holds until its last day, before whatever the company states itself."""
    row = access.any_level_certificate(db, certificate_id)
    papers.confirm(db, row, by=current_user.email, now=now())
    audit.record(db, "level_certificate.confirm", row)
    return _in_full(row)


@operation(
    bp,
    "POST",
    "/level-certificates/<uuid:certificate_id>/refusal",
    permission="level_certificate.decide",
    summary="Refuse a paper",
    body=ReasonIn,
    answer=PaperAtConsoleOut,
    example={"reason": "번호가 발급기관의 기록과 다릅니다."},
    conflicts=True,
)
def refuse_level_certificate(body: dict[str, Any], certificate_id: UUID) -> dict[str, Any]:
    """Its company reads the reason and may hand in another one."""
    row = access.any_level_certificate(db, certificate_id)
    papers.refuse(db, row, reason=body["reason"], by=current_user.email, now=now())
    audit.record(db, "level_certificate.refuse", row, reason=body["reason"])
    return _in_full(row)


def _paper(row: LevelCertificate) -> dict[str, Any]:
    owner = row.site.organization
    return {
        **paper(row),
        "organization_id": owner.public_id,
        "organization": owner.name,
        "registration_number": owner.registration_number or "",
        "site": row.site.name,
    }


def _in_full(row: LevelCertificate) -> dict[str, Any]:
    return {**_paper(row), "twins": [twin.public_id for twin in level_certificates.twins(db, row)]}
