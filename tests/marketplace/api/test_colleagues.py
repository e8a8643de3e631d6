"""People of an organization, by the API."""

import pytest
from sqlalchemy import select

from catalog.models import Organization
from marketplace.accounts.models import User
from tests.marketplace.letters import link_in
from tests.marketplace.people import person
from tests.marketplace.web.looking import one


@pytest.fixture
def admin(app):
    return person(app, "vendor")


def number_of(app, who):
    return one(app, select(Organization.registration_number).where(Organization.id == who.organization_key))


def test_from_the_request_to_the_removal(app, admin):
    colleague = person(app, "manufacturer")
    body = {"registration_number": number_of(app, admin), "message": "품질팀"}
    asked = colleague.api("POST", "/organization/join-requests", json=body)
    assert (asked.status_code, asked.get_json()["state"]) == (201, "waiting")
    waiting = admin.api("GET", "/organization/join-requests").get_json()
    assert [row["message"] for row in waiting["items"]] == ["품질팀"]
    path = f"/organization/join-requests/{asked.get_json()['id']}/answer"
    assert colleague.api("POST", path, json={"accept": True}).status_code == 404
    answered = admin.api("POST", path, json={"accept": True, "rights": ["signer"]})
    assert answered.get_json()["state"] == "accepted"
    people = admin.api("GET", "/organization/people").get_json()
    assert [row["rights"] for row in people["items"]] == [["admin", "finance", "signer"], ["signer"]]
    place = f"/organization/people/{people['items'][1]['user_id']}"
    changed = admin.api("PUT", f"{place}/rights", json={"rights": []})
    assert changed.get_json()["rights"] == []
    assert admin.api("DELETE", place).get_json()["email"] == colleague.email
    assert admin.api("DELETE", place).status_code == 404
    assert admin.api("GET", "/organization/people").get_json()["total"] == 1


def test_the_last_admin_stays(app, admin):
    own = one(app, select(User.public_id).where(User.id == admin.user_key))
    for method, path, body in (
        ("PUT", f"/organization/people/{own}/rights", {"rights": ["finance"]}),
        ("DELETE", f"/organization/people/{own}", None),
    ):
        answer = admin.api(method, path, json=body) if body else admin.api(method, path)
        assert (answer.status_code, answer.get_json()["code"]) == (409, "member.last_admin")


def test_an_invitation_goes_by_mail_alone(app, admin):
    body = {"email": "New@example.com", "rights": ["finance"]}
    made = admin.api("POST", "/organization/invitations", json=body, headers={"Idempotency-Key": "k1"})
    again = admin.api("POST", "/organization/invitations", json=body, headers={"Idempotency-Key": "k1"})
    assert (made.status_code, made.get_json()) == (201, again.get_json())
    link = link_in(app, "new@example.com", "/invitations")
    assert link.rpartition("/")[2] not in made.get_data(as_text=True)
    assert app.test_client().get(link).status_code == 200


def test_a_taken_number_names_the_operation_that_helps(app, admin):
    other = person(app, "vendor")
    body = {"name": "둘", "registration_number": number_of(app, admin), "roles": ["vendor"]}
    (error,) = other.api("POST", "/organizations", json=body).get_json()["errors"]
    assert (error["pointer"], error["code"]) == ("/registration_number", "registration_number_taken")
    assert "합류를 요청" in error["detail"]


def test_who_is_not_proved_does_not_ask(app, admin):
    unproved = person(app, "vendor", proved=False)
    body = {"registration_number": number_of(app, admin)}
    answer = unproved.api("POST", "/organization/join-requests", json=body)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "email.unproved")


def test_a_person_takes_a_request_back(app, admin):
    colleague, stranger = person(app, "manufacturer"), person(app, "manufacturer")
    body = {"registration_number": number_of(app, admin), "message": "품질팀"}
    made = colleague.api("POST", "/organization/join-requests", json=body).get_json()["id"]
    own = colleague.api("GET", "/organization/join-requests/own").get_json()
    assert [(row["id"], row["organization_name"], row["state"]) for row in own["items"]] == [
        (
            made,
            one(app, select(Organization.name).where(Organization.id == admin.organization_key)),
            "waiting",
        )
    ]
    assert stranger.api("GET", "/organization/join-requests/own").get_json()["total"] == 0
    path = f"/organization/join-requests/{made}"
    assert [who.api("DELETE", path).status_code for who in (stranger, admin)] == [404, 404]
    answers = [colleague.api("DELETE", path) for _twice in range(2)]
    assert [(answer.status_code, answer.get_json()["state"]) for answer in answers] == [
        (200, "withdrawn")
    ] * 2
    assert admin.api("GET", "/organization/join-requests").get_json()["items"] == []
    late = admin.api("POST", f"{path}/answer", json={"accept": True})
    assert (late.status_code, late.get_json()["code"]) == (409, "join_request.answered")
    assert colleague.api("GET", "/organization/join-requests/own").get_json()["total"] == 0
    assert admin.api("GET", "/organization/people").get_json()["total"] == 1


def test_an_answered_request_is_not_taken_back(app, admin):
    colleague = person(app, "manufacturer")
    body = {"registration_number": number_of(app, admin)}
    made = colleague.api("POST", "/organization/join-requests", json=body).get_json()["id"]
    path = f"/organization/join-requests/{made}"
    assert admin.api("POST", f"{path}/answer", json={"accept": False}).status_code == 200
    assert colleague.api("DELETE", path).status_code == 409


def test_name_and_number_are_corrected_until_they_are_confirmed(app, admin):
    waiting = person(app, "vendor", confirmed=False)
    body = {"name": "가람정밀", "registration_number": "118-81-03520"}
    answer = waiting.api("PATCH", "/organization", json=body)
    assert (answer.status_code, answer.get_json()["name"], answer.get_json()["registration_number"]) == (
        200,
        "가람정밀",
        "1188103520",
    )
    taken = waiting.api("PATCH", "/organization", json={"registration_number": number_of(app, admin)})
    (error,) = taken.get_json()["errors"]
    assert (error["pointer"], error["code"]) == ("/registration_number", "registration_number_taken")
    refused = admin.api("PATCH", "/organization", json={"name": "x", "name_en": "X"})
    (error,) = refused.get_json()["errors"]
    assert (refused.status_code, error["pointer"], error["code"]) == (422, "/name", "confirmed_fact")
    assert admin.api("GET", "/organization").get_json()["name_en"] == ""


def test_the_organization_describes_itself_and_takes_a_role(app, admin):
    answer = admin.api("PATCH", "/organization", json={"name_en": "Garam"})
    assert (answer.status_code, answer.get_json()["name_en"], answer.get_json()["region"]) == (
        200,
        "Garam",
        "gyeonggi",
    )
    for body in ({"registration_number": "118-81-03520"}, {"name": "x"}, {"region": "atlantis"}):
        assert admin.api("PATCH", "/organization", json=body).status_code == 422, body
    assert admin.api("POST", "/organization/roles", json={"role": "manufacturer"}).get_json()["roles"] == [
        "manufacturer",
        "vendor",
    ]
    assert admin.api("POST", "/organization/roles", json={"role": "operator"}).status_code == 422
