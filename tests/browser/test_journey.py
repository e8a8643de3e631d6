"""The product's main job as people do it in Chromium, on an empty database: an operator and three new companies, random
names and amounts, from sign-up to ranked matches. No id, price or match comes from demo data."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from marketplace import formats
from tests import live
from tests.browser import acting
from tests.browser import stage as steps
from tests.browser.conftest import settings_in
from tests.browser.stage import METHOD, Stage

pytestmark = pytest.mark.browser

FOUND_WITHIN_SECONDS = 2.0
HANGUL = re.compile("[가-힣]")
SECRET, TO_VENDOR = "두 번째 현장은 우리가 직접 봐야 해요.", "표본을 현장마다 나눠 적어 주세요."
MENDED = METHOD + " 표본은 현장마다 하루 200개씩 뽑았습니다."


@pytest.mark.parametrize(
    ("scripts", "width"), [(True, 1440), (False, 1440), (True, 390)], ids=["scripts", "no scripts", "phone"]
)
def test_three_new_companies_walk_the_whole_path(chromium, tmp_path, scripts, width):
    settings = settings_in(tmp_path)
    with live.serving(settings) as address:
        stage = Stage(chromium, address, scripts, width)
        link = acting.operators_link(settings, address, "boss@ieum.example")
        vendor, validator, operator = stage.browser(), stage.browser(), stage.browser()
        _draft(stage, vendor)
        _fill_in(stage, vendor)
        acting.join(validator, stage.house, next(stage.numbers), ["vendor"])
        steps.confirm_and_appoint(operator, link, (stage.vendor, stage.house), stage.house)
        steps.hand_in(vendor)
        _send_back(stage, validator)
        _mend(vendor)
        steps.approve(validator, stage.title)
        approved_at = time.monotonic()
        visitor = stage.browser()
        _find(stage, visitor, approved_at)
        _read(stage, visitor)
        buyer = stage.browser()
        _state_demand(stage, buyer)
        _matches(stage, buyer)
        _lower_the_budget(stage, buyer)
        _in_english(stage, buyer)
        assert stage.said() == []
        stage.close()


def _draft(stage, page):
    """The vendor registers, makes a draft, and is told by rule what is missing, each at its field."""
    acting.join(page, stage.vendor, next(stage.numbers), ["vendor"])
    steps.draft(page, stage.title)
    acting.press(page.locator("main"), "심사 요청")
    findings = page.locator("#errors li")
    expect(page.locator("#errors h2")).to_have_text("아직 심사를 요청할 수 없어요")
    expect(findings.filter(has_text="규칙 1.1")).to_have_count(1)
    for finding in findings.filter(has_not_text="규칙 5.1").all():
        field = page.locator(finding.get_by_role("link").get_attribute("href"))
        expect(field).to_have_count(1)
    findings.filter(has_text="규칙 2.1").get_by_role("link").click()
    expect(page.locator("#f-capabilities")).to_be_in_viewport()


def _fill_in(stage, page):
    """Section by section, with a file; then only the confirmation of the company is missing."""
    steps.fill_in(page, stage.title_en, stage.monthly_amount, stage.setup_amount)
    acting.press(page.locator("main"), "심사 요청")
    expect(page.locator("#errors li")).to_have_count(1)
    expect(page.locator("#errors li")).to_contain_text("규칙 5.1")


def _send_back(stage, page):
    steps.take(page, stage.title)
    finding = {
        "pointer": "evidence/0/method",
        "severity": "required",
        "text": "표본을 어떻게 뽑았는지 적어 주세요.",
    }
    finding = {f"finding/{name}": value for name, value in finding.items()}
    acting.send(page, "form[action$='/findings']", finding, "지적 더하기")
    acting.send(page, "form[action$='/notes/internal']", {"internal": SECRET}, "내부 메모 남기기")
    acting.send(page, "form[action$='/notes/vendor']", {"vendor": TO_VENDOR}, "공급기업에 보내기")
    expect(page.get_by_text(SECRET)).to_be_visible()
    acting.send(page, "#decide", {"decision": "send_back"}, "판정 제출")
    acting.expect_said(page, "판정을 제출했어요")


def _mend(page):
    """The vendor sees finding and message, but not what the validators keep among themselves; mends and hands in."""
    page.goto("/")
    acting.go(page, "우리 솔루션")
    page.get_by_role("link", name="지적 고치기").click()
    expect(page.get_by_text(TO_VENDOR)).to_be_visible()
    assert SECRET not in page.content()
    page.locator("#finding-1 a").click()
    field = page.locator("#f-evidence-0-method")
    expect(field).to_be_in_viewport()
    acting.send(
        page, "form[action*='/evidence/']:has([name$='/kpi'])", {"evidence/0/method": MENDED}, "근거 저장"
    )
    steps.hand_in(page)


def _find(stage, page, approved_at):
    """A visitor finds it within two seconds, then by Korean and English words and by a facet."""
    while acting.search(page, stage.title) == 0:
        assert time.monotonic() - approved_at < FOUND_WITHIN_SECONDS
    for text in ("비전 검사", "weld inspection", stage.title_en):
        assert acting.search(page, text) == 1, text
    assert acting.search(page, "급여 정산") == 0
    page.goto("/solutions")
    acting.tick_facet(page, "capability", "ai_vision", stage.scripts)
    expect(page.locator(".results h3")).to_have_text([stage.title])
    acting.tick_facet(page, "validation", "field", stage.scripts)
    expect(page.locator(".results h3")).to_have_text([stage.title])


def _read(stage, page):
    """The listing with its price and proof, its vendor, its certificate; not what the validators wrote."""
    page.get_by_role("link", name=stage.title, exact=True).click()
    expect(page.locator("h1")).to_have_text(stage.title)
    expect(page.locator("main")).to_contain_text(formats.won(stage.first_year_amount, "ko"))
    expect(page.locator("main")).to_contain_text(MENDED)
    assert SECRET not in page.content()
    assert TO_VENDOR not in page.content()
    page.locator("a[href^='/vendors/']").first.click()
    expect(page.locator("h1")).to_have_text(stage.vendor)
    page.go_back()
    page.locator("a[href^='/certificates/']").first.click()
    expect(page.locator("main")).to_contain_text(stage.house)
    expect(page.locator("main")).to_contain_text("다른 업종은 확인하지 않았습니다")


def _state_demand(stage, page):
    """The manufacturer describes its site and states a demand with exactly the budget of the first year."""
    acting.join(page, stage.buyer, next(stage.numbers), ["manufacturer"])
    acting.go(page, "수요·매칭")
    page.get_by_role("link", name="수요 만들기").click()
    page.get_by_role("link", name="공장 등록").click()
    site = {
        "name": "창원 공장", "headcount": 62, "industry": "11:303", "region": "gyeongnam", "processes": ["welding"],
        "systems/0/name": "PLC", "systems/0/capability": "controller_plc", "systems/0/interfaces": ["opcua"],
        "level/scale": "company_level", "level/value": 2, "level/basis": "self_reported",
    }  # fmt: skip
    acting.send(page, "main form", site, "공장 등록")
    acting.expect_said(page, "공장을 등록했어요")
    deadline = datetime.now(UTC).date() + timedelta(days=200)
    demand = {
        "title": "용접 불량 줄이기", "requirements/0/capability": "ai_vision", "requirements/0/min_quality": 3,
        "target_level/value": 3, "budget_amount": f"{stage.first_year_amount:,}", "deadline": deadline.isoformat(),
    }  # fmt: skip
    acting.send(page, "main form", demand, "수요 등록하고 후보 보기")
    acting.expect_said(page, "후보를 찾았어요")


def _matches(stage, page):
    """One place, its fit in nine named axes (the one of trade links is left out), and the edition of the weights."""
    place = page.locator("#rank-1")
    expect(page.locator("[id^='rank-']:not(h2)")).to_have_count(1)
    expect(place.locator("h3")).to_contain_text(stage.title)
    fit = int(re.match(r"\d+", place.locator(".score__n").inner_text()).group())
    assert 50 < fit <= 100
    acting.reveal(place.locator("table.axes"))
    axes = place.locator("table.axes tbody tr")
    expect(axes).to_have_count(9)
    expect(axes.filter(has_text="쓰지 않음")).to_have_count(0)
    expect(axes.filter(has_text="빠짐")).to_have_count(1)
    points = [int(text) for text in axes.locator("td.num b").all_inner_texts()]
    assert len(points) == 8
    assert sum(points) == fit
    expect(place).to_contain_text(formats.won(stage.first_year_amount, "ko"))
    expect(page.locator("main")).to_contain_text("공개 기준 2026-1")


def _lower_the_budget(stage, page):
    """With half the budget the listing is left out, and the page says why and from which budget on it would return."""
    page.get_by_role("link", name="수요 수정").click()
    half = stage.first_year_amount // 2
    acting.send(page, "main form.stack", {"budget_amount": half}, "저장하고 다시 찾기")
    acting.expect_said(page, "후보를 다시 찾았어요")
    expect(page.locator("#rank-1")).to_have_count(0)
    cause = page.locator(".outs > li")
    expect(cause).to_have_count(1)
    expect(cause).to_contain_text("예산 바꾸기")
    title = cause.locator(".left-out a", has_text=stage.title)
    acting.reveal(title)
    expect(title).to_be_visible()


def _in_english(stage, page):
    """The English switch: frame, headings and reasons; people's own Korean words stay, marked as Korean."""
    if acting.is_narrow(page):
        page.locator("details.menu > summary").click()
    page.locator("button[value='en']:visible").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator(".outs a[href^='/solutions/']")).to_have_text(stage.title_en)
    words = page.locator("h1, h2, h3, nav a, .outs p").filter(has_not=page.locator("[lang=ko]"))
    assert [text for text in words.all_inner_texts() if HANGUL.search(text)] == []
