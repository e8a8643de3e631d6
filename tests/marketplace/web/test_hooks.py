"""The pages of webhooks and of the organization's tokens."""

import re

import pytest
from sqlalchemy import func, select

from marketplace import worker
from marketplace.accounts.models import ApiToken
from marketplace.audit import AuditEntry
from marketplace.hooks.models import Hook, HookDelivery
from tests.marketplace.hooks.receiver import listening, loopback_sender
from tests.marketplace.people import person
from tests.marketplace.web.looking import counted, form_word, one, rows, text_of

PAGE = "/organization/webhooks"
GIVEN = {"url": "https://erp.hanul.example/ieum", "events": ["review.approved", "match.new"]}


@pytest.fixture
def member(app):
    return person(app, "vendor")


def _registered(member, **changes):
    word = form_word(member.client.get(PAGE))
    return member.post(PAGE, {**GIVEN, **changes, "form_id": word})


def test_empty_then_registered_once(app, member):
    assert "등록한 웹훅이 없어요" in text_of(member.client.get(PAGE))
    word = form_word(member.client.get(PAGE))
    answers = [member.post(PAGE, {**GIVEN, "form_id": word}) for _ in range(2)]
    assert [a.status_code for a in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert one(app, select(func.count(Hook.id))) == 1
    page = text_of(member.client.get(answers[0].location))
    assert GIVEN["url"] in page
    assert "아직 보낸 것이 없어요" in page
    assert "hook.create" in rows(app, select(AuditEntry.act))


def test_bad_input_at_its_field_with_what_was_typed(app, member):
    answer = _registered(member, url="http://erp.hanul.example/")
    page = text_of(answer)
    assert answer.status_code == 422
    assert 'id="f-url-error"' in page
    assert 'value="http://erp.hanul.example/"' in page
    assert re.search(r'value="match.new" checked', page)
    assert one(app, select(func.count(Hook.id))) == 0


def test_a_secret_a_ping_and_its_line_in_the_log(app, member):
    with listening() as receiver:
        app.extensions["hooks"] = loopback_sender()
        own = _registered(member, url=receiver.url).location
        word = form_word(member.client.get(own))
        shown = [member.post(f"{own}/secret", {"form_id": word}) for _ in range(2)]
        secrets = {re.search(r"<code>(whsec_[^<]+)</code>", text_of(page)).group(1) for page in shown}
        assert len(secrets) == 1
        assert shown[0].headers["Cache-Control"] == "no-store"
        assert secrets.pop() not in text_of(member.client.get(own))
        assert member.post(f"{own}/ping").status_code == 303
        worker.drain(app)
        assert len(receiver.requests) == 1
        page = text_of(member.client.get(own))
        assert "전달함" in page
        again = re.search(r'action="([^"]+/redelivery)"', page).group(1)
        assert member.post(again).status_code == 303
        worker.drain(app)
        assert len(receiver.requests) == 2
    assert one(app, select(func.count(HookDelivery.id))) == 2


def test_off_on_and_away(app, member):
    own = _registered(member).location
    assert member.post(f"{own}/off").status_code == 303
    assert "꺼짐" in text_of(member.client.get(own))
    assert member.post(f"{own}/ping").status_code == 409
    assert member.post(f"{own}/on").status_code == 303
    assert one(app, select(Hook.off_at)) is None
    assert member.post(f"{own}/remove").status_code == 303
    assert member.client.get(own).status_code == 404


def test_a_stranger_finds_nothing(app, member):
    own, stranger = _registered(member).location, person(app, "vendor")
    assert stranger.client.get(own).status_code == 404
    for act in ("secret", "ping", "off", "on", "remove"):
        assert stranger.post(f"{own}/{act}").status_code == 404
    assert GIVEN["url"] not in text_of(stranger.client.get(PAGE))
    assert one(app, select(Hook.generation)) == 1


def test_few_statements_in_both_languages(app, member):
    own = _registered(member).location
    for _ in range(25):
        member.post(f"{own}/ping")
    member.post("/organization/tokens", {"name": "야간", "scopes": ["listings:read"]})
    for path in (PAGE, own, f"{own}?page=2", "/organization/tokens", "/account/tokens"):
        with counted(app) as statements:
            assert member.client.get(path).status_code == 200
        assert len(statements) <= 12, path
    beyond = member.client.get(f"{own}?page=99999&colour=red")
    assert beyond.status_code == 200
    assert "첫 쪽을 보여드려요" in text_of(beyond)


def test_the_organizations_tokens(app, member):
    page = text_of(member.client.get("/organization/tokens"))
    assert "listings:write" in page
    assert "demands:write" not in page  # nothing for a vendor
    word = form_word(member.client.get("/organization/tokens"))
    given = {"name": "야간 연동", "scopes": ["listings:read"], "expires_on": "", "form_id": word}
    made = [member.post("/organization/tokens", given) for _ in range(2)]
    words = {re.search(r"<code>(ieum_[^<]+)</code>", text_of(answer)).group(1) for answer in made}
    assert len(words) == 1
    row = one(app, select(ApiToken).where(ApiToken.user_id.is_(None)))
    assert (row.name, row.scopes, row.organization_id) == (
        "야간 연동",
        "listings:read",
        member.organization_key,
    )
    other = person(app, "vendor")
    assert other.post(f"/organization/tokens/{row.public_id}/revoke").status_code == 404
    assert member.post(f"/account/tokens/{row.public_id}/revoke").status_code == 404
    assert member.post(f"/organization/tokens/{row.public_id}/revoke").status_code == 303
    assert one(app, select(ApiToken.revoked_at).where(ApiToken.id == row.id)) is not None


@pytest.mark.parametrize(
    "host", ["metadata.internal", "printer.local", "app.localhost", "localhost", "10.0.0.7"]
)
def test_an_address_that_can_never_be_reached_is_refused_at_its_field(app, member, host):
    given = {"url": f"https://{host}/events", "events": ["review.approved"]}
    refused = member.post(PAGE, given)
    assert refused.status_code == 422
    assert 'id="f-url-error"' in text_of(refused)
    asked = member.api("POST", "/webhooks", json=given)
    assert (asked.status_code, asked.get_json()["errors"][0]["pointer"]) == (422, "/url")
    assert one(app, select(func.count(Hook.id))) == 0


def test_a_token_without_scopes_needs_a_person(app, member):
    refused = member.post("/organization/tokens", {"name": "전부", "scopes": [], "expires_on": "2020-01-01"})
    assert refused.status_code == 422
    assert 'id="f-scopes-error"' in text_of(refused)
    assert 'value="2020-01-01"' in text_of(refused)
    nothing = member.post("/account/tokens", {"name": "전부", "scopes": []})
    assert nothing.status_code == 422
    assert 'href="#f-scopes"' in text_of(nothing)
    assert rows(app, select(ApiToken.id).where(ApiToken.name == "전부")) == []
    assert member.post("/account/tokens", {"name": "전부", "everything": "1"}).status_code == 200
    assert rows(app, select(ApiToken.scopes).where(ApiToken.name == "전부")) == [None]
    some = {"name": "일부", "scopes": ["listings:read"], "form_id": "another-form"}
    assert member.post("/account/tokens", some).status_code == 200
    assert rows(app, select(ApiToken.scopes).where(ApiToken.name == "일부")) == ["listings:read"]
    assert one(app, select(ApiToken.scopes).where(ApiToken.name == "전부")) is None
