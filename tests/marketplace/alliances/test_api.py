"""Alliances by program: the whole way, who may do what, bad input at its field."""

import uuid

import pytest
from sqlalchemy import select

from catalog.models import Alliance, AllianceMember, CharterConsent, Organization
from marketplace.accounts import tokens
from marketplace.accounts.models import Membership
from marketplace.api.alliance_charters import CHARTER
from marketplace.api.alliance_members import INVITATION, PART
from marketplace.api.alliances import ALLIANCE, DESCRIPTION
from tests.marketplace.api.refusals import check_refused
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, one, rows


def charter_of(around, *people, **changes):
    lead = changes.pop("lead", people[0])
    members = [{"organization": who.organization_id, **PART} for who in people]
    return {**CHARTER, "lead": lead.organization_id, "members": members, **changes}


def test_from_the_founding_to_a_charter_in_force(app):
    runner, other = person(app, "vendor"), person(app, "vendor")
    made = runner.api("POST", "/alliances", json=ALLIANCE)
    assert made.status_code == 201
    path = f"/alliances/{made.get_json()['id']}"
    assert (made.get_json()["state"], made.get_json()["charter"]) == ("forming", None)
    assert other.api("GET", path).status_code == 404
    invited = {**INVITATION, "organization_id": other.organization_id}
    assert runner.api("POST", f"{path}/invitations", json=invited).get_json()["state"] == "invited"
    seen = other.api("GET", f"{path}/inside").get_json()
    assert [member["name"] for member in seen["members"]] == [made.get_json()["coordinator"]]
    joined = other.api("POST", f"{path}/invitation/answer", json={"accept": True})
    assert joined.get_json()["state"] == "joined"
    proposed = runner.api("POST", f"{path}/charters", json=charter_of(None, runner, other)).get_json()
    assert (proposed["number"], proposed["state"], len(proposed["waiting_for"])) == (1, "proposed", 2)
    accepted = f"{path}/charters/1/acceptance"
    for who, state in ((runner, "proposed"), (other, "in_force")):
        answer = who.api("POST", accepted, json={"sha256": proposed["sha256"]})
        assert answer.get_json()["state"] == state
    public = app.test_client().get(f"/api/v1{path}").get_json()
    assert (public["state"], public["charter"], public["level_from"], public["level_to"]) == (
        "active",
        1,
        1,
        2,
    )
    assert public["lead_id"] == runner.organization_id
    assert [member["lead"] for member in public["members"]] == [True, False]
    assert public["division"]["name"].startswith("AI 팩토리")


def test_what_is_public_is_public_and_nothing_more(app, around):
    listed = app.test_client().get("/api/v1/alliances").get_json()
    assert [item["id"] for item in listed["items"]] == [around.alliance]
    for path in ("members", "charters", "charters/1", "pipeline", "inside"):
        assert around.outside.api("GET", f"{around.path}/{path}").status_code == 404, path
        assert around.member.api("GET", f"{around.path}/{path}").status_code == 200, path
    mine = around.member.api("GET", f"{around.path}/members").get_json()["items"]
    assert [row["name"] for row in mine] == ["코어"]
    assert len(around.runner.api("GET", f"{around.path}/members").get_json()["items"]) == 2
    own = around.member.api("GET", "/organization/alliances").get_json()["items"]
    assert [row["alliance_id"] for row in own] == [around.alliance]


def test_coverage_names_cells_and_gaps(app, around):
    found = app.test_client().get(f"/api/v1{around.path}/coverage").get_json()
    assert found["steps"] == [[1, 2], [2, 3]]
    cells = {row["capability"]: row["cells"] for row in found["rows"]}
    assert cells["mes"][0] == {"needed": True, "listings": 0, "basis": None}
    assert "mes" in [gap["capability"] for gap in found["gaps"]]
    assert {gap["demands"] for gap in found["gaps"]} == {None}


def test_a_request_is_taken_up_and_joins_under_the_charter(around):
    asked = around.outside.api("POST", f"{around.path}/requests", json={**PART, "message": "우리도요"})
    assert (asked.status_code, asked.get_json()["state"]) == (201, "asked")
    path = f"{around.path}/members/{asked.get_json()['id']}/answer"
    assert around.outside.api("POST", path, json={"accept": True}).status_code == 404
    assert around.member.api("POST", path, json={"accept": True}).status_code == 404
    part = {**PART, "role": "시험"}
    answered = around.runner.api("POST", path, json={"accept": True, "part": part}).get_json()
    assert (answered["state"], answered["role"]) == ("invited", "시험")
    charter = around.outside.api("GET", f"{around.path}/charters/1").get_json()
    assert {consent["signed_by"] for consent in charter["consents"]} == {None}
    wrong = around.outside.api("POST", f"{around.path}/invitation/answer", json={"accept": True})
    assert [e["pointer"] for e in wrong.get_json()["errors"]] == ["/sha256"]
    right = {"accept": True, "sha256": charter["sha256"]}
    assert around.outside.api("POST", f"{around.path}/invitation/answer", json=right).status_code == 200
    assert around.state_of(around.outside) == "joined"


def test_only_the_coordinator_runs_it(around):
    calls = [
        ("PUT", "", DESCRIPTION),
        ("POST", "/invitations", {**INVITATION, "organization_id": around.outside.organization_id}),
        ("POST", f"/members/{around.member_id(around.member)}/exclusion", {"reason": "까닭"}),
        ("POST", "/charters", charter_of(around, around.runner, around.member)),
        ("POST", "/charters/1/withdrawal", None),
        ("POST", "/charters/1/reminders", None),
        ("POST", "/dissolution", None),
    ]
    for method, path, body in calls:
        sent = {} if body is None else {"json": body}
        for who in (around.member, around.outside):
            assert who.api(method, f"{around.path}{path}", **sent).status_code == 404, path
    assert around.state_of(around.member) == "joined"


def test_who_may_only_draft_signs_nothing(app, around):
    with acting(app) as session:
        seat = session.query(Membership).filter_by(user_id=around.member.user_key).one()
        seat.grant(["admin"])
    for path, body in (("leaving", None), ("charters/1/acceptance", {"sha256": "0" * 64})):
        sent = {} if body is None else {"json": body}
        answer = around.member.api("POST", f"{around.path}/{path}", **sent)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "right_missing"), path
    assert around.member.api("GET", f"{around.path}/members").status_code == 200
    assert around.state_of(around.member) == "joined"


def test_a_program_of_the_organization_signs_nothing(app, around):
    with acting(app) as session:
        own = session.get_one(Organization, around.member.organization_key)
        _row, around.member.token = tokens.issue_to_organization(
            session, own, name="ERP", scopes=["alliances:write"]
        )
    assert around.member.api("GET", f"{around.path}/members").status_code == 200
    assert around.member.api("POST", f"{around.path}/leaving").status_code == 403
    assert around.state_of(around.member) == "joined"


def test_leaving_staying_and_exclusion(around):
    left = around.member.api("POST", f"{around.path}/leaving").get_json()
    assert (left["state"], left["last_day"] is None) == ("leaving", False)
    assert around.member.api("POST", f"{around.path}/leaving").status_code == 409
    assert around.member.api("POST", f"{around.path}/staying").get_json()["last_day"] is None
    assert around.runner.api("POST", f"{around.path}/leaving").get_json()["code"] == "alliance.lead"
    path = f"{around.path}/members/{around.member_id(around.member)}/exclusion"
    gone = around.runner.api("POST", path, json={"reason": "답이 없어요."}).get_json()
    assert (gone["state"], gone["reason"]) == ("excluded", "답이 없어요.")
    public = around.app.test_client().get(f"/api/v1{around.path}").get_json()
    assert "답이 없어요." not in str(public)


def test_unknown_and_unconfirmed_vendors_are_the_same_404(app, around):
    hidden = person(app, "vendor", confirmed=False)
    buyer = person(app, "manufacturer")
    for wanted in (str(uuid.uuid4()), hidden.organization_id, buyer.organization_id):
        answer = around.runner.api(
            "POST", f"{around.path}/invitations", json={**INVITATION, "organization_id": wanted}
        )
        assert answer.status_code == 404
    assert len(rows(app, select(AllianceMember.id))) == 2


BAD_ALLIANCES = [
    ({"name": ""}, "/name", "required"),
    ({"name": "가" * 61}, "/name", "too_long"),
    ({"division": "2025:teleport"}, "/division", "unknown_code"),
    ({"member": {**PART, "capabilities": ["teleport"]}}, "/member/capabilities/0", "unknown_code"),
    ({"member": {**PART, "role": ""}}, "/member/role", "required"),
    ({"colour": "red"}, "/colour", "unknown_field"),
]
BAD_CHARTERS = [
    ({"level_from": 0}, "/level_from", "range"),
    ({"level_from": 3, "level_to": 2}, "/level_to", "level_order"),
    ({"notice_days": 366}, "/notice_days", "range"),
    ({"lead": str(uuid.UUID(int=1))}, "/lead", "charter_lead"),
    ({"members": []}, "/members", "required"),
    ({"text": " "}, "/text", "required"),
]


def test_bad_input_is_told_at_its_field_and_changes_nothing(app, around):
    for changes, pointer, code in BAD_ALLIANCES:
        check_refused(around.runner, "POST", "/alliances", [(pointer, code)], json={**ALLIANCE, **changes})
    good = charter_of(around, around.runner, around.member)
    for changes, pointer, code in BAD_CHARTERS:
        body = {**good, **changes}
        check_refused(around.runner, "POST", f"{around.path}/charters", [(pointer, code)], json=body)
    assert len(rows(app, select(Alliance.id))) == 1


def test_a_repeat_with_the_same_key_is_one_act(app, around):
    headers = {"Idempotency-Key": "one"}
    answers = [around.member.api("POST", f"{around.path}/leaving", headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].get_json() == answers[1].get_json()


@pytest.fixture
def shown(around):
    """A demand that the alliance sees."""
    site = around.maker.api("GET", "/sites").get_json()["items"][0]["id"]
    body = {"site_id": site, "title": "은하수 라인", "requirements": [
        {"capability": "mes", "must": True, "min_quality": 2}]}  # fmt: skip
    made = around.maker.api("POST", "/demands", json=body).get_json()["id"]
    wide = {"audience": "alliance", "alliance": around.alliance}
    answer = around.maker.api("POST", f"/demands/{made}/audience", json=wide)
    assert (answer.status_code, answer.get_json()["alliance_id"]) == (200, around.alliance)
    return made


def test_the_pipeline_is_the_members_and_names_nobody(around, shown):
    assert around.outside.api("GET", f"{around.path}/pipeline").status_code == 404
    (item,) = around.member.api("GET", f"{around.path}/pipeline").get_json()["items"]
    assert (item["demand"]["id"], item["stage"], item["demand"]["organization"]) == (shown, "new", None)
    assert "해울" not in str(item)
    path = f"{around.path}/pipeline/{shown}/owner"
    mine = around.member.api("PUT", path, json={"owner_id": around.member.organization_id}).get_json()
    assert mine["owner"] == "코어"
    outside = {"owner_id": around.outside.organization_id}
    wrong = around.member.api("PUT", path, json=outside)
    assert [(e["pointer"], e["code"]) for e in wrong.get_json()["errors"]] == [("/owner_id", "not_a_member")]
    around.maker.api("POST", f"/demands/{shown}/audience/narrowing", json={"audience": "private"})
    assert around.member.api("GET", f"{around.path}/pipeline").get_json()["items"] == []
    assert around.member.api("PUT", path, json={"owner_id": None}).status_code == 404


def test_an_alliance_that_cannot_be_chosen_is_told_at_its_field(around, shown):
    path = f"/demands/{shown}/audience"
    for wanted, code in ((str(uuid.uuid4()), "alliance_unknown"), (7, "uuid")):
        answer = around.maker.api("POST", path, json={"audience": "alliance", "alliance": wanted})
        assert [(e["pointer"], e["code"]) for e in answer.get_json()["errors"]] == [("/alliance", code)]


def test_the_person_who_signs_is_kept_with_the_hash(app, around):
    path = f"{around.path}/charters"
    body = charter_of(around, around.runner, around.member, notice_days=30)
    proposed = around.runner.api("POST", path, json=body).get_json()
    around.member.api("POST", f"{path}/2/acceptance", json={"sha256": proposed["sha256"]})
    last = one(app, select(CharterConsent).order_by(CharterConsent.id.desc()))
    assert (last.signed_email, last.sha256) == (around.member.email, proposed["sha256"])
    told = around.runner.api("GET", f"{path}/2").get_json()["consents"]
    assert [consent["signed_by"] for consent in told] == ["김시험"]
