"""The description of the API: every operation is complete, and every example is accepted as it stands."""

import pytest

from marketplace.accounts import roles
from tests.marketplace.people import person

CORE = [
    "signUp",
    "createToken",
    "registerOrganization",
    "confirmOrganization",
    "createListing",
    "addEvidence",
    "uploadFile",
    "submitListing",
    "decideListing",
    "searchListings",
    "createSite",
    "createTradeLink",
    "answerSelfCheck",
    "createDemand",
    "widenDemand",
    "matchDemand",
    "createAlliance",
    "inviteMember",
    "inbox",
]


@pytest.fixture
def description(app):
    return app.test_client().get("/api/openapi.json").get_json()


def _operations(description):
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            if method in ("get", "post", "put", "patch", "delete"):
                yield path, method, operation


def test_it_is_openapi_3_1_and_names_the_core_path(description):
    assert description["openapi"].startswith("3.1")
    ids = [operation["operationId"] for _, _, operation in _operations(description)]
    assert len(ids) == len(set(ids))
    assert set(CORE) <= set(ids)


def test_every_operation_says_what_it_needs_and_how_it_refuses(description, app):
    for path, method, operation in _operations(description):
        where = f"{method} {path}"
        assert operation["summary"], where
        answers = operation["responses"]
        assert {"422", "503"} <= set(answers), where
        for status, answer in answers.items():
            if status >= "400":
                assert list(answer["content"]) == ["application/problem+json"], where
        if operation["security"]:
            assert {"401", "403"} <= set(answers), where
        if "{" in path or any(_is_an_id(parameter) for parameter in operation.get("parameters", ())):
            assert "404" in answers, where
        body = operation.get("requestBody", {}).get("content", {})
        if "application/json" in body:
            assert body["application/json"]["example"], where


def test_every_operation_has_a_permission_of_the_table(app):
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1/"):
            assert app.view_functions[rule.endpoint].permission in roles.PERMISSIONS


def _of_alliances(runner, description, invited):
    made = runner.api("POST", "/alliances", json=_example(description, "createAlliance")).get_json()["id"]
    return {
        "createAlliance": ("POST", "/alliances", {}),
        "describeAlliance": ("PUT", f"/alliances/{made}", {}),
        "inviteMember": ("POST", f"/alliances/{made}/invitations", {"organization_id": invited}),
    }


def test_every_example_is_accepted_as_it_stands(description, app):
    """Examples with ids of other things are tried with such things; the rest go as they are."""
    everybody = person(app, "vendor", "manufacturer")
    site = everybody.api("POST", "/sites", json=_example(description, "createSite")).get_json()["id"]
    listing = everybody.api("POST", "/listings", json=_example(description, "createListing")).get_json()["id"]
    record = everybody.api("POST", f"/listings/{listing}/evidence", json=_example(description, "addEvidence"))
    assert everybody.api("GET", f"/sites/{site}").status_code == 200
    made = everybody.api("POST", "/demands", json=_example(description, "createDemand")).get_json()["id"]
    assert everybody.api("POST", f"/demands/{made}/matches").status_code == 201
    sent = _example(description, "draftDemand")
    drafts = [everybody.api("POST", "/demands/drafts", json=sent).get_json()["id"] for _ in range(2)]
    evidence = record.get_json()["id"]
    tried = {
        "signUp": ("POST", "/sign-up", {}),
        "updateListing": ("PATCH", f"/listings/{listing}", {}),
        "updateEvidence": ("PUT", f"/evidence/{evidence}", {}),
        "updateSite": ("PUT", f"/sites/{site}", {}),
        "updateDemand": ("PUT", f"/demands/{made}", {}),
        "createTradeLink": ("POST", "/trade-links", {}),
        "answerSelfCheck": ("POST", f"/sites/{site}/self-check", {}),
        "readDemandText": ("POST", "/demand-texts", {}),
        "draftDemand": ("POST", "/demands/drafts", {}),
        "updateDemandDraft": ("PUT", f"/demands/{drafts[0]}/draft", {}),
        "stateDemandDraft": ("POST", f"/demands/{drafts[1]}/statement", {}),
        "widenDemand": ("POST", f"/demands/{made}/audience", {}),
        "narrowDemand": ("POST", f"/demands/{made}/audience/narrowing", {}),
        "tryMatch": ("POST", f"/demands/{made}/what-ifs", {}),
        "shareList": ("POST", f"/demands/{made}/shares", {}),
        "saveSearch": ("POST", "/saved-searches", {}),
        "stateCapacity": ("PUT", "/organization/capacity", {}),
        **_of_alliances(everybody, description, invited=person(app, "vendor").organization_id),
        "closeDemand": ("POST", f"/demands/{made}/closing", {}),
        "registerOrganization": ("POST", "/organizations", {}),
    }
    for name, (method, path, changes) in tried.items():
        answer = everybody.api(method, path, json={**_example(description, name), **changes})
        assert answer.status_code in (200, 201), (name, answer.get_json())


def _is_an_id(parameter):
    return parameter.get("schema", {}).get("format") == "uuid"


def _example(description, operation_id):
    (found,) = [o for _, _, o in _operations(description) if o["operationId"] == operation_id]
    return found["requestBody"]["content"]["application/json"]["example"]
