"""People of three vendors with something in the store, a coordinator among them, and who approves it."""

from dataclasses import dataclass
from typing import Any

import pytest

from catalog.models import Bundle, Listing, Organization
from tests import shelves
from tests.marketplace.people import Person, person
from tests.marketplace.web.looking import acting
from tests.shelves import Shelf


@dataclass
class Around:
    """The coordinator (the lead), two other members, a vendor outside, and a bundle of the three."""

    app: Any
    runner: Person
    members: list
    outside: Person
    validator: int
    alliance: str
    bundle: str
    listings: list

    @property
    def path(self):
        """Its public page."""
        return f"/bundles/{self.bundle}"

    @property
    def vendors(self):
        """Everybody in it."""
        return [self.runner, *self.members]

    def row(self, session):
        """The row."""
        return session.query(Bundle).filter_by(public_id=self.bundle).one()

    def shelf(self, session):
        """The listings and vendors as rows of a session."""
        row = self.row(session)
        firms = [session.get_one(Organization, who.organization_key) for who in self.vendors]
        listings = [session.query(Listing).filter_by(public_id=each).one() for each in self.listings]
        store = self.app.extensions["files"]
        judge = session.get_one(Organization, self.validator)
        return Shelf(session, store, row.alliance, firms, judge, listings)

    def inside(self):
        """As the coordinator sees it."""
        return self.runner.api("GET", f"{self.path}/inside").get_json()

    def send(self, **changes):
        """Put it before the vendors."""
        body = {"draft_number": self.inside()["draft_number"], **changes}
        return self.runner.api("POST", f"{self.path}/versions", json=body)

    def sign(self, who, number=1, **changes):
        """Somebody signs what it was shown."""
        path = f"{self.path}/versions/{number}"
        shown = who.api("GET", path).get_json()
        asked = shown.get("consents", [])
        mine = [each for each in asked if each["organization_id"] == who.organization_id]
        body = {
            "sha256": shown.get("sha256", "0" * 64),
            "part_sha256": mine[0]["part_sha256"] if mine else "0" * 64,
        }
        return who.api("POST", f"{path}/signature", json={**body, **changes})

    def sell(self):
        """Bring it into the store."""
        with acting(self.app) as session:
            shelves.sold(self.shelf(session), self.row(session))


@pytest.fixture
def around(app):
    """A bundle of three, not sent yet."""
    runner, *members = (person(app, "vendor", name=name) for name in ("한빛", "코어", "비전"))
    outside = person(app, "vendor", name="밖")
    with acting(app) as session:
        firms = [session.get_one(Organization, who.organization_key) for who in (runner, *members)]
        shelf = shelves.put_up(session, app.extensions["files"], firms)
        made = shelves.drafted(shelf)
        listings = [listing.public_id for listing in shelf.listings]
        found = (shelf.validator.id, shelf.alliance.public_id, made.public_id)
    return Around(app, runner, members, outside, *found, listings)
