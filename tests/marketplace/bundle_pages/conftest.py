"""People of three vendors whose listings stand in the store, a fourth outside, and a manufacturer."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from catalog.models import Alliance, Bundle, Listing, Organization
from tests import factories, shelves
from tests.marketplace.people import Person, person
from tests.marketplace.web.looking import acting


@dataclass
class Firms:
    """The coordinator (the lead), two members, a vendor outside, a manufacturer; the alliance's public id."""

    app: Any
    runner: Person
    second: Person
    third: Person
    outside: Person
    maker: Person
    alliance: str
    validator: int

    @property
    def list_path(self):
        """The alliance's bundles."""
        return f"/alliances/{self.alliance}/inside/bundles"

    def shelf(self, session):
        """The rows behind it."""
        rows = session.scalars(select(Organization).where(Organization.id.in_(self._keys)))
        by_key = {row.id: row for row in rows}
        vendors = [by_key[key] for key in self._keys]
        listings = [
            session.scalars(
                select(Listing).where(Listing.organization_id == row.id, Listing.kind != "bundle")
            ).first()
            for row in vendors
        ]
        alliance = session.scalars(select(Alliance).where(Alliance.public_id == self.alliance)).one()
        validator = session.get_one(Organization, self.validator)
        return shelves.Shelf(session, self.app.extensions["files"], alliance, vendors, validator, listings)

    @property
    def _keys(self):
        return [one.organization_key for one in (self.runner, self.second, self.third)]

    def drafted(self, **changes):
        """A bundle of all three listings; its public id."""
        with acting(self.app) as session:
            return shelves.drafted(self.shelf(session), **changes).public_id

    def sent(self, bundle, *signers):
        """Put its working copy before the vendors, let some of them sign; the version's number."""
        with acting(self.app) as session:
            row = self.row(session, bundle)
            version = shelves.publishing.send(session, row, factories.TODAY)
            session.flush()
            for one in signers:
                shelves.sign(session, version, session.get_one(Organization, one.organization_key))
            return version.number

    def sold(self):
        """A bundle that is in the store; its public id."""
        with acting(self.app) as session:
            return shelves.sold(self.shelf(session)).public_id

    def row(self, session, bundle):
        """A bundle's row."""
        return session.scalars(select(Bundle).where(Bundle.public_id == bundle)).one()


@pytest.fixture
def firms(app):
    """Three vendors with a listing each in an active alliance."""
    people = [person(app, "vendor", name=name) for name in ("한빛", "코어", "비전", "밖")]
    maker = person(app, "manufacturer", name="해울정밀공업")
    with acting(app) as session:
        vendors = [session.get_one(Organization, one.organization_key) for one in people[:3]]
        shelf = shelves.put_up(session, app.extensions["files"], vendors)
        session.flush()
        return Firms(app, *people, maker, shelf.alliance.public_id, shelf.validator.id)
