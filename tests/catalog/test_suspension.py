"""The operator takes a listing down and puts it back; refuses a company, which asks again."""

import pytest
from sqlalchemy import select

from catalog import counters, organizations, publishing, regno
from catalog.errors import Conflict, Invalid
from catalog.files.folder import FolderStore
from catalog.models import Review, ReviewNote
from catalog.validation import desk
from tests import factories


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "bytes")


@pytest.fixture
def vendor(session):
    return factories.company(session, "vendor")


@pytest.fixture
def validator(session):
    return factories.company(session, "validator")


def suspend(session, listing):
    publishing.suspend(session, listing, reason="근거가 사실과 달라요", author="문가람", now=factories.NOW)


def test_it_leaves_the_catalogue_and_comes_back_as_it_was(session, vendor, validator, store):
    listing = factories.published(session, vendor, validator, store)
    before = counters.current(session, counters.CATALOG)
    suspend(session, listing)
    assert (listing.state, listing.live_release, listing.suspension) == (
        "suspended",
        None,
        "근거가 사실과 달라요",
    )
    publishing.lift(session, listing)
    assert (listing.state, listing.live_release, listing.suspension) == ("published", 1, "")
    assert counters.current(session, counters.CATALOG) == before + 2


def test_a_new_edition_in_the_works_does_not_save_it(session, vendor, validator, store):
    listing = factories.published(session, vendor, validator, store)
    publishing.reopen(session, listing)
    suspend(session, listing)
    assert (listing.state, listing.live_release) == ("suspended", None)


def test_the_vendor_cannot_get_around_it(session, vendor, validator, store):
    listing = factories.published(session, vendor, validator, store)
    suspend(session, listing)
    for act in (publishing.reopen, publishing.withdraw):
        with pytest.raises(Conflict):
            act(session, listing)
    with pytest.raises(Conflict):
        publishing.submit(session, listing, factories.NOW)


def test_a_round_that_nobody_began_is_gone(session, vendor, validator, store):
    listing = factories.published(session, vendor, validator, store)
    publishing.reopen(session, listing)
    waiting = factories.submitted(session, listing)
    suspend(session, listing)
    session.flush()
    assert session.get(Review, waiting.id) is None


def test_a_round_under_way_is_returned_with_the_reason(session, vendor, validator, store):
    listing = factories.published(session, vendor, validator, store)
    publishing.reopen(session, listing)
    review = factories.submitted(session, listing)
    desk.take(session, review, validator, factories.judge(validator), factories.NOW)
    suspend(session, listing)
    session.flush()
    assert (review.state, review.decided_at) == ("sent_back", factories.NOW)
    note = session.scalars(select(ReviewNote).where(ReviewNote.review_id == review.id)).one()
    assert (note.audience, note.text) == ("vendor", "근거가 사실과 달라요")
    with pytest.raises(Conflict):
        desk.score(session, review, factories.FULL_POINTS)


def test_what_is_not_public_cannot_be_suspended(session, vendor, store):
    with pytest.raises(Conflict):
        suspend(session, factories.draft(session, vendor, store))


def test_a_refused_company_corrects_and_asks_again(session):
    company = factories.company(session, "vendor", confirmed=False)
    organizations.refuse(session, company, "번호가 다른 회사예요")
    assert (company.state, company.refusal) == ("refused", "번호가 다른 회사예요")
    organizations.ask_again(session, company, name="바른 이름", registration_number=regno.make("555000111"))
    assert (company.state, company.refusal, company.name) == ("registered", "", "바른 이름")
    assert company.registration_number == regno.make("555000111")
    organizations.confirm(company, factories.NOW)
    assert company.state == "confirmed"


def test_a_confirmed_company_is_not_refused(session, vendor):
    with pytest.raises(Conflict) as refused:
        organizations.refuse(session, vendor, "이유")
    assert refused.value.code == "organization.confirmed"


def test_asking_again_takes_no_others_number_and_needs_a_refusal(session, vendor):
    company = factories.company(session, "vendor", confirmed=False)
    own = company.registration_number
    with pytest.raises(Conflict):
        organizations.ask_again(session, company, name=company.name, registration_number=own)
    organizations.refuse(session, company, "이유가 있어요")
    with pytest.raises(Invalid):
        organizations.ask_again(
            session, company, name=company.name, registration_number=vendor.registration_number
        )
    with pytest.raises(Invalid):
        organizations.ask_again(session, company, name=company.name, registration_number="1234567890")
    organizations.ask_again(session, company, name=company.name, registration_number=own)
    assert company.state == "registered"
