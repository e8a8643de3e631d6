"""A list of partners: what would become of it, then declared once, whatever is repeated."""

import io
import time

import pytest
from sqlalchemy import event, func, select

from catalog import regno
from catalog.errors import Conflict, Invalid, NotAllowed
from matching.models.trade_link import LinkImport, TradeLink
from matching.supply_chain import importing, links
from tests.factories import TODAY
from tests.matching.supply_chain.conftest import said

HEADING = "관계,사업자등록번호,기업 이름,품목,거래 시작일,거래 종료일\n"


def keep(session, own, *lines):
    data = (HEADING + "\n".join(lines)).encode()
    made = importing.keep(session, own, "명단.csv", io.BytesIO(data))
    session.flush()
    return made


def outcomes(session, own, kept):
    return [
        (v.row.line, v.outcome, [f.code for f in v.findings])
        for v in importing.check(session, own, kept, TODAY)
    ]


def count(session):
    return session.scalar(select(func.count(TradeLink.id)))


@pytest.fixture
def list_of(session, firm):
    """An anchor, its list with a row of every outcome, and the partner that has declared it already."""
    anchor, press, other = firm("앵커"), firm("프레스"), firm("다른 곳")
    links.declare(session, press, said("customer", anchor), TODAY)
    refused = links.declare(session, anchor, said("customer", other), TODAY).link
    session.flush()
    links.deny(session, refused, other, "아니에요", TODAY)
    session.flush()
    outside = regno.make("777881234")
    kept = keep(
        session,
        anchor,
        f"공급처,{press.registration_number},,,,",
        f"공급처,{outside},바깥,도금,2020-01-02,",
        f"공급처,{outside},바깥,도금,2020-01-02,",
        f"납품처,{outside},바깥,폐수,,",
        f"공급처,{anchor.registration_number},우리,,,",
        f"납품처,{other.registration_number},,,,",
        "공급처,123-45-67890,틀림,,,",
        f"공급처,{regno.make('777881235')},,,,",
    )
    return anchor, press, kept


def test_every_row_says_what_would_become_of_it(session, list_of):
    anchor, _press, kept = list_of
    before = count(session)
    assert outcomes(session, anchor, kept) == [
        (2, "confirmed", []),
        (3, "new", []),
        (4, "known", ["row_repeated"]),
        (5, "new", ["row_mutual"]),
        (6, "bad", ["link_itself"]),
        (7, "bad", ["link_denied"]),
        (8, "bad", ["registration_number"]),
        (9, "bad", ["link_name"]),
    ]
    assert count(session) == before, "a check declares nothing"


def test_the_good_rows_are_declared_and_the_same_file_again_makes_nothing_new(session, list_of):
    anchor, press, kept = list_of
    made = importing.apply(session, anchor, kept, importing.GOOD_ROWS, TODAY)
    session.flush()
    assert [(done.outcome, done.partner) for done in made] == [
        ("confirmed", press),
        ("new", None),
        ("new", None),
    ]
    with pytest.raises(Conflict):
        importing.apply(session, anchor, kept, importing.GOOD_ROWS, TODAY)
    after = count(session)
    again = importing.LinkImport(
        organization_id=anchor.id, file_name="명단.csv", sha256=kept.sha256, rows=kept.rows
    )
    session.add(again)
    session.flush()
    assert importing.counts(importing.check(session, anchor, again, TODAY)) == {
        "new": 0,
        "confirmed": 0,
        "known": 4,
        "bad": 4,
    }
    assert importing.apply(session, anchor, again, importing.GOOD_ROWS, TODAY) == []
    session.flush()
    assert count(session) == after


def test_all_or_nothing_is_nothing_as_long_as_a_row_is_bad(session, list_of):
    anchor, _press, kept = list_of
    before = count(session)
    with pytest.raises(Invalid) as error:
        importing.apply(session, anchor, kept, importing.ALL_OR_NOTHING, TODAY)
    assert [(p.pointer, p.code) for p in error.value.problems][:2] == [
        ("rows/6/registration_number", "link_itself"),
        ("rows/7/registration_number", "link_denied"),
    ]
    assert (count(session), kept.applied_on) == (before, None)


def test_a_list_that_waits_is_replaced_by_the_next(session, firm):
    anchor = firm("앵커")
    for number in ("777881234", "777881235"):
        keep(session, anchor, f"공급처,{regno.make(number)},바깥,,,")
    assert session.scalar(select(func.count(LinkImport.id))) == 1


def test_a_company_that_is_not_confirmed_sends_no_list(session, firm):
    with pytest.raises(NotAllowed):
        keep(session, firm("새 회사", confirmed=False), f"공급처,{regno.make('777881234')},바깥,,,")


def test_five_thousand_partners_in_few_statements(session, firm):
    anchor = firm("앵커")
    lines = [f"공급처,{regno.make(str(300_000_000 + i))},회사 {i},,," for i in range(5_000)]
    kept = keep(session, anchor, *lines)
    sent = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *said: sent.append(said[2]))
    began = time.process_time()
    assert importing.counts(importing.check(session, anchor, kept, TODAY))["new"] == 5_000
    assert len(sent) <= 10
    assert len(importing.apply(session, anchor, kept, importing.ALL_OR_NOTHING, TODAY)) == 5_000
    session.flush()
    assert time.process_time() - began < 20
    assert count(session) == 5_000
