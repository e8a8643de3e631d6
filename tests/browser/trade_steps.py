"""What firms do with each other in the browser: trade links and the chain above them, leads and contact."""

import time

from playwright.sync_api import expect

from tests.browser import acting

#: The worker looks at what was shown every ten seconds.
SEEN_WITHIN_SECONDS = 90
REASON = "거래한 적이 없어요."
MESSAGE, VENDOR_CONTACT, BUYER_CONTACT = (
    "같은 공정의 현장이 있습니다.",
    "박서린 · 055-000-0000",
    "김하늬 · 055-000-0001",
)


def describe_anchor(page, name):
    """As much of a factory as the map and the partners' recommendations need."""
    page.goto("/")
    acting.go(page, "우리 공장")
    page.get_by_role("link", name="공장 등록").click()
    site = {
        "name": name, "headcount": 900, "industry": "11:301", "region": "ulsan",
        "systems/0/name": "공장 MES", "systems/0/capability": "mes", "systems/0/interfaces": ["opcua"],
        "level/scale": "company_level", "level/value": 4, "level/basis": "self_reported",
    }  # fmt: skip
    acting.send(page, "main form", site, "공장 등록")
    acting.expect_said(page, "공장을 등록했어요")


def declare_supplier(page, number, item):
    """By number; the partner may count our systems."""
    acting.go(page, "공급망")
    page.get_by_role("link", name="거래처 신고").first.click()
    link = {"direction": "supplier", "registration_number": number, "item": item, "share_systems": "1"}
    acting.send(page, "main form", link, "신고")
    acting.expect_said(page, "거래처를 신고했어요")


def answer_link(page, name, *, confirm):
    """Found on the morning page; confirmed with both consents, or denied with a reason."""
    page.goto("/")
    task = page.locator("li.task").filter(has_text=name)
    expect(task).to_contain_text("거래 관계에 답해 주세요")
    task.get_by_role("link", name="답하기").click()
    if confirm:
        consents = {"share_systems": "1", "share_chain": "1"}
        acting.send(page, "form[aria-labelledby='yes-h']", consents, "맞아요")
        acting.expect_said(page, "거래 관계를 확인했어요")
        return
    acting.press(page.locator("form[aria-labelledby='no-h']"), "아니에요")
    expect(page.locator("#errors li a")).to_have_attribute("href", "#f-reason")
    acting.send(page, "form[aria-labelledby='no-h']", {"reason": REASON}, "아니에요")
    acting.expect_said(page, "아니라고 답했어요")


def import_partners(page, known, fresh):
    """A list with one bad row: the check declares nothing and names the row; then the good one is declared."""
    page.goto("/supply-chain")
    page.get_by_role("link", name="명단 올리기").click()
    rows = [
        ("공급처", known, "", ""),
        ("공급처", fresh, "바깥 도금", "아연 도금"),
        ("공급처", "123-45-67890", "틀린 곳", ""),
    ]
    text = "\n".join(["관계,사업자등록번호,기업 이름,품목", *map(",".join, rows)])
    table = {"name": "거래처.csv", "mimeType": "text/csv", "buffer": text.encode()}
    acting.send(page, "main form", {"file": table}, "점검하기")
    expect(page.locator("main")).to_contain_text("아직 아무것도 신고하지 않았어요")
    findings = page.locator("table.findings tbody tr")
    expect(findings).to_have_count(2)  # the supplier is known already, the third row is bad
    bad = findings.filter(has_text="틀린 곳")
    expect(bad).to_contain_text("사업자등록번호")
    expect(bad.locator("td.n")).to_have_text("4")
    acting.press(page.locator("main"), "1건 신고")
    acting.expect_said(page, "거래 관계 1건을 신고했어요")


def read_own_chain(page, supplier, denier):
    """Both tiers in map and table: the supplier with its level, the denial with its reason."""
    page.goto("/supply-chain")
    if not acting.is_narrow(page):
        expect(page.locator("svg.map__svg")).to_be_visible()
    row = page.locator("tbody.chain-group tr").filter(has_text=supplier)
    acting.reveal(row)
    expect(row).to_contain_text("자가진단")
    expect(page.locator("tbody.chain-group tr").filter(has_text="바깥 도금")).to_contain_text(
        "등록하지 않은 기업"
    )
    denied = page.locator("ul.edges > li").filter(has_text=denier)
    expect(denied).to_contain_text(REASON)
    expect(page.locator("tbody.chain-group").filter(has_text=denier)).to_have_count(0)


def open_to(page, coordinator, number):
    """Lets a coordinator see the own chain."""
    page.get_by_role("link", name="우리 공급망을 볼 수 있는 곳").click()
    acting.send(page, "main form[action$='/viewers']", {"registration_number": number}, "보여 주기")
    acting.expect_said(page, "이제 우리 공급망을 볼 수 있어요")
    expect(page.locator("ul.edges")).to_contain_text(coordinator)


def read_opened_chain(page, anchor, supplier):
    """The coordinator finds the way in its notices and sees what the anchor sees; answers the address."""
    page.goto("/notices")
    acting.press(page.locator("ul.bells"), anchor)
    expect(page.locator("h1")).to_have_text(f"{anchor}의 공급망")
    row = page.locator("tbody.chain-group tr").filter(has_text=supplier)
    acting.reveal(row)
    expect(row).to_contain_text("자가진단")
    address = page.url
    page.goto("/organization")
    page.locator("main").get_by_role("link", name=anchor).click()
    expect(page).to_have_url(address)
    return address


def state_capacity(page):
    """Projects that the vendor can start in a quarter."""
    page.goto("/")
    acting.go(page, "수요 제안")
    page.get_by_role("link", name="공급 여력 적기").click()
    acting.send(page, "main form", {"projects_per_quarter": 3}, "저장")
    acting.expect_said(page, "공급 여력을 고쳤어요")


def find_on_board(page, *secrets):
    """The vendor sees what is asked for, and none of the words that would tell whose it is."""
    page.goto("/")
    acting.go(page, "수요 게시판")
    card = page.locator("ul.board > li")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("익명")
    expect(card.locator("h2")).to_contain_text("품질관리시스템")
    _tells_nothing(page, secrets)


def find_lead(page, ranked, left_out, *secrets):
    """The same demand as a lead, with reasons about the own listing; and why the other one is not on the list."""
    deadline = time.monotonic() + SEEN_WITHIN_SECONDS
    page.goto("/leads")
    lead = page.locator("article.lead")
    while not lead.count():
        assert time.monotonic() < deadline, "no lead"
        page.wait_for_timeout(1000)
        page.reload()
    expect(lead).to_contain_text(ranked)
    expect(lead.locator(".lead__why li").first).to_be_visible()
    _tells_nothing(page, secrets)
    page.locator("#listing").select_option(label=left_out)
    page.locator("form", has=page.locator("#listing")).get_by_role("button", name="보기").click()
    page.get_by_role("link", name="빠진 수요 1건과 까닭 보기").click()
    expect(page.locator("main")).to_contain_text("예산")
    expect(page.locator("ul.left-out > li")).to_have_count(1)
    _tells_nothing(page, secrets)


def accept_lead(page, *secrets):
    """Asks for contact; still no name."""
    page.goto("/")
    page.locator("li.task").filter(has_text="새 수요 제안에 답해 주세요").get_by_role(
        "link", name="답하기"
    ).click()
    answer = {"message": MESSAGE, "contact": VENDOR_CONTACT}
    acting.send(page, "#answer form", answer, "수락하고 연락 청하기")
    acting.expect_said(page, "연락을 청했어요")
    _tells_nothing(page, secrets)


def accept_contact(page, vendor):
    """The manufacturer reads fit and message without a name, and lets contact be made."""
    page.goto("/")
    task = page.locator("li.task").filter(has_text="연락을 청한 공급기업")
    task.get_by_role("link", name="연락 제안 보기").click()
    offer = page.locator("article.lead")
    expect(offer).to_contain_text(MESSAGE)
    _tells_nothing(page, (vendor, VENDOR_CONTACT))
    acting.send(page, "article.lead form", {"contact": BUYER_CONTACT}, "연락 받아들이기")
    acting.expect_said(page, "연락을 받아들였어요")
    expect(offer.locator("h2")).to_have_text(vendor)
    expect(offer).to_contain_text(VENDOR_CONTACT)


def read_contact(page, buyer, demand_title):
    """Now the vendor reads whose demand it is and how to reach them."""
    page.goto("/leads")
    page.locator("ul.flow").get_by_role("link", name=buyer).click()
    expect(page.locator("main")).to_contain_text(BUYER_CONTACT)
    expect(page.locator("main")).to_contain_text(demand_title)


def _tells_nothing(page, secrets):
    said = page.content()
    assert [word for word in secrets if word in said] == []
