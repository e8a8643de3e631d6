"""The operator refuses a company, takes a listing down, keeps a person out, looks in; those concerned hear of it."""

from datetime import datetime

from sqlalchemy.orm import Session

from catalog import organizations, publishing
from catalog.models import Listing, Organization
from marketplace import notices
from marketplace.accounts import support, suspension
from marketplace.accounts.models import User
from marketplace.accounts.oversight import SupportAccess
from marketplace.accounts.principal import Principal


def refuse(session: Session, organization: Organization, reason: str, now: datetime) -> None:
    """Refuse to confirm a company; its admins hear that there is a reason to read.

    Raises:
        Conflict: it is confirmed already.
    """
    organizations.refuse(session, organization, reason)
    notices.tell(
        session,
        "organization.refused",
        key=f"{organization.public_id}:{now.isoformat()}",
        link="/organization",
        about=organization,
        organization=organization,
        params=_named(organization),
    )


def take_down(session: Session, listing: Listing, who: Principal, reason: str, now: datetime) -> None:
    """Suspend a public listing; its vendor hears of it.

    Raises:
        Conflict: it is not public.
    """
    publishing.suspend(session, listing, reason=reason, author=who.name, now=now)
    _tell_vendor(session, listing, "listing.suspended", now)


def put_back(session: Session, listing: Listing, now: datetime) -> None:
    """Lift a suspension; its vendor hears of it.

    Raises:
        Conflict: it is not suspended.
    """
    publishing.lift(session, listing)
    _tell_vendor(session, listing, "listing.lifted", now)


def suspend_user(session: Session, user: User, who: Principal, now: datetime) -> None:
    """Keep a person out; they hear of it by mail. Harmless if repeated.

    Raises:
        NotAllowed: oneself. Conflict: the operator's last admin.
    """
    was_in = user.suspended_at is None
    suspension.suspend(session, user, by=who.user_key, now=now)
    if was_in:
        _tell_user(session, user, "account.suspended", now)


def restore_user(session: Session, user: User, now: datetime) -> None:
    """Let a suspended person in again; they hear of it. Harmless if repeated."""
    if user.suspended_at is not None:
        suspension.lift(user)
        _tell_user(session, user, "account.restored", now)


def look_in(
    session: Session, who: Principal, organization: Organization, reason: str, now: datetime
) -> SupportAccess:
    """Begin a support access; the customer's admins hear of it at once.

    Raises:
        NotAllowed: one's own organization, or an operator's.
    """
    row = support.begin(session, who, organization, reason, now)
    notices.tell(
        session,
        "support.opened",
        key=row.public_id,
        link="/organization",
        about=row,
        organization=organization,
        params={**_named(organization), "operator": who.email},
    )
    return row


def _tell_vendor(session: Session, listing: Listing, event: str, now: datetime) -> None:
    notices.tell(
        session,
        event,
        key=f"{listing.public_id}:{now.isoformat()}",
        link=f"/listings/{listing.public_id}",
        about=listing,
        organization=listing.organization,
        params={"title": listing.title, "title_en": listing.title_en},
    )


def _tell_user(session: Session, user: User, event: str, now: datetime) -> None:
    key = f"{user.public_id}:{now.isoformat()}"
    notices.tell(session, event, key=key, link="/account", about=user, users=[user])


def _named(organization: Organization) -> dict[str, str]:
    return {"organization": organization.name, "organization_en": organization.name_en}
