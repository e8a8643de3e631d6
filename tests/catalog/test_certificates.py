"""Certificates: what they say was looked at, how long they may run, and where they stand on the days at the edge."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from catalog.errors import Invalid
from catalog.files.folder import FolderStore
from catalog.models import Certificate, Release
from catalog.validation import certificates, desk
from tests import factories

EXPIRES = date(2027, 3, 1)


@pytest.mark.parametrize(
    ("days", "standing"),
    [(-400, "valid"), (0, "valid"), (1, "expired"), (90, "expired"), (91, "lapsed"), (1000, "lapsed")],
)
def test_standing_on_the_days_at_the_edge(days, standing):
    assert certificates.standing(EXPIRES, EXPIRES + timedelta(days=days)) == standing


def judged(session, review, validator, expires_on):
    """Take a review through the desk."""
    person = factories.judge(validator)
    desk.take(session, review, validator, person, factories.NOW)
    desk.score(session, review, factories.FULL_POINTS)
    return desk.approve(session, review, person, statement="", expires_on=expires_on, now=factories.NOW)


def record(kind, code="303", *, headcount=62, revision="11"):
    industry = None if code is None else {"revision": revision, "code": code}
    return {
        "kind": kind,
        "site": {"industry": industry, "region": "busan", "headcount": headcount, "level": None},
    }


def test_the_scope_is_drawn_from_what_was_measured():
    content = {
        "evidence": [
            record("field"),
            record("field"),  # the same profile: taken for the same site
            record("field", "26", headcount=10),
            record("test_report", "303", revision="10"),
            record("test_report", None),
            record("claim", "10"),
        ],
        "plans": [
            {
                "quality": [
                    {"capability": "mes", "basis": "document"},
                    {"capability": "erp", "basis": "claimed"},
                ]
            },
            {"quality": [{"capability": "ai_vision", "basis": "field_proven"}]},
        ],
    }
    assert certificates.scope(content, "강판에서 확인했습니다.") == {
        "industries": [
            {"revision": "10", "code": "303"},
            {"revision": "11", "code": "26"},
            {"revision": "11", "code": "303"},
        ],
        "capabilities": ["ai_vision", "mes"],
        "field_sites": 2,
        "test_reports": 2,
        "statement": "강판에서 확인했습니다.",
    }


def test_a_scope_of_claims_alone_is_empty():
    content = {
        "evidence": [record("claim")],
        "plans": [{"quality": [{"capability": "mes", "basis": "claimed"}]}],
    }
    assert certificates.scope(content, "") == {
        "industries": [],
        "capabilities": [],
        "field_sites": 0,
        "test_reports": 0,
        "statement": "",
    }


def test_a_certificate_says_who_what_and_until_when(session, tmp_path):
    vendor, validator = factories.company(session, "vendor"), factories.company(session, "validator")
    listing = factories.draft(session, vendor, FolderStore(tmp_path))
    made = factories.approved(session, listing, validator, expires_on=EXPIRES)
    assert (made.number, made.issued_on, made.expires_on) == ("C-2026-0001", date(2026, 11, 21), EXPIRES)
    assert (made.signed_by, made.validator, made.score) == ("최서연", validator, 80)
    assert made.scope["industries"] == [{"revision": "11", "code": "303"}]
    assert (made.scope["field_sites"], made.scope["statement"]) == (1, "확인했습니다.")
    assert made.release.listing is listing


@pytest.mark.parametrize("days", [1, certificates.MAX_DAYS])
def test_the_shortest_and_the_longest_run(session, tmp_path, days):
    vendor, validator = factories.company(session, "vendor"), factories.company(session, "validator")
    listing = factories.draft(session, vendor, FolderStore(tmp_path))
    made = factories.approved(session, listing, validator, expires_on=factories.TODAY + timedelta(days=days))
    assert (made.expires_on - made.issued_on).days == days


@pytest.mark.parametrize("days", [0, certificates.MAX_DAYS + 1])
def test_an_impossible_run_leaves_no_certificate_and_takes_no_number(session, tmp_path, days):
    vendor, validator = factories.company(session, "vendor"), factories.company(session, "validator")
    listing = factories.draft(session, vendor, FolderStore(tmp_path))
    review = factories.submitted(session, listing)
    session.commit()
    expires_on = factories.TODAY + timedelta(days=days)
    with pytest.raises(Invalid, match="expires_on: expiry_range"):
        judged(session, review, validator, expires_on)
    session.rollback()  # as the edge does with a refusal
    counted = [session.scalar(select(func.count()).select_from(model)) for model in (Certificate, Release)]
    assert counted == [0, 0]
    assert (listing.state, listing.live_release, review.state) == ("submitted", None, "waiting")
    assert judged(session, review, validator, EXPIRES).number == "C-2026-0001"


def test_numbers_begin_anew_each_year(session, tmp_path):
    vendor, validator = factories.company(session, "vendor"), factories.company(session, "validator")
    store = FolderStore(tmp_path)
    numbers = [
        factories.approved(
            session,
            factories.draft(session, vendor, store),
            validator,
            now=factories.NOW.replace(year=year),
            expires_on=date(year, 12, 31),
        ).number
        for year in (2026, 2026, 2027)
    ]
    assert numbers == ["C-2026-0001", "C-2026-0002", "C-2027-0001"]
