"""Settings: read once, with defaults, and refused where they make no sense."""

import os
import subprocess
import sys

import pytest

from marketplace import config, create_app


def test_every_setting_has_a_value_without_any_environment():
    values = config.read({})
    assert set(values) == {setting.name for setting in config.SETTINGS}
    assert {name: values[name] for name in ("HOST", "PORT", "SEARCH_URL", "IEUM_DEMO", "SITE_NAME")} == {
        "HOST": "127.0.0.1",
        "PORT": "8000",
        "SEARCH_URL": "embedded:",
        "IEUM_DEMO": "0",
        "SITE_NAME": "이음",
    }
    assert (values["SECRET_KEY"], values["CRASH_AT"]) == (None, None)
    assert values["DATABASE_URL"] == f"sqlite:///{config.INSTANCE / 'ieum.db'}"


def test_the_environment_wins_and_an_empty_variable_counts_as_unset():
    values = config.read({"SITE_NAME": "다른 이름", "HOST": "", "SECRET_KEY": "", "OTHER": "x"})
    assert (values["SITE_NAME"], values["HOST"], values["SECRET_KEY"]) == ("다른 이름", "127.0.0.1", None)
    assert "OTHER" not in values


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"PORT": "8123"}, "http://127.0.0.1:8123"),
        ({"PORT": "8123", "SITE_URL": ""}, "http://127.0.0.1:8123"),
        ({"SITE_URL": "https://ieum.example/"}, "https://ieum.example"),
    ],
)
def test_the_address_of_the_site(environment, url):
    assert config.read(environment)["SITE_URL"] == url


@pytest.mark.parametrize(
    ("url", "name", "secure"),
    [
        ("http://127.0.0.1:8000", "ieum", False),
        ("https://ieum.example", "__Host-ieum", True),
        ("http://https.example", "ieum", False),
    ],
)
def test_https_makes_cookies_secure(url, name, secure):
    flask = config.flask_config({**config.read({}), "SITE_URL": url})
    assert (flask["SESSION_COOKIE_NAME"], flask["SESSION_COOKIE_SECURE"]) == (name, secure)
    assert flask["WTF_CSRF_SSL_STRICT"] is secure
    assert flask["SESSION_COOKIE_HTTPONLY"] is True
    assert (flask["SESSION_COOKIE_SAMESITE"], flask["SESSION_COOKIE_PATH"]) == ("Lax", "/")
    assert "SESSION_COOKIE_DOMAIN" not in flask


@pytest.mark.parametrize(
    ("value", "on"), [("1", True), ("0", False), ("yes", False), ("true", False), (None, False)]
)
def test_the_demo_is_on_with_1_alone(value, on):
    assert config.flask_config({**config.read({}), "IEUM_DEMO": value})["IEUM_DEMO"] is on


def test_a_request_may_be_a_little_larger_than_the_largest_file():
    flask = config.flask_config(config.read({}))
    assert flask["MAX_CONTENT_LENGTH"] == 21 * 1024 * 1024
    assert flask["MAX_CONTENT_LENGTH"] > config.MAX_UPLOAD_BYTES


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FILES_URL", "ftp://bucket"),
        ("FILES_URL", "file:"),
        ("MAIL_URL", "smtp://mail.example"),
        ("SEARCH_URL", "elasticsearch://localhost"),
        ("SEARCH_ANALYSER", "nori"),
    ],
)
def test_what_this_version_does_not_know_is_said_at_the_start(settings, name, value):
    with pytest.raises(ValueError, match=f"^{name}: "):
        create_app({**settings, name: value})


@pytest.mark.parametrize(
    ("name", "value"), [("SEARCH_URL", "ftp://x"), ("MAIL_URL", "smtp://mail.example"), ("LEAD_HOURS", "721")]
)
def test_a_command_says_it_in_one_line(name, value):
    ended = subprocess.run(
        [sys.executable, "-m", "flask", "search", "status"],
        cwd=config.ROOT,
        env={**os.environ, name: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr.count("\n"), ended.stdout) == (2, 1, "")
    assert ended.stderr.startswith(f"{name}: ")


def test_what_is_passed_in_wins_over_the_environment(settings, monkeypatch):
    monkeypatch.setenv("SITE_NAME", "환경의 이름")
    assert create_app(settings).config["SITE_NAME"] == "환경의 이름"
    assert create_app({**settings, "SITE_NAME": "넘긴 이름"}).config["SITE_NAME"] == "넘긴 이름"
