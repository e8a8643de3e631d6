"""Drafts, texts that are read, the audience, versions, the board: pages and operations, and that nothing leaks."""

import csv
import io
import threading
from datetime import date

import pytest
from sqlalchemy import func, select

from catalog.models import Organization
from marketplace.api.examples import demand as example
from marketplace.audit import AuditEntry
from matching.models import Demand, DemandVersion, MatchList
from tests import factories
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, counted, one, rows, text_of
from tests.marketplace.web.test_demands import new, own_demand, own_site

SECRET = ("은하수상사", "비밀동", "보라매", "57300000", "57,300,000", "2027-06-30", "2027. 6. 30.")


@pytest.fixture
def maker(app):
    return person(app, "manufacturer", name="은하수상사")


@pytest.fixture
def vendor(app):
    return person(app, "vendor", name="가람비전")


@pytest.fixture
def demand_id(app, maker):
    with acting(app) as session:
        for _ in range(5):
            factories.site(session, factories.company(session, "manufacturer"))
        site = factories.site(session, session.get(Organization, maker.organization_key), name="비밀동")
        text = "보라매 라인을 고쳐요"
        made = factories.demand(
            session, site, title="보라매 개조", description=text, budget_amount=57_300_000
        )
        session.flush()
        return made.public_id


def acts(app):
    return rows(
        app, select(AuditEntry.act).where(AuditEntry.act.like("demand.%")).order_by(AuditEntry.number)
    )


def widen(maker, demand_id, **body):
    return maker.api("POST", f"/demands/{demand_id}/audience", json={"audience": "board", **body})


def test_the_text_fills_empty_fields_and_saves_nothing(app, maker):
    site_id = own_site(app, maker)
    text = "용접 불량을 줄이고 싶고 MES는 있는데 ERP와 연결하고 싶어요. 예산 5천만 원. 화면은 예뻐야 해요"
    sent = {"site_id": site_id, "act": "read", "description": text, "title": "", "budget_amount": ""}
    answer = maker.post("/demands/new", sent)
    page = text_of(answer)
    assert answer.status_code == 200
    assert 'value="50,000,000"' in page
    assert "화면은 예뻐야 해요" in page
    assert page.count('<option value="ai_vision" selected') == 1
    assert '<option value="erp" selected' in page
    assert one(app, select(func.count()).select_from(Demand)) == 0
    typed = maker.post("/demands/new", {**sent, "budget_amount": "1,000"})
    assert 'value="1,000"' in text_of(typed)


@pytest.mark.parametrize("text", ["", "가" * 4001])
def test_a_text_that_cannot_be_read_says_so_at_its_field(app, maker, text):
    own_site(app, maker)
    page = text_of(maker.post("/demands/new", {"act": "read", "description": text}))
    assert 'id="f-description-error"' in page


def test_a_draft_is_kept_resumed_and_stated(app, maker):
    site_id = own_site(app, maker)
    kept = maker.post("/demands/new", {"site_id": site_id, "act": "draft", "description": "쓰다 만 글"})
    assert kept.status_code == 303
    assert rows(app, select(Demand.state)) == ["draft"]
    assert "쓰다 만 글" in text_of(maker.client.get(kept.location))
    assert "이어 쓰기" in text_of(maker.client.get("/"))
    stated = maker.post(kept.location, new(site_id))
    assert stated.status_code == 303
    assert rows(app, select(Demand.state)) == ["open"]
    assert (one(app, select(func.count()).select_from(MatchList)), acts(app)) == (
        1,
        ["demand.draft", "demand.state"],
    )


def test_the_roadmaps_link_fills_the_form(app, maker):
    site_id = own_site(app, maker)
    page = text_of(
        maker.client.get(f"/demands/new?site={site_id}&capabilities=mes,erp,nonsense&target_level=3")
    )
    assert '<option value="mes" selected' in page
    assert '<option value="erp" selected' in page
    assert '<option value="3" selected' in page
    assert "모르는 조건" not in page
    assert f'href="/sites/{site_id}?next=/demands/new"' in page
    assert "PLC" in page
    assert "기업이 적은 값" in page


def test_the_second_of_two_editors_is_shown_what_changed_and_loses_nothing(app, maker):
    site_id, demand_id = own_site(app, maker), own_demand(app, maker)
    first = maker.post(f"/demands/{demand_id}", new(site_id, version="1", title="첫째가 고친 이름"))
    second = maker.post(f"/demands/{demand_id}", new(site_id, version="1", title="둘째가 고친 이름"))
    page = text_of(second)
    assert (first.status_code, second.status_code) == (303, 409)
    assert "첫째가 고친 이름" in page
    assert 'value="둘째가 고친 이름"' in page
    assert rows(app, select(Demand.title)) == ["첫째가 고친 이름"]
    again = maker.post(f"/demands/{demand_id}", new(site_id, version="2", title="둘째가 고친 이름"))
    assert again.status_code == 303
    assert rows(app, select(DemandVersion.number).order_by(DemandVersion.number)) == [1, 2, 3]
    history = text_of(maker.client.get(f"/demands/{demand_id}/versions"))
    assert maker.email in history
    assert "첫째가 고친 이름" in history


def test_lists_know_the_version_that_they_ranked(app, maker):
    site_id, demand_id = own_site(app, maker), own_demand(app, maker)
    maker.post(f"/demands/{demand_id}", new(site_id, version="1"))
    assert rows(app, select(MatchList.demand_version)) == [2]


def test_widening_and_narrowing_by_page(app, maker, vendor, demand_id):
    page = text_of(maker.client.get(f"/demands/{demand_id}/audience?q=가람"))
    assert vendor.organization_id in page
    assert "게시판에는 이렇게 보여요" in page
    path = f"/demands/{demand_id}/audience"
    named = maker.post(path, {"audience": "organizations", "organizations": vendor.organization_id})
    assert named.status_code == 303
    assert "보라매 개조" in text_of(vendor.client.get("/board"))
    maker.post(f"{path}/narrowing", {"audience": "private"})
    assert "보라매" not in text_of(vendor.client.get("/board"))
    assert acts(app) == ["demand.widen", "demand.narrow"]


def test_a_refused_widening_says_why_and_changes_nothing(app, maker, demand_id):
    path = f"/demands/{demand_id}/audience"
    for audience, sentence in (
        ("alliance", "얼라이언스: 꼭 적어 주세요."),
        ("organizations", "꼭 적어 주세요."),
    ):
        answer = maker.post(path, {"audience": audience})
        assert answer.status_code == 422
        assert sentence in text_of(answer)
    assert rows(app, select(Demand.audience).where(Demand.public_id == demand_id)) == ["private"]
    assert acts(app) == []


def test_nothing_identifying_leaves_by_page_file_or_operation(app, maker, vendor, demand_id):
    assert widen(maker, demand_id).status_code == 200
    number = one(
        app, select(Organization.registration_number).where(Organization.id == maker.organization_key)
    )
    texts = [text_of(vendor.client.get(path)) for path in ("/board", "/board.csv", "/board?sector=metal")]
    texts.append(vendor.api("GET", "/board").get_data(as_text=True))
    assert "자동차" in texts[0]
    for text in texts:
        assert not [word for word in (*SECRET, number, maker.organization_id) if word in text]
    (item,) = vendor.api("GET", "/board").get_json()["items"]
    assert (item["named"], item["organization"], item["title"]) == (False, None, None)
    assert item["budget"] == {"low": 50_000_000, "high": 100_000_000}
    assert (item["quarter"], item["requirements"][0]["min_quality"]) == ("2027-Q2", None)
    header, line = csv.reader(io.StringIO(texts[1].lstrip("\ufeff")))
    assert (len(header), len(line)) == (10, 10)


def test_named_vendors_see_the_name_and_losing_it_is_at_once(app, maker, vendor, demand_id):
    answer = widen(maker, demand_id, audience="organizations", organizations=[vendor.organization_id])
    assert answer.get_json()["organizations"] == [vendor.organization_id]
    (item,) = vendor.api("GET", "/board").get_json()["items"]
    assert (item["organization"], item["title"], item["deadline"]) == (
        "은하수상사",
        "보라매 개조",
        "2027-06-30",
    )
    maker.api("POST", f"/demands/{demand_id}/audience/narrowing", json={"audience": "private"})
    assert vendor.api("GET", "/board").get_json()["total"] == 0


def test_a_stranger_neither_sees_nor_widens(app, demand_id, vendor):
    stranger = person(app, "manufacturer")
    for path in ("audience", "audience/narrowing", "closing", "reopening"):
        body = {"reason": "mistake"} if path == "closing" else {"audience": "board"}
        sent = {} if path == "reopening" else {"json": body}
        assert stranger.api("POST", f"/demands/{demand_id}/{path}", **sent).status_code == 404
    assert stranger.client.get("/board").status_code == 403
    assert stranger.api("GET", f"/demands/{demand_id}/versions").status_code == 404
    assert vendor.api("GET", "/board").get_json()["items"] == []


def test_an_unconfirmed_vendor_is_told_why_the_board_is_empty(app, maker, demand_id):
    widen(maker, demand_id)
    new_vendor = person(app, "vendor", confirmed=False)
    assert "운영자가 확인한 공급기업만" in text_of(new_vendor.client.get("/board"))
    assert new_vendor.api("GET", "/board").get_json()["items"] == []


def test_closing_needs_a_reason_hides_and_can_be_undone(app, maker, vendor, demand_id):
    widen(maker, demand_id)
    answer = maker.post(f"/demands/{demand_id}/close", {})
    assert answer.status_code == 422
    assert 'id="f-reason-error"' in text_of(answer)
    assert maker.post(f"/demands/{demand_id}/close", {"reason": "elsewhere"}).status_code == 303
    assert vendor.api("GET", "/board").get_json()["total"] == 0
    assert "다른 곳에서 찾았어요" in text_of(maker.client.get(f"/demands/{demand_id}"))
    assert maker.post(f"/demands/{demand_id}/reopening").status_code == 303
    assert rows(app, select(Demand.state).where(Demand.public_id == demand_id)) == ["open"]
    assert maker.post(f"/demands/{demand_id}/reopening").status_code == 409


def test_a_program_reads_a_text_and_states_what_was_read(app, maker):
    own_site(app, maker)
    text = "MES가 필요하고 ERP와 연결해야 해요. 예산 5천만 원, 내년 3월까지"
    read = maker.api("POST", "/demand-texts", json={"text": text}).get_json()
    assert read["requirements"] == [{"capability": "mes", "must": True, "min_quality": 3}]
    assert (read["budget_amount"], read["links"]) == (50_000_000, [["mes", "erp"]])
    body = {**example(), **{name: read[name] for name in ("requirements", "links", "budget_amount")}}
    made = maker.api("POST", "/demands", json=body).get_json()
    assert (made["links"], made["version"], made["audience"]) == ([["mes", "erp"]], 1, "private")
    stale = maker.api("PUT", f"/demands/{made['id']}", json={**body, "version": 9})
    assert (stale.status_code, stale.get_json()["code"]) == (409, "demand.version")
    for wrong in ({"text": ""}, {"text": "가" * 10_001}, {"text": "a", "b": 1}, {"text": "a\x00"}):
        assert maker.api("POST", "/demand-texts", json=wrong).status_code == 422


def test_the_pages_need_few_statements(app, maker, vendor, demand_id):
    widen(maker, demand_id, organizations=[vendor.organization_id])
    paths = [(maker, f"/demands/{demand_id}/audience"), (maker, f"/demands/{demand_id}/versions")]
    for who, path in (*paths, (vendor, "/board"), (vendor, "/board.csv"), (vendor, "/docs/audience")):
        who.client.get(path)
        with counted(app) as sent:
            assert who.client.get(path).status_code == 200
        assert len(sent) <= 12, (path, [text.partition("FROM")[2][:60] for text in sent])


def test_of_two_programs_that_revise_at_once_one_is_told(app, maker, demand_id):
    barrier, answers = threading.Barrier(2), []

    def revise(title):
        body = {**example(), "title": title, "version": 1}
        barrier.wait()
        answers.append((maker.api("PUT", f"/demands/{demand_id}", json=body).status_code, title))

    threads = [threading.Thread(target=revise, args=(title,)) for title in ("첫째", "둘째")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(status for status, _title in answers) == [200, 409]
    kept = next(title for status, title in answers if status == 200)
    assert rows(app, select(Demand.title).where(Demand.public_id == demand_id)) == [kept]
    versions = select(DemandVersion.number).order_by(DemandVersion.number)
    assert rows(app, versions) == [1, 2]


def test_a_deadline_that_has_passed_waits_on_the_morning_page(app, maker, demand_id):
    assert "마감하기" not in text_of(maker.client.get("/"))
    with acting(app) as session:
        session.scalar(select(Demand).where(Demand.public_id == demand_id)).deadline = date(2026, 1, 5)
    page = text_of(maker.client.get("/"))
    assert f'href="/demands/{demand_id}/close"' in page
    assert "희망 기한이 지났어요" in page
