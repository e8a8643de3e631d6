"""Two acts at once in one alliance: one effect, one clean refusal."""

from sqlalchemy import func, select

from catalog.alliances import charters, membership
from catalog.errors import Conflict
from catalog.models import AllianceCharter, AllianceMember, CharterConsent
from marketplace.api.alliance_members import INVITATION, PART
from tests import alliances
from tests.alliances import SIGNER, TODAY
from tests.marketplace.alliances.test_api import charter_of
from tests.marketplace.web.looking import acting, one, rows
from tests.test_concurrency import at_once


def count(app, model):
    return one(app, select(func.count()).select_from(model))


def test_two_invitations_at_once_are_one(app, around):
    body = {**INVITATION, "organization_id": around.outside.organization_id}

    def send():
        return around.runner.api("POST", f"{around.path}/invitations", json=body).status_code

    assert sorted(at_once(send, send)) == [201, 409]
    assert count(app, AllianceMember) == 3


def test_an_invitation_taken_back_while_it_is_accepted_is_one_of_both(app, around):
    body = {**INVITATION, "organization_id": around.outside.organization_id}
    member = around.runner.api("POST", f"{around.path}/invitations", json=body).get_json()["id"]
    sha256 = around.runner.api("GET", f"{around.path}/charters/1").get_json()["sha256"]
    yes = {"accept": True, "sha256": sha256}
    given = at_once(
        lambda: around.outside.api("POST", f"{around.path}/invitation/answer", json=yes).status_code,
        lambda: around.runner.api("POST", f"{around.path}/members/{member}/withdrawal").status_code,
    )
    assert sorted(given) == [200, 409]
    assert around.state_of(around.outside) == ("joined" if given[0] == 200 else "withdrawn")
    assert count(app, CharterConsent) == (3 if given[0] == 200 else 2)


def test_two_proposals_at_once_leave_one_that_waits(app, around):
    def propose(days):
        body = charter_of(around, around.runner, around.member, notice_days=days)
        return around.runner.api("POST", f"{around.path}/charters", json=body).status_code

    assert at_once(lambda: propose(30), lambda: propose(60)) == [201, 201]
    states = rows(app, select(AllianceCharter.state).order_by(AllianceCharter.number))
    assert states == ["in_force", "taken_back", "proposed"]


def test_the_last_two_consents_at_once_bring_it_into_force_once(app, around):
    body = charter_of(around, around.runner, around.member, notice_days=30)
    sha256 = around.runner.api("POST", f"{around.path}/charters", json=body).get_json()["sha256"]
    path = f"{around.path}/charters/2/acceptance"
    given = at_once(
        *(
            lambda who=who: who.api("POST", path, json={"sha256": sha256}).status_code
            for who in (around.runner, around.member)
        )
    )
    assert given == [200, 200]
    assert rows(app, select(AllianceCharter.state).order_by(AllianceCharter.number)) == [
        "superseded",
        "in_force",
    ]


def test_a_consent_to_a_version_that_is_taken_back_meanwhile_is_refused(app, around):
    """Staged: one side has read the proposal, the other takes it back, and only then the first accepts."""
    with acting(app) as session:
        row = around.row(session)
        charters.propose(session, row, alliances.charter_fields(row, notice_days=30), TODAY)
    database = app.extensions["database"]
    with database.session() as slow, database.session() as quick:
        stale = around.row(slow)
        waiting, mine = stale.proposal, stale.members[0]
        assert waiting.state == "proposed"
        slow.commit()
        charters.withdraw(quick, around.row(quick).proposal, TODAY)
        quick.commit()
        try:
            charters.accept(slow, waiting, mine, SIGNER, TODAY, sha256=waiting.sha256)
            refused = None
        except Conflict as error:
            refused = error.code
        slow.rollback()
    assert refused == "charter.taken_back"
    assert count(app, CharterConsent) == 2


def test_leaving_and_exclusion_at_once_are_one_of_both(app, around):
    member = around.member_id(around.member)
    given = at_once(
        lambda: around.member.api("POST", f"{around.path}/leaving").status_code,
        lambda: (
            around.runner.api(
                "POST", f"{around.path}/members/{member}/exclusion", json={"reason": "까닭"}
            ).status_code
        ),
    )
    assert sorted(given) == [200, 409]
    assert around.state_of(around.member) == ("leaving" if given[0] == 200 else "excluded")


def test_a_demand_is_not_shown_to_an_alliance_that_is_dissolved_meanwhile(app, around):
    site = around.maker.api("GET", "/sites").get_json()["items"][0]["id"]
    body = {"site_id": site, "title": "수요", "requirements": [
        {"capability": "mes", "must": True, "min_quality": 2}]}  # fmt: skip
    made = around.maker.api("POST", "/demands", json=body).get_json()["id"]
    wide = {"audience": "alliance", "alliance": around.alliance}
    given = at_once(
        lambda: around.maker.api("POST", f"/demands/{made}/audience", json=wide).status_code,
        lambda: around.runner.api("POST", f"{around.path}/dissolution").status_code,
    )
    assert given[1] == 200
    assert given[0] in (200, 422)
    assert around.maker.api("GET", f"/demands/{made}").get_json()["audience"] == "private"


def test_two_requests_at_once_are_one(app, around):
    def send():
        return around.outside.api("POST", f"{around.path}/requests", json=PART).status_code

    assert sorted(at_once(send, send)) == [201, 409]
    assert count(app, AllianceMember) == 3


def test_who_ends_a_notice_second_finds_it_ended(app, around):
    with acting(app) as session:
        row = around.row(session)
        membership.leave(session, row.members[1], TODAY)
        row.members[1].last_day = TODAY
    after = TODAY.replace(day=TODAY.day + 1)
    database = app.extensions["database"]
    with database.session() as slow, database.session() as quick:
        (stale,) = membership.due(slow, after)
        slow.commit()
        assert membership.end(quick, membership.due(quick, after)[0], after)
        quick.commit()
        assert not membership.end(slow, stale, after)
        slow.rollback()
    assert around.state_of(around.member) == "left"
