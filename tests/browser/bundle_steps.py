"""What the firms of an alliance do in the browser to sell as one: come together, compose, sign, publish."""

import re
import time

from playwright.sync_api import expect

from tests.browser import acting

LEVELS = {"level_from": 2, "level_to": 3}
#: The worker takes up a run within seconds, and loads the solvers with the first one.
COMPOSED_WITHIN_SECONDS = 120
PRICE_ROW = ".money__total dd"


def found_alliance(page, name):
    """A coordinator that only runs it, without a part of its own."""
    page.goto("/")
    acting.go(page, "얼라이언스")
    page.get_by_role("link", name="얼라이언스 만들기").first.click()
    page.locator("[name='joins']").uncheck()
    acting.send(page, "main form.stack", {"name": name}, "얼라이언스 만들기")
    acting.expect_said(page, "얼라이언스를 만들었어요")


def invite(page, name):
    """By its name."""
    page.get_by_role("link", name="기업 초대").first.click()
    page.locator("#f-q").fill(name)
    page.get_by_role("button", name="찾기").click()
    page.locator("input[name='organization_id']").first.check()
    acting.send(page, "main form.panel.stack", {"role": "공급"}, "초대 보내기")
    acting.expect_said(page, "초대했어요")


def join(page):
    """Found on the list of alliances."""
    page.goto("/")
    acting.go(page, "얼라이언스")
    page.get_by_role("link", name="초대에 답하기").first.click()
    page.get_by_role("button", name=re.compile("^참여$")).click()
    expect(page.locator("main h1")).to_be_visible()


def propose_charter(page):
    """The first member leads; answers the page of the proposal."""
    page.reload()
    page.get_by_role("link", name="규약 제안하기").first.click()
    charter = {"text": "우리는 함께 짓고 대표 기업이 책임집니다.", **LEVELS}
    acting.send(page, "main form.stack", charter, "규약 제안")
    acting.expect_said(page, "규약을 제안했어요")
    return page.url


def accept_charter(page, address):
    """Word for word."""
    page.goto(address)
    page.get_by_role("button", name="규약에 동의").click()
    expect(page.locator("#notices")).to_contain_text("동의")


def compose(page):
    """From the shown demand: what fits best, then what costs least. The worker searches; the page is reloaded."""
    page.get_by_role("link", name="번들 찾기").first.click()
    how = {"pool": ["members"], "weighing": ["lexicographic"], "level": 2}
    acting.send(page, "main form.panel", how, "찾기")
    until = time.monotonic() + COMPOSED_WITHIN_SECONDS
    while not page.locator("form[action$='/draft']").count():
        assert time.monotonic() < until, page.locator("main").inner_text()
        time.sleep(1)
        page.reload()
    expect(page.locator("#found-h")).to_have_text("더 나은 번들이 없음을 증명")


def take_best(page, title):
    """The best bundle as a draft; answers the address of its board."""
    acting.send(page, "form[action$='/draft']", {"choice": ["best/0"], "title": title}, "초안 만들기")
    acting.expect_said(page, "초안을 만들었어요")
    acting.go(page, "얼라이언스")
    page.locator(".ally-row h3 a").first.click()
    page.locator("main").get_by_role("link", name="번들", exact=True).click()
    page.get_by_role("link", name=title).click()
    return page.url


def describe(page):
    """What the store shows of it, all three promised, and what must exchange data; then nothing is in the way."""
    page.get_by_role("link", name="목표 고치기").click()
    goal = {
        "texts/summary": "생산과 설계와 회계를 한 번에 들여옵니다.",
        "texts/description": "세 공급기업이 한 값으로 함께 공급하고, 대표 기업이 구매한 공장에 혼자 책임집니다. "
        * 3,
        "exchanges/0/0": "mes",
        "exchanges/0/1": "plm",
        **{f"wanted/{place}/must": "1" for place in range(3)},
    }
    acting.send(page, "main form.stack", goal, "저장")
    acting.expect_said(page, "저장했어요")
    expect(page.locator("#checks-h")).to_contain_text("충돌 0")
    expect(page.locator(".matrix .badge[data-tone='good']")).to_have_count(3)
    expect(page.locator(".pairlist")).to_contain_text("직접")


def press_cells(page, title):
    """A cell is turned from answering to helping and to nothing, and back: the gap opens and closes.

    By keyboard: the focus stays where it was.
    """
    cell = page.locator("tr", has_text="제품수명주기관리").locator("button.cell").filter(has_text=title)
    cell.focus()
    for gap in (1, 1, 0):
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(page.locator("tr[data-gap]")).to_have_count(gap)
        expect(cell).to_be_focused()


def price(page, discount_amount):
    """Tried first: the buyer's price and the shares to the won; then saved. Answers the price."""
    page.get_by_role("link", name="가격과 몫 고치기").click()
    acting.send(page, "main form.stack", {"discount_amount": discount_amount}, "저장하지 않고 셈해 보기")
    expect(page.locator("aside")).to_contain_text("적은 대로 셈하면")
    *shares, whole = [
        int("".join(filter(str.isdigit, words)))
        for words in page.locator("aside table :is(tbody, tfoot) td:nth-of-type(1)").all_inner_texts()
    ]
    assert sum(shares) == whole
    acting.press(page.locator("main form.stack"), "저장")
    acting.expect_said(page, "저장했어요")
    return page.locator(PRICE_ROW).inner_text()


def send(page, firms):
    """Everybody is asked; answers the address of the version."""
    page.get_by_role("link", name="다음: 서명 요청").click()
    for firm in firms:
        expect(page.locator("#who-h + ul")).to_contain_text(firm)
    acting.send(page, "main form.panel", {"days": 7}, "서명 요청")
    acting.expect_said(page, "서명을 요청했어요")
    return page.url


def sign(page, title, words):
    """Found under the alliances; unread it is refused, read it counts."""
    page.goto("/")
    acting.go(page, "얼라이언스")
    page.get_by_role("link", name="번들 서명").click()
    row = page.locator("article").filter(has_text=title)
    row.get_by_role("link", name="읽고 서명하기").click()
    expect(page.locator(".terms")).to_contain_text("받습니다")
    page.get_by_role("button", name="v1에 서명").click()
    expect(page.locator("#errors li a")).to_have_attribute("href", "#f-read")
    acting.send(page, "form[action$='/signature']", {"read": "1"}, "v1에 서명")
    acting.expect_said(page, words)


def publish(page, address):
    """After a question."""
    page.goto(address)
    page.get_by_role("link", name="게시하기").click()
    page.get_by_role("button", name="게시하고 심사 받기").click()
    acting.expect_said(page, "심사를 요청했어요")
    expect(page.locator("main")).to_contain_text("검증 중이에요")


def approve(page, title, statement):
    """The validator reads the submission and signs its certificate."""
    page.goto("/")
    acting.go(page, "심사 목록")
    page.get_by_role("row").filter(has_text=title).get_by_role("link", name="이해관계 확인").click()
    acting.send(page, "form.declare", {"no_conflict": "1"}, "심사 시작")
    points = page.locator("select[name^='points/']")
    for place in range(points.count()):
        points.nth(place).select_option("4")
    acting.send(page, "#decide", {"decision": "approve", "statement": statement}, "판정 제출")
    acting.expect_said(page, "판정을 제출했어요")


def read_proof(page, title, price, firms):
    """The offer and its proof, found by search: who brings what, the price, who answers."""
    page.locator(".results h3 a", has_text=title).first.click()
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator(".stats")).to_contain_text("3개 가운데 3개")
    expect(page.locator(".proof")).to_contain_text("현장 검증 1곳")
    expect(page.locator(".money")).to_contain_text(price)
    for firm in firms:
        expect(page.locator("main")).to_contain_text(firm)


def hear(page, title, price):
    """Whose demand it was made for finds it among what waits."""
    page.goto("/")
    task = page.locator(".task").filter(has_text=f"번들 ‘{title}’")
    expect(task).to_contain_text("에 맞춘 번들")
    task.get_by_role("link", name="번들 보기").click()
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator(".money")).to_contain_text(price)


def ranked(page, title):
    """Its card among the matches; the cards of others may name it too."""
    return page.locator("li.rank").filter(has=page.locator(".rank__id h3 a", has_text=title))


def compare(page, title, single):
    """Side by side with a listing of one vendor: the one brings all three, the other one of them."""
    for name in (title, single):
        ranked(page, name).locator("input[name='compare']").check()
    acting.press(page.locator("main"), "고른 솔루션 비교")
    table = page.locator("table.compare")
    for name in (title, single):
        expect(table.locator("thead")).to_contain_text(name)
    row = table.locator("tr").filter(has_text="제품수명주기관리")
    expect(row).to_contain_text("가장 좋음")
    expect(row).to_contain_text("없음")


def choose(page, title):
    """Kept as a candidate, without anybody else."""
    acting.press(ranked(page, title), "후보로 담기")
    acting.expect_said(page, "후보로 담았어요")
    page.get_by_role("link", name="후보에 담음").first.click()
    expect(page.locator(".shortlist")).to_contain_text(title)
