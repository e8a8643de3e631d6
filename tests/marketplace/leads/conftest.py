"""A vendor with a public listing, a manufacturer with a demand on the board, and the worker that joins them."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from catalog.models import Organization
from marketplace import extensions, worker
from marketplace.journeys import leads as acts
from matching import demands
from matching.models import Demand, Lead
from matching.models.demand import BOARD
from tests import factories
from tests.marketplace.people import Person, person
from tests.marketplace.web.looking import acting, one

#: What a board never shows.
TITLE, NAME, BUDGET = "비밀 용접 수요", "숨은정공", 43_210_987


@pytest.fixture(autouse=True)
def on_the_day_of_the_factories(monkeypatch):
    """Weeks left and certificates count from the day on which the factories made them."""
    monkeypatch.setattr(extensions, "now", lambda: factories.NOW)


@dataclass
class House:
    """The two sides, and what stands between them."""

    app: Any
    vendor: Person
    maker: Person
    listing: str
    far: str
    demand: str

    @property
    def lead(self):
        """Public id of the vendor's lead."""
        return one(
            self.app, select(Lead.public_id).where(Lead.organization_id == self.vendor.organization_key)
        )

    def look(self):
        """What the worker does at its next tick."""
        with acting(self.app) as session:
            acts.ask_due(session)
        worker.drain(self.app)

    def change(self, act):
        """Do something to the demand, and let the worker look."""
        with acting(self.app) as session:
            act(session, session.scalar(select(Demand).where(Demand.public_id == self.demand)))
        self.look()

    def show(self, audience=BOARD, to=(), at=factories.NOW):
        """Widen the demand, and let the worker look."""
        self.change(
            lambda session, demand: demands.widen(
                session,
                demand,
                audience,
                [session.get(Organization, who.organization_key) for who in to],
                at,
            )
        )

    def accept(self, **changes):
        """The vendor asks for contact by its page."""
        said = {"listing_id": self.listing, "message": "현장을 보고 싶어요.", "contact": "박서린 055-1"}
        return self.vendor.post(f"/leads/{self.lead}/accept", {**said, **changes})

    def consent(self, **changes):
        """The manufacturer accepts contact by its page."""
        return self.maker.post(f"/offers/{self.lead}/accept", {"contact": "김하늬 055-2", **changes})


@pytest.fixture
def house(app):
    """Before anything is shown."""
    vendor, maker = person(app, "vendor", name="가람비전"), person(app, "manufacturer", name=NAME)
    with acting(app) as session:
        owner = session.get(Organization, vendor.organization_key)
        validator = factories.company(session, "validator")
        files = app.extensions["files"]
        near = factories.published(session, owner, validator, files, title="꼭 맞는 비전", title_en="Near")
        far = factories.published(session, owner, validator, files, title="먼 비전", regions=["jeju"])
        site = factories.site(session, session.get(Organization, maker.organization_key))
        demand = factories.demand(session, site, title=TITLE, budget_amount=BUDGET)
        ids = near.public_id, far.public_id, demand.public_id
    return House(app, vendor, maker, *ids)


@pytest.fixture
def shown(house):
    """The demand is on the board, and the vendor has its lead."""
    house.show()
    return house
