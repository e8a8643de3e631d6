"""From the board to the store by forms: sent, read, signed or refused, compared, published, withdrawn."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from catalog.bundles import drafting
from catalog.models import Bundle, BundleConsent, BundleVersion, Organization, Review
from catalog.validation import desk
from marketplace import extensions, formats
from marketplace.accounts.models import Membership
from marketplace.audit import AuditEntry
from tests import factories, shelves
from tests.marketplace.web.looking import acting, counted, one, rows, text_of

MAX_STATEMENTS = 12


def page(who, path, status=200):
    answer = who.client.get(path)
    assert answer.status_code == status, text_of(answer)[:600]
    return text_of(answer)


def at(bundle, number=None, tail=""):
    return f"/bundles/{bundle}/versions" + (f"/{number}" if number else "") + tail


def hashes(text):
    return {
        name: re.search(rf'name="{name}" value="(\w{{64}})"', text).group(1)
        for name in ("sha256", "part_sha256")
    }


def state(app, bundle, number=1):
    wanted = select(BundleVersion.state).join(Bundle).where(Bundle.public_id == bundle)
    return one(app, wanted.where(BundleVersion.number == number))


def draft_number(app, bundle):
    return str(one(app, select(Bundle.draft_number).where(Bundle.public_id == bundle)))


def send(app, firms, bundle, days="14"):
    sent = {"days": days, "draft_number": draft_number(app, bundle)}
    return firms.runner.post(f"/bundles/{bundle}/sending", sent)


def sign(who, bundle, number=1, **changes):
    path = at(bundle, number, "/consent")
    shown = hashes(page(who, path))
    return who.post(at(bundle, number, "/signature"), {**shown, "read": "1", **changes})


def amend(app, firms, bundle, **changes):
    """Change the working copy."""
    with acting(app) as session:
        row = firms.row(session, bundle)
        drafting.change(session, row, changes, row.draft_number, factories.TODAY)


def test_three_vendors_read_and_sign_what_was_sent(app, firms):
    bundle = firms.drafted()
    assert send(app, firms, bundle).status_code == 303
    waiting = page(firms.second, "/bundles/consents")
    assert "읽고 서명하기" in waiting
    text = page(firms.second, at(bundle, 1, "/consent"))
    for words in (
        "처음 서명하는 번들이에요",
        "코어 plm",
        "동의서",
        "당사는 공장 한 곳마다",
        "효력을 잃습니다",
    ):
        assert words in text
    for place, who in enumerate((firms.second, firms.third, firms.runner)):
        assert state(app, bundle) == "signing", place
        assert sign(who, bundle).status_code == 303
    assert state(app, bundle) == "signed"
    assert rows(app, select(AuditEntry.act)).count("bundle.sign") == 3
    assert "게시하기" in page(firms.runner, at(bundle, 1))
    assert "서명함" in page(firms.second, "/bundles/consents")


def test_a_signature_is_of_exactly_what_was_shown_and_read(app, firms):
    bundle = firms.drafted()
    send(app, firms, bundle)
    for changes in ({"sha256": "0" * 64}, {"part_sha256": "0" * 64}, {"read": ""}, {"sha256": "short"}):
        refused = sign(firms.second, bundle, **changes)
        assert refused.status_code == 422
        assert "고칠 곳이 1곳 있어요" in text_of(refused)
    assert "bundle.sign" not in rows(app, select(AuditEntry.act))


def test_without_the_right_to_sign_the_page_says_who_can(app, firms):
    bundle = firms.drafted()
    send(app, firms, bundle)
    shown = hashes(page(firms.second, at(bundle, 1, "/consent")))
    with acting(app) as session:
        wanted = select(Membership).where(Membership.organization_id == firms.second.organization_key)
        session.scalars(wanted).one().is_signer = False
    text = page(firms.second, at(bundle, 1, "/consent"))
    assert "서명 담당이 서명할 수 있어요" in text
    assert 'name="sha256"' not in text
    refused = firms.second.post(at(bundle, 1, "/signature"), {**shown, "read": "1"})
    assert refused.status_code == 403
    assert state(app, bundle) == "signing"


def test_the_coordinator_sees_who_opened_it_and_has_not_answered(app, firms):
    bundle = firms.drafted()
    send(app, firms, bundle)
    assert "열어 봤어요" not in page(firms.runner, at(bundle, 1))
    page(firms.second, at(bundle, 1, "/consent"))
    opened = select(BundleConsent.opened_at).where(BundleConsent.opened_at.is_not(None))
    [first] = rows(app, opened)
    assert page(firms.runner, at(bundle, 1)).count("열어 봤어요") == 1
    page(firms.second, at(bundle, 1, "/consent"))
    assert rows(app, opened) == [first]  # the first time counts
    sign(firms.second, bundle)
    assert "열어 봤어요" not in page(firms.runner, at(bundle, 1))


def test_a_refusal_needs_its_reason_and_ends_the_version(app, firms):
    bundle = firms.drafted()
    send(app, firms, bundle)
    empty = firms.second.post(at(bundle, 1, "/denial"), {"reason": " "})
    assert empty.status_code == 422
    assert "<details" in text_of(empty)
    assert firms.second.post(at(bundle, 1, "/denial"), {"reason": "몫이 적어요"}).status_code == 303
    assert state(app, bundle) == "refused"
    assert "몫이 적어요" in page(firms.runner, at(bundle, 1))
    late = firms.third.post(
        at(bundle, 1, "/signature"), {"sha256": "0" * 64, "part_sha256": "0" * 64, "read": "1"}
    )
    assert late.status_code == 409
    board = page(firms.runner, f"/bundles/{bundle}/board")
    assert "v1에 서명하지 않은 기업이 있어요" in board
    assert "몫이 적어요" in board


def test_the_board_says_that_it_is_ahead_of_what_is_signed_and_what_has_to_be_written(app, firms):
    bundle = firms.drafted()
    send(app, firms, bundle)
    assert "저장한 내용이 서명 받는 판과 달라요" not in page(firms.runner, f"/bundles/{bundle}/board")
    with acting(app) as session:
        texts = dict(firms.row(session, bundle).draft["texts"])
    amend(app, firms, bundle, texts={**texts, "description": "짧아요"})
    board = page(firms.runner, f"/bundles/{bundle}/board")
    assert "저장한 내용이 서명 받는 판과 달라요" in board
    assert "보내기 전에 적을 것이 있어요" in board
    assert "이대로 서명을 요청할 수 있어요" not in board
    assert send(app, firms, bundle).status_code == 422


def test_conflicts_and_bad_days_stand_in_the_way_of_sending(app, firms):
    bundle = firms.drafted(items=[])
    text = page(firms.runner, f"/bundles/{bundle}/sending")
    assert "충돌 3건이 남아 있어요" in text
    assert send(app, firms, bundle).status_code in (409, 422)
    whole = firms.drafted()
    for days in ("0", "61", "열흘", ""):
        assert send(app, firms, whole, days).status_code == 422
    stale = firms.runner.post(f"/bundles/{whole}/sending", {"days": "14", "draft_number": "1"})
    assert stale.status_code == 409
    assert rows(app, select(BundleVersion.id)) == []


def test_an_amendment_shows_what_changes_and_carries_over_the_others(app, firms):
    bundle = firms.sold()
    with acting(app) as session:
        made = shelves.form_of(firms.row(session, bundle))
        vendor = firms.second.organization_id
        duties = [
            {"vendor": each.vendor, "hours": 4 if each.vendor == vendor else each.hours}
            | {"escalates_to": each.escalates_to}
            for each in made.duties
        ]
    amend(app, firms, bundle, duties=duties)
    sending = page(firms.runner, f"/bundles/{bundle}/sending")
    # The lead's part names whose next to ask it is, so it is asked, too.
    assert (sending.count("서명을 요청해요"), sending.count("서명을 이어 써요")) == (2, 1)
    assert send(app, firms, bundle).status_code == 303
    text = page(firms.second, at(bundle, 2, "/consent"))
    assert "앞 판(v1)과 달라진 것" in text
    assert re.search(r"48시간 안에 응답.*?4시간 안에 응답", text, re.DOTALL)
    assert "v1 서명을 이어 씀" in text
    other = page(firms.runner, at(bundle, 2))
    assert "코어의 약속" in other
    sign(firms.second, bundle, 2)
    assert state(app, bundle, 2) == "signing"
    sign(firms.runner, bundle, 2)
    assert state(app, bundle, 2) == "signed"
    assert "v1" in page(firms.maker, f"/bundles/{bundle}")


def test_published_withdrawn_and_taken_back_after_a_question(app, firms):
    bundle = firms.drafted()
    send(app, firms, bundle)
    too_early = firms.runner.client.get(at(bundle, 1, "/publication"))
    assert too_early.status_code == 200
    assert "아직 서명을 받는 중인 판이에요." in too_early.text
    assert "/publication" not in too_early.text.split("<main", 1)[1]
    for who in (firms.second, firms.third, firms.runner):
        sign(who, bundle)
    assert "게시할까요?" in page(firms.runner, at(bundle, 1, "/publication"))
    assert firms.second.client.get(at(bundle, 1, "/publication")).status_code == 404
    assert firms.runner.post(at(bundle, 1, "/publication")).status_code == 303
    assert "검증 중이에요" in page(firms.runner, at(bundle, 1))
    again = firms.runner.post(at(bundle, 1, "/publication"))
    assert again.status_code == 409
    assert app.test_client().get(f"/bundles/{bundle}").status_code == 404
    with acting(app) as session:
        shelves.approve(firms.shelf(session), firms.row(session, bundle).listing)
    assert state(app, bundle) == "in_force"
    assert app.test_client().get(f"/bundles/{bundle}").status_code == 200
    assert "판매를 끝낼까요?" in page(firms.runner, at(bundle, 1, "/withdrawal"))
    assert firms.runner.post(at(bundle, 1, "/withdrawal")).status_code == 303
    assert state(app, bundle) == "withdrawn"
    assert app.test_client().get(f"/bundles/{bundle}").status_code == 404


def test_taking_back_and_reminding(app, firms):
    bundle = firms.drafted()
    send(app, firms, bundle)
    assert firms.runner.post(at(bundle, 1, "/reminders")).status_code == 303
    assert "오늘 다시 알렸어요" in page(firms.runner, at(bundle, 1))
    assert firms.runner.post(at(bundle, 1, "/reminders")).status_code == 409
    with acting(app) as session:
        until = formats.date_text(firms.row(session, bundle).versions[0].until, "ko")
    assert until in page(firms.second, at(bundle, 1, "/consent"))
    assert "거둘까요?" in page(firms.runner, at(bundle, 1, "/recall"))
    assert firms.runner.post(at(bundle, 1, "/recall")).status_code == 303
    assert state(app, bundle) == "taken_back"
    ended = page(firms.second, at(bundle, 1, "/consent"))
    assert [words for words in ("서명할 수 있어요", until) if words in ended] == []


def judged(app, firms):
    """A bundle whose first version lies before a validator that has begun."""
    bundle = firms.drafted()
    firms.sent(bundle, firms.runner, firms.second, firms.third)
    assert firms.runner.post(at(bundle, 1, "/publication")).status_code == 303
    assert "판 거두기" in page(firms.runner, at(bundle, 1))
    begin_to_judge(app, firms)
    return bundle


def begin_to_judge(app, firms):
    """A validator takes what waits."""
    with acting(app) as session:
        review = session.scalars(select(Review).where(Review.state == "waiting")).one()
        house = session.get_one(Organization, firms.validator)
        desk.take(session, review, house, factories.judge(house), factories.NOW)


def test_what_a_validator_judges_is_not_offered_to_be_replaced_or_taken_back(app, firms):
    bundle = judged(app, firms)
    text = page(firms.runner, f"/bundles/{bundle}/sending")
    assert "검증기관이 v1 심사를 시작했어요" in text
    assert f'action="/bundles/{bundle}/sending"' not in text
    assert send(app, firms, bundle).status_code == 409
    for shown in (page(firms.runner, at(bundle, 1)), page(firms.runner, at(bundle, 1, "/recall"))):
        assert "결정이 날 때까지 판을 거두거나" in shown
        assert "/recall" not in shown.split("<main")[1]
    assert "이미 심사를 시작했어요" in page(firms.runner, at(bundle, 1, "/recall"))
    assert firms.runner.post(at(bundle, 1, "/recall")).status_code == 409
    assert state(app, bundle) == "signed"


def test_strangers_and_later_vendors_see_nothing(firms):
    bundle = firms.drafted()
    firms.sent(bundle)
    for who in (firms.outside,):
        for path in (at(bundle), at(bundle, 1), at(bundle, 1, "/consent")):
            assert who.client.get(path).status_code == 404
    assert "서명할 번들이 없어요" in page(firms.outside, "/bundles/consents")
    assert firms.second.client.get(at(bundle, 2)).status_code == 404
    assert firms.second.client.get(f"/bundles/{bundle}/sending").status_code == 404


@pytest.mark.parametrize("tail", ["/versions", "/versions/1", "/versions/1/consent", "/versions/1/recall"])
def test_pages_of_versions_cost_few_statements(app, firms, tail):
    bundle = firms.drafted()
    firms.sent(bundle)
    page(firms.runner, f"/bundles/{bundle}{tail}")
    with counted(app) as sent:
        page(firms.runner, f"/bundles/{bundle}{tail}")
    assert len(sent) <= MAX_STATEMENTS, "\n".join(sent)
    with counted(app) as sent:
        page(firms.second, "/bundles/consents")
        page(firms.runner, firms.list_path)
    assert len(sent) <= 2 * MAX_STATEMENTS


def test_a_sale_does_not_end_while_a_next_version_is_judged_nor_by_a_page_of_the_one_before(app, firms):
    bundle = firms.sold()
    amend(app, firms, bundle, price_amount=88_000_000)
    number = firms.sent(bundle, firms.runner, firms.second, firms.third)
    assert firms.runner.post(at(bundle, number, "/publication")).status_code == 303
    begin_to_judge(app, firms)
    asked = page(firms.runner, at(bundle, 1, "/withdrawal"))
    assert "검증기관이 이미 심사를 시작했어요." in asked
    assert "/withdrawal" not in asked.split("<main")[1]
    refused = firms.runner.post(at(bundle, 1, "/withdrawal"))
    assert (refused.status_code, "심사를 시작했어요" in refused.text) == (409, True)
    assert [state(app, bundle, each) for each in (1, number)] == ["in_force", "signed"]
    assert firms.runner.api("POST", f"/bundles/{bundle}/withdrawal").status_code == 409
    with acting(app) as session:
        review = session.scalars(select(Review).where(Review.state == "taken")).one()
        person = factories.judge(session.get_one(Organization, firms.validator))
        desk.score(session, review, factories.FULL_POINTS)
        desk.approve(
            session,
            review,
            person,
            statement="확인했습니다.",
            expires_on=date(2027, 11, 20),
            now=factories.NOW,
        )
    late = firms.runner.post(at(bundle, 1, "/withdrawal"))
    assert (late.status_code, "지난 판이에요" in late.text) == (409, True)
    assert [state(app, bundle, each) for each in (1, number)] == ["superseded", "in_force"]
    assert firms.runner.post(at(bundle, number, "/withdrawal")).status_code == 303
    assert app.test_client().get(f"/bundles/{bundle}").status_code == 404


def test_what_waits_already_is_not_sent_again_and_keeps_its_signatures(app, firms, monkeypatch):
    bundle = firms.drafted()
    firms.sent(bundle, firms.second)
    board = page(firms.runner, f"/bundles/{bundle}/board")
    assert "v1에 이 내용 그대로 담겨 있어요." in board
    assert "다음: 서명 요청" not in board
    asked = page(firms.runner, f"/bundles/{bundle}/sending")
    assert "보낸 판과 바뀐 것이 없어요" in asked
    assert f'action="/bundles/{bundle}/sending"' not in asked
    refused = send(app, firms, bundle)
    assert (refused.status_code, "바뀐 것이 없어요. 같은 내용의 판(v1)이" in refused.text) == (409, True)
    assert state(app, bundle) == "signing"
    assert rows(app, select(BundleConsent.state).order_by(BundleConsent.id)).count("given") == 1
    amend(app, firms, bundle, discount_amount=1_000_000)
    assert "다음: 서명 요청" in page(firms.runner, f"/bundles/{bundle}/board")
    assert send(app, firms, bundle).status_code == 303
    assert [state(app, bundle, each) for each in (1, 2)] == ["taken_back", "signing"]
    late = extensions.now() + timedelta(days=15)
    monkeypatch.setattr(extensions, "now", lambda: late)
    assert send(app, firms, bundle).status_code == 303, "its last day has passed"
