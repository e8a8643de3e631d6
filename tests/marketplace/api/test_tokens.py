"""Tokens: scopes, ends, last use, and tokens of the organization itself."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update

from catalog.models import Listing
from marketplace.accounts import roles, scopes
from marketplace.accounts.models import ApiToken, Membership, User
from marketplace.audit import AuditEntry
from marketplace.extensions import now, today
from tests.marketplace.people import PASSWORD, person


def _token(owner, **limits):
    body = {"email": owner.email, "password": PASSWORD, "name": "ERP", "scopes": None, **limits}
    return owner.app.test_client().post("/api/v1/tokens", json=body)


def _ask(app, word, method, path, **sent):
    headers = {"Authorization": f"Bearer {word}"}
    return app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **sent)


def _organization_token(owner, *wanted, name="야간 연동"):
    page = owner.post("/organization/tokens", {"name": name, "scopes": list(wanted)})
    assert page.status_code == 200, page.get_data(as_text=True)
    return re.search(r"<code>(ieum_[^<]+)</code>", page.get_data(as_text=True)).group(1)


def test_every_permission_of_the_api_is_in_a_scope(app):
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")]
    permissions = {app.view_functions[rule.endpoint].permission for rule in rules}
    closed = {name for name in permissions if roles.PUBLIC not in roles.PERMISSIONS[name]}
    assert {name for name in closed if not scopes.covering(name)} == set()
    assert {name for held in scopes.SCOPES.values() for name in held} <= set(roles.PERMISSIONS)


def test_a_token_without_scopes_may_do_what_its_person_may(app):
    owner = person(app, "vendor")
    made = _token(owner).get_json()
    assert made["scopes"] is None
    assert _ask(app, made["token"], "POST", "/listings", json={"title": "새 제품"}).status_code == 201


def test_a_token_says_that_it_is_not_limited_and_an_empty_list_is_no_choice(app, session):
    owner = person(app, "vendor")
    body = {"email": owner.email, "password": PASSWORD, "name": "ERP"}
    made = app.test_client().post("/api/v1/tokens", json=body)
    assert (made.status_code, made.get_json()["scopes"]) == (201, None)
    before = session.scalar(select(func.count(ApiToken.id)))
    answer = app.test_client().post("/api/v1/tokens", json={**body, "scopes": []})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.get_json()["errors"]] == ["/scopes"]
    assert session.scalar(select(func.count(ApiToken.id))) == before


def test_an_act_outside_the_scopes_is_refused_by_name(app, session):
    owner = person(app, "vendor", "manufacturer")
    word = _token(owner, scopes=["listings:read"]).get_json()["token"]
    assert _ask(app, word, "GET", "/listings").status_code == 200
    assert _ask(app, word, "GET", "/solutions").status_code == 200  # open to everybody
    refused = _ask(app, word, "POST", "/listings", json={"title": "새 제품"})
    assert (refused.status_code, refused.get_json()["code"]) == (403, "scope_missing")
    assert "listings:write" in refused.get_json()["title"]
    assert 'scope="listings:write"' in refused.headers["WWW-Authenticate"]
    assert _ask(app, word, "GET", "/sites").get_json()["code"] == "scope_missing"
    assert session.scalar(select(func.count(Listing.id))) == 0


def test_a_scope_gives_nothing_that_the_owner_lacks(app):
    vendor = person(app, "vendor")
    word = _token(vendor, scopes=["demands:write", "console:operate"]).get_json()["token"]
    for path in ("/demands", "/organizations"):
        assert _ask(app, word, "GET", path).get_json()["code"] == "role_missing"


@pytest.mark.parametrize(
    ("limits", "pointer", "code"),
    [
        ({"scopes": ["everything"]}, "/scopes/0", "choice"),
        ({"scopes": []}, "/scopes", "required"),
        ({"expires_on": "2026-13-01"}, "/expires_on", "date"),
        ({"expires_on": "2020-01-01"}, "/expires_on", "token_end"),
        ({"expires_on": "2999-01-01"}, "/expires_on", "token_end"),
    ],
)
def test_limits_that_cannot_be(app, session, limits, pointer, code):
    owner = person(app, "vendor")
    refused = _token(owner, **limits)
    assert refused.status_code == 422
    assert [(e["pointer"], e["code"]) for e in refused.get_json()["errors"]] == [(pointer, code)]
    assert session.scalar(select(func.count(ApiToken.id))) == 1


def test_a_token_ends_with_its_last_day(app, session):
    owner = person(app, "vendor")
    made = _token(owner, expires_on=today().isoformat()).get_json()
    assert _ask(app, made["token"], "GET", "/listings").status_code == 200
    session.execute(update(ApiToken).where(ApiToken.public_id == made["id"]).values(expires_at=now()))
    session.commit()
    assert _ask(app, made["token"], "GET", "/listings").status_code == 401


def test_a_token_lasts_a_year_unless_it_says_otherwise(app, session):
    owner = person(app, "vendor")
    row = session.scalars(select(ApiToken).where(ApiToken.user_id == owner.user_key)).one()
    assert timedelta(days=364) < row.expires_at - now() <= timedelta(days=366)


def test_the_last_use_is_kept_to_the_minute(app, session, monkeypatch):
    owner = person(app, "vendor")
    used = select(ApiToken.last_used_at).where(ApiToken.user_id == owner.user_key)
    assert session.scalar(used) is None
    session.rollback()
    seen = []
    for method in ("GET", "GET", "POST"):
        owner.api(method, "/listings", **({"json": {"title": "제품"}} if method == "POST" else {}))
        seen.append(session.scalar(used))
        session.rollback()
    assert seen[0] is not None
    assert seen == [seen[0]] * 3
    session.execute(update(ApiToken).values(last_used_at=now() - timedelta(minutes=2)))
    session.commit()
    owner.api("POST", "/listings", json={"title": "제품"})
    assert session.scalar(used) > seen[0]


def test_a_token_does_not_follow_its_person_elsewhere(app, session):
    """The person has left the organization that the token acts for: it does not act for another one instead."""
    owner, other = person(app, "vendor"), person(app, "vendor")
    word = _token(owner, organization_id=owner.organization_id).get_json()["token"]
    session.add(Membership(user_id=owner.user_key, organization_id=other.organization_key))
    session.execute(
        delete(Membership).where(
            Membership.user_id == owner.user_key, Membership.organization_id == owner.organization_key
        )
    )
    session.commit()
    assert _ask(app, word, "GET", "/organization").status_code == 401


def test_an_organizations_token_outlives_its_maker(app, session):
    owner = person(app, "vendor")
    word = _organization_token(owner, "listings:write", "organization:read")
    session.execute(delete(Membership).where(Membership.user_id == owner.user_key))
    session.execute(delete(User).where(User.id == owner.user_key))
    session.commit()
    assert _ask(app, word, "GET", "/organization").get_json()["id"] == owner.organization_id
    assert _ask(app, word, "POST", "/listings", json={"title": "밤에 만든 제품"}).status_code == 201
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1)).one()
    assert (entry.act, entry.actor, entry.organization) == (
        "listing.draft",
        "token:야간 연동",
        owner.organization_id,
    )


def test_an_organizations_token_does_nothing_that_needs_a_person(app):
    owner = person(app, "vendor")
    refused = owner.post("/organization/tokens", {"name": "x", "scopes": ["tokens:manage"]})
    assert refused.status_code == 422
    word = _organization_token(owner, *scopes.FOR_ORGANIZATIONS)
    company = {"name": "다른 회사", "registration_number": "118-81-03520", "roles": ["vendor"]}
    for method, path, sent in (("GET", "/tokens", {}), ("POST", "/organizations", {"json": company})):
        answer = _ask(app, word, method, path, **sent)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "role_missing"), path


def test_only_admins_make_tokens_of_the_organization(app, session):
    owner = person(app, "vendor")
    session.execute(update(Membership).where(Membership.user_id == owner.user_key).values(is_admin=False))
    session.commit()
    assert owner.client.get("/organization/tokens").status_code == 403
    assert owner.post("/organization/tokens", {"name": "x", "scopes": ["sites:read"]}).status_code == 403
    assert session.scalar(select(func.count(ApiToken.id)).where(ApiToken.user_id.is_(None))) == 0


def test_listed_and_revoked_through_the_api(app):
    owner = person(app, "vendor")
    made = _token(owner, scopes=["listings:read"]).get_json()
    listed = owner.api("GET", "/tokens").get_json()
    assert [row["name"] for row in listed["items"]] == ["ERP", "test"]
    assert made["token"] not in str(listed)
    stranger = person(app, "vendor")
    assert stranger.api("DELETE", f"/tokens/{made['id']}").status_code == 404
    assert _ask(app, made["token"], "GET", "/listings").status_code == 200
    assert owner.api("DELETE", f"/tokens/{made['id']}").status_code == 200
    assert _ask(app, made["token"], "GET", "/listings").status_code == 401


def test_a_repeated_request_for_a_token_answers_the_same_one(app, session):
    owner = person(app, "vendor")
    body = {"email": owner.email, "password": PASSWORD, "name": "ERP", "scopes": None}
    key = {"Idempotency-Key": "token-1"}
    answers = [app.test_client().post("/api/v1/tokens", json=body, headers=key) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].get_json() == answers[1].get_json()
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert session.scalar(select(func.count(ApiToken.id)).where(ApiToken.name == "ERP")) == 1
