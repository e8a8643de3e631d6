"""Sites in depth and their papers, for programs."""

import io

import pytest
from sqlalchemy import func, select

from catalog.files.folder import FolderStore
from catalog.models import Organization, Site, StoredFile
from marketplace.api.examples import SITE
from matching.models import LevelCertificate
from tests import factories
from tests.marketplace.papers import paper
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, counted, one

LEAST = {name: SITE[name] for name in ("name", "industry", "region", "headcount")}
FACTS = (
    "products", "shifts", "revenue_band", "records", "history", "staff", "network", "residency", "budget_year",
)  # fmt: skip


@pytest.fixture
def maker(app):
    return person(app, "manufacturer")


@pytest.fixture
def operator(app):
    return person(app, "operator")


def made(who, **changes):
    answer = who.api("POST", "/sites", json={**SITE, **changes})
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def hand_in(who, site_id, **changes):
    return who.api("POST", f"/sites/{site_id}/certificates", data=paper(**changes))


def problems(answer):
    return [(p["pointer"], p["code"]) for p in answer.get_json()["errors"]]


def test_a_site_comes_back_as_it_was_stated(maker):
    site = made(maker)
    assert {name: site[name] for name in SITE} == SITE
    assert site["missing"] == []
    assert maker.api("GET", f"/sites/{site['id']}").get_json() == site
    assert maker.api("GET", "/sites").get_json()["items"] == [site]


def test_what_is_left_out_is_not_known_and_said_to_be_missing(maker):
    answer = maker.api("POST", "/sites", json=LEAST)
    assert answer.status_code == 201
    site = answer.get_json()
    assert [site[name] for name in FACTS] == ["", *[None] * 8]
    assert (site["level"], site["levels"]) == (None, [])
    assert site["missing"][:2] == [
        {"fact": "level", "axis": "maturity"},
        {"fact": "systems", "axis": "interfaces"},
    ]
    assert {gap["fact"] for gap in site["missing"][2:]} == {"processes", *FACTS}


def test_a_new_description_replaces_the_old_one_and_forgets_what_it_leaves_out(maker):
    site = made(maker)
    again = maker.api("PUT", f"/sites/{site['id']}", json={**LEAST, "shifts": 3}).get_json()
    assert (again["shifts"], again["staff"], again["systems"]) == (3, None, [])
    assert again["level"] == SITE["level"]


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"shifts": 5}, "/shifts", "range"),
        ({"shifts": "2"}, "/shifts", "integer"),
        ({"revenue_band": "huge"}, "/revenue_band", "choice"),
        ({"records": "memory"}, "/records", "choice"),
        ({"history": ""}, "/history", "choice"),
        ({"staff": "6"}, "/staff", "choice"),
        ({"network": "wifi"}, "/network", "choice"),
        ({"residency": "moon"}, "/residency", "choice"),
        ({"budget_year": 27}, "/budget_year", "range"),
        ({"products": "가" * 301}, "/products", "too_long"),
        ({"systems": [{"name": "ERP", "in_use_since": "2021-13"}]}, "/systems/0/in_use_since", "month"),
        ({"systems": [{"name": "ERP", "in_use_since": "2098-01"}]}, "/systems/0/in_use_since", "future"),
        ({"systems": [{"name": "ERP", "listing_id": "x"}]}, "/systems/0/listing_id", "uuid"),
        (
            {"systems": [{"name": "ERP", "listing_id": "00000000-0000-7000-8000-000000000000"}]},
            "/systems/0/listing_id",
            "unknown_code",
        ),
        ({"systems": [{"name": "ERP", "since": "2021-03"}]}, "/systems/0/since", "unknown_field"),
        ({"level": {**SITE["level"], "basis": "certified"}}, "/level/basis", "choice"),
        ({"level": {**SITE["level"], "basis": "self_check"}}, "/level/basis", "choice"),
        ({"colour": "red"}, "/colour", "unknown_field"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_stored(app, maker, changes, pointer, code):
    answer = maker.api("POST", "/sites", json={**SITE, **changes})
    assert answer.status_code == 422
    assert problems(answer) == [(pointer, code)]
    assert one(app, select(func.count(Site.id))) == 0


def test_a_system_may_be_a_public_listing_and_stays_it_when_that_leaves_the_store(app, maker, tmp_path):
    with acting(app) as session:
        vendor, judge = factories.company(session, "vendor"), factories.company(session, "validator")
        store = FolderStore(tmp_path / "bytes")
        listing = factories.published(session, vendor, judge, store)
        hidden = factories.draft(session, vendor, store, title="초안")
        session.flush()
        public_id, draft_id = listing.public_id, hidden.public_id
    refused = maker.api("POST", "/sites", json={**SITE, "systems": [{"name": "A", "listing_id": draft_id}]})
    assert problems(refused) == [("/systems/0/listing_id", "unknown_code")]
    site = made(maker, systems=[{"name": "비전", "listing_id": public_id}])
    assert site["systems"][0]["listing_id"] == public_id
    with acting(app) as session:
        session.merge(listing).live_release = None
    kept = maker.api("PUT", f"/sites/{site['id']}", json={**SITE, "systems": site["systems"]})
    assert kept.get_json()["systems"][0]["listing_id"] == public_id
    other = maker.api("POST", "/sites", json={**SITE, "systems": site["systems"]})
    assert problems(other) == [("/systems/0/listing_id", "unknown_code")]


def test_a_long_list_needs_few_statements(app, maker):
    with acting(app) as session:
        own = session.get(Organization, maker.organization_key)
        for _ in range(30):
            factories.site(session, own)
    with counted(app) as sent:
        answer = maker.api("GET", "/sites?limit=25")
    assert (len(answer.get_json()["items"]), answer.get_json()["total"]) == (25, 30)
    assert len(sent) <= 12, sent
    rest = maker.api("GET", f"/sites?limit=25&cursor={answer.get_json()['next']}").get_json()
    assert (len(rest["items"]), rest["next"]) == (5, None)


def test_a_paper_goes_its_way_from_hand_in_to_a_certified_level(maker, operator):
    site = made(maker)
    answer = hand_in(maker, site["id"])
    assert answer.status_code == 201, answer.get_json()
    row = answer.get_json()
    assert (row["state"], row["standing"], row["level"], row["site_id"]) == (
        "waiting",
        "waiting",
        3,
        site["id"],
    )
    assert (row["file"]["name"], row["file"]["content_type"]) == ("확인서.pdf", "application/pdf")
    assert maker.api("GET", f"/sites/{site['id']}/certificates").get_json()["items"] == [row]
    queue = operator.api("GET", "/level-certificates?state=waiting").get_json()
    assert [item["id"] for item in queue["items"]] == [row["id"]]
    confirmed = operator.api("POST", f"/level-certificates/{row['id']}/confirmation")
    assert (confirmed.status_code, confirmed.get_json()["standing"]) == (200, "holds")
    held = maker.api("GET", f"/sites/{site['id']}").get_json()
    assert held["level"] == {"scale": "company_level", "value": 3, "basis": "certified"}
    assert held["levels"][0]["valid_until"] == row["valid_until"]
    late = operator.api("POST", f"/level-certificates/{row['id']}/refusal", json={"reason": "늦었어요."})
    assert (late.status_code, late.get_json()["code"]) == (409, "level_certificate.decided")


def test_a_refusal_says_why(maker, operator):
    site = made(maker)
    row_id = hand_in(maker, site["id"]).get_json()["id"]
    path = f"/level-certificates/{row_id}/refusal"
    assert problems(operator.api("POST", path, json={"reason": ""})) == [("/reason", "too_short")]
    assert operator.api("POST", path, json={"reason": "번호가 달라요."}).status_code == 200
    row = maker.api("GET", f"/sites/{site['id']}/certificates").get_json()["items"][0]
    assert (row["state"], row["reason"]) == ("refused", "번호가 달라요.")


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"number": ""}, "/number", "required"),
        ({"level": "x"}, "/level", "integer"),
        ({"scale": "system_level", "level": "5"}, "/level", "range"),
        ({"valid_until": "soon"}, "/valid_until", "date"),
        ({"colour": "red"}, "/colour", "unknown_field"),
        ({"number": (io.BytesIO(b"x"), "a.txt")}, "/number", "text"),
        ({"level": (io.BytesIO(b"3"), "a.txt")}, "/level", "integer"),
        ({"scale": (io.BytesIO(b"x"), "a.txt")}, "/scale", "choice"),
        ({"issued_on": (io.BytesIO(b"x"), "a.txt")}, "/issued_on", "date"),
        ({"file": "a text, no file"}, "/file", "file_missing"),
        ({"file": (io.BytesIO(b"x"), "a.exe")}, "/file", "file_type"),
    ],
)
def test_a_bad_paper_is_refused_at_its_field(app, maker, changes, pointer, code):
    answer = hand_in(maker, made(maker)["id"], **changes)
    assert (answer.status_code, problems(answer)) == (422, [(pointer, code)])
    assert one(app, select(func.count(StoredFile.id))) == 0


def test_a_paper_without_its_file_is_refused(maker):
    site_id = made(maker)["id"]
    sent = {name: value for name, value in paper().items() if name != "file"}
    answer = maker.api("POST", f"/sites/{site_id}/certificates", data=sent)
    assert problems(answer) == [("/file", "file_missing")]


def test_the_same_key_hands_in_one_paper(app, maker):
    site_id, headers = made(maker)["id"], {"Idempotency-Key": "k1"}
    path = f"/sites/{site_id}/certificates"
    first = maker.api("POST", path, data=paper(), headers=headers)
    second = maker.api("POST", path, data=paper(), headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.get_json() == second.get_json()
    other = maker.api("POST", path, data=paper(number="X-2"), headers=headers)
    assert other.status_code == 422
    assert one(app, select(func.count(LevelCertificate.id))) == 1


def test_a_stranger_and_other_roles_stay_out(app, maker, operator):
    site_id = made(maker)["id"]
    row_id = hand_in(maker, site_id).get_json()["id"]
    stranger = person(app, "manufacturer")
    assert stranger.api("GET", f"/sites/{site_id}/certificates").status_code == 404
    assert hand_in(stranger, site_id, number="X-3").status_code == 404
    for method, path in (
        ("GET", "/level-certificates"),
        ("GET", f"/level-certificates/{row_id}"),
        ("POST", f"/level-certificates/{row_id}/confirmation"),
    ):
        assert maker.api(method, path).status_code == 403
    assert operator.api("GET", f"/level-certificates/{row_id}").get_json()["twins"] == []
    assert one(app, select(LevelCertificate.state)) == "waiting"
