"""What tests of the vendor's pages write into forms, and how they read the answers."""

import html
import re
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from catalog import evidence, listings, publishing
from catalog.db import utcnow
from catalog.models import Listing, Organization, Review
from catalog.validation import desk, rubric, rules
from tests.marketplace.web.looking import acting, one

TEXT = "용접 비드를 촬영해 기공과 언더컷을 찾고 그 자리에서 알려요. 설비를 멈추지 않고 검사 결과를 기록해요. 수작업 검사를 대신해요. 결과는 파일로 받아요."

CONTENT = {
    "title": "웰드아이",
    "title_en": "WeldEye",
    "summary": "용접 비드를 전수 촬영해 가려내요",
    "summary_en": "Camera check of every weld",
    "description": TEXT,
    "description_en": "It photographs every bead.",
    "capabilities": ["mes", "ai_quality"],
    "industries": [{"revision": "11", "code": "303"}],
    "processes": ["welding"],
    "interfaces": ["opcua"],
    "regions": ["gyeonggi", "seoul"],
    "deployment": ["on_premise"],
    "level": {"scale": "company_level", "from": 2, "to": 3},
    "install_weeks": 6,
    "plans": [
        {
            "name": "표준",
            "kind": "subscription",
            "price_amount": 1_480_000,
            "setup_amount": 3_000_000,
            "trial_days": 14,
            "quality": [
                {"capability": "mes", "quality": 3, "basis": "document"},
                {"capability": "ai_quality", "quality": 5, "basis": "claimed"},
            ],
        }
    ],
}

#: The evidence form as a browser sends it, without the place of the record in front.
RECORD = {
    "kind": "field",
    "kpi": "용접 불량률",
    "unit": "%",
    "direction": "lower",
    "baseline": "3.1",
    "after": "0.9",
    "site/industry": "11:303",
    "site/region": "gyeonggi",
    "site/headcount": "62",
    "site/level": "2",
    "baseline_from": "2025-06-02",
    "baseline_to": "2025-06-29",
    "after_from": "2025-09-01",
    "after_to": "2025-10-26",
    "method": "용접 셀 3개에서 전수 촬영한 판정을 검사원 2명이 다시 확인했어요.",
    "sample": "18,420장",
    "verified_by": "시험기관 김검사",
}


def drafted(app, person, **changes):
    """The public id of a draft of that person's organization, complete but for evidence; parts may be overridden."""
    with acting(app) as session:
        organization = session.get_one(Organization, person.organization_key)
        listing = listings.draft(session, organization, {**CONTENT, **changes})
        session.flush()
        return listing.public_id


def proved(app, listing_id, **changes):
    """The public id of a claim added to that draft, complete but for what `changes` take away."""
    fields = {
        "kind": "claim",
        "kpi": "용접 불량률",
        "unit": "%",
        "direction": "lower",
        "baseline": Decimal("3.1"),
        "after": Decimal("0.9"),
        "industry": {"revision": "11", "code": "303"},
        "region": None,
        "headcount": 62,
        "level": None,
        "baseline_from": None,
        "baseline_to": None,
        "after_from": None,
        "after_to": None,
        "method": "용접 셀 3개에서 전수 촬영한 판정을 검사원이 다시 확인했어요.",
        "sample": "",
        "verified_by": "",
    }
    with acting(app) as session:
        record = evidence.add(session, _row(session, listing_id), {**fields, **changes}, date(2026, 11, 21))
        session.flush()
        return record.public_id


def handed_in(app, person, **changes):
    """The public id of a listing that has been submitted."""
    listing_id = drafted(app, person, **changes)
    proved(app, listing_id)
    with acting(app) as session:
        findings = publishing.submit(session, _row(session, listing_id), utcnow())
        assert rules.is_complete(findings)
    return listing_id


def taken(app, listing_id, validator):
    """Let that validator take the open review of the listing."""
    with acting(app) as session:
        _take(session, listing_id, validator)


def sent_back(app, listing_id, validator, remarks, notes=()):
    """Take the open review and return it; notes are (audience, text)."""
    with acting(app) as session:
        review, judge = _take(session, listing_id, validator)
        desk.remark(session, review, remarks)
        for audience, text in notes:
            desk.note(session, review, audience=audience, author=judge.name, text=text, now=utcnow())
        desk.send_back(session, review, utcnow())


def approved(app, listing_id, validator):
    """Take the open review and approve it with full marks, for two months."""
    with acting(app) as session:
        review, judge = _take(session, listing_id, validator)
        desk.score(session, review, {criterion.id: 5 for criterion in rubric.CRITERIA})
        now = utcnow()
        desk.approve(session, review, judge, statement="", expires_on=now.date() + timedelta(60), now=now)


def content(app, listing_id):
    """What the database has of the listing now."""
    with app.extensions["database"].session(reading=True) as session:
        return listings.snapshot(_row(session, listing_id))


def state(app, listing_id):
    """Where the working copy stands."""
    return one(app, select(Listing.state).where(Listing.public_id == listing_id))


def _row(session, listing_id):
    return session.scalars(select(Listing).where(Listing.public_id == listing_id)).one()


def _take(session, listing_id, validator):
    open_round = (
        select(Review)
        .join(Review.listing)
        .where(Listing.public_id == listing_id, Review.decided_at.is_(None))
    )
    review = session.scalars(open_round).one()
    judge = desk.Judge("박심사", validator.email, frozenset({validator.organization_key}))
    desk.take(session, review, session.get_one(Organization, validator.organization_key), judge, utcnow())
    return review, judge


def said(answer):
    """The page's words, without the marks."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))))


def field_error(answer, name):
    """What is said below the field of that name; "" if nothing is."""
    identity = "f-" + name.replace("/", "-") + "-error"
    found = re.search(rf'<div id="{identity}">(.*?)</div>', answer.get_data(as_text=True), re.DOTALL)
    return "" if found is None else html.unescape(re.sub(r"<[^>]+>", "", found.group(1))).strip()


def value(answer, name):
    """What stands in the text field of that name."""
    page = answer.get_data(as_text=True)
    found = re.search(rf'<input [^>]*name="{re.escape(name)}"[^>]* value="([^"]*)"', page)
    return None if found is None else html.unescape(found.group(1))
