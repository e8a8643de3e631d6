"""Ways in besides the password: proof of an address, a forgotten password, devices, two hundred wrong guesses."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts import attempts, devices, links, sign_in
from marketplace.accounts.models import ApiToken, KnownDevice, OneTimeLink, SignInFailure, User, UserSession
from marketplace.audit import AuditEntry
from tests.marketplace.letters import link_in, sent_to
from tests.marketplace.people import PASSWORD, csrf, person
from tests.marketplace.web.looking import acting, one, rows, text_of

NEW = {"email": "kim@example.com", "password": "long enough words", "name": "김새로"}
FRESH = "another quiet phrase"


def post(client, path, data=None, **kwargs):
    return client.post(path, data={**(data or {}), "csrf_token": csrf(client)}, **kwargs)


def signed_up(app):
    client = app.test_client()
    post(client, "/sign-up", NEW)
    return client


def try_password(app, email, password, client=None, remote="127.0.0.1"):
    client = client or app.test_client()
    form = {"email": email, "password": password}
    return post(client, "/sign-in", form, environ_overrides={"REMOTE_ADDR": remote})


def later(monkeypatch, **delta):
    """Move the present of everything at the doors."""
    present = attempts.now() + timedelta(**delta)
    for module in (attempts, links, sign_in, devices):
        monkeypatch.setattr(module, "now", lambda: present)


# --- proof of an address ------------------------------------------------------------------------------------------


def test_the_link_proves_the_address_by_its_button_alone(app):
    client = signed_up(app)
    assert "이메일을 아직 확인하지 않았어요" in text_of(client.get("/account"))
    link = link_in(app, "kim@example.com", "/confirm-email")
    for _scanner in range(2):
        assert "kim@example.com" in text_of(app.test_client().get(link))
    assert one(app, select(User.email_proved_at)) is None
    answer = post(app.test_client(), link)
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/organization/new")
    assert one(app, select(User.email_proved_at)) is not None
    assert "이메일을 아직 확인하지 않았어요" not in text_of(client.get("/account"))
    assert client.get(link).status_code == 404
    assert post(client, link).status_code == 404


def test_the_link_can_be_had_again_but_not_without_end(app):
    client = signed_up(app)
    statuses = [post(client, "/account/email/proof").status_code for _ in range(3)]
    assert statuses == [303, 303, 429]  # sign-up has sent the first of three
    assert len(sent_to(app, "kim@example.com")) == 3


def test_a_forged_old_or_foreign_link_proves_nothing(app, monkeypatch):
    client = signed_up(app)
    link = link_in(app, "kim@example.com", "/confirm-email")
    for forged in ("/confirm-email/x", link + "x", link.replace("confirm-email", "welcome")):
        assert client.get(forged).status_code == 404, forged
        assert post(client, forged, {"password": FRESH}).status_code == 404, forged
    later(monkeypatch, days=3, seconds=1)
    assert post(client, link).status_code == 404
    assert one(app, select(User.email_proved_at)) is None


def test_another_address_counts_once_it_is_proved(app):
    member = person(app, "vendor", email="old@example.com")
    form = {"email": "new@example.com", "password": PASSWORD}
    assert member.post("/account/email", {**form, "password": "not mine"}).status_code == 422
    assert member.post("/account/email", form).status_code == 303
    assert sent_to(app, "old@example.com") == []
    assert rows(app, select(User.email)) == ["old@example.com"]
    post(app.test_client(), link_in(app, "new@example.com", "/confirm-email"))
    assert rows(app, select(User.email)) == ["new@example.com"]
    (told,) = sent_to(app, "old@example.com")
    assert "다른 주소로 바꿨어요" in told["body"]
    assert "new@example.com" not in told["body"]


def test_an_address_that_somebody_took_meanwhile_stays_theirs(app):
    member, other = person(app, "vendor"), person(app, "vendor")
    taken = member.post("/account/email", {"email": other.email, "password": PASSWORD})
    assert (taken.status_code, "이미 가입한 이메일이에요" in text_of(taken)) == (422, True)
    assert (
        member.post("/account/email", {"email": "kim@example.com", "password": PASSWORD}).status_code == 303
    )
    signed_up(app)
    link = link_in(app, "kim@example.com", "/confirm-email")  # the second mail is the sign-up's own
    own, changing = rows(app, select(OneTimeLink.user_id).order_by(OneTimeLink.id.desc()))
    assert changing == member.user_key != own
    with acting(app) as session:
        secret = links.issue(session, session.get(User, member.user_key), "proof", "kim@example.com")
    answer = post(app.test_client(), f"/confirm-email/{secret}")
    assert (answer.status_code, "이미 가입한 이메일이에요" in text_of(answer)) == (422, True)
    assert one(app, select(User.email).where(User.id == member.user_key)) == member.email
    assert post(app.test_client(), link).status_code == 303


def test_a_program_signs_up_with_a_working_token_before_any_proof(app):
    answer = app.test_client().post("/api/v1/sign-up", json=NEW)
    token = answer.get_json()["token"]
    made = app.test_client().post(
        "/api/v1/organizations",
        json={"name": "가람", "registration_number": "118-81-03520", "roles": ["vendor"]},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert (answer.status_code, made.status_code) == (201, 201)
    assert link_in(app, "kim@example.com", "/confirm-email") is not None


# --- passwords ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "weak", ["1234567890", "qwertyuiop", "aaaaaaaaaa", "Password123!", "kim@example.com"]
)
def test_what_is_guessed_first_is_no_password(app, weak):
    answer = post(app.test_client(), "/sign-up", {**NEW, "password": weak})
    assert answer.status_code == 422
    assert 'id="f-password-error"' in text_of(answer)
    assert rows(app, select(User.id)) == []


def test_a_forgotten_password_is_set_anew_once_and_ends_every_sign_in(app):
    member = person(app, "vendor")
    client = app.test_client()
    assert "링크를 보냈어요" in text_of(post(client, "/forgot", {"email": member.email.upper()}))
    link = link_in(app, member.email, "/welcome")
    answer = post(client, link, {"password": FRESH})
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/account").status_code == 200
    assert member.client.get("/account").status_code == 303
    assert try_password(app, member.email, PASSWORD).status_code == 422
    assert try_password(app, member.email, FRESH).status_code == 303
    assert post(app.test_client(), link, {"password": "yet another phrase"}).status_code == 404
    assert any("비밀번호를 바꿨습니다" in letter["subject"] for letter in sent_to(app, member.email))


@pytest.mark.parametrize(("tokens", "status"), [("", 200), ("1", 401)])
def test_a_reset_can_end_the_tokens_too(app, tokens, status):
    member = person(app, "vendor")
    client = app.test_client()
    post(client, "/forgot", {"email": member.email})
    link = link_in(app, member.email, "/welcome")
    assert 'name="tokens"' in text_of(client.get(link))
    assert post(client, link, {"password": FRESH, "tokens": tokens}).status_code == 303
    assert member.api("GET", "/organization").status_code == status


def test_the_answer_is_the_same_for_every_address(app):
    proved, unproved = person(app, "vendor"), person(app, "vendor", proved=False)
    pages = []
    for address in (proved.email, unproved.email, "nobody@example.com"):
        page = text_of(post(app.test_client(), "/forgot", {"email": address}))
        pages.append(page.split("<main")[1].split("</main>")[0].replace(address, "*"))
    assert pages[0] == pages[1] == pages[2]
    assert (len(sent_to(app, proved.email)), sent_to(app, unproved.email)) == (1, [])
    assert sent_to(app, "nobody@example.com") == []


def test_a_reset_link_is_good_for_an_hour(app, monkeypatch):
    member = person(app, "vendor")
    post(app.test_client(), "/forgot", {"email": member.email})
    later(monkeypatch, hours=1, seconds=1)
    assert app.test_client().get(link_in(app, member.email, "/welcome")).status_code == 404


def test_resets_are_few_for_an_account_and_for_an_address(app):
    member = person(app, "vendor")
    asked = [post(app.test_client(), "/forgot", {"email": member.email}).status_code for _ in range(21)]
    assert asked == [200] * 20 + [429]
    assert len(sent_to(app, member.email)) == links.MAX_MAILS


def test_another_password_signs_the_other_devices_out(app):
    member = person(app, "vendor")
    other = app.test_client()
    try_password(app, member.email, PASSWORD, other)
    wrong = member.post("/account/password", {"password": "not mine", "new_password": FRESH})
    weak = member.post("/account/password", {"password": PASSWORD, "new_password": "1234567890"})
    assert (wrong.status_code, weak.status_code) == (422, 422)
    assert 'id="f-password-error"' in text_of(wrong)
    assert 'id="f-new_password-error"' in text_of(weak)
    assert other.get("/account").status_code == 200
    assert member.post("/account/password", {"password": PASSWORD, "new_password": FRESH}).status_code == 303
    assert member.client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    assert one(app, select(AuditEntry.act).order_by(AuditEntry.number.desc())) == "account.set_password"


# --- devices ------------------------------------------------------------------------------------------------------

PHONE = (
    "Mozilla/5.0 (Linux; Android 15; SM-S931N) AppleWebKit/537.36 "
    "SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537.36"
)


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (PHONE, "samsung/android"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "edge/windows",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18 Safari/605.1.15",
            "safari/mac",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140.0 Mobile Safari/604.1",
            "chrome/ios",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "firefox/linux"),
        ("", "other/other"),
        ("<script>" * 200, "other/other"),
    ],
)
def test_a_device_is_called_by_its_class(agent, device):
    assert devices.described(agent) == device


def test_sign_ins_are_listed_and_ended_one_by_one(app):
    member, stranger = person(app, "vendor"), person(app, "vendor")
    phone = app.test_client()
    form = {"email": member.email, "password": PASSWORD, "csrf_token": csrf(phone)}
    phone.post("/sign-in", data=form, headers={"User-Agent": PHONE})
    page = text_of(member.client.get("/account"))
    assert "삼성 인터넷 · Android" in page
    assert page.count("이 기기</span>") == 1
    row = one(app, select(UserSession).where(UserSession.device == "samsung/android"))
    assert stranger.post(f"/account/devices/{row.public_id}/end").status_code == 404
    assert member.post(f"/account/devices/{row.public_id}/end").status_code == 303
    assert phone.get("/account").status_code == 303
    assert member.client.get("/account").status_code == 200


@pytest.mark.parametrize(("tokens", "status"), [("", 200), ("1", 401)])
def test_signing_out_everywhere(app, tokens, status):
    member, other = person(app, "vendor"), person(app, "vendor")
    phone = app.test_client()
    try_password(app, member.email, PASSWORD, phone)
    answer = member.post("/account/devices/end", {"tokens": tokens})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert [client.get("/account").status_code for client in (phone, member.client)] == [303, 303]
    assert other.client.get("/account").status_code == 200
    assert member.api("GET", "/organization").status_code == status
    ended = one(app, select(ApiToken.revoked_at).where(ApiToken.user_id == member.user_key))
    assert (ended is not None) == (tokens == "1")


def test_a_new_device_is_told_of_and_a_known_one_is_not(app):
    member = person(app, "vendor")
    told = len(sent_to(app, member.email))
    client = app.test_client()
    try_password(app, member.email, PASSWORD, client)
    assert len(sent_to(app, member.email)) == told + 1
    assert "새 기기" in sent_to(app, member.email)[-1]["subject"]
    post(client, "/sign-out")
    try_password(app, member.email, PASSWORD, client)
    assert len(sent_to(app, member.email)) == told + 1
    assert one(app, select(func.count(KnownDevice.id))) == 2


@pytest.mark.parametrize("cookie", ["", "forged", "a" * 43, "x" * 3900])
def test_a_forged_or_stale_session_is_nobodys(app, cookie):
    client = app.test_client()
    client.set_cookie("ieum", cookie)
    assert client.get("/account").status_code == 303
    member = person(app, "vendor")
    stale = member.client.get_cookie("ieum").value
    member.post("/sign-out")
    client.set_cookie("ieum", stale)
    assert client.get("/account").status_code == 303


def test_a_suspended_person_is_out_at_once(app):
    member = person(app, "vendor")
    with acting(app) as session:
        session.get(User, member.user_key).suspended_at = attempts.now()
    assert member.client.get("/account").status_code == 303
    assert member.api("GET", "/organization").status_code == 401
    answer = try_password(app, member.email, PASSWORD)
    assert (answer.status_code, "운영자가 이용을 멈춘 계정" in text_of(answer)) == (422, True)
    assert "운영자가 이용을 멈춘" not in text_of(try_password(app, member.email, "wrong password"))
    post(app.test_client(), "/forgot", {"email": member.email})
    assert link_in(app, member.email, "/welcome") is None


# --- two hundred wrong passwords ----------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch):
    """Checking a password without argon2: two hundred of them would take a minute."""
    monkeypatch.setattr(
        sign_in.passwords, "matches", lambda stored, given: bool(stored) and given == PASSWORD
    )
    monkeypatch.setattr(sign_in.passwords, "is_outdated", lambda stored: False)


@pytest.mark.parametrize("addresses", [1, 200])
def test_two_hundred_wrong_passwords_slow_the_guesser_and_not_the_owner(app, monkeypatch, quick, addresses):
    owner = person(app, "vendor")
    guesser = app.test_client()
    answers = [
        try_password(app, owner.email, f"wrong {n}", guesser, f"10.0.{n % addresses}.1").status_code
        for n in range(200)
    ]
    assert answers == [422] * attempts.MAX_TRIES["account"] + [429] * (200 - attempts.MAX_TRIES["account"])
    remote = "10.0.0.1"
    assert try_password(app, owner.email, PASSWORD, app.test_client(), remote).status_code == 429
    owner.post("/sign-out")
    again = try_password(app, owner.email, PASSWORD, owner.client, remote)  # a browser that signed in before
    assert (again.status_code, again.location) == (303, "/")
    later(monkeypatch, seconds=attempts.WINDOW_SECONDS)
    assert try_password(app, owner.email, PASSWORD, app.test_client(), remote).status_code == 303


def test_a_known_browser_has_only_so_many_tries_of_its_own(app, quick):
    owner, other = person(app, "vendor"), person(app, "vendor")
    owner.post("/sign-out")
    tries = [try_password(app, owner.email, f"wrong {n}", owner.client).status_code for n in range(9)]
    assert tries == [422] * 8 + [429]
    foreign = [try_password(app, other.email, f"wrong {n}", owner.client).status_code for n in range(9)]
    assert foreign == [422] * 8 + [429]
    assert try_password(app, owner.email, PASSWORD, app.test_client()).status_code == 303


def test_right_passwords_do_not_use_tries_up(app, quick):
    owner = person(app, "vendor")
    assert {try_password(app, owner.email, PASSWORD).status_code for _ in range(12)} == {303}


def test_windows_long_past_are_forgotten(app, monkeypatch):
    with acting(app) as session:
        attempts.reserve(session, [("account", "a@example.com")])
        later(monkeypatch, hours=3)
        attempts.reserve(session, [("account", "b@example.com")])
    assert rows(app, select(SignInFailure.failures)) == [1]
