"""A bundle in the store is found, counted and matched like any listing, and leaves the matches while it is broken."""

import re

import pytest
from sqlalchemy import select

from catalog import listings, publishing
from catalog.models import Organization
from marketplace import extensions, worker
from marketplace.journeys import watching
from marketplace.notices import letters
from marketplace.notices.models import Notice
from matching.models import MatchList
from matching.replay import replay
from tests import factories
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, counted, text_of
from tests.marketplace.web.test_compare import rows_of

#: Every word for how far something is proven.
BASES = ("현장 검증 1곳", "시험 성적", "서류 심사", "공급기업 주장", "재검증 필요")


def buyer(app):
    """A manufacturer with a plant that wants all three."""
    maker = person(app, "manufacturer")
    needs = [{"capability": code, "must": True, "min_quality": 3} for code in ("mes", "plm", "erp")]
    with acting(app) as session:
        site = factories.site(session, session.get_one(Organization, maker.organization_key), level=1)
        wanted = factories.demand(
            session, site, requirements=needs, target_level=2, budget_amount=200_000_000
        )
        return maker, wanted.public_id


def found(app, **query):
    return app.test_client().get("/api/v1/solutions", query_string=query).get_json()


def matched(app, who, demand):
    """The list of a demand, asked anew."""
    worker.drain(app)
    answer = who.api("POST", f"/demands/{demand}/matches")
    assert answer.status_code == 201
    return answer.get_json()


def test_it_is_found_counted_and_matched_with_the_policy_term_apart(app, around):
    maker, demand = buyer(app)
    assert matched(app, maker, demand)["items"] == []  # nobody has all three
    around.sell()
    worker.drain(app)
    assert found(app)["facets"]["capability"]["mes"] == 2
    (hit,) = found(app, q="현장 한 묶음")["items"]
    assert hit["content"]["kind"] == "bundle"
    (match,) = matched(app, maker, demand)["items"]
    assert (match["listing"], match["money"]["list_amount"]) == (hit["id"], 90_000_000)
    # the term is told beside the score, which it is no part of
    assert match["policy"] > 0
    assert match["rank_without_policy"] == 1
    assert match["score"] == pytest.approx(sum(part["points"] for part in match["parts"]))


def test_whose_demand_it_fits_hears_that_it_is_a_bundle(app, around):
    maker, _ = buyer(app)
    around.sell()
    with acting(app) as session:
        watching.watch(session, around.row(session).listing)
    worker.drain(app)
    with app.test_request_context(), app.extensions["database"].session(reading=True) as session:
        (notice,) = session.scalars(select(Notice).where(Notice.user_id == maker.user_key))
        assert notice.event == "match.new"
        said = letters.sentence(notice.event, notice.params)
        alone = letters.sentence(notice.event, {**notice.params, "kind": "solution"})
    assert "번들 ‘현장 한 묶음’이" in said
    assert "번들" not in alone


def test_broken_it_is_seen_but_matched_with_nobody_until_it_is_mended(app, around):
    maker, demand = buyer(app)
    around.sell()
    (match,) = matched(app, maker, demand)["items"]
    with acting(app) as session:
        publishing.withdraw(session, around.shelf(session).listings[2])
    worker.tick(app, extensions.now())
    after = matched(app, maker, demand)
    assert after["items"] == []
    assert {row["listing"]: row["code"] for row in after["excluded"]}[match["listing"]] == "certificate"
    (shown,) = found(app, q="현장 한 묶음")["items"]
    assert (shown["id"], shown["certificate"]["standing"]) == (match["listing"], "expired")
    assert "재검증 필요" in app.test_client().get("/solutions?q=현장 한 묶음").text
    assert app.test_client().get(f"/api/v1{around.path}").get_json()["broken_on"] is not None
    with acting(app) as session:
        shelf = around.shelf(session)
        publishing.reopen(session, shelf.listings[2])
        factories.approved(session, shelf.listings[2], shelf.validator)
    worker.tick(app, extensions.now())
    (back,) = matched(app, maker, demand)["items"]
    assert back["listing"] == match["listing"]
    assert found(app, q="현장 한 묶음")["items"][0]["certificate"]["standing"] == "valid"


def edition(around, number, *, basis):
    """Another edition of a part goes public, whose vendor knows its quality in another way; the worker looks."""
    with acting(around.app) as session:
        shelf = around.shelf(session)
        listing = shelf.listings[number]
        publishing.reopen(session, listing)
        plan = factories.plan("plm", price=30_000_000, basis=basis)
        listings.revise(session, listing, {"plans": [plan]})
        session.flush()
        factories.approved(session, listing, shelf.validator)
    worker.tick(around.app, extensions.now())
    worker.drain(around.app)


def test_card_match_score_facet_and_page_say_what_its_parts_prove_and_follow_them(app, around):
    maker, demand = buyer(app)
    around.sell()

    def told():
        (match,) = matched(app, maker, demand)["items"]
        axis = next(part for part in match["parts"] if part["axis"] == "evidence")
        (card,) = re.findall(r'<article class="card sol.*?</article>', shop("q=현장 한 묶음"), re.DOTALL)
        pages = [
            card,
            text_of(maker.client.get(f"/demands/{demand}/matches"))
            .split('class="rank__meta"')[1]
            .split("</p>")[0],
            text_of(app.test_client().get(around.path))
            .split('class="page-head')[1]
            .split("</h1>")[1]
            .split("</div>")[0],
        ]
        said = [[words for words in BASES if words in page] for page in pages]
        assert all("번들" in page for page in pages)
        return axis["value"], said[0] if said[0] == said[1] == said[2] else said

    def shop(query):
        return text_of(app.test_client().get(f"/solutions?{query}"))

    assert told() == (0.5, ["현장 검증 1곳"])
    assert found(app, kind="bundle", validation="field")["total"] == 1
    edition(around, 1, basis="claimed")
    assert told() == (0, ["서류 심사"])
    assert found(app, kind="bundle", validation="field")["total"] == 0
    assert found(app, kind="bundle", validation="document")["total"] == 1
    assert found(app, kind="solution")["total"] == 3
    edition(around, 1, basis="field_proven")
    assert told() == (0.5, ["현장 검증 1곳"])
    with app.extensions["database"].session(reading=True) as session:
        kept = session.scalars(select(MatchList).order_by(MatchList.id)).all()
        assert [replay(session, one) for one in kept] == [[], [], []]


def test_it_is_compared_and_kept_in_view_like_any_listing(app, around):
    maker = person(app, "manufacturer")
    needs = [{"capability": code, "must": code == "mes", "min_quality": 3} for code in ("mes", "plm", "erp")]
    with acting(app) as session:
        site = factories.site(session, session.get_one(Organization, maker.organization_key), level=1)
        demand = factories.demand(
            session, site, requirements=needs, target_level=2, budget_amount=200_000_000
        ).public_id
    around.sell()
    items = matched(app, maker, demand)["items"]
    single = around.listings[0]
    (bundle,) = {item["listing"] for item in items} - {single}
    path = f"/demands/{demand}"
    page = text_of(maker.client.get(f"{path}/matches?compare={bundle}&compare={single}&all=1"))
    assert rows_of(page)["첫해 목록가(부가세 빼고)"] == ["9,000만 원", "4,000만 원가장 좋음"]
    assert rows_of(page)["요금제"] == ["값 하나", "표준"]
    assert rows_of(page)["핵심 지표"][0] == "솔루션마다 따로 있어요"
    assert rows_of(page)["제조실행시스템"] == ["품질 4", "품질 4"]
    assert rows_of(page)["전사적 자원관리"] == ["품질 4가장 좋음", "없음확인 필요"]
    for listing in (bundle, single):
        kept = maker.api("POST", f"{path}/shortlist", json={"listing": listing})
        assert kept.status_code == 201, kept.get_json()
    shown = text_of(maker.client.get(f"{path}/shortlist"))
    assert "현장 한 묶음" in shown
    assert f'href="/solutions/{bundle}"' in shown
    followed = maker.client.get(f"/solutions/{bundle}", follow_redirects=True)
    assert (followed.status_code, followed.request.path) == (200, around.path)


def test_its_page_says_where_it_stands_for_the_readers_own_demands_and_all_that_was_judged(app, around):
    maker, demand = buyer(app)
    around.sell()
    (match,) = matched(app, maker, demand)["items"]
    with counted(app) as sent:
        page = text_of(maker.client.get(around.path))
    assert len(sent) <= 12, "\n".join(sent)
    own = page.split('id="own-h"')[1].split("</section>")[0]
    assert f'href="/demands/{demand}/matches"' in own
    assert re.search(r"1위 · 적합도 \d+점", own)
    assert "수요를 등록하면" not in page
    assert "후보에 담음" not in own
    listing = {"listing": match["listing"]}
    assert maker.api("POST", f"/demands/{demand}/shortlist", json=listing).status_code == 201
    assert "후보에 담음" in text_of(maker.client.get(around.path))
    for who in (person(app, "manufacturer"), around.runner):
        assert 'id="own-h"' not in text_of(who.client.get(around.path))
    public = text_of(app.test_client().get(around.path))
    for words in ("세 공급기업이 한 값으로 함께 공급하고", "공급 지역", "업종", "설치 방식", "도입 기간"):
        assert words in public
    single = text_of(maker.client.get(f"/solutions/{around.listings[0]}"))
    assert "우리 수요에서" not in single, "it leaves two of three requirements open"
