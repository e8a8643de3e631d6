"""A firm's account is deleted: what only it said goes, what its partners said stays theirs without its name."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from catalog import regno
from catalog.errors import NotFound
from matching.models.trade_link import STATES, TRANSITIONS, TradeLink
from matching.scoring.facts import Partner
from matching.supply_chain import chain, links, partners
from tests import factories
from tests.factories import TODAY
from tests.matching.supply_chain.conftest import said

ANSWERED = TODAY + timedelta(days=3)
GONE = "–"


@pytest.fixture
def leaver(firm):
    """The supplier whose account will be deleted."""
    return firm("떠나는 프레스")


@pytest.fixture
def anchor(firm):
    """Its customer, which stays."""
    return firm("남는 앵커")


def declared(session, by, direction, other, **changes):
    link = links.declare(session, by, said(direction, other, **changes), TODAY).link
    session.flush()
    return link


def state_of(session, link):
    """What is stored of a link; None if it is gone."""
    session.expire_all()
    return session.scalar(select(TradeLink).where(TradeLink.public_id == link))


def forget(session, own):
    links.forget(session, own, called=GONE)
    session.expire_all()


def answer(session, link, by, state, *, declarer=None):
    """Bring a declared link into `state`; `by` is whoever answers."""
    if state in {"confirmed", "ended"}:
        links.confirm(session, link, by, ANSWERED, share_systems=False, share_chain=False)
    if state == "denied":
        links.deny(session, link, by, "그런 거래가 없어요", ANSWERED)
    if state in {"ended", "withdrawn"}:
        assert links.end(session, link, declarer, ANSWERED) == state
    session.flush()


#: (state, who declared it) → what stays of it: (state, who declared it, on, answered on), None = nothing.
STAYS = {
    ("declared", "us"): None,
    ("withdrawn", "us"): None,
    ("denied", "us"): None,
    ("confirmed", "us"): ("declared", "them", ANSWERED, None),
    ("ended", "us"): ("ended", "them", ANSWERED, None),
    ("declared", "them"): ("declared", "them", TODAY, None),
    ("withdrawn", "them"): ("withdrawn", "them", TODAY, None),
    ("denied", "them"): ("denied", "them", TODAY, ANSWERED),
    ("confirmed", "them"): ("declared", "them", TODAY, None),
    ("ended", "them"): ("ended", "them", TODAY, None),
}


def test_every_state_is_decided():
    assert {state for state, _by in STAYS} == set(STATES)
    assert len(STAYS) == 2 * len(STATES)
    assert {state: after and after[0] for (state, by), after in STAYS.items() if by == "them"} == {
        state: "declared" if "declared" in TRANSITIONS.get(state, ()) else state for state in STATES
    }


@pytest.mark.parametrize("we", ["supplier", "customer"])
@pytest.mark.parametrize(("state", "by"), STAYS)
def test_what_stays_of_a_link(session, leaver, anchor, state, by, we):
    they = "customer" if we == "supplier" else "supplier"
    declarer, other, direction = (leaver, anchor, they) if by == "us" else (anchor, leaver, we)
    link = declared(session, declarer, direction, other)
    answer(session, link, other, state, declarer=declarer)
    name, number = link.public_id, link.number_of(we)
    forget(session, leaver)
    kept, after = state_of(session, name), STAYS[state, by]
    if after is None:
        assert kept is None
        return
    assert (kept.state, kept.declared_by, kept.declared_on, kept.answered_on) == (
        after[0],
        they,
        *after[2:],
    )
    assert (kept.name_of(we), kept.number_of(we)) == (GONE, number)
    assert (kept.name_of(they), kept.number_of(they)) == ("남는 앵커", anchor.registration_number)
    assert (kept.item, kept.denial) == ("브래킷", "")


def test_its_sites_and_consents_go_and_the_partners_stay(session, leaver, anchor):
    press, assembly = factories.site(session, leaver), factories.site(session, anchor)
    period = {"since": date(2024, 1, 1), "until": date(2030, 1, 1)}
    done = links.declare(
        session, anchor, said("supplier", leaver, share_systems=True, **period), TODAY, site=assembly
    )
    session.flush()
    link = done.link
    links.confirm(session, link, leaver, ANSWERED, share_systems=True, share_chain=True, site=press)
    session.flush()
    forget(session, leaver)
    assert (link.supplier_site_id, link.supplier_shares, link.shows_below) == (None, False, False)
    assert (link.customer_site_id, link.customer_shares) == (assembly.id, True)
    assert (link.since, link.until) == (period["since"], period["until"])


def test_a_partner_keeps_the_name_that_it_found_itself(session, firm, anchor):
    """Declared before the firm was here: those are the partner's own words."""
    number = regno.make("777881234")
    link = declared(session, anchor, "supplier", number, name="들은 이름")
    leaver = firm("등록한 이름")
    leaver.registration_number = number
    session.flush()
    links.confirm(session, link, leaver, TODAY, share_systems=False, share_chain=False)
    forget(session, leaver)
    assert (link.supplier_name, link.state, link.declared_by) == ("들은 이름", "declared", "customer")


def test_a_partner_that_was_asked_and_one_that_declared_too_are_left_the_same(session, leaver, firm):
    """Whoever comes second confirms the first one's link: it must not lose its word by that."""
    asked, second = firm("물어본 곳"), firm("둘째로 말한 곳")
    first = declared(session, leaver, "customer", asked)
    answer(session, first, asked, "confirmed")
    links.declare(session, leaver, said("customer", second), TODAY)
    session.flush()
    met = links.declare(session, second, said("supplier", leaver), ANSWERED)
    assert met.outcome == "confirmed"
    forget(session, leaver)
    assert [(row.state, row.declared_by, row.declared_on) for row in (first, met.link)] == [
        ("declared", "customer", ANSWERED)
    ] * 2


def test_the_partners_chain_and_score_keep_the_edge_as_its_own_word(session, leaver, anchor, supply):
    mes = {"name": "MES", "capability": "mes", "interfaces": ["rest"]}
    factories.site(session, leaver, systems=[mes], level=3)
    supply(leaver, anchor, shows=True, supplier_shares=True)
    below, firm_below = chain.below(session, anchor, TODAY), leaver.registration_number
    assert (below.firms[firm_below].name, below.firms[firm_below].level) == ("떠나는 프레스", 3)
    forget(session, leaver)
    leaver.registration_number, leaver.name = None, GONE  # what closing does besides
    session.flush()
    seen = chain.below(session, anchor, TODAY).firms[firm_below]
    assert (seen.name, seen.level, seen.kind, seen.registered) == (GONE, None, "", False)
    assert partners.of(session, anchor.id) == (Partner("supplier", "declared", frozenset(), ()),)


def test_the_same_firm_that_comes_back_is_asked_like_anybody(session, leaver, firm, supply):
    anchor, denier = firm("앵커"), firm("그런 거래를 신고한 곳")
    link = supply(leaver, anchor)
    denied = declared(session, denier, "supplier", leaver)
    answer(session, denied, leaver, "denied")
    number = leaver.registration_number
    forget(session, leaver)
    leaver.registration_number = None
    session.flush()
    again = firm("돌아온 프레스")
    again.registration_number = number
    session.flush()
    links.confirm(session, link, again, ANSWERED, share_systems=False, share_chain=False)
    assert (link.state, link.answered_on) == ("confirmed", ANSWERED)
    # what it denied before is still denied: deleting an account proves nothing to the other side
    assert denied.state == "denied"


def test_an_unconfirmed_firm_touches_nobodys_word(session, firm, anchor):
    newcomer = firm("새 회사", confirmed=False)
    link = declared(session, anchor, "supplier", newcomer, name="새 회사")
    forget(session, newcomer)
    assert (link.state, link.supplier_name) == ("declared", "새 회사")


def test_links_of_others_are_left_alone(session, leaver, anchor, firm, supply):
    other = supply(firm("도금"), anchor)
    supply(leaver, anchor)
    forget(session, leaver)
    assert (other.state, other.supplier_name, other.answered_on) == ("confirmed", "도금", TODAY)


def test_an_answer_to_a_link_that_went_meanwhile_finds_nothing(session, leaver, anchor):
    link = declared(session, leaver, "customer", anchor)
    session.execute(delete(TradeLink).execution_options(synchronize_session=False))
    with pytest.raises(NotFound):
        links.confirm(session, link, anchor, TODAY, share_systems=False, share_chain=False)
