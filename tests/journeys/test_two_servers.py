"""Two servers on one database: what one publishes, the other shows within two seconds."""

import time

import pytest

from catalog.files.folder import FolderStore
from marketplace.accounts import tokens
from marketplace.accounts.models import Membership, User
from marketplace.api.examples import DECISION
from tests import factories, live

SECONDS = 2.0


@pytest.mark.full
def test_a_listing_approved_through_one_is_found_through_the_other(session, settings, tmp_path):
    store = FolderStore(tmp_path / "files")
    vendor, validator = factories.company(session, "vendor"), factories.company(session, "validator")
    listing = factories.draft(session, vendor, store)
    factories.submitted(session, listing)
    person = User(email="judge@example.com", name="심사자")
    session.add(person)
    session.flush()
    session.add(Membership(user_id=person.id, organization_id=validator.id, is_admin=True))
    _, token = tokens.issue(session, person, name="test")
    session.commit()
    with live.serving(settings) as one, live.serving(settings) as other:
        assert live.call(other, "GET", "/solutions?q=weld")["total"] == 0
        live.call(one, "POST", f"/listings/{listing.public_id}/decision", DECISION, token)
        approved_at = time.monotonic()
        while (found := live.call(other, "GET", "/solutions?q=weld")["total"]) == 0:
            assert time.monotonic() - approved_at < SECONDS
            time.sleep(0.05)
        assert found == 1
