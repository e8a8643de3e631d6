"""The review desk: take a submission, remark on it, send it back or approve it.

Who may judge is decided here: never the owner's organization, never a person who belongs to it, never an organization
that either side has declared a competitor.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict

from sqlalchemy.orm import Session

from catalog import clock, organizations, publishing
from catalog.bundle_states import BUNDLE
from catalog.bundles import publishing as bundles
from catalog.canonical import fingerprint
from catalog.errors import Conflict, Invalid, NotAllowed, Problem
from catalog.models import Certificate, Organization, Review, ReviewFinding, ReviewNote
from catalog.models.organization import VALIDATOR
from catalog.models.review import APPROVED, SENT_BACK, TAKEN, WAITING
from catalog.validation import certificates, rubric


@dataclass(frozen=True, slots=True)
class Judge:
    """The person who judges: name, e-mail, and the integer keys of every organization they belong to."""

    name: str
    email: str
    organization_ids: frozenset[int]


class Remark(TypedDict):
    """One finding as the validator writes it."""

    pointer: str
    severity: str
    text: str


def conflict(session: Session, review: Review, validator: Organization, judge: Judge) -> str | None:
    """The rule that bars this validator from this review, or None."""
    owner = review.listing.organization_id
    if owner == validator.id:
        return "conflict.own_organization"
    if owner in judge.organization_ids:
        return "conflict.person"
    if organizations.are_competitors(session, owner, validator.id):
        return "conflict.competitor"
    return None


def take(session: Session, review: Review, validator: Organization, judge: Judge, now: datetime) -> None:
    """Take a waiting review, declaring that there is no conflict of interest.

    Raises:
        NotAllowed: not a validator, or a conflict of interest.
        Conflict: somebody has taken it already.
    """
    if not validator.plays(VALIDATOR):
        raise NotAllowed("validator.role")
    barred = conflict(session, review, validator, judge)
    if barred is not None:
        raise NotAllowed(barred)
    _lock(session, review)
    if review.state != WAITING:
        raise Conflict("review.taken")
    review.state, review.validator_id = TAKEN, validator.id
    review.validator_email, review.taken_at = judge.email, now


def score(session: Session, review: Review, points: Mapping[str, int | None]) -> None:
    """Save points 0–5 for some criteria, None takes a criterion's points back; the others keep theirs.

    Raises:
        Conflict: not under review. Invalid: an unknown criterion or points out of range.
    """
    _require_taken(session, review)
    known = {criterion.id for criterion in rubric.CRITERIA}
    problems = [Problem(f"points/{c}", "unknown_code", {"value": c}) for c in points if c not in known]
    problems += [
        Problem(f"points/{c}", "range", {"min": 0, "max": rubric.MAX_POINTS})
        for c, given in points.items()
        if given is not None and not 0 <= given <= rubric.MAX_POINTS
    ]
    if problems:
        raise Invalid(problems)
    merged = {**review.rubric.get("points", {}), **points}
    kept = {criterion: given for criterion, given in merged.items() if given is not None}
    review.rubric = {"edition": rubric.EDITION, "points": kept}


def remark(session: Session, review: Review, remarks: Sequence[Remark]) -> None:
    """Add numbered findings. Raises Conflict: not under review."""
    _require_taken(session, review)
    last = max((finding.number for finding in review.findings), default=0)
    for number, given in enumerate(remarks, start=last + 1):
        review.findings.append(ReviewFinding(number=number, **given))


def drop_remark(session: Session, review: Review, number: int) -> None:
    """Take a finding back before the decision; numbers of the others stay. Harmless if it is gone."""
    _require_taken(session, review)
    review.findings[:] = [finding for finding in review.findings if finding.number != number]


def note(session: Session, review: Review, *, audience: str, author: str, text: str, now: datetime) -> None:
    """Write to the own house ("internal") or to the vendor ("vendor"). Raises Conflict: not under review."""
    _require_taken(session, review)
    review.notes.append(ReviewNote(audience=audience, author=author, text=text, written_at=now))


def send_back(session: Session, review: Review, now: datetime) -> None:
    """Return the listing with what was found.

    Raises:
        Conflict: not under review. Invalid: neither a finding nor a word to the vendor says what to do.
    """
    _require_taken(session, review)
    if not review.findings and all(n.audience != "vendor" for n in review.notes):
        raise Invalid.at("findings", "send_back_reason")
    publishing.send_back(session, review.listing)
    review.state, review.decided_at = SENT_BACK, now


def approve(
    session: Session, review: Review, judge: Judge, *, statement: str, expires_on: date, now: datetime
) -> Certificate:
    """Publish the reviewed content under a certificate.

    Raises:
        Conflict: not under review; of a bundle, something stands in its way by now (`bundles.publishing`).
        NotAllowed: a conflict of interest has arisen since it was taken.
        Invalid: rubric incomplete or below the pass marks, open required findings, impossible expiry.
    """
    _require_taken(session, review)
    if review.validator is None:
        raise Conflict("review.not_taken", state=review.state)
    barred = conflict(session, review, review.validator, judge)
    if barred is not None:
        raise NotAllowed(barred)
    problems = obstacles(review)
    if problems:
        raise Invalid(problems)
    organizations.require_confirmed(review.listing.organization)
    release = publishing.approve(session, review, now)
    if review.listing.kind == BUNDLE:
        bundles.take_effect(session, release, now)
    review.state, review.decided_at = APPROVED, now
    return certificates.issue(
        session,
        review,
        release,
        signer=judge.name,
        statement=statement,
        today=clock.day_of(now),
        expires_on=expires_on,
    )


def obstacles(review: Review) -> list[Problem]:
    """What still stands against an approval: points missing or too low, required findings left open."""
    points = review.rubric.get("points", {})
    problems = [Problem(f"points/{c}", "required") for c in rubric.missing(points)]
    if not problems:
        below = rubric.below_minimum(points)
        problems = [Problem(f"points/{c}", "rubric_minimum", {"min": rubric.REQUIRED_POINTS}) for c in below]
        if rubric.total(points) < rubric.PASS_SCORE:
            problems.append(Problem("points", "rubric_total", {"min": rubric.PASS_SCORE}))
    open_findings = sum(finding.severity == "required" for finding in review.findings)
    if open_findings:
        problems.append(Problem("findings", "open_findings", {"count": open_findings}))
    return problems


def is_unchanged(review: Review) -> bool:
    """Whether the content under review is still what was handed in (its fingerprint holds)."""
    return fingerprint(review.content) == review.content_hash


def _lock(session: Session, review: Review) -> None:
    session.flush()  # a refresh would throw away what this transaction has changed so far
    session.refresh(review, attribute_names=["state", "validator_id", "rubric"], with_for_update=True)


def _require_taken(session: Session, review: Review) -> None:
    _lock(session, review)
    if review.state != TAKEN:
        raise Conflict("review.not_taken", state=review.state)
