"""The operator's pages of programme rules: find, write, publish, end."""

import pytest
from sqlalchemy import func, select

from catalog.models import ProgrammeRule
from marketplace.accounts.models import Membership
from marketplace.audit import AuditEntry
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, counted, form_word, one, rows, text_of
from tests.marketplace.web.steps import surely

LIST = "/console/programmes"
FORM = {
    "name": "경남 스마트공장 지방비",
    "body": "경상남도",
    "region": "gyeongnam",
    "level": "",
    "cap_amount": "30,000,000",
    "cap_unit": "company",
    "rate_bp": "10",
    "months": "",
    "note": "",
    "source": "경상남도 공고 2027-1",
    "source_url": "https://www.gyeongnam.example/notice/1",
    "valid_from": "2027-01-01",
    "valid_to": "2027-12-31",
}


@pytest.fixture
def operator(app):
    return person(app, "operator", name="이음 운영팀")


@pytest.fixture
def draft(operator):
    """The path of a draft."""
    answer = operator.post(f"{LIST}/new", FORM)
    assert answer.status_code == 303
    return answer.location


def states(app):
    return rows(app, select(ProgrammeRule.state).order_by(ProgrammeRule.id))


def test_an_empty_list_says_so(operator):
    assert "규칙이 없어요" in text_of(operator.client.get(LIST))


def test_past_rules_are_loaded_once_and_say_that_they_are_past(app, operator):
    for added in ("40건을 더했어요", "0건을 더했어요"):
        assert surely(operator, f"{LIST}/past").location == LIST
        page = text_of(operator.client.get(LIST))
        assert added in page
    assert one(app, select(func.count(ProgrammeRule.id))) == 40
    assert "지난 규칙" in page
    assert "지금 유효" not in page
    rule = one(app, select(ProgrammeRule.public_id))
    shown = text_of(operator.client.get(f"{LIST}/{rule}"))
    assert "오늘의 지원 약속이 아니에요" in shown
    assert "초안 저장" not in shown


def test_filters_by_year_province_and_state(app, operator, draft):
    surely(operator, f"{LIST}/past")
    assert "경남 스마트공장 지방비" in text_of(operator.client.get(f"{LIST}?region=gyeongnam"))
    assert "경남 스마트공장 지방비" not in text_of(operator.client.get(f"{LIST}?region=nationwide"))
    assert "정부일반형" in text_of(operator.client.get(f"{LIST}?year=2023"))
    assert "정부일반형" not in text_of(operator.client.get(f"{LIST}?year=2021"))
    assert "경남 스마트공장 지방비" in text_of(operator.client.get(f"{LIST}?state=draft"))
    for strange in ("year=10000000000000000000000", "year=abc", "region=atlantis", "page=-1"):
        assert "정부일반형" in text_of(operator.client.get(f"{LIST}?{strange}&year=2023")), strange
    lines = operator.client.get(f"{LIST}?year=2023&csv=1").get_data(as_text=True).splitlines()
    assert len(lines) > 5
    assert all("2023" in line for line in lines[1:])


def test_a_form_sent_twice_makes_one_rule(app, operator):
    word = form_word(operator.client.get(f"{LIST}/new"))
    first, second = (operator.post(f"{LIST}/new", {**FORM, "form_id": word}).location for _ in range(2))
    assert first == second
    assert states(app) == ["draft"]
    (rule,) = rows(app, select(ProgrammeRule))
    assert (rule.cap_amount, rule.rate_bp, rule.region, rule.level) == (30_000_000, 1000, "gyeongnam", None)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"source": ""}, "꼭 적어 주세요"),
        ({"valid_from": "언제"}, "날짜를 2026-11-21처럼"),
        ({"valid_to": "2026-01-01"}, "기간의 앞뒤가"),
        ({"cap_amount": "많이"}, "정수로 적어 주세요"),
        ({"rate_bp": "100.01"}, "0에서 100 사이의 퍼센트로"),
        ({"rate_bp": "절반"}, "0에서 100 사이의 퍼센트로"),
        ({"rate_bp": "33.333"}, "소수점 아래 2자리까지"),
        ({"region": "atlantis"}, "목록에 없는 값"),
        ({"source_url": "javascript:alert(1)"}, "https://로 시작하는"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(app, operator, changes, words):
    answer = operator.post(f"{LIST}/new", {**FORM, **changes})
    assert answer.status_code == 422
    page = text_of(answer)
    assert words in page
    assert 'value="경남 스마트공장 지방비"' in page
    assert states(app) == []


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("50", 5000, "50"),
        ("33.3", 3330, "33.3"),
        (" 0.05 % ", 5, "0.05"),
        ("100", 10_000, "100"),
        ("", None, ""),
    ],
)
def test_the_share_is_typed_and_shown_in_percent(app, operator, typed, kept, shown):
    where = operator.post(f"{LIST}/new", {**FORM, "rate_bp": typed}).location
    assert rows(app, select(ProgrammeRule.rate_bp)) == [kept]
    page = operator.client.get(where).get_data(as_text=True)
    assert f'name="rate_bp" type="text" value="{shown}"' in page


def test_the_life_of_a_rule(app, operator, draft):
    assert operator.post(draft, {**FORM, "cap_amount": "20000000"}).status_code == 303
    assert surely(operator, f"{draft}/publish").location == draft
    assert "예정" in text_of(operator.client.get(draft))
    assert operator.post(draft, FORM).status_code == 409
    assert surely(operator, f"{draft}/discard").status_code == 409
    wrong = surely(operator, f"{draft}/end", {"ended_on": "2029-01-01", "end_reason": "예산이 다 쓰였어요."})
    assert wrong.status_code == 422
    assert "2027-01-01~2027-12-31" in text_of(wrong)
    ended = {"ended_on": "2027-06-30", "end_reason": "예산이 다 쓰였어요."}
    assert surely(operator, f"{draft}/end", ended).status_code == 303
    assert "예산이 다 쓰였어요." in text_of(operator.client.get(draft))
    (rule,) = rows(app, select(ProgrammeRule))
    assert (rule.state, rule.cap_amount, rule.ended_on.isoformat()) == ("ended", 20_000_000, "2027-06-30")
    acts = rows(
        app, select(AuditEntry.act).where(AuditEntry.act.like("programme.%")).order_by(AuditEntry.number)
    )
    assert acts == ["programme.draft", "programme.draft", "programme.publish", "programme.end"]


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("publish", "규칙을 공개할까요?"),
        ("discard", "초안을 버릴까요?"),
        ("../past", "지난 규칙을 불러올까요?"),
    ],
)
def test_one_click_changes_no_rule(app, operator, draft, act, words):
    path = f"{LIST}/past" if act == "../past" else f"{draft}/{act}"
    assert words in text_of(operator.post(path))
    assert states(app) == ["draft"]
    assert rows(app, select(AuditEntry.act).where(AuditEntry.act.like("programme.%"))) == ["programme.draft"]


def test_a_rule_without_an_amount_is_not_published(app, operator):
    draft = operator.post(f"{LIST}/new", {**FORM, "cap_amount": "", "rate_bp": ""}).location
    answer = surely(operator, f"{draft}/publish")
    assert answer.status_code == 422
    assert "하나는 적어야" in text_of(answer)
    assert states(app) == ["draft"]


def test_a_draft_can_be_thrown_away(app, operator, draft):
    assert surely(operator, f"{draft}/discard").location == LIST
    assert states(app) == []
    assert operator.client.get(draft).status_code == 404


def test_publishing_is_for_admins(app, operator, draft):
    with acting(app) as session:
        member = session.scalars(select(Membership).where(Membership.user_id == operator.user_key)).one()
        member.is_admin = False
    for path in (f"{draft}/publish", f"{draft}/end", f"{LIST}/past"):
        assert operator.post(path).status_code == 403
    assert states(app) == ["draft"]


def test_the_pages_ask_the_database_little(app, operator, draft):
    surely(operator, f"{LIST}/past")
    for path in (LIST, draft):
        with counted(app) as sent:
            assert operator.client.get(path).status_code == 200
        assert len(sent) <= 12, sent


def test_the_public_reads_what_is_published_and_nothing_else(app, operator, draft):
    surely(operator, f"{LIST}/past")
    page = text_of(app.test_client().get("/docs/programmes"))
    assert "정부일반형" in page
    assert "지난 규칙" in page
    assert "공고를 꼭 확인" in page
    assert "경남 스마트공장 지방비" not in page
    surely(operator, f"{draft}/publish")
    assert "경남 스마트공장 지방비" in text_of(app.test_client().get("/docs/programmes"))
