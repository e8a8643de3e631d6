"""Operations of validators."""

from typing import Any
from uuid import UUID

from flask_login import current_user

from catalog.errors import Conflict, Invalid, NotFound
from catalog.models.review import WAITING
from catalog.validation import desk
from marketplace import audit
from marketplace.accounts import access
from marketplace.api import answers, bundle_answers
from marketplace.api.examples import DECISION
from marketplace.api.lists import PageQuery, listing_of, offset_of, page
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db, now
from marketplace.journeys import decisions
from marketplace.schemas import reviews as schemas
from marketplace.schemas.bundles import ReviewedBundleOut

bp = ApiBlueprint("desk", __name__, "The review desk, for validators")


@operation(
    bp,
    "GET",
    "/reviews",
    permission="review.read",
    summary="The queue, oldest first",
    query=PageQuery,
    answer=listing_of(schemas.ReviewOut, "ReviewList"),
)
def list_reviews(query: dict[str, Any]) -> dict[str, Any]:
    """Waiting submissions and those that the acting validator has taken."""
    rows = access.queue(db, current_user, offset=offset_of(query), limit=query["limit"])
    return page([answers.review(row) for row in rows], access.count_queue(db, current_user), query)


@operation(
    bp,
    "GET",
    "/reviews/<uuid:review_id>",
    permission="review.read",
    summary="A submission in full",
    answer=schemas.ReviewDetailOut,
)
def get_review(review_id: UUID) -> dict[str, Any]:
    """Content as handed in, points, findings, notes."""
    return answers.review_detail(access.review(db, current_user, review_id))


@operation(
    bp,
    "GET",
    "/reviews/<uuid:review_id>/bundle",
    permission="review.judge",
    summary="What a bundle on the desk promises",
    answer=ReviewedBundleOut,
    conflicts=True,
)
def get_reviewed_bundle(review_id: UUID) -> dict[str, Any]:
    """The version that all vendors signed, without their shares, once the review is taken; of other listings none."""
    row = access.review(db, current_user, review_id)
    if row.state == WAITING:
        raise Conflict("review.not_taken")
    version = access.judged_version(db, row)
    if version is None:
        raise NotFound
    return bundle_answers.reviewed(version)


@operation(
    bp,
    "POST",
    "/reviews/<uuid:review_id>/taking",
    permission="review.judge",
    summary="Take a submission",
    body=schemas.TakeIn,
    answer=schemas.ReviewOut,
    conflicts=True,
    example={"no_conflict": True},
)
def take_review(body: dict[str, Any], review_id: UUID) -> dict[str, Any]:
    """Declares that there is no conflict of interest; the domain refuses where it knows of one."""
    if not body["no_conflict"]:
        raise Invalid.at("no_conflict", "no_conflict")
    row = access.review(db, current_user, review_id)
    desk.take(db, row, access.own_organization(db, current_user), access.judge(current_user), now())
    audit.record(db, "review.take", row)
    return answers.review(row)


@operation(
    bp,
    "POST",
    "/listings/<uuid:listing_id>/decision",
    permission="review.judge",
    summary="Approve a submitted listing or send it back",
    body=schemas.DecisionIn,
    answer=schemas.DecisionOut,
    conflicts=True,
    example=DECISION,
)
def decide_listing(body: dict[str, Any], listing_id: UUID) -> dict[str, Any]:
    """Takes the waiting submission if nobody has yet. Approving publishes it under a certificate."""
    row = access.review_of_listing(db, current_user, listing_id)
    validator = access.own_organization(db, current_user)
    certificate = decisions.decide(db, row, validator, access.judge(current_user), body, now())
    audit.record(db, "review.decide", row, decision=body["decision"])
    return {
        **answers.review(row),
        "certificate": None if certificate is None else answers.certificate(certificate),
    }
