"""Fetching bundles: the coordinator's in full, to a vendor the versions that it was asked to sign, to all what is sold.

A bundle is run by whoever runs its alliance. A vendor sees a version once it was put before it, never the working copy;
the alliance's other members see what everybody sees.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from catalog import publishing_states
from catalog.bundle_states import IN_FORCE, OPEN, SIGNED, UNSIGNED
from catalog.errors import NotFound
from catalog.models import (
    Alliance,
    AllianceMember,
    Bundle,
    BundleConsent,
    BundleVersion,
    Certificate,
    Listing,
    Organization,
    Release,
    Review,
    Site,
    SiteSystem,
)
from catalog.models.organization import CONFIRMED
from catalog.models.review import APPROVED, SENT_BACK
from marketplace.accounts.access.alliances import OwnAlliance
from marketplace.accounts.access.fetching import Who, is_named
from marketplace.accounts.access.workshop import last_round
from matching.crowds import GROUP

__all__ = [
    "OwnBundle",
    "alliance_bundles",
    "bundle_of_listing",
    "judged_version",
    "live_versions",
    "own_bundle",
    "own_bundle_id_of",
    "own_bundles",
    "own_consent",
    "own_version",
    "public_bundle",
    "public_bundles_of",
    "references",
    "remarks_on",
    "run_bundle",
    "sold_for",
    "sold_once",
]


@dataclass(frozen=True, slots=True)
class OwnBundle:
    """A bundle as one organization has to do with it.

    Attributes:
        organization_key: whose view it is.
        runs: whether it runs the alliance: it sees and changes everything.
    """

    bundle: Bundle
    organization_key: int
    runs: bool

    @property
    def versions(self) -> list[BundleVersion]:
        """The versions that it sees, the newest first: all, or those that it was asked to sign."""
        return [row for row in reversed(self.bundle.versions) if self.runs or self.consent(row) is not None]

    def consent(self, version: BundleVersion) -> BundleConsent | None:
        """What it was asked for a version, if it was."""
        return next((row for row in version.consents if row.organization_id == self.organization_key), None)


def own_bundle(session: Session, who: Who, bundle_id: UUID) -> OwnBundle:
    """A bundle that the acting organization runs, or of which it was asked to sign a version."""
    rows = select(Bundle).where(is_named(Bundle, bundle_id), _concerns(who.organization_key))
    return _own(_one(session, rows), who)


def run_bundle(session: Session, who: Who, bundle_id: UUID) -> OwnBundle:
    """A bundle that the acting organization runs."""
    own = own_bundle(session, who, bundle_id)
    if not own.runs:
        raise NotFound
    return own


def own_bundles(session: Session, who: Who) -> list[OwnBundle]:
    """All of those, the newest first; five statements whatever their number."""
    rows = select(Bundle).where(_concerns(who.organization_key)).order_by(Bundle.id.desc())
    return [_own(row, who) for row in session.scalars(rows.options(*_in_full())).unique()]


def alliance_bundles(session: Session, who: Who, own: OwnAlliance) -> list[OwnBundle]:
    """Those of an alliance that was fetched by `own_alliance`, the newest first."""
    rows = select(Bundle).where(Bundle.alliance_id == own.alliance.id, _concerns(who.organization_key))
    ordered = rows.order_by(Bundle.id.desc()).options(*_in_full())
    return [_own(row, who) for row in session.scalars(ordered).unique()]


def own_version(own: OwnBundle, number: int) -> BundleVersion:
    """A version that the acting organization sees, of a bundle that was fetched."""
    found = next((row for row in own.versions if row.number == number), None)
    if found is None:
        raise NotFound
    return found


def own_consent(own: OwnBundle, version: BundleVersion) -> BundleConsent:
    """What the acting organization was asked for a version."""
    found = own.consent(version)
    if found is None:
        raise NotFound
    return found


def public_bundle(session: Session, bundle_id: UUID) -> Bundle:
    """A bundle that is sold; a broken one too. The alliance's charters are not loaded with it."""
    rows = select(Bundle).where(is_named(Bundle, bundle_id), _is_sold())
    return _one(session, rows, charters=False)


def sold_once(bundle: Bundle, number: int) -> BundleVersion:
    """A version of a bundle that was fetched by `public_bundle`, which is sold or was."""
    found = next((row for row in bundle.versions if row.number == number and row.release is not None), None)
    if found is None:
        raise NotFound
    return found


def public_bundles_of(session: Session, alliance: Alliance) -> list[Bundle]:
    """What an alliance sells, the oldest first."""
    rows = select(Bundle).where(Bundle.alliance_id == alliance.id, _is_sold()).order_by(Bundle.id)
    return list(session.scalars(rows.options(*_in_full())).unique())


def bundle_of_listing(session: Session, listing: Listing) -> Bundle:
    """The bundle of a listing that was fetched, of the kind "bundle"."""
    return _one(session, select(Bundle).where(Bundle.listing_id == listing.id))


def judged_version(session: Session, review: Review, *, whole: bool = False) -> BundleVersion | None:
    """The version that lies on the review desk in a review of a bundle's listing, or was sold by its approval.

    One statement, with its consents and whose they are; `whole` loads the alliance with its members, too, in one more.
    None: it was sent back, and what was judged may be gone.
    """
    if review.state == SENT_BACK:
        return None
    sold = (
        select(Release.number)
        .join(Certificate, Certificate.release_id == Release.id)
        .where(Certificate.review_id == review.id)
        .scalar_subquery()
    )
    is_judged = BundleVersion.release == sold if review.state == APPROVED else BundleVersion.state == SIGNED
    rows = (
        select(BundleVersion)
        .join(BundleVersion.bundle)
        .where(Bundle.listing_id == review.listing_id, is_judged)
        .options(
            contains_eager(BundleVersion.bundle),
            joinedload(BundleVersion.consents)
            .joinedload(BundleConsent.organization)
            .lazyload(Organization.roles),
            *(_around_version() if whole else ()),
        )
    )
    return session.scalars(rows).unique().one_or_none()


def _around_version() -> tuple[ORMOption, ...]:
    """The listing of a version's bundle, and its alliance with everybody in it."""
    bundle = contains_eager(BundleVersion.bundle)
    return (
        bundle.joinedload(Bundle.listing).lazyload(Listing.organization),
        bundle.joinedload(Bundle.alliance)
        .selectinload(Alliance.members)
        .joinedload(AllianceMember.organization)
        .lazyload(Organization.roles),
    )


def remarks_on(session: Session, bundle: Bundle) -> Review | None:
    """What the desk asked to be mended in a bundle that was fetched; None: nothing, or it was handed in again."""
    return (
        last_round(session, bundle.listing) if bundle.listing.state == publishing_states.SENT_BACK else None
    )


def own_bundle_id_of(session: Session, who: Who, listing: Listing) -> str | None:
    """Public id of the bundle that is sold by a listing, if the acting organization runs it or was asked to sign it."""
    rows = select(Bundle.public_id).where(Bundle.listing_id == listing.id, _concerns(who.organization_key))
    return session.scalar(rows)


def live_versions(session: Session, who: Who) -> list[tuple[OwnBundle, BundleVersion, date | None]]:
    """Versions that wait or are sold, of bundles that the acting organization runs or was asked to sign.

    And the newest of a bundle when it ended without all signatures: its coordinator has to say what becomes of it.

    One statement. Beside the version its bundle, alliance, listing and consents are loaded, not the bundle's other
    versions; and on which day the certificate of what the bundle sells ends, if it sells anything.
    """
    later = aliased(BundleVersion)
    newest = ~exists().where(later.bundle_id == BundleVersion.bundle_id, later.number > BundleVersion.number)
    rows = (
        select(BundleVersion, Certificate.expires_on)
        .join(BundleVersion.bundle)
        .join(Bundle.listing)
        .outerjoin(Release, (Release.listing_id == Listing.id) & (Release.number == Listing.live_release))
        .outerjoin(Certificate, Certificate.release_id == Release.id)
        .where(
            _concerns(who.organization_key),
            BundleVersion.state.in_((*OPEN, IN_FORCE)) | (BundleVersion.state.in_(UNSIGNED) & newest),
        )
        .order_by(BundleVersion.id)
        .options(
            contains_eager(BundleVersion.bundle).joinedload(Bundle.alliance),
            contains_eager(BundleVersion.bundle).contains_eager(Bundle.listing),
            joinedload(BundleVersion.consents)
            .joinedload(BundleConsent.organization)
            .lazyload(Organization.roles),
        )
    )
    found = ((_own(version.bundle, who), version, ends) for version, ends in session.execute(rows).unique())
    return [line for line in found if line[0].runs or line[0].consent(line[1]) is not None]


def references(session: Session, version: BundleVersion) -> int:
    """How many confirmed manufacturers say that they run everything in a version together at one site.

    0 where they are fewer than `crowds.GROUP`: what one firm uses is its own business.
    """
    listings = {item["listing"] for item in version.content["items"]}
    together = (
        select(SiteSystem.site_id)
        .where(SiteSystem.listing_id.in_(listings))
        .group_by(SiteSystem.site_id)
        .having(func.count(SiteSystem.listing_id.distinct()) == len(listings))
    )
    firms = (
        select(func.count(Site.organization_id.distinct()))
        .join(Site.organization)
        .where(Site.id.in_(together), Organization.state == CONFIRMED)
    )
    found = session.scalar(firms) or 0
    return found if found >= GROUP else 0


def sold_for(session: Session, demands: list[str], since: date) -> list[tuple[Bundle, str]]:
    """Bundles that came to be sold since a day and were composed for one of these demands (public ids), and its id."""
    if not demands:
        return []
    rows = (
        select(Bundle)
        .join(Bundle.versions)
        .join(Bundle.listing)
        .where(Bundle.demand.in_(demands), BundleVersion.state == IN_FORCE)
        .where(BundleVersion.in_force_on >= since, Listing.broken_on.is_(None))
        .where(Listing.live_release.is_not(None))
        .order_by(Bundle.id)
        .options(contains_eager(Bundle.listing), joinedload(Bundle.alliance))
    )
    return [(row, row.demand or "") for row in session.scalars(rows)]


def _is_sold() -> ColumnElement[bool]:
    in_force = (BundleVersion.bundle_id == Bundle.id) & (BundleVersion.state == IN_FORCE)
    live = (Listing.id == Bundle.listing_id) & Listing.live_release.is_not(None)
    return exists(select(BundleVersion.id).where(in_force)) & exists(select(Listing.id).where(live))


def _concerns(organization_key: int | None) -> ColumnElement[bool]:
    run = select(Alliance.id).where(Alliance.coordinator_id == organization_key)
    asked = (
        select(BundleVersion.bundle_id)
        .join(BundleConsent, BundleConsent.version_id == BundleVersion.id)
        .where(BundleConsent.organization_id == organization_key)
    )
    return or_(Bundle.alliance_id.in_(run), Bundle.id.in_(asked))


def _one(session: Session, rows: Select[Bundle], *, charters: bool = True) -> Bundle:
    row = session.scalars(rows.options(*_in_full(charters=charters))).unique().one_or_none()
    if row is None:
        raise NotFound
    return row


def _own(bundle: Bundle, who: Who) -> OwnBundle:
    runs = bundle.alliance.coordinator_id == who.organization_key
    return OwnBundle(bundle, who.organization_key or 0, runs)


def _in_full(*, charters: bool = True) -> tuple[ORMOption, ...]:
    """Everything that pages of a bundle show, in four statements however many there are; one of them for charters."""
    alliance = joinedload(Bundle.alliance)
    load = alliance.selectinload if charters else alliance.lazyload
    return (
        alliance.joinedload(Alliance.coordinator).lazyload(Organization.roles),
        alliance.selectinload(Alliance.members)
        .joinedload(AllianceMember.organization)
        .lazyload(Organization.roles),
        load(Alliance.charters),
        joinedload(Bundle.listing).joinedload(Listing.organization).lazyload(Organization.roles),
        selectinload(Bundle.versions)
        .selectinload(BundleVersion.consents)
        .joinedload(BundleConsent.organization)
        .lazyload(Organization.roles),
    )
