"""What everybody sees of a bundle: the offer and its proof, from whichever side one comes; broken ones say so."""

import re

from sqlalchemy import select

from catalog import publishing as shop
from catalog.bundles import drafting, publishing, reopening
from catalog.models import Bundle, BundleVersion, Listing, Release
from tests import factories, shelves
from tests.marketplace.web.looking import acting, counted, one, text_of

MAX_STATEMENTS = 12


def page(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, text_of(answer)[:600]
    return text_of(answer)


def listing_of(app, title="현장 한 묶음"):
    return one(app, select(Listing.public_id).where(Listing.title == title))


def test_a_bundle_that_is_sold_is_public_with_offer_and_proof(app, firms):
    bundle = firms.sold()
    with counted(app) as sent:
        text = page(app.test_client(), f"/bundles/{bundle}")
    assert len(sent) <= MAX_STATEMENTS, "\n".join(sent)
    for words in (
        "현장 한 묶음",
        "3개 가운데 3개",
        "2쌍 가운데 2쌍",
        "직접 2쌍, 커넥터 0쌍",
        "누가 무엇을 어떤 근거로 채우나요",
        "이 조합을 함께 쓴다고 밝힌 기업이 아직 5곳이 안 돼요",
        "번들 합계</dt><dd>9,000만 원",
        "한빛",
        "48시간 안에 응답",
    ):
        assert words in text
    assert text.count("/certificates/C-") == 4  # of each part, and its own
    assert ("공급기업별 몫" in text, "김서명" in text) == (False, False)


def test_a_buyer_reads_what_a_new_version_changes_but_not_what_vendors_are_paid(app, firms):
    bundle = firms.sold()
    path = f"/bundles/{bundle}"
    assert "앞 판" not in page(app.test_client(), path)
    assert app.test_client().get(f"/api/v1{path}").get_json()["against_before"] is None
    with acting(app) as session:
        shelf, row = firms.shelf(session), session.query(Bundle).filter_by(public_id=bundle).one()
        drafting.change(session, row, {"discount_amount": 5_000_000}, row.draft_number, factories.TODAY)
        shelves.sold(shelf, row)
    with counted(app) as sent:
        text = page(app.test_client(), path)
    assert len(sent) <= MAX_STATEMENTS, "\n".join(sent)
    assert "앞 판(v1)에서 달라진 것" in text
    changed = text.split('id="changed-h"')[1].split("</section>")[0]
    assert ("얼라이언스 할인" in changed, "500만 원" in changed, "의 몫" in changed) == (True, True, False)
    found = app.test_client().get(f"/api/v1{path}").get_json()["against_before"]
    assert found["number"] == 1
    assert {each["place"] for each in found["changes"]} == {"discount_amount", "price_amount"}


def test_who_bought_an_earlier_version_still_reads_its_price_and_its_certificate(app, firms):
    bundle = firms.sold()
    path, before = f"/bundles/{bundle}", certificate_on(app, f"/bundles/{bundle}")
    reader = app.test_client()
    assert reader.get(f"{path}/sold/1").headers["Location"] == path
    with acting(app) as session:
        shelf, row = firms.shelf(session), session.query(Bundle).filter_by(public_id=bundle).one()
        drafting.change(session, row, {"discount_amount": 5_000_000}, row.draft_number, factories.TODAY)
        version = shelves.signed(shelf, row)
    assert reader.get(f"{path}/sold/2").status_code == 404  # signed, and never sold
    with acting(app) as session:
        version = session.get_one(BundleVersion, version.id)
        publishing.publish(session, version, factories.NOW)
        session.flush()
        shelves.approve(firms.shelf(session), version.bundle.listing)
    assert f'href="{path}/sold/1"' in page(reader, path)
    with counted(app) as sent:
        text = page(reader, f"{path}/sold/1")
    assert len(sent) <= MAX_STATEMENTS, "\n".join(sent)
    assert ("지난 판이에요" in text, "번들 합계</dt><dd>9,000만 원" in text) == (True, True)
    assert "수요로 등록하기" not in text
    assert certificate_on(app, f"{path}/sold/1") == before != certificate_on(app, path)
    past, now = (reader.get(f"/api/v1{path}{tail}").get_json() for tail in ("/sold/1", "/sold/2"))
    assert [(each["number"], each["price_amount"]) for each in (past, now)] == [
        (1, 90_000_000),
        (2, 85_000_000),
    ]
    assert reader.get(f"/api/v1{path}/sold/3").status_code == 404
    with acting(app) as session:
        row = session.query(Bundle).filter_by(public_id=bundle).one()
        publishing.withdraw(session, row, factories.TODAY)
    assert reader.get(f"{path}/sold/1").status_code == 404


def certificate_on(app, path):
    """Number of the certificate of the whole, which is the last on the page."""
    return re.findall(r"/certificates/(C-[0-9-]+)", page(app.test_client(), path))[-1]


def test_who_runs_the_whole_combination_is_counted_from_five_firms_on(app, firms):
    bundle = firms.sold()
    with acting(app) as session:
        sold = session.query(Bundle).filter_by(public_id=bundle).one().in_force
        parts = [item["listing"] for item in sold.content["items"]]
        for _ in range(4):
            runs_together(session, parts)
        runs_together(session, parts[:-1])  # not the whole of it
        apart = factories.company(session, "manufacturer")
        for part in parts:  # all of it, at several sites
            factories.site(session, apart, systems=[system(part)])
        runs_together(session, parts, state="registered")
        twice = runs_together(session, [parts[0], *parts[:2]])
        factories.site(session, twice, systems=[system(part) for part in parts[:2]])
    path = f"/bundles/{bundle}"
    assert "아직 5곳이 안 돼요" in page(app.test_client(), path)
    assert app.test_client().get(f"/api/v1{path}").get_json()["references"] is None
    with acting(app) as session:
        fifth = runs_together(session, parts)
        factories.site(session, fifth, systems=[system(part) for part in parts])  # the same firm counts once
    assert "밝힌 기업이 5곳이에요" in page(app.test_client(), path)
    assert app.test_client().get(f"/api/v1{path}").get_json()["references"] == 5


def runs_together(session, parts, state="confirmed"):
    """A manufacturer with these listings among the systems of one site."""
    firm = factories.company(session, "manufacturer")
    firm.state = state
    factories.site(session, firm, systems=[system(part) for part in parts])
    return firm


def system(part):
    return {"name": "시스템", "capability": "mes", "interfaces": [], "listing_id": part}


def test_what_vendors_are_paid_is_shown_to_themselves_only(firms):
    bundle = firms.sold()
    shares = "공급기업별 몫"
    seen = {
        who: shares in page(getattr(firms, who).client, f"/bundles/{bundle}")
        for who in ("runner", "second", "outside", "maker")
    }
    assert seen == {"runner": True, "second": True, "outside": False, "maker": False}


def test_the_store_and_the_alliance_lead_to_it(app, firms):
    bundle = firms.sold()
    moved = app.test_client().get(f"/solutions/{listing_of(app)}")
    assert (moved.status_code, moved.headers["Location"]) == (303, f"/bundles/{bundle}")
    text = page(app.test_client(), f"/alliances/{firms.alliance}")
    assert "게시한 번들" in text
    assert f"/bundles/{bundle}" in text


def test_the_alliance_page_costs_few_statements(app, firms):
    firms.sold()
    with counted(app) as sent:
        page(app.test_client(), f"/alliances/{firms.alliance}")
    assert len(sent) <= MAX_STATEMENTS, "\n".join(sent)


def test_a_draft_or_withdrawn_bundle_is_nobody_elses(app, firms):
    bundle = firms.drafted()
    assert app.test_client().get(f"/bundles/{bundle}").status_code == 404
    assert "게시한 번들" not in page(app.test_client(), f"/alliances/{firms.alliance}")


def test_a_broken_bundle_says_so_to_all(app, firms):
    bundle = firms.sold()
    with acting(app) as session:
        shop.withdraw(session, firms.shelf(session).listings[1])
        session.flush()
        reopening.look(session, firms.row(session, bundle), factories.NOW)
    text = page(app.test_client(), f"/bundles/{bundle}")
    assert "지금은 팔 수 없는 번들이에요" in text
    assert (
        "수요로 등록하기" not in re.sub(r"<footer.*", "", text, flags=re.DOTALL).split("page-head")[1][:1500]
    )
    assert "지금은 팔 수 없어요" in page(app.test_client(), f"/alliances/{firms.alliance}")
    assert "팔 수 없는 상태" in page(firms.runner.client, firms.list_path)
    assert "부터 팔 수 없어요" in page(firms.runner.client, f"/bundles/{bundle}/board")


def test_its_listing_is_not_edited_by_hand(app, firms):
    bundle = firms.sold()
    text = page(firms.runner.client, f"/listings/{listing_of(app)}")
    assert "번들은 여기서 고칠 수 없어요" in text
    assert f"/bundles/{bundle}/versions" in text
    kept = one(app, select(Release.content_hash).join(Listing).where(Listing.title == "현장 한 묶음"))
    refused = firms.runner.post(f"/listings/{listing_of(app)}/basics", {"title": "다른 이름"})
    assert refused.status_code in (403, 409)
    assert kept == one(app, select(Release.content_hash).join(Listing).where(Listing.title == "현장 한 묶음"))
