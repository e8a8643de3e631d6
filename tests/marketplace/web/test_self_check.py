"""The self-check on screens: one question each, saved at every step, resumable; its result, and the roadmap."""

import re
import threading

import pytest
from sqlalchemy import func, select

from catalog.models import Organization, Site
from marketplace.audit import AuditEntry
from matching.maturity import items
from matching.models import Assessment, SelfCheck, SelfCheckAnswer
from tests import factories
from tests.marketplace.people import PASSWORD, csrf, person
from tests.marketplace.web.looking import acting, counted, one, rows
from tests.marketplace.web.looking import text_of as marked_up

QUESTIONS = items.instrument().questions


def text_of(answer):
    """The words of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", "", marked_up(answer)).split())


@pytest.fixture
def maker(app):
    return person(app, "manufacturer")


def own_site(app, who, *, level=None, **changes):
    with acting(app) as session:
        made = factories.site(
            session, session.get(Organization, who.organization_key), level=level or 1, **changes
        )
        if level is None:
            session.query(Assessment).filter_by(site_id=made.id).delete()
        session.flush()
        return made.public_id


def begun(who, site_id):
    """Start over the page; answers the address of the run."""
    sent = who.post("/self-check", {"site_id": site_id})
    assert sent.status_code == 303
    return re.fullmatch(r"(/self-check/[0-9a-f-]{36})/\d+", sent.headers["Location"]).group(1)


def go_through(who, run, values):
    for number, value in enumerate(values, start=1):
        sent = who.post(f"{run}/{number}", {"value": "unknown" if value is None else str(value)})
        assert sent.status_code == 303, number
    return sent.headers["Location"]


def test_without_a_factory_the_page_says_what_comes_first(maker):
    page = maker.client.get("/self-check")
    assert page.status_code == 200
    assert "먼저 공장을 등록해 주세요" in text_of(page)
    assert "/sites/new?next=/self-check" in page.get_data(as_text=True)


def test_twelve_screens_end_in_a_level_with_scale_and_basis(app, maker):
    site_id = own_site(app, maker)
    run = begun(maker, site_id)
    page = maker.client.get(f"{run}/1")
    assert QUESTIONS[0].ask.ko in text_of(page)
    assert page.get_data(as_text=True).count('type="radio"') == 6
    assert go_through(maker, run, [3, 2, 2, 3, 2, 2, 2, 3, 2, 1, 2, None]) == run
    said = text_of(maker.client.get(run))
    for words in ("수준 2", "자가진단", "기업 수준", "11개 답함, 1개 모름", "우리 2.18", "ieum-self-check/1"):
        assert words in said, words
    assert "공식 수준확인(KS X 9001)이 아니에요" in said
    weakest = re.findall(r"([123])\. (설비|생산 관리|물류·공급망)", said)
    assert weakest == [("1", "설비"), ("2", "생산 관리"), ("3", "물류·공급망")]
    kept = one(app, select(Assessment.level).where(Assessment.basis == "self_check"))
    assert kept == 2
    acts = [row.act for row in rows(app, select(AuditEntry).where(AuditEntry.act.like("self_check.%")))]
    assert acts == ["self_check.start", *["self_check.answer"] * 12, "self_check.finish"]


def test_each_answer_is_kept_at_once_and_the_run_goes_on_where_it_was_left(app, maker):
    site_id = own_site(app, maker)
    run = begun(maker, site_id)
    go_through(maker, run, [2, 3, None])
    left = maker.post(f"{run}/4", {"value": "4", "go": "later"})
    assert left.headers["Location"] == "/self-check"
    said = text_of(maker.client.get("/self-check"))
    assert "4개 답함, 12개 중" in said
    assert "이어서 답하기" in said
    again = maker.post("/self-check", {"site_id": site_id})
    assert again.headers["Location"] == f"{run}/5"
    page = maker.client.get(f"{run}/3").get_data(as_text=True)
    assert re.search(r'value="unknown" checked', page)
    assert "4개 저장했어요" in text_of(maker.client.get(f"{run}/5"))
    overview = text_of(maker.client.get(run))
    assert "8개 문항이 남았어요" in overview
    inbox = text_of(maker.client.get("/"))
    assert "자가진단을 이어서 해 주세요" in inbox
    assert "12문항 가운데 4개에 답했어요" in inbox


@pytest.mark.parametrize("value", [None, "", "0", "6", "x", "1.5"])
def test_no_answer_is_refused_at_its_field_and_nothing_is_lost(app, maker, value):
    run = begun(maker, own_site(app, maker))
    go_through(maker, run, [2])
    sent = maker.post(f"{run}/2", {} if value is None else {"value": value})
    assert sent.status_code == 422
    page = sent.get_data(as_text=True)
    assert 'id="f-value-error"' in page
    assert QUESTIONS[1].ask.ko in page
    assert one(app, select(func.count(SelfCheckAnswer.id))) == 1


def test_after_the_last_question_the_missing_one_is_asked_first(app, maker):
    run = begun(maker, own_site(app, maker))
    for number in (1, 2, *range(4, 12)):
        maker.post(f"{run}/{number}", {"value": "2"})
    sent = maker.post(f"{run}/12", {"value": "2"})
    assert sent.headers["Location"] == f"{run}/3"
    refused = maker.post(f"{run}/finish")
    assert refused.headers["Location"] == run
    assert one(app, select(SelfCheck.state)) == "open"
    maker.post(f"{run}/3", {"value": "2"})
    assert "모든 문항에 답했어요" in text_of(maker.client.get(run))
    for _twice in range(2):
        assert maker.post(f"{run}/finish").headers["Location"] == run
    assert one(app, select(SelfCheck.state)) == "finished"
    assert one(app, select(func.count(Assessment.id))) == 1
    late = maker.post(f"{run}/1", {"value": "5"})
    assert late.status_code == 409
    assert maker.client.get(f"{run}/1").headers["Location"] == run


def test_too_few_answers_give_no_level_and_say_so(app, maker):
    run = begun(maker, own_site(app, maker))
    go_through(maker, run, [4] * 7 + [None] * 5)
    said = text_of(maker.client.get(run))
    assert "수준을 매기지 않았어요" in said
    assert "답한 문항이 7개예요" in said


@pytest.mark.parametrize("number", [0, 13, 99])
def test_there_are_twelve_questions(app, maker, number):
    run = begun(maker, own_site(app, maker))
    assert maker.client.get(f"{run}/{number}").status_code == 404
    assert maker.post(f"{run}/{number}", {"value": "1"}).status_code == 404


def test_a_stranger_reaches_nothing(app, maker):
    site_id = own_site(app, maker)
    run = begun(maker, site_id)
    other = person(app, "manufacturer")
    for path in (run, f"{run}/1", f"/sites/{site_id}/roadmap"):
        assert other.client.get(path).status_code == 404
    for path, form in (
        (f"{run}/1", {"value": "3"}),
        (f"{run}/finish", {}),
        ("/self-check", {"site_id": site_id}),
    ):
        assert other.post(path, form).status_code == 404
    assert one(app, select(func.count(SelfCheckAnswer.id))) == 0
    assert other.post("/self-check", {"site_id": "x"}).status_code == 404


def test_everybody_may_read_the_questions_and_cut_offs(app):
    page = app.test_client().get("/self-check/questions")
    assert page.status_code == 200
    said = text_of(page)
    assert all(question.ask.ko in said for question in QUESTIONS)
    assert all(cut in said for cut in ("1.5", "2.5", "3.5", "4.5"))


def test_a_factory_without_a_level_is_asked_for_one_on_the_morning_page(app, maker):
    own_site(app, maker)
    assert "의 수준을 알아보세요" in text_of(maker.client.get("/"))
    own_site(app, maker, level=2, name="둘째 공장")
    assert "둘째 공장’의 수준을" not in text_of(maker.client.get("/"))


# ---- the roadmap ----------------------------------------------------------------------------------------------------


def test_without_a_level_the_roadmap_asks_for_the_self_check(app, maker):
    site_id = own_site(app, maker)
    page = maker.client.get(f"/sites/{site_id}/roadmap")
    assert page.status_code == 200
    assert "아직 수준을 몰라요" in text_of(page)
    assert "자가진단 시작" in text_of(page)


def test_the_roadmap_leads_to_a_demand_and_marks_what_is_in_use(app, maker):
    systems = [{"name": "MES", "capability": "mes", "interfaces": []}]
    site_id = own_site(app, maker, systems=systems)
    run = begun(maker, site_id)
    go_through(maker, run, [3, 2, 2, 3, 2, 2, 2, 3, 2, 1, 2, None])
    page = maker.client.get(f"/sites/{site_id}/roadmap")
    said, html = text_of(page), page.get_data(as_text=True)
    assert "수준 3까지 한 단계" in said
    assert "평균 2.18 → 2.64" in said
    assert "쓰는 중" in said
    link = f"/demands/new?site={site_id}&amp;capabilities=sensor_iot&amp;target_level=3"
    assert link in html.replace("%2C", ",")
    assert f"/sites/{site_id}/certificates" in html
    assert "자가진단" in said
    further = text_of(maker.client.get(f"/sites/{site_id}/roadmap?goal=5"))
    assert "수준 5까지 3단계" in further


def test_pages_ask_the_database_little(app, maker):
    site_id = own_site(app, maker)
    run = begun(maker, site_id)
    go_through(maker, run, [2] * 11)
    other = begun(maker, own_site(app, maker, name="둘째 공장"))
    go_through(maker, other, [2] * 12)
    for path in ("/self-check", run, f"{run}/12", other, f"/sites/{site_id}/roadmap"):
        with counted(app) as sent:
            assert maker.client.get(path).status_code == 200
        assert len(sent) <= 12, (path, sent)


def test_an_unknown_goal_is_left_out_with_a_notice(app, maker):
    site_id = own_site(app, maker, level=2)
    said = text_of(maker.client.get(f"/sites/{site_id}/roadmap?goal=9"))
    assert "모르는 조건은 빼고 보여드려요" in said
    assert "수준 3까지 한 단계" in said


def test_a_certified_level_stands_above_the_self_check(app, maker):
    site_id = own_site(app, maker)
    run = begun(maker, site_id)
    go_through(maker, run, [2] * 12)
    with acting(app) as session:
        site = session.scalar(select(Site).where(Site.public_id == site_id))
        detail = {"number": "예시-24-0318", "body": "예시진단원", "valid_until": "2099-12-31"}
        factories.assessments.record(
            session,
            site,
            scale="company_level",
            level=3,
            basis="certified",
            on=factories.TODAY.replace(year=2025),
            detail=detail,
        )
    said = text_of(maker.client.get(f"/sites/{site_id}/roadmap"))
    assert "확인됨(수준확인서)" in said
    assert "예시-24-0318" in said
    assert "수준 4까지 한 단계" in said
    assert "지금 쓰는 수준은 다른 근거에서 와요" in text_of(maker.client.get(run))


def test_the_highest_level_has_no_way_further(app, maker):
    site_id = own_site(app, maker, level=5)
    assert "가장 높은 수준이에요" in text_of(maker.client.get(f"/sites/{site_id}/roadmap"))


# ---- everything runs concurrently with itself -----------------------------------------------------------------------


def test_two_starts_at_once_make_one_run_and_two_answers_are_both_kept(app, maker):
    site_id = own_site(app, maker)
    colleague = app.test_client()
    login = {"email": maker.email, "password": PASSWORD, "csrf_token": csrf(colleague)}
    assert colleague.post("/sign-in", data=login).status_code == 303
    mine, theirs = ({"csrf_token": csrf(client)} for client in (maker.client, colleague))
    given = _at_once(
        lambda: maker.client.post("/self-check", data={**mine, "site_id": site_id}).status_code,
        lambda: colleague.post("/self-check", data={**theirs, "site_id": site_id}).status_code,
    )
    assert given == [303, 303]
    assert one(app, select(func.count(SelfCheck.id))) == 1
    run = begun(maker, site_id)
    given = _at_once(
        lambda: maker.client.post(f"{run}/1", data={**mine, "value": "2"}).status_code,
        lambda: colleague.post(f"{run}/1", data={**theirs, "value": "4"}).status_code,
    )
    assert given == [303, 303]
    assert one(app, select(func.count(SelfCheckAnswer.id))) == 1
    _at_once(
        lambda: maker.client.post(f"{run}/2", data={**mine, "value": "2"}),
        lambda: colleague.post(f"{run}/3", data={**theirs, "value": "4"}),
    )
    assert one(app, select(func.count(SelfCheckAnswer.id))) == 3


def _at_once(*acts):
    start, given = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        start.wait(10)
        given[place] = act()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return given
