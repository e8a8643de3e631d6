"""The audit chain: one entry an act, refused changes, and changes that got around the refusal are named."""

import re

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from catalog import counters
from marketplace import audit
from marketplace.api.demands import WRITTEN
from marketplace.api.examples import LISTING, SITE
from marketplace.audit import AuditEntry
from tests import factories
from tests.marketplace.acts import Journey


def entries(app):
    with app.extensions["database"].session(reading=True) as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.number)))


#: They take a body and change nothing.
READING = {("POST", "/demand-texts")}


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
    assert journey.done == writing - READING


def test_refusals_reading_and_repeats_write_nothing(app, journey):
    key = {"Idempotency-Key": "k1"}
    journey.act(journey.buyer, "POST", "/sites", "site.describe", json=SITE, headers=key)
    before = [entry.hash for entry in entries(app)]
    assert journey.buyer.api("POST", "/sites", json=SITE, headers=key).status_code == 201
    assert journey.buyer.api("POST", "/sites", json={**SITE, "name": ""}).status_code == 422
    assert journey.buyer.api("POST", "/listings", json=LISTING).status_code == 403
    assert journey.buyer.api("GET", "/sites").status_code == 200
    assert journey.buyer.api("POST", "/demand-texts", json=WRITTEN).status_code == 200
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
