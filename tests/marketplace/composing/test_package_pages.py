"""Pages of packages, without scripts: choose which factories, watch, read who is served and who is not."""

import pytest
from sqlalchemy import func, select

from catalog.models import Bundle
from marketplace import worker
from matching.models import ComposeRun
from tests.marketplace.composing.asking_packages import FORM, page, shown_run, where
from tests.marketplace.web.looking import acting, counted, form_word, one, text_of

MAX_STATEMENTS = 12


def test_pipeline_and_bundles_lead_there_for_the_coordinator_alone(around):
    for tail in ("pipeline", "bundles"):
        path = f"/alliances/{around.alliance}/inside/{tail}"
        assert where(around) in page(around.runner, path)
        assert where(around) not in page(around.member, path)


def test_a_run_is_watched_and_then_read(app, around):
    answer = around.runner.post(where(around), FORM)
    waiting = page(around.runner, answer.location)
    assert "차례를 기다림" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    worker.drain(app)
    shown = page(around.runner, answer.location)
    for words in (
        "수요 2건 가운데 1건에 맞아요",
        "더 많은 수요에 맞는 묶음이 없음을 증명",
        "패키지 1",
        "결 MES",
        "3,500만 원",
        "맡을 솔루션이 없는 필수 역량이 있어요",
        "최소 품질이 공개되지 않아",
    ):
        assert words in shown
    assert "해울정밀" not in shown
    assert "hx-trigger" not in shown.split('id="run"')[1]
    watching = around.runner.client.get(answer.location, headers={"HX-Request": "true"})
    assert watching.headers["HX-Refresh"] == "true"
    assert "예산 5,000만 원 ~ 1억 원" in shown.split("맞는 수요</th>")[1].split("</table>")[0]
    listed = page(around.runner, where(around)).split("전에 찾은 것")[1].split("</section>")[0]
    for words in (
        answer.location,
        "모든 업종, 모든 수준</a>",
        "장터 전체 · 패키지 2개까지 · 기업 5곳까지 · 역량 7개까지",
        "더 많은 수요에 맞는 묶음이 없음을 증명",
    ):
        assert words in listed


def test_in_english_what_is_korean_is_marked_as_such(around):
    at = shown_run(around)
    around.runner.client.set_cookie("locale", "en")
    shown = page(around.runner, at)
    for words in ("1 of 2 demands are served", "Proven: no packages serve more demands", "Package 1"):
        assert words in shown
    assert '<span lang="ko">가람</span>' in shown


def test_a_form_sent_twice_starts_one_run_that_can_be_cancelled(around):
    word = form_word(around.runner.client.get(where(around)))
    first, second = (around.runner.post(where(around), {**FORM, "form_id": word}).location for _ in range(2))
    assert first == second
    assert around.states() == ["queued"]
    assert around.runner.post(f"{first}/cancel").location == first
    assert "찾기를 멈췄어요" in page(around.runner, first)
    around.runner.post(f"{first}/cancel")
    assert "이미 끝난 찾기예요" in page(around.runner, first)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"pool": "everybody"}, "정해진 값 가운데"),
        ({"count": "9"}, "1에서 5 사이"),
        ({"seconds": "9999"}, "1에서 120 사이"),
        ({"max_vendors": "많이"}, "정수로"),
        ({"level": "4"}, "업종과 수준을 넓혀 주세요"),
        ({"industry": "99"}, "업종과 수준을 넓혀 주세요"),
        ({"count": ""}, None),
    ],
)
def test_what_is_typed_wrong_is_said_at_its_field(around, typed, words):
    answer = around.runner.post(where(around), {**FORM, **typed})
    assert answer.status_code == (303 if words is None else 422)
    if words is not None:
        assert words in text_of(answer)
        assert around.states() == []


def test_an_alliance_that_is_shown_nothing_says_so(around):
    for demand in (around.demand, around.impossible):
        narrowing = f"/demands/{demand}/audience/narrowing"
        around.maker.api("POST", narrowing, json={"audience": "private"})
    shown = page(around.runner, where(around))
    assert "아직 들어온 수요가 없어요" in shown
    assert 'name="count"' not in shown
    assert around.runner.post(where(around), FORM).status_code == 422


def test_a_segment_that_is_gone_when_the_worker_comes_fails_and_says_why(app, around):
    at = around.runner.post(where(around), FORM).location
    for demand in (around.demand, around.impossible):
        narrowing = f"/demands/{demand}/audience/narrowing"
        around.maker.api("POST", narrowing, json={"audience": "private"})
    worker.drain(app)
    assert "업종과 수준을 넓혀 주세요" in page(around.runner, at)


def test_the_pages_ask_the_database_little(app, around):
    at = shown_run(around)
    for path in (where(around), at):
        with counted(app) as sent:
            assert around.runner.client.get(path).status_code == 200
        assert len(sent) <= MAX_STATEMENTS, (path, [one[:100] for one in sent])


def test_packages_that_were_tampered_with_are_not_shown(app, around):
    at = shown_run(around)
    with acting(app) as session:
        row = session.scalars(select(ComposeRun)).one()
        packages = [{**row.result["answer"]["packages"][0], "hub": None}]
        row.result = {**row.result, "answer": {**row.result["answer"], "packages": packages}}
    shown = page(around.runner, at)
    assert "검산을 통과하지 못해 보여 드리지 않아요" in shown
    assert "결 MES" not in shown


def test_a_package_becomes_a_draft_and_leads_to_its_board(app, around):
    at = shown_run(around)
    answer = around.runner.client.get(at)
    assert 'name="place" value="0" checked' in text_of(answer)
    for wrong, words in (
        ({"place": "0", "title": ""}, "꼭 적어 주세요"),
        ({"place": "7", "title": "묶음"}, "0에서"),
    ):
        refused = around.runner.post(f"{at}/draft", wrong)
        assert refused.status_code == 422
        assert words in text_of(refused)
    assert one(app, select(func.count(Bundle.id))) == 0
    form = {"place": "0", "title": "표준 묶음", "title_en": "", "form_id": form_word(answer)}
    first = around.runner.post(f"{at}/draft", form).location
    board = page(around.runner, first)
    assert around.runner.post(f"{at}/draft", form).location == first
    assert first == f"/bundles/{one(app, select(Bundle.public_id))}/board"
    assert "필요한 역량 2개 가운데 2개를 충족했어요" in board
    assert "초안을 만들었어요" in board
    assert f'href="{first}">이 결과로 만든 초안이 이미 있어요' in page(around.runner, at)
    assert around.member.post(f"{at}/draft", form).status_code == 404
