"""수준확인서 on the pages: handed in with its file, decided at the console, told to whom it concerns."""

import io
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from catalog.models import Organization, StoredFile
from marketplace.audit import AuditEntry
from marketplace.extensions import today
from marketplace.notices.models import Notice
from matching.models import Assessment, LevelCertificate
from tests import factories
from tests.catalog import hostile
from tests.marketplace.papers import paper
from tests.marketplace.people import csrf, person
from tests.marketplace.web.looking import acting, counted, form_word, one, rows, text_of

CONSOLE = "/console/level-certificates"


@pytest.fixture
def maker(app):
    return person(app, "manufacturer", name="한빛정밀")


@pytest.fixture
def operator(app):
    return person(app, "operator")


@pytest.fixture
def site_id(app, maker):
    with acting(app) as session:
        made = factories.site(session, session.get(Organization, maker.organization_key))
        session.flush()
        return made.public_id


def send(who, site_id, **changes):
    return who.post(f"/sites/{site_id}/certificates", paper(**changes), content_type="multipart/form-data")


def handed_in(app, who, site_id, **changes):
    assert send(who, site_id, **changes).status_code == 303
    return rows(app, select(LevelCertificate.public_id).order_by(LevelCertificate.id))[-1]


def count(app, model):
    return one(app, select(func.count()).select_from(model))


def sure(who, path, **data):
    return who.post(path, {**data, "sure": "yes"})


def test_without_one_the_page_says_what_to_do(maker, site_id):
    page = text_of(maker.client.get(f"/sites/{site_id}/certificates"))
    assert "올린 수준확인서가 없어요" in page
    assert "기업 수준 2" in page
    assert "기업이 적은 값" in page
    assert f"/sites/{site_id}/certificates" in text_of(maker.client.get("/sites"))


def test_it_waits_is_shown_with_its_file_and_the_operator_hears_of_it(app, maker, operator, site_id):
    row_id = handed_in(app, maker, site_id)
    page = text_of(maker.client.get(f"/sites/{site_id}/certificates"))
    assert "답을 기다림" in page
    assert "SF-2026-00123" in page
    got = maker.client.get(f"/sites/{site_id}/certificates/{row_id}/file")
    assert got.data == hostile.pdf()
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in got.headers["Content-Security-Policy"]
    assert rows(app, select(AuditEntry.act).where(AuditEntry.object_id == row_id)) == [
        "level_certificate.hand_in"
    ]
    told = one(app, select(Notice.link).where(Notice.user_id == operator.user_key))
    assert told == f"{CONSOLE}/{row_id}"
    assert "한빛정밀의 수준확인서 확인하기" in text_of(operator.client.get("/"))


def test_the_operator_confirms_and_everybody_sees_the_level_with_its_basis(app, maker, operator, site_id):
    row_id = handed_in(app, maker, site_id)
    page = text_of(operator.client.get(f"{CONSOLE}/{row_id}"))
    assert "한빛정밀" in page
    assert "기업 수준 3" in page
    assert operator.client.get(f"{CONSOLE}/{row_id}/file").data == hostile.pdf()
    asked = operator.post(f"{CONSOLE}/{row_id}/confirm")
    assert asked.status_code == 200
    assert "확인할까요?" in text_of(asked)
    assert one(app, select(LevelCertificate.state)) == "waiting"
    assert sure(operator, f"{CONSOLE}/{row_id}/confirm").status_code == 303
    assert one(app, select(LevelCertificate.state)) == "confirmed"
    listed = text_of(maker.client.get("/sites"))
    assert "기업 수준 3" in listed
    assert "확인됨(수준확인서)" in listed
    assert "지금 쓰는 수준: 기업 수준 3" in text_of(maker.client.get(f"/sites/{site_id}"))
    told = rows(app, select(Notice.event).where(Notice.user_id == maker.user_key))
    assert told == ["level_certificate.confirmed"]
    assert "level_certificate.confirm" in rows(
        app, select(AuditEntry.act).where(AuditEntry.object_id == row_id)
    )
    assert "수준확인서 확인하기" not in text_of(operator.client.get("/"))


def test_the_operator_refuses_with_a_reason_that_the_company_reads(app, maker, operator, site_id):
    row_id = handed_in(app, maker, site_id)
    bare = operator.post(f"{CONSOLE}/{row_id}/refuse", {"reason": ""})
    assert bare.status_code == 422
    assert 'id="f-reason-error"' in text_of(bare)
    assert sure(operator, f"{CONSOLE}/{row_id}/refuse", reason="번호가 기록과 달라요.").status_code == 303
    page = text_of(maker.client.get(f"/sites/{site_id}/certificates"))
    assert "번호가 기록과 달라요." in page
    assert "확인 거절" in page
    assert rows(app, select(Notice.event).where(Notice.user_id == maker.user_key)) == [
        "level_certificate.refused"
    ]
    assert rows(app, select(Assessment.basis)) == ["self_reported"]
    late = sure(operator, f"{CONSOLE}/{row_id}/confirm")
    assert late.status_code == 409
    assert "이미 답한 수준확인서예요." in text_of(late)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"number": ""}, "number", "꼭 적어 주세요."),
        ({"number": "가" * 41}, "number", "40자까지"),
        ({"body": ""}, "body", "꼭 적어 주세요."),
        ({"scale": ""}, "scale", "꼭 적어 주세요."),
        ({"level": ""}, "level", "비워 둘 수 없어요."),
        ({"level": "9"}, "level", "1에서 5 사이로"),
        ({"scale": "system_level", "level": "5"}, "level", "1에서 4 사이로"),
        ({"issued_on": "2026-13-01"}, "issued_on", "날짜를"),
        ({"issued_on": "2100-01-01"}, "issued_on", "아직 오지 않은 날짜예요."),
        ({"valid_until": "2020-01-01"}, "valid_until", "기간의 앞뒤가 바뀌었어요."),
        ({"valid_until": "2099-01-01"}, "valid_until", "유효기간이 10년을 넘어요."),
        ({"file": (io.BytesIO(b""), "")}, "file", "파일을 골라 주세요."),
        ({"file": (io.BytesIO(b"a,b\n"), "표.csv")}, "file", "올릴 수 있는 형식이 아니에요."),
        ({"file": (io.BytesIO(b"hello"), "확인서.pdf")}, "file", "파일의 내용이 이름(pdf)과 달라요."),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_kept(app, maker, site_id, changes, field, sentence):
    answer = send(maker, site_id, **changes)
    page = text_of(answer)
    assert answer.status_code == 422
    error = page[page.index(f'id="f-{field}-error"') :]
    assert sentence in error[: error.index("</div>")]
    assert (count(app, LevelCertificate), count(app, StoredFile)) == (0, 0)
    if "body" not in changes:
        assert 'value="합성 확인기관"' in page


def test_a_file_that_is_too_large_is_said_at_its_field(app, maker, site_id):
    answer = send(maker, site_id, file=(io.BytesIO(b"%PDF-" + b"0" * (22 << 20)), "확인서.pdf"))
    assert answer.status_code == 413
    assert "20 MB까지 올릴 수 있어요" in text_of(answer)
    assert count(app, LevelCertificate) == 0


def test_the_same_form_sent_twice_hands_in_one_paper(app, maker, site_id):
    word = form_word(maker.client.get(f"/sites/{site_id}/certificates"))
    assert send(maker, site_id, form_id=word).status_code == 303
    assert send(maker, site_id, form_id=word).status_code == 303
    assert (count(app, LevelCertificate), count(app, StoredFile)) == (1, 1)
    again = send(maker, site_id)
    assert again.status_code == 422
    assert "이미 올린 번호예요." in text_of(again)


def test_a_stranger_finds_nothing_and_changes_nothing(app, maker, site_id):
    row_id = handed_in(app, maker, site_id)
    stranger = person(app, "manufacturer")
    for path in (f"/sites/{site_id}/certificates", f"/sites/{site_id}/certificates/{row_id}/file"):
        assert stranger.client.get(path).status_code == 404
    assert send(stranger, site_id, number="XX-1").status_code == 404
    with acting(app) as session:
        own = factories.site(session, session.get(Organization, stranger.organization_key))
        session.flush()
        own_id = own.public_id
    # another's paper under one's own site is not there either
    assert stranger.client.get(f"/sites/{own_id}/certificates/{row_id}/file").status_code == 404
    file_id = one(app, select(StoredFile.public_id))
    both = person(app, "vendor", "validator", "manufacturer")
    assert both.client.get(f"/files/{file_id}").status_code == 404
    assert count(app, LevelCertificate) == 1
    assert stranger.client.get(CONSOLE).status_code == 403


def test_a_copied_paper_is_marked_and_cannot_be_confirmed(app, maker, operator, site_id):
    first = handed_in(app, maker, site_id)
    sure(operator, f"{CONSOLE}/{first}/confirm")
    thief = person(app, "manufacturer", name="베낀정밀")
    with acting(app) as session:
        made = factories.site(session, session.get(Organization, thief.organization_key))
        session.flush()
        other = made.public_id
    second = handed_in(app, thief, other)
    assert "한빛정밀" not in text_of(thief.client.get(f"/sites/{other}/certificates"))
    assert "번호나 파일이 같은 수준확인서가 있어요" in text_of(operator.client.get(f"{CONSOLE}/{second}"))
    answer = sure(operator, f"{CONSOLE}/{second}/confirm")
    assert answer.status_code == 409
    assert "같은 번호의 수준확인서를 이미 확인했어요." in text_of(answer)


def test_the_queue_is_filtered_and_taken_as_csv(app, maker, operator, site_id):
    first = handed_in(app, maker, site_id)
    second = handed_in(app, maker, site_id, number="=SUM(1)", scale="system_level", level="2")
    sure(operator, f"{CONSOLE}/{first}/confirm")
    page = text_of(operator.client.get(CONSOLE))
    assert page.index(second) < page.index(first)
    waiting = text_of(operator.client.get(f"{CONSOLE}?state=waiting"))
    assert second in waiting
    assert first not in waiting
    assert first in text_of(operator.client.get(f"{CONSOLE}?q=sf-2026"))
    assert second not in text_of(operator.client.get(f"{CONSOLE}?q=sf-2026"))
    assert "조건에 맞는 것이 없어요" in text_of(operator.client.get(f"{CONSOLE}?q=없는 말")) or (
        "수준확인서가 없어요" in text_of(operator.client.get(f"{CONSOLE}?q=없는 말"))
    )
    assert first in text_of(operator.client.get(f"{CONSOLE}?scale=company_level&q=한빛"))
    table = operator.client.get(f"{CONSOLE}?csv=1")
    assert table.mimetype == "text/csv"
    assert "'=SUM(1)" in table.get_data(as_text=True)
    assert "구축시스템 수준" in table.get_data(as_text=True)


def test_one_that_ends_soon_stands_on_the_morning_page_and_an_ended_one_says_so(
    app, maker, operator, site_id
):
    ends = today() + timedelta(days=59)
    row_id = handed_in(app, maker, site_id, valid_until=ends.isoformat())
    sure(operator, f"{CONSOLE}/{row_id}/confirm")
    assert "수준확인서 기간이 곧 끝나요" in text_of(maker.client.get("/"))
    with acting(app) as session:
        row = session.scalars(select(LevelCertificate)).one()
        row.issued_on, row.valid_until = date(2020, 1, 1), today() - timedelta(days=1)
        row.assessment.assessed_on = row.issued_on
        row.assessment.detail = {**row.assessment.detail, "valid_until": row.valid_until.isoformat()}
    page = text_of(maker.client.get(f"/sites/{site_id}/certificates"))
    assert "기간이 끝나 매칭에 이 수준을 쓰지 않아요." in page
    assert "기업 수준 2" in page
    assert "수준확인서 기간이 끝났어요" in text_of(maker.client.get("/"))
    handed_in(app, maker, site_id, number="SF-NEW")
    assert "수준확인서 기간이" not in text_of(maker.client.get("/"))


def test_the_pages_need_few_statements(app, maker, operator, site_id):
    ids = [handed_in(app, maker, site_id, number=f"N-{n}") for n in range(4)]
    for who, path in (
        (maker, f"/sites/{site_id}/certificates"),
        (operator, CONSOLE),
        (operator, f"{CONSOLE}/{ids[0]}"),
    ):
        with counted(app) as sent:
            assert who.client.get(path).status_code == 200
        assert len(sent) <= 12, (path, sent)


def test_what_people_wrote_is_escaped_and_marked_as_korean_in_english(app, maker, site_id):
    handed_in(app, maker, site_id, body="<b>기관</b>")
    maker.client.set_cookie("locale", "en")
    page = maker.client.get(f"/sites/{site_id}/certificates").get_data(as_text=True)
    assert "<b>기관" not in page
    assert re.search(r'<dd lang="ko">&lt;b&gt;기관', page)


def test_the_form_is_refused_without_its_token(maker, site_id):
    assert csrf(maker.client)
    answer = maker.client.post(f"/sites/{site_id}/certificates", data=paper())
    assert answer.status_code == 400
