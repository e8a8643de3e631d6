"""The firm that is deleted, or fetches its data, and those around it."""

import pytest

from marketplace import extensions
from tests.marketplace.closing import whole_firm


@pytest.fixture(autouse=True)
def on_the_day_of_the_factories(monkeypatch):
    """Certificates, leads and levels count from the day on which the factories made them."""
    monkeypatch.setattr(extensions, "now", lambda: whole_firm.NOW)


@pytest.fixture
def around(app):
    """Before the firm has anything of its own."""
    return whole_firm.around(app)


@pytest.fixture
def world(around):
    """The firm with everything but what was judged."""
    whole_firm.filled(around)
    return around
