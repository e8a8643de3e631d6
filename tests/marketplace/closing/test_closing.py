"""A firm with everything is deleted: nothing of it is left where it should not be, and nothing of others goes."""

import json

import pytest
from sqlalchemy import func, select

from catalog.models import (
    Alliance,
    AllianceMember,
    BundleConsent,
    CharterConsent,
    Listing,
    Organization,
    StoredFile,
)
from marketplace import worker
from marketplace.accounts.data_requests import DeletionRequest
from marketplace.journeys import leads as acts
from marketplace.notices.models import Notice
from marketplace.operations import closing, organization_archive, own_archive
from matching.models import Demand, Lead, TradeLink
from tests.marketplace.closing import whole_firm
from tests.marketplace.closing.tables import below, keys, naming
from tests.marketplace.people import PASSWORD
from tests.marketplace.web.looking import acting, one, rows, text_of
from tests.marketplace.web.steps import surely

ACTIVE = select(Alliance.public_id).where(Alliance.state == "active")
#: Tables that have rows only of a firm whose solutions were judged.
OF_JUDGED = {"certificate", "release", "review", "review_finding", "review_note"}


def requested(world):
    answer = world.firm.post("/organization/data/deletion", {"password": PASSWORD, "reason": "폐업"})
    assert answer.status_code == 303
    return one(world.app, select(DeletionRequest.public_id))


def deleted(world):
    """The operator deletes the firm, and the worker takes the bytes away."""
    path = f"/console/deletions/{requested(world)}/carry-out"
    answer = surely(world.operator, path, typed_name=whole_firm.NAME)
    assert answer.status_code == 303, text_of(answer)
    worker.drain(world.app)


def counts(world):
    """By column that names an organization, how many rows name the firm."""
    return {
        f"{model.__tablename__}.{column.key}": one(
            world.app, select(func.count()).where(column == world.firm.organization_key)
        )
        for model, column in organization_archive.tables_about_organizations()
    }


def files(world):
    root = world.app.extensions["files"].root
    return {path.name for path in root.rglob("*") if path.is_file()}


def archive(world, who):
    """Everything that one of them would get of its own, as text."""
    with world.app.extensions["database"].session(reading=True) as session:
        data, _files = organization_archive.of_organization(session, world.of(session, who))
        return json.dumps(data, ensure_ascii=False, default=own_archive.as_text)


def test_every_column_that_names_an_organization_has_a_decision():
    """A new table with such a column must say what becomes of its rows."""
    assert naming() == set(closing.DECISIONS)


def test_each_decision_is_carried_out(world):
    requested(world)
    before = counts(world)
    deleted(world)
    after = counts(world)
    of_validators = {"certificate.validator_id", "review.validator_id"}
    for place, decision in closing.DECISIONS.items():
        assert before[place] > 0 or place in of_validators, f"{place}: the test has no row"
        assert after[place] == (before[place] if decision == closing.KEEP else 0), place
    gone = one(world.app, select(Organization).where(Organization.id == world.firm.organization_key))
    assert (gone.name, gone.registration_number, gone.region) == ("–", None, None)
    assert (gone.capacity_per_quarter, gone.capacity_as_of, gone.description) == (None, None, "")


def test_row_by_row_what_hangs_on_its_own_goes_and_nothing_else(around):
    """Every table that hangs on one whose rows go has rows in this test, and afterwards those of others alone."""
    going = {p.split(".")[0] for p, what in closing.DECISIONS.items() if what in {"delete", "unjudged"}}
    tables = below(going)
    before, files_before = keys(around.app, tables), files(around)
    whole_firm.filled(around)
    full = keys(around.app, tables)
    assert {table for table in tables - OF_JUDGED if full[table] == before[table]} == {"membership"}
    assert len(files(around)) == len(files_before) + 4  # a draft's, two papers', a copy of the data
    deleted(around)
    after = keys(around.app, tables)
    lost = {table: len(before[table] - after[table]) for table in tables if before[table] - after[table]}
    assert lost == {"membership": 1}
    stay = {table: len(after[table] - before[table]) for table in tables if after[table] - before[table]}
    assert stay == {
        "abuse_report": 1,
        # the partner's word, and its demands with what hangs on them; the vendor's view of one
        "trade_link": 2,
        "demand": 3,
        "demand_requirement": 3,
        "demand_version": 3,
        "alliance_lead": 1,
        # what it signed of another's bundle
        "bundle_consent": 1,
        "demand_viewer": 1,
        "lead_look": 2,
        "lead": 1,
    }
    assert files(around) == files_before


def test_the_partner_keeps_its_edges_without_the_firms_name(world):
    deleted(world)
    links = {link.item: link for link in rows(world.app, select(TradeLink))}
    assert {item: (link.state, link.declared_by) for item, link in links.items()} == {
        "우리가 신고": ("declared", "customer"),
        "거래처가 신고": ("declared", "supplier"),
    }
    ours, theirs = links["우리가 신고"], links["거래처가 신고"]
    assert (ours.supplier_name, ours.customer_name) == ("–", "남는정공")
    assert (theirs.supplier_name, theirs.customer_name) == ("남는정공", "–")
    assert (ours.supplier_site_id, theirs.customer_site_id) == (None, None)
    assert None not in (ours.customer_site_id, theirs.supplier_site_id)
    assert (ours.supplier_shares, ours.customer_shares) == (False, True)
    assert (theirs.supplier_shares, theirs.customer_shares) == (True, False)
    for link in links.values():
        page = text_of(world.partner.client.get(f"/supply-chain/{link.public_id}"))
        assert link.item in page
        assert "등록하지 않은 기업" in page
        assert whole_firm.NAME not in page
    assert whole_firm.NAME not in text_of(world.partner.client.get("/supply-chain"))


@pytest.mark.parametrize("who", ["partner", "coordinator"])
def test_its_name_is_in_nobodys_data_any_more(world, who):
    other = getattr(world, who)
    named = whole_firm.NAME in archive(world, other)
    deleted(world)
    assert named
    assert whole_firm.NAME not in archive(world, other)


def test_demands_that_named_it_name_it_no_longer_and_no_lead_comes_back(world):
    deleted(world)
    with acting(world.app) as session:
        shown = {row.title: (row.audience, len(row.named)) for row in session.scalars(select(Demand))}
        acts.ask_due(session)
    assert shown == {
        "둘에게 보인 것": ("organizations", 1),
        "하나에게만 보인 것": ("private", 0),
        "얼라이언스에 보인 것": ("alliance", 0),
    }
    worker.drain(world.app)
    # of the named demand, and of the one that is shown to its alliance
    assert rows(world.app, select(Lead.organization_id)) == [world.vendor.organization_key] * 2


def test_its_alliance_is_dissolved_and_in_others_it_is_a_member_no_more(world):
    deleted(world)
    firm = world.firm.organization_key
    assert {row.coordinator_id == firm: row.state for row in rows(world.app, select(Alliance))} == {
        True: "dissolved",
        False: "active",
    }
    mine = rows(world.app, select(AllianceMember).where(AllianceMember.organization_id == firm))
    assert {(row.state, row.role, row.message, row.last_day is None) for row in mine} == {
        ("left", "", "", False)
    }
    assert {tuple(row.capabilities) for row in mine} == {()}
    signed = select(CharterConsent.signed_by).where(CharterConsent.member_id.in_([row.id for row in mine]))
    assert set(rows(world.app, signed)) == {"–"}
    told = rows(
        world.app, select(Notice.event).where(Notice.organization_id == world.vendor.organization_key)
    )
    assert told.count("alliance.dissolved") == 1
    signed = select(BundleConsent.signed_by).where(BundleConsent.organization_id == firm)
    assert rows(world.app, signed) == ["–"]
    answer = world.vendor.client.get(f"/alliances/{rows(world.app, ACTIVE)[-1]}/inside")
    assert (answer.status_code, whole_firm.NAME in text_of(answer)) == (200, False)


def test_what_was_judged_stays_on_record_and_all_else_goes(world):
    whole_firm.judged(world)
    requested(world)
    before = counts(world)
    deleted(world)
    after = counts(world)
    for place, decision in closing.DECISIONS.items():
        if decision == closing.KEEP:
            assert after[place] == before[place] > 0, place
        elif decision != closing.UNJUDGED:
            assert after[place] == 0, place
    mine = Listing.organization_id == world.firm.organization_key
    assert set(rows(world.app, select(Listing.title).where(mine))) == {"공개한 것", "돌려받은 것"}
    of_them = StoredFile.organization_id == world.firm.organization_key
    kept = rows(world.app, select(StoredFile).where(of_them))
    assert (len(kept), {stored.name for stored in kept}) == (2, {"measured.csv"})
    assert {stored.storage_key for stored in kept} <= files(world)
    own = one(world.app, select(Organization).where(Organization.id == world.firm.organization_key))
    assert own.name == whole_firm.NAME
    assert {link.supplier_name for link in rows(world.app, select(TradeLink))} == {"–", "남는정공"}
