"""Bad input to the API: the right status, a problem at its field in both languages, and nothing stored anywhere."""

import json
import uuid

import pytest
from sqlalchemy import select

from catalog import regno
from marketplace.accounts.models import User
from marketplace.api.examples import DECISION, EVIDENCE, LISTING, SITE, demand
from tests.marketplace.api.refusals import check_refused, stored
from tests.marketplace.people import person


@pytest.fixture
def everybody(app):
    """One company that is vendor and manufacturer."""
    return person(app, "vendor", "manufacturer")


def listing(**changes):
    return {**LISTING, **changes}


def plan(**changes):
    return {"plans": [{**LISTING["plans"][0], **changes}]}


def site(**changes):
    return {**SITE, **changes}


MISSING = object()


def without(body, *names):
    return {key: value for key, value in body.items() if key not in names}


COMPANY = {"name": "한울정밀", "registration_number": "118-81-03520", "roles": ["vendor"]}


def test_a_wrong_registration_number(everybody):
    expected = [("/registration_number", "registration_number")]
    for number in ("118-81-03521", "118-81-0352", "0000000000", "１１８", "118810352O", "118-81-03520\u200b"):
        body = {**COMPANY, "registration_number": number}
        check_refused(everybody, "POST", "/organizations", expected, json=body)


def test_a_registration_number_of_another_company(everybody):
    other = person(everybody.app, "vendor").api("GET", "/organization").get_json()["registration_number"]
    taken = {**COMPANY, "registration_number": regno.format(other)}
    check_refused(
        everybody,
        "POST",
        "/organizations",
        [("/registration_number", "registration_number_taken")],
        json=taken,
    )


SITES = [
    ({"level": {"value": 2, "basis": "self_reported"}}, "/level/scale", "required"),
    ({"level": 2}, "/level", "object"),
    ({"level": "2"}, "/level", "object"),
    ({"level": {"scale": "level", "value": 2, "basis": "self_reported"}}, "/level/scale", "choice"),
    ({"level": {"scale": "company_level", "value": 2}}, "/level/basis", "required"),
    ({"level": {"scale": "company_level", "value": 6, "basis": "self_reported"}}, "/level/value", "range"),
    ({"level": {"scale": "system_level", "value": 5, "basis": "self_reported"}}, "/level/value", "range"),
    (
        {"level": {"scale": "company_level", "value": "2", "basis": "self_reported"}},
        "/level/value",
        "integer",
    ),
    ({"industry": {"code": "303"}}, "/industry/revision", "required"),
    ({"industry": {"revision": "11", "code": "999"}}, "/industry/code", "unknown_code"),
    ({"industry": "303"}, "/industry", "object"),
    ({"region": "nationwide"}, "/region", "unknown_code"),
    ({"headcount": 0}, "/headcount", "range"),
    ({"headcount": 62.5}, "/headcount", "integer"),
    ({"headcount": None}, "/headcount", "null"),
    ({"name": "  "}, "/name", "required"),
    ({"name": ["창원"]}, "/name", "text"),
    ({"processes": "welding"}, "/processes", "list"),
    ({"processes": ["welding", "teleport"]}, "/processes/1", "unknown_code"),
    ({"systems": [{"name": "PLC", "interfaces": ["teleport"]}]}, "/systems/0/interfaces/0", "unknown_code"),
    ({"systems": [{"name": "PLC"}] * 51}, "/systems", "too_many"),
    ({"colour": "red"}, "/colour", "unknown_field"),
    ({"systems": [{"name": "PLC", "colour": "red"}]}, "/systems/0/colour", "unknown_field"),
]


def test_sites_that_cannot_be(everybody):
    for changes, pointer, code in SITES:
        check_refused(everybody, "POST", "/sites", [(pointer, code)], json=site(**changes))


BUDGETS = [
    (-1, "amount_range"),
    (10**12 + 1, "amount_range"),
    (10**30, "amount_range"),
    (10**400, "amount_range"),
    (1.5, "integer"),
    ("7", "integer"),
    (True, "integer"),
    ([], "integer"),
    (float("nan"), "integer"),
    (float("inf"), "integer"),
]


def test_budgets_that_cannot_be(everybody):
    own = everybody.api("POST", "/sites", json=SITE).get_json()["id"]
    for budget, code in BUDGETS:
        body = json.dumps({**demand(own), "budget_amount": budget})
        check_refused(
            everybody,
            "POST",
            "/demands",
            [("/budget_amount", code)],
            data=body,
            content_type="application/json",
        )
    on_the_edge = everybody.api("POST", "/demands", json={**demand(own), "budget_amount": 10**12})
    assert on_the_edge.get_json()["budget_amount"] == 10**12


def test_demands_that_cannot_be(everybody):
    own = everybody.api("POST", "/sites", json=SITE).get_json()["id"]
    stranger = person(everybody.app, "manufacturer")
    foreign = stranger.api("POST", "/sites", json=SITE).get_json()["id"]
    wanted = demand()["requirements"][0]
    for changes, pointer, code in (
        ({"site_id": foreign}, "/site_id", "unknown_code"),
        ({"site_id": str(uuid.uuid4())}, "/site_id", "unknown_code"),
        ({"site_id": "창원"}, "/site_id", "uuid"),
        ({"site_id": 7}, "/site_id", "uuid"),
        ({"target_level": 3}, "/target_level", "object"),
        ({"target_level": {"value": 3}}, "/target_level/scale", "required"),
        ({"target_level": {"scale": "system_level", "value": 3}}, "/target_level/scale", "choice"),
        ({"requirements": []}, "/requirements", "required"),
        ({"requirements": [wanted, wanted]}, "/requirements/1/capability", "repeated"),
        (
            {"requirements": [{**wanted, "capability": "teleport"}]},
            "/requirements/0/capability",
            "unknown_code",
        ),
        ({"requirements": [{**wanted, "must": "yes"}]}, "/requirements/0/must", "boolean"),
        ({"requirements": [{**wanted, "must": 1}]}, "/requirements/0/must", "boolean"),
        ({"requirements": [{**wanted, "min_quality": 0}]}, "/requirements/0/min_quality", "range"),
        ({"deadline": "2020-01-01"}, "/deadline", "past"),
        ({"deadline": "2027-02-30"}, "/deadline", "date"),
        ({"deadline": "20270630"}, "/deadline", "date"),
        ({"deadline": 20270630}, "/deadline", "date"),
    ):
        check_refused(everybody, "POST", "/demands", [(pointer, code)], json={**demand(own), **changes})


QUALITY = LISTING["plans"][0]["quality"][0]
LISTINGS = [
    ({"capabilities": ["teleport"]}, "/capabilities/0", "unknown_code"),
    (plan(quality=[{**QUALITY, "capability": "teleport"}]), "/plans/0/quality/0/capability", "unknown_code"),
    (plan(quality=[QUALITY, QUALITY]), "/plans/0/quality/1/capability", "repeated"),
    (plan(quality=[{**QUALITY, "quality": 6}]), "/plans/0/quality/0/quality", "range"),
    (plan(price_amount=-1), "/plans/0/price_amount", "amount_range"),
    (plan(price_amount="1,000"), "/plans/0/price_amount", "integer"),
    (plan(setup_amount=None), "/plans/0/setup_amount", "null"),
    (plan(kind="gift"), "/plans/0/kind", "choice"),
    ({"plans": LISTING["plans"] * 4}, "/plans", "too_many"),
    ({"level": {"from": 2, "to": 4}}, "/level/scale", "required"),
    ({"level": 3}, "/level", "object"),
    ({"level": {"scale": "company_level", "from": 4, "to": 2}}, "/level/to", "level_order"),
    ({"level": {"scale": "company_level", "from": 0, "to": 2}}, "/level/from", "range"),
    ({"industries": [{"revision": "12", "code": "30"}]}, "/industries/0/revision", "choice"),
    ({"title": ""}, "/title", "required"),
    ({"title": "x" * 100_000}, "/title", "too_long"),
    ({"description": "x" * 100_000}, "/description", "too_long"),
    ({"title": "a\x00b"}, "/title", "control_characters"),
    ({"title": "a\nb"}, "/title", "control_characters"),
    ({"title": "a\x1b[31mb"}, "/title", "control_characters"),
    ({"title": "a\ud800b"}, "/title", "control_characters"),
    ({"description": "a\x00b"}, "/description", "control_characters"),
    ({"description": "\udfff"}, "/description", "control_characters"),
    ({"capabilities": ["\ud800"]}, "/capabilities/0", "control_characters"),
    ({"state": "published"}, "/state", "unknown_field"),
]


def test_listings_that_cannot_be(everybody):
    own = everybody.api("POST", "/listings", json=LISTING).get_json()["id"]
    for changes, pointer, code in LISTINGS:
        check_refused(everybody, "POST", "/listings", [(pointer, code)], json=listing(**changes))
        check_refused(everybody, "PATCH", f"/listings/{own}", [(pointer, code)], json=changes)
    kept = everybody.api("GET", f"/listings/{own}").get_json()["content"]
    assert {key: kept[key] for key in LISTING if key != "plans"} == without(LISTING, "plans")


def test_all_problems_are_named_at_once(everybody):
    body = {"title": "", "level": 3, "capabilities": ["teleport"], "colour": 1}
    expected = [
        ("/title", "required"),
        ("/capabilities/0", "unknown_code"),
        ("/level", "object"),
        ("/colour", "unknown_field"),
    ]
    before = stored(everybody.app)
    errors = everybody.api("POST", "/listings", json=body).get_json()["errors"]
    assert sorted((e["pointer"], e["code"]) for e in errors) == sorted(expected)
    assert stored(everybody.app) == before


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/solutions?q=MES&q=PLC", [("/q", "given_twice")]),
        ("/solutions?sort=title&sort=title", [("/sort", "given_twice")]),
        ("/solutions?colour=1&colour=2", [("/colour", "unknown_field")]),
    ],
)
def test_a_parameter_given_twice_is_not_ignored(everybody, address, expected):
    answer = everybody.api("GET", address)
    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.get_json()["errors"]] == expected


RECORDS = [
    ({"method": MISSING}, "/method", "required"),
    ({"method": " "}, "/method", "required"),
    ({"baseline": 3.1}, "/baseline", "decimal"),
    ({"baseline": "NaN"}, "/baseline", "decimal"),
    ({"baseline": "1e9"}, "/baseline", "decimal"),
    ({"after": "0.1234567"}, "/after", "decimal"),
    ({"after_to": "2999-01-01"}, "/after_to", "future"),
    ({"after_to": "2025-08-01"}, "/after_to", "period_order"),
    ({"kind": "rumour"}, "/kind", "choice"),
    ({"site": {**EVIDENCE["site"], "level": 2}}, "/site/level", "object"),
    ({"site": {**EVIDENCE["site"], "level": {"value": 2}}}, "/site/level/scale", "required"),
    ({"site": MISSING}, "/site", "required"),
]


def test_records_that_cannot_be(everybody):
    own = everybody.api("POST", "/listings", json=LISTING).get_json()["id"]
    for changes, pointer, code in RECORDS:
        body = {key: value for key, value in {**EVIDENCE, **changes}.items() if value is not MISSING}
        check_refused(everybody, "POST", f"/listings/{own}/evidence", [(pointer, code)], json=body)


def test_decisions_that_cannot_be(app):
    judge = person(app, "validator")
    path = f"/listings/{uuid.uuid4()}/decision"
    for changes, pointer, code in (
        ({"decision": "maybe"}, "/decision", "choice"),
        ({"no_conflict": "yes"}, "/no_conflict", "boolean"),
        ({"expires_on": "soon"}, "/expires_on", "date"),
        ({"points": {"method": 6}}, "/points/method", "range"),
        ({"points": {"charm": 5}}, "/points/charm", "choice"),
        ({"points": {"method": {"value": 4}}}, "/points/method", "integer"),
        ({"points": [4]}, "/points", "object"),
        ({"notes": [{"audience": "press", "text": "x"}]}, "/notes/0/audience", "choice"),
        ({"findings": [{"pointer": "title", "severity": "required"}]}, "/findings/0/text", "required"),
    ):
        check_refused(judge, "POST", path, [(pointer, code)], json={**DECISION, **changes})


def test_accounts_that_cannot_be(app, everybody):
    body = {"email": "new@example.com", "password": "a long pass phrase", "name": "새 사람"}
    for changes, pointer, code in (
        ({"email": "not an address"}, "/email", "email"),
        ({"email": "a@b"}, "/email", "email"),
        ({"email": everybody.email.upper()}, "/email", "email_taken"),
        ({"password": "short"}, "/password", "too_short"),
        ({"password": "x" * 129}, "/password", "too_long"),
        ({"password": "NEW@example.com"}, "/password", "password_weak"),
        ({"name": "a\x00b"}, "/name", "control_characters"),
        ({"roles": ["operator"]}, "/roles", "unknown_field"),
    ):
        check_refused(everybody, "POST", "/sign-up", [(pointer, code)], json={**body, **changes})
    with app.extensions["database"].session(reading=True) as session:
        assert session.scalars(select(User.email)).all() == [everybody.email]
