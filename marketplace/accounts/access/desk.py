"""Fetching what a validator may see."""

from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.models import Certificate, Evidence, Listing, Organization, Review, StoredFile
from catalog.models.review import WAITING
from catalog.validation.desk import Judge
from marketplace.accounts.access.fetching import Who, is_named, one
from marketplace.accounts.principal import Principal


def queue(session: Session, who: Who, *, offset: int = 0, limit: int = 50) -> list[Review]:
    """Waiting submissions and those taken by the acting validator, oldest first."""
    seen = select(Review).join(Review.listing).where(visible_review(who), Review.decided_at.is_(None))
    ordered = seen.options(selectinload(Review.listing).selectinload(Listing.organization))
    return list(session.scalars(ordered.order_by(Review.submitted_at, Review.id).offset(offset).limit(limit)))


def count_queue(session: Session, who: Who) -> int:
    """How many `queue` has in all."""
    seen = select(func.count(Review.id)).join(Review.listing)
    return session.scalar(seen.where(visible_review(who), Review.decided_at.is_(None))) or 0


def judge(who: Principal) -> Judge:
    """The person as the desk's rules see them."""
    return Judge(who.name, who.email, frozenset(seat.key for seat in who.seats))


def review(session: Session, who: Who, review_id: UUID) -> Review:
    """A submission that waits, or one that the acting validator has taken or decided."""
    return one(
        session, select(Review).join(Review.listing).where(is_named(Review, review_id), visible_review(who))
    )


def review_in_full(session: Session, who: Who, review_id: UUID) -> Review:
    """As `review`, with everything that its page shows; a fixed number of statements."""
    seen = select(Review).join(Review.listing).where(is_named(Review, review_id), visible_review(who))
    everything = seen.options(
        joinedload(Review.listing).joinedload(Listing.organization).lazyload(Organization.roles),
        joinedload(Review.validator),
        selectinload(Review.findings),
        selectinload(Review.notes),
    )
    return one(session, everything)


def review_of_listing(session: Session, who: Who, listing_id: UUID) -> Review:
    """The undecided review of a listing, under the same conditions as `review`."""
    open_round = select(Review).join(Review.listing).where(Review.decided_at.is_(None), visible_review(who))
    return one(session, open_round.where(is_named(Listing, listing_id)))


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


def visible_review(who: Who) -> ColumnElement[bool]:
    """Waiting for anyone but its owner's people, or taken by the acting organization. Needs a join with Listing."""
    own = [seat.key for seat in who.seats]
    return Listing.organization_id.not_in(own) & or_(
        Review.state == WAITING, Review.validator_id == who.organization_key
    )
