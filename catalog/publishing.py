"""The life cycle of a listing: submit, send back, approve, reopen, withdraw; suspend and lift by the operator.

What the public sees is always a `Release`: a listing exactly as it was approved. Reopening a published listing makes
its working copy editable again while its last release stays public, until the next one is approved.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog import clock, counters, outbox
from catalog.canonical import fingerprint
from catalog.errors import Conflict
from catalog.listings import loaded, require_way, snapshot
from catalog.models import Listing, Release, Review, ReviewNote
from catalog.models.review import SENT_BACK as RETURNED
from catalog.models.review import WAITING
from catalog.publishing_states import TRANSITIONS
from catalog.validation.rules import Finding, check, is_complete


def submit(session: Session, listing: Listing, now: datetime, *, of_bundle: bool = False) -> list[Finding]:
    """Hand a draft to the review desk if it meets every rule.

    Args:
        of_bundle: it is done for a version of a bundle that everybody signed and whose parts' certificates hold; a
            bundle's listing goes no other way. So it is with `recall`, `drop`, `reopen` and `withdraw`.

    Returns:
        All findings. If none of them is required, the listing is submitted and what is left is advice.

    Raises:
        Conflict: it is not a draft.
    """
    require_way(listing, of_bundle=of_bundle)
    lock(session, listing)
    target = _next(listing, "submit")
    content = snapshot(loaded(session, listing))
    findings = check(content, organization_state=listing.organization.state, backed=of_bundle)
    if is_complete(findings):
        listing.state = target
        year = clock.day_of(now).year
        number = counters.following(session, f"review-{year}")
        session.add(
            Review(
                number=f"V-{year}-{number:04d}",
                listing=listing,
                submitted_at=now,
                content=content,
                content_hash=fingerprint(content),
            )
        )
    return findings


def recall(session: Session, listing: Listing, *, of_bundle: bool = False) -> None:
    """Take a submission back while nobody has begun to judge it.

    Raises:
        Conflict: it is not submitted, or a validator has taken it.
    """
    require_way(listing, of_bundle=of_bundle)
    lock(session, listing)
    target = _next(listing, "recall")
    review = session.scalar(
        select(Review).where(Review.listing_id == listing.id, Review.state == WAITING).with_for_update()
    )
    if review is None:
        raise Conflict("review.taken")
    session.delete(review)
    listing.state = target


def drop(session: Session, listing: Listing) -> None:
    """Give up the edition of a bundle's listing that was begun; what is public stays so.

    Raises:
        Conflict: no edition is begun, or nothing of it is public.
    """
    require_way(listing, of_bundle=True)
    lock(session, listing)
    target = _next(listing, "drop")
    if listing.live_release is None:
        raise Conflict("listing.state", state=listing.state, act="drop")
    listing.state = target


def send_back(session: Session, listing: Listing) -> None:
    """Return a submitted listing to its vendor. The desk has locked and checked the review."""
    lock(session, listing)
    listing.state = _next(listing, "send_back")


def approve(session: Session, review: Review, now: datetime) -> Release:
    """Publish a submitted listing as its next release and raise the catalogue's revision.

    The release is the content that was reviewed, not what the rows say by now.
    """
    listing = review.listing
    lock(session, listing)
    listing.state = _next(listing, "approve")
    last = session.scalar(select(func.max(Release.number)).where(Release.listing_id == listing.id)) or 0
    release = Release(
        listing=listing,
        number=last + 1,
        content=review.content,
        content_hash=review.content_hash,
        approved_at=now,
    )
    session.add(release)
    listing.live_release = release.number
    touch(session, listing)
    return release


def reopen(session: Session, listing: Listing, *, of_bundle: bool = False) -> None:
    """Begin a new edition; the release that is public stays so.

    Raises:
        Conflict: there is nothing published or withdrawn to reopen.
    """
    require_way(listing, of_bundle=of_bundle)
    lock(session, listing)
    listing.state = _next(listing, "reopen")


def withdraw(session: Session, listing: Listing, *, of_bundle: bool = False) -> None:
    """Take a listing out of the catalogue. Its releases and certificates stay on record.

    Raises:
        Conflict: it is not published.
    """
    require_way(listing, of_bundle=of_bundle)
    lock(session, listing)
    listing.state = _next(listing, "withdraw")
    listing.live_release = None
    touch(session, listing)


def suspend(session: Session, listing: Listing, *, reason: str, author: str, now: datetime) -> None:
    """The operator takes a public listing out of the catalogue; nobody but its owner sees it, with the reason.

    A round that is open ends with the same reason: the listing comes to the desk again after the suspension.

    Raises:
        Conflict: it is not public.
    """
    lock(session, listing)
    target = _next(listing, "suspend")
    if listing.live_release is None:
        raise Conflict("listing.state", state=listing.state, act="suspend")
    _close_round(session, listing, reason, author, now)
    listing.state, listing.suspension, listing.live_release = target, reason, None
    touch(session, listing)


def lift(session: Session, listing: Listing) -> None:
    """End a suspension: the last release is public again.

    Raises:
        Conflict: it is not suspended.
    """
    lock(session, listing)
    listing.state, listing.suspension = _next(listing, "lift"), ""
    listing.live_release = session.scalar(
        select(func.max(Release.number)).where(Release.listing_id == listing.id)
    )
    touch(session, listing)


def lock(session: Session, listing: Listing) -> None:
    """Hold the listing's row until the commit and read its state afresh: two acts at once would see the old one."""
    session.flush()  # a refresh would throw away what this transaction has changed so far
    session.refresh(listing, attribute_names=["state", "live_release", "revision"], with_for_update=True)


def _close_round(session: Session, listing: Listing, reason: str, author: str, now: datetime) -> None:
    """A review that nobody has begun is gone, as after a recall; one under way is returned with the reason."""
    undecided = select(Review).where(Review.listing_id == listing.id, Review.decided_at.is_(None))
    for review in session.scalars(undecided.with_for_update(of=Review)):
        if review.state == WAITING:
            session.delete(review)
            continue
        review.notes.append(ReviewNote(audience="vendor", author=author, text=reason, written_at=now))
        review.state, review.decided_at = RETURNED, now


def _next(listing: Listing, act: str) -> str:
    target = TRANSITIONS.get((listing.state, act))
    if target is None:
        raise Conflict("listing.state", state=listing.state, act=act)
    return target


def touch(session: Session, listing: Listing) -> None:
    """Number this change of what is public, and ask the worker to bring the index up to it."""
    listing.revision = counters.following(session, counters.CATALOG)
    outbox.record(session, "search.sync", str(listing.revision), {"revision": listing.revision})
