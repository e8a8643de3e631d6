"""The life of a listing on the vendor's pages: hand in, take back, mend, open anew, withdraw."""

import re

import pytest
from sqlalchemy import func, select

from catalog.models import Listing, Review
from tests.marketplace.people import person
from tests.marketplace.web import vendor_work as work
from tests.marketplace.web.looking import form_word, one, rows, text_of


@pytest.fixture
def vendor(app):
    """A confirmed vendor, signed in."""
    return person(app, "vendor")


@pytest.fixture
def validator(app):
    """A validator of another house."""
    return person(app, "validator")


def test_an_incomplete_listing_is_not_handed_in(app, vendor):
    listing_id = work.drafted(app, vendor)
    page = vendor.post(f"/listings/{listing_id}/submit")
    assert page.status_code == 422
    assert "아직 심사를 요청할 수 없어요" in work.said(page)
    assert "근거를 하나 이상 적어 주세요." in work.said(page)
    assert work.state(app, listing_id) == "draft"
    assert rows(app, select(Review.id)) == []


def test_an_unconfirmed_company_is_told_so(app):
    vendor = person(app, "vendor", confirmed=False)
    listing_id = work.drafted(app, vendor)
    work.proved(app, listing_id)
    page = vendor.post(f"/listings/{listing_id}/submit")
    assert page.status_code == 422
    assert "운영자가 기업을 확인한 뒤에 심사를 요청할 수 있어요." in work.said(page)
    assert work.state(app, listing_id) == "draft"


def test_a_complete_listing_is_handed_in_once_and_can_be_taken_back(app, vendor):
    listing_id = work.drafted(app, vendor)
    work.proved(app, listing_id)
    word = form_word(vendor.client.get(f"/listings/{listing_id}"))
    for _ in range(2):
        answer = vendor.post(f"/listings/{listing_id}/submit", {"form_id": word})
        assert (answer.status_code, answer.location) == (303, f"/listings/{listing_id}")
    assert work.state(app, listing_id) == "submitted"
    assert one(app, select(func.count(Review.id))) == 1
    page = vendor.client.get(f"/listings/{listing_id}")
    assert "심사 목록에 있어요." in work.said(page)
    assert "접수 취소" in work.said(page)
    assert 'name="title"' not in text_of(page)
    assert vendor.post(f"/listings/{listing_id}/basics", {"title": "몰래"}).status_code == 409
    assert vendor.post(f"/listings/{listing_id}/recall").status_code == 303
    assert (work.state(app, listing_id), work.content(app, listing_id)["title"]) == ("draft", "웰드아이")
    assert rows(app, select(Review.id)) == []


def test_once_a_validator_has_begun_it_cannot_be_taken_back(app, vendor, validator):
    listing_id = work.handed_in(app, vendor)
    work.taken(app, listing_id, validator)
    page = vendor.client.get(f"/listings/{listing_id}")
    assert "접수 취소" not in work.said(page)
    assert "검증기관이 심사하고 있어요." in work.said(page)
    assert vendor.post(f"/listings/{listing_id}/recall").status_code == 409
    assert work.state(app, listing_id) == "submitted"


def test_findings_stand_on_top_and_at_their_field_but_never_the_internal_notes(app, vendor, validator):
    listing_id = work.handed_in(app, vendor)
    remarks = [
        {"pointer": "summary", "severity": "required", "text": "무엇을 가려내는지 적어 주세요"},
        {"pointer": "plans/0/quality/1/basis", "severity": "advice", "text": "시험 결과가 있나요"},
    ]
    notes = [("vendor", "사진도 보내 주세요"), ("internal", "경쟁사 자료와 비슷함")]
    work.sent_back(app, listing_id, validator, remarks, notes)
    page = vendor.client.get(f"/listings/{listing_id}")
    assert "검증기관의 지적 2건" in work.said(page)
    assert "무엇을 가려내는지 적어 주세요" in work.said(page)
    assert "지금 값 용접 비드를 전수 촬영해 가려내요" in work.said(page)
    assert "요금제 1 › 품질 2 › 근거 종류" in work.said(page)
    assert "사진도 보내 주세요" in work.said(page)
    assert "경쟁사" not in text_of(page)
    assert 'href="#f-plans-0-quality-1-basis"' in text_of(page)
    assert 'id="f-plans-0-quality-1-basis"' in text_of(page)
    assert re.search(r'<label for="f-summary">.*?</label><a class="fx" href="#finding-1">', text_of(page))
    for summary, status in (("기공을 찾아요", 422), ("용접 비드의 기공을 찾아요", 303)):
        vendor.post(f"/listings/{listing_id}/basics", {"title": "웰드아이", "summary": summary})
        assert vendor.post(f"/listings/{listing_id}/submit").status_code == status
    assert work.state(app, listing_id) == "submitted"


def test_a_public_listing_shows_its_certificate_and_opens_anew_or_leaves_the_store(app, vendor, validator):
    listing_id = work.handed_in(app, vendor)
    work.approved(app, listing_id, validator)
    page = vendor.client.get(f"/listings/{listing_id}")
    assert "1판이 공개 중이에요." in work.said(page)
    assert re.search(r'href="/certificates/C-\d{4}-0001"', text_of(page))
    assert "구매자에게 보이고 있어요." in work.said(vendor.client.get("/listings"))
    assert vendor.post(f"/listings/{listing_id}/reopen").status_code == 303
    assert work.state(app, listing_id) == "draft"
    page = vendor.client.get(f"/listings/{listing_id}")
    assert "공개된 근거예요. 고치거나 지울 수 없어요." in work.said(page)
    assert 'name="evidence/0/kpi"' not in text_of(page)
    assert 'name="evidence/1/kpi"' in text_of(page)
    assert one(app, select(Listing.live_release)) == 1


def test_withdrawing_asks_first(app, vendor, validator):
    listing_id = work.handed_in(app, vendor)
    assert "지금은 공개 중이 아니에요" in work.said(vendor.client.get(f"/listings/{listing_id}/withdraw"))
    assert vendor.post(f"/listings/{listing_id}/withdraw").status_code == 409
    work.approved(app, listing_id, validator)
    page = vendor.client.get(f"/listings/{listing_id}/withdraw")
    assert "‘웰드아이’ 판매를 멈출까요?" in work.said(page)
    word = form_word(page)
    for _ in range(2):
        assert vendor.post(f"/listings/{listing_id}/withdraw", {"form_id": word}).status_code == 303
    assert (work.state(app, listing_id), one(app, select(Listing.live_release))) == ("withdrawn", None)
    assert "새 판 열기" in work.said(vendor.client.get(f"/listings/{listing_id}"))
