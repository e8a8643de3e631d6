"""From a plant's state to a vendor's phone number by program, on an empty database: a vendor with two listings, a
manufacturer, the anchor it supplies, a firm that denies, a coordinator; what each must not see, from outside."""

import io
import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from catalog import regno
from marketplace import worker
from marketplace.api.examples import LISTING, SITE
from marketplace.extensions import database
from marketplace.journeys import leads
from matching.maturity import items
from tests.journeys import programs

#: Questions 1 to 12: quality (7, 8) is far behind, two are not known, the mean of the ten is 2.4.
ANSWERS = [3, 3, None, 3, 3, 3, 1, 1, 3, 2, 2, None]
CAPABILITIES = ["ai_vision", "qms"]
DENIED = "거래한 적이 없어요."
VENDOR_CONTACT, BUYER_CONTACT = "박서린 · 055-000-0000", "김하늬 · 055-000-0001"
OUTSIDE = regno.make("777881234")


class House:
    """Everybody, confirmed; the vendor's two listings, of which the second costs twice the first."""

    def __init__(self, app, rng):
        self.app, self.visitor = app, programs.Program(app)
        operator, self.id = programs.operator(app), {}
        roles = {"vendor": "vendor", "validator": "vendor", "rival": "vendor", "coordinator": "vendor"}
        roles |= {"maker": "manufacturer", "anchor": "manufacturer", "denier": "manufacturer"}
        for who, role in roles.items():
            program, self.id[who] = programs.company(app, rng, role)
            setattr(self, who, program)
            operator.call("POST", f"/organizations/{self.id[who]}/confirmation", 200)
        operator.call("POST", f"/organizations/{self.id['validator']}/validator", 200)
        self.price, self.setup = rng.randrange(30, 60) * 100_000, rng.randrange(1, 9) * 1_000_000
        self.budget = 12 * self.price + self.setup
        self.cheap, self.dear = (self._published(times) for times in (1, 2))
        self.vendor.call("PUT", "/organization/capacity", 200, json={"projects_per_quarter": 3})
        self.title, self.demand, self.list = f"품질 기록 {uuid.uuid4().hex[:6]}", "", ""

    def _published(self, times):
        quality = [{"capability": code, "quality": 4, "basis": "field_proven"} for code in CAPABILITIES]
        plan = LISTING["plans"][0] | {"price_amount": self.price * times, "setup_amount": self.setup * times}
        changes = {"capabilities": CAPABILITIES, "plans": [{**plan, "quality": quality}]}
        listing = programs.draft(self.vendor, f"제품 {times} {uuid.uuid4().hex[:6]}", self.price, **changes)
        programs.publish(self.vendor, self.validator, listing)
        return listing

    def look(self):
        """What the worker does at its next tick."""
        with database(self.app).session() as session:
            leads.ask_due(session)
            session.commit()
        worker.drain(self.app)


@pytest.fixture
def house(app, rng):
    return House(app, rng)


def test_manufacturer_vendor_and_anchor_find_each_other(house):
    site = _know_the_plant(house)
    _trade(house)
    _state(house, site)
    _read_the_list(house)
    _keep_and_show(house)
    _run_and_replay(house)
    _seen_by_the_right_ones(house)
    _meet(house)
    _close(house)
    assert house.vendor.call("GET", "/board", 200)["items"] == []


def _know_the_plant(house):
    """A factory in depth, the self-check in two sittings, the level, the first step of the way."""
    maker = house.maker
    site = maker.call("POST", "/sites", 201, json={**SITE, "level": None})["id"]
    assert {gap["fact"] for gap in maker.call("GET", f"/sites/{site}", 200)["missing"]} == {"level"}
    asked = [question.id for question in items.instrument().questions]
    given = [{"question": q, "value": value} for q, value in zip(asked, ANSWERS, strict=True)]
    check = f"/sites/{site}/self-check"
    begun = maker.call("POST", check, 200, json={"edition": items.EDITION, "answers": given[:5]})
    assert (begun["state"], begun["missing"]) == ("open", asked[5:])
    assert maker.call("GET", check, 200)["id"] == begun["id"]
    done = maker.call(
        "POST", check, 200, json={"edition": items.EDITION, "answers": given[5:], "finish": True}
    )
    assert (done["mean"], done["level"]["value"], done["level"]["basis"]) == (2.4, 2, "self_check")
    assert done["weakest"] == ["quality", "logistics", "equipment"]
    house.denier.call("GET", check, 404)
    house.denier.call("GET", f"/sites/{site}", 404)
    step = maker.call("GET", f"/sites/{site}/roadmap", 200)["steps"][0]
    assert (step["from_level"], step["to_level"], step["areas"]) == (2, 3, ["quality"])
    need = next(row for row in step["needs"] if row["must"])
    assert (need["capability"], need["listings"]) == ("qms", 2)
    assert {row["listing"] for row in need["best"]} == {house.cheap, house.dear}
    return site


def _trade(house):
    """Declared, confirmed, denied, imported; the chain is seen by the anchor and by whom it lets."""
    maker, anchor, denier = house.maker, house.anchor, house.denier
    anchor.call("POST", "/sites", 201, json=SITE)
    body = {"direction": "supplier", "item": "시트 브래킷", "share_systems": True}
    made = {
        who.number: anchor.call("POST", "/trade-links", 201, json={**body, "registration_number": who.number})
        for who in (maker, denier)
    }
    (waiting,) = maker.call("GET", "/trade-links", 200, query_string={"only": "waiting"})["items"]
    assert waiting["name"] == anchor.name
    denier.call("GET", f"/trade-links/{waiting['id']}", 404)
    yes = {"confirm": True, "share_systems": True, "share_chain": True}
    maker.call("POST", f"/trade-links/{waiting['id']}/answer", 200, json=yes)
    link = f"/trade-links/{made[denier.number]['id']}"
    denier.call("POST", f"{link}/answer", 200, json={"confirm": False, "reason": DENIED})
    assert anchor.call("GET", link, 200)["denial"] == DENIED
    _import(anchor, maker)
    _see_the_chain(house)


def _import(anchor, maker):
    rows = [
        "관계,사업자등록번호,기업 이름",
        f"공급처,{maker.number},",
        f"공급처,{OUTSIDE},바깥 도금",
        "공급처,1234567890,틀린 곳",
    ]
    sent = {"file": (io.BytesIO("\n".join(rows).encode()), "거래처.csv")}
    checked = anchor.call("POST", "/trade-link-imports", 201, data=sent)
    assert checked["counts"] == {"new": 1, "confirmed": 0, "known": 1, "bad": 1}
    (bad,) = [row for row in checked["findings"] if row["outcome"] == "bad"]
    assert (bad["line"], bad["name"]) == (4, "틀린 곳")
    path = f"/trade-link-imports/{checked['id']}"
    maker.call("GET", path, 404)
    assert anchor.call("GET", "/trade-links", 200)["total"] == 2
    anchor.call("POST", f"{path}/application", 200, json={"mode": "good_rows"})
    assert anchor.call("GET", "/trade-links", 200)["total"] == 3


def _see_the_chain(house):
    own = house.anchor.call("GET", "/supply-chain", 200)
    firms = {firm["name"]: firm for firm in own["firms"]}
    assert set(firms) == {house.anchor.name, house.maker.name, "바깥 도금"}
    assert (firms[house.maker.name]["tier"], firms[house.maker.name]["level"]) == (1, 2)
    asked = {"query_string": {"anchor_id": house.id["anchor"]}}
    house.coordinator.call("GET", "/supply-chain", 404, **asked)
    viewer = {"registration_number": house.coordinator.number}
    house.anchor.call("POST", "/supply-chain/viewers", 201, json=viewer)
    assert house.coordinator.call("GET", "/supply-chain", 200, **asked)["firms"] == own["firms"]
    for stranger in (house.vendor, house.denier, house.maker):
        stranger.call("GET", "/supply-chain", 404, **asked)


def _state(house, site):
    """A need in words, read by the operation for it; one field is corrected, a past deadline refused at its field."""
    day = datetime.now(UTC).date() + timedelta(days=200)
    need = (
        "품질관리시스템이 꼭 필요하고 비전 검사는 있으면 좋겠어요. "
        f"예산은 {house.budget // 10_000:,}만 원, {day.year}년 {day.month}월 {day.day}일까지."
    )
    read = house.maker.call("POST", "/demand-texts", 200, json={"text": need})
    assert {(row["capability"], row["must"]) for row in read["requirements"]} == {
        ("qms", True),
        ("ai_vision", False),
    }
    assert (read["budget_amount"], read["deadline"]) == (house.budget, day.isoformat())
    house.vendor.call("POST", "/demand-texts", 403, json={"text": need})
    body = {
        "site_id": site, "title": house.title, "description": need, "requirements": read["requirements"],
        "target_level": {"scale": "company_level", "value": 3}, "budget_amount": house.budget + 1_000_000,
        "deadline": "2024-03-31",
    }  # fmt: skip
    refused = house.maker.call("POST", "/demands", 422, json=body)
    assert [error["pointer"] for error in refused["errors"]] == ["/deadline"]
    made = house.maker.call("POST", "/demands", 201, json=body | {"deadline": read["deadline"]})
    assert made["audience"] == "private"
    house.demand = made["id"]


def _read_the_list(house):
    """One ranked with all nine axes counted, one out by its price; what is tried out stays beside the list."""
    path = f"/demands/{house.demand}"
    found = house.maker.call("POST", f"{path}/matches", 201)
    (match,) = found["items"]
    assert match["listing"] == house.cheap
    assert None not in match["axes"].values()
    assert {reason["axis"] for reason in match["reasons"]} >= {"capability", "supply_chain", "evidence"}
    assert [(row["listing"], row["code"]) for row in found["excluded"]] == [(house.dear, "price_over_budget")]
    tried = house.maker.call("POST", f"{path}/what-ifs", 201, json={"budget_amount": 2 * house.budget})[
        "list"
    ]
    assert {row["listing"] for row in tried["items"]} == {house.cheap, house.dear}
    weights = {"weights": {"price": 60, "capability": 40}}
    other = house.maker.call("POST", f"{path}/what-ifs", 201, json=weights)
    assert (other["changes"]["weights"]["price"], other["changes"]["weights"]["evidence"]) == (60, 0)
    assert house.maker.call("GET", f"/match-lists/{found['list_id']}", 200)["items"] == found["items"]
    house.list = found["list_id"]
    for stranger in (house.vendor, house.rival):
        stranger.call("GET", path, 403)
        stranger.call("GET", f"/match-lists/{house.list}", 403)
    for method, where in (("GET", path), ("POST", f"{path}/matches"), ("GET", f"/match-lists/{house.list}")):
        house.denier.call(method, where, 404)


def _keep_and_show(house):
    """Shortlist with a note; a link for whoever has it, until it is taken back."""
    kept, links = f"/demands/{house.demand}/shortlist", f"/demands/{house.demand}/shares"
    item = house.maker.call("POST", kept, 201, json={"listing": house.cheap, "note": "다음 주에 현장"})
    saved = {"note": "견적을 받기로", "revision": item["revision"]}
    house.maker.call("PUT", f"{kept}/{item['id']}/note", 200, json=saved)
    late = {**saved, "note": "지난 판에 적은 것"}
    house.maker.call("PUT", f"{kept}/{item['id']}/note", 409, json=late)
    made = house.maker.call("POST", links, 201, json={"days": 7})
    path = made["url"][made["url"].index("/shared/") :]
    shown = house.app.test_client().get(path)
    text = shown.get_data(as_text=True)
    assert shown.status_code == 200
    assert [word for word in (house.maker.name, house.title, "견적을 받기로") if word in text] == []
    house.denier.call("DELETE", f"{links}/{made['id']}", 404)
    house.maker.call("DELETE", f"{links}/{made['id']}", 200)
    assert house.app.test_client().get(path).status_code == 404
    house.denier.call("GET", kept, 404)


def _run_and_replay(house):
    """The command ranks as the operation did, and recomputes both lists from what they kept."""
    runner = house.app.test_cli_runner()
    done = runner.invoke(args=["match", "run", house.demand, "--json"])
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert [item["listing"] for item in answer["items"]] == [house.cheap]
    for kept in (house.list, answer["list_id"]):
        again = runner.invoke(args=["match", "replay", kept, "--json"])
        assert (again.exit_code, json.loads(again.stdout)) == (0, {"same": True})


def _seen_by_the_right_ones(house):
    """Private to begin with; named, then on the board, each sees what its audience may and nothing more."""
    vendor, rival = house.vendor, house.rival
    house.look()
    for who in (vendor, rival):
        assert who.call("GET", "/board", 200)["items"] == []
        assert who.call("GET", "/leads", 200)["items"] == []
    audience = f"/demands/{house.demand}/audience"
    house.denier.call("POST", audience, 404, json={"audience": "board"})
    named = {"audience": "organizations", "organizations": [house.id["rival"]]}
    house.maker.call("POST", audience, 200, json=named)
    (seen,) = rival.call("GET", "/board", 200)["items"]
    assert (seen["organization"], seen["title"]) == (house.maker.name, house.title)
    assert vendor.call("GET", "/board", 200)["items"] == []
    house.maker.call("POST", f"{audience}/narrowing", 200, json={"audience": "private"})
    assert rival.call("GET", "/board", 200)["items"] == []
    house.maker.call("POST", audience, 200, json={"audience": "board"})
    (seen,) = vendor.call("GET", "/board", 200)["items"]
    _tells_nothing(house, seen)
    hidden = ("organization", "site", "title", "description", "deadline", "industry", "region", "size")
    assert [seen[field] for field in hidden] == [None] * len(hidden)


def _meet(house):
    """A lead with reasons, declined by one, accepted by the other; names when both want it."""
    house.look()
    (lead,) = house.vendor.call("GET", "/leads", 200)["items"]
    _tells_nothing(house, lead)
    standing = {row["listing"]: row for row in lead["standings"]}
    assert (standing[house.cheap]["codes"], standing[house.dear]["score"]) == ([], None)
    assert standing[house.cheap]["reasons"]
    assert standing[house.dear]["codes"] == ["price_over_budget"]
    path = f"/leads/{lead['id']}"
    house.rival.call("GET", path, 404)
    answer = {"answer": "accept", "message": "같은 공정의 현장이 있습니다.", "contact": VENDOR_CONTACT}
    house.vendor.call("POST", f"{path}/answer", 422, json={**answer, "listing_id": house.dear})
    accepted = house.vendor.call("POST", f"{path}/answer", 200, json={**answer, "listing_id": house.cheap})
    _tells_nothing(house, accepted)
    house.vendor.call("POST", f"{path}/answer", 409, json={"answer": "decline", "reason": "budget"})
    (offer,) = house.maker.call("GET", f"/demands/{house.demand}/offers", 200)["items"]
    assert (offer["vendor"], offer["listing"], offer["contact"]) == (None, None, None)
    house.denier.call("POST", f"/offers/{offer['id']}/acceptance", 404, json={"contact": "x"})
    given = house.maker.call(
        "POST", f"/offers/{offer['id']}/acceptance", 200, json={"contact": BUYER_CONTACT}
    )
    assert (given["vendor"], given["listing"], given["contact"]) == (
        house.vendor.name,
        house.cheap,
        VENDOR_CONTACT,
    )
    read = house.vendor.call("GET", path, 200)
    assert (read["contact"], read["demand"]["organization"]) == (BUYER_CONTACT, house.maker.name)


def _close(house):
    """With a reason; nobody else sees it any more, and it takes no new lists."""
    path = f"/demands/{house.demand}"
    house.maker.call("POST", f"{path}/closing", 422, json={"reason": "whatever"})
    assert house.maker.call("POST", f"{path}/closing", 200, json={"reason": "bought"})["state"] == "closed"
    house.maker.call("POST", f"{path}/matches", 409)


def _tells_nothing(house, answer):
    said = json.dumps(answer, ensure_ascii=False)
    assert [word for word in (house.maker.name, house.title, SITE["name"]) if word in said] == []
