"""The second factor: set up, asked for at sign-in, counted once, recovered from, turned off."""

import re
from datetime import UTC, datetime

import pyotp
import pytest
from sqlalchemy import func, select

from marketplace.accounts import second_factor
from marketplace.accounts.models import RecoveryCode, User
from tests.marketplace.letters import link_in, sent_to
from tests.marketplace.people import PASSWORD, csrf, person
from tests.marketplace.web.looking import form_word, one, rows, text_of

START = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


class Clock:
    """The present of the second factor; a test moves it."""

    def __init__(self):
        self.present = START

    def __call__(self):
        return self.present

    def forward(self, seconds):
        self.present = datetime.fromtimestamp(self.present.timestamp() + seconds, UTC)


@pytest.fixture
def clock(monkeypatch):
    moving = Clock()
    monkeypatch.setattr(second_factor, "now", moving)
    return moving


@pytest.fixture
def owner(app, clock):
    """A person with a second factor, its secret and recovery codes."""
    member = person(app, "vendor")
    assert member.post("/account/second-factor", {"password": PASSWORD}).status_code == 303
    member.secret = one(app, select(User.totp_secret).where(User.id == member.user_key))
    answer = member.post("/account/second-factor/confirm", {"code": code(member, clock)})
    member.codes = re.findall(r"<code>([a-z2-7-]{19})</code>", text_of(answer))
    clock.forward(60)
    return member


def code(member, clock):
    return pyotp.TOTP(member.secret).at(clock())


def first_step(app, member, client=None, target="/listings"):
    client = client or app.test_client()
    form = {"email": member.email, "password": PASSWORD, "next": target, "csrf_token": csrf(client)}
    answer = client.post("/sign-in", data=form)
    assert answer.location == f"/sign-in/second?next={target}"
    return client


def second_step(client, typed, target="/listings"):
    form = {"code": typed, "next": target, "csrf_token": csrf(client)}
    return client.post("/sign-in/second", data=form)


def test_setting_it_up_shows_the_secret_and_ten_codes_once(app, clock):
    member = person(app, "vendor")
    assert member.post("/account/second-factor", {"password": "not mine"}).status_code == 422
    member.post("/account/second-factor", {"password": PASSWORD})
    page = member.client.get("/account/second-factor")
    secret = one(app, select(User.totp_secret).where(User.id == member.user_key))
    assert secret in text_of(page)
    assert '<svg width="' in page.get_data(as_text=True)
    assert page.headers["Cache-Control"] == "no-store"
    wrong = member.post("/account/second-factor/confirm", {"code": "000000"})
    assert (wrong.status_code, one(app, select(User.totp_on_at))) == (422, None)
    form = {"code": pyotp.TOTP(secret).at(clock()), "form_id": form_word(page)}
    first, twice = (text_of(member.post("/account/second-factor/confirm", form)) for _ in range(2))
    codes = re.findall(r"<code>([a-z2-7-]{19})</code>", first)
    assert len(set(codes)) == 10
    assert re.findall(r"<code>([a-z2-7-]{19})</code>", twice) == codes
    assert one(app, select(func.count(RecoveryCode.id))) == 10
    assert codes[0] not in text_of(member.client.get("/account/second-factor"))
    assert "두 단계 로그인을 켰습니다" in sent_to(app, member.email)[-1]["subject"]


def test_the_password_alone_opens_nothing(app, owner, clock):
    client = first_step(app, owner)
    assert client.get("/account").status_code == 303
    assert client.get("/sign-in/second").status_code == 200
    assert second_step(client, "000000").status_code == 422
    answer = second_step(client, code(owner, clock))
    assert (answer.status_code, answer.location) == (303, "/listings")
    assert client.get("/account").status_code == 200


def test_a_code_counts_once(app, owner, clock):
    typed = code(owner, clock)
    assert second_step(first_step(app, owner), typed).status_code == 303
    assert second_step(first_step(app, owner), typed).status_code == 422
    clock.forward(30)
    assert (
        second_step(first_step(app, owner), f" {code(owner, clock)[:3]} {code(owner, clock)[3:]}").status_code
        == 303
    )


def test_a_code_of_long_ago_or_of_another_secret_does_not_count(app, owner, clock):
    old = code(owner, clock)
    clock.forward(90)
    other = pyotp.TOTP(pyotp.random_base32()).at(clock())
    for typed in (old, other, "", "１２３４５６", "a" * 40, "0" * 41):
        assert second_step(first_step(app, owner), typed).status_code == 422, typed


def test_a_recovery_code_counts_once(app, owner):
    typed = owner.codes[3].replace("-", " ").upper()
    assert second_step(first_step(app, owner), typed).status_code == 303
    assert second_step(first_step(app, owner), typed).status_code == 422
    page = text_of(owner.client.get("/account/second-factor"))
    assert "복구 코드가 9개 남았어요" in page
    assert rows(app, select(RecoveryCode.used_at).where(RecoveryCode.used_at.is_not(None))) != []


def test_there_is_no_second_step_without_the_first(app, owner, clock):
    client = app.test_client()
    assert client.get("/sign-in/second").location == "/sign-in"
    assert second_step(client, code(owner, clock)).location == "/sign-in"
    client = first_step(app, owner)
    with client.session_transaction() as cookie:
        cookie["second_step"] = "forged"
    assert second_step(client, code(owner, clock)).location == "/sign-in"
    assert client.get("/account").status_code == 303


def test_codes_cannot_be_guessed_at_will(app, owner, clock):
    client = first_step(app, owner)
    tries = [second_step(client, f"{n:06}").status_code for n in range(9)]
    assert tries == [422] * 8 + [429]
    assert second_step(client, code(owner, clock)).status_code == 429
    owner.post("/sign-out")
    assert second_step(first_step(app, owner, owner.client), code(owner, clock)).status_code == 303


def test_turning_it_off_and_new_codes_need_the_password(app, owner):
    for act in ("off", "recovery"):
        answer = owner.post(f"/account/second-factor/{act}", {"password": "not mine"})
        assert (answer.status_code, 'id="f-password-error"' in text_of(answer)) == (422, True)
    fresh = owner.post("/account/second-factor/recovery", {"password": PASSWORD})
    assert not set(re.findall(r"<code>([a-z2-7-]{19})</code>", text_of(fresh))) & set(owner.codes)
    assert second_step(first_step(app, owner), owner.codes[0]).status_code == 422
    assert owner.post("/account/second-factor/off", {"password": PASSWORD}).status_code == 303
    client = app.test_client()
    form = {"email": owner.email, "password": PASSWORD, "csrf_token": csrf(client)}
    assert client.post("/sign-in", data=form).location == "/"
    assert (one(app, select(User.totp_secret)), one(app, select(func.count(RecoveryCode.id)))) == (None, 0)
    assert owner.post("/account/second-factor/off", {"password": PASSWORD}).status_code == 409


def test_a_reset_password_does_not_go_round_it(app, owner, clock):
    client = app.test_client()
    client.post("/forgot", data={"email": owner.email, "csrf_token": csrf(client)})
    link = link_in(app, owner.email, "/welcome")
    form = {"password": "another quiet phrase", "csrf_token": csrf(client)}
    assert client.post(link, data=form).location == "/sign-in"
    assert client.get("/account").status_code == 303


def test_a_program_sends_the_code_with_the_password(app, owner, clock):
    body = {"email": owner.email, "password": PASSWORD, "name": "ERP", "scopes": None}

    def ask(**more):
        return app.test_client().post("/api/v1/tokens", json={**body, **more})

    missing, wrong = ask(), ask(code="000000")
    assert [answer.status_code for answer in (missing, wrong)] == [422, 422]
    assert [answer.get_json()["errors"][0]["code"] for answer in (missing, wrong)] == [
        "code_needed",
        "code_wrong",
    ]
    typed = code(owner, clock)
    assert ask(code=typed).status_code == 201
    assert ask(code=typed).status_code == 422


def test_a_secret_that_was_only_started_asks_for_nothing(app, clock):
    member = person(app, "vendor")
    member.post("/account/second-factor", {"password": PASSWORD})
    client = app.test_client()
    form = {"email": member.email, "password": PASSWORD, "csrf_token": csrf(client)}
    assert client.post("/sign-in", data=form).location == "/"
