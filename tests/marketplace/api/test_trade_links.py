"""Trade links for programs: declare, answer, consent, end, import, see; and who sees nothing."""

import io

import pytest
from sqlalchemy import func, select

from catalog import regno
from marketplace.api.supply_chain import TRADE_LINK
from marketplace.audit import AuditEntry
from marketplace.notices.models import Notice
from matching.models.trade_link import TradeLink
from tests.marketplace.letters import sent_to
from tests.marketplace.people import person
from tests.marketplace.web.looking import one, rows
from tests.test_concurrency import at_once

OUTSIDE = regno.make("777881234")


@pytest.fixture
def trade(app):
    """A supplier, its customer and a stranger, with their numbers."""
    made = {name: person(app, "manufacturer", name=name) for name in ("press", "anchor", "stranger")}
    numbers = {
        name: who.api("GET", "/organization").get_json()["registration_number"] for name, who in made.items()
    }
    return {**made, "number": numbers}


def declare(who, direction, number, **changes):
    body = {"direction": direction, "registration_number": number, **changes}
    return who.api("POST", "/trade-links", json=body)


def codes(answer):
    return [(error["pointer"], error["code"]) for error in answer.get_json()["errors"]]


def events(app, who):
    return rows(app, select(Notice.event).where(Notice.user_id == who.user_key).order_by(Notice.id))


def test_a_link_is_declared_confirmed_and_ended(app, trade):
    press, anchor = trade["press"], trade["anchor"]
    made = declare(press, "customer", trade["number"]["anchor"], item="브래킷", share_chain=True)
    assert made.status_code == 201, made.get_json()
    link = made.get_json()
    assert (link["name"], link["state"], link["basis"], link["waits_for_us"]) == (
        "anchor",
        "declared",
        "declared",
        False,
    )
    seen = anchor.api("GET", "/trade-links").get_json()
    assert [(row["name"], row["direction"], row["waits_for_us"]) for row in seen["items"]] == [
        ("press", "supplier", True)
    ]
    assert seen["facets"]["only"] == {"all": 1, "waiting": 1, "confirmed": 0, "declared": 1, "denied": 0}
    assert seen["items"][0]["share_chain"] is False, "what the other side lets us have is not told here"
    answered = anchor.api("POST", f"/trade-links/{link['id']}/answer", json={"confirm": True})
    assert answered.get_json()["basis"] == "confirmed"
    assert events(app, anchor) == ["link.declared"]
    assert events(app, press) == ["link.confirmed"]
    ended = press.api("POST", f"/trade-links/{link['id']}/end").get_json()
    assert (ended["state"], ended["basis"]) == ("ended", None)
    assert press.api("POST", f"/trade-links/{link['id']}/end").status_code == 409
    acts = rows(
        app, select(AuditEntry.act).where(AuditEntry.act.startswith("link.")).order_by(AuditEntry.number)
    )
    assert acts == ["link.declare", "link.answer", "link.end"]


def test_a_denial_reaches_the_declarer_with_its_reason(app, trade):
    link = declare(trade["press"], "customer", trade["number"]["anchor"]).get_json()
    answer = f"/trade-links/{link['id']}/answer"
    assert codes(trade["anchor"].api("POST", answer, json={"confirm": False})) == [("/reason", "required")]
    assert (
        trade["anchor"].api("POST", answer, json={"confirm": False, "reason": "끝났어요"}).status_code == 200
    )
    assert trade["press"].api("GET", f"/trade-links/{link['id']}").get_json()["denial"] == "끝났어요"
    assert events(app, trade["press"]) == ["link.denied"]
    again = declare(trade["press"], "customer", trade["number"]["anchor"])
    assert codes(again) == [("/registration_number", "link_denied")]


def test_the_example_is_valid_and_unknown_fields_are_refused(app, trade):
    made = trade["press"].api("POST", "/trade-links", json=TRADE_LINK)
    assert (made.status_code, made.get_json()["registered"]) == (201, False)
    odd = trade["press"].api("POST", "/trade-links", json={**TRADE_LINK, "tier": 2})
    assert codes(odd) == [("/tier", "unknown_field")]
    itself = declare(trade["press"], "supplier", trade["number"]["press"])
    assert codes(itself) == [("/registration_number", "link_itself")]
    assert one(app, select(func.count(TradeLink.id))) == 1


def test_one_key_one_link(app, trade):
    sent = [
        trade["press"].api("POST", "/trade-links", json=TRADE_LINK, headers={"Idempotency-Key": "k1"})
        for _ in range(2)
    ]
    assert sent[0].get_json() == sent[1].get_json()
    assert one(app, select(func.count(TradeLink.id))) == 1


def test_an_invitation_names_the_sender_and_nothing_else(app, trade):
    body = {**TRADE_LINK, "item": "비밀 부품", "name": "바깥 도금", "invite_email": "owner@outside.example"}
    assert trade["press"].api("POST", "/trade-links", json=body).status_code == 201
    (letter,) = sent_to(app, "owner@outside.example")
    assert "press" in letter["subject"]
    assert "press" in letter["body"]
    assert not any(word in str(letter) for word in ("비밀 부품", "바깥 도금", "9998877769", "2019"))
    registered = declare(
        trade["press"], "customer", trade["number"]["anchor"], invite_email="owner@anchor.example"
    )
    assert codes(registered) == [("/invite_email", "link_registered")]


def test_a_stranger_finds_nothing_and_a_partner_only_its_own(app, trade):
    link = declare(trade["press"], "customer", trade["number"]["anchor"]).get_json()["id"]
    stranger = trade["stranger"]
    assert stranger.api("GET", "/trade-links").get_json()["total"] == 0
    for method, path, body in (
        ("GET", "", None),
        ("POST", "/answer", {"confirm": True}),
        ("PUT", "/consents", {"share_systems": True}),
        ("POST", "/end", None),
    ):
        sent = {} if body is None else {"json": body}
        assert stranger.api(method, f"/trade-links/{link}{path}", **sent).status_code == 404, path
    assert one(app, select(TradeLink.state)) == "declared"


def test_an_unconfirmed_company_of_that_number_sees_nothing(app, trade):
    squatter = person(app, "manufacturer", confirmed=False)
    number = squatter.api("GET", "/organization").get_json()["registration_number"]
    link = declare(trade["press"], "customer", number, name="들은 이름").get_json()
    assert (link["registered"], link["name"]) == (False, "들은 이름")
    assert squatter.api("GET", "/trade-links").get_json()["items"] == []
    assert squatter.api("GET", f"/trade-links/{link['id']}").status_code == 404
    assert declare(squatter, "supplier", OUTSIDE, name="바깥").status_code == 403


def test_both_declare_at_once_and_one_confirmed_link_stands(app, trade):
    number = trade["number"]
    given = at_once(
        lambda: declare(trade["press"], "customer", number["anchor"]).status_code,
        lambda: declare(trade["anchor"], "supplier", number["press"]).status_code,
    )
    assert given == [201, 201]
    assert rows(app, select(TradeLink.state)) == ["confirmed"]


def test_a_list_is_checked_then_declared(app, trade):
    text = (
        "관계,사업자등록번호,기업 이름\n"
        f"공급처,{trade['number']['press']},\n공급처,{OUTSIDE},바깥\n공급처,111-11-11111,틀림\n"
    )
    anchor = trade["anchor"]
    checked = anchor.api(
        "POST", "/trade-link-imports", data={"file": (io.BytesIO(text.encode()), "list.csv")}
    ).get_json()
    assert checked["counts"] == {"new": 2, "confirmed": 0, "known": 0, "bad": 1}
    assert [(row["line"], row["findings"][0]["code"]) for row in checked["findings"]] == [
        (4, "registration_number")
    ]
    path = f"/trade-link-imports/{checked['id']}/application"
    assert trade["stranger"].api("POST", path, json={"mode": "good_rows"}).status_code == 404
    whole = anchor.api("POST", path, json={"mode": "all_or_nothing"})
    assert codes(whole) == [("/rows/4/registration_number", "registration_number")]
    assert one(app, select(func.count(TradeLink.id))) == 0
    assert anchor.api("POST", path, json={"mode": "good_rows"}).get_json()["counts"]["known"] == 2
    assert anchor.api("POST", path, json={"mode": "good_rows"}).status_code == 409
    assert events(app, trade["press"]) == ["link.declared"]


def test_a_coordinator_sees_the_chain_until_it_is_taken_back(app, trade):
    press, anchor = trade["press"], trade["anchor"]
    link = declare(press, "customer", trade["number"]["anchor"], share_chain=True).get_json()["id"]
    anchor.api("POST", f"/trade-links/{link}/answer", json={"confirm": True})
    coordinator = person(app, "vendor", name="coordinator")
    query = f"/supply-chain?anchor_id={anchor.organization_id}"
    assert coordinator.api("GET", query).status_code == 404
    assert coordinator.api("GET", "/supply-chain/anchors").get_json()["items"] == []
    number = coordinator.api("GET", "/organization").get_json()["registration_number"]
    held = anchor.api("POST", "/supply-chain/viewers", json={"registration_number": number})
    assert held.status_code == 201, held.get_json()
    seen = coordinator.api("GET", query).get_json()
    assert [(firm["name"], firm["tier"]) for firm in seen["firms"]] == [("anchor", 0), ("press", 1)]
    assert "registration_number" not in str(seen)
    [opened] = coordinator.api("GET", "/supply-chain/anchors").get_json()["items"]
    assert opened == {"id": anchor.organization_id, "name": "anchor"}
    assert events(app, coordinator) == ["chain.opened"]
    assert trade["stranger"].api("GET", query).status_code == 404
    anchor.api("POST", f"/supply-chain/viewers/{held.get_json()['id']}/end")
    assert coordinator.api("GET", query).status_code == 404
    nobody = anchor.api("POST", "/supply-chain/viewers", json={"registration_number": OUTSIDE})
    assert codes(nobody) == [("/registration_number", "unknown_organization")]


def test_what_waits_is_in_the_inbox(app, trade):
    declare(trade["press"], "customer", trade["number"]["anchor"], item="브래킷")
    mine = [
        row for row in trade["anchor"].api("GET", "/inbox").get_json()["items"] if row["kind"] == "trade_link"
    ]
    assert ["/supply-chain/" in row["url"] for row in mine] == [True]
    theirs = trade["press"].api("GET", "/inbox").get_json()["items"]
    assert [row for row in theirs if row["kind"] == "trade_link"] == []
