"""A bundle on the review desk: of whom and of what it is, before and after the declaration."""

import re
from datetime import timedelta

from sqlalchemy import select

from catalog.models import Bundle, Organization, Review
from marketplace.journeys import decisions
from tests import factories
from tests.marketplace.bundle_pages.test_signing_pages import MAX_STATEMENTS, at, page, send, sign
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, counted, form_word, one, text_of


def handed_in(app, firms):
    """A bundle that all have signed lies on the desk; where its review is."""
    bundle = firms.drafted()
    send(app, firms, bundle)
    for who in (firms.runner, firms.second, firms.third):
        sign(who, bundle)
    assert firms.runner.post(at(bundle, 1, "/publication")).status_code == 303
    return "/desk/" + one(app, select(Review.public_id).where(Review.state == "waiting"))


def taken(app, review):
    """Somebody of a confirmed validator who has taken it."""
    judge = person(app, "validator", name="다른 검증원")
    with acting(app) as session:
        session.get_one(Organization, judge.organization_key).state = "confirmed"
    word = form_word(judge.client.get(review))
    assert judge.post(f"{review}/take", {"no_conflict": "1", "form_id": word}).status_code == 303
    return judge


def decided(app, review, judge, decision):
    """It is approved or sent back."""
    fields = {
        "no_conflict": True,
        "points": factories.FULL_POINTS,
        "findings": [{"pointer": "summary", "severity": "required", "text": "누가 설치하나요?"}],
        "notes": [],
        "decision": decision,
        "statement": "확인했습니다.",
        "expires_on": factories.TODAY + timedelta(365),
    }
    if decision == "approve":
        fields["findings"] = []
    with acting(app) as session:
        row = session.query(Review).filter_by(public_id=review.removeprefix("/desk/")).one()
        validator = session.get_one(Organization, judge.organization_key)
        decisions.decide(session, row, validator, factories.judge(validator), fields, factories.NOW)


def test_a_review_shows_the_version_that_was_judged_in_it_whatever_came_later(app, firms):
    review = handed_in(app, firms)
    judge = taken(app, review)
    decided(app, review, judge, "approve")
    bundle = one(app, select(Bundle.public_id))
    send(app, firms, bundle)
    shown = page(judge, review)
    assert "번들 v1" in shown
    assert "번들 v2" not in shown
    assert "서명함" in shown


def test_of_a_version_that_was_sent_back_the_review_shows_no_other(app, firms):
    review = handed_in(app, firms)
    judge = taken(app, review)
    assert "번들 v1" in page(judge, review)
    decided(app, review, judge, "send_back")
    send(app, firms, one(app, select(Bundle.public_id)))
    assert "모든 공급기업의 서명" not in page(judge, review)


def test_every_vendor_of_a_bundle_is_named_before_a_validator_declares_no_conflict(app, firms):
    review = handed_in(app, firms)
    judge = person(app, "validator", name="다른 검증원")
    with acting(app) as session:
        session.get_one(Organization, judge.organization_key).state = "confirmed"
    asked = page(judge, review)
    for vendor in ("한빛", "코어", "비전"):
        assert vendor in asked
    word = form_word(judge.client.get(review))
    taken = judge.post(f"{review}/take", {"no_conflict": "1", "form_id": word})
    assert taken.status_code == 303
    with counted(app) as statements:
        shown = page(judge, review)
    assert len(statements) <= MAX_STATEMENTS
    for words in ("번들 v1", "모든 공급기업의 서명", "인증서 기한", "서명함"):
        assert words in shown
    rubric = shown.split('class="table rubric"')[1].split("</table>")[0]
    assert re.findall(r'<label class="sr-only" for="[^"]+">(.+?) 점수</label>', rubric) == [
        "솔루션마다의 인증",
        "역량의 빈틈없음",
        "솔루션 사이의 연동",
        "책임과 답하는 시간",
        "자료와 보안",
        "값과 설명",
    ]
    assert "도입 전후" not in rubric
    refused = judge.post(f"{review}/decision", {"decision": "approve", "statement": "봤어요"})
    assert refused.status_code == 422
    assert "솔루션마다의 인증: " in text_of(refused)


def test_everything_that_the_rubric_asks_of_a_bundle_is_shown_once_it_is_taken(app, firms):
    review = handed_in(app, firms)
    bundle = one(app, select(Bundle.public_id))
    judge = taken(app, review)
    assert f'href="{review}/bundle"' in page(judge, review)
    with counted(app) as statements:
        shown = page(judge, f"{review}/bundle")
    assert len(statements) <= MAX_STATEMENTS, "\n".join(statements)
    for words in (
        "누가 무엇을 맡나요",
        "최소 3",
        "설치 1단계",
        "주고받을 데이터",
        "책임: ",
        "48시간 안에 응답",
        "번들 합계",
    ):
        assert words in shown
    assert "공급기업별 몫" not in shown
    for stranger in (firms.runner, firms.outside, firms.maker):
        assert stranger.client.get(f"{review}/bundle").status_code in (403, 404)
    rival = person(app, "validator", name="또 다른 검증원")
    assert rival.client.get(f"{review}/bundle").status_code == 404
    told = judge.api("GET", f"/reviews/{review.removeprefix('/desk/')}/bundle").get_json()
    assert (told["id"], told["number"], told["price_amount"]) == (bundle, 1, 90_000_000)
    assert [each["min_quality"] for each in told["wanted"]] == [3, 3, 3]
    assert {"links", "duties", "items", "exchanges"} <= {*told}
    assert not {"shares", "rules"} & {*told}
    assert [each["state"] for each in told["consents"]] == ["given"] * 3
    assert "signed_by" not in str(told)
    decided(app, review, judge, "send_back")
    assert judge.client.get(f"{review}/bundle").status_code == 404
    assert judge.api("GET", f"/reviews/{review.removeprefix('/desk/')}/bundle").status_code == 404


def test_before_it_is_taken_what_is_in_a_bundle_is_asked_for_in_vain(app, firms):
    review = handed_in(app, firms)
    judge = person(app, "validator", name="다른 검증원")
    with acting(app) as session:
        session.get_one(Organization, judge.organization_key).state = "confirmed"
    asked = judge.client.get(f"{review}/bundle")
    assert (asked.status_code, asked.headers["Location"]) == (302, review)
    assert judge.api("GET", f"/reviews/{review.removeprefix('/desk/')}/bundle").status_code == 409
