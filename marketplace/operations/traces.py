"""Who and what the audit chain names: the things of its entries that are still there, and whom words may mean."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import String, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from catalog.models import Listing, Organization, ProgrammeRule
from marketplace.accounts.access.console import any_like
from marketplace.accounts.data_requests import DeletionRequest
from marketplace.accounts.models import User
from marketplace.accounts.oversight import AbuseReport
from marketplace.audit import AuditEntry
from matching.models import WeightsEdition

#: Words that mean more organizations or people than this find the first ones only.
MOST = 50
#: Class of a row that has a page in the console → (its name, its English name); null() where it has none.
NAMED: dict[Any, tuple[Any, Any]] = {
    Organization: (Organization.name, Organization.name_en),
    User: (User.name, null()),
    Listing: (Listing.title, Listing.title_en),
    AbuseReport: (null(), null()),
    DeletionRequest: (null(), null()),
    WeightsEdition: (WeightsEdition.version, null()),
    ProgrammeRule: (ProgrammeRule.name, ProgrammeRule.name_en),
}

Key = tuple[str, str]


def names(session: Session, entries: Iterable[AuditEntry]) -> dict[Key, tuple[str, str]]:
    """(class, public id) → (name, English name) of everything named that has a page and is still there; "" without
    one. The organizations acted for are among them. At most one statement."""
    wanted: dict[str, set[str]] = {}
    for entry in entries:
        wanted.setdefault(entry.object_type, set()).add(entry.object_id)
        if entry.organization:
            wanted.setdefault(Organization.__name__, set()).add(entry.organization)
    parts = [
        select(
            literal(model.__name__).label("kind"),
            model.public_id.label("id"),
            func.coalesce(cast(named, String), "").label("name"),
            func.coalesce(cast(english, String), "").label("english"),
        ).where(model.public_id.in_(wanted[model.__name__]))
        for model, (named, english) in NAMED.items()
        if wanted.get(model.__name__)
    ]
    if not parts:
        return {}
    return {(row.kind, str(row.id)): (row.name, row.english) for row in session.execute(union_all(*parts))}


def organizations(session: Session, words: str) -> list[str]:
    """Public ids of the organizations that the words may mean: by name, number or public id; at most MOST."""
    named = any_like([Organization.name, Organization.name_en], words)
    digits = words.replace("-", "")
    known = named | (Organization.public_id == words) | (Organization.registration_number == digits)
    return list(
        session.scalars(select(Organization.public_id).where(known).order_by(Organization.id).limit(MOST))
    )


def people(session: Session, words: str) -> list[str]:
    """Addresses of the people whose name holds the words; at most MOST."""
    named = any_like([User.name], words)
    return list(session.scalars(select(User.email).where(named).order_by(User.id).limit(MOST)))
