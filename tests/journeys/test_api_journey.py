"""The product's main job by program, on an empty database: three new organizations and an operator, random names and
amounts, from sign-up to ranked matches. No id, price or match comes from demo data."""

import uuid

from marketplace.api.examples import DECISION, LISTING, SITE, demand
from tests.journeys import post_box, programs


def test_three_new_organizations_walk_the_whole_path(app, rng):
    operator = programs.operator(app)
    vendor, vendor_id = programs.company(app, rng, "vendor")
    validator, validator_id = programs.company(app, rng, "vendor")
    buyer, _ = programs.company(app, rng, "manufacturer")
    title, price = f"제품 {uuid.uuid4().hex[:6]}", rng.randrange(10, 60) * 100_000

    listing = programs.draft(vendor, title, price)
    refused = vendor.call("POST", f"/listings/{listing}/submission", 422)
    assert {error["rule"] for error in refused["errors"]} == {"4.6", "5.1"}
    operator.call("POST", f"/organizations/{vendor_id}/confirmation", 200)
    operator.call("POST", f"/organizations/{validator_id}/validator", 409)
    operator.call("POST", f"/organizations/{validator_id}/confirmation", 200)
    operator.call("POST", f"/organizations/{validator_id}/validator", 200)
    vendor.call("POST", f"/evidence/{programs.record(vendor, listing)}/files", 201, data=programs.table())
    assert vendor.call("POST", f"/listings/{listing}/submission", 200)["state"] == "submitted"

    queue = validator.call("GET", "/reviews", 200)
    assert [item["title"] for item in queue["items"]] == [title]
    note = {"audience": "vendor", "text": "표본을 현장마다 나눠 적어 주세요."}
    secret = {"audience": "internal", "text": "두 번째 현장은 직접 봐야 해요."}
    back = {"decision": "send_back", "no_conflict": True, "notes": [note, secret]}
    validator.call("POST", f"/listings/{listing}/decision", 200, json=back)
    vendor.call("PATCH", f"/listings/{listing}", 200, json={"install_weeks": 5})
    vendor.call("POST", f"/listings/{listing}/submission", 200)
    decided = validator.call("POST", f"/listings/{listing}/decision", 200, json=DECISION)
    number = decided["certificate"]["number"]
    assert programs.Program(app).call("GET", f"/certificates/{number}", 200)["standing"] == "valid"
    _letters(app, vendor, listing, secret["text"])
    _colleague(app, vendor)

    _found_by_everybody(app, title, listing)
    _matched(buyer, listing, price)


def _letters(app, vendor, listing, secret):
    """The vendor heard of every step, with links to the very thing, and of nothing that is not theirs."""
    letters = post_box.read(app, vendor.email)
    said = [subject for subject, _text in letters]
    assert sum("심사 결과" in subject for subject in said) == 2
    assert sum("확인했습니다" in subject for subject in said) == 1
    assert sum(f"/listings/{listing}" in text for _subject, text in letters) == 2
    assert secret not in "".join(text for _subject, text in letters)


def _colleague(app, vendor):
    """A colleague invited by mail signs up through the link and is one of the vendor's people."""
    invited = {"email": f"{uuid.uuid4().hex[:8]}@vendor.example", "rights": ["finance"]}
    vendor.call("POST", "/organization/invitations", 201, json=invited)
    link = post_box.link(app, invited["email"], "/invitations")
    programs.press(app, link, "/sign-up", name="새 동료", password="another quiet phrase")
    people = vendor.call("GET", "/organization/people", 200)["items"]
    assert [(row["email"], row["rights"]) for row in people][1:] == [(invited["email"], ["finance"])]


def _found_by_everybody(app, title, listing):
    stranger = programs.Program(app)
    for text in (title, "비전 검사", "weld inspection"):
        found = stranger.call("GET", "/solutions", 200, query_string={"q": text})
        assert [item["id"] for item in found["items"]] == [listing], text
    assert found["facets"]["capability"] == {"ai_vision": 1}
    assert stranger.call("GET", "/solutions", 200, query_string={"capability": "erp"})["total"] == 0


def _matched(buyer, listing, price):
    site = buyer.call("POST", "/sites", 201, json=SITE)["id"]
    budget = 12 * price + LISTING["plans"][0]["setup_amount"]
    wanted = buyer.call("POST", "/demands", 201, json={**demand(site), "budget_amount": budget})["id"]
    found = buyer.call("POST", f"/demands/{wanted}/matches", 201)
    (match,) = found["items"]
    assert match["listing"] == listing
    assert found["weights"] == "2026-1"
    assert found["not_in_use"] == []
    assert match["axes"]["price"] == 0.5  # the list price is exactly the budget
    assert match["axes"]["supply_chain"] is None
    assert 0 < match["score"] <= 100
    assert {reason["axis"] for reason in match["reasons"]} >= {"capability", "maturity", "industry", "price"}
    cheaper = {**demand(site), "budget_amount": budget // 2}
    buyer.call("PUT", f"/demands/{wanted}", 200, json=cheaper)
    left = buyer.call("POST", f"/demands/{wanted}/matches", 201)
    assert left["items"] == []
    assert [row["code"] for row in left["excluded"]] == ["price_over_budget"]
    assert "원" in left["excluded"][0]["text"]
    assert buyer.call("GET", f"/match-lists/{found['list_id']}", 200)["items"] == found["items"]
