"""Connectors between interfaces and conflicts between listings: dated, with a source, the newest of a pair."""

from datetime import date

import pytest
from sqlalchemy import select

from catalog import interop
from catalog.bundles.facts import ConflictFact, Connector
from catalog.errors import Conflict, Invalid
from catalog.models import InterfaceConnector, Listing, ListingConflict
from tests import factories

TODAY = factories.TODAY
SOURCE = "합성 예시"


def connector(session, one="rest", other="opcua", **changes):
    said = {"price_amount": 3_000_000, "source": SOURCE, "as_of": TODAY, "today": TODAY, **changes}
    return interop.note_connector(session, one, other, **said)


def conflict(session, one, other, **changes):
    said = {"reason": "같은 포트를 써요.", "source": SOURCE, "as_of": TODAY, "today": TODAY, **changes}
    return interop.note_conflict(session, one, other, **said)


@pytest.fixture
def products(session):
    vendor = factories.company(session, "vendor")
    rows = [Listing(organization=vendor, kind="solution", title=f"제품 {n}") for n in range(3)]
    session.add_all(rows)
    session.flush()
    return rows


def test_a_pair_is_noted_in_either_order(session):
    connector(session, "rest", "opcua")
    assert interop.connectors(session) == (Connector(("opcua", "rest"), 3_000_000, SOURCE, TODAY),)


def test_a_newer_fact_ends_the_one_before_and_keeps_it(session):
    old = connector(session, as_of=date(2026, 1, 1))
    connector(session, "opcua", "rest", price_amount=4_000_000)
    assert [each.price_amount for each in interop.connectors(session)] == [4_000_000]
    assert (old.price_amount, old.ended_on) == (3_000_000, TODAY)


def test_what_has_ended_holds_no_more_and_cannot_be_ended_again(session):
    row = connector(session)
    interop.end(session, row, TODAY)
    assert interop.connectors(session) == ()
    with pytest.raises(Conflict, match=r"interop\.ended"):
        interop.end(session, row, TODAY)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"one": "telepathy"}, ("one", "unknown_code")),
        ({"one": "opcua"}, ("other", "repeated")),
        ({"price_amount": -1}, ("price_amount", "amount_range")),
        ({"price_amount": 10**12 + 1}, ("price_amount", "amount_range")),
        ({"source": " "}, ("source", "required")),
        ({"as_of": date(2026, 11, 22)}, ("as_of", "future")),
        ({"as_of": date(2025, 12, 31)}, ("as_of", "older_than_known")),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(session, changes, problem):
    connector(session, as_of=date(2026, 1, 1))
    with pytest.raises(Invalid) as refused:
        connector(session, **changes)
    assert [(each.pointer, each.code) for each in refused.value.problems] == [problem]
    assert [(row.as_of, row.ended_on) for row in session.scalars(select(InterfaceConnector))] == [
        (date(2026, 1, 1), None)
    ]


def test_conflicts_are_those_between_two_of_the_listings(session, products, monkeypatch):
    one, other, third = products
    conflict(session, other, one)
    conflict(session, one, third, reason="서로 자료를 덮어써요.")
    pair = tuple(sorted((one.public_id, other.public_id)))
    wanted = (ConflictFact(pair, "같은 포트를 써요.", SOURCE, TODAY),)
    assert interop.conflicts(session, pair) == wanted
    monkeypatch.setattr(interop, "BY_NAME", 1)
    assert interop.conflicts(session, pair) == wanted
    assert len(interop.conflicts(session, [row.public_id for row in products])) == 2
    assert interop.conflicts(session, [one.public_id]) == ()


def test_a_newer_conflict_ends_the_one_before(session, products):
    one, other, _third = products
    conflict(session, one, other, as_of=date(2026, 1, 1))
    conflict(session, other, one, reason="새 판에서도 같아요.")
    rows = session.scalars(select(ListingConflict).order_by(ListingConflict.id)).all()
    assert [(row.reason, row.ended_on) for row in rows] == [
        ("같은 포트를 써요.", TODAY),
        ("새 판에서도 같아요.", None),
    ]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"reason": " "}, ("reason", "required")),
        ({"source": ""}, ("source", "required")),
        ({"as_of": date(2027, 1, 1)}, ("as_of", "future")),
    ],
)
def test_a_conflict_needs_a_reason_a_source_and_a_day(session, products, changes, problem):
    with pytest.raises(Invalid) as refused:
        conflict(session, *products[:2], **changes)
    assert [(each.pointer, each.code) for each in refused.value.problems] == [problem]
    assert interop.conflicts(session, [row.public_id for row in products]) == ()


def test_a_listing_does_not_conflict_with_itself(session, products):
    with pytest.raises(Invalid) as refused:
        conflict(session, products[0], products[0])
    assert [(each.pointer, each.code) for each in refused.value.problems] == [("other", "repeated")]
