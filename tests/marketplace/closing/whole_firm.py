"""A company that is vendor and manufacturer and has a row in every table that can name it or hang on what is its own,
among others that deal with it."""

import io
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from catalog import capacity, organizations, regno
from catalog.bundles import drafting
from catalog.bundles import publishing as bundles
from catalog.models import (
    BundleConsent,
    BundleVersion,
    Listing,
    ListingConflict,
    Organization,
    OrganizationRole,
    Release,
    Site,
)
from catalog.validation import desk
from marketplace import extensions, worker
from marketplace.accounts import invitations, joining, shares, tokens
from marketplace.accounts.models import User
from marketplace.accounts.oversight import SupportAccess
from marketplace.api.examples import EVIDENCE, LISTING, SITE
from marketplace.api.examples import demand as example
from marketplace.hooks import delivering, endpoints
from marketplace.journeys import abuse, trade_links
from marketplace.journeys import leads as acts
from matching import alerts, demands, level_certificates, pipeline, shortlists, what_ifs
from matching.maturity import items, self_checks
from matching.models import ComposeRun, Demand, Lead, LevelCertificate, MatchList, SelfCheck, TradeLink
from matching.models.demand import ORGANIZATIONS
from matching.supply_chain import importing, links
from tests import alliances, factories, shelves
from tests.marketplace.papers import paper
from tests.marketplace.people import Person, person
from tests.marketplace.web.looking import acting, form_word, one, rows
from tests.matching.supply_chain.conftest import said

NAME = "한울정밀"
OUTSIDE = regno.make("777881234")
PARTNERS_LIST = f"관계,사업자등록번호,기업 이름\n공급처,{OUTSIDE},바깥 도금\n".encode()
NOW, TODAY = factories.NOW, factories.TODAY


@dataclass
class World:
    """The firm and everybody around it."""

    app: Any
    firm: Person
    partner: Person
    vendor: Person
    operator: Person
    coordinator: Person
    #: Public id of the vendor's listing, and of the partner's site.
    listing: str
    partner_site: str

    def of(self, session, who):
        """The organization of one of them."""
        return session.get_one(Organization, who.organization_key)

    def own(self, session, model):
        """The rows of the firm."""
        mine = select(model).where(model.organization_id == self.firm.organization_key)
        return session.scalars(mine.order_by(model.id)).all()


def around(app):
    """The firm with nothing of its own yet, and what the others have."""
    firm = person(app, "vendor", "manufacturer", name=NAME)
    partner = person(app, "manufacturer", name="남는정공")
    vendor = person(app, "vendor", name="가람비전")
    operator = person(app, "operator")
    coordinator = person(app, "manufacturer", name="지역 연합")
    with acting(app) as session:
        owner = session.get_one(Organization, vendor.organization_key)
        validator = factories.company(session, "validator")
        listing = factories.published(session, owner, validator, app.extensions["files"]).public_id
        _bundle(session, alliances.active(session, owner, factories.company(session, "vendor")), owner)
        site = factories.site(session, session.get_one(Organization, partner.organization_key)).public_id
    return World(app, firm, partner, vendor, operator, coordinator, listing, site)


def filled(world):
    """Give the firm everything but what is judged."""
    _draft(world)
    _plant(world)
    _demands(world)
    _leads(world)
    _trade(world)
    _alliances(world)
    _people(world)


def judged(world):
    """Besides: a published solution, one that was sent back, and one of another vendor that it judged itself."""
    with acting(world.app) as session:
        own, files = world.of(session, world.firm), world.app.extensions["files"]
        validator = factories.company(session, "validator")
        factories.published(session, own, validator, files, title="공개한 것")
        listing = factories.draft(session, own, files, title="돌려받은 것")
        review = factories.submitted(session, listing)
        desk.take(session, review, validator, factories.judge(validator), NOW)
        desk.remark(session, review, [{"pointer": "title", "severity": "advice", "text": "짧아요"}])
        desk.note(session, review, audience="vendor", author="최서연", text="다시 봐 주세요", now=NOW)
        desk.send_back(session, review, NOW)
        own.roles.append(OrganizationRole(role="validator"))
        session.flush()
        factories.published(session, world.of(session, world.vendor), own, files, title="우리가 본 것")


def _draft(world):
    firm = world.firm
    listing = firm.api("POST", "/listings", json=LISTING).get_json()["id"]
    record = firm.api("POST", f"/listings/{listing}/evidence", json=EVIDENCE).get_json()["id"]
    sent = {"file": (io.BytesIO(b"1,2\n"), "a.csv")}
    assert firm.api("POST", f"/evidence/{record}/files", data=sent).status_code == 201
    with acting(world.app) as session:
        own = world.of(session, firm)
        capacity.state(session, own, 7, TODAY)
        organizations.describe(own, description="우리 회사 소개", region="gyeongnam")


def _plant(world):
    """A factory with two papers, one of them confirmed, a finished and an open self-check."""
    site = world.firm.api("POST", "/sites", json=SITE).get_json()["id"]
    for number in ("SF-1", "SF-2"):
        sent = paper(number=number)
        answer = world.firm.post(f"/sites/{site}/certificates", sent, content_type="multipart/form-data")
        assert answer.status_code == 303
    with acting(world.app) as session:
        (place,) = world.own(session, Site)
        first = session.scalars(select(LevelCertificate).order_by(LevelCertificate.id)).first()
        level_certificates.confirm(session, first, by="boss@example.com", now=NOW)
        run = self_checks.start(session, place, TODAY)
        for question in items.instrument(run.edition).questions:
            self_checks.answer(session, run, question.id, 3, NOW)
        self_checks.finish(session, run, TODAY)
        self_checks.start(session, place, TODAY)
        assert len(session.scalars(select(SelfCheck)).all()) == 2


def _demands(world):
    """A demand of two versions with lists, a shortlist and a shared link, shown to the vendor; and a draft."""
    wanted = world.firm.api("POST", "/demands", json=example()).get_json()["id"]
    assert world.firm.api("POST", f"/demands/{wanted}/matches").status_code in (200, 201)
    with acting(world.app) as session:
        (demand,) = world.own(session, Demand)
        fields = {
            **demands.content_of(demand),
            "title": "고친 수요",
            "links": [],
            "deadline": None,
            "budget_amount": 60_000_000,
        }
        demands.revise(session, demand, fields, TODAY, by=world.firm.email)
        demands.draft(session, demand.site, {**fields, "title": ""}, TODAY)
        release = session.scalars(select(Release).order_by(Release.id)).first()
        item, _new = shortlists.add(session, demand, release)
        shortlists.write(session, demand, item, "먼저 물어볼 곳", item.revision)
        found = session.scalars(select(MatchList)).one()
        shares.make(
            session, found, world.firm.user_key, days=7, named=True, with_notes=True, now=extensions.now()
        )
        engine = extensions.search_index(world.app).fresh(session)
        what_ifs.look(session, engine, demand, TODAY, what_ifs.Changes(policy=False))
        demands.widen(session, demand, ORGANIZATIONS, [world.of(session, world.vendor)], NOW)
        alerts.save(session, world.of(session, world.firm), name="용접", text="용접", filters={}, now=NOW)


def _leads(world):
    """The vendor and the firm meet over the firm's demand; the partner names the firm in two of its own."""
    app, firm = world.app, world.firm
    with acting(app) as session:
        site = session.scalars(select(Site).where(Site.public_id == world.partner_site)).one()
        own, vendor = world.of(session, firm), world.of(session, world.vendor)
        for title, named in (("둘에게 보인 것", [own, vendor]), ("하나에게만 보인 것", [own])):
            demands.widen(session, factories.demand(session, site, title=title), ORGANIZATIONS, named, NOW)
    with acting(app) as session:
        acts.ask_due(session)
    worker.drain(app)
    mine = select(Lead.public_id).where(Lead.organization_id == firm.organization_key)
    assert len(rows(app, mine)) == 2
    declined = firm.post(f"/leads/{one(app, mine)}/decline", {"reason": "other", "text": "바빠요"})
    assert declined.status_code == 303
    met = one(app, select(Lead.public_id).join(Lead.demand).where(Demand.title == "고친 수요"))
    said_ = {"listing_id": world.listing, "message": "보고 싶어요", "contact": "박서린 055-1"}
    assert world.vendor.post(f"/leads/{met}/accept", said_).status_code == 303
    assert firm.post(f"/offers/{met}/accept", {"contact": "김하늬 055-2"}).status_code == 303


def _trade(world):
    """Links that the firm and its partner declared and confirmed, one that waits, a list, chains opened both ways."""
    with acting(world.app) as session:
        own, partner = world.of(session, world.firm), world.of(session, world.partner)
        coordinator = world.of(session, world.coordinator)
        (ours,) = world.own(session, Site)
        theirs = session.scalars(select(Site).where(Site.public_id == world.partner_site)).one()
        yes = {"share_systems": True, "share_chain": False}
        for declarer, other, place, place_of_other, item in (
            (own, partner, ours, theirs, "우리가 신고"),
            (partner, own, theirs, ours, "거래처가 신고"),
        ):
            fields = said("customer", other, item=item, share_systems=True)
            done = links.declare(session, declarer, fields, TODAY, site=place)
            session.flush()
            links.confirm(session, done.link, other, TODAY, site=place_of_other, **yes)
        links.declare(session, own, said("supplier", OUTSIDE, name="바깥 도금"), TODAY)
        assert len(session.scalars(select(TradeLink)).all()) == 3
        importing.keep(session, own, "거래처.csv", io.BytesIO(PARTNERS_LIST))
        trade_links.open_chain(session, own, coordinator)
        trade_links.open_chain(session, partner, own)


def _alliances(world):
    """The firm runs one with the vendor and belongs to one that the vendor runs; there it takes care of a demand of the
    partner's, and its own demand is shown to it."""
    with acting(world.app) as session:
        own, vendor = world.of(session, world.firm), world.of(session, world.vendor)
        ours = alliances.active(session, own, vendor)
        _bundle(session, ours, vendor)
        version = session.scalars(select(BundleVersion).order_by(BundleVersion.id)).first()
        # what it was asked for its own bundle goes with it; what it signed of another's stays
        (asked,) = session.scalars(select(BundleConsent).where(BundleConsent.organization_id == own.id))
        session.delete(asked)
        asked = {"part_sha256": "0" * 64, "signed_sha256": version.sha256, "at": NOW, "state": "given"}
        signer = {"signed_by": "김서명", "signed_email": "signer@example.com"}
        version.consents.append(BundleConsent(organization=own, **asked, **signer))
        theirs = alliances.active(session, vendor, own)
        alliances.member_of(theirs, own).message = "함께해요"
        site = session.scalars(select(Site).where(Site.public_id == world.partner_site)).one()
        shown = factories.demand(session, site, title="얼라이언스에 보인 것")
        mine = session.scalars(select(Demand).where(Demand.title == "고친 수요")).one()
        for demand in (shown, mine):
            demands.widen(session, demand, "alliance", [], NOW, alliance=theirs)
        session.flush()
        pipeline.assign(session, shown.alliance_lead, own, TODAY)
        # the runs of its own alliance go with it, and those for its own demand with that
        for alliance, demand in ((ours, shown), (theirs, mine)):
            wishes = {"wishes": {}, "wishes_sha256": "0" * 64, "asked_by": "mover@example.com"}
            session.add(ComposeRun(alliance=alliance, demand=demand, demand_version=1, **wishes))
        # an answer for many demands goes with any one of them
        named = {"segment": {"demands": [{"id": mine.public_id}]}, "said": {"unasked": {}}}
        session.add(ComposeRun(alliance=theirs, state="done", ended_at=NOW, result=named, **wishes))
        drafts = select(Listing).where(Listing.organization_id == own.id, Listing.kind == "solution")
        pair = sorted((session.scalars(drafts).first().id, _solution(session, vendor).id))
        told = {"reason": "함께 쓸 수 없음", "source": "합성 예시", "as_of": TODAY}
        session.add(ListingConflict(one_id=pair[0], other_id=pair[1], **told))


def _bundle(session, alliance, vendor):
    """A bundle of an alliance with the vendor's solution, which waits for signatures."""
    listing = _solution(session, vendor)
    made = drafting.begin(session, alliance, shelves.TEXTS, level_from=2, level_to=3)
    session.flush()
    wanted = {"capability": "ai_vision", "min_quality": 3, "must": True, "stage": 1}
    drafting.change(session, made, {"wanted": [wanted], "items": [shelves.item(listing)]}, 1, TODAY)
    bundles.send(session, made, TODAY)
    session.flush()


def _solution(session, vendor):
    solutions = select(Listing).where(Listing.organization_id == vendor.id, Listing.kind == "solution")
    return session.scalars(solutions).one()


def _people(world):
    """Whoever comes, looks, reports, competes; programs; a copy of the data."""
    with acting(world.app) as session:
        own, rival = world.of(session, world.firm), world.of(session, world.coordinator)
        admin = session.get_one(User, world.firm.user_key)
        invitations.invite(session, own, admin, email="new@example.com", rights=[])
        asking = session.get_one(User, world.coordinator.user_key)
        joining.ask_to_join(session, asking, own.registration_number, "합류하고 싶어요")
        organizations.declare_competitor(session, own, rival.registration_number)
        organizations.declare_competitor(session, rival, own.registration_number)
        tokens.issue_to_organization(session, own, name="ERP", scopes=["sites:read"])
        hook = endpoints.register(
            session, own, url="https://erp.example.com/ieum", events=["review.approved"]
        )
        session.flush()
        delivering.ping(session, hook, NOW)
        session.add(
            SupportAccess(organization=own, operator_email="boss@example.com", reason="문의", ends_at=NOW)
        )
        wrong = {"reason": "other", "text": "사실과 달라요.", "email": ""}
        abuse.report(session, own, None, fields=wrong, reporter=asking, remote="127.0.0.1", now=NOW)
    page = "/organization/data"
    word = form_word(world.firm.client.get(page))
    assert world.firm.post(f"{page}/exports", {"form_id": word}).status_code == 303
    worker.drain(world.app)
