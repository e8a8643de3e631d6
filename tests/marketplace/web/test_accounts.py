"""The doors: sign up, sign in and out, the one-time link, the person's own page, the company."""

import re

import pytest
from sqlalchemy import func, select

from catalog import regno
from catalog.models import CompetitorDeclaration, Organization
from marketplace import create_app
from marketplace.accounts import sign_in
from marketplace.accounts.attempts import MAX_TRIES
from marketplace.accounts.models import ApiToken, User, UserSession
from marketplace.audit import AuditEntry
from tests.marketplace.people import PASSWORD, csrf, person
from tests.marketplace.web.looking import acting, counted, form_word, one, rows, text_of


def post(client, path, data, **kwargs):
    return client.post(path, data={**data, "csrf_token": csrf(client)}, **kwargs)


NEW = {"email": "Kim@Example.com", "password": "long enough words", "name": "김새로"}


def test_sign_up_goes_on_to_the_company_signed_in(app):
    client = app.test_client()
    answer = post(client, "/sign-up", NEW)
    assert (answer.status_code, answer.location) == (303, "/organization/new")
    page = client.get("/organization/new")
    assert page.status_code == 200
    assert "회사 등록" in text_of(page)
    assert rows(app, select(User.email)) == ["kim@example.com"]
    assert one(app, select(AuditEntry.act)) == "account.sign_up"


def test_sign_up_sent_twice_makes_one_account(app):
    client, twin = app.test_client(), app.test_client()
    word = form_word(client.get("/sign-up"))
    first = post(client, "/sign-up", {**NEW, "form_id": word})
    second = post(twin, "/sign-up", {**NEW, "form_id": word})
    assert (
        (first.status_code, first.location)
        == (second.status_code, second.location)
        == (303, "/organization/new")
    )
    assert one(app, select(func.count(User.id))) == 1


def test_sign_up_says_what_is_wrong_at_its_field_and_keeps_the_rest(app):
    client = app.test_client()
    answer = post(client, "/sign-up", {"email": "kim(at)example", "password": "short", "name": "김새로"})
    page = text_of(answer)
    assert answer.status_code == 422
    assert 'id="f-email-error"' in page
    assert 'id="f-password-error"' in page
    assert 'value="kim(at)example"' in page
    assert 'value="김새로"' in page
    assert "short" not in page
    assert one(app, select(func.count(User.id))) == 0


def test_an_address_signs_up_once(app):
    post(app.test_client(), "/sign-up", NEW)
    answer = post(app.test_client(), "/sign-up", {**NEW, "email": "KIM@example.com"})
    assert answer.status_code == 422
    assert "이미 가입한 이메일이에요" in text_of(answer)
    assert one(app, select(func.count(User.id))) == 1


def test_sign_in_returns_to_the_page_and_rotates_the_session(app):
    member = person(app, "vendor")
    client = app.test_client()
    token = csrf(client)
    before = client.get_cookie("ieum").value
    form = {"email": member.email, "password": PASSWORD, "next": "/listings?state=draft", "csrf_token": token}
    answer = client.post("/sign-in", data=form)
    assert (answer.status_code, answer.location) == (303, "/listings?state=draft")
    assert client.get_cookie("ieum").value != before
    assert one(app, select(func.count(UserSession.id))) == 2  # the helper's and this one


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", ""]
)
def test_sign_in_never_leads_to_another_site(app, target):
    member = person(app, "vendor")
    client = app.test_client()
    answer = post(client, "/sign-in", {"email": member.email, "password": PASSWORD, "next": target})
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_page_for_members_sends_to_the_door_and_back(app):
    client = app.test_client()
    answer = client.get("/account?x=1")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/account?x%3D1")
    assert 'name="next" value="/account?x=1"' in text_of(client.get(answer.location))


def test_a_wrong_password_says_neither_which_nor_more(app):
    member = person(app, "vendor")
    answers = [
        text_of(post(app.test_client(), "/sign-in", {"email": email, "password": "wrong password"}))
        for email in (member.email, "nobody@example.com")
    ]
    assert all("이메일이나 비밀번호가 맞지 않아요." in page for page in answers)
    assert f'value="{member.email}"' in answers[0]


def test_many_wrong_passwords_must_wait(app):
    member = person(app, "vendor")
    client = app.test_client()
    statuses = [
        post(client, "/sign-in", {"email": member.email, "password": f"wrong {n}"}).status_code
        for n in range(MAX_TRIES["account"] + 1)
    ]
    assert statuses == [422] * MAX_TRIES["account"] + [429]
    refused = post(client, "/sign-in", {"email": member.email, "password": PASSWORD})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_sign_out_ends_the_sign_in(app):
    member = person(app, "vendor")
    answer = member.post("/sign-out")
    assert (answer.status_code, answer.location) == (303, "/")
    assert one(app, select(func.count(UserSession.id))) == 0
    assert member.client.get("/account").status_code == 303
    assert member.post("/sign-out").status_code == 303


@pytest.fixture
def invited(app):
    """A person without a password, and the secret of their link."""
    with acting(app) as session:
        user = User(email="operator@example.com", name="operator")
        session.add(user)
        session.flush()
        return sign_in.issue_link(session, user)


def test_the_link_sets_a_password_once(app, invited):
    client = app.test_client()
    assert "operator@example.com" in text_of(client.get(f"/welcome/{invited}"))
    answer = post(client, f"/welcome/{invited}", {"password": "a password of mine"})
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/account").status_code == 200
    assert client.get(f"/welcome/{invited}").status_code == 404
    assert post(client, f"/welcome/{invited}", {"password": "another password"}).status_code == 404
    again = post(
        app.test_client(), "/sign-in", {"email": "operator@example.com", "password": "a password of mine"}
    )
    assert again.status_code == 303


def test_a_short_password_leaves_the_link_unused(app, invited):
    client = app.test_client()
    assert post(client, f"/welcome/{invited}", {"password": "short"}).status_code == 422
    assert client.get(f"/welcome/{invited}").status_code == 200


def test_doors_are_kept_out_of_caches(app):
    for path in ("/sign-in", "/sign-up"):
        assert app.test_client().get(path).headers["Cache-Control"] == "no-store"


def test_demo_accounts_are_listed_in_demo_mode_only(settings):
    settings["IEUM_DEMO"] = "1"
    demo = create_app(settings)
    person(demo, "vendor", email="vendor@demo.example", name="데모 공급")
    assert "vendor@demo.example" in text_of(demo.test_client().get("/sign-in"))
    settings["IEUM_DEMO"] = "0"
    assert "vendor@demo.example" not in text_of(create_app(settings).test_client().get("/sign-in"))


def test_demo_accounts_open_nothing_outside_demo_mode(settings):
    settings["IEUM_DEMO"] = "1"
    demo = create_app(settings)
    member = person(demo, "vendor", email="vendor@demo.example", name="데모 공급")
    assert member.client.get("/account").status_code == 200
    settings["IEUM_DEMO"] = "0"
    real = create_app(settings)
    assert (
        post(real.test_client(), "/sign-in", {"email": member.email, "password": PASSWORD}).status_code == 422
    )
    bearer = {"Authorization": f"Bearer {member.token}"}
    for app, status in ((demo, 200), (real, 401)):
        assert app.test_client().get("/api/v1/listings", headers=bearer).status_code == status


def test_a_token_is_shown_once_and_works_until_revoked(app):
    member = person(app, "vendor")
    word = form_word(member.client.get("/account/tokens"))
    made = member.post("/account/tokens", {"name": "밤 작업", "everything": "1", "form_id": word})
    token = re.search(r"<code>(ieum_[^<]+)</code>", made.get_data(as_text=True)).group(1)
    assert made.headers["Cache-Control"] == "no-store"
    twice = member.post("/account/tokens", {"name": "밤 작업", "everything": "1", "form_id": word})
    assert token in twice.get_data(as_text=True)
    row = one(app, select(ApiToken).where(ApiToken.name == "밤 작업"))
    assert row.organization_id == member.organization_key
    assert token not in member.client.get("/account/tokens").get_data(as_text=True)
    answer = member.post(f"/account/tokens/{row.public_id}/revoke")
    assert (answer.status_code, answer.location) == (303, "/account/tokens")
    assert one(app, select(ApiToken.revoked_at).where(ApiToken.id == row.id)) is not None


def test_a_token_needs_a_name(app):
    member = person(app, "vendor")
    answer = member.post("/account/tokens", {"name": " "})
    assert answer.status_code == 422
    assert 'id="f-name-error"' in text_of(answer)
    assert rows(app, select(ApiToken.name)) == ["test"]


def test_tokens_of_others_are_not_there(app):
    member, other = person(app, "vendor"), person(app, "vendor")
    foreign = one(app, select(ApiToken).where(ApiToken.user_id == other.user_key))
    assert member.post(f"/account/tokens/{foreign.public_id}/revoke").status_code == 404
    assert one(app, select(ApiToken.revoked_at).where(ApiToken.id == foreign.id)) is None


COMPANY = {
    "name": "가람센서",
    "registration_number": regno.make("220811111"),
    "roles": ["manufacturer", "vendor"],
    "region": "busan",
    "description": "센서를 만들어요.",
}


def test_a_person_founds_a_company_and_acts_for_it(app):
    member = person(app, "manufacturer")
    word = form_word(member.client.get("/organization/new"))
    for _twice in range(2):
        answer = member.post("/organization/new", {**COMPANY, "form_id": word})
        assert (answer.status_code, answer.location) == (303, "/organization")
    company = one(app, select(Organization).where(Organization.name == "가람센서"))
    assert sorted(role.role for role in company.roles) == ["manufacturer", "vendor"]
    assert company.state == "registered"
    page = text_of(member.client.get("/organization"))
    assert "가람센서" in page
    assert "운영자의 확인을 기다리고 있어요" in page
    assert "영문 이름이 있으면" in page


def test_a_wrong_number_is_said_at_its_field_and_nothing_is_lost(app):
    member = person(app, "manufacturer")
    wrong = {**COMPANY, "registration_number": "123-45-67890", "roles": ["vendor"], "region": "busan"}
    answer = member.post("/organization/new", wrong)
    page = text_of(answer)
    assert answer.status_code == 422
    assert 'id="f-registration_number-error"' in page
    assert 'value="123-45-67890"' in page
    assert re.search(r'value="vendor" checked', page)
    assert re.search(r'value="busan" selected', page)
    assert "센서를 만들어요." in page
    assert one(app, select(func.count(Organization.id))) == 1


def test_a_number_registers_once(app):
    member = person(app, "manufacturer")
    member.post("/organization/new", COMPANY)
    answer = member.post("/organization/new", {**COMPANY, "name": "다른 이름"})
    assert answer.status_code == 422
    assert "이미 등록된 사업자등록번호예요" in text_of(answer)
    assert one(app, select(func.count(Organization.id)).where(Organization.name == "다른 이름")) == 0


def test_acting_for_another_of_ones_organizations(app):
    member, stranger = person(app, "manufacturer"), person(app, "vendor")
    member.post("/organization/new", COMPANY)
    answer = member.post("/account/act-for", {"organization_id": member.organization_id})
    assert (answer.status_code, answer.location) == (303, "/account")
    acting = select(UserSession.organization_id).where(UserSession.user_id == member.user_key)
    assert one(app, acting) == member.organization_key
    for foreign in (stranger.organization_id, "not an id", ""):
        assert member.post("/account/act-for", {"organization_id": foreign}).status_code == 404


def test_competitors_are_declared_by_number(app):
    member, other = person(app, "vendor"), person(app, "vendor", name="경쟁사")
    number = one(
        app, select(Organization.registration_number).where(Organization.id == other.organization_key)
    )
    for _twice in range(2):
        assert member.post("/organization/competitors", {"registration_number": number}).status_code == 303
    assert "경쟁사" in text_of(member.client.get("/organization"))
    declared = rows(app, select(CompetitorDeclaration))
    assert [(d.declaring_id, d.competitor_id) for d in declared] == [
        (member.organization_key, other.organization_key)
    ]


def test_an_unknown_competitor_is_refused_with_what_was_typed(app):
    member = person(app, "vendor")
    answer = member.post("/organization/competitors", {"registration_number": "111"})
    assert answer.status_code == 422
    assert 'value="111"' in text_of(answer)
    assert one(app, select(func.count(CompetitorDeclaration.id))) == 0


def test_manufacturers_declare_no_competitors(app):
    member = person(app, "manufacturer")
    assert "경쟁 관계 등록" not in text_of(member.client.get("/organization"))
    assert member.post("/organization/competitors", {"registration_number": "1"}).status_code == 403


def test_the_pages_of_account_and_company_ask_the_database_little(app):
    member = person(app, "vendor", "manufacturer")
    for path in ("/account", "/organization", "/organization/new", "/sign-in", "/sign-up"):
        with counted(app) as sent:
            assert member.client.get(path).status_code == 200
        assert len(sent) <= 12, (path, sent)
