"""A complete listing with one proved effect and its file, handed in to the desk through the domain."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import select

from catalog import evidence, listings, publishing
from catalog.models import Organization, Review
from tests.marketplace.web.looking import acting

LISTING = {
    "title": "웰드아이 비전",
    "title_en": "WeldEye Vision",
    "summary": "용접 비드를 전수 촬영해 기공과 언더컷을 가려냅니다.",
    "summary_en": "Inspects every weld bead for porosity.",
    "description": "로봇 용접 셀 옆에 카메라와 조명을 두고 비드를 전수 촬영해요. " * 3,
    "description_en": "Cameras beside the welding robot photograph every bead.",
    "capabilities": ["ai_vision"],
    "industries": [{"revision": "11", "code": "303"}],
    "processes": ["welding"],
    "interfaces": ["opcua"],
    "regions": ["gyeongnam"],
    "deployment": ["on_premise"],
    "level": {"from": 2, "to": 4},
    "install_weeks": 6,
    "plans": [
        {
            "name": "표준",
            "kind": "subscription",
            "price_amount": 1_480_000,
            "setup_amount": 6_240_000,
            "trial_days": None,
            "quality": [{"capability": "ai_vision", "quality": 4, "basis": "field_proven"}],
        }
    ],
}

EVIDENCE = {
    "kind": "field",
    "kpi": "용접 불량률",
    "unit": "%",
    "direction": "lower",
    "baseline": Decimal("3.1"),
    "after": Decimal("0.9"),
    "industry": {"revision": "11", "code": "303"},
    "region": "gyeongnam",
    "headcount": 62,
    "level": 2,
    "baseline_from": date(2025, 6, 2),
    "baseline_to": date(2025, 6, 29),
    "after_from": date(2025, 9, 1),
    "after_to": date(2025, 10, 26),
    "method": "용접 셀 3개에서 전수 촬영한 판정을 검사원 2명이 다시 확인했어요.",
    "sample": "비드 18,420장",
    "verified_by": "수요기업 품질팀",
}


def submitted(app, vendor, at=datetime(2026, 11, 10, 3, 0, tzinfo=UTC), **changes):
    """Public id of the review of a new listing of `vendor` (a Person), handed in at `at`."""
    with acting(app) as session:
        owner = session.get_one(Organization, vendor.organization_key)
        listing = listings.draft(session, owner, {**LISTING, **changes})
        session.flush()
        record = evidence.add(session, listing, EVIDENCE, date(2026, 11, 1))
        session.flush()
        rows = io.BytesIO("날짜,불량률\n2025-06-02,3.1\n".encode())
        evidence.attach(session, record, app.extensions["files"], "판정 원자료.csv", rows)
        session.flush()
        publishing.submit(session, listing, at)
        session.flush()
        return session.scalar(select(Review.public_id).where(Review.listing_id == listing.id))
