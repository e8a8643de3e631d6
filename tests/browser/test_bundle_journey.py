"""From a demand to a bundle that anybody can buy, as people do it in Chromium on an empty database: an operator, a
validator, a coordinator, three vendors with a product each, a manufacturer whose demand it is composed for, another
that finds the bundle by itself."""

import time

import pytest
from playwright.sync_api import expect

from tests import live
from tests.browser import acting, bundle_steps, plant_steps
from tests.browser import stage as steps
from tests.browser.conftest import settings_in
from tests.browser.stage import Stage

pytestmark = pytest.mark.browser

#: The worker brings what was approved into the search index within seconds.
FOUND_WITHIN_SECONDS = 60
VENDORS, CAPABILITIES = ("first", "second", "third"), ("mes", "plm", "erp")
DISCOUNT_AMOUNT = 1_234_567


class Parties:
    """Who walks: a page for each, what they are called."""

    def __init__(self, stage):
        self.stage = stage
        names = {"first": "가온", "second": "나래", "third": "다온", "house": "검증", "runner": "코디"}
        names |= {"maker": "수요", "other": "딴데"}
        self.roles = {who: "manufacturer" if who in ("maker", "other") else "vendor" for who in names}
        self.name = {who: f"{word} {stage.word}" for who, word in names.items()}
        self.page = {who: stage.browser() for who in (*names, "operator")}
        self.titles = [f"{word}품 {stage.word}" for word in ("생산", "설계", "회계")]
        self.matches = ""
        self.bundle = f"한묶음 {stage.word}"


@pytest.mark.parametrize(
    ("scripts", "width"), [(True, 1440), (False, 390)], ids=["scripts", "phone, no scripts"]
)
def test_vendors_sell_as_one_and_a_second_manufacturer_finds_it(chromium, tmp_path, scripts, width):
    settings = settings_in(tmp_path)
    with live.serving(settings) as address:
        stage = Stage(chromium, address, scripts, width)
        parties = Parties(stage)
        _begin(parties, acting.operators_link(settings, address, "boss@ieum.example"))
        _ally(parties)
        _ask(parties)
        price = _compose(parties)
        _sell(parties)
        _hear(parties, price)
        _find(parties, price)
        assert stage.said() == []
        stage.close()


def _begin(parties, link):
    """Everybody registers and is confirmed; each vendor publishes one product."""
    stage, page = parties.stage, parties.page
    for who, role in parties.roles.items():
        acting.join(page[who], parties.name[who], next(stage.numbers), [role])
    steps.confirm_and_appoint(page["operator"], link, parties.name.values(), parties.name["house"])
    for who, title, capability in zip(VENDORS, parties.titles, CAPABILITIES, strict=True):
        steps.draft(page[who], title)
        amounts = (stage.monthly_amount, stage.setup_amount)
        steps.fill_in(page[who], f"{stage.title_en} {who}", *amounts, (capability,))
        steps.hand_in(page[who])
        steps.approve(page["house"], title)


def _ally(parties):
    """The coordinator brings the three together under a charter."""
    runner = parties.page["runner"]
    bundle_steps.found_alliance(runner, f"우리 {parties.stage.word}")
    for who in VENDORS:
        bundle_steps.invite(runner, parties.name[who])
        bundle_steps.join(parties.page[who])
    charter = bundle_steps.propose_charter(runner)
    for who in VENDORS:
        bundle_steps.accept_charter(parties.page[who], charter)


def _ask(parties):
    """A manufacturer states its demand and shows it to the alliance; the coordinator reads it without a name."""
    maker, runner = parties.page["maker"], parties.page["runner"]
    parties.matches = _demand(maker, f"울산 {parties.stage.word}", f"셋을 한 번에 {parties.stage.word}")
    maker.goto("/")
    acting.go(maker, "얼라이언스")
    maker.locator(".allies a").first.click()
    maker.get_by_role("link", name="이 얼라이언스에 수요 보내기").click()
    maker.get_by_role("link", name="공개 범위 정하기").first.click()
    acting.send(maker, "#aud", {"audience": ["alliance"]}, "이 범위에 보이기")
    acting.expect_said(maker, "고른 범위에 수요가 보여요")
    acting.go(runner, "얼라이언스")
    runner.locator(".ally-row h3 a").first.click()
    runner.get_by_role("link", name="들어온 수요").click()
    expect(runner.locator("main .ally-row")).to_have_count(1)
    expect(runner.locator("main .ally-row")).to_contain_text("제조실행시스템")
    expect(runner.locator("main")).not_to_contain_text(parties.name["maker"])


def _compose(parties):
    """From the demand the coordinator has composed, takes the best bundle as a draft, describes and prices it."""
    runner = parties.page["runner"]
    bundle_steps.compose(runner)
    for title in parties.titles:
        expect(runner.locator("main")).to_contain_text(title)
    bundle_steps.take_best(runner, parties.bundle)
    bundle_steps.describe(runner)
    bundle_steps.press_cells(runner, parties.titles[1])
    return bundle_steps.price(runner, DISCOUNT_AMOUNT)


def _sell(parties):
    """All three sign exactly that; published, judged."""
    runner, page = parties.page["runner"], parties.page
    version = bundle_steps.send(runner, [parties.name[who] for who in VENDORS])
    for who in VENDORS:
        last = who == VENDORS[-1]
        bundle_steps.sign(page[who], parties.bundle, "모두 서명했어요" if last else "서명했어요")
    bundle_steps.publish(runner, version)
    bundle_steps.approve(page["house"], parties.bundle, steps.STATEMENT)


def _hear(parties, price):
    """The manufacturer whose demand it was finds it on its morning page and in its matches, and compares it."""
    maker = parties.page["maker"]
    bundle_steps.hear(maker, parties.bundle, price)
    maker.goto(parties.matches)
    until = time.monotonic() + FOUND_WITHIN_SECONDS
    while not bundle_steps.ranked(maker, parties.bundle).count():
        assert time.monotonic() < until
        time.sleep(1)
        acting.press(maker.locator("main"), "다시 계산")
    bundle_steps.compare(maker, parties.bundle, parties.titles[0])


def _find(parties, price):
    """Another finds the bundle by itself, reads its proof, compares it in its own matches, and chooses it."""
    other = parties.page["other"]
    until = time.monotonic() + FOUND_WITHIN_SECONDS
    while not acting.search(other, parties.bundle) or not other.get_by_text(parties.bundle).count():
        assert time.monotonic() < until
        time.sleep(1)
    bundle_steps.read_proof(other, parties.bundle, price, [parties.name[who] for who in VENDORS])
    matches = _demand(other, f"거제 {parties.stage.word}", f"우리도 셋을 {parties.stage.word}")
    bundle_steps.compare(other, parties.bundle, parties.titles[0])
    other.goto(matches)
    bundle_steps.choose(other, parties.bundle)


def _demand(page, plant, title):
    """A factory and a demand for all three capabilities, one of them a must; answers the address of its matches."""
    page.goto("/")
    plant_steps.describe(page, plant)
    page.goto("/demands/new")
    need = {"title": title}
    for place, code in enumerate(CAPABILITIES):
        need |= {f"requirements/{place}/capability": code}
        need |= {f"requirements/{place}/must": "must" if code == CAPABILITIES[0] else "nice"}
    acting.send(page, "main form.stack", need, "수요 등록하고 후보 보기")
    acting.expect_said(page, "후보를 찾았어요")
    return page.url
