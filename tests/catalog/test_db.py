"""Identifiers and column types: what goes into the database comes out of it."""

import uuid
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

from catalog.db import DecimalText, UtcDateTime, new_id, uuid7
from catalog.models import Certificate, ListingTerm, Organization
from tests import factories


def test_an_id_says_its_version_its_variant_and_its_time():
    made = uuid7(0x0123456789AB)
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert str(made).startswith("01234567-89ab-7")
    assert made.int >> 80 == 0x0123456789AB
    assert uuid7(2**48 + 5).int >> 80 == 5  # the time has 48 bits


def test_ids_are_in_the_order_of_their_milliseconds():
    ids = [uuid7(ms) for ms in (1, 2, 255, 256, 2**32, 2**47)]
    assert ids == sorted(ids)
    assert [str(i) for i in ids] == sorted(str(i) for i in ids)


def test_ids_of_one_millisecond_differ_in_74_bits():
    ids = {uuid7(1) for _ in range(2000)}
    assert len(ids) == 2000
    differing = 0
    for one in ids:
        differing |= one.int ^ next(iter(ids)).int
    assert differing.bit_count() == 74


def test_an_id_carries_the_present():
    before = datetime.now(UTC)
    carried = datetime.fromtimestamp((uuid.UUID(new_id()).int >> 80) / 1000, UTC)
    assert abs(carried - before) < timedelta(seconds=5)


def test_a_naive_time_is_refused_and_another_zone_becomes_utc():
    column = UtcDateTime()
    with pytest.raises(ValueError, match="naive"):
        column.process_bind_param(datetime(2026, 11, 21), None)  # noqa: DTZ001  # the point of the test
    seoul = datetime(2026, 11, 21, 12, 0, tzinfo=timezone(timedelta(hours=9)))
    assert column.process_bind_param(seoul, None) == datetime(2026, 11, 21, 3, 0)  # noqa: DTZ001  # as it is stored
    assert column.process_bind_param(None, None) is None
    assert column.process_result_value(None, None) is None


def test_a_naive_time_does_not_reach_the_database(session):
    made = factories.company(session, "vendor")
    session.commit()
    made.confirmed_at = datetime(2026, 11, 21)  # noqa: DTZ001  # the point of the test
    with pytest.raises(StatementError, match="naive"):
        session.flush()
    session.rollback()
    assert made.confirmed_at == factories.NOW


def test_times_come_back_aware_with_their_microseconds(session):
    made = factories.company(session, "vendor")
    made.confirmed_at = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=9)))
    session.commit()
    session.expire_all()
    assert made.confirmed_at == datetime(2026, 11, 21, 3, 0, 0, 123456, tzinfo=UTC)
    assert made.confirmed_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("given", "stored"),
    [("3.10", "3.10"), ("-0.000", "-0.000"), ("1E+3", "1000"), ("1E-6", "0.000001"), ("0", "0")],
)
def test_decimals_keep_their_digits(session, given, stored):
    column = DecimalText()
    written = column.process_bind_param(Decimal(given), None)
    assert written == stored
    kept = session.execute(select(text("CAST(:value AS VARCHAR(40))")).params(value=written)).scalar_one()
    assert str(column.process_result_value(kept, None)) == stored
    assert column.process_bind_param(None, None) is None


def test_a_row_gets_its_public_name_when_it_is_stored(session):
    made = factories.company(session, "vendor")
    assert uuid.UUID(made.public_id).version == 7
    assert abs(made.created_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_foreign_keys_hold(session):
    session.add(ListingTerm(listing_id=999, scheme="region", revision="2026-1", code="busan"))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
    assert session.scalar(select(ListingTerm.id)) is None


def test_an_error_of_the_database_does_not_repeat_the_values(session):
    session.add(Organization(name="아무도 읽으면 안 되는 이름", registration_number="1188103520"))
    session.flush()
    session.add(Organization(name="아무도 읽으면 안 되는 이름", registration_number="1188103520"))
    with pytest.raises(IntegrityError) as refused:
        session.flush()
    session.rollback()
    assert "아무도" not in str(refused.value)


def test_constraints_have_fixed_names():
    assert Certificate.__table__.primary_key.name == "pk_certificate"
    names = {constraint.name for constraint in Organization.__table__.constraints}
    assert names == {
        "pk_organization",
        "uq_organization_public_id",
        "uq_organization_registration_number",
        "ck_organization_capacity",
    }
