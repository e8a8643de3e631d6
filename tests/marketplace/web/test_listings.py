"""The vendor's pages: draft and fill in, what is missing, who may look."""

import re
import uuid

import pytest
from sqlalchemy import select

from catalog.models import Listing
from catalog.validation import rules
from marketplace.audit import AuditEntry
from tests.marketplace.people import person
from tests.marketplace.web import vendor_work as work
from tests.marketplace.web.looking import counted, form_word, rows, text_of

PLAN = {
    "plans/0/name": "표준",
    "plans/0/kind": "subscription",
    "plans/0/price_amount": "1,480,000",
    "plans/0/setup_amount": "",
    "plans/0/trial_days": "14",
    "plans/0/quality/0/capability": "mes",
    "plans/0/quality/0/quality": "3",
    "plans/0/quality/0/basis": "document",
    "plans/0/quality/1/capability": "ai_quality",
    "plans/0/quality/1/quality": "",
    "plans/0/quality/1/basis": "claimed",
}
EMPTY_PLAN = {
    "plans/1/name": "",
    "plans/1/kind": "subscription",
    "plans/1/price_amount": "",
    "plans/1/setup_amount": "",
    "plans/1/trial_days": "",
    "plans/1/quality/0/capability": "mes",
    "plans/1/quality/0/quality": "",
    "plans/1/quality/0/basis": "claimed",
}


@pytest.fixture
def vendor(app):
    """A confirmed vendor, signed in."""
    return person(app, "vendor")


@pytest.fixture
def validator(app):
    """A validator of another house."""
    return person(app, "validator")


def test_the_list_says_what_to_do_when_there_is_nothing(vendor):
    page = vendor.client.get("/listings")
    assert page.status_code == 200
    assert "아직 등록한 솔루션이 없어요" in work.said(page)
    assert 'href="/listings/new"' in text_of(page)


def test_a_title_makes_a_draft_and_the_same_form_sent_twice_makes_one(app, vendor):
    word = form_word(vendor.client.get("/listings/new"))
    fields = {"title": " 웰드아이 ", "title_en": "WeldEye", "summary": "", "form_id": word}
    first, second = vendor.post("/listings/new", fields), vendor.post("/listings/new", fields)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert rows(app, select(Listing.title)) == ["웰드아이"]
    acts = rows(app, select(AuditEntry.act).order_by(AuditEntry.number))
    assert acts.count("listing.draft") == 1
    page = vendor.client.get(first.location)
    assert "웰드아이" in work.said(page)
    assert "작성 중" in work.said(page)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("", "꼭 적어 주세요."),
        ("가" * 81, "80자까지 적을 수 있어요."),
        ("검사\x00기", "보이지 않는 제어 문자가 들어 있어요. 지우고 다시 적어 주세요."),
    ],
)
def test_a_bad_title_is_said_at_its_field_and_nothing_is_made(app, vendor, title, said):
    page = vendor.post("/listings/new", {"title": title, "summary": "용접을 봐요"})
    assert page.status_code == 422
    assert work.field_error(page, "title") == said
    assert work.value(page, "summary") == "용접을 봐요"
    assert rows(app, select(Listing.id)) == []


def test_each_section_saves_its_own_part_and_leaves_the_others(app, vendor):
    listing_id = work.drafted(app, vendor)
    before = work.content(app, listing_id)
    changes = {"title": "웰드아이 2", "title_en": "", "summary": "새 소개", "description": "한 줄\r\n두 줄"}
    answer = vendor.post(f"/listings/{listing_id}/basics", changes)
    assert answer.status_code == 303
    assert answer.location == f"/listings/{listing_id}#basics"
    after = work.content(app, listing_id)
    assert {name for name in after if after[name] != before[name]} == {
        "title",
        "title_en",
        "summary",
        "description",
    }
    assert after["description"] == "한 줄\n두 줄"
    assert after["description_en"] == before["description_en"]


def test_the_scope_is_saved_with_deeper_codes_and_the_whole_country(app, vendor):
    listing_id = work.drafted(app, vendor)
    fields = {
        "capabilities": ["mes", "qms"],
        "industries": ["10:30", "11:303"],
        "processes": [],
        "interfaces": ["opcua"],
        "regions": ["seoul"],
        "nationwide": "1",
        "deployment": ["cloud"],
        "level/from": "",
        "level/to": "",
        "install_weeks": "",
    }
    assert vendor.post(f"/listings/{listing_id}/scope", fields).status_code == 303
    after = work.content(app, listing_id)
    assert after["capabilities"] == ["mes", "qms"]
    assert after["industries"] == [{"revision": "10", "code": "30"}, {"revision": "11", "code": "303"}]
    assert len(after["regions"]) == 17
    assert (after["processes"], after["level"], after["install_weeks"]) == ([], None, None)
    page = text_of(vendor.client.get(f"/listings/{listing_id}"))
    assert re.search(r'name="nationwide" value="1" checked', page)
    assert re.search(r'name="industries" value="10:30" checked', page)
    assert not re.search(r'name="regions" value="seoul" checked', page)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("capabilities", ["mes", "telepathy"], "목록에 없는 값이에요: telepathy"),
        ("industries", ["11:999"], "목록에 없는 값이에요: 999"),
        ("industries", ["303"], "항목의 묶음으로 보내 주세요."),
        ("level/from", "", "비워 둘 수 없어요."),
        ("level/to", "1", "도달 수준은 필요한 수준보다 낮을 수 없어요."),
        ("level/to", "9", "1에서 5 사이로 적어 주세요."),
        ("install_weeks", "6주", "정수로 적어 주세요."),
        ("install_weeks", "-1", "0에서 260 사이로 적어 주세요."),
    ],
)
def test_a_bad_scope_is_said_at_its_field_and_changes_nothing(app, vendor, field, typed, said):
    listing_id = work.drafted(app, vendor)
    before = work.content(app, listing_id)
    fields = {
        "deployment": ["hybrid"],
        "level/from": "2",
        "level/to": "3",
        "install_weeks": "7",
        field: typed,
    }
    page = vendor.post(f"/listings/{listing_id}/scope", fields)
    assert page.status_code == 422
    assert work.field_error(page, field) == said
    assert work.content(app, listing_id) == before
    assert re.search(r'name="deployment" value="hybrid" checked', text_of(page))
    assert not re.search(r'name="deployment" value="on_premise" checked', text_of(page))
    assert work.value(page, "title") == "웰드아이"


def test_plans_are_saved_with_typed_thousands_and_an_empty_one_is_no_plan(app, vendor):
    listing_id = work.drafted(app, vendor, plans=[])
    assert vendor.post(f"/listings/{listing_id}/plans", {**PLAN, **EMPTY_PLAN}).status_code == 303
    (plan,) = work.content(app, listing_id)["plans"]
    del plan["id"]
    assert plan == {
        "name": "표준",
        "kind": "subscription",
        "price_amount": 1_480_000,
        "setup_amount": 0,
        "trial_days": 14,
        "quality": [{"capability": "mes", "quality": 3, "basis": "document"}],
    }
    page = vendor.client.get(f"/listings/{listing_id}")
    assert work.value(page, "plans/0/price_amount") == "1,480,000"
    assert work.value(page, "plans/1/name") == ""
    assert work.value(page, "plans/2/name") is None


def test_a_marked_plan_goes_and_the_error_of_the_next_stands_at_its_own_row(app, vendor):
    both = [{**work.CONTENT["plans"][0], "name": name} for name in ("기본", "표준")]
    listing_id = work.drafted(app, vendor, plans=both)
    before = work.content(app, listing_id)
    second = {name.replace("plans/0", "plans/1"): typed for name, typed in PLAN.items()}
    bad = {**PLAN, "plans/0/remove": "1", **second, "plans/1/price_amount": "-1"}
    page = vendor.post(f"/listings/{listing_id}/plans", bad)
    assert page.status_code == 422
    assert work.field_error(page, "plans/1/price_amount") == "0원에서 1조 원 사이의 금액을 적어 주세요."
    assert work.field_error(page, "plans/0/price_amount") == ""
    assert work.value(page, "plans/1/price_amount") == "-1"
    assert work.content(app, listing_id) == before
    assert (
        vendor.post(f"/listings/{listing_id}/plans", {**bad, "plans/1/price_amount": "1480000"}).status_code
        == 303
    )
    assert [plan["name"] for plan in work.content(app, listing_id)["plans"]] == ["표준"]


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("plans/0/price_amount", "1" + "0" * 30, "0원에서 1조 원 사이의 금액을 적어 주세요."),
        ("plans/0/price_amount", "백만 원", "0원에서 1조 원 사이의 금액을 원 단위 정수로 적어 주세요."),
        ("plans/0/name", "", "꼭 적어 주세요."),
        ("plans/0/kind", "barter", "정해진 값 가운데 골라 주세요."),
        ("plans/0/trial_days", "1.5", "정수로 적어 주세요."),
        ("plans/0/quality/0/quality", "7", "0에서 5 사이로 적어 주세요."),
        ("plans/0/quality/0/basis", "rumour", "정해진 값 가운데 골라 주세요."),
    ],
)
def test_a_bad_plan_is_said_at_its_field_and_changes_nothing(app, vendor, field, typed, said):
    listing_id = work.drafted(app, vendor)
    before = work.content(app, listing_id)
    page = vendor.post(f"/listings/{listing_id}/plans", {**PLAN, field: typed})
    assert page.status_code == 422
    assert work.field_error(page, field) == said
    assert work.content(app, listing_id) == before


def test_what_is_missing_is_listed_by_rule_with_the_way_to_its_field(app, vendor):
    listing_id = work.drafted(app, vendor, summary="", plans=[], regions=[])
    page = vendor.client.get(f"/listings/{listing_id}")
    links = re.findall(r'<li data-open>.*?href="([^"]+)".*?규칙 ([0-9.]+)', text_of(page), re.DOTALL)
    assert [(rule, href) for href, rule in links] == [
        ("1.1", "#f-summary"),
        ("2.3", "#f-regions"),
        ("3.1", "#f-plans"),
        ("4.1", "#f-evidence"),
    ]
    for href, _rule in links:
        assert f'id="{href[1:]}"' in text_of(page)
    assert "심사 요청까지 4가지 남았어요" in work.said(page)


def test_every_required_rule_has_words_for_being_met(app, vendor):
    listing_id = work.drafted(app, vendor)
    work.proved(app, listing_id)
    page = work.said(vendor.client.get(f"/listings/{listing_id}"))
    assert "심사를 요청할 수 있어요" in page
    assert not re.search(r"[1-5]\.[1-8] \(완료\)", page)
    assert page.count("(완료)") >= len(rules.RULES)


def test_the_preview_shows_what_is_saved(app, vendor):
    listing_id = work.drafted(app, vendor)
    card = text_of(vendor.client.get(f"/listings/{listing_id}")).split('id="preview"')[1]
    assert "월 148만 원" in card
    assert "기업 수준" in text_of(vendor.client.get(f"/listings/{listing_id}"))
    assert "수준 2 → 3" in card
    assert "근거가 아직 없어요" in card


def test_in_english_korean_words_say_their_language(app, vendor):
    listing_id = work.drafted(app, vendor, title_en="", summary_en="")
    vendor.client.set_cookie("locale", "en")
    card = text_of(vendor.client.get(f"/listings/{listing_id}")).split('id="preview"')[1]
    assert '<span lang="ko">웰드아이</span>' in card


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("get", "/withdraw"),
        ("post", "/basics"),
        ("post", "/scope"),
        ("post", "/plans"),
        ("post", "/submit"),
        ("post", "/recall"),
        ("post", "/reopen"),
        ("post", "/withdraw"),
        ("post", "/evidence"),
    ],
)
def test_strangers_find_nothing(app, vendor, method, path):
    listing_id = work.handed_in(app, vendor)
    before = work.content(app, listing_id)
    stranger = person(app, "vendor")
    call = stranger.client.get if method == "get" else stranger.post
    assert call(f"/listings/{listing_id}{path}").status_code == 404
    assert call(f"/listings/{uuid.uuid4()}{path}").status_code == 404
    assert (work.state(app, listing_id), work.content(app, listing_id)) == ("submitted", before)


def test_pages_stay_within_their_statements(app, vendor, validator):
    for _ in range(3):
        listing_id = work.handed_in(app, vendor)
    work.sent_back(
        app,
        listing_id,
        validator,
        [{"pointer": "title", "severity": "advice", "text": "더 짧게"}],
        [("vendor", "고마워요")],
    )
    for path in ("/listings", f"/listings/{listing_id}", f"/listings/{listing_id}/withdraw", "/listings/new"):
        with counted(app) as sent:
            assert vendor.client.get(path).status_code == 200
        assert len(sent) <= 12, path
