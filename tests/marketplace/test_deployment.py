"""Behind a proxy, under its own names, with keys that change: what a deployment relies on."""

import pytest

from marketplace import create_app
from tests.marketplace.people import person


def test_forwarded_headers_are_believed_only_of_so_many_proxies(settings):
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    for hops, secure in (("0", False), ("1", True)):
        application = create_app({**settings, "TRUSTED_PROXIES": hops})
        answer = application.test_client().get("/api/v1/solutions", headers=forwarded)
        assert ("Strict-Transport-Security" in answer.headers) is secure, hops
        application.extensions["database"].engine.dispose()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("ieum.example", 200),
        ("other.example", 200),
        ("evil.example", 400),
        ("ieum.example.evil.example", 400),
    ],
)
@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/solutions"])
def test_the_site_answers_under_its_own_names_alone(settings, host, status, path):
    named = {**settings, "SITE_URL": "http://ieum.example", "TRUSTED_HOSTS": "other.example"}
    application = create_app(named)
    answer = application.test_client().get(path, headers={"Host": host})
    assert answer.status_code == status
    assert "evil.example" not in answer.get_data(as_text=True)
    application.extensions["database"].engine.dispose()


def test_a_new_secret_key_keeps_sign_ins_while_the_old_one_is_listed(settings):
    old, new = ("an old key for tests only" * 2, "a new key for tests only" * 2)
    first = create_app({**settings, "SECRET_KEY": old})
    cookie = person(first, "vendor").client.get_cookie("ieum").value
    for fallbacks, status in ((f"older still, {old}", 200), ("older still", 303)):
        rotated = create_app({**settings, "SECRET_KEY": new, "SECRET_KEY_FALLBACKS": fallbacks})
        client = rotated.test_client()
        client.set_cookie("ieum", cookie)
        assert client.get("/account").status_code == status
        rotated.extensions["database"].engine.dispose()
    first.extensions["database"].engine.dispose()
