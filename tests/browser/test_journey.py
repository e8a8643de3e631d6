"""The product's main job as people do it in Chromium, on an empty database: an operator and three new companies, random
names and amounts, from sign-up to ranked matches. No id, price or match comes from demo data."""

import random
import re
import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from catalog import regno
from marketplace import formats
from tests import live
from tests.browser import acting, looking
from tests.browser.conftest import settings_in

pytestmark = pytest.mark.browser

FOUND_WITHIN_SECONDS = 2.0
HANGUL = re.compile("[가-힣]")
SECRET, TO_VENDOR = "두 번째 현장은 우리가 직접 봐야 해요.", "표본을 현장마다 나눠 적어 주세요."
METHOD = "용접 셀 3개에서 전수 촬영한 판정을 검사원 2명이 다시 확인했습니다."
MENDED = METHOD + " 표본은 현장마다 하루 200개씩 뽑았습니다."


class Stage:
    """One run: the server, a browser for each person, and what chance has chosen."""

    def __init__(self, chromium, address, scripts, width):
        self.chromium, self.address, self.scripts, self.width = chromium, address, scripts, width
        self.complaints, self._contexts = [], []
        chance = random.Random(uuid.uuid4().int)
        word = uuid.uuid4().hex[:6]
        self.title, self.title_en = f"비드온 {word}", f"Beadon {word}"
        self.vendor, self.house, self.buyer = f"공급 {word}", f"검증 {word}", f"수요 {word}"
        self.numbers = iter([regno.make(str(n)) for n in chance.sample(range(10**8, 10**9), 3)])
        self.monthly_amount = chance.randrange(30, 90) * 100_000
        self.setup_amount = chance.randrange(1, 9) * 1_000_000
        self.first_year_amount = self.setup_amount + 12 * self.monthly_amount

    def browser(self):
        """A page of a person of their own."""
        context = self.chromium.new_context(
            base_url=self.address,
            java_script_enabled=self.scripts,
            viewport={"width": self.width, "height": looking.HEIGHT},
            locale="ko-KR",
        )
        context.set_default_timeout(20_000)
        self._contexts.append(context)
        page = context.new_page()
        self.complaints.append(looking.Watch(page, status=422))
        return page

    def close(self):
        """End every browser."""
        for context in self._contexts:
            context.close()


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
        _confirm_and_appoint(stage, operator, link)
        _hand_in(vendor)
        _send_back(stage, validator)
        _mend(vendor)
        _approve(stage, validator)
        approved_at = time.monotonic()
        visitor = stage.browser()
        _find(stage, visitor, approved_at)
        _read(stage, visitor)
        buyer = stage.browser()
        _state_demand(stage, buyer)
        _matches(stage, buyer)
        _lower_the_budget(stage, buyer)
        _in_english(stage, buyer)
        assert [word for watch in stage.complaints for word in watch.said] == []
        stage.close()


def _draft(stage, page):
    """The vendor registers, makes a draft, and is told by rule what is missing, each at its field."""
    acting.join(page, stage.vendor, next(stage.numbers), ["vendor"])
    acting.go(page, "우리 솔루션")
    page.get_by_role("link", name="새 솔루션 만들기").click()
    acting.send(page, "main form", {"title": stage.title}, "만들고 이어서 쓰기")
    acting.expect_said(page, "새 솔루션을 만들었어요")
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
    texts = {
        "title_en": stage.title_en,
        "summary": "용접 비드를 전수 촬영해 결함을 가려냅니다.",
        "summary_en": "Inspects every weld bead.",
        "description": "카메라로 비드를 전수 촬영하고 기공과 언더컷을 판정합니다. " * 4,
        "description_en": "Cameras photograph every bead and judge porosity on the spot.",
    }
    acting.send(page, "form[action$='/basics']", texts, "기본 정보 저장")
    scope = {
        "capabilities": ["ai_vision"], "industries": ["11:303"], "processes": ["welding"], "interfaces": ["opcua"],
        "nationwide": "1", "deployment": ["on_premise"], "level/from": 2, "level/to": 4, "install_weeks": 6,
    }  # fmt: skip
    acting.send(page, "form[action$='/scope']", scope, "적용 범위 저장")
    plan = {
        "name": "표준", "kind": "subscription", "price_amount": f"{stage.monthly_amount:,}",
        "setup_amount": stage.setup_amount, "quality/0/quality": 4, "quality/0/basis": "field_proven",
    }  # fmt: skip
    acting.send(page, "form[action$='/plans']", {f"plans/0/{k}": v for k, v in plan.items()}, "요금제 저장")
    acting.send(page, "form[action$='/evidence']", _record(), "근거 더하기")
    acting.expect_said(page, "근거를 더했어요")
    table = {"name": "측정.csv", "mimeType": "text/csv", "buffer": "날짜,불량\n2025-06-02,3\n".encode()}
    acting.send(page, "form[action$='/files']", {"evidence/0/files": table}, "파일 올리기")
    acting.expect_said(page, "파일을 올렸어요")
    acting.press(page.locator("main"), "심사 요청")
    expect(page.locator("#errors li")).to_have_count(1)
    expect(page.locator("#errors li")).to_contain_text("규칙 5.1")


def _record():
    record = {
        "kind": "field", "kpi": "용접 불량률", "unit": "%", "baseline": "3.1", "after": "0.9", "direction": "lower",
        "site/industry": "11:303", "site/region": "gyeongnam", "site/headcount": 62, "site/level": 2,
        "baseline_from": "2025-06-02", "baseline_to": "2025-06-29", "after_from": "2025-09-01",
        "after_to": "2025-10-26", "sample": "비드 18,420장", "verified_by": "수요기업 품질팀", "method": METHOD,
    }  # fmt: skip
    return {f"evidence/0/{name}": value for name, value in record.items()}


def _confirm_and_appoint(stage, page, link):
    """The operator sets a password by the one-time link, confirms both companies and appoints the validator."""
    page.goto(link)
    acting.send(page, "main form", {"password": acting.PASSWORD}, "비밀번호 정하고 로그인")
    acting.go(page, "운영")
    acting.go_in_console(page, "조직 목록")
    for name in (stage.vendor, stage.house):
        acting.press(page.get_by_role("row").filter(has_text=name), "확인")
        acting.expect_done(page, name, "확인했어요")
    acting.press(page.get_by_role("row").filter(has_text=stage.house), "검증기관 지정")
    acting.press(page.locator("main form.panel"), "검증기관 지정")
    acting.expect_done(page, stage.house, "검증기관으로 지정했어요")


def _hand_in(page):
    acting.press(page.locator("main"), "심사 요청")
    acting.expect_said(page, "심사 목록에 올랐어요")


def _take(stage, page):
    """The validator declares that there is no conflict of interest; only then is the submission open."""
    page.goto("/")
    acting.go(page, "심사 목록")
    page.get_by_role("row").filter(has_text=stage.title).get_by_role("link", name="이해관계 확인").click()
    expect(page.get_by_text("측정.csv")).to_have_count(0)
    acting.send(page, "form.declare", {"no_conflict": "1"}, "심사 시작")
    acting.expect_said(page, "심사를 맡았어요")
    expect(page.get_by_text("측정.csv")).to_be_visible()


def _send_back(stage, page):
    _take(stage, page)
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
    _hand_in(page)


def _approve(stage, page):
    _take(stage, page)
    points = page.locator("select[name^='points/']")
    for place in range(points.count()):
        points.nth(place).select_option("4")
    statement = "현장 한 곳의 원자료와 측정 방법을 확인했고, 다른 업종은 확인하지 않았습니다."
    acting.send(page, "#decide", {"decision": "approve", "statement": statement}, "판정 제출")
    acting.expect_said(page, "판정을 제출했어요")
    expect(page.get_by_role("link", name="인증서 C-")).to_be_visible()


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
    """One place, its fit in nine named axes of which two are not in use, and the edition of the weights."""
    place = page.locator("#rank-1")
    expect(page.locator("[id^='rank-']:not(h2)")).to_have_count(1)
    expect(place.locator("h3")).to_contain_text(stage.title)
    fit = int(re.match(r"\d+", place.locator(".score__n").inner_text()).group())
    assert 50 < fit <= 100
    acting.reveal(place.locator("table.axes"))
    axes = place.locator("table.axes tbody tr")
    expect(axes).to_have_count(9)
    expect(axes.filter(has_text="쓰지 않음")).to_have_count(2)
    points = [int(text) for text in axes.locator("td.num b").all_inner_texts()]
    assert len(points) == 7
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
