"""What a manufacturer does with its plant in the browser: describe it, check its level, turn the way to the next level
into a demand, read the ranked list, try, keep and show it. The journeys put the steps together."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from marketplace import formats
from tests.browser import acting

#: Answers to questions 1 to 12, "?" is 모르겠어요: quality (7, 8) is far behind, the mean of the ten is 2.4.
ANSWERS = "33?333113" + "22" + "?"
STOPPED_AFTER = 5
NOTE = "다음 주에 현장에서 확인"


def describe(page, name):
    """A factory in depth: people, processes, systems with what they speak, data, staff and limits."""
    acting.go(page, "우리 공장")
    page.get_by_role("link", name="공장 등록").click()
    site = {
        "name": name, "headcount": 62, "industry": "11:303", "region": "gyeongnam", "shifts": 2,
        "revenue_band": "10b_30b", "products": "시트 브래킷, 차체 보강판", "processes": ["press", "welding"],
        "systems/0/name": "용접 셀 PLC", "systems/0/capability": "controller_plc", "systems/0/interfaces": ["opcua"],
        "systems/0/product": "보기 제품 Q", "systems/0/vendor_name": "보기 제어", "systems/0/version": "2.1",
        "systems/0/in_use_since": "2021-03", "interfaces": ["file"], "records": "files", "history": "1y_3y",
        "staff": "one", "network": "limited", "residency": "korea", "budget_year": 2027,
    }  # fmt: skip
    acting.send(page, "main form", site, "공장 등록")
    acting.expect_said(page, "공장을 등록했어요")
    gaps = page.locator(".site-gaps")
    expect(gaps).to_contain_text("수준")
    expect(gaps).not_to_contain_text("교대")


def check(page, name):
    """Twelve questions one a screen, left in the middle and taken up again on another day."""
    page.get_by_role("link", name="자가진단").first.click()
    acting.press(page.locator("li.panel").filter(has_text=name), "자가진단 시작")
    for number in range(1, STOPPED_AFTER):
        _answer(page, number, "다음")
    _answer(page, STOPPED_AFTER, "저장하고 나가기")
    acting.expect_said(page, "이어서 답할 수 있어요")
    page.goto("/")
    acting.go(page, "우리 공장")
    page.get_by_role("link", name="자가진단").first.click()
    expect(page.locator("main")).to_contain_text(f"{STOPPED_AFTER}개 답함, 12개 중")
    acting.press(page.locator("li.panel").filter(has_text=name), "이어서 답하기")
    expect(page).to_have_url(re.compile(f"/{STOPPED_AFTER + 1}$"))
    _refuse_nothing_chosen(page)
    for number in range(STOPPED_AFTER + 1, 12):
        _answer(page, number, "다음")
    _answer(page, 12, "저장하고 결과 보기")


def _answer(page, number, words):
    expect(page.locator("main")).to_contain_text(f"12개 중 {number}번째")
    given = ANSWERS[number - 1]
    page.locator("input[name='value']").nth(5 if given == "?" else int(given) - 1).check()
    acting.press(page.locator("form[action*='/self-check/']").first, words)


def _refuse_nothing_chosen(page):
    acting.press(page.locator("form[action*='/self-check/']").first, "다음")
    expect(page.locator("#errors li a")).to_have_attribute("href", "#f-value")


def read_level(page):
    """The level with its basis and the weakest three areas in words."""
    expect(page.locator("h1")).to_have_text("자가진단 결과")
    expect(page.locator(".fit-top")).to_contain_text("자가진단")
    expect(page.locator(".fit-top")).to_contain_text("10개 답함, 2개 모름")
    expect(page.locator(".fit-top")).to_contain_text("답한 문항의 평균: 2.40")
    expect(page.locator(".weak__words > li")).to_have_count(3)
    expect(page.locator(".weak__words > li").first.locator("h3")).to_contain_text("품질")


def roadmap_to_demand(page, title):
    """The first step names who serves it; its one button opens the form of a demand with that step."""
    page.get_by_role("link", name="수준과 로드맵").first.click()
    first = page.locator(".road__step").first
    expect(first.locator("h3")).to_contain_text("품질")
    expect(first).to_contain_text("2.40")
    expect(first).to_contain_text(title)
    expect(page.locator("main .btn--primary")).to_have_count(1)
    first.get_by_role("link", name="이 단계로 수요 만들기").click()
    expect(page.locator("h1")).to_have_text("수요 만들기")
    assert page.locator("[name='requirements/0/capability']").input_value() == "qms"
    assert page.locator("[name='target_level/value']").input_value() == "3"


def write_need(page, title, budget_amount, corrected_amount):
    """A need in words is read into the fields; what was read wrong is corrected, a day that has passed is refused."""
    day = datetime.now(UTC).date() + timedelta(days=200)
    need = (
        "품질 기록을 손으로 남겨서 품질관리시스템이 꼭 필요하고 비전 검사는 있으면 좋겠어요. "
        f"예산은 {budget_amount // 10_000:,}만 원, {day.year}년 {day.month}월 {day.day}일까지. 공장장님이 꼼꼼하세요."
    )
    acting.send(page, "main form.stack", {"description": need, "title": title}, "글을 읽어 칸 채우기")
    rows = page.locator("#understood tbody tr")
    for words in ("품질관리시스템", "비전", formats.won(budget_amount, "ko"), "공장장님"):
        expect(rows.filter(has_text=words).first).to_be_visible()
    expect(rows.filter(has_text="메모로 남겨요").filter(has_text="꼼꼼")).to_have_count(1)
    chosen = {
        page.locator(f"[name='requirements/{i}/capability']").input_value(): page.locator(
            f"[name='requirements/{i}/must']"
        ).input_value()
        for i in range(2)
    }
    assert chosen == {"qms": "must", "ai_vision": "nice"}
    assert page.locator("[name='deadline']").input_value() == day.isoformat()
    assert page.locator("[name='budget_amount']").input_value() == f"{budget_amount:,}"
    wrong = {"budget_amount": f"{corrected_amount:,}", "deadline": "2024-03-31"}
    acting.send(page, "main form.stack", wrong, "수요 등록하고 후보 보기")
    expect(page.locator("#errors li a")).to_have_attribute("href", "#f-deadline")
    assert page.locator("[name='budget_amount']").input_value() == f"{corrected_amount:,}"
    acting.send(page, "main form.stack", {"deadline": day.isoformat()}, "수요 등록하고 후보 보기")
    acting.expect_said(page, "후보를 찾았어요")


def read_matches(page, ranked, left_out):
    """One place with reasons, a partner's system among them, and what would flip it; the other is out by its price."""
    place = page.locator("#rank-1")
    expect(place.locator("h3")).to_contain_text(ranked)
    expect(place.locator(".rank__why li").first).to_be_visible()
    acting.reveal(place.locator("table.axes"))
    axes = place.locator("table.axes tbody tr")
    expect(axes).to_have_count(9)
    expect(axes.filter(has_text="빠짐")).to_have_count(0)
    expect(place.locator("table.axes")).to_contain_text("고객사 1곳이 쓰는 시스템")
    flips = page.locator("#rank-1 details").filter(has_text="무엇이 바뀌면 1위가 아니게 되나요?")
    acting.reveal(flips.locator("li").first)
    expect(flips.locator("li").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("근거: 자가진단")
    cause = page.locator(".outs > li")
    expect(cause).to_have_count(1)
    expect(cause).to_contain_text("예산")
    title = cause.locator(".left-out a", has_text=left_out)
    acting.reveal(title)
    expect(title).to_be_visible()


def try_more_budget(page, titles):
    """The way back of the exclusion, tried: a list of its own with both, side by side."""
    acting.press(page.locator(".outs > li"), "늘려서 보기")
    expect(page.locator("#what-if")).to_contain_text("바꿔 본 목록이에요")
    places = page.locator("li.rank")
    expect(places).to_have_count(2)
    for place in places.all():
        place.locator("input[name='compare']").check()
    acting.press(page.locator("main"), "고른 솔루션 비교")
    table = page.locator("table.compare")
    for title in titles:
        expect(table.locator("thead")).to_contain_text(title)
    expect(table).to_contain_text("첫해")


def try_weights(page):
    """Other weights make a list of their own; the list of the demand stays."""
    page.get_by_role("link", name="공개 기준으로 돌아가기").click()
    if acting.is_narrow(page):
        page.locator("a[href='#filters']:visible").first.click()
    acting.send(page, "#weights", {"weights/price": 60}, "이 가중치로 보기")
    expect(page.locator("#what-if")).to_contain_text("내가 바꾼 가중치로 본 목록")
    page.get_by_role("link", name="공개 기준으로 돌아가기").click()
    expect(page.locator("#what-if")).to_have_count(0)


def shortlist(page, title):
    """The first place with a note that stays."""
    acting.press(page.locator("#rank-1"), "후보로 담기")
    acting.expect_said(page, "후보로 담았어요")
    page.get_by_role("link", name="담은 후보", exact=True).first.click()
    card = page.locator("ol.shortlist > li")
    expect(card).to_contain_text(title)
    card.locator("textarea").fill(NOTE)
    acting.press(card, "메모 저장")
    acting.expect_said(page, "메모를 저장했어요")
    expect(page.locator("ol.shortlist textarea")).to_have_value(NOTE)


def share(page, visitor, demand_title, ranked):
    """A visitor without an account reads the list by its link, without names; taken back, it is gone."""
    page.locator("main").get_by_role("link", name=demand_title, exact=True).first.click()
    page.get_by_role("link", name="링크로 보여주기").click()
    acting.send(page, "main form.panel", {"days": 7}, "링크 만들기")
    address = page.locator("#fresh code").inner_text()
    path = address[address.index("/shared/") :]
    visitor.goto(path)
    expect(visitor.locator("main")).to_contain_text(ranked)
    expect(visitor.locator("main")).not_to_contain_text(demand_title)
    expect(visitor.locator("main")).not_to_contain_text(NOTE)
    page.reload()
    expect(page.locator("main table")).to_contain_text("열림")
    acting.press(page.locator("main table"), "거두기")
    acting.expect_said(page, "링크를 거뒀어요")
    assert visitor.goto(path).status == 404
    expect(visitor.locator("h1")).to_have_text("볼 수 없는 링크예요")


def show_on_board(page, demand_title, firm):
    """Reads what each audience would see, then shows the demand on the board."""
    page.goto("/demands")
    page.get_by_role("row").filter(has_text=demand_title).get_by_role("link", name="우리만").click()
    table = page.locator(".audp table")
    name_row = table.get_by_role("row").filter(has_text="기업 이름")
    expect(name_row).to_contain_text(firm)
    expect(name_row).to_contain_text("연락을 수락한 뒤")
    preview = page.locator(".preview")
    expect(preview).not_to_contain_text(firm)
    expect(preview).not_to_contain_text(demand_title)
    acting.send(page, "#aud", {"audience": "board"}, "이 범위에 보이기")
    acting.expect_said(page, "이제 고른 범위에 수요가 보여요")


def close(page, demand_title):
    """With a reason; the demand can still be read."""
    page.goto("/demands")
    page.get_by_role("row").filter(has_text=demand_title).get_by_role("link", name=demand_title).first.click()
    page.get_by_role("link", name="수요 수정").click()
    page.get_by_role("link", name="수요 마감").click()
    acting.press(page.locator("main form"), "수요 마감")
    expect(page.locator("#errors li a")).to_have_attribute("href", "#f-reason")
    page.locator("[name='reason']").first.check()
    acting.press(page.locator("main form"), "수요 마감")
    acting.expect_said(page, "수요를 마감했어요")
