"""Reports of abuse: anybody makes one, the operator decides it, the reporter hears the outcome."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.errors import Conflict
from catalog.models import Listing, Organization
from marketplace import notices
from marketplace.accounts.models import User
from marketplace.accounts.oversight import NO_ACTION, OPEN, SUSPENDED, AbuseReport
from marketplace.accounts.principal import Principal
from marketplace.errors import RetryLater
from marketplace.journeys import standing

#: The reason of a report that a number was taken by somebody else.
IMPERSONATION = "impersonation"
#: What an outcome is called in the form of the decision.
OUTCOMES = (NO_ACTION, SUSPENDED)
#: So many reports from one source in one window; the next one waits.
MOST = 5
WINDOW = timedelta(hours=1)


def report(
    session: Session,
    organization: Organization,
    listing: Listing | None,
    *,
    fields: dict[str, Any],
    reporter: User | None,
    remote: str,
    now: datetime,
) -> AbuseReport:
    """Note a report on a vendor's page, or on the page of one of its solutions.

    Args:
        fields: reason (one of `oversight.REASONS`), text, email ("" if none was given).
        remote: network address of whoever sends it; only its hash is kept.

    Raises:
        RetryLater: too many from one source.
    """
    source = _source(reporter, remote)
    _require_few(session, source, now)
    row = AbuseReport(
        organization=organization,
        listing=listing,
        reason=fields["reason"],
        text=fields["text"],
        reporter_id=None if reporter is None else reporter.id,
        email="" if reporter is not None else fields["email"],
        source=source,
        created_at=now,
    )
    session.add(row)
    session.flush()  # the audit entry names it
    _tell(session, "report.made", row, f"/console/reports/{row.public_id}", notices.operators(session))
    return row


def report_taken(
    session: Session, organization: Organization, *, text: str, reporter: User, now: datetime
) -> AbuseReport:
    """Note that somebody else's number was registered: a signed-in person says so, with or without a public page.

    Raises:
        RetryLater: too many from one person.
    """
    fields = {"reason": IMPERSONATION, "text": text, "email": ""}
    return report(session, organization, None, fields=fields, reporter=reporter, remote="", now=now)


def decide(
    session: Session, row: AbuseReport, who: Principal, *, outcome: str, note: str, now: datetime
) -> None:
    """Close a report: no action, or the solution (of a report on a vendor: all of its solutions) is taken down with the
    note as the reason that the vendor sees.

    Raises:
        Conflict: decided already, or nothing of it is public.
    """
    session.flush()  # a refresh would throw away what this transaction has changed so far
    session.refresh(row, attribute_names=["state"], with_for_update=True)
    if row.state != OPEN:
        raise Conflict("report.decided")
    if outcome == SUSPENDED:
        for listing in _public(session, row):
            standing.take_down(session, listing, who, note, now)
    row.state, row.note, row.decided_at, row.decided_by = outcome, note, now, who.email
    if row.reporter is not None:
        _tell(session, "report.decided", row, f"/reports/{row.public_id}", [row.reporter])


def _tell(session: Session, event: str, row: AbuseReport, link: str, users: list[User]) -> None:
    key, params = row.public_id, _named(row)
    notices.tell(session, event, key=key, link=link, about=row, users=users, params=params)


def _named(row: AbuseReport) -> dict[str, str]:
    """What the report is about, for the words of a notice."""
    if row.listing is not None:
        return {"title": row.listing.title, "title_en": row.listing.title_en}
    return {"title": row.organization.name, "title_en": row.organization.name_en}


def _public(session: Session, row: AbuseReport) -> list[Listing]:
    """What a report can take down. Raises Conflict: nothing."""
    if row.listing is not None:
        return [row.listing]
    rows = select(Listing).where(
        Listing.organization_id == row.organization_id, Listing.live_release.is_not(None)
    )
    found = list(session.scalars(rows.order_by(Listing.id)))
    if not found:
        raise Conflict("listing.state", state="", act="suspend")
    return found


def _require_few(session: Session, source: str, now: datetime) -> None:
    recent = (AbuseReport.source == source) & (AbuseReport.created_at > now - WINDOW)
    if (session.scalar(select(func.count(AbuseReport.id)).where(recent)) or 0) >= MOST:
        raise RetryLater(int(WINDOW.total_seconds()))


def _source(reporter: User | None, remote: str) -> str:
    word = f"address:{remote}" if reporter is None else f"user:{reporter.public_id}"
    return hashlib.sha256(f"report:{word}".encode()).hexdigest()
