"""The vendor's and the manufacturer's pages: what shows, what is kept back, who may answer what."""

import threading

import pytest
from sqlalchemy import func, select

from catalog.models import Organization
from marketplace.audit import AuditEntry
from marketplace.notices.models import Notice
from matching import demands
from matching.models import Lead
from matching.models.demand import ORGANIZATIONS, PRIVATE
from tests.marketplace.leads.conftest import NAME, TITLE
from tests.marketplace.people import person
from tests.marketplace.web.looking import counted, form_word, one, rows, text_of


def state(house):
    return one(house.app, select(Lead.state))


def told(house, event):
    return rows(house.app, select(Notice.user_id).where(Notice.event == event))


def test_a_lead_shows_points_reasons_and_a_due_time_and_no_name(shown):
    page = text_of(shown.vendor.client.get("/leads"))
    assert "우리 솔루션에 맞는 새 수요 1건이에요. 48시간 안에 답하면 돼요." in page
    assert "꼭 맞는 비전" in page
    assert "목록가가 예산 안이에요." in page
    assert "이름은 수요기업이 연락을 받아들이면 보여요" in page
    for hidden in (TITLE, NAME, "43,210,987", "4,321만", "창원 공장"):
        assert hidden not in page, hidden


def test_before_anything_is_shown_the_page_says_so(house):
    house.look()
    assert "지금 답할 수요가 없어요" in text_of(house.vendor.client.get("/leads"))
    assert one(house.app, select(func.count(Lead.id))) == 0


def test_why_a_listing_is_left_out_is_said_without_the_demands_facts(shown):
    page = text_of(shown.vendor.client.get(f"/leads?listing={shown.far}"))
    assert "지역이 맞지 않아요" in page
    page = text_of(shown.vendor.client.get(f"/leads/left-out?listing={shown.far}"))
    assert "수요 공장의 지역이 이 솔루션의 공급 지역에 없어요." in page
    assert "그 지역에 공급할 수 있다면 새 판에서 공급 지역을 더해 주세요." in page
    assert TITLE not in page
    assert NAME not in page


def test_a_foreign_listing_or_nonsense_in_the_address_is_passed_over(shown):
    for wrong in ("abc", "0192f0c1-0000-7000-8000-000000000000"):
        assert shown.vendor.client.get(f"/leads?listing={wrong}").status_code == 200
        assert shown.vendor.client.get(f"/leads/left-out?listing={wrong}").status_code == 200


def test_names_show_after_both_have_said_yes(shown):
    assert shown.accept().status_code == 303
    offers = text_of(shown.maker.client.get(f"/demands/{shown.demand}/offers"))
    assert "현장을 보고 싶어요." in offers
    for hidden in ("가람비전", "꼭 맞는 비전", "박서린 055-1"):
        assert hidden not in offers, hidden
    assert NAME not in text_of(shown.vendor.client.get(f"/leads/{shown.lead}"))
    assert shown.consent().status_code == 303
    offers = text_of(shown.maker.client.get(f"/demands/{shown.demand}/offers"))
    assert "가람비전" in offers
    assert "박서린 055-1" in offers
    lead = text_of(shown.vendor.client.get(f"/leads/{shown.lead}"))
    assert NAME in lead
    assert "김하늬 055-2" in lead
    assert TITLE in lead
    assert NAME in text_of(shown.vendor.client.get("/leads"))
    acts = rows(shown.app, select(AuditEntry.act).where(AuditEntry.object_type == "Lead"))
    assert acts == ["lead.accept", "contact.accept"]
    assert told(shown, "lead.answered") == [shown.maker.user_key]
    assert told(shown, "contact.accepted") == [shown.vendor.user_key]


def test_a_named_vendor_and_the_manufacturer_know_each_other_from_the_beginning(house):
    house.show(ORGANIZATIONS, [house.vendor])
    assert NAME in text_of(house.vendor.client.get("/leads"))
    assert TITLE in text_of(house.vendor.client.get(f"/leads/{house.lead}"))
    house.accept()
    assert "가람비전" in text_of(house.maker.client.get(f"/demands/{house.demand}/offers"))


def test_a_refused_contact_shows_nobodys_name(shown):
    shown.accept()
    assert shown.maker.post(f"/offers/{shown.lead}/refuse", {"text": "다음에요."}).status_code == 303
    page = text_of(shown.vendor.client.get(f"/leads/{shown.lead}"))
    assert "다음에요." in page
    assert NAME not in page
    assert "가람비전" not in text_of(shown.maker.client.get(f"/demands/{shown.demand}/offers"))
    assert told(shown, "contact.refused") == [shown.vendor.user_key]


def test_declining_is_heard_of_only_summed_up(shown):
    assert shown.vendor.post(f"/leads/{shown.lead}/decline", {"reason": "budget"}).status_code == 303
    page = text_of(shown.maker.client.get(f"/demands/{shown.demand}/offers"))
    assert "5곳 이상이 거절하면" in page
    assert "예산이 맞지 않아요" not in page
    assert "까닭: 예산이 맞지 않아요." in text_of(shown.vendor.client.get("/leads"))
    assert told(shown, "lead.answered") == []


@pytest.mark.parametrize("field", ["listing_id", "message", "contact"])
def test_a_missing_field_is_said_at_it_and_nothing_is_lost(shown, field):
    answer = shown.accept(**{field: "", "form_id": "w" * 22})
    page = text_of(answer)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in page
    kept = {"message": "현장을 보고 싶어요.", "contact": "박서린 055-1"}
    assert all(words in page for name, words in kept.items() if name != field)
    assert state(shown) == "offered"


def test_a_listing_that_does_not_fit_is_refused_at_its_field(shown):
    answer = shown.accept(listing_id=shown.far)
    assert answer.status_code == 422
    assert "이 수요에 맞는 우리 솔루션을 골라 주세요." in text_of(answer)
    assert state(shown) == "offered"


def test_another_reason_needs_words_and_keeps_the_form_open(shown):
    answer = shown.vendor.post(f"/leads/{shown.lead}/decline", {"reason": "other", "text": ""})
    assert answer.status_code == 422
    assert '<details class="decline" open>' in text_of(answer)
    assert state(shown) == "offered"


def test_the_manufacturers_contact_is_needed_and_asked_for_at_its_field(shown):
    shown.accept()
    answer = shown.consent(contact="")
    assert answer.status_code == 422
    assert f"contact-{shown.lead}-e" in text_of(answer)
    assert state(shown) == "accepted"


def test_a_form_sent_twice_acts_once(shown):
    word = form_word(shown.vendor.client.get(f"/leads/{shown.lead}"))
    first, second = shown.accept(form_id=word), shown.accept(form_id=word)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert len(told(shown, "lead.answered")) == 1


def test_two_colleagues_at_once_give_one_answer(shown):
    answers, start = [], threading.Barrier(2)

    def act(path, data):
        client = shown.app.test_client()
        start.wait(10)
        sent = client.open(
            f"/api/v1/leads/{shown.lead}/{path}",
            method="POST",
            json=data,
            headers={"Authorization": f"Bearer {shown.vendor.token}"},
        )
        answers.append(sent.status_code)

    accepted = {"answer": "accept", "listing_id": shown.listing, "message": "네", "contact": "여기"}
    declined = {"answer": "decline", "reason": "budget"}
    both = [threading.Thread(target=act, args=("answer", data)) for data in (accepted, declined)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(60)
    assert sorted(answers) == [200, 409]
    assert state(shown) in {"accepted", "declined"}


def test_what_is_narrowed_is_gone_at_once_and_takes_no_answer(shown):
    lead = shown.lead
    shown.change(lambda session, demand: demands.narrow(session, demand, PRIVATE))
    assert "지금 답할 수요가 없어요" in text_of(shown.vendor.client.get("/leads"))
    page = text_of(shown.vendor.client.get(f"/leads/{lead}"))
    assert "이 수요는 이제 볼 수 없어요" in page
    assert "자동차" not in page
    assert shown.accept().status_code == 409
    assert state(shown) == "offered"


def test_a_wish_for_contact_is_taken_back(shown):
    shown.accept()
    assert shown.vendor.post(f"/leads/{shown.lead}/withdraw").status_code == 303
    assert state(shown) == "withdrawn"
    assert "박서린 055-1" not in text_of(shown.maker.client.get(f"/demands/{shown.demand}/offers"))
    assert shown.consent().status_code == 404
    assert shown.vendor.post(f"/leads/{shown.lead}/withdraw").status_code == 409


def test_leads_and_offers_are_nobody_elses(shown):
    shown.accept()
    stranger = person(shown.app, "vendor", "manufacturer")
    assert stranger.client.get(f"/leads/{shown.lead}").status_code == 404
    assert stranger.post(f"/leads/{shown.lead}/withdraw").status_code == 404
    assert stranger.client.get(f"/demands/{shown.demand}/offers").status_code == 404
    assert stranger.post(f"/offers/{shown.lead}/accept", {"contact": "나"}).status_code == 404
    assert "어느" not in text_of(stranger.client.get("/leads"))
    assert state(shown) == "accepted"


def test_a_lead_that_no_vendor_took_up_is_no_offer(shown):
    assert shown.consent().status_code == 404
    assert "아직 연락을 청한 공급기업이 없어요" in text_of(
        shown.maker.client.get(f"/demands/{shown.demand}/offers")
    )


@pytest.mark.parametrize("path", ["/leads", "/leads/left-out", "lead"])
def test_the_pages_need_few_statements(shown, path):
    path = f"/leads/{shown.lead}" if path == "lead" else path
    with counted(shown.app) as sent:
        assert shown.vendor.client.get(path).status_code == 200
    assert len(sent) <= 12, sent


def test_the_page_of_offers_needs_few_statements(shown):
    shown.accept()
    with counted(shown.app) as sent:
        assert shown.maker.client.get(f"/demands/{shown.demand}/offers").status_code == 200
    assert len(sent) <= 12, sent


def test_capacity_is_stated_on_its_page_and_shown_with_its_day(shown):
    assert shown.vendor.post("/organization/capacity", {"projects_per_quarter": "4"}).status_code == 303
    page = text_of(shown.vendor.client.get("/organization"))
    assert "분기에 4건을 시작할 수 있다고 적었어요(" in page
    assert rows(shown.app, select(AuditEntry.detail).where(AuditEntry.act == "capacity.state")) == [
        {"projects_per_quarter": 4}
    ]
    before = one(shown.app, select(Lead.fit))
    shown.look()
    assert one(shown.app, select(Lead.fit)) > before


@pytest.mark.parametrize("typed", ["-1", "1000", "많이", "1.5"])
def test_a_wrong_capacity_is_said_at_its_field(shown, typed):
    answer = shown.vendor.post("/organization/capacity", {"projects_per_quarter": typed})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in text_of(answer)
    assert f'value="{typed}"' in text_of(answer)
    assert (
        one(shown.app, select(Organization.capacity_per_quarter).where(Organization.name == "가람비전"))
        is None
    )


def test_both_sides_find_it_on_the_morning_page(shown):
    assert "새 수요 제안에 답해 주세요" in text_of(shown.vendor.client.get("/"))
    shown.accept()
    assert "새 수요 제안에 답해 주세요" not in text_of(shown.vendor.client.get("/"))
    assert "연락을 청한 공급기업이 1곳 있어요" in text_of(shown.maker.client.get("/"))
    shown.consent()
    assert "연락을 청한" not in text_of(shown.maker.client.get("/"))
