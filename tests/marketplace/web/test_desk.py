"""The review desk: the queue, the declaration, the judgement and what follows from it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from catalog import organizations
from catalog.models import Certificate, Listing, Organization, Review, ReviewFinding, ReviewNote, StoredFile
from catalog.outbox import OutboxMessage
from marketplace.audit import AuditEntry
from marketplace.extensions import today
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, counted, form_word, one, rows, text_of
from tests.marketplace.web.submissions import submitted

POINTS = {
    "points/method": "4",
    "points/sample": "4",
    "points/effect": "4",
    "points/persistence": "3",
    "points/data_security": "4",
    "points/documents": "4",
}
APPROVAL = {**POINTS, "decision": "approve", "statement": "로봇 용접에서 확인했어요.", "expires_on": ""}


def approval():
    return {**APPROVAL, "expires_on": (today() + timedelta(days=365)).isoformat()}


@pytest.fixture
def vendor(app):
    return person(app, "vendor", name="비전웍스")


@pytest.fixture
def validator(app):
    return person(app, "validator", name="남해검증원")


@pytest.fixture
def review_id(app, vendor):
    return submitted(app, vendor)


@pytest.fixture
def taken(validator, review_id):
    """Path of a review that the validator has taken."""
    validator.post(f"/desk/{review_id}/take", {"no_conflict": "1"})
    return f"/desk/{review_id}"


def test_an_empty_desk_says_so(validator):
    assert "배정된 심사가 없어요" in text_of(validator.client.get("/desk"))


def test_the_queue_lists_the_oldest_first(app, vendor, validator):
    submitted(app, vendor, at=datetime(2026, 11, 12, 3, 0, tzinfo=UTC), title="나중 것")
    submitted(app, vendor, at=datetime(2026, 11, 2, 3, 0, tzinfo=UTC), title="먼저 것")
    page = text_of(validator.client.get("/desk"))
    assert page.index("먼저 것") < page.index("나중 것")
    assert "V-2026-0002" in page
    assert "비전웍스" in page
    assert page.count("btn--primary") == 1


def test_only_validators_have_a_desk(app, vendor, review_id):
    for path in ("/desk", f"/desk/{review_id}"):
        assert vendor.client.get(path).status_code == 403
        assert app.test_client().get(path).status_code == 303


def test_a_competitor_is_shown_locked_with_the_reason_and_cannot_take(app, vendor, validator, review_id):
    with acting(app) as session:
        declaring = session.get_one(Organization, vendor.organization_key)
        number = session.get_one(Organization, validator.organization_key).registration_number
        organizations.declare_competitor(session, declaring, number)
    queue = text_of(validator.client.get("/desk"))
    assert "경쟁 관계로 등록된 기업이라 심사할 수 없어요" in queue
    assert f"/desk/{review_id}" not in queue
    page = text_of(validator.client.get(f"/desk/{review_id}"))
    assert "이 심사는 맡을 수 없어요" in page
    assert 'name="no_conflict"' not in page
    assert validator.post(f"/desk/{review_id}/take", {"no_conflict": "1"}).status_code == 403
    assert one(app, select(Review.state)) == "waiting"


def test_nothing_opens_before_the_declaration(app, validator, review_id):
    page = text_of(validator.client.get(f"/desk/{review_id}"))
    assert "먼저 이해관계를 확인해 주세요" in page
    assert "판정 원자료.csv" not in page
    answer = validator.post(f"/desk/{review_id}/take", {})
    assert answer.status_code == 422
    assert 'id="f-no_conflict-error"' in text_of(answer)
    assert one(app, select(Review.state)) == "waiting"


def test_taking_twice_with_one_form_ends_on_the_review(app, validator, review_id):
    word = form_word(validator.client.get(f"/desk/{review_id}"))
    for _twice in range(2):
        answer = validator.post(f"/desk/{review_id}/take", {"no_conflict": "1", "form_id": word})
        assert (answer.status_code, answer.location) == (303, f"/desk/{review_id}")
    assert rows(app, select(Review.validator_email)) == [validator.email]
    page = text_of(validator.client.get(f"/desk/{review_id}"))
    assert "판정 원자료.csv" in page
    assert "접수 때와 같음" in page
    assert page.count("btn--primary") == 1


def test_a_review_taken_by_one_validator_is_not_there_for_another(app, taken):
    other = person(app, "validator")
    assert other.client.get(taken).status_code == 404
    for act in ("take", "points", "findings", "findings/1/drop", "notes/vendor", "decision"):
        assert other.post(f"{taken}/{act}", {"no_conflict": "1", **approval()}).status_code == 404
    assert one(app, select(Review.state)) == "taken"


def test_the_page_shows_the_whole_submission_within_the_budget(app, validator, taken):
    with counted(app) as sent:
        page = text_of(validator.client.get(taken))
    assert len(sent) <= 12, sent
    for words in (
        "용접 비드를 전수 촬영해",
        "3.1%",
        "0.9%",
        "비드 18,420장",
        "월 148만 원",
        "수요기업 품질팀",
        "2025. 6. 2.",
    ):
        assert words in page
    with counted(app) as sent:
        validator.client.get("/desk")
    assert len(sent) <= 12, sent


def test_a_file_that_changed_after_the_submission_is_marked(app, validator, taken):
    with acting(app) as session:
        session.execute(update(StoredFile).values(sha256="0" * 64))
    assert "접수 뒤 바뀜" in text_of(validator.client.get(taken))


def test_points_are_saved_and_added_up(app, validator, taken):
    answer = validator.post(f"{taken}/points", {**POINTS, "points/documents": ""})
    assert (answer.status_code, answer.location) == (303, f"{taken}#f-points")
    saved = one(app, select(Review.rubric))["points"]
    assert saved == {"method": 4, "sample": 4, "effect": 4, "persistence": 3, "data_security": 4}
    assert re.search(r'<td class="n"><b>69</b></td></tr></tfoot>', text_of(validator.client.get(taken)))


def test_points_set_back_to_none_are_gone_and_those_not_on_the_page_stay(app, validator, taken):
    validator.post(f"{taken}/points", POINTS)
    validator.post(f"{taken}/points", {"points/documents": "", "points/method": "5"})
    saved = one(app, select(Review.rubric))["points"]
    assert saved == {"method": 5, "sample": 4, "effect": 4, "persistence": 3, "data_security": 4}


def test_points_out_of_range_change_nothing(app, validator, taken):
    answer = validator.post(f"{taken}/points", {"points/method": "9", "points/sample": "3"})
    assert answer.status_code == 422
    assert 'id="f-points-method-error"' in text_of(answer)
    assert one(app, select(Review.rubric)) == {}


def test_a_statement_begun_survives_saving_the_points(validator, taken):
    answer = validator.post(f"{taken}/points", {**POINTS, "statement": "반쯤 적은 범위"})
    assert answer.status_code == 200
    assert "반쯤 적은 범위" in text_of(answer)


FINDING = {
    "finding/pointer": "evidence/0/sample",
    "finding/severity": "required",
    "finding/text": "표본을 나눠 적어 주세요.",
}


def test_a_finding_is_added_once_and_can_be_dropped(app, validator, taken):
    word = form_word(validator.client.get(taken))
    for _twice in range(2):
        answer = validator.post(f"{taken}/findings", {**FINDING, "form_id": word})
        assert (answer.status_code, answer.location) == (303, f"{taken}#f-findings")
    assert one(app, select(func.count(ReviewFinding.id))) == 1
    page = text_of(validator.client.get(taken))
    assert "근거 1 › 표본" in page
    assert validator.post(f"{taken}/findings/1/drop").status_code == 303
    assert one(app, select(func.count(ReviewFinding.id))) == 0


def test_a_finding_without_words_is_refused_with_the_rest_kept(app, validator, taken):
    answer = validator.post(f"{taken}/findings", {**FINDING, "finding/text": "", "finding/severity": ""})
    page = text_of(answer)
    assert answer.status_code == 422
    assert 'id="f-finding-text-error"' in page
    assert 'id="f-finding-severity-error"' in page
    assert re.search(r'value="evidence/0/sample" selected', page)
    assert one(app, select(func.count(ReviewFinding.id))) == 0


def test_notes_go_to_one_side_only(app, validator, taken):
    validator.post(f"{taken}/notes/internal", {"internal": "우리끼리 볼 말"})
    validator.post(f"{taken}/notes/vendor", {"vendor": "공급기업이 볼 말"})
    assert sorted(rows(app, select(ReviewNote.audience))) == ["internal", "vendor"]
    page = text_of(validator.client.get(taken))
    inside, outside = page.split('data-side="out"')
    assert "우리끼리 볼 말" in inside
    assert "공급기업이 볼 말" not in inside
    assert "공급기업이 볼 말" in outside
    answer = validator.post(f"{taken}/notes/vendor", {"vendor": " "})
    assert answer.status_code == 422
    assert 'id="f-vendor-error"' in text_of(answer)
    assert validator.post(f"{taken}/notes/public", {"public": "x"}).status_code == 404


def test_an_approval_publishes_and_tells_the_vendor(app, vendor, validator, taken):
    word = form_word(validator.client.get(taken))
    for _twice in range(2):
        answer = validator.post(f"{taken}/decision", {**approval(), "form_id": word})
        assert (answer.status_code, answer.location) == (303, taken)
    certificate = one(app, select(Certificate))
    assert (certificate.score, certificate.scope["statement"]) == (77, "로봇 용접에서 확인했어요.")
    assert rows(app, select(Listing.state)) == ["published"]
    mails = rows(app, select(OutboxMessage.payload).where(OutboxMessage.topic == "mail.send"))
    assert [mail["to"] for mail in mails] == [vendor.email]
    assert "웰드아이 비전" in mails[0]["body"]
    assert f"/listings/{one(app, select(Listing.public_id))}" in mails[0]["body"]
    assert "로봇 용접" not in mails[0]["body"]
    page = text_of(validator.client.get(taken))
    assert f"/certificates/{certificate.number}" in page
    assert "판정 제출" not in page
    assert "점수 저장" not in page
    acts = rows(app, select(AuditEntry.act).where(AuditEntry.object_type == "Review"))
    assert acts == ["review.take", "review.decide"]


def test_obstacles_to_an_approval_stand_at_their_fields_and_nothing_happens(app, validator, taken):
    validator.post(f"{taken}/findings", FINDING)
    answer = validator.post(f"{taken}/decision", {**approval(), "points/method": "2", "points/effect": "1"})
    page = text_of(answer)
    assert answer.status_code == 422
    assert 'id="f-points-method-error"' in page
    assert 'id="f-points-error"' in page
    assert 'id="f-findings-error"' in page
    assert "로봇 용접에서 확인했어요." in page
    assert re.search(r'id="f-points-method"[^>]*>.*?<option value="2" selected>', page)
    assert re.search(r'name="decision" value="approve" checked', page)
    assert one(app, select(Review.state)) == "taken"
    assert one(app, select(Review.rubric)) == {}
    assert one(app, select(func.count(OutboxMessage.id)).where(OutboxMessage.topic == "mail.send")) == 0


def test_everything_that_is_missing_is_said_at_once(validator, taken):
    incomplete = {**approval(), "statement": "", "expires_on": "", "points/method": ""}
    page = text_of(validator.post(f"{taken}/decision", incomplete))
    for field in ("statement", "expires_on", "points-method"):
        assert f'id="f-{field}-error"' in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("statement", ""),
        ("expires_on", ""),
        ("expires_on", "2026-02-30"),
        ("expires_on", "2001-01-01"),
        ("decision", ""),
    ],
)
def test_an_incomplete_decision_is_refused_at_its_field(app, validator, taken, field, value):
    answer = validator.post(f"{taken}/decision", {**approval(), field: value})
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in text_of(answer)
    assert one(app, select(Review.state)) == "taken"


def test_sending_back_needs_a_reason(app, validator, taken):
    answer = validator.post(f"{taken}/decision", {"decision": "send_back"})
    assert answer.status_code == 422
    assert "무엇을 보완해야 하는지" in text_of(answer)
    validator.post(f"{taken}/findings", FINDING)
    assert validator.post(f"{taken}/decision", {"decision": "send_back"}).status_code == 303
    assert rows(app, select(Listing.state)) == ["sent_back"]
    assert "판정한 심사는 고칠 수 없어요" in text_of(validator.client.get(taken))
    assert "보완을 요청했어요" in one(app, select(OutboxMessage.payload))["body"]


def test_deciding_without_the_declaration_is_refused(app, validator, review_id):
    answer = validator.post(f"/desk/{review_id}/decision", approval())
    assert answer.status_code == 422
    assert 'id="f-no_conflict-error"' in text_of(answer)
    assert one(app, select(Review.state)) == "waiting"


def test_an_earlier_round_is_linked(app, vendor, validator, taken, review_id):
    validator.post(f"{taken}/findings", FINDING)
    validator.post(f"{taken}/decision", {"decision": "send_back"})
    with acting(app) as session:
        first = session.scalars(select(Review)).one()
        again = Review(
            number="V-2026-0099",
            listing=first.listing,
            content=first.content,
            content_hash=first.content_hash,
        )
        session.add(again)
        session.flush()
        second = again.public_id
    validator.post(f"/desk/{second}/take", {"no_conflict": "1"})
    assert f'href="/desk/{review_id}"' in text_of(validator.client.get(f"/desk/{second}"))


@pytest.mark.parametrize(
    "query", ["page=abc", "page=-1", "page=0", "page=99999999999999999999999", "colour=red"]
)
def test_a_strange_query_shows_the_first_page_with_a_notice(validator, review_id, query):
    answer = validator.client.get(f"/desk?{query}")
    assert answer.status_code == 200
    assert "웰드아이 비전" in text_of(answer)
    assert 'class="notice"' in text_of(answer)


def test_the_desk_speaks_english(validator, taken):
    validator.client.set_cookie("locale", "en")
    page = text_of(validator.client.get(taken))
    assert '<html lang="en"' in page
    assert "WeldEye Vision" in page
    assert '<p class="desk-text" lang="ko">웰드아이 비전</p>' in page
