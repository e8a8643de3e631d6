"""Things in tests, made through the domain: a company, a complete listing, its approval, a site, a demand."""

import io
import itertools
from datetime import UTC, date, datetime
from decimal import Decimal

from catalog import evidence, listings, organizations, publishing, regno, sites
from catalog.models import OrganizationRole, Review
from catalog.validation import desk, rubric
from matching import demands
from matching.maturity import assessments

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
_numbers = itertools.count(200_000_000)

FULL_POINTS = {criterion.id: 4 for criterion in rubric.CRITERIA}
REVISION = "11"


def company(session, *roles, confirmed=True, name=None):
    """An organization with those roles."""
    number = next(_numbers)
    own = [role for role in roles if role in organizations.OWN_ROLES] or ["vendor"]
    made = organizations.register(
        session, name=name or f"회사 {number}", registration_number=regno.make(str(number)), roles=own
    )
    if roles:
        made.roles = [OrganizationRole(role=role) for role in roles]
    if confirmed:
        organizations.confirm(made, NOW)
    session.flush()
    return made


def listing_parts(**changes):
    """Everything that a complete listing states."""
    return {
        "title": "웰드아이 비전",
        "title_en": "WeldEye Vision",
        "summary": "용접 비드를 전수 촬영해 결함을 가려냅니다.",
        "summary_en": "Inspects every weld bead.",
        "description": "카메라로 비드를 전수 촬영하고 기공과 언더컷을 판정합니다. " * 4,
        "description_en": "Cameras photograph every bead and judge porosity and undercut on the spot.",
        "capabilities": ["ai_vision"],
        "industries": [{"revision": REVISION, "code": "303"}],
        "processes": ["welding"],
        "interfaces": ["opcua", "rtsp"],
        "regions": ["gyeongnam", "busan"],
        "deployment": ["on_premise"],
        "level": {"scale": "company_level", "from": 2, "to": 4},
        "install_weeks": 6,
        "plans": [plan()],
        **changes,
    }


def plan(
    capability="ai_vision", *, quality=4, price=30_000_000, kind="one_off", basis="field_proven", **changes
):
    """One plan with one capability."""
    return {
        "name": "표준",
        "kind": kind,
        "price_amount": price,
        "setup_amount": 0,
        "trial_days": None,
        "quality": [{"capability": capability, "quality": quality, "basis": basis}],
        **changes,
    }


def evidence_fields(**changes):
    """A field record with everything that the rules ask for, but its file."""
    return {
        "kind": "field",
        "kpi": "용접 불량률",
        "unit": "%",
        "direction": "lower",
        "baseline": Decimal("3.1"),
        "after": Decimal("0.9"),
        "industry": {"revision": REVISION, "code": "303"},
        "region": "gyeongnam",
        "headcount": 62,
        "level": 2,
        "baseline_from": date(2025, 6, 2),
        "baseline_to": date(2025, 6, 29),
        "after_from": date(2025, 9, 1),
        "after_to": date(2025, 10, 26),
        "method": "용접 셀 3개에서 전수 촬영한 판정을 검사원 2명이 다시 확인했습니다.",
        "sample": "비드 18,420장",
        "verified_by": "수요기업 품질팀",
        **changes,
    }


def draft(session, owner, store, *, records=None, **changes):
    """A draft that meets every rule."""
    listing = listings.draft(session, owner, listing_parts(**changes))
    session.flush()
    for fields in [evidence_fields()] if records is None else records:
        record = evidence.add(session, listing, fields, TODAY)
        session.flush()
        if fields["kind"] != "claim":
            evidence.attach(session, record, store, "measured.csv", io.BytesIO("값\n1\n".encode()))
    session.flush()
    return listing


def submitted(session, listing, now=NOW):
    """Hand the listing in; answers its review."""
    findings = publishing.submit(session, listing, now)
    assert not [f for f in findings if f.severity == "required"], findings
    session.flush()
    return session.query(Review).filter_by(listing_id=listing.id).order_by(Review.id.desc()).first()


def judge(*organizations_of_person):
    """A validator's person."""
    keys = frozenset(organization.id for organization in organizations_of_person)
    return desk.Judge("최서연", "judge@example.com", keys)


def approved(session, listing, validator, *, now=NOW, expires_on=date(2027, 11, 20)):
    """Take the listing through the desk; answers its certificate."""
    submitted(session, listing, now)
    return judged(session, listing, validator, now=now, expires_on=expires_on)


def judged(session, listing, validator, *, now=NOW, expires_on=date(2027, 11, 20)):
    """Approve what was handed in of the listing; answers its certificate."""
    review = session.query(Review).filter_by(listing_id=listing.id).order_by(Review.id.desc()).first()
    person = judge(validator)
    desk.take(session, review, validator, person, now)
    desk.score(session, review, FULL_POINTS)
    certificate = desk.approve(
        session, review, person, statement="확인했습니다.", expires_on=expires_on, now=now
    )
    session.flush()
    return certificate


def published(session, owner, validator, store, *, now=NOW, expires_on=date(2027, 11, 20), **changes):
    """A listing that the public sees."""
    listing = draft(session, owner, store, **changes)
    approved(session, listing, validator, now=now, expires_on=expires_on)
    return listing


def site(session, owner, *, level=2, **changes):
    """A factory whose level is stated."""
    fields = {
        "name": "창원 공장",
        "industry": {"revision": REVISION, "code": "303"},
        "region": "gyeongnam",
        "headcount": 62,
        "processes": ["welding"],
        "interfaces": [],
        "systems": [{"name": "PLC", "capability": "controller_plc", "interfaces": ["opcua"]}],
        **changes,
    }
    made = sites.register(session, owner, fields)
    session.flush()
    assessments.record(session, made, scale="company_level", level=level, basis="self_reported", on=TODAY)
    return made


def demand(session, at, **changes):
    """A demand for visual inspection."""
    fields = {
        "title": "용접 불량 줄이기",
        "description": "",
        "requirements": [{"capability": "ai_vision", "must": True, "min_quality": 3}],
        "target_level": 3,
        "budget_amount": 50_000_000,
        "deadline": date(2027, 6, 30),
        **changes,
    }
    made = demands.state(session, at, fields, TODAY)
    session.flush()
    return made
