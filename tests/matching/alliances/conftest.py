"""An alliance, and a manufacturer's demand that may be shown to it."""

import pytest

from tests import alliances, factories


@pytest.fixture
def vendors(session):
    """Two members and one that is none."""
    return [factories.company(session, "vendor", name=name) for name in ("한빛", "코어", "밖")]


@pytest.fixture
def alliance(session, vendors):
    """An active one of the first two, run and led by the first."""
    return alliances.active(session, *vendors[:2])


@pytest.fixture
def demand(session):
    """Private, of a firm whose name must not show."""
    maker = factories.company(session, "manufacturer", name="해울정밀공업")
    return factories.demand(session, factories.site(session, maker), title="은하수 라인 개조")
