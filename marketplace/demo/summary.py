"""What a load has made: how many of each, and one digest by which two loads can be compared."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from catalog.models import (
    Certificate,
    Evidence,
    Listing,
    Organization,
    OrganizationRole,
    Plan,
    Release,
    Review,
    Site,
    StoredFile,
)
from marketplace.accounts.models import User
from matching.models import Demand, Match, MatchList

#: How much of each ranked list the digest covers.
_TOP = 5


@dataclass(frozen=True, slots=True)
class Summary:
    """Result of a load.

    Attributes:
        digest: SHA-256 (hex) of the canonical JSON of the counts, the content hash of every public release and the
            first five matches of every demand.
        counts: how many of each kind there are.
    """

    digest: str
    counts: dict[str, int]


def of(session: Session) -> Summary:
    """Count and digest what the database holds."""
    counts = _counts(session)
    covered = {"counts": counts, "releases": _releases(session), "matches": _matches(session)}
    canonical = json.dumps(covered, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Summary(hashlib.sha256(canonical.encode()).hexdigest(), counts)


def _counts(session: Session) -> dict[str, int]:
    tables = {
        "organizations": Organization,
        "accounts": User,
        "listings": Listing,
        "plans": Plan,
        "files": StoredFile,
        "reviews": Review,
        "certificates": Certificate,
        "sites": Site,
        "demands": Demand,
        "matches": Match,
    }
    counts = {name: _count(session, table) for name, table in tables.items()}
    roles = Counter(session.scalars(select(OrganizationRole.role)))
    counts |= {f"{role}s": number for role, number in sorted(roles.items())}
    public = [listing for listing in session.scalars(select(Listing)) if listing.live_release is not None]
    counts["public_listings"] = len(public)
    counts["solution_types"] = len({listing.codes("capability")[0] for listing in public})
    states = Counter(session.scalars(select(Listing.state)))
    counts |= {f"listings_{state}": number for state, number in sorted(states.items())}
    records = list(session.scalars(select(Evidence)))
    counts["evidence"] = len(records)
    counts["evidence_failed"] = sum(not record.improved for record in records)
    return counts


def _count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _releases(session: Session) -> dict[str, str]:
    rows = session.execute(
        select(Listing.public_id, Release.content_hash).join(
            Release, (Release.listing_id == Listing.id) & (Release.number == Listing.live_release)
        )
    )
    return {row.public_id: row.content_hash for row in rows}


def _matches(session: Session) -> dict[str, list[list[str]]]:
    lists = select(MatchList).options(selectinload(MatchList.matches), selectinload(MatchList.demand))
    return {
        ranked.demand.public_id: [[match.listing, f"{match.fit:.4f}"] for match in ranked.matches[:_TOP]]
        for ranked in session.scalars(lists)
    }
