"""From a plant's state to a vendor's phone number, as people do it in Chromium on an empty database: an operator, a
validator, a vendor with two listings, a manufacturer, the anchor it supplies, a firm that denies, a coordinator."""

import pytest
from playwright.sync_api import expect

from tests import live
from tests.browser import acting, plant_steps, trade_steps
from tests.browser import stage as steps
from tests.browser.conftest import settings_in
from tests.browser.stage import Stage

pytestmark = pytest.mark.browser

A_MILLION = 1_000_000


class Parties:
    """Who walks: a page for each, their names and numbers, and what they call their things."""

    def __init__(self, stage):
        self.stage = stage
        roles = {"vendor": "vendor", "house": "vendor", "maker": "manufacturer"}
        roles |= {"anchor": "manufacturer", "denier": "manufacturer", "coordinator": "vendor"}
        names = {
            "vendor": "공급",
            "house": "검증",
            "maker": "수요",
            "anchor": "앵커",
            "denier": "남남",
            "coordinator": "협의",
        }
        self.name = {who: f"{word} {stage.word}" for who, word in names.items()}
        self.number = {who: next(stage.numbers) for who in names}
        self.page = {who: stage.browser() for who in (*names, "operator", "visitor")}
        self.roles = roles
        self.plant, self.demand = f"창원 {stage.word}", f"품질 기록 {stage.word}"
        self.dear = f"비드온 큰것 {stage.word}"
        # Exactly what the cheaper listing costs in its first year; the other costs twice as much.
        self.budget_amount = stage.first_year_amount


@pytest.mark.parametrize(
    ("scripts", "width"), [(True, 1440), (False, 390)], ids=["scripts", "phone, no scripts"]
)
def test_manufacturer_vendor_and_anchor_find_each_other(chromium, tmp_path, scripts, width):
    settings = settings_in(tmp_path)
    with live.serving(settings) as address:
        stage = Stage(chromium, address, scripts, width)
        parties = Parties(stage)
        _begin(parties, acting.operators_link(settings, address, "boss@ieum.example"))
        _know_the_plant(parties)
        _trade(parties)
        _find_a_solution(parties)
        _meet(parties)
        assert stage.said() == []
        stage.close()


def _begin(parties, link):
    """Everybody registers and is confirmed; the vendor publishes two listings and states its capacity."""
    stage, page = parties.stage, parties.page
    for who, role in parties.roles.items():
        acting.join(page[who], parties.name[who], parties.number[who], [role])
    steps.confirm_and_appoint(page["operator"], link, parties.name.values(), parties.name["house"])
    for title, times in ((stage.title, 1), (parties.dear, 2)):
        steps.draft(page["vendor"], title)
        amounts = (stage.monthly_amount * times, stage.setup_amount * times)
        steps.fill_in(page["vendor"], f"{stage.title_en} {times}", *amounts, ("ai_vision", "qms"))
        steps.hand_in(page["vendor"])
        steps.approve(page["house"], title)
    trade_steps.state_capacity(page["vendor"])


def _know_the_plant(parties):
    """The manufacturer describes its factory and learns its level."""
    maker = parties.page["maker"]
    maker.goto("/")
    plant_steps.describe(maker, parties.plant)
    plant_steps.check(maker, parties.plant)
    plant_steps.read_level(maker)


def _trade(parties):
    """The anchor says who supplies it; one confirms, one denies; a list, the map, and who else may see it."""
    page, name, number = parties.page, parties.name, parties.number
    anchor = page["anchor"]
    trade_steps.describe_anchor(anchor, f"울산 {parties.stage.word}")
    trade_steps.declare_supplier(anchor, number["maker"], "시트 브래킷")
    trade_steps.declare_supplier(anchor, number["denier"], "볼트")
    trade_steps.answer_link(page["maker"], name["anchor"], confirm=True)
    trade_steps.answer_link(page["denier"], name["anchor"], confirm=False)
    trade_steps.import_partners(anchor, number["maker"], next(parties.stage.numbers))
    trade_steps.read_own_chain(anchor, name["maker"], name["denier"])
    trade_steps.open_to(anchor, name["coordinator"], number["coordinator"])
    chain = trade_steps.read_opened_chain(page["coordinator"], name["anchor"], name["maker"])
    for stranger in ("vendor", "denier"):
        assert page[stranger].goto(chain).status == 404
        expect(page[stranger].locator("main")).not_to_contain_text(name["anchor"])


def _find_a_solution(parties):
    """From the roadmap to a demand, a ranked list, a shortlist and a link."""
    stage, maker = parties.stage, parties.page["maker"]
    maker.goto("/")
    acting.go(maker, "우리 공장")
    maker.get_by_role("link", name="자가진단").first.click()
    plant_steps.roadmap_to_demand(maker, stage.title)
    plant_steps.write_need(maker, parties.demand, parties.budget_amount, parties.budget_amount + A_MILLION)
    plant_steps.read_matches(maker, stage.title, parties.dear)
    plant_steps.try_more_budget(maker, (stage.title, parties.dear))
    plant_steps.try_weights(maker)
    plant_steps.shortlist(maker, stage.title)
    plant_steps.share(maker, parties.page["visitor"], parties.demand, stage.title)


def _meet(parties):
    """On the board without a name; both sides read names only when both want it; closed, the demand is gone."""
    stage, page = parties.stage, parties.page
    maker, vendor = page["maker"], page["vendor"]
    secrets = (parties.name["maker"], parties.demand, parties.plant)
    plant_steps.show_on_board(maker, parties.demand, parties.name["maker"])
    trade_steps.find_on_board(vendor, *secrets)
    trade_steps.find_lead(vendor, stage.title, parties.dear, *secrets)
    trade_steps.accept_lead(vendor, *secrets)
    trade_steps.accept_contact(maker, parties.name["vendor"])
    trade_steps.read_contact(vendor, parties.name["maker"], parties.demand)
    plant_steps.close(maker, parties.demand)
    vendor.goto("/board")
    expect(vendor.locator("ul.board > li")).to_have_count(0)
