"""The organization's people: rights, invitations, requests to join, further roles, its own facts."""

import re

import pytest
from sqlalchemy import func, select

from catalog import regno
from catalog.models import Organization
from marketplace.accounts import links
from marketplace.accounts.models import ApiToken, Invitation, JoinRequest, Membership, User, UserSession
from marketplace.audit import AuditEntry
from tests.marketplace.letters import link_in, sent_to
from tests.marketplace.people import csrf, person
from tests.marketplace.web.looking import acting, counted, form_word, one, rows, text_of

PAGE = "/organization/people"


@pytest.fixture
def admin(app):
    return person(app, "vendor", name="가람정밀")


def join(app, admin, *, rights=(), proved=True):
    """A further member of the admin's organization, signed in and acting for it."""
    other = person(app, "manufacturer", proved=proved)
    with acting(app) as session:
        seat = Membership(user_id=other.user_key, organization_id=admin.organization_key)
        seat.grant(rights)
        session.add(seat)
    other.own_organization_id, other.organization_id = other.organization_id, admin.organization_id
    assert other.post("/account/act-for", {"organization_id": admin.organization_id}).status_code == 303
    return other


def user_id(app, who):
    return one(app, select(User.public_id).where(User.id == who.user_key))


def members(app, admin):
    """Who belongs to the admin's organization: user key → rights besides member."""
    seats = rows(app, select(Membership).where(Membership.organization_id == admin.organization_key))
    return {seat.user_id: sorted(seat.rights - {"member"}) for seat in seats}


def post(client, path, data=None):
    return client.post(path, data={**(data or {}), "csrf_token": csrf(client)})


ALL = ["admin", "finance", "signer"]


# --- rights -------------------------------------------------------------------------------------------------------


def test_members_see_each_other_and_admins_act(app, admin):
    member = join(app, admin, rights=["finance"])
    page = text_of(member.client.get(PAGE))
    assert admin.email in page
    assert "정산 담당" in page
    assert "동료 초대" not in page
    assert "동료 초대" in text_of(admin.client.get(PAGE))
    for path in (
        f"{PAGE}/invite",
        f"{PAGE}/{user_id(app, admin)}/rights",
        f"{PAGE}/{user_id(app, admin)}/remove",
    ):
        assert member.post(path, {"email": "x@example.com"}).status_code == 403, path
    assert members(app, admin) == {admin.user_key: ALL, member.user_key: ["finance"]}


def test_rights_are_given_and_taken(app, admin):
    member = join(app, admin)
    path = f"{PAGE}/{user_id(app, member)}/rights"
    assert admin.post(path, {"rights": ["admin", "signer"]}).status_code == 303
    assert members(app, admin)[member.user_key] == ["admin", "signer"]
    assert member.client.get(PAGE).status_code == 200
    assert "권한이 바뀌었습니다" in sent_to(app, member.email)[-1]["subject"]
    told = len(sent_to(app, member.email))
    admin.post(path, {"rights": ["signer", "admin"]})
    assert len(sent_to(app, member.email)) == told  # nothing changed
    assert admin.post(path, {"rights": ["owner"]}).status_code == 422
    admin.post(path)
    assert members(app, admin)[member.user_key] == []
    act = select(AuditEntry.act).where(AuditEntry.act == "people.change_rights")
    assert len(rows(app, act)) == 3


def test_the_last_admin_stays_one(app, admin):
    member = join(app, admin)
    own = user_id(app, admin)
    refused = [
        admin.post(f"{PAGE}/{own}/rights", {"rights": ["finance"]}),
        admin.post(f"{PAGE}/{own}/remove"),
        admin.post("/organization/leave"),
    ]
    assert [answer.status_code for answer in refused] == [409, 409, 409]
    assert all("마지막 관리자예요" in text_of(answer) for answer in refused)
    assert members(app, admin) == {admin.user_key: ALL, member.user_key: []}
    admin.post(f"{PAGE}/{user_id(app, member)}/rights", {"rights": ["admin"]})
    assert admin.post("/organization/leave").status_code == 303
    assert members(app, admin) == {member.user_key: ["admin"]}


def test_who_is_removed_is_out_at_once_and_so_are_their_tokens(app, admin):
    member = join(app, admin)
    word = form_word(member.client.get("/account/tokens"))
    made = member.post("/account/tokens", {"name": "밤 작업", "everything": "1", "form_id": word})
    token = re.search(r"<code>(ieum_[^<]+)</code>", text_of(made)).group(1)
    bearer = {"Authorization": f"Bearer {token}"}
    assert app.test_client().get("/api/v1/listings", headers=bearer).status_code == 200
    assert admin.post(f"{PAGE}/{user_id(app, member)}/remove").status_code == 303
    assert app.test_client().get("/api/v1/listings", headers=bearer).status_code == 401
    assert members(app, admin) == {admin.user_key: ALL}
    assert member.client.get("/listings").status_code == 403  # a manufacturer of their own again
    assert member.client.get("/sites").status_code == 200
    assert member.api("GET", "/sites").status_code == 200
    acting_for = select(UserSession.organization_id).where(UserSession.user_id == member.user_key)
    assert rows(app, acting_for) == [None]
    assert one(app, select(func.count(ApiToken.id)).where(ApiToken.revoked_at.is_not(None))) == 1
    assert "구성원에서 빠졌습니다" in sent_to(app, member.email)[-1]["subject"]


def test_people_of_others_are_not_there(app, admin):
    stranger = person(app, "vendor")
    for act in ("rights", "remove"):
        answer = admin.post(f"{PAGE}/{user_id(app, stranger)}/{act}", {"rights": ["admin"]})
        assert answer.status_code == 404
    stranger.post(f"{PAGE}/invite", {"email": "x@example.com"})
    theirs = one(app, select(Invitation.public_id))
    assert admin.post(f"{PAGE}/invitations/{theirs}/withdraw").status_code == 404
    assert one(app, select(Invitation.withdrawn_at)) is None
    assert admin.email not in text_of(stranger.client.get(PAGE))


# --- invitations --------------------------------------------------------------------------------------------------


def invited(app, admin, email="new@example.com", rights=("finance",)):
    """The path in the mail of an invitation."""
    assert admin.post(f"{PAGE}/invite", {"email": email, "rights": list(rights)}).status_code == 303
    return link_in(app, email, "/invitations")


def test_signing_up_through_the_link_proves_the_address_and_joins(app, admin):
    path = invited(app, admin)
    client = app.test_client()
    assert "가람정밀" in text_of(client.get(path))
    weak = post(client, f"{path}/sign-up", {"name": "새 동료", "password": "1234567890"})
    assert (weak.status_code, 'value="새 동료"' in text_of(weak)) == (422, True)
    form = {"name": "새 동료", "password": "another quiet phrase"}
    answer = post(client, f"{path}/sign-up", form)
    assert (answer.status_code, answer.location) == (303, "/")
    made = one(app, select(User).where(User.email == "new@example.com"))
    assert made.email_proved_at is not None
    assert members(app, admin)[made.id] == ["finance"]
    assert client.get("/listings").status_code == 200
    assert "초대를 받아들였습니다" in sent_to(app, admin.email)[-1]["subject"]
    assert post(app.test_client(), f"{path}/sign-up", form).status_code == 404
    assert app.test_client().get(path).status_code == 404
    assert person(app, "vendor").client.get(path).status_code == 404
    again = client.get(path)
    assert (again.status_code, "이미 ‘가람정밀’의 구성원이에요" in text_of(again)) == (200, True)
    assert 'href="/organization"' in text_of(again).split("<main")[1]


def test_the_invited_person_alone_accepts_and_once(app, admin):
    guest, other = person(app, "manufacturer"), person(app, "manufacturer")
    path = invited(app, admin, guest.email)
    assert "다른 이메일로 온 초대예요" in text_of(other.client.get(path))
    refused = other.post(path)
    assert (refused.status_code, "다른 이메일로 온 초대예요" in text_of(refused)) == (403, True)
    taken = post(app.test_client(), f"{path}/sign-up", {"name": "나", "password": "another quiet phrase"})
    assert taken.status_code == 422
    assert app.test_client().get(path).status_code == 200
    assert guest.post(path).status_code == 303
    assert guest.client.get("/listings").status_code == 200
    assert members(app, admin) == {admin.user_key: ALL, guest.user_key: ["finance"]}
    again = guest.post(path)
    assert (again.status_code, again.location) == (303, path)
    assert "이미 ‘가람정밀’의 구성원이에요" in text_of(guest.client.get(path))
    assert members(app, admin) == {admin.user_key: ALL, guest.user_key: ["finance"]}
    gone = other.post(path)
    assert (gone.status_code, "이미 썼거나 기한이 지났거나" in text_of(gone)) == (404, True)


def test_an_address_that_is_not_proved_accepts_nothing(app, admin):
    guest = person(app, "manufacturer", proved=False)
    path = invited(app, admin, guest.email)
    assert "먼저 이메일을 확인해 주세요" in text_of(guest.client.get(path))
    assert guest.post(path).status_code == 403
    invitation = one(app, select(Invitation.public_id))
    assert "받은 초대" not in text_of(guest.client.get("/account"))
    assert guest.post(f"/account/invitations/{invitation}/accept").status_code == 403
    assert members(app, admin) == {admin.user_key: ALL}


def test_an_invitation_waits_on_the_morning_page_and_in_the_account(app, admin):
    guest, other = person(app, "manufacturer"), person(app, "manufacturer")
    invited(app, admin, guest.email)
    assert "가람정밀의 초대" in text_of(guest.client.get("/"))
    assert "가람정밀의 초대" not in text_of(other.client.get("/"))
    invitation = one(app, select(Invitation.public_id))
    assert other.post(f"/account/invitations/{invitation}/accept").status_code == 404
    assert guest.post(f"/account/invitations/{invitation}/accept").status_code == 303
    assert guest.user_key in members(app, admin)


def test_a_withdrawn_replaced_or_old_invitation_is_gone(app, admin):
    first = invited(app, admin)
    second = invited(app, admin)
    assert first != second
    assert app.test_client().get(first).status_code == 404
    assert app.test_client().get(second).status_code == 200
    newest = one(app, select(Invitation.public_id).order_by(Invitation.id.desc()))
    assert admin.post(f"{PAGE}/invitations/{newest}/withdraw").status_code == 303
    assert (
        post(
            app.test_client(), f"{second}/sign-up", {"name": "나", "password": "another quiet phrase"}
        ).status_code
        == 404
    )
    third = invited(app, admin)
    with acting(app) as session:
        session.scalars(select(Invitation).order_by(Invitation.id.desc())).first().expires_at = links.now()
    assert app.test_client().get(third).status_code == 404
    assert one(app, select(func.count(User.id))) == 1


def test_a_wrong_or_known_address_is_not_invited(app, admin):
    for email in ("not an address", admin.email.upper(), ""):
        answer = admin.post(f"{PAGE}/invite", {"email": email})
        assert (answer.status_code, 'id="f-email-error"' in text_of(answer)) == (422, True), email
    assert rows(app, select(Invitation.id)) == []


def test_the_same_form_sent_twice_invites_once(app, admin):
    word = form_word(admin.client.get(PAGE))
    form = {"email": "new@example.com", "form_id": word}
    assert [admin.post(f"{PAGE}/invite", form).status_code for _ in range(2)] == [303, 303]
    assert len(sent_to(app, "new@example.com")) == 1


# --- requests to join ---------------------------------------------------------------------------------------------


def taken_number(app, admin):
    return one(app, select(Organization.registration_number).where(Organization.id == admin.organization_key))


def test_a_taken_number_offers_to_ask_to_join(app, admin):
    colleague = person(app, "manufacturer")
    form = {"name": "가람정밀", "registration_number": taken_number(app, admin), "roles": ["vendor"]}
    answer = colleague.post("/organization/new", form)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "합류를 요청해 주세요" in page
    assert 'action="/organization/join"' in page
    assert one(app, select(func.count(Organization.id))) == 2
    wanted = {"registration_number": taken_number(app, admin), "message": "생산기술팀이에요."}
    for _twice in range(2):
        assert colleague.post("/organization/join", wanted).status_code == 303
    assert one(app, select(func.count(JoinRequest.id))) == 1
    assert "합류를 요청했습니다" in sent_to(app, admin.email)[-1]["subject"]
    assert "김시험 님의 합류 요청" in text_of(admin.client.get("/"))
    assert "생산기술팀이에요." in text_of(admin.client.get(PAGE))
    assert "답을 기다려요" in text_of(colleague.client.get("/account"))


@pytest.mark.parametrize("accept", [True, False])
def test_a_request_is_answered_once_by_an_admin(app, admin, accept):
    colleague, stranger = person(app, "manufacturer"), person(app, "vendor")
    colleague.post("/organization/join", {"registration_number": taken_number(app, admin)})
    path = f"{PAGE}/requests/{one(app, select(JoinRequest.public_id))}/answer"
    form = {"rights": ["signer"], **({"accept": "1"} if accept else {})}
    assert stranger.post(path, form).status_code == 404
    assert colleague.post(path, form).status_code == 404
    assert admin.post(path, form).status_code == 303
    assert admin.post(path, form).status_code == 409
    assert (members(app, admin).get(colleague.user_key) == ["signer"]) is accept
    assert one(app, select(JoinRequest.state)) == ("accepted" if accept else "refused")
    assert "합류" in sent_to(app, colleague.email)[-1]["subject"]


def test_who_may_not_ask_to_join(app, admin):
    unproved, member = person(app, "manufacturer", proved=False), join(app, admin)
    number = taken_number(app, admin)
    assert unproved.post("/organization/join", {"registration_number": number}).status_code == 403
    assert member.post("/organization/join", {"registration_number": number}).status_code == 409
    free = regno.make("220811112")
    assert member.post("/organization/join", {"registration_number": free}).status_code == 422
    assert rows(app, select(JoinRequest.id)) == []


# --- the organization itself --------------------------------------------------------------------------------------


def test_who_is_taken_out_is_asked_about_once_more_and_the_last_admin_stays(app, admin):
    member = join(app, admin)
    listed = text_of(admin.client.get(PAGE))
    question = f"{PAGE}/{user_id(app, member)}/remove"
    assert f'href="{question}"' in listed
    asked = text_of(admin.client.get(question))
    assert "구성원에서 뺄까요?" in asked
    assert f'action="{question}"' in asked
    assert member.client.get(PAGE).status_code == 200
    stays = text_of(admin.client.get("/organization/leave"))
    assert "마지막 관리자예요" in stays
    assert 'action="/organization/leave"' not in stays
    refused = admin.post("/organization/leave")
    assert refused.status_code == 409
    assert "마지막 관리자예요" in text_of(refused)


def test_somebody_without_a_company_is_led_to_one(app, admin):
    member = join(app, admin)
    assert admin.post(f"{PAGE}/{user_id(app, member)}/remove").status_code == 303
    with acting(app) as session:
        for seat in session.scalars(select(Membership).where(Membership.user_id == member.user_key)):
            session.delete(seat)
    lost = member.client.get("/listings")
    assert lost.status_code == 403
    assert 'href="/organization/new"' in text_of(lost)


def test_a_further_role_brings_its_menu(app, admin):
    assert admin.client.get("/sites").status_code == 403
    assert 'href="/sites"' not in text_of(admin.client.get("/account"))
    for _twice in range(2):
        assert admin.post("/organization/roles", {"role": "manufacturer"}).status_code == 303
    assert 'href="/listings"' in text_of(admin.client.get("/account"))
    further = {"organization_id": admin.organization_id, "role": "manufacturer", "next": "/account"}
    assert admin.post("/account/act-for", further).status_code == 303
    assert 'href="/sites"' in text_of(admin.client.get("/account"))
    for role in ("validator", "operator", "", "x"):
        assert admin.post("/organization/roles", {"role": role}).status_code == 422
    held = one(app, select(Organization).where(Organization.id == admin.organization_key)).roles
    assert sorted(role.role for role in held) == ["manufacturer", "vendor"]


def test_the_switcher_lists_every_organization_with_its_roles(app, admin):
    member = join(app, admin)
    head = text_of(member.client.get("/account")).split("<main")[0]
    assert head.count('name="organization_id"') == 2  # in the wide head and in the menu
    assert "수요기업" in head
    form = {"organization_id": member.own_organization_id, "next": "/"}
    assert member.post("/account/act-for", form).location == "/"
    assert 'aria-current="true"><b>가람정밀' not in text_of(member.client.get("/account")).split("<main")[0]


def test_an_organization_changes_what_it_says_and_never_its_number(app, admin):
    member = join(app, admin)
    number = taken_number(app, admin)
    form = {
        "name_en": "Garam",
        "region": "busan",
        "description": "센서를\r\n만들어요.",
        "registration_number": "1",
        "name": "x",
    }
    assert 'value=""' in text_of(admin.client.get("/organization/edit"))
    assert admin.post("/organization/edit", form).status_code == 303
    now = one(app, select(Organization).where(Organization.id == admin.organization_key))
    assert (now.name, now.name_en, now.region, now.registration_number) == (
        "가람정밀",
        "Garam",
        "busan",
        number,
    )
    assert now.description == "센서를\n만들어요."
    wrong = admin.post("/organization/edit", {"region": "atlantis", "name_en": "G2"})
    assert (wrong.status_code, 'value="G2"' in text_of(wrong)) == (422, True)
    assert member.post("/organization/edit", form).status_code == 403


def test_the_pages_ask_the_database_little(app, admin):
    for _ in range(3):
        join(app, admin)
    admin.post(f"{PAGE}/invite", {"email": "new@example.com"})
    person(app, "vendor").post("/organization/join", {"registration_number": taken_number(app, admin)})
    for path in (PAGE, "/organization/edit", "/account", "/account/password", "/account/second-factor", "/"):
        with counted(app) as sent:
            assert admin.client.get(path).status_code == 200
        assert len(sent) <= 12, (path, sent)
