"""The operator's people: find, suspend, lift, end sign-ins, revoke tokens."""

import threading

import pytest
from sqlalchemy import select

from catalog.errors import Conflict
from catalog.models import Organization
from catalog.outbox import OutboxMessage
from marketplace.accounts import suspension
from marketplace.accounts.models import Membership, User, UserSession
from marketplace.audit import AuditEntry
from marketplace.extensions import now
from tests.marketplace.people import PASSWORD, csrf, person
from tests.marketplace.web.looking import acting, counted, one, rows, text_of
from tests.marketplace.web.steps import surely

REASON = {"reason": "남의 이름으로 가입했어요"}


@pytest.fixture
def operator(app):
    return person(app, "operator", name="이음 운영팀")


def path_of(app, who, act=""):
    public_id = one(app, select(User.public_id).where(User.id == who.user_key))
    return f"/console/users/{public_id}{act}"


def is_suspended(app, who):
    return one(app, select(User.suspended_at).where(User.id == who.user_key)) is not None


def test_the_list_is_filtered_and_asks_little(app, operator):
    maker, seller = person(app, "manufacturer", name="만드는 회사"), person(app, "vendor", name="파는 회사")
    operator.post(path_of(app, seller, "/suspend"), REASON)
    with counted(app) as sent:
        everybody = text_of(operator.client.get("/console/users"))
    assert len(sent) <= 12, sent
    assert maker.email in everybody
    assert seller.email in everybody
    for query, found in (
        ("state=suspended", {seller.email}),
        ("role=manufacturer", {maker.email}),
        ("q=만드는", {maker.email}),
        (f"q={seller.email}", {seller.email}),
    ):
        page = text_of(operator.client.get(f"/console/users?{query}"))
        main = page[page.index("<main") :]
        assert {email for email in (maker.email, seller.email) if f">{email}<" in main} == found
    assert seller.email in operator.client.get("/console/users?csv=1").get_data(as_text=True)


def test_a_suspended_person_gets_in_by_no_door(app, operator):
    member = person(app, "vendor")
    page = operator.client.get(path_of(app, member))
    assert page.status_code == 200
    assert member.client.get("/listings").status_code == 200
    assert operator.post(path_of(app, member, "/suspend"), REASON).status_code == 303
    assert member.client.get("/listings").status_code == 303
    assert member.api("GET", "/organization").status_code == 401
    again = {"email": member.email, "password": PASSWORD, "csrf_token": csrf(member.client)}
    assert member.client.post("/sign-in", data=again).status_code == 422
    assert rows(app, select(UserSession.id).where(UserSession.user_id == member.user_key)) == []
    told = [
        m["to"] for m in rows(app, select(OutboxMessage.payload).where(OutboxMessage.topic == "mail.send"))
    ]
    assert told == [member.email]
    surely(operator, path_of(app, member, "/lift"))
    assert member.api("GET", "/organization").status_code == 200
    again["csrf_token"] = csrf(member.client)
    assert member.client.post("/sign-in", data=again).status_code == 303
    entry = one(app, select(AuditEntry.detail).where(AuditEntry.act == "user.suspend"))
    assert entry == REASON


def test_a_suspension_needs_a_reason(app, operator):
    member = person(app, "vendor")
    answer = operator.post(path_of(app, member, "/suspend"), {"reason": ""})
    assert answer.status_code == 422
    assert not is_suspended(app, member)


def test_nobody_suspends_themselves(app, operator):
    person(app, "operator")
    assert operator.post(path_of(app, operator, "/suspend"), REASON).status_code == 403
    assert 'id="suspend"' not in text_of(operator.client.get(path_of(app, operator)))
    assert 'id="suspend"' in text_of(operator.client.get(path_of(app, person(app, "vendor"))))
    assert not is_suspended(app, operator)


def test_the_last_admin_of_the_operator_stays(app, operator):
    """A colleague without the right is no admin, a suspended one neither."""
    other = person(app, "operator")
    with acting(app) as session:
        session.query(Membership).filter_by(user_id=operator.user_key).one().grant([])
    answer = operator.post(path_of(app, other, "/suspend"), REASON)
    assert answer.status_code == 403  # no admin any more
    with acting(app) as session:
        user = session.get_one(User, other.user_key)
        with pytest.raises(Conflict):
            suspension.suspend(session, user, by=operator.user_key, now=now())
    assert not is_suspended(app, other)


def test_two_operators_who_suspend_each_other_at_once_leave_one(app, operator):
    other = person(app, "operator")
    outcomes, ready = [], threading.Barrier(2)

    def suspend(whom, by):
        with app.app_context(), app.extensions["database"].session() as session:
            ready.wait(10)
            try:
                user = session.get_one(User, whom.user_key)
                suspension.suspend(session, user, by=by.user_key, now=now())
                session.commit()
                outcomes.append("done")
            except Conflict:
                session.rollback()
                outcomes.append("refused")

    pair = [
        threading.Thread(target=suspend, args=(operator, other)),
        threading.Thread(target=suspend, args=(other, operator)),
    ]
    for thread in pair:
        thread.start()
    for thread in pair:
        thread.join(30)
    assert sorted(outcomes) == ["done", "refused"]


def test_sessions_and_tokens_are_ended(app, operator):
    member = person(app, "vendor")
    assert surely(operator, path_of(app, member, "/end-sessions")).status_code == 303
    assert member.client.get("/listings").status_code == 303
    assert member.api("GET", "/organization").status_code == 200
    for _twice in range(2):
        assert surely(operator, path_of(app, member, "/revoke-tokens")).status_code == 303
    assert member.api("GET", "/organization").status_code == 401


def test_one_click_ends_nothing(app, operator):
    member = person(app, "vendor")
    for act, words in (
        ("/end-sessions", "로그인을 모두 끝낼까요"),
        ("/revoke-tokens", "토큰을 모두 폐기할까요"),
    ):
        assert words in text_of(operator.post(path_of(app, member, act)))
    assert member.client.get("/listings").status_code == 200
    assert member.api("GET", "/organization").status_code == 200
    operator.post(path_of(app, member, "/suspend"), REASON)
    assert "계정 정지를 풀까요" in text_of(operator.post(path_of(app, member, "/lift")))
    assert member.api("GET", "/organization").status_code == 401


def test_a_member_of_the_operator_who_is_no_admin_only_looks(app, operator):
    member = person(app, "vendor")
    with acting(app) as session:
        session.query(Membership).filter_by(user_id=operator.user_key).one().grant([])
    page = text_of(operator.client.get(path_of(app, member)))
    assert 'id="suspend"' not in page
    for act in ("/suspend", "/lift", "/end-sessions", "/revoke-tokens"):
        assert operator.post(path_of(app, member, act), REASON).status_code == 403


def test_a_missing_right_is_told_with_who_grants_it_and_a_missing_role_as_a_role(app, operator):
    member, name = person(app, "vendor"), one(app, select(User.name).where(User.id == operator.user_key))
    with acting(app) as session:
        plain = User(email="plain@example.com", name="권한 없는 사람", password_hash="")
        session.add(plain)
        session.flush()
        seat = session.query(Membership).filter_by(user_id=operator.user_key).one()
        seat.user_id, first = plain.id, seat.organization_id
        session.flush()
        session.add(Membership(user_id=operator.user_key, organization_id=first))
    refused = operator.post(path_of(app, member, "/suspend"), REASON)
    page = text_of(refused)
    assert refused.status_code == 403
    assert "‘관리자’ 권한이 있어야 해요. 권한을 줄 수 있는 사람: 권한 없는 사람" in page
    assert name not in page.split("권한을 줄 수 있는 사람:")[1].split("</p>")[0]
    assert "구성원 화면에서 권한을 줄 수 있어요" in page
    strange = member.client.get("/console")
    assert strange.status_code == 403
    assert "이 역할로는 할 수 없는 일이에요" in text_of(strange)
    assert "관리자가 구성원" not in text_of(strange)


def test_the_console_is_the_operators(app):
    member = person(app, "vendor", "manufacturer", "validator")
    assert one(app, select(Organization.id)) is not None
    for page in ("", "/organizations", "/users", "/listings", "/reports", "/audit", "/support"):
        assert member.client.get(f"/console{page}").status_code == 403
