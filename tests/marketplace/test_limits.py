"""Rate limits: each for itself, refilled evenly, said in headers, bounded in memory; the clock is the test's."""

import pytest

from marketplace import limits
from marketplace.limits import LIMITS, Limit, Limiter
from tests.marketplace.people import csrf, person


class Clock:
    """Seconds that only a test moves."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(app):
    """The application's clock of limits."""
    held = Clock()
    app.extensions["limits"] = Limiter(clock=held)
    return held


@pytest.fixture
def pair(app):
    """Two vendors, signed in before the limits become small."""
    return person(app, "vendor"), person(app, "vendor")


@pytest.fixture
def small(monkeypatch):
    """Limits small enough to meet."""
    table = {name: Limit(3, 60, "for a test") for name in LIMITS}
    monkeypatch.setattr(limits, "LIMITS", table)


def test_a_bucket_fills_evenly(small):
    clock = Clock()
    limiter = Limiter(clock=clock)
    assert [limiter.spend("token", "a").left for _ in range(3)] == [2, 1, 0]
    refused = limiter.spend("token", "a")
    assert (refused.left, refused.retry_after, refused.full_after) == (0, 20, 60)
    clock.now += 19.9
    assert limiter.spend("token", "a").retry_after == 1
    clock.now += 0.2
    assert limiter.spend("token", "a").retry_after is None
    clock.now += 3600
    assert [limiter.spend("token", "a").retry_after for _ in range(4)] == [None, None, None, 20]


def test_buckets_are_apart(small):
    limiter = Limiter(clock=Clock())
    for _ in range(4):
        limiter.spend("token", "a")
    assert limiter.spend("token", "b").left == 2
    assert limiter.spend("anonymous", "a").left == 2


def test_memory_is_bounded_and_the_longest_unused_makes_way(small):
    limiter = Limiter(clock=Clock(), room=100)
    for number in range(1000):
        limiter.spend("visitor", str(number))
        limiter.spend("visitor", "busy")
    assert len(limiter) == 100
    assert limiter.spend("visitor", "busy").retry_after is not None
    assert limiter.spend("visitor", "0").left == 2


def test_a_token_that_asks_too_much_waits(pair, clock, small):
    owner, other = pair
    answers = [owner.api("GET", "/listings") for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert [a.headers["RateLimit"] for a in answers] == [
        '"token";r=2;t=20',
        '"token";r=1;t=40',
        '"token";r=0;t=60',
        '"token";r=0;t=60',
    ]
    assert answers[0].headers["RateLimit-Policy"] == '"token";q=3;w=60'
    refused = answers[3]
    assert (refused.headers["Retry-After"], refused.content_type) == ("20", "application/problem+json")
    assert refused.get_json()["code"] == "retry_later"
    assert other.api("GET", "/listings").status_code == 200
    clock.now += 20
    assert owner.api("GET", "/listings").status_code == 200


def test_what_was_refused_did_nothing(pair, clock, small):
    owner, _ = pair
    for number in range(5):
        owner.api("POST", "/listings", json={"title": f"제품 {number}"})
    clock.now += 60
    assert owner.api("GET", "/listings").get_json()["total"] == 3


def test_without_a_token_the_address_counts(app, clock, small):
    def ask(address, **headers):
        return app.test_client().get(
            "/api/v1/solutions", headers=headers, environ_overrides={"REMOTE_ADDR": address}
        )

    statuses = [ask("192.0.2.1", Authorization=f"Bearer ieum_{n}").status_code for n in range(4)]
    assert statuses == [200, 200, 200, 429]  # a made-up token is no way round
    assert ask("192.0.2.2").status_code == 200
    assert [ask(f"2001:db8::{n}").status_code for n in range(4)] == [200, 200, 200, 429]
    assert ask("2001:db8:0:1::1").status_code == 200


def test_pages_are_refused_as_pages(app, clock, small):
    client = app.test_client()
    answers = [client.get("/solutions") for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert answers[3].content_type.startswith("text/html")
    assert answers[3].headers["Retry-After"] == "20"
    for path in ("/healthz", "/static/css/2-base.css"):
        for _ in range(4):
            with client.get(path) as free:
                assert free.status_code == 200


def test_sign_ups_of_one_address(app, clock, monkeypatch):
    monkeypatch.setattr(limits, "LIMITS", {**LIMITS, "sign-up": Limit(2, 3600, "for a test")})
    client = app.test_client()
    bodies = [
        {"email": f"u{n}@example.com", "password": "a long pass phrase", "name": "새"} for n in range(3)
    ]
    assert [client.post("/api/v1/sign-up", json=body).status_code for body in bodies] == [201, 201, 429]
    page = client.post("/sign-up", data={**bodies[2], "csrf_token": csrf(client)})
    assert page.status_code == 429


def test_every_counted_act_is_a_route(app):
    assert set(limits.ACTS) <= set(app.view_functions)
    assert set(limits.ACTS.values()) <= set(LIMITS)


def test_every_operation_says_so(app):
    description = app.test_client().get("/api/openapi.json").get_json()
    for methods in description["paths"].values():
        for method in {"get", "post", "put", "patch", "delete"} & set(methods):
            assert "429" in methods[method]["responses"], methods[method]["operationId"]
