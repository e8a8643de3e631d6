"""The loaded country: made through the domain, the same every time, with something for every page to show."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from catalog import organizations
from catalog.models import (
    Certificate,
    CompetitorDeclaration,
    Counter,
    Evidence,
    Listing,
    Organization,
    Release,
    Review,
    ReviewFinding,
    ReviewNote,
    Site,
    StoredFile,
)
from catalog.validation import certificates, desk
from marketplace import audit
from marketplace.accounts import passwords
from marketplace.accounts.models import User
from marketplace.config import DEMO_EMAILS
from marketplace.demo import load, logins, summary
from marketplace.extensions import database
from matching.models import Demand, Lead, LevelCertificate, MatchList, SelfCheck

TODAY = date(2026, 11, 21)


def _states(demo, vendor):
    rows = select(Listing.state).join(Listing.organization).where(Organization.name == vendor)
    return set(demo.scalars(rows))


def test_counts(loaded_app):
    counts = loaded_app.demo_summary.counts
    assert counts["vendors"] >= 60
    assert counts["public_listings"] >= 300
    assert counts["solution_types"] >= 30
    assert counts["manufacturers"] >= 120
    assert counts["sites"] >= counts["manufacturers"]
    assert counts["demands"] == 32
    assert counts["validators"] >= 2
    assert counts["evidence_failed"] * 10 >= counts["evidence"]


def test_counts_are_those_of_the_database(loaded_app, demo):
    counts = loaded_app.demo_summary.counts
    assert counts["listings"] == demo.scalar(select(func.count(Listing.id)))
    assert counts["public_listings"] == demo.scalar(
        select(func.count(Listing.id)).where(Listing.live_release.is_not(None))
    )
    assert counts["evidence_failed"] == sum(not record.improved for record in demo.scalars(select(Evidence)))


def test_everybody_is_synthetic(demo):
    assert demo.scalars(select(Organization.name).where(Organization.synthetic.is_(False))).all() == []


def test_the_digest_sees_what_is_public(loaded_app):
    with database(loaded_app).session() as session:
        assert summary.of(session) == loaded_app.demo_summary
        session.scalars(select(Release).limit(1)).one().content_hash = "0" * 64
        session.flush()
        changed = summary.of(session)
        session.rollback()
    assert changed.counts == loaded_app.demo_summary.counts
    assert changed.digest != loaded_app.demo_summary.digest


def test_names_are_valid_ids_dated_in_the_country(demo):
    for table in (Organization, Listing, Evidence, StoredFile, Site, Review, Certificate):
        for row in demo.scalars(select(table)):
            assert UUID(row.public_id).version == 7
            assert row.created_at.timestamp() * 1000 == UUID(row.public_id).int >> 80
            assert row.created_at.date() <= TODAY


def test_a_database_that_holds_something_is_refused_and_left_alone(app, session):
    organizations.register(session, name="먼저 온 회사", registration_number="1188103520", roles=["vendor"])
    session.commit()
    with pytest.raises(load.NotEmpty):
        load.load(session, app.extensions["files"], with_logins=True)
    session.rollback()
    assert session.scalars(select(Organization.name)).all() == ["먼저 온 회사"]
    assert session.scalar(select(func.count(User.id))) == 0
    assert session.scalar(select(Counter.value).where(Counter.name == "demo")) is None


def test_if_empty_loads_once(app, session, loaded_app):
    load.if_empty(app)
    before = session.scalars(select(Organization.public_id)).all()
    session.rollback()
    load.if_empty(app)
    assert session.scalars(select(Organization.public_id)).all() == before
    assert len(before) == loaded_app.demo_summary.counts["organizations"]
    assert logins.find(session, "vendor@demo.example").password_hash is not None


def test_every_public_listing_has_its_certificate(demo):
    public = select(Release).join(
        Listing, (Listing.id == Release.listing_id) & (Listing.live_release == Release.number)
    )
    releases = demo.scalars(public).all()
    assert [r.listing.title for r in releases if r.certificate is None] == []
    standings = [certificates.standing(r.certificate.expires_on, TODAY) for r in releases]
    assert standings.count("expired") == 1
    assert standings.count("lapsed") == 0


def test_some_certificates_are_about_to_end(demo):
    soon = select(Certificate).where(
        Certificate.expires_on > TODAY, Certificate.expires_on <= TODAY + timedelta(days=60)
    )
    assert 3 <= len(demo.scalars(soon).all()) <= 12


def test_the_desk_has_work(demo):
    waiting = demo.scalars(select(Review).where(Review.state == "waiting")).all()
    assert len(waiting) >= 5
    assert len(demo.scalars(select(Review).where(Review.state == "taken")).all()) >= 2
    returned = demo.scalars(select(Review).where(Review.state == "sent_back")).all()
    assert len(returned) >= 2
    assert all(review.findings and review.notes for review in returned)
    assert set(demo.scalars(select(ReviewFinding.severity))) == {"required", "advice"}
    assert set(demo.scalars(select(ReviewNote.audience))) == {"internal", "vendor"}
    assert all(desk.is_unchanged(review) for review in demo.scalars(select(Review)))


def test_nobody_judged_a_competitor(demo):
    declared = demo.scalars(select(CompetitorDeclaration)).all()
    validators = {
        organization.id
        for organization in demo.scalars(select(Organization))
        if organization.plays("validator")
    }
    barred = {(d.declaring_id, d.competitor_id) for d in declared if d.declaring_id in validators}
    assert barred
    judged = {
        (review.validator_id, review.listing.organization_id)
        for review in demo.scalars(select(Review).where(Review.validator_id.is_not(None)))
    }
    assert judged & barred == set()
    owners_waiting = {
        review.listing.organization_id
        for review in demo.scalars(select(Review).where(Review.state == "waiting"))
    }
    assert any(vendor in owners_waiting for _, vendor in barred)


def test_one_vendor_is_not_confirmed_and_has_nothing_public(demo):
    unconfirmed = demo.scalars(select(Organization).where(Organization.state == "registered")).all()
    assert len(unconfirmed) == 1
    own = demo.scalars(select(Listing).where(Listing.organization_id == unconfirmed[0].id)).all()
    assert [(listing.state, listing.live_release) for listing in own] == [("draft", None)]


def test_proved_records_have_a_file_that_says_what_it_is(loaded_app, demo):
    store = loaded_app.extensions["files"]
    for record in demo.scalars(select(Evidence).limit(40)):
        assert len(record.files) == (0 if record.kind == "claim" else 1)
        for stored in record.files:
            with store.open(stored.storage_key) as stream:
                assert "합성 데이터" in stream.readline().decode("utf-8-sig")


def test_each_demand_has_ranked_matches_for_a_site_of_its_own(demo):
    lists = demo.scalars(select(MatchList)).all()
    assert len(lists) == 31
    short = {ranked.demand.title: len(ranked.matches) for ranked in lists if len(ranked.matches) < 3}
    assert short == {}
    assert all(ranked.demand.site.organization_id == ranked.demand.organization_id for ranked in lists)
    assert all(ranked.excluded for ranked in lists)


def test_demands_of_every_audience_and_leads_in_many_states(demo):
    assert set(demo.scalars(select(Demand.audience))) == {"private", "organizations", "alliance", "board"}
    assert len(set(demo.scalars(select(Lead.state)))) >= 5


def test_some_firms_have_papers_checks_and_capacities(demo):
    assert set(demo.scalars(select(LevelCertificate.state))) >= {"waiting", "confirmed", "refused"}
    assert len(demo.scalars(select(SelfCheck)).all()) >= 8
    stated = [o.capacity_per_quarter for o in demo.scalars(select(Organization)) if o.plays("vendor")]
    assert None in stated
    assert len({number for number in stated if number is not None}) >= 4


@pytest.mark.parametrize(
    ("login", "role"),
    [
        ("vendor", "vendor"),
        ("vendor2", "vendor"),
        ("validator", "validator"),
        ("manufacturer", "manufacturer"),
        ("manufacturer2", "manufacturer"),
        ("coordinator", "vendor"),
        ("operator", "operator"),
    ],
)
def test_demo_accounts_act_for_fitting_organizations(demo, login, role):
    user = logins.find(demo, f"{login}@demo.example")
    assert [membership.organization.plays(role) for membership in user.memberships] == [True]
    assert passwords.matches(user.password_hash, "ieum-demo")


def test_its_accounts_are_exactly_those_that_are_shut_outside_demo_mode(demo):
    assert set(demo.scalars(select(User.email))) == set(DEMO_EMAILS)


def test_without_demo_mode_the_country_is_the_same_but_its_accounts_are_shut(
    app, session, country, loaded_app
):
    again = load.load(session, app.extensions["files"], with_logins=False)
    assert again == loaded_app.demo_summary
    user = logins.find(session, "operator@demo.example")
    assert user.password_hash is None
    assert logins.open_doors(session, country) == 7
    assert passwords.matches(user.password_hash, "ieum-demo")
    assert logins.open_doors(session, country) == 0


def test_the_first_vendor_has_something_in_every_state(demo):
    assert _states(demo, "해담웍스") == {"draft", "published", "sent_back", "submitted"}


def test_the_audit_chain_holds(demo):
    assert list(audit.breaks(demo)) == []
    entries = demo.scalars(select(audit.AuditEntry.act)).all()
    assert len(entries) > 1000
    assert {"organization.confirm", "listing.submit", "review.judge", "demand.match"} <= set(entries)
