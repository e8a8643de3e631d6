"""Evidence records and their files on the vendor's page; who gets at the bytes."""

import hashlib
import io
import uuid
from pathlib import Path

import pytest
from sqlalchemy import select

from catalog.models import StoredFile
from marketplace import audit
from marketplace.config import MAX_REQUEST_BYTES
from tests.marketplace.people import person
from tests.marketplace.web import vendor_work as work
from tests.marketplace.web.looking import form_word, one, rows, text_of

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF\n"


@pytest.fixture
def vendor(app):
    """A confirmed vendor, signed in."""
    return person(app, "vendor")


def _at(place, **changes):
    return {f"evidence/{place}/{name}": typed for name, typed in {**work.RECORD, **changes}.items()}


def _kept(app):
    """Every file on disk."""
    root = Path(app.config["FILES_URL"].removeprefix("file:"))
    return [path for path in root.rglob("*") if path.is_file()] if root.exists() else []


def _upload(vendor, record_id, name, data, **fields):
    file = {"evidence/0/files": (io.BytesIO(data), name)}
    return vendor.post(f"/evidence/{record_id}/files", {**file, **fields}, content_type="multipart/form-data")


def _status(who, path):
    with who.client.get(path) as answer:
        return answer.status_code


def _file_error(answer):
    return work.field_error(answer, "evidence/0/files")


def test_a_record_is_added_once_and_kept_as_written(app, vendor):
    listing_id = work.drafted(app, vendor)
    word = form_word(vendor.client.get("/listings/new"))
    fields = {**_at(0, baseline="1,003.10", after="−0.9"), "form_id": word}
    for _ in range(2):
        answer = vendor.post(f"/listings/{listing_id}/evidence", fields)
        assert (answer.status_code, answer.location) == (303, f"/listings/{listing_id}#evidence-0")
    (record,) = work.content(app, listing_id)["evidence"]
    assert (record["baseline"], record["after"]) == ("1003.10", "-0.9")
    assert record["site"] == {
        "industry": {"revision": "11", "code": "303"},
        "region": "gyeonggi",
        "headcount": 62,
        "level": {"scale": "company_level", "value": 2},
    }
    assert (record["after_to"], record["verified_by"]) == ("2025-10-26", "시험기관 김검사")
    page = vendor.client.get(f"/listings/{listing_id}")
    assert work.value(page, "evidence/0/kpi") == "용접 불량률"
    assert "규칙 4.6" in work.said(page)


def test_a_worse_result_is_evidence_too(app, vendor):
    listing_id = work.drafted(app, vendor)
    assert vendor.post(f"/listings/{listing_id}/evidence", _at(0, after="4.5")).status_code == 303
    assert work.content(app, listing_id)["evidence"][0]["after"] == "4.5"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("kind", "", "꼭 적어 주세요."),
        ("kpi", "", "꼭 적어 주세요."),
        ("baseline", "", "꼭 적어 주세요."),
        ("after", "약 3", "숫자로 적어 주세요. 소수점 아래 6자리까지 쓸 수 있어요."),
        ("method", "", "꼭 적어 주세요."),
        ("method", "재\x07다", "보이지 않는 제어 문자가 들어 있어요. 지우고 다시 적어 주세요."),
        ("site/industry", "11:999", "목록에 없는 값이에요: 999"),
        ("site/region", "mars", "목록에 없는 값이에요: mars"),
        ("site/headcount", "0", "1에서 1000000 사이로 적어 주세요."),
        ("site/level", "9", "1에서 5 사이로 적어 주세요."),
        ("baseline_from", "2025년 6월", "날짜를 2026-11-21처럼 적어 주세요."),
        ("after_to", "2025-08-01", "기간의 앞뒤가 바뀌었어요."),
        ("after_to", "2999-01-01", "아직 오지 않은 날짜예요."),
    ],
)
def test_a_bad_record_is_said_at_its_field_with_the_rest_kept(app, vendor, field, typed, said):
    listing_id = work.drafted(app, vendor)
    page = vendor.post(f"/listings/{listing_id}/evidence", _at(0, **{field: typed}))
    assert page.status_code == 422
    assert work.field_error(page, f"evidence/0/{field}") == said
    assert work.value(page, "evidence/0/sample") == "18,420장"
    assert work.value(page, "title") == "웰드아이"
    assert work.content(app, listing_id)["evidence"] == []


def test_a_record_is_revised_wherever_it_stood_on_the_page(app, vendor):
    listing_id = work.drafted(app, vendor)
    work.proved(app, listing_id, kpi="첫째")
    record_id = work.proved(app, listing_id, kpi="둘째")
    answer = vendor.post(f"/evidence/{record_id}", _at(7, kpi="둘째, 고침"))
    assert answer.location == f"/listings/{listing_id}#evidence-1"
    assert [record["kpi"] for record in work.content(app, listing_id)["evidence"]] == ["첫째", "둘째, 고침"]
    page = vendor.post(f"/evidence/{record_id}", _at(7, kpi=""))
    assert page.status_code == 422
    assert work.field_error(page, "evidence/1/kpi") == "꼭 적어 주세요."
    assert work.value(page, "evidence/0/kpi") == "첫째"


def test_a_file_is_kept_with_its_fingerprint_and_read_back(app, vendor):
    listing_id = work.drafted(app, vendor)
    record_id = work.proved(app, listing_id)
    word = form_word(vendor.client.get("/listings/new"))
    for _ in range(2):
        answer = _upload(vendor, record_id, "측정 자료;1.pdf", PDF, form_id=word)
        assert (answer.status_code, answer.location) == (303, f"/listings/{listing_id}#evidence-0")
    (kept,) = work.content(app, listing_id)["evidence"][0]["files"]
    assert (kept["name"], kept["sha256"]) == ("측정 자료;1.pdf", hashlib.sha256(PDF).hexdigest())
    assert len(_kept(app)) == 1
    file = vendor.client.get(f"/files/{kept['id']}")
    assert file.status_code == 200
    assert file.data == PDF
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Content-Length"] == str(len(PDF))
    named = "%EC%B8%A1%EC%A0%95%20%EC%9E%90%EB%A3%8C%3B1.pdf"
    assert file.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{named}"
    assert file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("빈.pdf", b"", "빈 파일이에요."),
        ("도구.exe", b"MZ", "올릴 수 있는 형식이 아니에요."),
        ("보고서.pdf", b"<html><script>", "파일의 내용이 이름(pdf)과 달라요."),
        ("값.csv", b"a,b\n\x00", "파일의 내용이 이름(csv)과 달라요."),
        ("", b"", "파일을 골라 주세요."),
    ],
)
def test_a_refused_file_leaves_nothing(app, vendor, name, data, said):
    listing_id = work.drafted(app, vendor)
    record_id = work.proved(app, listing_id)
    page = _upload(vendor, record_id, name, data)
    assert page.status_code == 422
    assert _file_error(page).startswith(said)
    assert work.value(page, "title") == "웰드아이"
    assert (rows(app, select(StoredFile.id)), _kept(app)) == ([], [])


@pytest.mark.parametrize("size", [20 * 1024 * 1024 + 1, 50_000_000])
def test_a_file_that_is_too_large_is_said_at_its_field(app, vendor, size):
    listing_id = work.drafted(app, vendor)
    record_id = work.proved(app, listing_id)
    page = _upload(vendor, record_id, "큰.pdf", PDF + bytes(size - len(PDF)))
    assert page.status_code == (413 if size > MAX_REQUEST_BYTES else 422)
    assert _file_error(page) == "파일이 너무 커요. 20 MB까지 올릴 수 있어요."
    assert (rows(app, select(StoredFile.id)), _kept(app)) == ([], [])
    assert work.content(app, listing_id)["title"] == "웰드아이"


def test_a_large_body_elsewhere_or_from_a_stranger_tells_nothing(app, vendor):
    record_id = work.proved(app, work.drafted(app, vendor))
    stranger = person(app, "vendor")
    page = _upload(stranger, record_id, "큰.pdf", bytes(MAX_REQUEST_BYTES + 1))
    assert page.status_code == 413
    assert "웰드아이" not in text_of(page)
    answer = app.test_client().post(
        f"/evidence/{record_id}/files", data={"x": (io.BytesIO(bytes(MAX_REQUEST_BYTES + 1)), "x.pdf")}
    )
    assert answer.status_code == 413
    assert "웰드아이" not in text_of(answer)


def test_when_the_commit_fails_the_bytes_go_again(app, vendor, monkeypatch):
    record_id = work.proved(app, work.drafted(app, vendor))

    def broken(*_args, **_detail):
        assert len(_kept(app)) == 1
        raise RuntimeError("the database has gone away")

    monkeypatch.setattr(audit, "commit", broken)
    assert _upload(vendor, record_id, "값.pdf", PDF).status_code == 500
    assert (rows(app, select(StoredFile.id)), _kept(app)) == ([], [])


def test_a_removed_record_takes_its_bytes_along(app, vendor):
    listing_id = work.drafted(app, vendor)
    record_id = work.proved(app, listing_id)
    _upload(vendor, record_id, "값.pdf", PDF)
    assert len(_kept(app)) == 1
    word = form_word(vendor.client.get("/listings/new"))
    for _ in range(2):
        answer = vendor.post(f"/evidence/{record_id}/remove", {"form_id": word})
        assert (answer.status_code, answer.location) == (303, f"/listings/{listing_id}#evidence")
    assert (work.content(app, listing_id)["evidence"], _kept(app)) == ([], [])


def test_published_records_stay_as_they_are(app, vendor):
    validator = person(app, "validator")
    listing_id = work.handed_in(app, vendor)
    work.approved(app, listing_id, validator)
    vendor.post(f"/listings/{listing_id}/reopen")
    (record,) = work.content(app, listing_id)["evidence"]
    assert vendor.post(f"/evidence/{record['id']}", _at(0, kpi="다른 값")).status_code == 409
    assert vendor.post(f"/evidence/{record['id']}/remove").status_code == 409
    assert _upload(vendor, record["id"], "값.pdf", PDF).status_code == 409
    assert (work.content(app, listing_id)["evidence"], _kept(app)) == ([record], [])


def test_files_are_for_their_vendor_and_for_the_validator_who_has_taken_it(app, vendor):
    listing_id = work.drafted(app, vendor)
    record_id = work.proved(app, listing_id)
    _upload(vendor, record_id, "값.pdf", PDF)
    path = f"/files/{one(app, select(StoredFile.public_id))}"
    validator, stranger = person(app, "validator"), person(app, "vendor")
    assert [_status(who, path) for who in (vendor, validator, stranger)] == [200, 404, 404]
    vendor.post(f"/listings/{listing_id}/submit")
    assert [_status(who, path) for who in (vendor, validator, stranger)] == [200, 404, 404]
    work.taken(app, listing_id, validator)
    assert [_status(who, path) for who in (vendor, validator, stranger)] == [200, 200, 404]
    assert person(app, "manufacturer").client.get(path).status_code == 403
    assert app.test_client().get(path).status_code == 303
    assert vendor.client.get(f"/files/{uuid.uuid4()}").status_code == 404


@pytest.mark.parametrize("path", ["", "/remove", "/files"])
def test_strangers_find_no_record(app, vendor, path):
    listing_id = work.drafted(app, vendor)
    record_id = work.proved(app, listing_id)
    before = work.content(app, listing_id)
    stranger = person(app, "vendor")
    assert stranger.post(f"/evidence/{record_id}{path}", _at(0)).status_code == 404
    assert work.content(app, listing_id) == before
