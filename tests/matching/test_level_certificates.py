"""수준확인서: handed in, decided once, holding until the last day."""

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from catalog.errors import Conflict, Invalid
from catalog.files.folder import FolderStore
from catalog.models import StoredFile
from matching import level_certificates
from matching.maturity import assessments
from matching.models import Assessment, LevelCertificate
from tests import factories
from tests.catalog import hostile
from tests.factories import NOW, TODAY

DAY = timedelta(days=1)


def paper(**changes):
    return {
        "number": "SF-2026-00123",
        "body": "합성 확인기관",
        "scale": "company_level",
        "level": 3,
        "issued_on": date(2026, 3, 2),
        "valid_until": date(2027, 3, 1),
        **changes,
    }


@pytest.fixture
def plant(session):
    """A site whose company says that it is at level 2."""
    made = factories.site(session, factories.company(session, "manufacturer"))
    session.flush()
    return made


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "bytes")


def hand_in(session, site, store, *, name="확인서.pdf", data=None, **changes):
    stream = io.BytesIO(hostile.pdf() if data is None else data)
    return level_certificates.hand_in(
        session, site, store, paper(**changes), name=name, stream=stream, today=TODAY
    )


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def confirm(session, row, now=NOW):
    level_certificates.confirm(session, row, by="operator@example.com", now=now)
    session.flush()


def test_a_paper_waits_with_its_file_and_changes_no_level(session, plant, store):
    row = hand_in(session, plant, store)
    assert (row.state, row.number, row.level, row.reason) == ("waiting", "SF-2026-00123", 3, "")
    assert (row.file.organization_id, row.file.evidence_id) == (plant.organization_id, None)
    assert (row.file.content_type, row.file.name) == ("application/pdf", "확인서.pdf")
    with store.open(row.file.storage_key) as kept:
        assert kept.read() == hostile.pdf()
    held = assessments.current(session, plant, today=TODAY)
    assert (held.level, held.basis) == (2, "self_reported")


def test_once_confirmed_its_level_holds_through_its_last_day_on_its_own_scale(session, plant, store):
    row = hand_in(session, plant, store)
    confirm(session, row)
    assert (row.state, row.decided_by, row.decided_at) == ("confirmed", "operator@example.com", NOW)
    for day, level, basis in (
        (TODAY, 3, "certified"),
        (date(2027, 3, 1), 3, "certified"),
        (date(2027, 3, 2), 2, "self_reported"),
    ):
        held = assessments.current(session, plant, today=day)
        assert (held.level, held.basis) == (level, basis), day
    assert assessments.current(session, plant, "system_level", today=TODAY) is None
    assert row.assessment.detail["number"] == "SF-2026-00123"


def test_a_system_level_stays_apart(session, plant, store):
    confirm(session, hand_in(session, plant, store, scale="system_level", level=4))
    assert assessments.current(session, plant, "system_level", today=TODAY).level == 4
    assert assessments.current(session, plant, today=TODAY).basis == "self_reported"


def test_a_refused_paper_says_why_and_may_be_handed_in_again(session, plant, store):
    row = hand_in(session, plant, store)
    level_certificates.refuse(session, row, reason="번호가 달라요.", by="operator@example.com", now=NOW)
    session.flush()
    assert (row.state, row.reason) == ("refused", "번호가 달라요.")
    assert assessments.current(session, plant, today=TODAY).basis == "self_reported"
    again = hand_in(session, plant, store)
    assert again.state == "waiting"


def test_it_is_decided_once(session, plant, store):
    row = hand_in(session, plant, store)
    confirm(session, row)
    with pytest.raises(Conflict, match=r"level_certificate\.decided"):
        level_certificates.refuse(session, row, reason="늦었어요.", by="second@example.com", now=NOW)
    with pytest.raises(Conflict, match=r"level_certificate\.decided"):
        confirm(session, row)
    assert (row.state, row.reason, row.decided_by) == ("confirmed", "", "operator@example.com")
    assert count(session, Assessment) == 2


def test_a_paper_that_ended_while_it_waited_cannot_be_confirmed(session, plant, store):
    row = hand_in(session, plant, store, valid_until=TODAY)
    with pytest.raises(Conflict, match=r"level_certificate\.ended"):
        confirm(session, row, now=NOW + DAY)
    assert row.state == "waiting"
    confirm(session, row)
    assert assessments.current(session, plant, today=TODAY).basis == "certified"


def test_the_paper_of_another_company_is_seen_and_cannot_be_confirmed_twice(session, plant, store):
    first = hand_in(session, plant, store)
    confirm(session, first)
    thief = factories.site(session, factories.company(session, "manufacturer"))
    second = hand_in(session, thief, store, number="sf 2026–00123", data=hostile.pdf(b"other"))
    assert level_certificates.twins(session, second) == [first]
    with pytest.raises(Conflict, match=r"level_certificate\.number_taken"):
        confirm(session, second)
    assert second.state == "waiting"
    assert assessments.current(session, thief, today=TODAY).basis == "self_reported"


def test_the_very_same_file_under_another_number_is_seen_too(session, plant, store):
    first = hand_in(session, plant, store)
    thief = factories.site(session, factories.company(session, "manufacturer"))
    second = hand_in(session, thief, store, number="XX-9")
    assert level_certificates.twins(session, second) == [first]
    third = hand_in(session, thief, store, number="XX-10", data=hostile.pdf(b"third"))
    assert level_certificates.twins(session, third) == []


def test_the_same_number_is_not_handed_in_twice_by_one_company(session, plant, store):
    hand_in(session, plant, store)
    sister = factories.site(session, plant.organization)
    for place in (plant, sister):
        with pytest.raises(Invalid) as refused:
            hand_in(session, place, store, number="sf202600123")
        assert [(p.pointer, p.code) for p in refused.value.problems] == [("number", "certificate_known")]
    assert (count(session, LevelCertificate), count(session, StoredFile)) == (1, 1)


def test_only_so_many_wait(session, plant, store):
    for n in range(level_certificates.MAX_WAITING):
        hand_in(session, plant, store, number=f"N-{n}")
    with pytest.raises(Conflict, match=r"level_certificate\.too_many"):
        hand_in(session, plant, store, number="N-last")


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"number": "- -"}, "number", "required"),
        ({"level": 6}, "level", "range"),
        ({"scale": "system_level", "level": 5}, "level", "range"),
        ({"issued_on": TODAY + DAY, "valid_until": TODAY + 30 * DAY}, "issued_on", "future"),
        ({"valid_until": date(2026, 3, 1)}, "valid_until", "period_order"),
        ({"valid_until": TODAY - DAY}, "valid_until", "past"),
        ({"valid_until": date(9999, 12, 31)}, "valid_until", "certificate_long"),
        ({"name": "표.csv", "data": b"a,b\n"}, "file", "file_type"),
        ({"name": "확인서.pdf", "data": b"not a pdf"}, "file", "file_content"),
        ({"name": "확인서.pdf", "data": b""}, "file", "file_empty"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_kept(
    session, plant, store, changes, pointer, code
):
    with pytest.raises(Invalid) as refused:
        hand_in(session, plant, store, **changes)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [(pointer, code)]
    assert (count(session, LevelCertificate), count(session, StoredFile)) == (0, 0)


def test_pictures_are_taken_too(session, plant, store):
    row = hand_in(session, plant, store, name="사진.png", data=hostile.picture())
    assert row.file.content_type == "image/png"


@pytest.mark.parametrize(
    ("today", "word"),
    [
        (date(2026, 12, 30), "holds"),
        (date(2026, 12, 31), "ending"),
        (date(2027, 3, 1), "ending"),
        (date(2027, 3, 2), "ended"),
    ],
)
def test_what_it_stands_at_follows_from_the_day(session, plant, store, today, word):
    row = hand_in(session, plant, store)
    assert level_certificates.standing(row, today) == "waiting"
    confirm(session, row)
    assert level_certificates.standing(row, today) == word


@pytest.mark.parametrize("number", ["SF-2026-00123", "sf2026 00123", "ＳＦ－2026.00123", "SF_2026–00123"])
def test_numbers_are_compared_without_what_people_write_differently(number):
    assert level_certificates.number_key(number) == "sf202600123"
