"""Vendors that may join."""

import pytest

from tests import alliances, factories


@pytest.fixture
def vendors(session):
    """Three confirmed vendors."""
    return [factories.company(session, "vendor", name=name) for name in ("한빛", "코어", "비전")]


@pytest.fixture
def alliance(session, vendors):
    """An active one of the first two, run and led by the first."""
    return alliances.active(session, *vendors[:2])
