"""Copies of own data for programs: of a person, and of an organization for its admins."""

from typing import Any
from uuid import UUID

from flask_login import current_user
from werkzeug.wrappers import Response

from catalog.models import Organization
from marketplace import audit, extensions
from marketplace.accounts import access
from marketplace.accounts.data_requests import DataExport
from marketplace.api.lists import PageQuery, listing_of, page, part
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db
from marketplace.operations import own_data
from marketplace.schemas.own_data import ExportOut

bp = ApiBlueprint("exports", __name__, "Own data to take along")

EXPORTS = listing_of(ExportOut, "Exports")


@operation(
    bp,
    "POST",
    "/account/exports",
    permission="account.data",
    summary="Ask for a copy of the person's own data",
    answer=ExportOut,
    status=202,
    conflicts=True,
)
def export_my_data() -> dict[str, Any]:
    """The worker makes it; a copy that is still being made is answered again."""
    return _asked(None, "account.export")


@operation(
    bp,
    "POST",
    "/organization/exports",
    permission="organization.data",
    summary="Ask for a copy of the organization's data",
    answer=ExportOut,
    status=202,
    conflicts=True,
)
def export_organization_data() -> dict[str, Any]:
    """For its admins. The worker makes it; a copy that is still being made is answered again."""
    return _asked(access.own_organization(db, current_user), "organization.export")


@operation(
    bp,
    "GET",
    "/account/exports",
    permission="account.data",
    summary="The newest copies that the asker asked for of their own data",
    answer=EXPORTS,
    query=PageQuery,
)
def list_my_exports(query: dict[str, Any]) -> dict[str, Any]:
    """The newest ten."""
    return _listed(access.own_exports(db, current_user, None), query)


@operation(
    bp,
    "GET",
    "/organization/exports",
    permission="organization.data",
    summary="The newest copies that the asker asked for of the organization's data",
    answer=EXPORTS,
    query=PageQuery,
)
def list_organization_exports(query: dict[str, Any]) -> dict[str, Any]:
    """The newest ten."""
    return _listed(access.own_exports(db, current_user, current_user.organization_key), query)


@operation(
    bp,
    "GET",
    "/exports/<uuid:export_id>/archive",
    permission="account.data",
    summary="Fetch the archive of a copy that is ready",
    answer={"type": "string", "format": "binary"},
    content_type=own_data.ZIP,
)
def fetch_export(export_id: UUID) -> Response:
    """A ZIP of JSON and the files, for the person who asked for it, while it is there."""
    row = access.own_export(db, current_user, export_id, extensions.now())
    return own_data.attached(row)


def _asked(of: Organization | None, act: str) -> dict[str, Any]:
    row = own_data.ask(db, access.user(db, current_user), of)
    audit.record(db, act, row)
    return _shown(row)


def _listed(rows: list[DataExport], query: dict[str, Any]) -> dict[str, Any]:
    return page([_shown(row) for row in part(rows, query)], len(rows), query)


def _shown(row: DataExport) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "state": row.state,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "size": row.size,
        "sha256": row.sha256,
    }
