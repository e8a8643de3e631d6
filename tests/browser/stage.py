"""One run of a journey on an empty database: a browser for each person, names and amounts by chance, and the steps that
every journey needs before its own: a listing that is published, companies that the operator has confirmed."""

import random
import uuid

from playwright.sync_api import expect

from catalog import regno
from tests.browser import acting, looking

METHOD = "용접 셀 3개에서 전수 촬영한 판정을 검사원 2명이 다시 확인했습니다."
TEXTS = {
    "summary": "용접 비드를 전수 촬영해 결함을 가려냅니다.",
    "summary_en": "Inspects every weld bead.",
    "description": "카메라로 비드를 전수 촬영하고 기공과 언더컷을 판정합니다. " * 4,
    "description_en": "Cameras photograph every bead and judge porosity on the spot.",
}
STATEMENT = "현장 한 곳의 원자료와 측정 방법을 확인했고, 다른 업종은 확인하지 않았습니다."


class Stage:
    """One run: the server, a browser for each person, and what chance has chosen."""

    def __init__(self, chromium, address, scripts, width):
        self.chromium, self.address, self.scripts, self.width = chromium, address, scripts, width
        self.complaints, self._contexts = [], []
        self.chance = random.Random(uuid.uuid4().int)
        word = self.word = uuid.uuid4().hex[:6]
        self.title, self.title_en = f"비드온 {word}", f"Beadon {word}"
        self.vendor, self.house, self.buyer = f"공급 {word}", f"검증 {word}", f"수요 {word}"
        self.numbers = iter([regno.make(str(n)) for n in self.chance.sample(range(10**8, 10**9), 12)])
        self.monthly_amount = self.chance.randrange(30, 90) * 100_000
        self.setup_amount = self.chance.randrange(1, 9) * 1_000_000
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

    def said(self):
        """What any of the pages has complained about."""
        return [word for watch in self.complaints for word in watch.said]

    def close(self):
        """End every browser."""
        for context in self._contexts:
            context.close()


def draft(page, title):
    """A vendor begins a listing and is on its page."""
    page.goto("/")
    acting.go(page, "우리 솔루션")
    page.get_by_role("link", name="새 솔루션 만들기").first.click()
    acting.send(page, "main form", {"title": title}, "만들고 이어서 쓰기")
    acting.expect_said(page, "새 솔루션을 만들었어요")


def fill_in(page, title_en, monthly_amount, setup_amount, capabilities=("ai_vision",)):
    """Section by section, with a record and its file."""
    acting.send(page, "form[action$='/basics']", {"title_en": title_en, **TEXTS}, "기본 정보 저장")
    scope = {
        "capabilities": list(capabilities), "industries": ["11:303"], "processes": ["welding"],
        "interfaces": ["opcua"], "nationwide": "1", "deployment": ["on_premise"],
        "level/from": 2, "level/to": 4, "install_weeks": 6,
    }  # fmt: skip
    acting.send(page, "form[action$='/scope']", scope, "적용 범위 저장")
    plan = {
        "name": "표준", "kind": "subscription", "price_amount": f"{monthly_amount:,}", "setup_amount": setup_amount,
    }  # fmt: skip
    for i in range(len(capabilities)):
        plan |= {f"quality/{i}/quality": 4, f"quality/{i}/basis": "field_proven"}
    acting.send(page, "form[action$='/plans']", {f"plans/0/{k}": v for k, v in plan.items()}, "요금제 저장")
    acting.send(page, "form[action$='/evidence']", _record(), "근거 더하기")
    acting.expect_said(page, "근거를 더했어요")
    table = {"name": "측정.csv", "mimeType": "text/csv", "buffer": "날짜,불량\n2025-06-02,3\n".encode()}
    acting.send(page, "form[action$='/files']", {"evidence/0/files": table}, "파일 올리기")
    acting.expect_said(page, "파일을 올렸어요")


def _record():
    record = {
        "kind": "field", "kpi": "용접 불량률", "unit": "%", "baseline": "3.1", "after": "0.9", "direction": "lower",
        "site/industry": "11:303", "site/region": "gyeongnam", "site/headcount": 62, "site/level": 2,
        "baseline_from": "2025-06-02", "baseline_to": "2025-06-29", "after_from": "2025-09-01",
        "after_to": "2025-10-26", "sample": "비드 18,420장", "verified_by": "수요기업 품질팀", "method": METHOD,
    }  # fmt: skip
    return {f"evidence/0/{name}": value for name, value in record.items()}


def confirm_and_appoint(page, link, names, house):
    """The operator sets a password by the one-time link, confirms the companies and appoints the validator."""
    page.goto(link)
    acting.send(page, "main form", {"password": acting.PASSWORD}, "비밀번호 정하고 로그인")
    acting.go(page, "운영")
    acting.go_in_console(page, "조직 목록")
    for name in names:
        acting.press(page.get_by_role("row").filter(has_text=name), "확인")
        acting.expect_done(page, name, "확인했어요")
    acting.press(page.get_by_role("row").filter(has_text=house), "검증기관 지정")
    acting.press(page.locator("main form.panel"), "검증기관 지정")
    acting.expect_done(page, house, "검증기관으로 지정했어요")


def hand_in(page):
    """From the page of the listing."""
    acting.press(page.locator("main"), "심사 요청")
    acting.expect_said(page, "심사 목록에 올랐어요")


def take(page, title):
    """The validator declares that there is no conflict of interest; only then is the submission open."""
    page.goto("/")
    acting.go(page, "심사 목록")
    page.get_by_role("row").filter(has_text=title).get_by_role("link", name="이해관계 확인").click()
    expect(page.get_by_text("측정.csv")).to_have_count(0)
    acting.send(page, "form.declare", {"no_conflict": "1"}, "심사 시작")
    acting.expect_said(page, "심사를 맡았어요")
    expect(page.get_by_text("측정.csv")).to_be_visible()


def approve(page, title):
    """The validator takes the submission, judges and signs."""
    take(page, title)
    points = page.locator("select[name^='points/']")
    for place in range(points.count()):
        points.nth(place).select_option("4")
    acting.send(page, "#decide", {"decision": "approve", "statement": STATEMENT}, "판정 제출")
    acting.expect_said(page, "판정을 제출했어요")
    expect(page.get_by_role("link", name="인증서 C-")).to_be_visible()
