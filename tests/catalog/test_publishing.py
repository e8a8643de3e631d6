"""The life cycle: every transition, what the public sees, and who may judge."""

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from catalog import counters, evidence, listings, organizations, publishing
from catalog.canonical import fingerprint
from catalog.errors import Conflict, Invalid, NotAllowed
from catalog.files.folder import FolderStore
from catalog.models import Release, Review
from catalog.outbox import OutboxMessage
from catalog.publishing_states import STATES, TRANSITIONS
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


ACTS = {
    "submit": lambda s, row: publishing.submit(s, row, factories.NOW),
    "recall": publishing.recall,
    "send_back": publishing.send_back,
    "reopen": publishing.reopen,
    "withdraw": publishing.withdraw,
    "suspend": lambda s, row: publishing.suspend(
        s, row, reason="허위 성과", author="운영자", now=factories.NOW
    ),
    "lift": publishing.lift,
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", sorted(ACTS))
def test_only_listed_transitions_are_possible(session, vendor, store, state, act):
    listing = factories.draft(session, vendor, store)
    if (state, act) == ("submitted", "recall"):
        factories.submitted(session, listing)
    listing.state = state
    listing.live_release = 1 if act == "suspend" else None
    session.flush()
    if (state, act) in TRANSITIONS:
        ACTS[act](session, listing)
        assert listing.state == TRANSITIONS[(state, act)]
    else:
        with pytest.raises(Conflict):
            ACTS[act](session, listing)
        assert listing.state == state


def test_an_incomplete_draft_is_not_submitted(session, vendor):
    listing = listings.draft(session, vendor, {"title": "이름뿐"})
    session.flush()
    findings = publishing.submit(session, listing, factories.NOW)
    assert {f.rule for f in findings if f.severity == "required"} >= {
        "1.1",
        "1.2",
        "2.1",
        "2.5",
        "3.1",
        "4.1",
    }
    assert listing.state == "draft"
    assert session.scalar(select(Review.id)) is None


def test_an_unconfirmed_company_may_draft_but_not_submit(session, store):
    owner = factories.company(session, "vendor", confirmed=False)
    listing = factories.draft(session, owner, store)
    findings = publishing.submit(session, listing, factories.NOW)
    assert [f.rule for f in findings] == ["5.1"]
    assert listing.state == "draft"


def test_what_is_published_is_what_was_reviewed(session, vendor, validator, store):
    listing = factories.draft(session, vendor, store)
    review = factories.submitted(session, listing)
    listing.title = (
        "몰래 바꾼 이름"  # around the domain: the locked working copy must not leak into the release
    )
    person = factories.judge(validator)
    desk.take(session, review, validator, person, factories.NOW)
    desk.score(session, review, factories.FULL_POINTS)
    certificate = desk.approve(
        session, review, person, statement="", expires_on=date(2027, 1, 1), now=factories.NOW
    )
    assert certificate.release.content["title"] == "웰드아이 비전"
    assert certificate.release.content_hash == fingerprint(certificate.release.content)
    assert listing.live_release == 1


def test_every_public_change_raises_the_revision_and_asks_for_a_sync(session, vendor, validator, store):
    listing = factories.published(session, vendor, validator, store)
    assert listing.revision == counters.current(session, counters.CATALOG) == 1
    publishing.withdraw(session, listing)
    assert listing.revision == counters.current(session, counters.CATALOG) == 2
    assert listing.live_release is None
    keys = session.scalars(select(OutboxMessage.key).order_by(OutboxMessage.id)).all()
    assert keys == ["search.sync:1", "search.sync:2"]


def test_a_new_edition_leaves_the_public_one_until_it_is_approved(session, vendor, validator, store):
    listing = factories.published(session, vendor, validator, store)
    publishing.reopen(session, listing)
    listings.revise(session, listing, {"title": "웰드아이 비전 4"})
    assert listing.live_release == 1
    factories.approved(session, listing, validator)
    titles = {r.number: r.content["title"] for r in session.scalars(select(Release))}
    assert listing.live_release == 2
    assert titles == {1: "웰드아이 비전", 2: "웰드아이 비전 4"}


def test_published_evidence_stays(session, vendor, validator, store):
    listing = factories.published(session, vendor, validator, store)
    publishing.reopen(session, listing)
    record = listing.evidence[0]
    for act in (
        lambda: evidence.remove(session, record),
        lambda: evidence.revise(session, record, factories.evidence_fields(after="0.1"), factories.TODAY),
        lambda: evidence.attach(session, record, store, "more.csv", io.BytesIO(b"x")),
    ):
        with pytest.raises(Conflict, match=r"evidence\.published"):
            act()
    added = evidence.add(session, listing, factories.evidence_fields(kpi="정정"), factories.TODAY)
    evidence.remove(session, added)
    assert len(listing.evidence) == 1


def test_a_submitted_listing_is_locked(session, vendor, store):
    listing = factories.draft(session, vendor, store)
    factories.submitted(session, listing)
    with pytest.raises(Conflict, match=r"listing\.locked"):
        listings.revise(session, listing, {"title": "다른 이름"})
    assert listing.title == "웰드아이 비전"


def test_nobody_judges_their_own_house(session, validator, store):
    own = factories.company(session, "vendor", "validator")
    listing = factories.draft(session, own, store)
    review = factories.submitted(session, listing)
    with pytest.raises(NotAllowed, match=r"conflict\.own_organization"):
        desk.take(session, review, own, factories.judge(own), factories.NOW)
    with pytest.raises(NotAllowed, match=r"conflict\.person"):
        desk.take(session, review, validator, factories.judge(validator, own), factories.NOW)
    assert review.state == "waiting"


@pytest.mark.parametrize("declared_by", ["vendor", "validator"])
def test_competitors_declared_by_either_side_are_barred(session, vendor, validator, store, declared_by):
    sides = {"vendor": (vendor, validator), "validator": (validator, vendor)}
    declaring, other = sides[declared_by]
    review = factories.submitted(session, factories.draft(session, vendor, store))
    organizations.declare_competitor(session, declaring, other.registration_number)
    session.flush()
    with pytest.raises(NotAllowed, match=r"conflict\.competitor"):
        desk.take(session, review, validator, factories.judge(validator), factories.NOW)
    assert review.state == "waiting"


def test_a_conflict_that_arises_during_the_review_stops_the_approval(session, vendor, validator, store):
    review = factories.submitted(session, factories.draft(session, vendor, store))
    person = factories.judge(validator)
    desk.take(session, review, validator, person, factories.NOW)
    desk.score(session, review, factories.FULL_POINTS)
    organizations.declare_competitor(session, vendor, validator.registration_number)
    session.flush()
    with pytest.raises(NotAllowed, match=r"conflict\.competitor"):
        desk.approve(session, review, person, statement="", expires_on=date(2027, 1, 1), now=factories.NOW)
    assert review.listing.state == "submitted"


def test_only_a_validator_takes_and_only_once(session, vendor, validator, store):
    review = factories.submitted(session, factories.draft(session, vendor, store))
    stranger = factories.company(session, "manufacturer")
    with pytest.raises(NotAllowed, match=r"validator\.role"):
        desk.take(session, review, stranger, factories.judge(stranger), factories.NOW)
    desk.take(session, review, validator, factories.judge(validator), factories.NOW)
    second = factories.company(session, "validator")
    with pytest.raises(Conflict, match=r"review\.taken"):
        desk.take(session, review, second, factories.judge(second), factories.NOW)
    assert review.validator_id == validator.id


@pytest.mark.parametrize(
    ("points", "pointer"),
    [
        ({"method": 4}, "points/sample"),
        ({**factories.FULL_POINTS, "method": 2}, "points/method"),
        (dict.fromkeys(factories.FULL_POINTS, 3), "points"),
    ],
)
def test_approval_needs_the_rubric(session, vendor, validator, store, points, pointer):
    review = factories.submitted(session, factories.draft(session, vendor, store))
    person = factories.judge(validator)
    desk.take(session, review, validator, person, factories.NOW)
    desk.score(session, review, points)
    with pytest.raises(Invalid) as refused:
        desk.approve(session, review, person, statement="", expires_on=date(2027, 1, 1), now=factories.NOW)
    assert pointer in {problem.pointer for problem in refused.value.problems}
    assert review.state == "taken"
    assert review.listing.live_release is None


def test_open_required_findings_stop_an_approval_and_sending_back_needs_a_reason(
    session, vendor, validator, store
):
    review = factories.submitted(session, factories.draft(session, vendor, store))
    person = factories.judge(validator)
    desk.take(session, review, validator, person, factories.NOW)
    with pytest.raises(Invalid):
        desk.send_back(session, review, factories.NOW)
    desk.score(session, review, factories.FULL_POINTS)
    desk.remark(
        session, review, [{"pointer": "evidence/0/sample", "severity": "required", "text": "현장마다 나눠요"}]
    )
    with pytest.raises(Invalid) as refused:
        desk.approve(session, review, person, statement="", expires_on=date(2027, 1, 1), now=factories.NOW)
    assert [p.code for p in refused.value.problems] == ["open_findings"]
    desk.send_back(session, review, factories.NOW)
    assert review.listing.state == "sent_back"
    with pytest.raises(Conflict):
        desk.note(session, review, audience="internal", author="x", text="late", now=factories.NOW)


@pytest.mark.parametrize("days", [0, -1, 731])
def test_a_certificate_needs_a_possible_expiry(session, vendor, validator, store, days):
    listing = factories.draft(session, vendor, store)
    with pytest.raises(Invalid) as refused:
        factories.approved(session, listing, validator, expires_on=factories.TODAY + timedelta(days=days))
    assert refused.value.problems[0].pointer == "expires_on"


def test_a_certificate_is_dated_by_the_korean_day(session, vendor, validator, store):
    """Late in the evening in UTC it is the next day in Seoul."""
    late = factories.NOW.replace(hour=16)
    certificate = factories.approved(session, factories.draft(session, vendor, store), validator, now=late)
    assert certificate.issued_on == factories.TODAY + timedelta(days=1)


def test_numbers_are_handed_out_in_order(session, vendor, validator, store):
    first = factories.draft(session, vendor, store)
    second = factories.draft(session, vendor, store)
    numbers = [factories.approved(session, row, validator).number for row in (first, second)]
    assert numbers == ["C-2026-0001", "C-2026-0002"]
