"""A validator decides on a submission in one act, and the vendor's people hear of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from catalog.bundle_states import BUNDLE
from catalog.errors import Invalid, Problem
from catalog.models import Certificate, Organization, Review
from catalog.models.review import WAITING
from catalog.validation import desk
from catalog.validation.desk import Judge
from marketplace import notices
from marketplace.accounts.access import bundle_of_listing as bundle_of
from marketplace.journeys import bundles, watching

#: Decision → the event that the vendor hears of.
TOLD = {"approve": "review.approved", "send_back": "review.sent_back"}


def decide(  # noqa: PLR0917  # one act: its object, who judges, what they say, when
    session: Session,
    review: Review,
    validator: Organization,
    judge: Judge,
    fields: Mapping[str, Any],
    now: datetime,
) -> Certificate | None:
    """Take the review if nobody has yet, note points, findings and words, and approve it or send it back.

    Args:
        fields: what `schemas.reviews.DecisionIn` answers.

    Returns:
        The certificate of an approval, None of a return.

    Raises:
        Invalid: no declaration that there is no conflict of interest, or what `desk.score`, `desk.approve` and
            `desk.send_back` find wrong. The caller then rolls back.
        NotAllowed, Conflict: as `desk.take` and `desk.approve` say.
    """
    if not fields["no_conflict"]:
        raise Invalid.at("no_conflict", "no_conflict")
    if review.state == WAITING:
        desk.take(session, review, validator, judge, now)
    desk.score(session, review, fields["points"])
    desk.remark(session, review, fields["findings"])
    for note in fields["notes"]:
        desk.note(session, review, author=judge.name, now=now, **note)
    certificate = None
    if fields["decision"] == "approve":
        certificate = _approve(session, review, judge, fields, now)
    else:
        desk.send_back(session, review, now)
    _tell(session, review, fields["decision"])
    if certificate is not None:
        watching.watch(session, review.listing)
    return certificate


def _approve(
    session: Session, review: Review, judge: Judge, fields: Mapping[str, Any], now: datetime
) -> Certificate:
    absent = [Problem(name, "required") for name in ("statement", "expires_on") if not fields[name]]
    if absent:
        # Everything that is missing at once, or the validator would be refused a second time.
        raise Invalid([*desk.obstacles(review), *absent])
    return desk.approve(
        session, review, judge, statement=fields["statement"], expires_on=fields["expires_on"], now=now
    )


def _tell(session: Session, review: Review, decision: str) -> None:
    """Tell the vendor's people, of a bundle everybody in it.

    Says the title and what happened, nothing that is not theirs already.
    """
    listing = review.listing
    if listing.kind == BUNDLE:
        bundles.tell_decided(session, bundle_of(session, listing), review)
        if decision == "send_back":
            return
    notices.tell(
        session,
        TOLD[decision],
        key=review.public_id,
        link=f"/listings/{listing.public_id}",
        about=review,
        organization=listing.organization,
        params={"title": review.content["title"], "title_en": review.content["title_en"]},
    )
