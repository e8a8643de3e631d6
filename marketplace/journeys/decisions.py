"""A validator decides on a submission in one act, and the vendor's people hear of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.errors import Invalid, Problem
from catalog.models import Certificate, Organization, Review
from catalog.models.review import WAITING
from catalog.validation import desk
from catalog.validation.desk import Judge
from marketplace import mail
from marketplace.accounts.models import Membership, User

OUTCOMES = {"approve": "승인했습니다", "send_back": "보완을 요청했습니다"}


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
    """Write to the vendor's people. Says the title and what happened, nothing that is not theirs already."""
    site, title = current_app.config["SITE_NAME"], review.content["title"]
    rows = select(User.email).join(Membership, Membership.user_id == User.id)
    theirs = rows.where(Membership.organization_id == review.listing.organization_id)
    for address in session.scalars(theirs.order_by(User.id)).all():
        mail.ask(
            session,
            to=address,
            key=f"review-decided:{review.public_id}",
            subject=f"[{site}] ‘{title}’ 심사 결과",
            body=f"검증기관이 ‘{title}’을(를) {OUTCOMES[decision]}.\n\n"
            f"{current_app.config['SITE_URL']}/listings/{review.listing.public_id}\n",
        )
