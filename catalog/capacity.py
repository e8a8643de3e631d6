"""How many projects a vendor can start in a quarter: its own statement, with the day on which it was made."""

from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from catalog import counters, organizations, outbox
from catalog.errors import Invalid, NotAllowed
from catalog.models import Listing, Organization
from catalog.models.organization import VENDOR

#: The most projects a quarter that can be stated.
MOST = 999


def state(session: Session, vendor: Organization, projects: int | None, today: date) -> None:
    """Note what `vendor` says today; the indexes take it up with the catalogue's next revision.

    Args:
        projects: projects a quarter, 0 to `MOST`; None takes the statement back: it is not known any more.

    Raises:
        NotAllowed: the organization is no vendor. Invalid: a number outside the range.
    """
    if not vendor.plays(VENDOR):
        raise NotAllowed("capacity.vendor")
    if projects is not None and not 0 <= projects <= MOST:
        raise Invalid.at("projects_per_quarter", "range", min=0, max=MOST)
    organizations.lock(session, vendor)
    changed = vendor.capacity_per_quarter != projects
    vendor.capacity_per_quarter = projects
    vendor.capacity_as_of = None if projects is None else today
    if changed:
        _touch(session, vendor)


def _touch(session: Session, vendor: Organization) -> None:
    """Number the change of every public listing of the vendor at once: its score changes, its release does not."""
    public = (Listing.organization_id == vendor.id) & Listing.live_release.is_not(None)
    revision = counters.following(session, counters.CATALOG)
    # Said without `updated_at`: the working copies stay as they were left.
    session.execute(update(Listing).where(public).values(revision=revision, updated_at=Listing.updated_at))
    outbox.record(session, "search.sync", str(revision), {"revision": revision})
