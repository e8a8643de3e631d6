"""Declare, meet, confirm, deny, consent, withdraw, end."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from catalog import regno
from catalog.errors import Conflict, Invalid, NotAllowed
from matching.models.trade_link import TradeLink
from matching.supply_chain import links
from tests.factories import TODAY
from tests.matching.supply_chain.conftest import said


def count(session):
    return session.scalar(select(func.count(TradeLink.id)))


def refused(session, own, fields):
    """(pointer, code) of each problem; afterwards nothing has changed."""
    before = count(session)
    with pytest.raises(Invalid) as error:
        links.declare(session, own, fields, TODAY)
    assert count(session) == before
    return [(problem.pointer, problem.code) for problem in error.value.problems]


def test_a_declaration_waits_for_the_other_side(session, firm):
    press, anchor = firm("프레스"), firm("앵커")
    done = links.declare(session, press, said("customer", anchor, share_chain=True), TODAY)
    assert (done.outcome, done.partner) == ("new", anchor)
    link = done.link
    assert (link.supplier_number, link.customer_number) == (
        press.registration_number,
        anchor.registration_number,
    )
    assert (link.state, link.declared_by, link.answering) == ("declared", "supplier", "customer")
    assert (link.shows_below, link.supplier_shares, link.customer_shares) == (True, False, False)
    with pytest.raises(NotAllowed) as error:
        links.confirm(session, link, press, TODAY, share_systems=False, share_chain=False)
    assert (error.value.code, link.state) == ("link.own", "declared")


def test_the_same_link_told_from_both_sides_is_one_and_confirmed(session, firm):
    press, anchor = firm("프레스"), firm("앵커")
    first = links.declare(session, press, said("customer", anchor), TODAY).link
    session.flush()
    done = links.declare(session, anchor, said("supplier", press, item="", share_systems=True), TODAY)
    assert (done.outcome, done.link) == ("confirmed", first)
    assert (first.state, first.answered_on, first.item) == ("confirmed", TODAY, "브래킷")
    assert (first.customer_shares, first.supplier_shares) == (True, False)
    assert count(session) == 1


def test_duplicates_and_oneself_are_refused_at_the_number(session, firm):
    press, anchor = firm("프레스"), firm("앵커")
    links.declare(session, press, said("customer", anchor), TODAY)
    session.flush()
    assert refused(session, press, said("customer", anchor)) == [("registration_number", "link_known")]
    assert refused(session, press, said("supplier", press)) == [("registration_number", "link_itself")]
    assert refused(session, press, said("supplier", "123-45-67890")) == [
        ("registration_number", "registration_number")
    ]


def test_both_ways_round_are_two_links(session, firm):
    one, two = firm("하나"), firm("둘")
    links.declare(session, one, said("supplier", two), TODAY)
    session.flush()
    assert links.declare(session, one, said("customer", two), TODAY).outcome == "new"
    session.flush()
    assert count(session) == 2


def test_a_firm_that_is_not_here_needs_a_name_and_is_kept_as_written(session, firm):
    press = firm("프레스")
    outside = regno.make("777881234")
    assert refused(session, press, said("supplier", outside)) == [("name", "link_name")]
    done = links.declare(session, press, said("supplier", outside, name="바깥 도금"), TODAY)
    assert (done.partner, done.link.supplier_name) == (None, "바깥 도금")


def test_a_company_that_is_not_confirmed_declares_nothing_and_is_nobodys_partner(session, firm):
    press, newcomer = firm("프레스"), firm("새 회사", confirmed=False)
    with pytest.raises(NotAllowed):
        links.declare(session, newcomer, said("customer", press), TODAY)
    done = links.declare(session, press, said("supplier", newcomer, name="들은 이름"), TODAY)
    assert (done.partner, done.link.supplier_name) == (None, "들은 이름")


def test_days_must_make_a_period(session, firm):
    press, anchor = firm("프레스"), firm("앵커")
    later = TODAY + timedelta(days=1)
    assert refused(session, press, said("customer", anchor, since=later)) == [("since", "future")]
    turned = said("customer", anchor, since=date(2024, 5, 2), until=date(2024, 5, 1))
    assert refused(session, press, turned) == [("until", "period_order")]


def test_a_denial_says_why_and_ends_the_declarers_asking(session, firm):
    press, anchor = firm("프레스"), firm("앵커")
    link = links.declare(session, press, said("customer", anchor), TODAY).link
    session.flush()
    with pytest.raises(Invalid):
        links.deny(session, link, anchor, "", TODAY)
    assert link.state == "declared"
    links.deny(session, link, anchor, "2024년에 끝났어요", TODAY)
    session.flush()
    assert (link.state, link.denial, link.answered_on) == ("denied", "2024년에 끝났어요", TODAY)
    assert refused(session, press, said("customer", anchor)) == [("registration_number", "link_denied")]
    assert links.declare(session, anchor, said("supplier", press), TODAY).outcome == "new"


def test_a_second_answer_is_refused(session, firm, supply):
    press, anchor = firm("프레스"), firm("앵커")
    link = supply(press, anchor)
    for act in (
        lambda: links.confirm(session, link, press, TODAY, share_systems=True, share_chain=True),
        lambda: links.deny(session, link, press, "아니에요", TODAY),
    ):
        with pytest.raises(Conflict) as error:
            act()
        assert error.value.code == "link.answered"
    assert (link.state, link.supplier_shares, link.shows_below) == ("confirmed", False, False)


def test_only_a_supplier_shows_what_is_below(session, firm, supply):
    press, anchor = firm("프레스"), firm("앵커")
    link = supply(press, anchor)
    links.consent(session, link, press, share_systems=True, share_chain=True)
    assert (link.supplier_shares, link.shows_below) == (True, True)
    with pytest.raises(Invalid) as error:
        links.consent(session, link, anchor, share_systems=True, share_chain=True)
    assert [p.code for p in error.value.problems] == ["supplier_only"]
    assert link.customer_shares is False
    assert refused(session, anchor, said("supplier", firm("다른 곳"), share_chain=True)) == [
        ("share_chain", "supplier_only")
    ]


def test_withdraw_what_we_declared_and_end_what_was_confirmed(session, firm, supply):
    press, anchor = firm("프레스"), firm("앵커")
    link = links.declare(session, press, said("customer", anchor), TODAY).link
    session.flush()
    with pytest.raises(NotAllowed) as error:
        links.end(session, link, anchor, TODAY)
    assert error.value.code == "link.answer"
    assert links.end(session, link, press, TODAY) == "withdrawn"
    session.flush()
    other = supply(press, anchor)
    assert links.end(session, other, anchor, TODAY) == "ended"
    assert other.until == TODAY
    with pytest.raises(Conflict) as over:
        links.end(session, other, press, TODAY)
    assert over.value.code == "link.over"
    session.flush()
    assert links.declare(session, press, said("customer", anchor), TODAY).outcome == "new", (
        "it may begin again"
    )
