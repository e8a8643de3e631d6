"""What waits around bundles on the morning page, for whom, and until when."""

from datetime import timedelta

from sqlalchemy import select

from catalog import publishing
from catalog.models import BundleVersion, Certificate, Listing, Organization, Release, Review
from marketplace import extensions, worker
from marketplace.inbox.bundles import NEW_DAYS
from marketplace.inbox.workshop import RENEW_DAYS
from marketplace.journeys import decisions
from tests import factories
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, counted, rows


def waiting(who):
    """What waits for somebody around bundles, by kind."""
    items = who.api("GET", "/inbox").get_json()["items"]
    return {item["kind"]: item for item in items if item["kind"].startswith("bundle")}


def lines(who):
    """Kinds and texts."""
    return {kind: (item["text"], item["context"]) for kind, item in waiting(who).items()}


def until(app):
    """The last day for the newest version."""
    return rows(app, BundleVersion.__table__.select().with_only_columns(BundleVersion.until))[-1].isoformat()


def test_a_version_waits_for_its_vendors_and_its_delay_for_the_coordinator(app, around):
    assert lines(around.runner) == {}
    around.send()
    assert lines(around.members[0]) == {
        "bundle_consent": ("번들 ‘현장 한 묶음’ v1에 서명해 주세요", "우리 말고 2곳이 더 서명해야 해요.")
    }
    item = waiting(around.members[0])["bundle_consent"]
    assert (item["due"], item["who"]) == (until(app), "우리 회사")
    assert f"{around.path}/versions/1/consent" in around.members[0].client.get("/").get_data(as_text=True)
    around.sign(around.members[0])
    assert lines(around.members[0]) == {}
    assert set(lines(around.runner)) == {"bundle_consent", "bundle_delay"}
    around.sign(around.runner)
    assert lines(around.runner) == {
        "bundle_delay": ("번들 ‘현장 한 묶음’ v1에 1곳이 아직 서명하지 않았어요", "비전 · 0일째")
    }
    assert waiting(around.runner)["bundle_delay"]["who"] == "비전"
    assert lines(around.members[1])["bundle_consent"][1] == "우리만 서명하면 모두 서명해요."
    assert lines(around.outside) == {}


def test_what_all_signed_waits_to_be_handed_in_until_it_is(app, around):
    around.send()
    for who in around.vendors:
        around.sign(who)
    assert set(lines(around.runner)) == {"bundle_signed"}
    assert [lines(who) for who in around.members] == [{}, {}]
    assert around.runner.api("POST", f"{around.path}/versions/1/publication").status_code == 200
    assert lines(around.runner) == {}


def test_after_the_last_day_nobody_is_asked(app, around, monkeypatch):
    around.send(days=1)
    moment = extensions.now() + timedelta(days=2)
    monkeypatch.setattr(extensions, "now", lambda: moment)
    assert lines(around.members[0]) == {}
    assert lines(around.runner) == {}


def test_a_certificate_that_ends_waits_for_the_coordinator_and_is_told_to_the_lead(app, around, monkeypatch):
    around.sell()
    lead = around.runner
    kinds = {item["kind"] for item in lead.api("GET", "/inbox").get_json()["items"]}
    assert not {"bundle_ending", "certificate"} & kinds
    ends = rows(
        app,
        select(Certificate.expires_on)
        .join(Certificate.release)
        .join(Release.listing)
        .where(Listing.kind == "bundle"),
    )[0]
    moment = factories.NOW + timedelta(days=(ends - factories.TODAY).days - RENEW_DAYS)
    monkeypatch.setattr(extensions, "now", lambda: moment)
    assert waiting(lead)["bundle_ending"]["due"] == ends.isoformat()
    assert f"{around.path}/board" in lead.client.get("/").get_data(as_text=True)
    told = [item for item in lead.api("GET", "/inbox").get_json()["items"] if item["kind"] == "certificate"]
    bundle = next(item for item in told if item["text"] == "현장 한 묶음")
    assert (bundle["who"], bundle["due"]) == ("코디네이터", ends.isoformat())
    assert "bundle_ending" not in lines(around.members[0])
    around.send()
    assert "bundle_ending" not in lines(lead)


def test_what_ended_without_all_signatures_waits_for_the_coordinator_until_another_is_sent(
    app, around, monkeypatch
):
    around.send()
    denied = {"reason": "값이 맞지 않아요."}
    answer = around.members[0].api("POST", f"{around.path}/versions/1/refusal", json=denied)
    assert answer.status_code == 200
    assert lines(around.runner) == {
        "bundle_refused": ("번들 ‘현장 한 묶음’ v1의 서명을 다 받지 못했어요", "거절한 곳: 코어")
    }
    assert [lines(who) for who in around.members] == [{}, {}]
    assert f"{around.path}/board" in around.runner.client.get("/").get_data(as_text=True)
    around.send(days=1)
    assert set(lines(around.runner)) == {"bundle_consent", "bundle_delay"}
    moment = extensions.now() + timedelta(days=2)
    monkeypatch.setattr(extensions, "now", lambda: moment)
    worker.tick(app, moment)
    assert lines(around.runner) == {
        "bundle_refused": (
            "번들 ‘현장 한 묶음’ v2의 서명을 다 받지 못했어요", "기한 안에 서명하지 않은 곳: 한빛, 코어, 비전"
        )
    }  # fmt: skip
    late = moment + timedelta(days=31)
    monkeypatch.setattr(extensions, "now", lambda: late)
    assert lines(around.runner) == {}


def test_what_was_sent_back_waits_to_be_mended_and_is_read_where_it_is_mended(app, around):
    around.send()
    for who in around.vendors:
        around.sign(who)
    nothing = {"number": None, "decided_at": None, "findings": [], "notes": []}
    remarks = f"{around.path}/remarks"
    assert around.runner.api("GET", remarks).get_json() == nothing
    assert around.runner.api("POST", f"{around.path}/versions/1/publication").status_code == 200
    send_back(app, around)
    assert lines(around.runner) == {
        "bundle_finding": (
            "검증기관이 번들 ‘현장 한 묶음’의 보완을 요청했어요",
            "고친 새 판에 다시 서명을 받거나, 고칠 것이 없으면 다시 내 주세요.",
        )
    }
    assert lines(around.members[0]) == {}
    for who in around.vendors:
        asked = who.api("GET", remarks).get_json()
        assert [(each["pointer"], each["text"]) for each in asked["findings"]] == [
            ("summary", "누가 설치하는지 적어 주세요.")
        ]
        assert [note["text"] for note in asked["notes"]] == ["공급기업에 드리는 말씀"]
        page = who.client.get(f"{around.path}/versions/1").get_data(as_text=True)
        assert "누가 설치하는지 적어 주세요." in page
        assert "공급기업에 드리는 말씀" in page
        assert "우리끼리" not in page
    board = around.runner.client.get(f"{around.path}/board").get_data(as_text=True)
    assert f'href="{around.path}/goal#f-texts-summary"' in board
    assert around.outside.api("GET", remarks).status_code == 404
    assert around.outside.client.get(f"{around.path}/versions/1").status_code == 404
    assert around.runner.api("POST", f"{around.path}/versions/1/publication").status_code == 200
    assert around.runner.api("GET", remarks).get_json() == nothing
    assert lines(around.runner) == {}


def send_back(app, around):
    with acting(app) as session:
        shelf, row = around.shelf(session), around.row(session)
        review = session.query(Review).filter_by(listing_id=row.listing_id, state="waiting").one()
        decision = {
            "no_conflict": True,
            "points": factories.FULL_POINTS,
            "findings": [
                {"pointer": "summary", "severity": "required", "text": "누가 설치하는지 적어 주세요."}
            ],
            "notes": [
                {"audience": "vendor", "text": "공급기업에 드리는 말씀"},
                {"audience": "internal", "text": "우리끼리"},
            ],
            "decision": "send_back",
        }
        judge = factories.judge(shelf.validator)
        decisions.decide(session, review, shelf.validator, judge, decision, factories.NOW)


def break_part(app, around):
    with acting(app) as session:
        publishing.withdraw(session, around.shelf(session).listings[2])
    worker.tick(app, extensions.now())


def test_a_broken_bundle_names_whose_part_it_is(app, around):
    around.sell()
    worker.tick(app, extensions.now())
    assert lines(around.runner) == {}
    break_part(app, around)
    assert lines(around.runner) == {
        "bundle_broken": ("번들 ‘현장 한 묶음’이 깨졌어요", "솔루션에 문제가 생긴 기업: 비전")
    }
    assert lines(around.members[1]) == {}
    assert f"{around.path}/board" in around.runner.client.get("/").get_data(as_text=True)


def test_what_cannot_be_published_waits_to_be_mended_and_not_to_be_handed_in(app, around):
    around.send()
    for who in around.vendors:
        around.sign(who)
    break_part(app, around)
    assert lines(around.runner)["bundle_broken"][0] == "번들 ‘현장 한 묶음’을 이대로는 게시할 수 없어요"
    assert "bundle_signed" not in lines(around.runner)


def test_a_manufacturer_hears_of_a_bundle_made_for_its_demand(app, around, monkeypatch):
    buyer, other = (person(app, "manufacturer", name=name) for name in ("새공장", "남공장"))
    with acting(app) as session:
        site = factories.site(session, session.get_one(Organization, buyer.organization_key))
        demand = factories.demand(session, site, title="한 손에서 사기")
        factories.demand(
            session, factories.site(session, session.get_one(Organization, other.organization_key))
        )
        around.row(session).demand = demand.public_id
    assert lines(buyer) == {}
    around.sell()
    assert lines(buyer) == {
        "bundle_for_demand": ("‘한 손에서 사기’에 맞춘 번들 ‘현장 한 묶음’이 나왔어요", "가 얼라이언스")
    }
    assert f'href="{around.path}"' in buyer.client.get("/").get_data(as_text=True)
    assert lines(other) == {}
    moment = factories.NOW + timedelta(days=NEW_DAYS + 1)
    monkeypatch.setattr(extensions, "now", lambda: moment)
    assert lines(buyer) == {}


def test_however_many_versions_there_are_they_cost_the_page_one_statement(app, around):
    around.sell()
    around.send()
    around.runner.client.get("/")
    with counted(app) as sent:
        assert around.runner.client.get("/").status_code == 200
    assert sum("bundle" in statement for statement in sent) == 1
