"""The audit chain: one entry an act, refused changes, and changes that got around the refusal are named."""

import io
import re

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from catalog import counters, regno
from marketplace import audit
from marketplace.api.examples import DECISION, EVIDENCE, LISTING, SITE, demand
from marketplace.api.programs import HOOK
from marketplace.audit import AuditEntry
from marketplace.hooks.models import HookDelivery
from tests import factories
from tests.marketplace.people import PASSWORD, person


def entries(app):
    with app.extensions["database"].session(reading=True) as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.number)))


class Journey:
    """Acts of four companies by program; notes what each of them should have written."""

    def __init__(self, app):
        self.app, self.expected, self.done = app, [], set()
        self.vendor, self.buyer = person(app, "vendor"), person(app, "manufacturer")
        self.judge, self.operator = person(app, "validator"), person(app, "operator")
        self.before = len(entries(app))

    def act(self, who, method, path, act, **sent):
        """One act; it succeeds and is expected in the chain under the person, the organization and that name."""
        client = self.app.test_client()
        answer = (
            who.api(method, path, **sent) if who else client.open(f"/api/v1{path}", method=method, **sent)
        )
        assert answer.status_code in (200, 201, 202), (path, answer.get_json())
        actor = (who.email, who.organization_id) if who else (sent["json"]["email"], None)
        self.expected.append((*actor, act))
        pattern = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<id>", path)
        self.done.add((method, pattern))
        return answer.get_json()

    def walk(self):
        """The whole path, every writing operation at least once."""
        self.people()
        self.publishing()
        self.plants()
        self.colleagues()
        self.programs()

    def people(self):
        account = {"email": "new@example.com", "password": "a long pass phrase", "name": "새 사람"}
        self.act(None, "POST", "/sign-up", "account.sign_up", json=account)
        login = {"email": self.vendor.email, "password": PASSWORD, "name": "두 번째", "scopes": None}
        self.act(None, "POST", "/tokens", "account.token", json=login)
        company = {"name": "새 회사", "registration_number": regno.make("220811112"), "roles": ["vendor"]}
        made = self.act(self.vendor, "POST", "/organizations", "organization.register", json=company)["id"]
        rival = {"registration_number": regno.make("220811112")}
        self.act(self.vendor, "POST", "/organization/competitors", "competitor.declare", json=rival)
        why = {"reason": "등록증의 이름이 달라요"}
        self.act(self.operator, "POST", f"/organizations/{made}/refusal", "organization.refuse", json=why)
        self.act(self.operator, "POST", f"/organizations/{made}/confirmation", "organization.confirm")
        self.act(self.operator, "POST", f"/organizations/{made}/validator", "organization.appoint")

    def publishing(self):
        own, judge = self.vendor, self.judge
        listing = self.act(own, "POST", "/listings", "listing.draft", json=LISTING)["id"]
        path = f"/listings/{listing}"
        self.act(own, "PATCH", path, "listing.revise", json={"install_weeks": 7})
        record = self.act(own, "POST", f"{path}/evidence", "evidence.add", json=EVIDENCE)["id"]
        self.act(own, "PUT", f"/evidence/{record}", "evidence.revise", json=EVIDENCE)
        upload = {"file": (io.BytesIO(b"1,2\n"), "a.csv")}
        self.act(own, "POST", f"/evidence/{record}/files", "file.upload", data=upload)
        self.act(own, "POST", f"{path}/submission", "listing.submit")
        self.act(own, "POST", f"{path}/recall", "listing.recall")
        self.act(own, "POST", f"{path}/submission", "listing.submit")
        review = judge.api("GET", "/reviews").get_json()["items"][0]["id"]
        self.act(judge, "POST", f"/reviews/{review}/taking", "review.take", json={"no_conflict": True})
        self.act(judge, "POST", f"{path}/decision", "review.decide", json=DECISION)
        self.act(own, "POST", f"{path}/withdrawal", "listing.withdraw")
        self.act(own, "POST", f"{path}/edition", "listing.reopen")

    def plants(self):
        own = self.buyer
        site = self.act(own, "POST", "/sites", "site.describe", json=SITE)["id"]
        self.act(own, "PUT", f"/sites/{site}", "site.describe", json=SITE)
        wanted = self.act(own, "POST", "/demands", "demand.state", json=demand(site))["id"]
        self.act(own, "PUT", f"/demands/{wanted}", "demand.revise", json=demand(site))
        self.act(own, "POST", f"/demands/{wanted}/matches", "demand.match")
        self.act(own, "POST", f"/demands/{wanted}/closing", "demand.close")

    def colleagues(self):
        own, other = self.vendor, self.buyer
        self.act(own, "PATCH", "/organization", "organization.describe", json={"name_en": "Hanul"})
        self.act(own, "POST", "/organization/roles", "organization.take_role", json={"role": "manufacturer"})
        invited = {"email": "colleague@example.com", "rights": ["signer"]}
        self.act(own, "POST", "/organization/invitations", "people.invite", json=invited)
        wanted = {"registration_number": own.api("GET", "/organization").get_json()["registration_number"]}
        path = "/organization/join-requests"
        hasty = self.act(other, "POST", path, "organization.join", json=wanted)["id"]
        self.act(other, "DELETE", f"{path}/{hasty}", "organization.withdraw_join")
        asked = self.act(other, "POST", path, "organization.join", json=wanted)["id"]
        answer = {"accept": True, "rights": []}
        self.act(own, "POST", f"{path}/{asked}/answer", "people.answer", json=answer)
        member = own.api("GET", "/organization/people").get_json()["items"][-1]["user_id"]
        path = f"/organization/people/{member}"
        self.act(own, "PUT", f"{path}/rights", "people.change_rights", json={"rights": ["finance"]})
        self.act(own, "DELETE", path, "people.remove")

    def programs(self):
        own = self.vendor
        token = own.api("GET", "/tokens").get_json()["items"][0]["id"]
        hook = self.act(own, "POST", "/webhooks", "hook.create", json=HOOK)["id"]
        ping = self.act(own, "POST", f"/webhooks/{hook}/ping", "hook.ping")["id"]
        with self.app.extensions["database"].session() as session, session.begin():
            session.execute(update(HookDelivery).values(state="failed"))
        self.act(own, "POST", f"/webhooks/{hook}/deliveries/{ping}/redelivery", "hook.redeliver")
        self.act(own, "POST", f"/webhooks/{hook}/secret", "hook.rotate")
        self.act(own, "POST", "/account/exports", "account.export")
        self.act(own, "POST", "/organization/exports", "organization.export")
        self.act(own, "DELETE", f"/webhooks/{hook}", "hook.remove")
        self.act(own, "DELETE", f"/tokens/{token}", "account.revoke_token")


@pytest.fixture
def journey(app):
    return Journey(app)


def verify(app):
    done = app.test_cli_runner().invoke(args=["audit", "verify"])
    return done.exit_code, done.stderr


def test_every_act_of_the_api_writes_one_entry_with_person_organization_and_name(app, journey):
    journey.walk()
    written = [(e.actor, e.organization, e.act) for e in entries(app)[journey.before :]]
    assert written == journey.expected
    numbers = [entry.number for entry in entries(app)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(len(entry.request_id) == 36 for entry in entries(app))
    assert verify(app) == (0, "the chain holds\n")
    # and the journey has taken in every writing operation that there is
    writing = {
        (method, re.sub(r"<[^>]+>", "<id>", rule.rule.removeprefix("/api/v1")))
        for rule in app.url_map.iter_rules()
        for method in rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
        if rule.rule.startswith("/api/v1/")
    }
    assert journey.done == writing


def test_refusals_reading_and_repeats_write_nothing(app, journey):
    key = {"Idempotency-Key": "k1"}
    journey.act(journey.buyer, "POST", "/sites", "site.describe", json=SITE, headers=key)
    before = [entry.hash for entry in entries(app)]
    assert journey.buyer.api("POST", "/sites", json=SITE, headers=key).status_code == 201
    assert journey.buyer.api("POST", "/sites", json={**SITE, "name": ""}).status_code == 422
    assert journey.buyer.api("POST", "/listings", json=LISTING).status_code == 403
    assert journey.buyer.api("GET", "/sites").status_code == 200
    assert [entry.hash for entry in entries(app)] == before


def test_an_entry_names_its_thing(app, journey):
    made = journey.act(journey.buyer, "POST", "/sites", "site.describe", json=SITE)
    last = entries(app)[-1]
    assert (last.object_type, last.object_id) == ("Site", made["id"])
    listing = journey.act(journey.vendor, "POST", "/listings", "listing.draft", json=LISTING)["id"]
    journey.act(journey.vendor, "PATCH", f"/listings/{listing}", "listing.revise", json={"install_weeks": 7})
    last = entries(app)[-1]
    assert (last.object_type, last.object_id, last.detail) == (
        "Listing",
        listing,
        {"parts": ["install_weeks"]},
    )


def test_what_is_rolled_back_leaves_no_gap(session):
    company = factories.company(session, "vendor")
    audit.record(session, "one", company)
    session.commit()
    audit.record(session, "two", company)
    session.rollback()
    audit.record(session, "three", company)
    session.commit()
    kept = session.execute(select(AuditEntry.number, AuditEntry.act, AuditEntry.actor)).all()
    assert kept == [(1, "one", "system"), (2, "three", "system")]
    assert list(audit.breaks(session)) == []


@pytest.fixture
def chain(session):
    """Five entries, committed."""
    company = factories.company(session, "vendor")
    for number in range(5):
        audit.record(session, f"act.{number}", company, number=number)
    session.commit()
    return session


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET act = 'x'", "DELETE FROM audit_entry"])
@pytest.mark.parametrize("which", ["", " WHERE number = 5"])
def test_the_database_refuses_changes(chain, statement, which):
    with pytest.raises(DBAPIError, match="append-only"):
        chain.execute(text(statement + which))
    chain.rollback()
    assert chain.scalars(select(AuditEntry.act).order_by(AuditEntry.number)).all() == [
        f"act.{number}" for number in range(5)
    ]


def unguard(session):
    """Do what only the database's administrator can: take the guards away."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("DROP TRIGGER audit_entry_guard ON audit_entry"))
        return
    for act in ("update", "delete"):
        session.execute(text(f"DROP TRIGGER audit_entry_no_{act}"))


def breaks(session):
    session.commit()
    session.expire_all()
    return [(found.number, found.reason) for found in audit.breaks(session)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("act", "another"),
        ("actor", "else@example.com"),
        ("organization", "00000000-0000-7000-8000-000000000000"),
        ("object_type", "Site"),
        ("object_id", "x"),
        ("detail", {"number": 3}),
        ("request_id", "x"),
        ("at", factories.NOW),
        ("hash", "f" * 64),
    ],
)
def test_every_changed_column_is_noticed(chain, column, value):
    unguard(chain)
    chain.execute(update(AuditEntry).where(AuditEntry.number == 3).values({column: value}))
    after = [(4, "does not follow the entry before")] if column == "hash" else []
    assert breaks(chain) == [(3, "was changed"), *after]


def test_an_entry_whose_hash_was_made_anew_no_longer_carries_the_next(chain):
    unguard(chain)
    entry = chain.get_one(AuditEntry, 3)
    entry.act = "another"
    entry.hash = audit._hash(entry)
    assert breaks(chain) == [(4, "does not follow the entry before")]


FOLLOWS = "does not follow the entry before"


@pytest.mark.parametrize(
    ("removed", "expected"),
    [
        ([1], [(1, "missing"), (2, FOLLOWS)]),
        ([3], [(3, "missing"), (4, FOLLOWS)]),
        ([2, 3], [(2, "missing"), (4, FOLLOWS)]),
        ([5], [(5, "missing at the end")]),
        ([4, 5], [(4, "missing at the end")]),
        ([1, 2, 3, 4, 5], [(1, "missing at the end")]),
    ],
)
def test_a_removed_entry_is_noticed_the_last_one_too(chain, removed, expected):
    unguard(chain)
    chain.execute(delete(AuditEntry).where(AuditEntry.number.in_(removed)))
    assert breaks(chain) == expected


def test_the_command_names_what_is_broken_and_ends_with_1(chain, app):
    assert verify(app) == (0, "the chain holds\n")
    unguard(chain)
    chain.execute(update(AuditEntry).where(AuditEntry.number == 2).values(act="another"))
    chain.execute(delete(AuditEntry).where(AuditEntry.number == 5))
    chain.commit()
    assert verify(app) == (1, "entry 2: was changed\nentry 5: missing at the end\n2 breaks\n")


def test_an_empty_chain_holds(app):
    assert verify(app) == (0, "the chain holds\n")
    with app.extensions["database"].session() as session:
        assert counters.current(session, audit.CHAIN) == 0
