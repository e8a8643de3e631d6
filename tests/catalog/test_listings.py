"""Listings: what a draft refuses, and the snapshot that is reviewed and frozen."""

import io
import json
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from catalog import evidence, listings
from catalog.canonical import fingerprint
from catalog.errors import Conflict, Invalid
from catalog.files.folder import FolderStore
from catalog.models import Evidence, Listing, ListingTerm, Plan, PlanQuality, StoredFile
from tests import factories


@pytest.fixture
def vendor(session):
    return factories.company(session, "vendor")


@pytest.fixture
def listing(session, vendor, tmp_path):
    return factories.draft(session, vendor, FolderStore(tmp_path / "bytes"))


def again(session, listing):
    """The snapshot of what the database holds."""
    session.commit()
    session.expire_all()
    return listings.snapshot(listings.loaded(session, listing))


MES = {"capability": "mes", "quality": 3, "basis": "claimed"}
UNKNOWN = {"capability": "teleport", "quality": 3, "basis": "claimed"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"capabilities": ["mes", "teleport"]}, [("capabilities/1", "unknown_code")]),
        ({"processes": ["teleport"]}, [("processes/0", "unknown_code")]),
        ({"interfaces": ["teleport"]}, [("interfaces/0", "unknown_code")]),
        ({"regions": ["nationwide"]}, [("regions/0", "unknown_code")]),
        ({"deployment": ["teleport"]}, [("deployment/0", "unknown_code")]),
        ({"industries": [{"revision": "11", "code": "274"}]}, [("industries/0/code", "unknown_code")]),
        ({"industries": [{"revision": "9", "code": "30"}]}, [("industries/0/code", "unknown_code")]),
        ({"level": {"from": 4, "to": 3}}, [("level/to", "level_order")]),
        ({"plans": [factories.plan()] * 4}, [("plans", "too_many")]),
        (
            {"plans": [factories.plan(), {**factories.plan(), "quality": [MES, UNKNOWN, MES]}]},
            [("plans/1/quality/1/capability", "unknown_code"), ("plans/1/quality/2/capability", "repeated")],
        ),
    ],
)
def test_a_refused_draft_leaves_nothing(session, vendor, changes, expected):
    with pytest.raises(Invalid) as refused:
        listings.draft(session, vendor, factories.listing_parts(**changes))
    assert [(p.pointer, p.code) for p in refused.value.problems] == expected
    assert session.scalar(select(func.count(Listing.id))) == 0


def test_a_refused_revision_changes_nothing(session, listing):
    before = again(session, listing)
    with pytest.raises(Invalid):
        listings.revise(session, listing, {"title": "새 이름", "capabilities": ["teleport"]})
    assert again(session, listing) == before


def test_parts_that_are_not_named_stay(session, listing):
    before = again(session, listing)
    listings.revise(session, listing, {"install_weeks": None, "level": None})
    assert again(session, listing) == {**before, "install_weeks": None, "level": None}


def test_codes_keep_the_order_in_which_the_vendor_gave_them(session, listing):
    for order in (["mes", "ai_vision"], ["ai_vision", "mes"], ["erp", "mes"], ["mes", "erp", "mes"]):
        listings.revise(session, listing, {"capabilities": order})
        wanted = list(dict.fromkeys(order))
        assert listings.snapshot(listing)["capabilities"] == wanted
        assert again(session, listing)["capabilities"] == wanted
    kept = session.scalar(select(func.count(ListingTerm.id)).where(ListingTerm.scheme == "capability"))
    assert kept == 2


def test_an_industry_of_each_revision_is_an_industry_of_its_own(session, listing):
    keys = [{"revision": "11", "code": "30"}, {"revision": "10", "code": "30"}]
    listings.revise(session, listing, {"industries": keys})
    assert again(session, listing)["industries"] == keys


def test_plans_keep_their_id_by_position(session, listing):
    first = again(session, listing)["plans"][0]["id"]
    listings.revise(session, listing, {"plans": [factories.plan(price=1), factories.plan("mes", price=2)]})
    two = again(session, listing)["plans"]
    assert [plan["price_amount"] for plan in two] == [1, 2]
    assert two[0]["id"] == first != two[1]["id"]
    listings.revise(session, listing, {"plans": [factories.plan("mes", price=3)]})
    (one,) = again(session, listing)["plans"]
    assert (one["id"], one["quality"][0]["capability"]) == (first, "mes")
    assert session.scalar(select(func.count(PlanQuality.id))) == 1


@pytest.mark.parametrize("state", ["submitted", "published", "withdrawn"])
def test_only_drafts_are_revised(session, listing, state):
    listing.state = state
    with pytest.raises(Conflict, match=r"listing\.locked") as refused:
        listings.revise(session, listing, {"title": "새 이름"})
    assert refused.value.params == {"state": state}
    assert listing.title == "웰드아이 비전"


#: The record of `factories.evidence_fields` as it is frozen, but for its ids, its baseline and its file.
FROZEN = {
    "kind": "field",
    "kpi": "용접 불량률",
    "unit": "%",
    "direction": "lower",
    "after": "0.9",
    "baseline_from": "2025-06-02",
    "baseline_to": "2025-06-29",
    "after_from": "2025-09-01",
    "after_to": "2025-10-26",
    "method": "용접 셀 3개에서 전수 촬영한 판정을 검사원 2명이 다시 확인했습니다.",
    "sample": "비드 18,420장",
    "verified_by": "수요기업 품질팀",
    "site": {
        "industry": {"revision": "11", "code": "303"},
        "region": "gyeongnam",
        "headcount": 62,
        "level": {"scale": "company_level", "value": 2},
    },
}
SHA256 = "4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865"


def test_the_snapshot_is_exactly_what_was_given(session, vendor, tmp_path):
    monthly = factories.plan(kind="subscription", trial_days=14, setup_amount=7)
    parts = factories.listing_parts(plans=[monthly])
    listing = listings.draft(session, vendor, parts)
    session.flush()
    fields = factories.evidence_fields(baseline=Decimal("3.10"))
    record = evidence.add(session, listing, fields, factories.TODAY)
    session.flush()
    store = FolderStore(tmp_path / "bytes")
    stored = evidence.attach(session, record, store, "측정.csv", io.BytesIO(b"1\n"))
    taken = again(session, listing)
    file = {
        "id": stored.public_id,
        "name": "측정.csv",
        "size": 2,
        "sha256": SHA256,
        "content_type": "text/csv",
    }
    assert taken == {
        "kind": "solution",
        **{name: value for name, value in parts.items() if name != "plans"},
        "plans": [{"id": listing.plans[0].public_id, **monthly}],
        "evidence": [{"id": record.public_id, **FROZEN, "baseline": "3.10", "files": [file]}],
    }


def test_an_empty_draft_has_a_snapshot_too(session, vendor):
    listing = listings.draft(session, vendor, {"title": "이름뿐"})
    taken = again(session, listing)
    assert (taken["title"], taken["level"], taken["install_weeks"]) == ("이름뿐", None, None)
    empty = (
        "capabilities",
        "industries",
        "processes",
        "interfaces",
        "regions",
        "deployment",
        "plans",
        "evidence",
    )
    assert all(taken[name] == [] for name in empty)
    assert json.loads(json.dumps(taken)) == taken


#: Columns that are no part of what the vendor states: keys, times, the state of the working copy, the store's key.
NOT_STATED = {
    Listing: {
        "id",
        "public_id",
        "created_at",
        "updated_at",
        "organization_id",
        "state",
        "revision",
        "live_release",
        "suspension",
        "broken_on",
    },
    ListingTerm: {"id", "listing_id", "position"},
    Plan: {"id", "public_id", "listing_id", "position"},
    PlanQuality: {"id", "plan_id"},
    Evidence: {"id", "public_id", "created_at", "listing_id"},
    StoredFile: {"id", "public_id", "created_at", "organization_id", "evidence_id", "storage_key"},
}
OTHER = {int: 5, str: "다른", Decimal: Decimal("7.7"), date: date(2025, 7, 7)}
ALLOWED = {
    "kind": {Plan: "usage", Evidence: "claim"},
    "direction": {Evidence: "higher"},
    "basis": {PlanQuality: "claimed"},
}


def rows_of(listing):
    term = next(term for term in listing.terms if term.scheme == "ksic")
    record = listing.evidence[0]
    return [listing, term, listing.plans[0], listing.plans[0].quality[0], record, record.files[0]]


def test_every_column_that_the_vendor_states_is_in_the_snapshot(session, listing):
    """A column added to a model and forgotten in the snapshot could be changed after the review."""
    session.flush()
    listing.plans[0].trial_days = 30
    before = fingerprint(listings.snapshot(listing))
    tried = 0
    for row in rows_of(listing):
        for column in type(row).__table__.columns:
            if column.name in NOT_STATED[type(row)]:
                continue
            kept = getattr(row, column.name)
            other = ALLOWED.get(column.name, {}).get(type(row), OTHER[type(kept)])
            setattr(row, column.name, other)
            assert fingerprint(listings.snapshot(listing)) != before, (
                type(row).__name__,
                column.name,
            )
            setattr(row, column.name, kept)
            tried += 1
    assert fingerprint(listings.snapshot(listing)) == before
    assert tried > 35
    session.rollback()


def test_the_fingerprint_is_stable_under_the_order_of_keys_and_nothing_else():
    content = {"b": [1, {"y": "가", "x": None}], "a": {"d": 1, "c": 2}}
    turned = {"a": {"c": 2, "d": 1}, "b": [1, {"x": None, "y": "가"}]}
    assert fingerprint(content) == fingerprint(turned)
    assert fingerprint(json.loads(json.dumps(content))) == fingerprint(content)
    assert fingerprint({"b": [{"y": "가", "x": None}, 1], "a": content["a"]}) != fingerprint(content)
    assert fingerprint({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_a_snapshot_read_back_has_the_fingerprint_it_was_handed_in_with(session, listing):
    review = factories.submitted(session, listing)
    session.commit()
    session.expire_all()
    assert fingerprint(review.content) == review.content_hash
