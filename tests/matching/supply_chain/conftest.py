"""Firms that know one another."""

import pytest

from matching.supply_chain import links
from tests import factories


def said(direction, partner, **changes):
    """What a firm says about a partner, as the domain takes it."""
    number = partner if isinstance(partner, str) else partner.registration_number
    return {
        "direction": direction,
        "registration_number": number,
        "name": "",
        "item": "브래킷",
        "since": None,
        "until": None,
        "share_systems": False,
        "share_chain": False,
        **changes,
    }


@pytest.fixture
def firm(session):
    """Make a confirmed manufacturer."""

    def make(name, **changes):
        return factories.company(session, "manufacturer", name=name, **changes)

    return make


@pytest.fixture
def supply(session):
    """Make a confirmed link from a supplier to a customer, with what each lets the other have."""

    def make(supplier, customer, *, shows=False, supplier_shares=False, customer_shares=False, **changes):
        done = links.declare(
            session,
            customer,
            said("supplier", supplier, share_systems=customer_shares, **changes),
            factories.TODAY,
        )
        session.flush()
        links.confirm(
            session, done.link, supplier, factories.TODAY, share_systems=supplier_shares, share_chain=shows
        )
        session.flush()
        return done.link

    return make
