"""The tables of the catalogue. Importing this package registers all of them."""

from catalog.models.alliance import Alliance, AllianceCharter, AllianceMember, CharterConsent
from catalog.models.bundle import Bundle, BundleConsent, BundlePart, BundleVersion
from catalog.models.evidence import Evidence
from catalog.models.file import StoredFile
from catalog.models.industry import OfficialIndustry
from catalog.models.interop import InterfaceConnector, ListingConflict
from catalog.models.listing import Listing, ListingTerm, Plan, PlanQuality
from catalog.models.organization import CompetitorDeclaration, Organization, OrganizationRole
from catalog.models.programme import ProgrammeRule
from catalog.models.release import Certificate, Counter, Release
from catalog.models.review import Review, ReviewFinding, ReviewNote
from catalog.models.site import Site, SiteSystem, SiteTerm

__all__ = [
    "Alliance",
    "AllianceCharter",
    "AllianceMember",
    "Bundle",
    "BundleConsent",
    "BundlePart",
    "BundleVersion",
    "Certificate",
    "CharterConsent",
    "CompetitorDeclaration",
    "Counter",
    "Evidence",
    "InterfaceConnector",
    "Listing",
    "ListingConflict",
    "ListingTerm",
    "OfficialIndustry",
    "Organization",
    "OrganizationRole",
    "Plan",
    "PlanQuality",
    "ProgrammeRule",
    "Release",
    "Review",
    "ReviewFinding",
    "ReviewNote",
    "Site",
    "SiteSystem",
    "SiteTerm",
    "StoredFile",
]
