"""The public store: what everybody sees, in which order, and what nobody sees."""

import gzip
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import select

from catalog import publishing, taxonomy
from catalog.models import Listing, Organization
from marketplace import extensions
from marketplace.web.home import case_figure
from tests import factories
from tests.marketplace import people
from tests.marketplace.web.looking import acting, counted, text_of

BUDGET = 12
PAGE_BYTES = 30_000
FAILED = {"kpi": "재작업 시간", "after": Decimal("4.4")}


@pytest.fixture
def client(app):
    """Somebody without an account."""
    return app.test_client()


@pytest.fixture
def store(app, monkeypatch):
    """Publishes listings of one vendor; answers (listing id, certificate number)."""
    monkeypatch.setattr("matching.search.sync.CHECK_EVERY_SECONDS", 0)
    monkeypatch.setattr(extensions, "now", lambda: factories.NOW)
    with acting(app) as session:
        vendor = factories.company(session, "vendor", name="비전웍스")
        validator = factories.company(session, "validator", name="한빛검증원")
        keys = vendor.id, validator.id

    def publish(*, expires_on=date(2027, 11, 20), now=factories.NOW, **changes):
        with acting(app) as session:
            owner, judge = (session.get(Organization, key) for key in keys)
            files = app.extensions["files"]
            listing = factories.draft(session, owner, files, **changes)
            certificate = factories.approved(session, listing, judge, now=now, expires_on=expires_on)
            return listing.public_id, certificate.number

    publish.vendor_key = keys[0]
    return publish


def vendor_id(app, store):
    with acting(app) as session:
        return session.get(Organization, store.vendor_key).public_id


def titles(page):
    shown = [
        part.split("</a>")[0].split("<a ", 1)[1].split(">", 1)[1]
        for part in page.split('class="sol__name"')[1:]
    ]
    return [re.sub(r"</?mark>|<span lang=\"ko\">|</span>", "", title) for title in shown]


def test_the_empty_store_says_so(client, store):
    page = text_of(client.get("/solutions"))
    assert "아직 공개된 솔루션이 없어요" in page
    assert 'href="/sign-up">수요로 등록하기' in page
    assert "현장 검증을 마친 솔루션이 아직 없어요" in text_of(client.get("/"))


def test_a_card_tells_proof_level_price_and_result(client, store):
    listing, number = store()
    page = text_of(client.get("/solutions"))
    assert titles(page) == ["웰드아이 비전"]
    for words in (
        "현장 검증 1곳",
        "기업 수준 2 → 4",
        "도입 6주",
        "3,000만 원",
        "용접 불량률",
        "0.9%",
        number,
    ):
        assert words in page
    assert "측정 1건에서 나아졌어요" in page
    assert "적합도는 수요를 등록하면 보여요." in page
    assert f"/solutions/{listing}" in text_of(client.get("/"))


def test_search_filters_sorts_and_counts(client, store):
    store(title="용접 검사기", plans=[factories.plan(price=90_000_000)])
    store(title="용접 기록기", plans=[factories.plan(price=5_000_000)], regions=["jeju"])
    store(title="도장 관리기", summary="도장 부스의 온도와 습도를 기록합니다.", description="도장 " * 60)
    assert titles(text_of(client.get("/solutions?sort=price"))) == [
        "용접 기록기",
        "도장 관리기",
        "용접 검사기",
    ]
    # What 기록합니다 says it does is found too, behind what is called so.
    assert titles(text_of(client.get("/solutions?q=기록기"))) == ["용접 기록기", "도장 관리기"]
    both = text_of(client.get("/solutions?region=jeju&region=busan&sort=title"))
    assert titles(both) == ["도장 관리기", "용접 검사기", "용접 기록기"]
    only = text_of(client.get("/solutions?region=jeju&price=under_10m"))
    assert titles(only) == ["용접 기록기"]
    assert 'aria-label="제주 조건 빼기"' in only
    assert 'id="opt-region-jeju" name="region" value="jeju" checked' in only
    assert 'id="opt-region-seoul" name="region" value="seoul" disabled' in only
    assert 'href="/solutions?price=under_10m" aria-label="제주 조건 빼기"' in only


def test_a_search_without_results_names_the_condition_to_drop(client, store):
    store()
    page = text_of(client.get("/solutions?region=jeju&capability=ai_vision"))
    assert "조건에 맞는 솔루션이 없어요" in page
    assert "'제주' 빼고 1개 보기" in page
    assert "빼고 0개" not in page
    assert 'href="/sign-up">수요로 등록하기' in page


@pytest.mark.parametrize(
    "query", ["foo=1", "region=atlantis", "sort=magic", "level=9", "industry=99", "capability=%00"]
)
def test_unknown_conditions_are_left_out_with_a_notice(client, store, query):
    store()
    page = text_of(client.get(f"/solutions?{query}"))
    assert "모르는 조건은 빼고 보여드려요." in page
    assert titles(page) == ["웰드아이 비전"]


@pytest.mark.parametrize("page_number", ["2", "0", "-1", "abc", "1" + "0" * 22, "1.5", "%00", "²"])
def test_an_absurd_page_shows_the_first_with_a_notice(client, store, page_number):
    store()
    answer = client.get(f"/solutions?page={page_number}")
    assert answer.status_code == 200
    page = text_of(answer)
    assert "없는 쪽이에요. 첫 쪽을 보여드려요." in page
    assert titles(page) == ["웰드아이 비전"]


def test_text_with_control_characters_or_without_end_is_read_as_far_as_it_goes(client, store):
    store()
    strange = text_of(client.get("/solutions?q=%00웰드%07아이%1b"))
    assert 'value="웰드 아이"' in strange
    long = text_of(client.get("/solutions?q=" + "비전 " * 400))
    assert "앞 200자" in long
    assert (
        client.get("/solutions?q=<script>alert(1)</script>").get_data(as_text=True).count("<script>alert")
        == 0
    )


def test_twenty_cards_a_page_and_the_rest_on_the_next(client, store):
    for number in range(21):
        store(
            title=f"기록기 {number:02d}", records=[factories.evidence_fields(kind="claim")], plans=[claimed()]
        )
    first = text_of(client.get("/solutions?sort=title"))
    assert titles(first) == [f"기록기 {number:02d}" for number in range(20)]
    assert 'href="/solutions?sort=title&page=2" rel="next"' in first
    assert titles(text_of(client.get("/solutions?sort=title&page=2"))) == ["기록기 20"]


def claimed():
    return factories.plan(basis="claimed")


def test_the_listing_page_has_results_scope_and_conditions(client, store):
    listing, number = store(
        regions=[term.code for term in taxonomy.terms("region")],
        plans=[factories.plan(setup_amount=2_000_000)],
    )
    page = text_of(client.get(f"/solutions/{listing}"))
    for words in (
        "실증 완료", "3.1% → 0.9% (−71%)", "비드 18,420장", "수요기업 품질팀", "measured.csv", "전국", "3,200만 원",
        "수준 2 이상인 곳에서 쓰고, 수준 4까지 올려요", "품질 4 / 5 · 현장 검증", "확인했습니다.", "등록한 역량과 업종을 모두 검증했어요.",
    ):  # fmt: skip
        assert words in page, words
    assert f'href="/certificates/{number}"' in page
    assert "/files/" not in page


def test_a_failed_record_is_shown_like_the_others(client, store):
    listing, _ = store(records=[factories.evidence_fields(**FAILED)])
    for path in ("/solutions", f"/solutions/{listing}"):
        page = text_of(client.get(path))
        assert "재작업 시간" in page
        assert "4.4%" in page
    assert "나아지지 않음" in page
    assert "측정 1건 가운데 0건이 나아졌어요." in page
    assert "측정 1건에서 나아지지 않았어요" in text_of(client.get("/solutions"))


def test_field_failures_are_not_hidden_behind_a_test_report(client, store):
    report = factories.evidence_fields(
        kind="test_report", kpi="판정 정확도", direction="higher", after=Decimal("9.9")
    )
    store(records=[report, factories.evidence_fields(**FAILED)])
    page = text_of(client.get("/solutions"))
    assert "재작업 시간" in page
    assert "판정 정확도" not in page
    assert "측정 2건 가운데 1건이 나아졌어요" in page


def test_claims_stand_apart_and_prove_nothing(client, store):
    listing, _ = store(records=[factories.evidence_fields(kind="claim")], plans=[claimed()])
    page = text_of(client.get(f"/solutions/{listing}"))
    assert "측정한 성과가 아직 없어요" in page
    assert "공급기업의 주장" in page
    assert "미검증, 공급기업의 주장만 있어요" in page
    assert "미검증(공급기업 주장)" in page
    assert "실증 완료" not in page
    assert "측정하지 않은 공급기업의 주장이에요" in text_of(client.get("/solutions"))


def test_industries_without_a_measurement_are_outside_the_scope(client, store):
    listing, _ = store(industries=[{"revision": "11", "code": code} for code in ("30", "25", "C")])
    page = text_of(client.get(f"/solutions/{listing}"))
    unproved = page.split("검증하지 않은 범위")[1].split("</ul>")[0]
    assert "금속" in unproved
    assert "이 업종 전체에서 측정하지는 않았어요" in unproved
    assert unproved.count("<li") == 2


@pytest.mark.parametrize(
    ("plan", "card", "detail"),
    [
        ({"kind": "subscription", "price": 890_000, "setup_amount": 3_000_000}, "1,368만 원", "월 89만 원"),
        ({"kind": "project", "price": None}, "가격 문의", "견적으로 정해요"),
        ({"kind": "usage", "price": 120}, "가격 문의", "한 단위에 120원"),
    ],
)
def test_prices_are_list_prices_of_the_first_year(client, store, plan, card, detail):
    listing, _ = store(plans=[factories.plan(**plan)])
    assert card in text_of(client.get("/solutions"))
    page = text_of(client.get(f"/solutions/{listing}"))
    assert detail in page
    assert "부가세를 뺀 금액이에요." in page


def test_an_expired_certificate_is_said_and_a_lapsed_one_ends_the_listing(app, client, store, monkeypatch):
    early = datetime(2026, 8, 1, tzinfo=UTC)
    listing, number = store(now=early, expires_on=date(2026, 11, 20))
    page = text_of(client.get(f"/solutions/{listing}"))
    assert "재검증이 필요해요" in page
    assert "2027. 2. 18." in page
    assert "실증 완료" not in page
    assert "재검증 필요" in text_of(client.get("/solutions"))
    monkeypatch.setattr(extensions, "now", lambda: factories.NOW + timedelta(days=90))
    assert client.get(f"/solutions/{listing}").status_code == 404
    assert titles(text_of(client.get("/solutions"))) == []
    certificate = text_of(client.get(f"/certificates/{number}"))
    assert "효력 없음" in certificate
    assert f"/solutions/{listing}" not in certificate
    assert "지금 공개 중인 솔루션이 없어요" in text_of(client.get(f"/vendors/{vendor_id(app, store)}"))


def test_what_is_not_public_is_not_there(app, client, store):
    listing, number = store()
    with acting(app) as session:
        owner = session.get(Organization, store.vendor_key)
        hidden = factories.draft(session, owner, app.extensions["files"], title="비밀 초안").public_id
        publishing.withdraw(session, session.scalar(select(Listing).where(Listing.public_id == listing)))
    vendor = people.person(app, "vendor")
    for path in (
        f"/solutions/{hidden}",
        f"/solutions/{listing}",
        f"/solutions/{uuid4()}",
        f"/vendors/{uuid4()}",
    ):
        assert client.get(path).status_code == 404, path
        assert vendor.client.get(path).status_code == 404, path
    assert client.get(f"/vendors/{vendor_id(app, store)}").status_code == 404
    assert "비밀 초안" not in text_of(client.get("/solutions"))
    assert "지금 공개된 판이 아니에요" in text_of(client.get(f"/certificates/{number}"))


def test_the_vendor_page_counts_failures(app, client, store):
    store()
    store(
        title="두 번째",
        records=[factories.evidence_fields(**FAILED), factories.evidence_fields(kind="claim")],
    )
    page = text_of(client.get(f"/vendors/{vendor_id(app, store)}"))
    stats = page.split('class="stats"')[1].split("</dl>")[0]
    assert [part.split("<")[0] for part in stats.split('class="stat__v">')[1:]] == [
        "2개",
        "2건",
        "1건",
        "1건",
    ]
    assert sorted(titles(page)) == ["두 번째", "웰드아이 비전"]


def test_synthetic_organizations_are_marked(app, client, store):
    listing, number = store()
    paths = [
        "/",
        "/solutions",
        f"/solutions/{listing}",
        f"/vendors/{vendor_id(app, store)}",
        f"/certificates/{number}",
    ]
    assert all("합성 데이터" not in text_of(client.get(path)) for path in paths)
    with acting(app) as session:
        session.get(Organization, store.vendor_key).synthetic = True
    assert all("합성 데이터" in text_of(client.get(path)) for path in paths)


def test_a_certificate_has_a_public_page(client, store):
    listing, number = store()
    page = text_of(client.get(f"/certificates/{number}"))
    for words in (
        "2027. 11. 20.까지 유효해요.",
        "한빛검증원",
        "최서연",
        "80 / 100",
        "1판",
        "비전웍스",
        "확인했습니다.",
    ):
        assert words in page, words
    assert f"/solutions/{listing}" in page
    for unknown in ("C-2026-9999", "nope", "%00"):
        assert client.get(f"/certificates/{unknown}").status_code == 404


def test_the_way_to_a_demand_depends_on_who_asks(app, client, store):
    listing, _ = store()
    path = f"/solutions/{listing}"
    assert 'href="/sign-up">수요로 등록하기' in text_of(client.get(path))
    manufacturer = people.person(app, "manufacturer")
    assert 'href="/demands/new?capability=ai_vision">수요로 등록하기' in text_of(
        manufacturer.client.get(path)
    )
    vendor = people.person(app, "vendor")
    assert "수요로 등록하기" not in text_of(vendor.client.get(path))


def test_english_shows_english_and_marks_what_is_korean(client, store):
    listing, _ = store(summary_en="")
    client.set_cookie("locale", "en")
    page = text_of(client.get(f"/solutions/{listing}"))
    assert "WeldEye Vision</h1>" in page
    assert '<span lang="ko">용접 비드를 전수 촬영해 결함을 가려냅니다.</span>' in page
    assert '<span lang="ko">용접 불량률</span>' in page
    assert "Cameras photograph every bead" in page


def test_the_public_window_has_cases_that_are_not_ours(client, store):
    page = text_of(client.get("/"))
    assert "우리 플랫폼의 결과가 아니에요" in page
    for words in (
        "인터로조",
        "70% → 95%",
        "약 +70%",
        "월 10,000,000개",
        "4년 동안 2,500억 원",
        "−12.5%",
        "1 → 3",
        "etnews.com",
    ):
        assert words in page, words


def test_every_published_case_has_a_figure(app):
    with app.test_request_context("/"):
        assert all(case_figure(case) for case in taxonomy.published_cases())


def test_pages_stay_within_their_budgets(app, client, store):
    for number in range(20):
        store(title=f"기록기 {number}")
    listing, certificate = store()
    vendor = vendor_id(app, store)
    signed_in = people.person(app, "vendor", "manufacturer", "validator")
    paths = [
        "/",
        "/solutions?q=기록기",
        "/solutions?region=jeju",
        f"/solutions/{listing}",
        f"/vendors/{vendor}",
    ]
    for path in [*paths, f"/certificates/{certificate}", "/docs/fit-score", "/docs/search"]:
        for who in (client, signed_in.client):
            with counted(app) as sent:
                answer = who.get(path)
            assert answer.status_code == 200
            assert len(sent) <= BUDGET, (path, sent)
            assert len(gzip.compress(answer.data)) <= PAGE_BYTES, path
