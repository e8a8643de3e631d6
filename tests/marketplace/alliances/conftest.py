"""People of three vendors and a manufacturer around an alliance."""

from dataclasses import dataclass
from typing import Any

import pytest

from catalog.models import Alliance, Organization
from tests import alliances, factories
from tests.marketplace.people import Person, person
from tests.marketplace.web.looking import acting


@dataclass
class Around:
    """The coordinator (the lead), another member, a vendor outside, a manufacturer and the alliance's public id."""

    app: Any
    runner: Person
    member: Person
    outside: Person
    maker: Person
    alliance: str

    @property
    def path(self):
        """Its public page."""
        return f"/alliances/{self.alliance}"

    @property
    def inside(self):
        """Its work page."""
        return f"{self.path}/inside"

    def row(self, session):
        """The row."""
        return session.query(Alliance).filter_by(public_id=self.alliance).one()

    def state_of(self, who):
        """The state of somebody's membership, None if it has none."""
        with self.app.extensions["database"].session(reading=True) as session:
            members = self.row(session).members
            return next((one.state for one in members if one.organization_id == who.organization_key), None)

    def member_id(self, who):
        """Public id of somebody's membership."""
        with self.app.extensions["database"].session(reading=True) as session:
            members = self.row(session).members
            return next(one.public_id for one in members if one.organization_id == who.organization_key)


@pytest.fixture
def around(app):
    """An active alliance of two."""
    names = ("한빛", "코어", "밖")
    runner, member, outside = (person(app, "vendor", name=name) for name in names)
    maker = person(app, "manufacturer", name="해울정밀공업")
    with acting(app) as session:
        firms = [session.get_one(Organization, one.organization_key) for one in (runner, member)]
        made = alliances.active(session, *firms, capabilities=("mes",)).public_id
        factories.site(session, session.get_one(Organization, maker.organization_key))
    return Around(app, runner, member, outside, maker, made)
