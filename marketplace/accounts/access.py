"""Fetch means permission: the only way by which a row reaches a view.

Each function answers the row or raises `NotFound`; "not yours" and "not there" are the same answer. Reads only what the
principal's organization may see; which *acts* are allowed is the role table's (`accounts/roles.py`).
"""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from catalog.errors import Invalid, NotFound
from catalog.models import (
    Certificate,
    CompetitorDeclaration,
    Evidence,
    Listing,
    OfficialIndustry,
    Organization,
    Plan,
    Release,
    Review,
    Site,
    StoredFile,
)
from catalog.models.organization import VALIDATOR, VENDOR
from catalog.models.review import WAITING
from catalog.validation.desk import Judge
from marketplace.accounts.models import ApiToken, Membership, User
from marketplace.accounts.principal import Anonymous, Principal
from matching.models import Assessment, Demand, Match, MatchList

Row = TypeVar("Row")
Who = Principal | Anonymous


def own_organization(session: Session, who: Who) -> Organization:
    """The organization that the person acts for."""
    return _one(session, select(Organization).where(Organization.id == who.organization_key))


def user(session: Session, who: Who) -> User:
    """The person's own account."""
    return _one(session, select(User).where(User.public_id == getattr(who, "public_id", "")))


def own_token(session: Session, who: Principal, token_id: UUID) -> ApiToken:
    """One of the person's own tokens."""
    return _one(session, select(ApiToken).where(_is(ApiToken, token_id), ApiToken.user_id == who.user_key))


def own_seat(session: Session, who: Principal, organization_id: UUID) -> Organization:
    """An organization that the person belongs to."""
    keys = [seat.key for seat in who.seats]
    return _one(
        session, select(Organization).where(_is(Organization, organization_id), Organization.id.in_(keys))
    )


def any_organization(session: Session, organization_id: UUID) -> Organization:
    """Any organization: for the operator's routes only."""
    return _one(session, select(Organization).where(_is(Organization, organization_id)))


def all_organizations(session: Session, *, state: str | None, offset: int, limit: int) -> list[Organization]:
    """Organizations oldest first, unconfirmed ones first: for the operator's routes only."""
    rows = select(Organization).where(Organization.registration_number.is_not(None))
    if state is not None:
        rows = rows.where(Organization.state == state)
    ordered = rows.order_by(Organization.state.desc(), Organization.created_at, Organization.id)
    return list(session.scalars(ordered.offset(offset).limit(limit)))


def count_organizations(session: Session, *, state: str | None) -> int:
    """How many `all_organizations` has in all: for the operator's routes only."""
    rows = select(func.count(Organization.id)).where(Organization.registration_number.is_not(None))
    if state is not None:
        rows = rows.where(Organization.state == state)
    return session.scalar(rows) or 0


def organization_of_user(session: Session, person: User, organization_id: UUID, pointer: str) -> Organization:
    """An organization that a person who has just proved their account belongs to; others are a problem at the field."""
    owned = select(Organization).join(Membership, Membership.organization_id == Organization.id)
    mine = owned.where(_is(Organization, organization_id), Membership.user_id == person.id)
    row = session.scalars(mine).one_or_none()
    if row is None:
        raise Invalid.at(pointer, "unknown_code", value=str(organization_id))
    return row


def vendor(session: Session, organization_id: UUID) -> Organization:
    """A vendor with something public in the store."""
    public = select(Listing.id).where(
        Listing.organization_id == Organization.id, Listing.live_release.is_not(None)
    )
    return _one(session, select(Organization).where(_is(Organization, organization_id), public.exists()))


def own_listing(session: Session, who: Who, listing_id: UUID) -> Listing:
    """A listing of the acting organization, in any state."""
    return _one(
        session,
        select(Listing).where(_is(Listing, listing_id), Listing.organization_id == who.organization_key),
    )


def own_listings(session: Session, who: Who) -> list[Listing]:
    """Every listing of the acting organization, last changed first."""
    rows = select(Listing).where(Listing.organization_id == who.organization_key)
    return list(session.scalars(rows.order_by(Listing.updated_at.desc(), Listing.id.desc())))


def own_evidence(session: Session, who: Who, evidence_id: UUID) -> Evidence:
    """An evidence record of one of the acting organization's listings."""
    owned = select(Evidence).join(Evidence.listing).where(Listing.organization_id == who.organization_key)
    return _one(session, owned.where(_is(Evidence, evidence_id)))


def public_release(session: Session, listing_id: UUID) -> Release:
    """What the public sees of a listing."""
    return _one(session, _public().where(_is(Listing, listing_id)))


def public_releases(session: Session, listing_ids: list[str]) -> dict[str, Release]:
    """The public releases of those listings, by the listing's public id; two statements whatever their number."""
    rows = session.scalars(_public().where(Listing.public_id.in_(listing_ids)))
    return {release.listing.public_id: release for release in rows}


def certificate(session: Session, number: str) -> Certificate:
    """A certificate by its public number; anybody may look it up."""
    return _one(session, select(Certificate).where(Certificate.number == number))


def queue(session: Session, who: Who, *, offset: int = 0, limit: int = 50) -> list[Review]:
    """Waiting submissions and those taken by the acting validator, oldest first."""
    seen = select(Review).join(Review.listing).where(_visible_review(who), Review.decided_at.is_(None))
    ordered = seen.options(selectinload(Review.listing).selectinload(Listing.organization))
    return list(session.scalars(ordered.order_by(Review.submitted_at, Review.id).offset(offset).limit(limit)))


def count_queue(session: Session, who: Who) -> int:
    """How many `queue` has in all."""
    seen = select(func.count(Review.id)).join(Review.listing)
    return session.scalar(seen.where(_visible_review(who), Review.decided_at.is_(None))) or 0


def judge(who: Principal) -> Judge:
    """The person as the desk's rules see them."""
    return Judge(who.name, who.email, frozenset(seat.key for seat in who.seats))


def review(session: Session, who: Who, review_id: UUID) -> Review:
    """A submission that waits, or one that the acting validator has taken or decided."""
    return _one(
        session, select(Review).join(Review.listing).where(_is(Review, review_id), _visible_review(who))
    )


def review_of_listing(session: Session, who: Who, listing_id: UUID) -> Review:
    """The undecided review of a listing, under the same conditions as `review`."""
    open_round = select(Review).join(Review.listing).where(Review.decided_at.is_(None), _visible_review(who))
    return _one(session, open_round.where(_is(Listing, listing_id)))


def rounds_of_listing(session: Session, who: Who, listing: Listing) -> list[Review]:
    """All reviews of the acting organization's own listing, newest first."""
    owned = (
        select(Review)
        .join(Review.listing)
        .where(Review.listing_id == listing.id, Listing.organization_id == who.organization_key)
    )
    return list(session.scalars(owned.order_by(Review.id.desc())))


def file(session: Session, who: Who, file_id: UUID) -> StoredFile:
    """A file of the acting vendor, or of a submission that the acting validator has taken.

    A file is exactly as visible as the record that it belongs to; published evidence shows a file's fingerprint to
    everybody, its bytes only to these two.
    """
    readable: list[ColumnElement[bool]] = []
    if VENDOR in who.roles:
        readable.append(StoredFile.organization_id == who.organization_key)
    if VALIDATOR in who.roles:
        # Only after the declaration that there is no conflict of interest: waiting submissions keep theirs shut.
        seen = select(Evidence.id).join(Review, Review.listing_id == Evidence.listing_id).join(Review.listing)
        taken = Review.validator_id == who.organization_key
        readable.append(StoredFile.evidence_id.in_(seen.where(_visible_review(who), taken)))
    return _one(session, select(StoredFile).where(_is(StoredFile, file_id), or_(*readable)))


def own_site(session: Session, who: Who, site_id: UUID) -> Site:
    """A site of the acting organization."""
    return _one(session, select(Site).where(_is(Site, site_id), Site.organization_id == who.organization_key))


def own_site_at(session: Session, who: Who, site_id: UUID, pointer: str) -> Site:
    """A site that a form or a body names: a foreign one is a problem at its field."""
    try:
        return own_site(session, who, site_id)
    except NotFound:
        raise Invalid.at(pointer, "unknown_code", value=str(site_id)) from None


def own_sites(session: Session, who: Who) -> list[Site]:
    """Every site of the acting organization, oldest first."""
    return list(
        session.scalars(select(Site).where(Site.organization_id == who.organization_key).order_by(Site.id))
    )


def own_demand(session: Session, who: Who, demand_id: UUID) -> Demand:
    """A demand of the acting organization."""
    return _one(
        session, select(Demand).where(_is(Demand, demand_id), Demand.organization_id == who.organization_key)
    )


def own_demands(session: Session, who: Who) -> list[Demand]:
    """Every demand of the acting organization, newest first."""
    rows = select(Demand).where(Demand.organization_id == who.organization_key)
    ordered = rows.options(selectinload(Demand.site), selectinload(Demand.requirements)).order_by(
        Demand.id.desc()
    )
    return list(session.scalars(ordered))


def own_match_list(session: Session, who: Who, list_id: UUID) -> MatchList:
    """A computed list of one of the acting organization's demands."""
    owned = select(MatchList).join(MatchList.demand).where(Demand.organization_id == who.organization_key)
    return _one(session, owned.where(_is(MatchList, list_id)))


def latest_match_list(session: Session, demand: Demand) -> MatchList | None:
    """The newest list of a demand that was fetched by `own_demand`."""
    rows = select(MatchList).where(MatchList.demand_id == demand.id).options(selectinload(MatchList.matches))
    return session.scalar(rows.order_by(MatchList.id.desc()).limit(1))


def _public() -> Select[Release]:
    return (
        select(Release)
        .join(Listing, (Listing.id == Release.listing_id) & (Listing.live_release == Release.number))
        .options(
            selectinload(Release.listing).selectinload(Listing.organization),
            selectinload(Release.certificate),
        )
    )


def _visible_review(who: Who) -> ColumnElement[bool]:
    """Waiting for anyone but its owner's people, or taken by the acting organization. Needs a join with Listing."""
    own = [seat.key for seat in who.seats]
    return Listing.organization_id.not_in(own) & or_(
        Review.state == WAITING, Review.validator_id == who.organization_key
    )


def _is(model: Any, public_id: UUID) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = model.public_id == str(public_id)
    return condition


def _one(session: Session, statement: Select[Row]) -> Row:
    row = session.scalars(statement).one_or_none()
    if row is None:
        raise NotFound
    return row


def demo_users(session: Session, emails: list[str]) -> list[User]:
    """Those of the demo logins that exist, in the given order, with their organizations and roles: for the sign-in page."""
    rows = select(User).where(User.email.in_(emails))
    chain = selectinload(User.memberships).selectinload(Membership.organization)
    return sorted(session.scalars(rows.options(chain)), key=lambda user: emails.index(user.email))


def own_competitors(session: Session, organization: Organization) -> list[CompetitorDeclaration]:
    """What an organization that was fetched by `own_organization` has declared, oldest first, with the other's name."""
    rows = select(CompetitorDeclaration).where(CompetitorDeclaration.declaring_id == organization.id)
    named = rows.options(selectinload(CompetitorDeclaration.competitor))
    return list(session.scalars(named.order_by(CompetitorDeclaration.id)))


def levels_of(session: Session, sites: list[Site]) -> dict[int, dict[str, Assessment]]:
    """By site key and scale, the statement that holds, of sites that were fetched by `own_site` or `own_sites`."""
    rows = select(Assessment).where(Assessment.site_id.in_([site.id for site in sites]))
    holding: dict[int, dict[str, Assessment]] = {}
    for row in session.scalars(rows.order_by(Assessment.assessed_on, Assessment.id)):
        holding.setdefault(row.site_id, {})[row.scale] = row
    return holding


def own_demand_in_full(session: Session, who: Who, demand_id: UUID) -> Demand:
    """A demand of the acting organization with all that its score is computed from, in three statements."""
    owned = select(Demand).where(_is(Demand, demand_id), Demand.organization_id == who.organization_key)
    site = joinedload(Demand.site)
    everything = owned.options(
        joinedload(Demand.requirements), site.selectinload(Site.terms), site.selectinload(Site.systems)
    )
    row = session.scalars(everything).unique().one_or_none()
    if row is None:
        raise NotFound
    return row


def newest_match_list(session: Session, demand: Demand) -> MatchList | None:
    """The newest list of a demand of the acting organization, without its places."""
    rows = select(MatchList).where(MatchList.demand_id == demand.id)
    return session.scalar(rows.order_by(MatchList.id.desc()).limit(1))


def matches_of(session: Session, found: MatchList, *, offset: int, limit: int) -> list[Match]:
    """Places of a list that was fetched by `newest_match_list` or `own_match_list`, best first."""
    rows = select(Match).where(Match.list_id == found.id).order_by(Match.rank)
    return list(session.scalars(rows.offset(offset).limit(limit)))


def synthetic_listings(session: Session, listing_ids: list[str]) -> frozenset[str]:
    """Which of those listings belong to an invented organization of the demo data."""
    rows = select(Listing.public_id).join(Listing.organization).where(Organization.synthetic)
    return frozenset(session.scalars(rows.where(Listing.public_id.in_(listing_ids))))


def public_releases_of(session: Session, organization: Organization) -> list[Release]:
    """Everything public of a vendor that was fetched by `vendor`, latest approval first."""
    rows = _public().where(Listing.organization_id == organization.id)
    return list(session.scalars(rows.order_by(Release.approved_at.desc(), Release.id.desc())))


def own_shelf(session: Session, who: Who) -> list[tuple[Listing, Certificate | None]]:
    """Every listing of the acting organization with the certificate of what is public of it, oldest first."""
    rows = (
        select(Listing, Certificate)
        .outerjoin(Release, (Release.listing_id == Listing.id) & (Release.number == Listing.live_release))
        .outerjoin(Certificate, Certificate.release_id == Release.id)
        .where(Listing.organization_id == who.organization_key)
    )
    return [(listing, certificate) for listing, certificate in session.execute(rows.order_by(Listing.id))]


def official_industries(session: Session, revision: str) -> list[OfficialIndustry]:
    """Classes and subclasses (four and five digits) of the official list, empty until the operator has loaded it."""
    rows = select(OfficialIndustry).where(
        OfficialIndustry.revision == revision, func.length(OfficialIndustry.code) > 3
    )
    return list(session.scalars(rows.order_by(OfficialIndustry.code)))


def own_listing_in_full(session: Session, who: Who, listing_id: UUID) -> Listing:
    """As `own_listing`, with everything that its snapshot needs; four statements whatever it holds."""
    owned = select(Listing).where(_is(Listing, listing_id), Listing.organization_id == who.organization_key)
    return _one(session, owned.options(*_in_full()))


def own_listings_in_full(session: Session, who: Who) -> list[Listing]:
    """As `own_listings`, each with everything that its snapshot needs; four statements whatever their number."""
    rows = select(Listing).where(Listing.organization_id == who.organization_key).options(*_in_full())
    return list(session.scalars(rows.order_by(Listing.updated_at.desc(), Listing.id.desc())))


def releases_of_listing(session: Session, listing: Listing) -> list[Release]:
    """Every release, with its certificate, of a listing that was fetched as the acting organization's own."""
    rows = select(Release).where(Release.listing_id == listing.id).options(joinedload(Release.certificate))
    return list(session.scalars(rows.order_by(Release.number)))


def last_round(session: Session, listing: Listing) -> Review | None:
    """The newest review of a listing that was fetched as the acting organization's own, with what was said in it."""
    rows = select(Review).where(Review.listing_id == listing.id).order_by(Review.id.desc()).limit(1)
    return session.scalar(
        rows.options(
            joinedload(Review.validator).lazyload(Organization.roles),
            selectinload(Review.findings),
            selectinload(Review.notes),
        )
    )


def _in_full() -> tuple[ORMOption, ...]:
    return (
        joinedload(Listing.organization).lazyload(Organization.roles),
        selectinload(Listing.terms),
        selectinload(Listing.plans).joinedload(Plan.quality),
        selectinload(Listing.evidence).joinedload(Evidence.files),
    )


def rivals(session: Session, organization: Organization) -> frozenset[int]:
    """Integer keys of the organizations that an own one has declared competitors, or that have declared it one."""
    declared = CompetitorDeclaration.declaring_id, CompetitorDeclaration.competitor_id
    rows = session.execute(select(*declared).where(or_(*(side == organization.id for side in declared))))
    return frozenset(key for pair in rows for key in pair) - {organization.id}


def review_in_full(session: Session, who: Who, review_id: UUID) -> Review:
    """As `review`, with everything that its page shows; a fixed number of statements."""
    seen = select(Review).join(Review.listing).where(_is(Review, review_id), _visible_review(who))
    everything = seen.options(
        joinedload(Review.listing).joinedload(Listing.organization).lazyload(Organization.roles),
        joinedload(Review.validator),
        selectinload(Review.findings),
        selectinload(Review.notes),
    )
    return _one(session, everything)


def files_under_review(session: Session, review: Review) -> dict[str, StoredFile]:
    """The files, by public id, that the listing of a review fetched by `review` has now."""
    rows = select(StoredFile).join(Evidence, Evidence.id == StoredFile.evidence_id)
    return {f.public_id: f for f in session.scalars(rows.where(Evidence.listing_id == review.listing_id))}


def rounds_of_review(session: Session, who: Who, review: Review) -> list[Review]:
    """Earlier decided rounds of the same listing that the acting validator judged itself, newest first."""
    rows = select(Review).where(Review.listing_id == review.listing_id, Review.id < review.id)
    own = rows.where(Review.validator_id == who.organization_key, Review.decided_at.is_not(None))
    return list(session.scalars(own.order_by(Review.id.desc())))


def certificate_of_review(session: Session, review: Review) -> Certificate | None:
    """The certificate that a review fetched by `review` ended in, if it did."""
    return session.scalar(select(Certificate).where(Certificate.review_id == review.id))


def admins_of(session: Session, organizations: list[Organization]) -> dict[int, list[str]]:
    """E-mail addresses of the admins by organization key: for the operator's routes only."""
    keys = [organization.id for organization in organizations]
    rows = select(Membership.organization_id, User.email).join(User, User.id == Membership.user_id)
    found: dict[int, list[str]] = {}
    admin = rows.where(Membership.organization_id.in_(keys), Membership.rights == "admin")
    for key, email in session.execute(admin.order_by(Membership.id)):
        found.setdefault(key, []).append(email)
    return found
