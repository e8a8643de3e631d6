"""Requests to the API that are wrong as such: files, keys, queries, bodies, methods, tokens, addresses."""

import io
import uuid

import pytest

from marketplace.api.examples import EVIDENCE, LISTING, SITE
from tests.marketplace.api.refusals import check_refused, stored
from tests.marketplace.people import person


@pytest.fixture
def everybody(app):
    """One company that is vendor and manufacturer."""
    return person(app, "vendor", "manufacturer")


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
    assert not (tmp_path / "files").exists()


def test_forms_that_leave_the_file_out_or_say_more_than_is_asked(everybody, files, tmp_path):
    """A text in a form is held against the schema as a field of JSON is: what is not known is refused."""
    missing, unknown = ("/file", "file_missing"), ("/other", "unknown_field")

    def with_file(name, value):
        return lambda: {"file": (io.BytesIO(b"1,2\n"), "a.csv"), name: value()}

    for data, expected in (
        (dict, [missing]),
        (lambda: {"file": "a text, no file"}, [missing]),
        (lambda: {"other": "x"}, [missing, unknown]),
        (with_file("other", lambda: "x"), [unknown]),
        (with_file("other", lambda: (io.BytesIO(b"3,4\n"), "b.csv")), [unknown]),
    ):
        for kind in (None, "multipart/form-data"):
            check_refused(everybody, "POST", files, expected, data=data, content_type=kind)
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
        json={**SITE, "name": "다른 공장"},
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


def test_a_field_that_stands_twice_is_not_chosen_among(everybody):
    """Which of two prices was meant nobody knows, however deep they stand; the file of the composer refuses it too."""
    for data, pointers in (
        (b'{"name": "a", "name": "b"}', ["/name"]),
        (
            b'{"systems": [{"a/b": {}, "a/b": 1}], "name": {"x": 1, "x": 1, "y": 2}}',
            ["/systems/0/a~1b", "/name/x"],
        ),
        (b'{"name": {"x": 1, "x": 2}, "name": "b"}', ["/name"]),
    ):
        for headers in ({}, KEY):
            sent = {"data": data, "content_type": "application/json", "headers": headers}
            check_refused(everybody, "POST", "/sites", [(each, "given_twice") for each in pointers], **sent)


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
