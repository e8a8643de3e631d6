"""Signing in as a stranger meets it: what follows a proof, mail of a new device, too many tries, the last admin, the
browser's language."""

import re

import pytest
from sqlalchemy import func, select

from catalog import clock
from marketplace.accounts import attempts
from marketplace.accounts.models import Membership, User
from marketplace.journeys import standing
from marketplace.notices.models import Notice
from tests.marketplace.letters import link_in, sent_to
from tests.marketplace.people import PASSWORD, person
from tests.marketplace.web.looking import acting, counted, one, text_of
from tests.marketplace.web.newcomers import newcomer, number_of, post

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140.0 Mobile Safari/604.1"


@pytest.fixture
def admin(app):
    return person(app, "vendor", name="가람정밀")


# --- after the proof of an address --------------------------------------------------------------------------------


def test_a_proved_address_goes_on_to_the_company(app, admin):
    client = newcomer(app, proved=False)
    link = link_in(app, "kim@example.com", "/confirm-email")
    answer = post(client, f"{link}?next=https://evil.example/", {"next": "https://evil.example/"})
    assert (answer.status_code, answer.location) == (303, "/organization/new")
    assert "kim@example.com 주소를 확인했어요." in text_of(client.get(answer.location))


def test_a_proved_address_of_a_member_goes_home(app):
    member = person(app, "vendor", proved=False)
    member.post("/account/email/proof")
    answer = member.post(link_in(app, member.email, "/confirm-email"))
    assert (answer.status_code, answer.location) == (303, "/")
    other = person(app, "vendor", proved=False)
    other.post("/account/email/proof")
    answer = post(app.test_client(), link_in(app, other.email, "/confirm-email"))
    assert answer.location == "/sign-in"


# --- mail about sign-ins ------------------------------------------------------------------------------------------


def sign_in(app, email, password=PASSWORD, client=None, agent=PHONE):
    client = client or app.test_client()
    form = {"email": email, "password": password}
    assert post(client, "/sign-in", form, headers={"User-Agent": agent}).status_code == 303
    return client


def subjects(app, who):
    return [letter["subject"] for letter in sent_to(app, who.email)]


def test_a_new_device_is_named_with_the_time_in_korea(app, admin):
    before = len(sent_to(app, admin.email))
    sign_in(app, admin.email)
    (letter,) = sent_to(app, admin.email)[before:]
    moment = one(app, select(Notice.created_at).where(Notice.event == "account.new_device"))
    day, local = clock.day_of(moment), moment.astimezone(clock.SEOUL)
    assert "Chrome · iOS" in letter["body"]
    assert re.search(rf"{day.year}\. {day.month}\. {day.day}\. {local:%H}:\d\d\(한국 시각\)", letter["body"])
    with acting(app) as session:
        session.get_one(User, admin.user_key).locale = "en"
    sign_in(app, admin.email, agent="")
    params = one(app, select(Notice.params).order_by(Notice.id.desc()))
    assert params["device"] == "다른 브라우저 · 다른 기기"
    assert re.fullmatch(rf"{day.day} [A-Z][a-z]{{2}} {day.year} \d\d:\d\d", params["at_en"])


def test_the_first_sign_in_and_the_one_after_ones_own_reset_are_no_news(app, admin):
    newcomer(app)
    assert all("새 기기" not in letter["subject"] for letter in sent_to(app, "kim@example.com"))
    client = app.test_client()
    post(client, "/forgot", {"email": admin.email})
    post(client, link_in(app, admin.email, "/welcome"), {"password": "another quiet phrase"})
    assert client.get("/account").status_code == 200
    assert [subject for subject in subjects(app, admin) if "새 기기" in subject] == []
    sign_in(app, admin.email, "another quiet phrase")  # elsewhere it is news as before
    assert "새 기기" in subjects(app, admin)[-1]


# --- too many tries, and being kept out ---------------------------------------------------------------------------


def test_too_many_tries_say_how_long_and_keep_the_ways_out(app, admin, monkeypatch):
    client = app.test_client()
    monkeypatch.setitem(attempts.MAX_TRIES, "account", 0)
    moment = attempts.now()
    start = moment.timestamp() // attempts.WINDOW_SECONDS * attempts.WINDOW_SECONDS
    moment = moment.fromtimestamp(start + 419, tz=moment.tzinfo)  # 181 seconds remain
    monkeypatch.setattr(attempts, "now", lambda: moment)
    answer = post(client, "/sign-in", {"email": admin.email, "password": "wrong", "next": "/listings"})
    page = text_of(answer)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "181")
    assert "4분 뒤에 다시 해 주세요" in page
    assert 'href="/forgot"' in page
    assert (f'value="{admin.email}"' in page, 'name="next" value="/listings"' in page) == (True, True)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("contact", [None, "help@example.com"])
def test_mail_to_a_suspended_person_leads_to_no_page(app, admin, contact):
    operator = person(app, "operator")
    app.config["CONTACT"] = contact
    with acting(app) as session:
        user, now = session.get_one(User, admin.user_key), attempts.now()
        who = type("Who", (), {"user_key": operator.user_key})
        standing.suspend_user(session, user, who, now)
    letter = sent_to(app, admin.email)[-1]
    assert "운영자가 계정을 정지했어요" in letter["body"]
    assert "http" not in letter["body"]
    assert ("help@example.com" in letter["body"]) is (contact is not None)
    with acting(app) as session:
        standing.restore_user(session, session.get_one(User, admin.user_key), attempts.now())
    assert "/account" in sent_to(app, admin.email)[-1]["body"]


# --- the last admin who can sign in, and leaving ------------------------------------------------------------------


@pytest.mark.parametrize(
    "shut", [{"suspended_at": 1}, {"password_hash": None}, {"email": "vendor@demo.example"}]
)
def test_an_admin_who_cannot_sign_in_is_no_other_admin(app, admin, shut, monkeypatch):
    second = person(app, "vendor")
    with acting(app) as session:
        seat = Membership(user_id=second.user_key, organization_id=admin.organization_key)
        seat.grant(["admin"])
        session.add(seat)
        user = session.get_one(User, second.user_key)
        for name, value in shut.items():
            setattr(user, name, attempts.now() if name == "suspended_at" else value)
    monkeypatch.setattr("marketplace.accounts.joining.DEMO_EMAILS", ("vendor@demo.example",))
    own = one(app, select(User.public_id).where(User.id == admin.user_key))
    refused = [
        admin.post("/organization/leave"),
        admin.post(f"/organization/people/{own}/remove"),
        admin.post(f"/organization/people/{own}/rights", {"rights": ["finance"]}),
        admin.post("/account/data/deletion", {"password": PASSWORD}),
    ]
    assert [answer.status_code for answer in refused] == [409] * 4
    seat = one(app, select(Membership).where(Membership.user_id == admin.user_key))
    assert seat.is_admin
    with acting(app) as session:
        user = session.get_one(User, second.user_key)
        user.suspended_at, user.password_hash, user.email = None, "x", second.email
    assert admin.post("/organization/leave").status_code == 303


def test_leaving_is_asked_once_more(app, admin):
    second = person(app, "vendor")
    with acting(app) as session:
        seat = Membership(user_id=second.user_key, organization_id=admin.organization_key)
        seat.grant(["admin"])
        session.add(seat)
    page = text_of(admin.client.get("/organization/people"))
    assert 'href="/organization/leave"' in page
    assert 'action="/organization/leave"' not in page
    asked = text_of(admin.client.get("/organization/leave"))
    assert "‘가람정밀’에서 나갈까요?" in asked
    assert 'action="/organization/leave"' in asked
    assert one(app, select(func.count(Membership.id))) == 3
    assert newcomer(app).get("/organization/leave").status_code == 403


# --- the language of a first visit --------------------------------------------------------------------------------


def test_korean_comes_first_whatever_the_browser_says_until_a_language_is_chosen(app):
    client, headers = app.test_client(), {"Accept-Language": "en-US,en;q=0.9"}
    for path in ("/", "/sign-in", "/there-is-no-such-page"):
        answer = client.get(path, headers=headers)
        assert '<html lang="ko"' in text_of(answer), path
        assert "cookie" in {word.lower() for word in answer.vary}, path
    client.set_cookie("locale", "en")
    assert '<html lang="en"' in text_of(client.get("/", headers=headers))


def test_what_never_changes_may_be_shared_by_all(app):
    with app.test_client().get("/static/css/2-base.css") as answer:
        assert "Accept-Language" not in answer.vary


def test_the_new_pages_ask_the_database_little(app, admin):
    client = newcomer(app)
    post(client, "/organization/join", {"registration_number": number_of(app, admin)})
    for path in ("/", "/organization/join", "/organization/new", "/organization/taken", "/account"):
        with counted(app) as sent:
            assert client.get(path).status_code == 200
        assert len(sent) <= 12, (path, sent)
