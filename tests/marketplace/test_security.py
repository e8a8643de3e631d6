"""Headers, cookies, the life of a sign-in, the throttle, one-time links, redirects, logs."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from sqlalchemy import func, select

from catalog.db import utcnow
from marketplace import create_app, logs
from marketplace.accounts import attempts, links, principal, sign_in
from marketplace.accounts.models import OneTimeLink, SignInFailure, User, UserSession
from tests.marketplace.people import PASSWORD, csrf, person

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HTTPS = "https://ieum.example"


def count(app, model):
    with app.extensions["database"].session(reading=True) as session:
        return session.scalar(select(func.count()).select_from(model))


def enter(client, email, password=PASSWORD, **more):
    """Sign in by the form."""
    form = {"email": email, "password": password, "csrf_token": csrf(client), **more}
    return client.post("/sign-in", data=form)


def test_every_answer_carries_the_headers(app):
    member = person(app, "vendor")
    visitor = app.test_client()
    answers = [
        visitor.get("/"),
        visitor.get("/nowhere"),
        visitor.get("/static/nowhere.css"),
        visitor.get("/api/v1/solutions"),
        visitor.get("/api/v1/nowhere"),
        visitor.get("/api/openapi.json"),
        member.client.get("/account"),
        member.client.post("/sign-out"),
        member.api("GET", "/organization"),
        member.api("DELETE", "/organization"),
    ]
    for answer in answers:
        kept = {
            name: answer.headers.get_all(name)
            for name in ("Content-Security-Policy", "X-Content-Type-Options")
        }
        assert kept == {"Content-Security-Policy": [POLICY], "X-Content-Type-Options": ["nosniff"]}, (
            answer.request.path
        )
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in answer.headers
        assert len(answer.headers["X-Request-Id"]) == 36


def test_what_is_for_one_person_is_kept_nowhere(app):
    member = person(app, "vendor")
    visitor = app.test_client()
    kept = {
        "signed in": member.client.get("/solutions"),
        "own page": member.client.get("/account"),
        "form": visitor.post("/sign-in", data={}),
        "api": visitor.get("/api/v1/solutions"),
        "api, own": member.api("GET", "/organization"),
        "api, refused": member.api("GET", "/nowhere"),
    }
    assert {name: answer.headers.get("Cache-Control") for name, answer in kept.items()} == dict.fromkeys(
        kept, "no-store"
    )
    assert "no-store" not in visitor.get("/solutions").headers.get("Cache-Control", "")


def set_cookie(answer):
    """The attributes of the one cookie that an answer sets."""
    (line,) = answer.headers.get_all("Set-Cookie")
    name, *attributes = line.split("; ")
    return name.partition("=")[0], set(attributes)


def test_the_cookie_over_http(app):
    assert set_cookie(app.test_client().get("/sign-in")) == ("ieum", {"HttpOnly", "Path=/", "SameSite=Lax"})


def test_the_cookie_over_https_is_secure_and_bound_to_the_host(settings):
    settings["SITE_URL"] = HTTPS
    secure = create_app(settings)
    answer = secure.test_client().get("/sign-in", base_url=HTTPS)
    assert set_cookie(answer) == ("__Host-ieum", {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"})
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    secure.extensions["database"].engine.dispose()


@pytest.fixture
def clock(monkeypatch):
    """Moves the time that sign-ins are measured by."""
    start = utcnow()

    def move(**delta):
        for module in (principal, sign_in, links, attempts):
            monkeypatch.setattr(module, "now", lambda: start + timedelta(**delta))

    return move


def is_in(client):
    return client.get("/account").status_code == 200


def test_an_idle_sign_in_ends_after_half_an_hour(app, clock):
    member = person(app, "vendor")
    clock(minutes=29)
    assert is_in(member.client)  # seen now: the half hour begins anew
    clock(minutes=58)
    assert is_in(member.client)
    clock(minutes=58 + 31)
    answer = member.client.get("/account")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/account")
    clock(minutes=58 + 32)
    assert not is_in(member.client)


def test_even_a_busy_sign_in_ends_after_twelve_hours(app, clock):
    member = person(app, "vendor")
    for minutes in range(25, 12 * 60, 25):
        clock(minutes=minutes)
        assert is_in(member.client), minutes
    clock(hours=12, minutes=1)
    assert not is_in(member.client)


def test_signing_out_ends_the_row_and_so_every_copy_of_the_cookie(app):
    member, bystander = person(app, "vendor"), person(app, "vendor")
    copy = app.test_client()
    copy.set_cookie("ieum", member.client.get_cookie("ieum").value)
    assert is_in(copy)
    assert member.post("/sign-out").status_code == 303
    assert not is_in(copy)
    assert not is_in(member.client)
    assert is_in(bystander.client)
    assert count(app, UserSession) == 1


def test_the_key_is_new_at_every_sign_in(app):
    """Whoever planted a cookie before, or kept one, does not hold the key of the new sign-in."""
    member = person(app, "vendor")
    client = app.test_client()
    csrf(client)
    planted = client.get_cookie("ieum").value
    enter(client, member.email)
    first = client.get_cookie("ieum").value
    enter(client, member.email)
    assert len({planted, first, client.get_cookie("ieum").value}) == 3
    holder = app.test_client()
    holder.set_cookie("ieum", planted)
    assert not is_in(holder)
    with app.extensions["database"].session(reading=True) as session:
        keys = session.scalars(select(UserSession.key_hash)).all()
    assert len(keys) == len(set(keys)) == 2  # the first one ended when the browser signed in again
    holder.set_cookie("ieum", first)
    assert not is_in(holder)
    assert all(len(key) == 32 and key.hex() not in first for key in keys)


def test_a_forged_cookie_opens_nothing(app, settings):
    other = create_app({**settings, "SECRET_KEY": "another key, just as long as the first"})
    member = person(app, "vendor")
    forger = person(other, "vendor")
    stranger = app.test_client()
    stranger.set_cookie("ieum", forger.client.get_cookie("ieum").value)
    assert not is_in(stranger)
    stranger.set_cookie("ieum", member.client.get_cookie("ieum").value[:-3] + "abc")
    assert not is_in(stranger)
    other.extensions["database"].engine.dispose()


def test_cookies_do_not_work_on_the_api_and_tokens_not_on_pages(app):
    member = person(app, "vendor", "manufacturer")
    bearer = {"Authorization": f"Bearer {member.token}"}
    assert member.client.get("/api/v1/organization").status_code == 401
    assert member.client.get("/api/v1/organization", headers=bearer).status_code == 200
    visitor = app.test_client()
    assert visitor.get("/account", headers=bearer).status_code == 303
    assert visitor.get("/listings", headers=bearer).status_code == 303
    assert visitor.get("/api/v1/organization", headers=bearer).status_code == 200


@pytest.fixture
def at_four_past(monkeypatch):
    """Four minutes into a window of ten."""

    def move(minutes=4):
        moment = datetime(2026, 11, 21, 3, 0, tzinfo=UTC) + timedelta(minutes=minutes)
        for module in (sign_in, attempts):
            monkeypatch.setattr(module, "now", lambda: moment)

    move()
    return move


def login(app, email, password=PASSWORD):
    """Ask the API for a token."""
    body = {"email": email, "password": password, "name": "x", "scopes": None}
    return app.test_client().post("/api/v1/tokens", json=body)


def test_too_many_failures_close_one_account_until_the_window_ends(app, at_four_past, monkeypatch):
    member, bystander = person(app, "vendor"), person(app, "vendor")
    monkeypatch.setitem(attempts.MAX_TRIES, "account", 3)
    for password in ("wrong 1", "wrong 2"):
        assert login(app, member.email, password).status_code == 422
    assert enter(app.test_client(), member.email.upper(), "wrong 3").status_code == 422
    refused = login(app, member.email)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "360")
    assert refused.get_json()["code"] == "retry_later"
    page = enter(app.test_client(), member.email)
    assert (page.status_code, page.headers["Retry-After"]) == (429, "360")
    assert login(app, bystander.email).status_code == 201
    at_four_past(9)
    assert login(app, member.email).headers["Retry-After"] == "60"
    at_four_past(10)
    assert login(app, member.email).status_code == 201


def test_the_limits_are_eight_an_account_and_forty_an_address(app, at_four_past, monkeypatch):
    assert (attempts.MAX_TRIES["account"], attempts.MAX_TRIES["address"]) == (8, 40)
    monkeypatch.setattr(sign_in.passwords, "matches", lambda stored, password: False)
    statuses = [login(app, f"p{number % 5}@example.com").status_code for number in range(41)]
    assert statuses == [422] * 40 + [429]
    with app.extensions["database"].session(reading=True) as session:
        assert sorted(session.scalars(select(SignInFailure.failures))) == [8, 8, 8, 8, 9, 41]
        assert all("@" not in subject for subject in session.scalars(select(SignInFailure.subject)))


def test_an_unknown_address_costs_the_same_work(app, monkeypatch):
    member = person(app, "vendor")
    asked = []
    real = sign_in.passwords.matches

    def matches(stored, password):
        asked.append((stored is not None, password))
        return real(stored, password)

    monkeypatch.setattr(sign_in.passwords, "matches", matches)
    answers = [login(app, email, "wrong") for email in (member.email, "nobody@example.com")]
    assert asked == [(True, "wrong"), (False, "wrong")]
    known, unknown = (answer.get_json() for answer in answers)
    assert known == unknown
    assert known["errors"][0]["code"] == "credentials"


ELSEWHERE = (
    "//[",
    "http://[x",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "HTTPS:evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    "\x01//evil.example",
    " //evil.example",
    "evil.example",
    "",
)


def test_no_form_leads_to_another_site(app):
    member = person(app, "vendor")
    for path, form in (
        ("/language", {"locale": "en"}),
        ("/theme", {"theme": "dark"}),
        ("/sign-in", {"email": member.email, "password": PASSWORD}),
    ):
        for target in ELSEWHERE:
            answer = member.post(path, {**form, "next": target})
            assert (answer.status_code, answer.location) == (303, "/"), (path, target)
        answer = member.post(path, {**form, "next": "/solutions?q=//evil.example"})
        assert answer.location == "/solutions?q=//evil.example"


@pytest.fixture
def invited(app):
    """The e-mail address of a person without a password, and the secret of their link."""
    with app.app_context(), app.extensions["database"].session() as session:
        user = User(email="new@example.com", name="새 사람")
        session.add(user)
        session.flush()
        secret = sign_in.issue_link(session, user)
        session.commit()
    return user.email, secret


CHOSEN = "a password of mine"


def choose(app, secret, password=CHOSEN):
    client = app.test_client()
    return client.post(f"/welcome/{secret}", data={"password": password, "csrf_token": csrf(client)})


def test_a_link_works_once_and_only_its_hash_is_kept(app, invited):
    email, secret = invited
    with app.extensions["database"].session(reading=True) as session:
        assert session.scalars(select(OneTimeLink.secret_hash)).one() == principal.digest(secret)
    assert login(app, email, CHOSEN).status_code == 422
    assert choose(app, secret).status_code == 303
    assert choose(app, secret, "a second password").status_code == 404
    assert login(app, email, "a second password").status_code == 422
    assert login(app, email, CHOSEN).status_code == 201


def test_a_link_ends_after_three_days(app, invited, clock):
    email, secret = invited
    clock(days=3, seconds=10)
    assert choose(app, secret).status_code == 404
    with app.extensions["database"].session(reading=True) as session:
        assert session.scalar(select(User.password_hash).where(User.email == email)) is None
    clock(days=2, hours=23, minutes=59)
    assert choose(app, secret).status_code == 303


def test_a_used_link_ends_every_other_sign_in_of_the_person(app):
    member = person(app, "vendor")
    with app.app_context(), app.extensions["database"].session() as session:
        secret = sign_in.issue_link(session, session.get_one(User, member.user_key))
        session.commit()
    assert is_in(member.client)
    assert choose(app, secret).status_code == 303
    assert not is_in(member.client)


def test_secrets_do_not_reach_the_log(app):
    event = {
        "event": "x",
        "password": "p1",
        "new_password": "p2",
        "API_TOKEN": "p3",
        "secret_key": "p4",
        "Authorization": "p5",
        "set-cookie": "p6",
        "email": "kept@example.com",
    }
    line = dict(event)
    for processor in structlog.get_config()["processors"]:
        line = processor(None, "info", line)
    written = json.loads(line)
    assert {key for key in event if written[key] == "[redacted]"} == set(event) - {"event", "email"}
    assert written["email"] == "kept@example.com"
    assert logs.redact(None, "info", {"path": "/x"}) == {"path": "/x"}


def test_the_server_does_not_start_without_a_key(settings):
    settings["SECRET_KEY"] = None
    bare = create_app(settings)
    done = bare.test_cli_runner().invoke(args=["serve"])
    assert done.exit_code == 2
    assert done.stderr.startswith("SECRET_KEY: ")
    bare.extensions["database"].engine.dispose()
