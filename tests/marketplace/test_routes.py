"""Every route × every role × every tenant.

The expectations come from the role table alone; a route without a line in it, or a row that another organization can
reach, fails here.
"""

import io
import re
import uuid

import pytest
from sqlalchemy import select

from catalog.bundles import drafting
from catalog.bundles import publishing as bundles
from catalog.files.folder import FolderStore
from catalog.models import Listing, Organization
from marketplace import worker
from marketplace.accounts import roles
from marketplace.accounts.data_requests import DataExport, DeletionRequest
from marketplace.accounts.models import UserSession
from marketplace.api.alliance_charters import ACCEPTED, CHARTER
from marketplace.api.alliance_members import INVITATION
from marketplace.api.alliances import DESCRIPTION
from marketplace.api.bundle_versions import DENIED, SENT, SIGNED
from marketplace.api.bundles import BUNDLE, CHANGE, FIX, PRICE
from marketplace.api.composing import DRAFT
from marketplace.api.examples import DECISION, EVIDENCE, LISTING, SITE, demand
from marketplace.api.leads import SEARCH
from marketplace.api.matches import SHORTLISTED
from marketplace.api.packages import DRAFT as PACKAGE_DRAFT
from marketplace.api.programs import HOOK
from marketplace.api.supply_chain import TRADE_LINK
from marketplace.notices.models import Notice
from marketplace.security import WITHOUT_CSRF
from matching import demands
from matching.models import Lead
from matching.supply_chain import reading
from tests import alliances, factories, shelves
from tests.marketplace.papers import paper
from tests.marketplace.people import PASSWORD, csrf, person

#: Routes of libraries: they carry no permission of ours and give nothing away.
LIBRARY = {"static", "api-docs.openapi_json"}
#: These end the sign-in that the walk goes on with.
SIGNING_OUT = {"accounts.sign_out", "locks.end_everywhere"}
ROLES = ("vendor", "manufacturer", "validator", "operator")
WRITES = ("POST", "PUT", "PATCH")


def _routes(app):
    """(rule, method) of every route of ours."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda r: r.rule):
        if rule.endpoint not in LIBRARY:
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield rule, method


def _path(rule, ids):
    """The route's path with the given ids, random ones for the others."""
    fixed = {"number": "1", "audience": "vendor", "message_key": "1"}
    values = {name: ids.get(name) or fixed.get(name) or str(uuid.uuid4()) for name in rule.arguments}
    return re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: values[found.group(1)], rule.rule)


COMPOSITIONS = "/api/v1/alliances/<uuid:alliance_id>/pipeline/<uuid:demand_id>/compositions"
BODIES = {
    "/api/v1/listings/<uuid:listing_id>": {"install_weeks": 6},
    "/api/v1/listings/<uuid:listing_id>/evidence": EVIDENCE,
    "/api/v1/evidence/<uuid:evidence_id>": EVIDENCE,
    "/api/v1/sites/<uuid:site_id>": SITE,
    "/api/v1/demands/<uuid:demand_id>": demand(),
    "/api/v1/demands/<uuid:demand_id>/draft": {"title": "초안"},
    "/api/v1/demands/<uuid:demand_id>/statement": demand(),
    "/api/v1/demands/<uuid:demand_id>/audience": {"audience": "board"},
    "/api/v1/demands/<uuid:demand_id>/audience/narrowing": {"audience": "private"},
    "/api/v1/demands/<uuid:demand_id>/closing": {"reason": "mistake"},
    "/api/v1/sites/<uuid:site_id>/self-check": {"answers": []},
    "/api/v1/demands/<uuid:demand_id>/what-ifs": {"policy": False},
    "/api/v1/demands/<uuid:demand_id>/shortlist": SHORTLISTED,
    "/api/v1/demands/<uuid:demand_id>/shortlist/<uuid:item_id>/note": {"note": "", "revision": 1},
    "/api/v1/demands/<uuid:demand_id>/shortlist/<uuid:item_id>/moves": {"direction": "up"},
    "/api/v1/demands/<uuid:demand_id>/shares": {},
    "/api/v1/listings/<uuid:listing_id>/decision": DECISION,
    "/api/v1/leads/<uuid:lead_id>/answer": {"answer": "decline", "reason": "budget"},
    "/api/v1/offers/<uuid:lead_id>/acceptance": {"contact": "055-1"},
    "/api/v1/offers/<uuid:lead_id>/refusal": {},
    "/api/v1/reviews/<uuid:review_id>/taking": {"no_conflict": True},
    "/api/v1/organization/people/<uuid:user_id>/rights": {"rights": []},
    "/api/v1/organization/join-requests/<uuid:request_id>/answer": {"accept": False},
    "/api/v1/trade-links/<uuid:link_id>/answer": {"confirm": True},
    "/api/v1/trade-links/<uuid:link_id>/consents": {"share_systems": True},
    "/api/v1/trade-link-imports/<uuid:import_id>/application": {"mode": "good_rows"},
    "/api/v1/alliances/<uuid:alliance_id>": DESCRIPTION,
    "/api/v1/alliances/<uuid:alliance_id>/invitations": INVITATION,
    "/api/v1/alliances/<uuid:alliance_id>/invitation/answer": {"accept": False},
    "/api/v1/alliances/<uuid:alliance_id>/members/<uuid:member_id>/answer": {"accept": False},
    "/api/v1/alliances/<uuid:alliance_id>/members/<uuid:member_id>/exclusion": {"reason": "까닭"},
    "/api/v1/alliances/<uuid:alliance_id>/charters": CHARTER,
    "/api/v1/alliances/<uuid:alliance_id>/charters/<int:number>/acceptance": ACCEPTED,
    "/api/v1/alliances/<uuid:alliance_id>/pipeline/<uuid:demand_id>/owner": {"owner_id": None},
    COMPOSITIONS: {},
    "/api/v1/alliances/<uuid:alliance_id>/packages": {},
    f"{COMPOSITIONS}/<uuid:run_id>/draft": DRAFT,
    "/api/v1/alliances/<uuid:alliance_id>/packages/<uuid:package_run_id>/draft": PACKAGE_DRAFT,
    "/api/v1/alliances/<uuid:alliance_id>/bundles": BUNDLE,
    "/api/v1/bundles/<uuid:bundle_id>": CHANGE,
    "/api/v1/bundles/<uuid:bundle_id>/fixes": FIX,
    "/api/v1/bundles/<uuid:bundle_id>/price": PRICE,
    "/api/v1/bundles/<uuid:bundle_id>/versions": SENT,
    "/api/v1/bundles/<uuid:bundle_id>/versions/<int:number>/signature": SIGNED,
    "/api/v1/bundles/<uuid:bundle_id>/versions/<int:number>/refusal": DENIED,
}


def _ask(who, rule, method, ids):
    """Send a request that nothing but permission or ownership can refuse."""
    path = _path(rule, ids)
    if rule.rule.startswith("/api/v1/"):
        sent = {"json": BODIES[rule.rule]} if rule.rule in BODIES and method in WRITES else {}
        if rule.rule.endswith("/files"):
            sent = {"data": {"file": (io.BytesIO(b"a,b\n"), "a.csv")}}
        if rule.rule.endswith("/certificates") and method in WRITES:
            sent = {"data": paper()}
        return who.api(method, path.removeprefix("/api/v1"), **sent)
    if method == "GET":
        return who.client.get(path)
    return who.client.post(path, data={"csrf_token": csrf(who.client)})


class Nobody:
    """A visitor without an account."""

    def __init__(self, app):
        self.app, self.client = app, app.test_client()

    def api(self, method, path, **kwargs):
        return self.app.test_client().open(f"/api/v1{path}", method=method, **kwargs)


def test_every_route_carries_a_permission_of_the_table(app):
    for rule, _ in _routes(app):
        assert getattr(app.view_functions[rule.endpoint], "permission", None) in roles.PERMISSIONS, rule


def test_every_permission_guards_a_route(app):
    used = {app.view_functions[rule.endpoint].permission for rule, _ in _routes(app)}
    assert used == set(roles.PERMISSIONS)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reaches_exactly_its_routes(app, role):
    who = person(app, role)
    who.rights = frozenset({"member", "admin", "finance", "signer"})
    for rule, method in _routes(app):
        if rule.endpoint in SIGNING_OUT:
            continue
        permission = app.view_functions[rule.endpoint].permission
        expected = roles.allowed(
            permission, signed_in=True, member=True, roles=frozenset({role}), rights=who.rights
        )
        status = _ask(who, rule, method, {}).status_code
        assert status < 500, (method, rule.rule)
        assert (status != 403) == expected, (method, rule.rule, status)


def test_nobody_reaches_only_public_routes(app):
    who = Nobody(app)
    for rule, method in _routes(app):
        permission = app.view_functions[rule.endpoint].permission
        public = roles.allowed(
            permission, signed_in=False, member=False, roles=frozenset(), rights=frozenset()
        )
        answer = _ask(who, rule, method, {})
        refused = answer.status_code == 401 or (
            answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in?next=")
        )
        assert refused != public, (method, rule.rule, answer.status_code)


def test_a_page_without_its_csrf_token_is_refused(app):
    who = person(app, "vendor", "manufacturer")
    for rule, method in _routes(app):
        if method == "POST" and not rule.rule.startswith("/api/") and rule.endpoint not in WITHOUT_CSRF:
            assert who.client.post(_path(rule, {})).status_code == 400, rule.rule


def _trade(owner, judge):
    """The owner's partner, list of partners and permission to see its chain."""
    upload = {"file": (io.BytesIO(reading.template().encode()), "partners.csv")}
    number = judge.api("GET", "/organization").get_json()["registration_number"]
    viewer = {"registration_number": number}
    return {
        "link_id": owner.api("POST", "/trade-links", json=TRADE_LINK).get_json()["id"],
        "import_id": owner.api("POST", "/trade-link-imports", data=upload).get_json()["id"],
        "chain_viewer_id": owner.api("POST", "/supply-chain/viewers", json=viewer).get_json()["id"],
        "anchor_id": owner.organization_id,
    }


def _request(owner, judge):
    """A request to join the owner's company."""
    number = owner.api("GET", "/organization").get_json()["registration_number"]
    asked = judge.api("POST", "/organization/join-requests", json={"registration_number": number})
    return asked.get_json()["id"]


def _runs(owner, ids):
    """Runs of the composer for the demand, which the alliance sees from now on, and for all that it sees."""
    wide = {"audience": "alliance", "alliance": ids["alliance_id"]}
    owner.api("POST", f"/demands/{ids['demand_id']}/audience", json=wide)
    runs = f"/alliances/{ids['alliance_id']}/pipeline/{ids['demand_id']}/compositions"
    paths = {"run_id": runs, "package_run_id": f"/alliances/{ids['alliance_id']}/packages"}
    return {name: owner.api("POST", path, json={}).get_json()["id"] for name, path in paths.items()}


def _alliance(app, owner):
    """An active alliance that the owner runs and belongs to, and its own membership."""
    with app.app_context(), app.extensions["database"].session() as session:
        own = session.get(Organization, owner.organization_key)
        other = factories.company(session, "vendor")
        made = alliances.active(session, own, other)
        ids = {"alliance_id": made.public_id, "member_id": alliances.member_of(made, own).public_id}
        ids["bundle_id"] = _bundle(app, session, made, other)
        session.commit()
        return ids


def _bundle(app, session, alliance, vendor):
    """A bundle with the vendor's solution, which waits for signatures."""
    judge = factories.company(session, "validator")
    listing = shelves.publish(session, app.extensions["files"], vendor, judge, "mes", 1_000_000)
    made = drafting.begin(session, alliance, shelves.TEXTS, level_from=1, level_to=2)
    session.flush()
    wanted = {"capability": "mes", "min_quality": 3, "must": True, "stage": 1}
    given = {"wanted": [wanted], "items": [shelves.item(listing)]}
    drafting.change(session, made, given, 1, factories.TODAY)
    bundles.send(session, made, factories.TODAY)
    return made.public_id


def _lead(app, owner):
    """A lead of the owner's, of a demand that a third company shows."""
    with app.app_context(), app.extensions["database"].session() as session:
        shown = factories.demand(session, factories.site(session, factories.company(session, "manufacturer")))
        demands.widen(session, shown, "board", [], factories.NOW)
        own = session.get(Organization, owner.organization_key)
        lead = Lead(demand=shown, organization=own, standings=[], weights="2026-1", revision=0)
        lead.offered_at = factories.NOW
        session.add(lead)
        session.commit()
        return lead.public_id


@pytest.fixture
def world(app, session, tmp_path):
    """One organization's things of every kind, and a stranger of the same roles."""
    owner, stranger = person(app, "vendor", "manufacturer"), person(app, "vendor", "manufacturer")
    judge, other_judge = person(app, "validator"), person(app, "validator")
    ids = {"listing_id": owner.api("POST", "/listings", json=LISTING).get_json()["id"]}
    record = owner.api("POST", f"/listings/{ids['listing_id']}/evidence", json=EVIDENCE).get_json()
    ids["evidence_id"] = record["id"]
    upload = {"file": (io.BytesIO("가,나\n".encode()), "a.csv")}
    ids["file_id"] = owner.api("POST", f"/evidence/{record['id']}/files", data=upload).get_json()["id"]
    ids["site_id"] = owner.api("POST", "/sites", json=SITE).get_json()["id"]
    checks = f"/sites/{ids['site_id']}/self-check"
    ids["check_id"] = owner.api("POST", checks, json={"answers": []}).get_json()["id"]
    ids |= _trade(owner, judge)
    handed_in = owner.api("POST", f"/sites/{ids['site_id']}/certificates", data=paper())
    ids["certificate_id"] = handed_in.get_json()["id"]
    ids["lead_id"] = _lead(app, owner)
    ids |= _alliance(app, owner)
    ids["search_id"] = owner.api("POST", "/saved-searches", json=SEARCH).get_json()["id"]
    ids["demand_id"] = owner.api("POST", "/demands", json=demand(ids["site_id"])).get_json()["id"]
    ids |= _runs(owner, ids)
    ids["list_id"] = owner.api("POST", f"/demands/{ids['demand_id']}/matches").get_json()["list_id"]
    ids["token_id"] = owner.api("GET", "/tokens").get_json()["items"][0]["id"]
    ids["hook_id"] = owner.api("POST", "/webhooks", json=HOOK).get_json()["id"]
    invitation = {"email": "colleague@example.com"}
    ids["invitation_id"] = owner.api("POST", "/organization/invitations", json=invitation).get_json()["id"]
    ids["request_id"] = _request(owner, judge)
    signed_in = session.scalars(select(UserSession).where(UserSession.user_id == owner.user_key)).one()
    ids["session_id"] = signed_in.public_id
    told = select(Notice.public_id).where(Notice.user_id == owner.user_key)
    ids["notice_id"] = session.scalars(told).first()
    session.rollback()  # reading held the database against the writers below
    owner.post("/account/data/exports")
    owner.post("/organization/data/deletion", {"password": PASSWORD})
    worker.drain(app)
    ids["export_id"] = session.scalars(select(DataExport.public_id)).one()
    ids["asked_id"] = session.scalars(select(DeletionRequest.public_id)).one()
    session.rollback()
    ids["delivery_id"] = owner.api("POST", f"/webhooks/{ids['hook_id']}/ping").get_json()["id"]
    return {"owner": owner, "stranger": stranger, "judge": judge, "other_judge": other_judge, "ids": ids}


PRIVATE = (
    "listing_id",
    "evidence_id",
    "file_id",
    "site_id",
    "check_id",
    "certificate_id",
    "lead_id",
    "search_id",
    "demand_id",
    "list_id",
    "token_id",
    "hook_id",
    "delivery_id",
    "notice_id",
    "invitation_id",
    "request_id",
    "session_id",
    "export_id",
    "asked_id",
    "link_id",
    "import_id",
    "chain_viewer_id",
    "anchor_id",
    "alliance_id",
    "member_id",
    "bundle_id",
)
#: Routes of everybody and of validators take ids that are no secret of their owner.
#: An alliance in force is public: every vendor may ask to join it, every manufacturer show it a demand. So is a bundle
#: that is sold.
#: The operator sees every listing, and whoever sees a page may report it.
NOT_PRIVATE = {
    "catalogue.read",
    "review.read",
    "review.judge",
    "listing.oversee",
    "listing.suspend",
    "report.make",
    "level_certificate.read",
    "level_certificate.decide",
    "alliance.read",
    "alliance.ask",
    "alliance.send",
    "bundle.read",
}


def test_a_stranger_finds_nothing_of_anothers(app, world):
    """Not yours and not there are the same 404, for every route that names a private thing; the owner gets through."""
    tried = 0
    for rule, method in _routes(app):
        permission = app.view_functions[rule.endpoint].permission
        if permission in NOT_PRIVATE or not any(name in rule.arguments for name in PRIVATE):
            continue
        tried += 1
        answer = _ask(world["stranger"], rule, method, world["ids"])
        assert answer.status_code == 404, (method, rule.rule, answer.status_code)
        missing = _ask(world["stranger"], rule, method, {})
        assert missing.status_code == 404, (method, rule.rule)
        if method == "GET":
            assert _ask(world["owner"], rule, method, world["ids"]).status_code == 200, rule.rule
    assert tried >= 20


def test_a_stranger_changes_nothing(app, session, world):
    mine = session.query(Listing).filter_by(public_id=world["ids"]["listing_id"])
    before = mine.one()
    kept = (
        before.title,
        before.state,
        before.install_weeks,
        len(before.evidence),
        len(before.evidence[0].files),
    )
    session.rollback()
    for rule, method in _routes(app):
        if method in WRITES and any(name in rule.arguments for name in PRIVATE):
            _ask(world["stranger"], rule, method, world["ids"])
    after = mine.one()
    assert (
        after.title,
        after.state,
        after.install_weeks,
        len(after.evidence),
        len(after.evidence[0].files),
    ) == kept


def test_a_review_is_seen_by_its_validator_alone(app, session, world, tmp_path):
    owner = session.get(Organization, world["owner"].organization_key)
    listing = factories.draft(session, owner, FolderStore(tmp_path / "files"))
    review = factories.submitted(session, listing)
    session.commit()
    path, taken = f"/reviews/{review.public_id}", {"no_conflict": True}
    file_id = review.content["evidence"][0]["files"][0]["id"]
    for judge in (world["judge"], world["other_judge"]):
        assert judge.api("GET", path).status_code == 200
        assert judge.client.get(f"/files/{file_id}").status_code == 404
    assert world["judge"].api("POST", f"{path}/taking", json=taken).status_code == 200
    assert world["judge"].client.get(f"/files/{file_id}").status_code == 200
    assert world["other_judge"].api("GET", path).status_code == 404
    assert world["other_judge"].client.get(f"/files/{file_id}").status_code == 404
    assert world["other_judge"].api("POST", f"{path}/taking", json=taken).status_code == 404
