"""Certificates: number, scope, expiry. A listing is "validated" only inside the scope and until that day."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from catalog import counters
from catalog.content import field_sites
from catalog.errors import Invalid
from catalog.models import Certificate, Release, Review
from catalog.validation import rubric

#: The longest a certificate may run.
MAX_DAYS = 2 * 365
DEFAULT_DAYS = 365
#: An expired listing stays visible as "needs re-validation" this long, then leaves the catalogue.
GRACE_DAYS = 90


def issue(
    session: Session,
    review: Review,
    release: Release,
    *,
    signer: str,
    statement: str,
    today: date,
    expires_on: date,
) -> Certificate:
    """Certify a release.

    Raises:
        Invalid: an expiry that is not after today or more than MAX_DAYS ahead.
    """
    if not today < expires_on <= today + timedelta(days=MAX_DAYS):
        raise Invalid.at("expires_on", "expiry_range", days=MAX_DAYS)
    number = counters.following(session, f"certificate-{today.year}")
    certificate = Certificate(
        number=f"C-{today.year}-{number:04d}",
        release=release,
        review_id=review.id,
        validator_id=review.validator_id,
        signed_by=signer,
        scope=scope(release.content, statement),
        score=rubric.total(review.rubric["points"]),
        issued_on=today,
        expires_on=expires_on,
    )
    session.add(certificate)
    return certificate


def scope(content: dict[str, Any], statement: str) -> dict[str, Any]:
    """What was looked at, drawn from the evidence itself; the validator adds a statement."""
    proved = [record for record in content["evidence"] if record["kind"] != "claim"]
    industries = {
        (record["site"]["industry"]["revision"], record["site"]["industry"]["code"])
        for record in proved
        if record["site"]["industry"] is not None
    }
    proven = {
        quality["capability"]
        for plan in content["plans"]
        for quality in plan["quality"]
        if quality["basis"] != "claimed"
    }
    return {
        "industries": [{"revision": revision, "code": code} for revision, code in sorted(industries)],
        "capabilities": sorted(proven),
        "field_sites": field_sites(content["evidence"]),
        "test_reports": sum(record["kind"] == "test_report" for record in proved),
        "statement": statement,
    }


def valid_until(expires_on: date, broken_on: date | None) -> date:
    """The last day on which a listing counts as validated: of a bundle that broke, the one before."""
    return expires_on if broken_on is None else min(expires_on, broken_on - timedelta(1))


def standing_of(release: Release, today: date) -> str:
    """How the listing of a public release stands, as `standing`."""
    return standing(valid_until(release.certificate.expires_on, release.listing.broken_on), today)


def standing(expires_on: date, today: date) -> str:
    """ "valid", "expired" (still visible) or "lapsed" (gone from the catalogue)."""
    if today <= expires_on:
        return "valid"
    return "expired" if today <= expires_on + timedelta(days=GRACE_DAYS) else "lapsed"
