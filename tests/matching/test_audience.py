"""Who sees a demand, and that nothing of it leads back to the firm: widening, narrowing, groups of five, statistics."""

import random
from datetime import date

import pytest
from sqlalchemy import func, select

from catalog.errors import Conflict, Invalid, NotAllowed
from catalog.models import Organization
from matching import audience, board, crowds, demands
from matching.board import Filters, Need
from matching.crowds import GROUP, Crowd, Firm
from matching.models import Demand, DemandVersion
from tests import factories

NOW, TODAY = factories.NOW, factories.TODAY


@pytest.fixture
def maker(session):
    return factories.company(session, "manufacturer", name="해울정밀공업")


@pytest.fixture
def vendor(session):
    return factories.company(session, "vendor", name="가람비전")


@pytest.fixture
def demand(session, maker):
    site = factories.site(session, maker, name="비밀공장 제3동")
    return factories.demand(
        session,
        site,
        title="은하수 라인 개조",
        description="해울정밀공업의 은하수 라인을 고쳐요",
        budget_amount=57_300_000,
    )


def seen(session, who):
    return list(session.scalars(audience.visible_to(who)))


def crowded(session, number=GROUP):
    """So many more confirmed firms that look like the one of the demand."""
    for _ in range(number):
        factories.site(session, factories.company(session, "manufacturer"))
    session.flush()


def test_a_demand_is_private_until_it_is_widened(session, demand, vendor):
    assert (demand.audience, seen(session, vendor)) == ("private", [])
    demands.widen(session, demand, "board", [], NOW)
    assert seen(session, vendor) == [demand]
    assert seen(session, demand.organization) == []


def test_named_organizations_see_the_name_and_nobody_else_sees_anything(session, demand, vendor):
    other = factories.company(session, "vendor")
    demands.widen(session, demand, "organizations", [vendor], NOW)
    assert (seen(session, vendor), seen(session, other)) == ([demand], [])
    view = audience.shown(demand, vendor)
    assert (view.named, view.organization, view.title) == (True, "해울정밀공업", "은하수 라인 개조")
    assert view.asked[0].min_quality == 3


def test_the_board_leaves_the_named_their_view(session, demand, vendor):
    demands.widen(session, demand, "organizations", [vendor], NOW)
    demands.widen(session, demand, "board", [], NOW)
    other = factories.company(session, "vendor")
    assert audience.shown(demand, vendor).named is True
    assert audience.shown(demand, other).named is False
    assert audience.shown(demand, other, accepted=True).organization == "해울정밀공업"


def test_only_confirmed_vendors_see_anything(session, demand):
    demands.widen(session, demand, "board", [], NOW)
    unconfirmed = factories.company(session, "vendor", confirmed=False)
    buyer = factories.company(session, "manufacturer")
    assert (seen(session, unconfirmed), seen(session, buyer)) == ([], [])
    assert audience.may_see(demand, unconfirmed) is False


def test_narrowing_hides_at_once(session, demand, vendor):
    demands.widen(session, demand, "organizations", [vendor], NOW)
    demands.widen(session, demand, "board", [], NOW)
    demands.narrow(session, demand, "organizations")
    assert (demand.audience, seen(session, vendor)) == ("organizations", [demand])
    demands.narrow(session, demand, "organizations", keep=[])
    assert (demand.audience, demand.shared_at, seen(session, vendor)) == ("private", None, [])


def test_closing_takes_every_widening_back_and_reopening_gives_none(session, demand, vendor):
    demands.widen(session, demand, "board", [vendor], NOW)
    demands.close(session, demand, "bought", "다른 솔루션을 샀어요")
    session.flush()
    assert (seen(session, vendor), demand.named) == ([], [])
    demands.reopen(session, demand)
    session.flush()
    assert (demand.state, demand.audience, demand.closed_reason) == ("open", "private", None)
    assert seen(session, vendor) == []


REFUSED = [
    ("alliance", ("alliance", "required")),
    ("private", ("audience", "choice")),
    ("everybody", ("audience", "choice")),
    ("organizations", ("organizations", "required")),
]


@pytest.mark.parametrize(("wanted", "expected"), REFUSED)
def test_a_refused_widening_changes_nothing(session, demand, wanted, expected):
    with pytest.raises(Invalid) as refused:
        demands.widen(session, demand, wanted, [], NOW)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [expected]
    assert (demand.audience, demand.shared_at) == ("private", None)


def test_nobody_but_other_confirmed_vendors_can_be_named(session, demand, maker):
    unconfirmed = factories.company(session, "vendor", confirmed=False)
    buyer = factories.company(session, "manufacturer")
    with pytest.raises(Invalid) as refused:
        demands.widen(session, demand, "organizations", [unconfirmed, buyer, maker], NOW)
    assert [p.pointer for p in refused.value.problems] == [f"organizations/{i}" for i in range(3)]
    assert (demand.audience, demand.named) == ("private", [])


def test_an_unconfirmed_firm_shows_nothing(session):
    owner = factories.company(session, "manufacturer", confirmed=False)
    demand = factories.demand(session, factories.site(session, owner))
    with pytest.raises(NotAllowed, match="organization"):
        demands.widen(session, demand, "board", [], NOW)
    assert demand.audience == "private"


def test_a_wider_audience_is_not_narrowed_by_widening(session, demand, vendor):
    demands.widen(session, demand, "board", [], NOW)
    with pytest.raises(Conflict, match="wider_already"):
        demands.widen(session, demand, "organizations", [vendor], NOW)
    with pytest.raises(Invalid):
        demands.narrow(session, factories.demand(session, demand.site), "board")


def test_a_draft_is_shown_to_nobody(session, demand):
    fields = {
        "title": "",
        "description": "",
        "requirements": [],
        "target_level": None,
        "budget_amount": None,
        "deadline": date(2020, 1, 1),
    }
    kept = demands.draft(session, demand.site, fields, TODAY)
    session.flush()
    with pytest.raises(Conflict, match="draft"):
        demands.widen(session, kept, "board", [], NOW)
    with pytest.raises(Invalid):
        demands.state_draft(session, kept, demand.site, fields, TODAY)
    assert (kept.state, kept.title) == ("draft", "")
    demands.discard(session, kept)
    session.flush()
    assert session.scalar(select(func.count()).select_from(Demand)) == 1


def secrets_of(demand):
    """Every word that would give the firm away."""
    texts = (
        demand.organization.name,
        demand.organization.registration_number,
        demand.site.name,
        demand.title,
        demand.description,
        "2027-06-30",
        "57300000",
    )
    return [word for text in texts for word in text.split()]


def test_nothing_identifying_is_in_the_anonymous_view(session, demand, vendor):
    crowded(session)
    demands.widen(session, demand, "board", [], NOW)
    view = audience.shown(demand, vendor)
    assert not [word for word in secrets_of(demand) if word in repr(view)]
    assert (view.industry, view.region, view.size) == ("30", "gyeongnam", (50, 99))
    assert (view.quarter, view.budget) == ((2027, 2), (50_000_000, 100_000_000))
    assert view.group >= GROUP


def test_a_lone_firm_is_described_by_nothing(session, demand, vendor):
    demands.widen(session, demand, "board", [], NOW)
    view = audience.shown(demand, vendor)
    assert (view.industry, view.sector, view.region, view.area, view.size) == (None,) * 5


def test_whatever_the_country_a_description_fits_five_firms_or_none():
    chance = random.Random(20261122)
    industries, regions = ["10", "22", "25", "303", "261"], ["gyeonggi", "gyeongnam", "busan", "jeju"]
    for _ in range(60):
        firms = [
            Firm(
                chance.randint(1, 40),
                chance.choice(industries),
                chance.choice(regions),
                chance.randint(1, 400),
            )
            for _ in range(chance.randint(0, 60))
        ]
        crowd = Crowd(firms)
        for firm in firms:
            masked = crowd.mask(firm.industry, firm.region, firm.headcount)
            fitting = {
                other.organization
                for other in firms
                if masked.industry in (None, other.industry[:2])
                and masked.sector in (None, crowds.sector_of(other.industry))
                and masked.region in (None, other.region)
                and masked.area in (None, crowds.area_of(other.region))
                and (masked.size is None or within(other.headcount, masked.size))
            }
            hidden = (masked.industry, masked.sector, masked.region, masked.area, masked.size) == (None,) * 5
            assert hidden or len(fitting) == masked.group >= GROUP


def within(headcount, band):
    return band[0] <= headcount and (band[1] is None or headcount <= band[1])


def test_filters_do_not_find_what_is_hidden(session, demand, vendor):
    demands.widen(session, demand, "board", [], NOW)
    shown = board.views(session, seen(session, vendor), vendor, TODAY)
    assert board.chosen(shown, Filters(sector="machine_vehicle")) == []
    assert board.chosen(shown, Filters(area="yeongnam")) == []
    assert len(board.chosen(shown, Filters(capability="ai_vision"))) == 1


def need(firm, sector="metal", area="capital", unmet=False, capability="mes"):
    return Need(firm, sector, area, frozenset([capability]), unmet)


def test_a_statistic_speaks_of_five_firms_or_is_silent():
    assert board.counts([need(firm) for firm in range(4)]) == []
    assert board.counts([need(1) for _ in range(9)]) == []
    (told,) = board.counts([need(firm) for firm in range(5)])
    assert (told.sector, told.area, told.firms, told.unmet) == ("metal", "capital", 5, None)


def test_a_capability_is_told_in_one_division_so_that_nothing_follows_by_subtraction():
    mixed = [need(firm) for firm in range(5)] + [need(9, sector="food")]
    (told,) = board.counts(mixed)
    assert (told.sector, told.area, told.firms) == (None, "capital", 6)


def test_of_the_unmet_a_remainder_of_few_is_not_told():
    few_met = [need(firm, unmet=firm < 5) for firm in range(6)]
    assert board.counts(few_met)[0].unmet is None
    assert board.counts([need(firm, unmet=True) for firm in range(6)])[0].unmet == 6


def versions(session, demand):
    rows = select(DemandVersion.number).where(DemandVersion.demand_id == demand.id)
    return list(session.scalars(rows.order_by(DemandVersion.number)))


def fields_of(demand, **changes):
    return {
        "title": demand.title,
        "description": demand.description,
        "requirements": [{"capability": "ai_vision", "must": True, "min_quality": 3}],
        "target_level": demand.target_level,
        "budget_amount": demand.budget_amount,
        "deadline": demand.deadline,
        **changes,
    }


def test_a_change_makes_a_version_and_no_change_makes_none(session, demand):
    demands.revise(session, demand, fields_of(demand), TODAY)
    assert (demand.version, versions(session, demand)) == (1, [1])
    demands.revise(session, demand, fields_of(demand, budget_amount=1), TODAY, by="kim@example.com")
    session.flush()
    assert (demand.version, versions(session, demand)) == (2, [1, 2])
    newest = demands.versions_of(session, demand)[0]
    assert (newest.by, newest.content["budget_amount"]) == ("kim@example.com", 1)


def test_the_second_of_two_editors_is_told_and_nothing_is_lost(session, demand):
    demands.revise(session, demand, fields_of(demand, title="첫째"), TODAY, expected=1)
    with pytest.raises(Conflict, match=r"demand\.version"):
        demands.revise(session, demand, fields_of(demand, title="둘째"), TODAY, expected=1)
    assert (demand.title, demand.version) == ("첫째", 2)


def test_links_and_programme_are_checked_and_kept(session, demand):
    wrong = [["mes", "mes"], ["mes", "teleport"], ["mes", "erp"], ["erp", "mes"]]
    with pytest.raises(Invalid) as refused:
        demands.revise(session, demand, fields_of(demand, links=wrong, programme="none such"), TODAY)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [
        ("links/0/1", "link_to_itself"),
        ("links/1/1", "unknown_code"),
        ("links/3/1", "repeated"),
        ("programme", "unknown_code"),
    ]
    assert demand.links == []
    demands.revise(session, demand, fields_of(demand, links=[["mes", "erp"]]), TODAY)
    assert demand.links == [["mes", "erp"]]


def test_the_country_counts_confirmed_firms_once(session, demand):
    factories.site(session, demand.organization)
    factories.site(session, factories.company(session, "manufacturer", confirmed=False))
    session.flush()
    crowd = audience.crowd(session)
    assert crowd.mask("303", "gyeongnam", 62).group == 0
    assert session.scalar(select(func.count()).select_from(Organization)) == 2


def test_the_worked_example_of_the_page():
    """docs/audience.md, "Never fewer than five firms"."""
    firms = [Firm(key, "303", "gyeongnam", 62) for key in range(5)] + [Firm(9, "301", "busan", 320)]
    country = Crowd(firms)
    exact, coarse = country.mask("303", "gyeongnam", 62), country.mask("301", "busan", 320)
    assert (exact.industry, exact.region, exact.size, exact.group) == ("30", "gyeongnam", (50, 99), 5)
    assert (coarse.industry, coarse.region, coarse.area, coarse.size) == ("30", None, "yeongnam", None)
    assert coarse.group == 6
