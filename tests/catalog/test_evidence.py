"""Evidence records: what is refused at which field, and that a refusal leaves nothing behind."""

import hashlib
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from catalog import evidence
from catalog.errors import Conflict, Invalid
from catalog.files.folder import FolderStore
from catalog.models import Evidence, StoredFile
from tests import factories

TODAY = factories.TODAY
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "bytes")


@pytest.fixture
def listing(session, store):
    """A draft without evidence."""
    return factories.draft(session, factories.company(session, "vendor"), store, records=[])


def problems(act):
    with pytest.raises(Invalid) as refused:
        act()
    return [(problem.pointer, problem.code) for problem in refused.value.problems]


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


NO_DAYS = dict.fromkeys(("baseline_from", "baseline_to", "after_from", "after_to"))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"industry": {"revision": "11", "code": "999"}}, [("industry/code", "unknown_code")]),
        ({"industry": {"revision": "11", "code": "274"}}, [("industry/code", "unknown_code")]),
        ({"region": "atlantis"}, [("region", "unknown_code")]),
        ({"baseline_to": date(2025, 6, 1)}, [("baseline_to", "period_order")]),
        ({"after_to": date(2025, 8, 31)}, [("after_to", "period_order")]),
        ({"after_from": date(2025, 6, 28)}, [("after_from", "period_order")]),
        ({"after_to": TOMORROW}, [("after_to", "future")]),
        ({**NO_DAYS, "baseline_to": TOMORROW}, [("baseline_to", "future")]),
        ({**NO_DAYS, "after_from": TOMORROW}, [("after_from", "future")]),
        ({**NO_DAYS, "baseline_from": TOMORROW}, [("baseline_from", "future")]),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(session, listing, changes, expected):
    fields = factories.evidence_fields(**changes)
    assert problems(lambda: evidence.add(session, listing, fields, TODAY)) == expected
    assert count(session, Evidence) == 0


def test_all_faults_are_named_at_once(session, listing):
    fields = factories.evidence_fields(region="atlantis", after_to=TOMORROW, baseline_to=date(2025, 1, 1))
    found = problems(lambda: evidence.add(session, listing, fields, TODAY))
    assert found == [("region", "unknown_code"), ("baseline_to", "period_order"), ("after_to", "future")]


@pytest.mark.parametrize(
    "changes",
    [
        {"industry": {"revision": "10", "code": "274"}},  # revision 10 has it, revision 11 does not
        {"industry": None, "region": None, "headcount": None, "level": None},
        {"baseline_to": date(2025, 6, 2)},  # a period of one day
        {"after_from": date(2025, 6, 29)},  # it begins on the day the other ends
        {"after_to": TODAY},
        NO_DAYS,
    ],
)
def test_what_is_on_the_edge_is_taken(session, listing, changes):
    record = evidence.add(session, listing, factories.evidence_fields(**changes), TODAY)
    session.flush()
    assert listing.evidence == [record]


def test_a_record_keeps_its_digits_and_both_codes_of_its_industry(session, listing):
    fields = factories.evidence_fields(baseline=Decimal("3.10"), after=Decimal("0.900"))
    evidence.add(session, listing, fields, TODAY)
    session.commit()
    session.expire_all()
    record = session.scalars(select(Evidence)).one()
    assert (str(record.baseline), str(record.after)) == ("3.10", "0.900")
    assert (record.industry_revision, record.industry_code) == ("11", "303")


@pytest.mark.parametrize(
    ("direction", "after", "improved"),
    [
        ("lower", "3.0", True),
        ("lower", "3.1", False),
        ("lower", "3.2", False),
        ("higher", "3.2", True),
        ("higher", "3.10", False),
        ("higher", "3.0", False),
    ],
)
def test_better_is_in_the_direction_of_the_figure(session, listing, direction, after, improved):
    fields = factories.evidence_fields(direction=direction, after=Decimal(after))
    assert evidence.add(session, listing, fields, TODAY).improved is improved


def test_a_listing_holds_so_many_records_and_no_more(session, listing):
    for _ in range(evidence.MAX_RECORDS):
        evidence.add(session, listing, factories.evidence_fields(), TODAY)
    session.flush()
    more = factories.evidence_fields()
    assert problems(lambda: evidence.add(session, listing, more, TODAY)) == [("", "too_many")]
    assert count(session, Evidence) == evidence.MAX_RECORDS == 30


def test_a_record_holds_so_many_files_and_no_more(session, listing, store):
    record = evidence.add(session, listing, factories.evidence_fields(), TODAY)
    session.flush()
    for number in range(evidence.MAX_FILES):
        evidence.attach(session, record, store, f"{number}.csv", io.BytesIO(b"1\n"))
    session.flush()
    stored = sorted(path.name for path in store.root.rglob("*") if path.is_file())
    again = problems(lambda: evidence.attach(session, record, store, "6.csv", io.BytesIO(b"1\n")))
    assert again == [("file", "too_many")]
    assert count(session, StoredFile) == evidence.MAX_FILES == 5
    assert sorted(path.name for path in store.root.rglob("*") if path.is_file()) == stored


def test_a_refused_file_leaves_neither_row_nor_bytes(session, listing, store):
    record = evidence.add(session, listing, factories.evidence_fields(), TODAY)
    session.flush()
    for name, data in (("a.exe", b"MZ"), ("a.png", b"%PDF-1.7"), ("a.csv", b"")):
        with pytest.raises(Invalid, match="file: file_"):
            evidence.attach(session, record, store, name, io.BytesIO(data))
    assert count(session, StoredFile) == 0
    assert not store.root.exists()


def test_a_file_is_kept_under_a_random_key_with_its_fingerprint(session, listing, store):
    record = evidence.add(session, listing, factories.evidence_fields(), TODAY)
    session.flush()
    kept = evidence.attach(session, record, store, "../../측정 결과.CSV", io.BytesIO(b"1,2\n"))
    session.flush()
    assert (kept.name, kept.content_type, kept.size) == ("측정 결과.CSV", "text/csv", 4)
    assert kept.sha256 == hashlib.sha256(b"1,2\n").hexdigest()
    assert kept.organization_id == listing.organization_id
    assert len(kept.storage_key) == 32
    with store.open(kept.storage_key) as opened:
        assert opened.read() == b"1,2\n"


def test_a_refused_revision_changes_nothing(session, listing):
    record = evidence.add(session, listing, factories.evidence_fields(), TODAY)
    session.flush()
    wrong = factories.evidence_fields(kpi="다른 값", region="atlantis")
    assert problems(lambda: evidence.revise(session, record, wrong, TODAY)) == [("region", "unknown_code")]
    assert (record.kpi, record.region) == ("용접 불량률", "gyeongnam")


def test_a_revision_replaces_every_field(session, listing):
    record = evidence.add(session, listing, factories.evidence_fields(), TODAY)
    session.flush()
    other = {
        **factories.evidence_fields(),
        "kind": "claim",
        "kpi": "가동률",
        "unit": "시간",
        "direction": "higher",
        "after": Decimal(9),
        "baseline": Decimal(8),
        "industry": None,
        "region": None,
        "headcount": None,
        "level": None,
        **NO_DAYS,
        "method": "세었습니다",
        "sample": "",
        "verified_by": "",
    }
    evidence.revise(session, record, other, TODAY)
    session.commit()
    session.expire_all()
    kept = {name: getattr(record, name) for name in other if name != "industry"}
    assert kept == {name: value for name, value in other.items() if name != "industry"}
    assert (record.industry_revision, record.industry_code) == (None, None)


@pytest.mark.parametrize("act", ["add", "revise", "remove", "attach"])
def test_a_listing_under_review_takes_no_change(session, store, act):
    listing = factories.draft(session, factories.company(session, "vendor"), store)
    factories.submitted(session, listing)
    record, fields = listing.evidence[0], factories.evidence_fields(kpi="몰래")
    acts = {
        "add": lambda: evidence.add(session, listing, fields, TODAY),
        "revise": lambda: evidence.revise(session, record, fields, TODAY),
        "remove": lambda: evidence.remove(session, record),
        "attach": lambda: evidence.attach(session, record, store, "a.csv", io.BytesIO(b"1\n")),
    }
    with pytest.raises(Conflict, match=r"listing\.locked"):
        acts[act]()
    assert [(e.kpi, len(e.files)) for e in listing.evidence] == [("용접 불량률", 1)]


def test_a_record_is_removed_with_its_file_rows(session, listing, store):
    record = evidence.add(session, listing, factories.evidence_fields(), TODAY)
    session.flush()
    evidence.attach(session, record, store, "a.csv", io.BytesIO(b"1\n"))
    session.flush()
    evidence.remove(session, record)
    session.flush()
    assert (count(session, Evidence), count(session, StoredFile)) == (0, 0)
