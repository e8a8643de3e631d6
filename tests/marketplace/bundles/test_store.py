"""A bundle in the store is found, counted and matched like any listing, and leaves the matches while it is broken."""

import pytest

from catalog import publishing
from catalog.models import Organization
from marketplace import extensions, worker
from tests import factories
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, text_of
from tests.marketplace.web.test_compare import rows_of


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
