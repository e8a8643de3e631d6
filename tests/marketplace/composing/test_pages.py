"""Pages of composing, without scripts: choose how, watch, read the answer, lock, mend, take a bundle as a draft."""

import re

import pytest
from sqlalchemy import func, select

from catalog import interop
from catalog.models import AllianceMember, Bundle, Listing, Organization
from marketplace import extensions, worker
from marketplace.audit import AuditEntry
from marketplace.journeys import composing as acts
from matching.composing import runs
from matching.models import Assessment, ComposeRun, Demand
from tests.composing import TODAY
from tests.marketplace.web.looking import acting, counted, form_word, one, rows, text_of

MAX_STATEMENTS = 12
FORM = {
    "pool": "members-first",
    "weighing": "lexicographic",
    "budget_amount": "",
    "max_vendors": "",
    "level": "",
    "min_quality": "3",
    "programme": "",
    "alternatives": "1",
    "seconds": "30",
    "point_amount": "10000",
    "vendor_amount": "0",
    "points": "6",
}


def page(who, path, status=200):
    answer = who.client.get(path)
    assert answer.status_code == status, text_of(answer)[:400]
    return text_of(answer)


def done(around, *, demand=None, **typed):
    """The page of a run that the worker has ended."""
    path = around.page.replace(around.demand, demand or around.demand)
    answer = around.runner.post(path, {**FORM, **typed})
    assert answer.status_code == 303, text_of(answer)[:600]
    worker.drain(around.app)
    return answer.location


def test_the_pipeline_leads_to_composing_for_the_coordinator_alone(around):
    pipeline = f"/alliances/{around.alliance}/inside/pipeline"
    assert around.page in page(around.runner, pipeline)
    assert "/compose" not in page(around.member, pipeline)
    page(around.member, around.page, 404)
    page(around.outside, around.page, 404)
    page(around.maker, around.page, 403)


def test_the_form_asks_for_the_quality_that_is_not_shown(around):
    shown = page(around.runner, around.page)
    assert "수요의 최소 품질은 연락을 받아들인 뒤에 보여요" in shown
    assert 'name="min_quality"' in shown
    assert "해울정밀" not in shown


def test_a_run_is_watched_and_then_read(app, around):
    answer = around.runner.post(around.page, FORM)
    waiting = page(around.runner, answer.location)
    assert "차례를 기다림" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert "새로 고침" in waiting
    assert "이 화면은 스스로 바뀌지 않아요" in waiting.split("<noscript>")[1].split("</noscript>")[0]
    watching = around.runner.client.get(answer.location, headers={"HX-Request": "true"})
    assert "HX-Refresh" not in watching.headers
    with acting(app) as session:
        run = one(app, select(ComposeRun.public_id))
        runs.claim(session, run, 1, extensions.now())
        runs.beat(session, run, 1, extensions.now(), step="best", percent=10)
    going = page(around.runner, answer.location)
    for words in ("가장 좋은 번들을 찾는 중", "10% 했어요", 'value="10"'):
        assert words in going
    with acting(app) as session:
        runs.take_up(session, extensions.now() + runs.SILENT * 2)
    worker.drain(app)
    shown = page(around.runner, answer.location)
    for words in (
        "더 나은 번들이 없음을 증명",
        "결 MES",
        "결 ERP",
        "3,500만 원",
        "REST/JSON",
        "검산기",
        "지원금을 셈하지 않았어요",
        "왜 이 솔루션인가",
        "이 솔루션 없이는 조건을 모두 지킬 수 없어요",
    ):
        assert words in shown
    assert "hx-trigger" not in shown.split('id="run"')[1]
    watching = around.runner.client.get(answer.location, headers={"HX-Request": "true"})
    assert watching.headers["HX-Refresh"] == "true"


def test_alternatives_stand_beside_the_best(app, around):
    said = {"price_amount": 3_000_000, "source": "합성 예시", "as_of": TODAY, "today": TODAY}
    with acting(app) as session:
        interop.note_connector(session, "opcua", "rest", **said)
    shown = page(around.runner, done(around, pool="all"))
    assert "연결 장치 · OPC UA – REST/JSON (OpenAPI) · 300만 원" in shown
    assert "가장 좋은 번들" in shown
    assert re.findall(r'<th scope="col">다른 번들 (\d)</th>', shown) == ["1"]
    reasons = shown.split("왜 이 솔루션인가")[1].split("</table>")[0]
    assert "밖 MES" in reasons
    assert "회사 부담이" in reasons


def test_in_english_vendors_have_their_english_names_and_won_are_written_in_one_way(app, around):
    with acting(app) as session:
        for row in session.scalars(select(Organization).order_by(Organization.id)):
            row.name_en = f"Firm {row.id}"
    where = done(around, pool="all")
    around.runner.client.set_cookie("locale", "en")
    shown = page(around.runner, where)
    named = re.findall(r'<small class="soft"([^>]*)>([^<]+)</small><small>', shown)
    assert named
    assert {(mark, name.split()[0]) for mark, name in named} == {("", "Firm")}
    assert "KRW" in shown
    assert "million" not in shown
    around.runner.client.set_cookie("locale", "ko")
    assert "만 원" in page(around.runner, where)


def test_the_front_is_a_table(around):
    shown = page(around.runner, done(around, pool="all", weighing="pareto"))
    assert "비용과 적합도의 갈림길" in shown
    assert "갈림길 1" in shown


def test_an_impossible_demand_shows_the_sieve_what_clashes_and_buttons_that_mend(app, around):
    where = done(around, demand=around.impossible)
    shown = page(around.runner, where)
    for words in ("가능한 번들이 없음을 증명", "역량마다 남는 후보", "함께 지킬 수 없는 조건", "공급망관리"):
        assert words in shown
    mends = shown.split("바꾸면 되는 것")[1].split("무엇을 바탕으로")[0]
    assert re.findall(r"<h3>([^<]+)</h3>", mends) == ["역량: 공급망관리 · 있으면 좋은 것으로"]
    assert not re.search(r"\d원|만 원|억 원", mends)  # what is not money has no price
    assert "lock-h" not in shown
    sieve = shown.split("역량마다 남는 후보")[1].split("</table>")[0]
    assert sieve.count('<span class="only-phone">예산에 듦 </span>') == 2
    again = around.runner.post(f"{where}/again", {"repair": "0"})
    assert again.status_code == 303
    worker.drain(app)
    mended = page(around.runner, again.location)
    assert "더 나은 번들이 없음을 증명" in mended
    assert "바꿔 본 조건" in mended
    for odd in ("9", "x", "-1"):
        assert around.runner.post(f"{where}/again", {"repair": odd}).status_code == 422
    assert around.states() == ["done", "done"]


def test_locks_make_another_run_that_keeps_and_refuses(app, around):
    where = done(around, pool="all", weighing="weighted")
    first = page(around.runner, where)
    assert f'name="lock/{around.listings["결 ERP"]}"' in first
    keep, never = around.listings["밖 MES"], around.listings["결 MES"]
    answer = around.runner.post(f"{where}/again", {f"lock/{keep}": "", f"lock/{never}": "never"})
    worker.drain(app)
    run = one(app, select(ComposeRun).order_by(ComposeRun.id.desc()))
    assert (run.wishes["keep"], run.wishes["never"]) == ([], [never])
    assert answer.location.endswith(run.public_id)


def test_more_money_is_said_as_money(around):
    shown = page(around.runner, done(around, budget_amount="1000000"))
    assert "예산을 3,500만 원으로 (3,400만 원 늘림)" in shown
    assert "구간" not in shown.split("무엇을 바탕으로 찾았나")[1]


def test_locks_that_made_it_impossible_are_taken_back(app, around):
    where = done(around, pool="members")
    mes = around.listings["결 MES"]
    locked = around.runner.post(f"{where}/again", {f"lock/{mes}": "never"}).location
    worker.drain(app)
    shown = page(around.runner, locked)
    assert "가능한 번들이 없음을 증명" in shown
    form = shown.split('aria-labelledby="lock-h"')[1].split("</form>")[0]
    assert re.findall(r'name="lock/([^"]+)" value="(\w*)" checked', form) == [(mes, "never")]
    assert "결 MES" in form
    free = around.runner.post(f"{locked}/again", {f"lock/{mes}": ""}).location
    worker.drain(app)
    assert one(app, select(ComposeRun.wishes).order_by(ComposeRun.id.desc()))["never"] == []
    assert "더 나은 번들이 없음을 증명" in page(around.runner, free)


def test_two_that_are_kept_and_known_not_to_stand_together_are_told_of(app, around):
    names = ("결 MES", "결 ERP")
    with acting(app) as session:
        pair = [session.scalars(select(Listing).where(Listing.title == title)).one() for title in names]
        told_of = {"reason": "함께 쓸 수 없음", "source": "합성 예시", "as_of": TODAY, "today": TODAY}
        interop.note_conflict(session, *pair, **told_of)
    where = done(around, pool="all")
    kept = {f"lock/{around.listings[name]}": "keep" for name in names}
    clash = around.runner.post(f"{where}/again", kept).location
    worker.drain(app)
    core = page(around.runner, clash).split('id="core-h"')[1].split("</section>")[0]
    assert all(name in core for name in names)
    assert "함께 쓸 수 없다고 기록된 솔루션이에요" in core


def test_a_wrong_number_of_points_is_told_of_that_field(around):
    wrong = around.runner.post(around.page, {**FORM, "points": "x"})
    assert wrong.status_code == 422
    assert "갈림길의 점: " in text_of(wrong)
    assert "기준표" not in text_of(wrong)


def test_runs_are_told_apart_by_what_was_wanted_and_what_came_of_it(app, around):
    first = done(around)
    second = done(around, pool="all", weighing="weighted", max_vendors="2", budget_amount="1000000")
    around.runner.post(f"{first}/again", {f"lock/{around.listings['결 MES']}": "keep"})
    listed = page(around.runner, around.page).split("전에 찾은 것")[1].split("</section>")[0]
    lines = [
        (re.search(r"(?:\d\d:\d\d) · ([^<]+)</a>", text)[1], re.search(r"soft\">([^<]+)", text)[1], text)
        for text in listed.split("<article")[1:]
    ]
    assert [(what, how) for what, how, _text in lines] == [
        ("적합도 먼저, 그다음 비용", "참여 기업 먼저 · 꼭 넣음 1개"),
        ("적합도와 비용을 함께", "장터 전체 · 예산 100만 원 · 기업 2곳까지"),
        ("적합도 먼저, 그다음 비용", "참여 기업 먼저"),
    ]
    outcomes = ("차례를 기다림", "가능한 번들이 없음을 증명", "더 나은 번들이 없음을 증명")
    assert [outcome in text for outcome, (_a, _b, text) in zip(outcomes, lines, strict=True)] == [True] * 3
    assert second in lines[1][2]


def test_a_band_of_a_budget_is_said_beside_the_field_and_at_bundles_that_may_be_too_dear(app, around):
    """9,000만 원 lies between 5,000만 and 1억; nobody but the firm knows where."""
    known = "수요는 예산을 ‘5,000만 원 ~ 1억 원’으로만 밝혔어요. 비워 두면 1억 원까지 찾고, 5,000만 원을 넘는"
    assert known in page(around.runner, around.page)
    shown = page(around.runner, done(around))
    assert "예산 안인지 확인" not in shown
    assert "5,000만 원을 넘는 번들은 예산 안인지 알 수 없어요" in shown
    with acting(app) as session:
        for demand in session.scalars(select(Demand)):
            demand.budget_amount, demand.version = 40_000_000, demand.version + 1
    assert "예산 안인지 확인" in page(around.runner, done(around))
    assert "예산 안인지 확인" not in page(around.runner, done(around, budget_amount="50000000"))


def test_a_choice_becomes_a_draft_and_the_page_says_who_was_invited(app, around):
    where = done(around, demand=around.impossible, pool="members-first")
    around.runner.post(f"{where}/again", {"repair": "0"})
    run = one(app, select(ComposeRun.public_id).order_by(ComposeRun.id.desc()))
    at = where.rpartition("/")[0] + f"/{run}"
    keep = around.listings["밖 MES"]
    around.runner.post(f"{at}/again", {f"lock/{keep}": "keep"})
    worker.drain(app)
    kept = one(app, select(ComposeRun.public_id).order_by(ComposeRun.id.desc()))
    at = where.rpartition("/")[0] + f"/{kept}"
    shown = page(around.runner, at)
    assert "참여 기업이 아닌 곳이 들어 있어요" in shown
    assert "바깥" in shown
    assert "꼭 넣음: 밖 MES" in shown
    word = form_word(around.runner.client.get(at))
    form = {"choice": "best/0", "title": "MES 묶음", "title_en": "", "form_id": word}
    first = around.runner.post(f"{at}/draft", form).location
    board = page(around.runner, first)
    assert "초안을 만들었어요" in board
    assert "초대에 응해 참여할 때까지 서명을 받을 수 없어요" in board
    second = around.runner.post(f"{at}/draft", form).location
    assert first == second == f"/bundles/{one(app, select(Bundle.public_id))}/board"
    invited = select(AllianceMember.state).where(
        AllianceMember.organization_id == around.outside.organization_key
    )
    assert rows(app, invited) == ["invited"]
    said = page(around.runner, at)
    assert f'href="{first}">이 결과로 만든 초안이 이미 있어요' in said
    assert one(app, select(func.count(Bundle.id))) == 1


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"choice": "best/0", "title": ""}, "꼭 적어 주세요"),
        ({"choice": "odd/0", "title": "묶음"}, "정해진 값 가운데"),
        ({"choice": "alternatives/x", "title": "묶음"}, "사이로 적어 주세요"),
        ({"choice": "best/0", "title": "가" * 81}, "80자까지"),
    ],
)
def test_a_draft_that_is_wrong_is_said_at_its_field_and_not_made(app, around, form, words):
    where = done(around)
    answer = around.runner.post(f"{where}/draft", form)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert one(app, select(func.count(Bundle.id))) == 0


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"pool": ""}, None),
        ({"pool": "everybody"}, "정해진 값 가운데"),
        ({"seconds": "9999"}, "1에서 120 사이"),
        ({"budget_amount": "많이"}, "0원에서 1조 원"),
        ({"budget_amount": "-1"}, "0원에서 1조 원"),
        ({"level": "7"}, "1에서 5 사이"),
        ({"seconds": ""}, None),
    ],
)
def test_what_is_typed_wrong_is_said_and_nothing_is_started(app, around, typed, words):
    answer = around.runner.post(around.page, {**FORM, **typed})
    if words is None:
        assert answer.status_code == 303
        return
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert around.states() == []


def test_a_form_sent_twice_starts_one_run(app, around):
    word = form_word(around.runner.client.get(around.page))
    first, second = (around.runner.post(around.page, {**FORM, "form_id": word}).location for _ in range(2))
    assert first == second
    assert around.states() == ["queued"]
    told = rows(app, select(AuditEntry.act).where(AuditEntry.act.like("compose.%")))
    assert told == ["compose.start"]


def test_a_run_is_cancelled_and_says_so(around):
    where = around.runner.post(around.page, FORM).location
    assert around.runner.post(f"{where}/cancel").location == where
    assert "찾기를 멈췄어요" in page(around.runner, where)
    assert around.runner.post(f"{where}/cancel").location == where
    assert "이미 끝난 찾기예요" in page(around.runner, where)
    assert around.states() == ["cancelled"]


def test_a_run_that_failed_says_why(around, monkeypatch):
    def wrong(*_args, **_kwargs):
        raise acts.Misjudged("a bundle")

    monkeypatch.setattr(acts, "compose", wrong)
    assert "검산을 통과하지 못해 버렸어요" in page(around.runner, done(around))


def test_time_that_ends_without_an_answer_is_not_called_impossible(around, monkeypatch):
    real = acts.compose
    monkeypatch.setattr(acts, "compose", lambda instance, **kwargs: real(instance, seconds=0.0))
    shown = page(around.runner, done(around))
    assert "가능한 번들이 없다는 뜻은 아니에요" in shown
    assert "없음을 증명" not in shown


def test_an_answer_for_an_older_version_says_so(app, around):
    where = done(around)
    with acting(app) as session:
        session.scalars(select(ComposeRun)).one().demand.version += 1
    assert "수요가 그 뒤에 바뀌었어요" in page(around.runner, where)


def test_a_bundle_that_was_tampered_with_is_not_shown(app, around):
    where = done(around, alternatives="0")
    with acting(app) as session:
        row = session.scalars(select(ComposeRun)).one()
        answer = {**row.result["answer"], "items": row.result["answer"]["items"][:1]}
        row.result = {**row.result, "answer": answer}
    shown = page(around.runner, where)
    assert "검산을 통과하지 못한 번들은 뺐어요" in shown
    assert "초안 만들기" not in shown


def test_the_level_has_to_be_chosen_where_it_is_not_known(app, around):
    with acting(app) as session:
        for row in session.scalars(select(Assessment)):
            session.delete(row)
    answer = around.runner.post(around.page, FORM)
    assert answer.status_code == 422
    assert "공장의 기업 수준을 몰라요" in text_of(answer)
    assert "기업 수준은 직접 고른 값이에요" in page(around.runner, done(around, level="2"))


def test_other_peoples_runs_are_not_there(around):
    where = done(around)
    for who, status in ((around.member, 404), (around.outside, 404), (around.maker, 403)):
        page(who, where, status)
        for act in ("cancel", "again", "draft"):
            assert who.post(f"{where}/{act}", {"title": "묶음", "choice": "best/0"}).status_code == status


def test_the_pages_ask_the_database_little(app, around):
    where = done(around, pool="all")
    around.runner.post(around.page, FORM)
    for path in (around.page, where, f"/alliances/{around.alliance}/inside/pipeline"):
        with counted(app) as sent:
            assert around.runner.client.get(path).status_code == 200
        assert len(sent) <= MAX_STATEMENTS, (path, [one[:100] + one[one.find("FROM") :][:90] for one in sent])
    assert one(app, select(func.count(Organization.id))) >= 4
