"""docs/api.md and docs/webhooks.md do what they say: their requests are sent, their code is run."""

import json
import re
from datetime import UTC, datetime

import pytest

from marketplace import config, limits
from marketplace.hooks import delivering, signing
from marketplace.hooks.sending import SECONDS
from tests.marketplace.web.looking import text_of

API = (config.ROOT / "docs" / "api.md").read_text()
WEBHOOKS = (config.ROOT / "docs" / "webhooks.md").read_text()
STEP = re.compile(r"```http\n(.+?)```\s+Answer `(\d{3})`(?:: `([^`]*)`)?", re.DOTALL)


def _send(client, text, words):
    head, _, body = text.strip().partition("\n\n")
    first, *lines = head.splitlines()
    method, path = first.split(" ", 1)
    headers = dict(line.split(": ", 1) for line in lines)
    for name, word in words.items():
        headers = {key: value.replace(f"<{name}>", word) for key, value in headers.items()}
    return client.open(path, method=method, headers=headers, data=body.encode() or None)


def test_every_request_of_the_guide_is_answered_as_it_says(app):
    client, words, done = app.test_client(), {}, 0
    for text, status, shown in STEP.findall(API):
        answer = _send(client, text, words)
        assert answer.status_code == int(status), (text, answer.get_data(as_text=True))
        body = answer.get_json()
        for name in re.findall(r'[{"\s,]"(\w+)":', shown or ""):
            assert f'"{name}"' in json.dumps(body), (name, text)
        if "token" in body:
            words["token"] = body["token"]
            words.setdefault("first token", body["token"])
        done += 1
    assert done == API.count("```http") == 7


def _documented():
    (code,) = re.findall(r"```python\n(.+?)```", WEBHOOKS, re.DOTALL)
    return code


def test_the_page_shows_the_code_that_the_document_shows(app):
    shown = (config.ROOT / "marketplace" / "templates" / "programs" / "verify.py.txt").read_text()
    assert shown.strip() == _documented().strip()
    page = app.test_client().get("/api/docs").get_data(as_text=True)
    assert "def is_genuine(secret, header, body, now=None):" in page


@pytest.fixture
def is_genuine():
    """The function that receivers are told to use."""
    space = {}
    exec(_documented(), space)  # noqa: S102  # the document's own code is what is tested
    return space["is_genuine"]


def test_the_code_of_the_document_tells_ours_from_others(is_genuine):
    moment, body = datetime(2026, 11, 21, 8, 14, 3, tzinfo=UTC), b'{"id":"1"}'
    t = moment.timestamp()
    header = signing.header(["whsec_new", "whsec_old"], moment, body)
    for secret in ("whsec_new", "whsec_old"):
        assert is_genuine(secret, header, body, now=t)
    assert is_genuine("whsec_new", header, body, now=t + 300)
    assert not is_genuine("whsec_other", header, body, now=t)
    assert not is_genuine("whsec_new", header, body + b" ", now=t)
    assert not is_genuine("whsec_new", header, body, now=t + 301)
    later = header.replace(f"t={int(t)}", f"t={int(t) + 600}")
    assert not is_genuine("whsec_new", later, body, now=t + 600)
    for forged in ("", "t=", "t=x,v1=y", "v1=" + "0" * 64, "t=1", ",,,=", "t=²,v1=1"):
        assert not is_genuine("whsec_new", forged, body, now=t)


def test_the_numbers_of_the_documents_are_the_products():
    for name in ("token", "anonymous"):
        assert (
            f"| {limits.LIMITS[name].quota:,} requests | {limits.LIMITS[name].window // 60} minutes |" in API
        )
    assert f"| {limits.LIMITS['sign-up'].quota} | 1 hour |" in API
    pauses = {10: "10 s", 60: "1 min", 300: "5 min", 900: "15 min", 2700: "45 min"}
    said = [pauses.get(s) or f"{s // 3600} h" for s in delivering.PAUSES]
    assert f"{', '.join(said[:-1])} and {said[-1]}" in WEBHOOKS.replace("\n", " ")
    assert SECONDS == 5
    assert delivering.PATIENCE.days == 5


def test_the_page_says_scopes_limits_and_events(app):
    page = text_of(app.test_client().get("/api/docs"))
    for words in ("listings:write", "2,400", "review.approved", "deleteWebhook"):
        assert words in page
