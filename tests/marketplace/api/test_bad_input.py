"""Bad input to the API: the right status, a problem at its field in both languages, and nothing stored anywhere."""

import io
import json
import re
import uuid

import pytest
from sqlalchemy import func, select

from catalog import regno
from catalog.db import Base
from marketplace.accounts.models import User
from marketplace.api.examples import DECISION, EVIDENCE, LISTING, SITE, demand
from tests.marketplace.people import person

HANGUL = re.compile(r"[가-힣]")
LANGUAGES = ("ko", "en")


@pytest.fixture
def everybody(app):
    """One company that is vendor and manufacturer."""
    return person(app, "vendor", "manufacturer")


def stored(app):
    """How many rows every table has."""
    with app.extensions["database"].session(reading=True) as session:
        tables = Base.metadata.sorted_tables
        return {t.name: session.scalar(select(func.count()).select_from(t)) for t in tables}


def check_refused(who, method, path, expected, *, status=422, **sent):
    """Ask in both languages: the same problems at the same places, in words of the language, and nothing stored."""
    before = stored(who.app)
    headers = sent.pop("headers", {})
    for language in LANGUAGES:
        if "data" in sent and callable(sent["data"]):
            now = {**sent, "data": sent["data"]()}
        else:
            now = sent
        answer = who.api(method, path, headers={"Accept-Language": language, **headers}, **now)
        assert answer.status_code == status, (path, answer.get_data(as_text=True)[:300])
        assert answer.content_type == "application/problem+json"
        body = answer.get_json()
        assert (body["type"], body["status"]) == ("about:blank", status)
        assert [(error["pointer"], error["code"]) for error in body["errors"]] == expected, path
        for words in (body["title"], *(error["detail"] for error in body["errors"])):
            shown = re.sub(r"‘[^’]*’|: .*$", "", words)  # what was sent is said again in its own language
            assert bool(HANGUL.search(shown)) == (language == "ko"), words
    assert stored(who.app) == before
    return answer


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


@pytest.fixture
def files(everybody):
    """The path for files of a record."""
    own = everybody.api("POST", "/listings", json=LISTING).get_json()["id"]
    record = everybody.api("POST", f"/listings/{own}/evidence", json=EVIDENCE).get_json()["id"]
    return f"/evidence/{record}/files"


def test_files_that_are_not_what_they_say(everybody, files, tmp_path):
    for name, data, code in (
        ("a.png", b"%PDF-1.7", "file_content"),
        ("a.pdf", b"<html>", "file_content"),
        ("a.xlsx", b"PK\x03\x04rubbish", "file_content"),
        ("a.csv", b"a\x00b", "file_content"),
        ("a.csv", b"", "file_empty"),
        ("a.exe", b"MZ", "file_type"),
        ("../../a", b"1", "file_type"),
    ):

        def form(name=name, data=data):
            return {"file": (io.BytesIO(data), name)}

        check_refused(everybody, "POST", files, [("/file", code)], data=form)
    check_refused(everybody, "POST", files, [("/file", "file_missing")], data=lambda: {"other": "x"})
    assert not (tmp_path / "files").exists()


def test_files_that_are_too_large(everybody, files, tmp_path):
    """A little over the limit is said at the field; far over it the request is not even read."""
    little, much = b"1" * (20 * 1024 * 1024 + 1), b"1" * (50 * 1024 * 1024)
    at_field = [("/file", "file_too_large")]
    check_refused(everybody, "POST", files, at_field, data=lambda: {"file": (io.BytesIO(little), "a.csv")})
    check_refused(
        everybody, "POST", files, [], status=413, data=lambda: {"file": (io.BytesIO(much), "a.csv")}
    )
    assert not (tmp_path / "files").exists()


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


KEY = {"Idempotency-Key": "order-0001"}


def test_the_same_body_twice_with_one_key_is_stored_once(everybody):
    first = everybody.api("POST", "/sites", json=SITE, headers=KEY)
    once = stored(everybody.app)
    second = everybody.api("POST", "/sites", json=SITE, headers=KEY)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.get_json() == second.get_json()
    assert stored(everybody.app) == once
    check_refused(
        everybody,
        "POST",
        "/sites",
        [("/Idempotency-Key", "idempotency_mismatch")],
        json=site(name="다른 공장"),
        headers=KEY,
    )


def test_keys_that_are_none(everybody):
    expected = [("/Idempotency-Key", "idempotency_key")]
    for key in ("", " ", "a b", "키", "x" * 256):
        headers = {"Idempotency-Key": key.encode().decode("latin-1")}
        check_refused(everybody, "POST", "/sites", expected, json=SITE, headers=headers)


def test_queries_that_cannot_be(everybody):
    for path, query, pointer, code in (
        ("/solutions", {"colour": "red"}, "/colour", "unknown_field"),
        ("/listings", {"q": "x"}, "/q", "unknown_field"),
        ("/organization", {"x": "1"}, "/x", "unknown_field"),
        ("/solutions", {"cursor": "rubbish"}, "/cursor", "cursor"),
        ("/solutions", {"cursor": "o-1"}, "/cursor", "cursor"),
        ("/solutions", {"cursor": "o１"}, "/cursor", "cursor"),
        ("/listings", {"cursor": "o" + "9" * 22}, "/cursor", "too_long"),
        ("/solutions", {"limit": "0"}, "/limit", "range"),
        ("/solutions", {"limit": "101"}, "/limit", "range"),
        ("/solutions", {"limit": "ten"}, "/limit", "integer"),
        ("/solutions", {"limit": "1" + "0" * 22}, "/limit", "integer"),
        ("/solutions", {"limit": "-1"}, "/limit", "integer"),
        ("/solutions", {"sort": "fame"}, "/sort", "choice"),
        ("/solutions", {"q": "a\x00b"}, "/q", "control_characters"),
        ("/solutions", {"q": "x" * 201}, "/q", "too_long"),
        ("/solutions", {"region": ["busan", ""]}, "/region/1", "required"),
    ):
        check_refused(everybody, "GET", path, [(pointer, code)], query_string=query)
    check_refused(everybody, "POST", "/sites?dry=1", [("/dry", "unknown_field")], json=SITE)
    assert everybody.api("GET", "/solutions", query_string={"cursor": "o9999999"}).get_json()["items"] == []


def test_bodies_that_are_no_json(everybody):
    refusals = [
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b'{"name": "\xff"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"a":' * 100_000, "application/json", 400),
        (b'{"headcount": ' + b"1" * 5000 + b"}", "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"name=x", "application/x-www-form-urlencoded", 415),
        (b"<a/>", "application/xml", 415),
    ]
    for data, kind, status in refusals:
        for headers in ({}, KEY):
            sent = {"data": data, "content_type": kind, "headers": headers}
            check_refused(everybody, "POST", "/sites", [], status=status, **sent)
    for body in ("[]", '"text"', "7"):
        sent = {"data": body, "content_type": "application/json"}
        check_refused(everybody, "POST", "/sites", [("", "object")], **sent)


def test_a_method_that_is_not_there_names_those_that_are(everybody):
    answer = check_refused(everybody, "DELETE", "/sites", [], status=405)
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_a_token_that_is_none(everybody):
    for word in (
        "Bearer rubbish",
        "Bearer ",
        "Bearer",
        "Basic dTpw",
        "ieum_x",
        "Bearer \xff\xfe",
        "Bearer a b",
    ):
        headers = {"Authorization": word}
        answer = check_refused(everybody, "POST", "/sites", [], status=401, json=SITE, headers=headers)
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_addresses_that_are_not_there(everybody):
    for path in (
        f"/sites/{uuid.uuid4()}",
        "/sites/7",
        "/nowhere",
        "/certificates/C-1999-0001",
        "/certificates/%00",
    ):
        check_refused(everybody, "GET", path, [], status=404)


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
