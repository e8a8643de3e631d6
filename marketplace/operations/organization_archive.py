"""What stands in the archive of an organization: each table that names it, or why not.

An organization gets what it may see on its own pages: of another firm never more than that.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from catalog import listings
from catalog.db import Base
from catalog.models import (
    Certificate,
    CompetitorDeclaration,
    Listing,
    Organization,
    Release,
    Review,
    StoredFile,
)
from marketplace.accounts.data_requests import DeletionRequest
from marketplace.accounts.models import ApiToken, Invitation, JoinRequest, Membership
from marketplace.accounts.oversight import SupportAccess
from marketplace.audit import AuditEntry
from marketplace.hooks.models import Hook
from marketplace.operations import alliance_archive, plant_archive
from marketplace.operations.own_archive import file_entry, plain
from matching.models import Lead, SavedSearch

#: Where the rows of a column that names an organization, or one of its things, stand. `data.json` is walked by names.
#: A column that is neither here nor in LEFT_OUT fails a test.
PLACES: Mapping[str, str] = {
    "alliance.coordinator_id": "alliances",
    "alliance_member.organization_id": "alliance_memberships",
    "api_token.organization_id": "tokens",
    "bundle_consent.organization_id": "bundle_consents",
    "chain_viewer.anchor_id": "chain_viewers",
    "chain_viewer.viewer_id": "opened_chains",
    "competitor_declaration.declaring_id": "competitors",
    "deletion_request.organization_id": "deletion_requests",
    "demand.organization_id": "demands",
    "hook.organization_id": "webhooks",
    "invitation.organization_id": "invitations",
    "join_request.organization_id": "join_requests",
    "lead.organization_id": "leads",
    "link_import.organization_id": "link_imports",
    "listing.organization_id": "listings",
    "membership.organization_id": "people",
    "organization_role.organization_id": "organization.roles",
    "saved_search.organization_id": "saved_searches",
    "site.organization_id": "sites",
    "stored_file.organization_id": "files",
    "support_access.organization_id": "support_accesses",
    # what hangs on a factory
    "assessment.site_id": "sites.levels",
    "demand.site_id": "demands.site",
    "level_certificate.assessment_id": "sites.level_certificates",
    "level_certificate.file_id": "sites.level_certificates.file",
    "level_certificate.site_id": "sites.level_certificates",
    "self_check.assessment_id": "sites.self_checks",
    "self_check.site_id": "sites.self_checks",
    "self_check_answer.check_id": "sites.self_checks.answers",
    "site_system.site_id": "sites.systems",
    "site_term.site_id": "sites.terms",
    "trade_link.customer_site_id": "trade_links.site",
    "trade_link.supplier_site_id": "trade_links.site",
    # … on a demand
    "alliance_lead.demand_id": "demands.alliance",
    "demand_requirement.demand_id": "demands.requirements",
    "demand_version.demand_id": "demands.versions",
    "demand_viewer.demand_id": "demands.named",
    "lead.demand_id": "demands.offers",
    "match.list_id": "demands.match_lists.matches",
    "match_list.demand_id": "demands.match_lists",
    "share_link.demand_id": "demands.share_links",
    "share_link.list_id": "demands.share_links",
    "shortlist_item.demand_id": "demands.shortlist",
    "what_if.list_id": "demands.match_lists.tried",
    # … on an alliance
    "alliance_charter.alliance_id": "alliances.charters",
    "alliance_member.alliance_id": "alliances.members",
    "bundle.alliance_id": "alliances.bundles",
    "bundle.listing_id": "alliances.bundles",
    "bundle_consent.version_id": "bundle_consents.version",
    "bundle_version.bundle_id": "alliances.bundles.versions",
    "charter_consent.charter_id": "alliances.charters.consents",
    "charter_consent.member_id": "alliance_memberships.consents",
    # … on a solution
    "certificate.release_id": "listings.releases.certificate",
    "certificate.review_id": "listings.releases.certificate",
    "evidence.listing_id": "listings.content.evidence",
    "listing_term.listing_id": "listings.content.capabilities",
    "plan.listing_id": "listings.content.plans",
    "plan_quality.plan_id": "listings.content.plans.quality",
    "release.listing_id": "listings.releases",
    "review.listing_id": "listings.reviews",
    "review_finding.review_id": "listings.reviews.findings",
    "review_note.review_id": "listings.reviews.notes",
    "stored_file.evidence_id": "files",
}
#: Why the rows of a column stand in no archive of an organization.
LEFT_OUT: Mapping[str, str] = {
    "abuse_report.listing_id": "between whoever reported and the operator",
    "abuse_report.organization_id": "between whoever reported and the operator",
    "alliance_lead.alliance_id": "another firm's demand; what this one may see of it stands in its leads",
    "alliance_lead.owner_id": "another firm's demand; what this one may see of it stands in its leads",
    "bundle_part.listing_id": "the worker's own bookkeeping; versions of bundles name their listings",
    "bundle_part.version_id": "the worker's own bookkeeping; versions of bundles name their listings",
    "certificate.validator_id": "the vendor's, and public; that it was given stands in the validator's audit",
    "competitor_declaration.competitor_id": "a list that another firm keeps of its own",
    "compose_run.alliance_id": "searches of the worker; what came of them are the alliance's bundles",
    "compose_run.demand_id": "searches of another firm, an alliance's coordinator; what it may know the demand says",
    "data_export.organization_id": "copies belong to the person who asked, and stand in that one's archive",
    "demand_viewer.organization_id": "another firm's demand; what this one may see of it stands in its leads",
    "hook_delivery.hook_id": "a log of calls to its own programs, which have what was said",
    "lead_look.demand_id": "the worker's own bookkeeping",
    "listing_conflict.one_id": "the operator's record of what two firms' products do together",
    "listing_conflict.other_id": "the operator's record of what two firms' products do together",
    "notice.organization_id": "told to people, each of whom has it in their own archive",
    "review.validator_id": "the vendor's; what the validator decided stands in its audit",
    "user_session.organization_id": "people's sign-ins, in their own archives",
}


def tables_about_organizations() -> list[tuple[Any, Any]]:
    """(model, its column that names an organization) of every table that does."""
    return [
        (mapper.class_, column)
        for mapper in sorted(Base.registry.mappers, key=lambda mapped: str(mapped.local_table))
        for column in mapper.columns
        if any(key.column.table is Organization.__table__ for key in column.foreign_keys)
    ]


def of_organization(session: Session, own: Organization) -> tuple[dict[str, Any], list[StoredFile]]:
    """Everything of the organization; of reviews what a vendor sees, of the audit chain what it did and what was done
    to it, others' people without their addresses."""
    files = list(session.scalars(_of(StoredFile, own)))
    shelf = list(session.scalars(_of(Listing, own)))
    data = {
        "organization": {**plain(own), "roles": [role.role for role in own.roles]},
        **_people(session, own),
        **plant_archive.plants(session, own),
        "listings": [_listing(session, row) for row in shelf],
        **_asked_for(session, own),
        **plant_archive.trade(session, own),
        **alliance_archive.alliances(session, own),
        **_programs(session, own),
        "audit": _audit(session, own, [own.public_id, *(listing.public_id for listing in shelf)]),
        "files": [file_entry(stored) for stored in files],
    }
    return data, files


def _people(session: Session, own: Organization) -> dict[str, Any]:
    """Who belongs to it or would, whom it calls a competitor, what it asked of the operator and who looked."""
    rivals = select(CompetitorDeclaration).where(CompetitorDeclaration.declaring_id == own.id)
    return {
        "people": [
            {"name": seat.user.name, "email": seat.user.email, "rights": sorted(seat.rights)}
            for seat in session.scalars(_of(Membership, own))
        ],
        "invitations": [plain(row) for row in session.scalars(_of(Invitation, own))],
        "join_requests": [
            {**plain(row), "name": row.user.name} for row in session.scalars(_of(JoinRequest, own))
        ],
        "competitors": [row.competitor.name for row in session.scalars(rivals)],
        "deletion_requests": [plain(row) for row in session.scalars(_of(DeletionRequest, own))],
        "support_accesses": [plain(row) for row in session.scalars(_of(SupportAccess, own))],
    }


def _asked_for(session: Session, own: Organization) -> dict[str, Any]:
    """What a vendor answered to demands, without what the other side keeps back, and the saved searches."""
    kept_back = ("buyer_contact", "decided_by", "standings", "fit")
    return {
        "leads": [plain(row, *kept_back) for row in session.scalars(_of(Lead, own))],
        "saved_searches": [plain(row) for row in session.scalars(_of(SavedSearch, own))],
    }


def _programs(session: Session, own: Organization) -> dict[str, Any]:
    return {
        "tokens": [plain(row) for row in session.scalars(_of(ApiToken, own))],
        "webhooks": [plain(row) for row in session.scalars(_of(Hook, own))],
    }


def _of(model: Any, own: Organization) -> Select[Any]:
    """The organization's rows of a table, oldest first."""
    return select(model).where(model.organization_id == own.id).order_by(model.id)


def _listing(session: Session, listing: Listing) -> dict[str, Any]:
    releases = session.scalars(
        select(Release).where(Release.listing_id == listing.id).order_by(Release.number)
    )
    reviews = session.scalars(select(Review).where(Review.listing_id == listing.id).order_by(Review.id))
    return {
        **plain(listing),
        "content": listings.snapshot(listing),
        "releases": [{**plain(row), "certificate": _certificate(row.certificate)} for row in releases],
        "reviews": [_review(row) for row in reviews],
    }


def _certificate(row: Certificate | None) -> dict[str, Any] | None:
    return None if row is None else {**plain(row), "validator": row.validator.name}


def _review(row: Review) -> dict[str, Any]:
    return {
        **plain(row, "validator_email", "rubric"),
        "findings": [plain(finding) for finding in row.findings],
        "notes": [plain(note) for note in row.notes if note.audience == "vendor"],
    }


def _audit(session: Session, own: Organization, things: list[str]) -> list[dict[str, Any]]:
    own_acts = AuditEntry.organization == own.public_id
    rows = select(AuditEntry).where(or_(own_acts, AuditEntry.object_id.in_(things)))
    return [
        plain(entry) if entry.organization == own.public_id else {**plain(entry, "detail"), "actor": ""}
        for entry in session.scalars(rows.order_by(AuditEntry.number))
    ]
