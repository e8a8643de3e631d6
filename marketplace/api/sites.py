"""Operations of manufacturers: their sites, and the papers that state a site's level."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask_login import current_user

from catalog import sites
from catalog.models import Site
from marketplace import audit
from marketplace.accounts import access
from marketplace.api.examples import SITE
from marketplace.api.lists import PageQuery, listing_of, offset_of, page
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db, file_store, today
from marketplace.journeys import level_certificates as papers
from marketplace.journeys import plants
from marketplace.schemas import sites as schemas
from matching import completeness, level_certificates
from matching.models import Assessment, LevelCertificate
from matching.models.assessment import COMPANY_LEVEL, SYSTEM_LEVEL

bp = ApiBlueprint("factories", __name__, "Sites and their levels, for manufacturers")


@operation(
    bp,
    "POST",
    "/sites",
    permission="site.describe",
    summary="Describe a factory",
    body=schemas.SiteIn,
    answer=schemas.SiteOut,
    status=201,
    example=SITE,
)
def create_site(body: dict[str, Any]) -> dict[str, Any]:
    """Industry, region, people, systems in use, level with its scale and basis; what is not known is left out."""
    site = plants.describe(db, access.own_organization(db, current_user), None, body, today())
    audit.record(db, "site.describe", site)
    return _answer([site])[0]


@operation(
    bp,
    "GET",
    "/sites",
    permission="site.read",
    summary="The own factories",
    query=PageQuery,
    answer=listing_of(schemas.SiteOut, "SiteList"),
)
def list_sites(query: dict[str, Any]) -> dict[str, Any]:
    """Oldest first."""
    rows = access.own_sites_in_full(db, current_user, offset=offset_of(query), limit=query["limit"])
    return page(_answer(rows), access.count_own_sites(db, current_user), query)


@operation(
    bp,
    "GET",
    "/sites/<uuid:site_id>",
    permission="site.read",
    summary="An own factory",
    answer=schemas.SiteOut,
)
def get_site(site_id: UUID) -> dict[str, Any]:
    """With the levels that hold now, and what is not stated yet."""
    return _answer([access.own_site(db, current_user, site_id)])[0]


@operation(
    bp,
    "PUT",
    "/sites/<uuid:site_id>",
    permission="site.describe",
    summary="Describe a factory anew",
    body=schemas.SiteIn,
    answer=schemas.SiteOut,
    example=SITE,
)
def update_site(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Lists computed earlier keep what they saw."""
    site = access.own_site(db, current_user, site_id)
    plants.describe(db, site.organization, site, body, today())
    audit.record(db, "site.describe", site)
    return _answer([site])[0]


@operation(
    bp,
    "GET",
    "/sites/<uuid:site_id>/certificates",
    permission="site.read",
    summary="The papers that state a factory's level",
    answer=listing_of(schemas.PaperOut, "LevelCertificateList"),
)
def list_level_certificates(site_id: UUID) -> dict[str, Any]:
    """Newest first."""
    site = access.own_site(db, current_user, site_id)
    rows = access.level_certificates_of(db, [site])
    return {"items": [paper(row) for row in rows], "total": len(rows), "facets": {}, "next": None}


@operation(
    bp,
    "POST",
    "/sites/<uuid:site_id>/certificates",
    permission="site.certify",
    summary="Hand in a paper that states a factory's level",
    files=schemas.PaperForm,
    answer=schemas.PaperOut,
    status=201,
    conflicts=True,
)
def hand_in_level_certificate(files: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Multipart: what stands on the paper, and the paper as "file" (pdf, png or jpg, at most 20 MB). The operator
    confirms or refuses it; until then the level that held before holds."""
    site = access.own_site(db, current_user, site_id)
    sent = files.pop("file")
    row = papers.hand_in(
        db, site, file_store(), files, name=sent.filename or "", stream=sent.stream, today=today()
    )
    audit.record(db, "level_certificate.hand_in", row, sha256=row.file.sha256)
    return paper(row)


def paper(row: LevelCertificate) -> dict[str, Any]:
    """A paper as its company sees it."""
    names = ("number", "body", "scale", "level", "issued_on", "valid_until", "state", "reason", "decided_at")
    return {
        "id": row.public_id,
        "site_id": row.site.public_id,
        **{name: getattr(row, name) for name in names},
        "standing": level_certificates.standing(row, today()),
        "handed_in_at": row.created_at,
        "file": {
            "id": row.file.public_id,
            **{name: getattr(row.file, name) for name in ("name", "size", "sha256", "content_type")},
        },
    }


def _answer(rows: Sequence[Site]) -> list[dict[str, Any]]:
    """Sites with the levels that hold now: as `level` the company level, else the system level."""
    db.flush()  # new rows need their keys before their levels can be looked up
    levels = access.levels_of(db, list(rows), today())
    return [_site(row, levels.get(row.id, {})) for row in rows]


def _site(row: Site, levels: dict[str, Assessment]) -> dict[str, Any]:
    held = levels.get(COMPANY_LEVEL) or levels.get(SYSTEM_LEVEL)
    stated = sites.stated(row)
    company = levels.get(COMPANY_LEVEL)
    missing = completeness.gaps(stated, level=None if company is None else company.level)
    return {
        "id": row.public_id,
        **stated,
        "level": None if held is None else {"scale": held.scale, "value": held.level, "basis": held.basis},
        "levels": [
            {
                "scale": one.scale,
                "value": one.level,
                "basis": one.basis,
                "assessed_on": one.assessed_on,
                "valid_until": _last_day(one),
            }
            for one in levels.values()
        ],
        "missing": [gap._asdict() for gap in missing],
    }


def _last_day(stated: Assessment) -> date | None:
    """The last day of a certified level; text of the statement's detail as a date."""
    written = stated.detail.get("valid_until") if stated.detail else None
    return None if written is None else date.fromisoformat(written)
