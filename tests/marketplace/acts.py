"""Every writing operation of the API, done by people of five companies, and what the audit chain should say."""

import io
import re

from sqlalchemy import func, select, update

from catalog import regno
from catalog.db import utcnow
from catalog.models import Bundle, Listing, Organization
from marketplace import worker
from marketplace.api.alliance_charters import CHARTER
from marketplace.api.alliance_members import INVITATION, PART
from marketplace.api.alliances import ALLIANCE, DESCRIPTION
from marketplace.api.bundle_versions import DENIED
from marketplace.api.bundles import BUNDLE
from marketplace.api.composing import DRAFT
from marketplace.api.demand_drafts import UNFINISHED
from marketplace.api.examples import DECISION, EVIDENCE, LISTING, SITE, demand
from marketplace.api.interop import CONFLICT, CONNECTOR
from marketplace.api.leads import SEARCH
from marketplace.api.packages import DRAFT as PACKAGE_DRAFT
from marketplace.api.programs import HOOK
from marketplace.api.self_check import EXAMPLE as SELF_CHECK
from marketplace.api.supply_chain import TRADE_LINK
from marketplace.audit import AuditEntry
from marketplace.hooks.models import HookDelivery
from marketplace.journeys import leads as lead_acts
from tests import factories, shelves
from tests.marketplace.papers import paper
from tests.marketplace.people import PASSWORD, person
from tests.marketplace.web.looking import acting, one

#: A firm that is not registered.
OUTSIDE = regno.make("777881234")


def wanted(code):
    """A capability that a bundle promises."""
    return {"capability": code, "min_quality": 3, "must": True, "stage": 1}


class Journey:
    """Acts of five companies by program; notes what each of them should have written."""

    def __init__(self, app):
        self.app, self.expected, self.done = app, [], set()
        self.vendor, self.buyer = person(app, "vendor"), person(app, "manufacturer")
        self.judge, self.operator = person(app, "validator"), person(app, "operator")
        self.partner = person(app, "manufacturer")
        self.allies = [person(app, "vendor") for _ in range(2)]
        self.before = one(app, select(func.count(AuditEntry.number)))

    def act(self, who, method, path, act, **sent):
        """One act; it succeeds and is expected in the chain under the person, the organization and that name."""
        client = self.app.test_client()
        answer = (
            who.api(method, path, **sent) if who else client.open(f"/api/v1{path}", method=method, **sent)
        )
        assert answer.status_code in (200, 201, 202), (path, answer.get_json())
        actor = (who.email, who.organization_id) if who else (sent["json"]["email"], None)
        self.expected.append((*actor, act))
        pattern = re.sub(
            r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/charters/)[0-9]+|(?<=/versions/)[0-9]+", "<id>", path
        )
        self.done.add((method, pattern))
        return answer.get_json()

    def walk(self):
        """The whole path, every writing operation at least once."""
        self.people()
        listing = self.publishing()
        site = self.plants()
        self.levels(site)
        self.lists(site, listing)
        self.leads(site, listing)
        self.interop(listing)
        self.chain()
        self.alliances(site)
        self.leaving(listing)
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
        return listing

    def leaving(self, listing):
        self.act(self.vendor, "POST", f"/listings/{listing}/withdrawal", "listing.withdraw")
        self.act(self.vendor, "POST", f"/listings/{listing}/edition", "listing.reopen")

    def plants(self):
        own = self.buyer
        site = self.act(own, "POST", "/sites", "site.describe", json=SITE)["id"]
        self.act(own, "PUT", f"/sites/{site}", "site.describe", json=SITE)
        kept, dropped = (
            self.act(own, "POST", "/demands/drafts", "demand.draft", json=UNFINISHED)["id"] for _ in range(2)
        )
        self.act(own, "PUT", f"/demands/{kept}/draft", "demand.draft", json=UNFINISHED)
        self.act(own, "POST", f"/demands/{kept}/statement", "demand.state", json=demand(site))
        self.act(own, "DELETE", f"/demands/{dropped}/draft", "demand.discard")
        wanted = self.act(own, "POST", "/demands", "demand.state", json=demand(site))["id"]
        self.act(own, "PUT", f"/demands/{wanted}", "demand.revise", json=demand(site))
        self.act(own, "POST", f"/demands/{wanted}/matches", "demand.match")
        path, wide, closed = f"/demands/{wanted}", {"audience": "board"}, {"reason": "not_now"}
        self.act(own, "POST", f"{path}/audience", "demand.widen", json=wide)
        narrow = {"audience": "private"}
        self.act(own, "POST", f"{path}/audience/narrowing", "demand.narrow", json=narrow)
        self.act(own, "POST", f"{path}/closing", "demand.close", json=closed)
        self.act(own, "POST", f"{path}/reopening", "demand.reopen")
        self.act(own, "POST", f"{path}/closing", "demand.close", json=closed)
        return site

    def levels(self, site):
        """Two papers, one is confirmed and one refused; then the self-check, all of it in one request."""
        own, path = self.buyer, f"/sites/{site}"
        for act, number, sent in (
            ("confirmation", "SF-2026-00123", {}),
            ("refusal", "SF-2026-00124", {"json": {"reason": "번호가 기록과 달라요."}}),
        ):
            kept = self.act(
                own, "POST", f"{path}/certificates", "level_certificate.hand_in", data=paper(number=number)
            )
            name = {"confirmation": "confirm", "refusal": "refuse"}[act]
            decided = f"/level-certificates/{kept['id']}/{act}"
            self.act(self.operator, "POST", decided, f"level_certificate.{name}", **sent)
        first, *rest = SELF_CHECK["answers"]
        for answers, finish, act in (
            ([], False, "start"),
            ([first], False, "answer"),
            (rest, True, "finish"),
        ):
            body = {"answers": answers, "finish": finish}
            self.act(own, "POST", f"{path}/self-check", f"self_check.{act}", json=body)

    def lists(self, site, listing):
        """What is done around a list: try something out, keep in view, show it to others."""
        own = self.buyer
        wanted = self.act(own, "POST", "/demands", "demand.state", json=demand(site))["id"]
        path = f"/demands/{wanted}"
        self.act(own, "POST", f"{path}/matches", "demand.match")
        self.act(own, "POST", f"{path}/what-ifs", "demand.what_if", json={"policy": False})
        kept = self.act(own, "POST", f"{path}/shortlist", "demand.shortlist", json={"listing": listing})
        line = f"{path}/shortlist/{kept['id']}"
        note = {"note": "현장을 보기로 함", "revision": kept["revision"]}
        self.act(own, "PUT", f"{line}/note", "demand.note", json=note)
        self.act(own, "POST", f"{line}/moves", "demand.shortlist_order", json={"direction": "up"})
        self.act(own, "DELETE", line, "demand.unlist")
        link = self.act(own, "POST", f"{path}/shares", "demand.share", json={"days": 7})["id"]
        self.act(own, "DELETE", f"{path}/shares/{link}", "demand.unshare")
        search = self.act(own, "POST", "/saved-searches", "search.save", json=SEARCH)["id"]
        self.act(own, "DELETE", f"/saved-searches/{search}", "search.forget")

    def leads(self, site, listing):
        """Four demands are shown to the vendor: it declines one, and the other wishes for contact end in each way."""
        own, other = self.vendor, self.buyer
        capacity = {"projects_per_quarter": 4}
        self.act(own, "PUT", "/organization/capacity", "capacity.state", json=capacity)
        for _ in range(4):
            wanted = self.act(other, "POST", "/demands", "demand.state", json=demand(site))["id"]
            named = {"audience": "organizations", "organizations": [own.organization_id]}
            self.act(other, "POST", f"/demands/{wanted}/audience", "demand.widen", json=named)
        with acting(self.app) as session:
            lead_acts.ask_due(session)
        worker.drain(self.app)
        declined, *answered = (row["id"] for row in own.api("GET", "/leads").get_json()["items"])
        no = {"answer": "decline", "reason": "budget"}
        self.act(own, "POST", f"/leads/{declined}/answer", "lead.decline", json=no)
        yes = {
            "answer": "accept",
            "listing_id": listing,
            "message": "현장을 보고 싶어요.",
            "contact": "055-1",
        }
        for lead in answered:
            self.act(own, "POST", f"/leads/{lead}/answer", "lead.accept", json=yes)
        taken_back, met, refused = answered
        self.act(own, "POST", f"/leads/{taken_back}/withdrawal", "lead.withdraw")
        self.act(other, "POST", f"/offers/{met}/acceptance", "contact.accept", json={"contact": "055-2"})
        self.act(other, "POST", f"/offers/{refused}/refusal", "contact.refuse", json={"text": "다음에요."})

    def interop(self, listing):
        """What joining two interfaces costs, and two listings that cannot stand together; both end."""
        who = self.operator
        with acting(self.app) as session:
            first = session.scalars(select(Listing).where(Listing.public_id == listing)).one()
            other = Listing(
                organization=first.organization, kind="solution", title="다른 제품", live_release=1
            )
            session.add(other)
            session.flush()
            other = other.public_id
        pair = {**CONFLICT, "one": listing, "other": other}
        for path, body in (("/connectors", CONNECTOR), ("/conflicts", pair)):
            kept = self.act(who, "POST", path, "interop.note", json=body)["id"]
            self.act(who, "POST", f"{path}/{kept}/ending", "interop.end")
        with acting(self.app) as session:
            session.execute(update(Listing).where(Listing.public_id == other).values(live_release=None))

    def chain(self):
        """A link from its declaration to its end, a list of partners, and somebody who may see the chain."""
        own, partner = self.buyer, self.partner
        body = {"direction": "supplier", "registration_number": self.number(partner)}
        path = f"/trade-links/{self.act(own, 'POST', '/trade-links', 'link.declare', json=body)['id']}"
        self.act(partner, "POST", f"{path}/answer", "link.answer", json={"confirm": True})
        self.act(partner, "PUT", f"{path}/consents", "link.consent", json={"share_systems": True})
        self.act(own, "POST", f"{path}/end", "link.end")
        self.act(own, "POST", "/trade-links", "link.declare", json=TRADE_LINK)
        table = f"관계,사업자등록번호,기업 이름\n공급처,{OUTSIDE},바깥\n".encode()
        sent = {"file": (io.BytesIO(table), "list.csv")}
        kept = self.act(own, "POST", "/trade-link-imports", "link.check_list", data=sent)["id"]
        rows = f"/trade-link-imports/{kept}/application"
        self.act(own, "POST", rows, "link.declare_list", json={"mode": "good_rows"})
        viewer = {"registration_number": self.number(self.vendor)}
        shown = self.act(own, "POST", "/supply-chain/viewers", "chain.open", json=viewer)["id"]
        self.act(own, "POST", f"/supply-chain/viewers/{shown}/end", "chain.close")

    def alliances(self, site):
        """One from its founding to its end, with those who come and go and a demand that it sees."""
        own, (other, third) = self.vendor, self.allies
        path = f"/alliances/{self.act(own, 'POST', '/alliances', 'alliance.found', json=ALLIANCE)['id']}"
        self.act(own, "PUT", path, "alliance.describe", json=DESCRIPTION)
        yes, no = {"accept": True}, {"accept": False, "reason": "바빠요"}
        for who, answer, act in ((other, yes, "join"), (third, no, "decline")):
            sent = {"json": {**INVITATION, "organization_id": who.organization_id}}
            hasty = self.act(own, "POST", f"{path}/invitations", "alliance.invite", **sent)["id"]
            self.act(own, "POST", f"{path}/members/{hasty}/withdrawal", "alliance.take_back")
            self.act(own, "POST", f"{path}/invitations", "alliance.invite", **sent)
            self.act(who, "POST", f"{path}/invitation/answer", f"alliance.{act}", json=answer)
        members = [{"organization": who.organization_id, **PART} for who in (own, other)]
        charter = {**CHARTER, "lead": own.organization_id, "members": members}
        charters = f"{path}/charters"
        self.act(own, "POST", charters, "charter.propose", json=charter)
        self.act(own, "POST", f"{charters}/1/withdrawal", "charter.withdraw")
        sha256 = self.act(own, "POST", charters, "charter.propose", json=charter)["sha256"]
        self.act(own, "POST", f"{charters}/2/reminders", "charter.remind")
        for who in (own, other):
            self.act(who, "POST", f"{charters}/2/acceptance", "charter.accept", json={"sha256": sha256})
        self.act(third, "POST", f"{path}/requests", "alliance.ask", json=PART)
        self.act(third, "POST", f"{path}/request/withdrawal", "alliance.take_back")
        asked = self.act(third, "POST", f"{path}/requests", "alliance.ask", json=PART)["id"]
        self.act(own, "POST", f"{path}/members/{asked}/answer", "alliance.answer", json=yes)
        joined = {**yes, "sha256": sha256}
        self.act(third, "POST", f"{path}/invitation/answer", "alliance.join", json=joined)
        self.act(third, "POST", f"{path}/leaving", "alliance.leave")
        self.act(third, "POST", f"{path}/staying", "alliance.stay")
        self.pipeline(path, site, third)
        self.bundles(path, [own, other])
        why = {"reason": "두 분기 동안 답하지 않았습니다."}
        self.act(own, "POST", f"{path}/members/{asked}/exclusion", "alliance.exclude", json=why)
        self.act(own, "POST", f"{path}/dissolution", "alliance.dissolve")

    def bundles(self, path, vendors):
        """One from its first line to the store, and out of it again, with all that may come in between."""
        own, other = vendors
        with acting(self.app) as session:
            firms = [session.get_one(Organization, who.organization_key) for who in vendors]
            judge = session.get_one(Organization, self.judge.organization_key)
            listings = [
                shelves.publish(session, self.app.extensions["files"], firm, judge, code, 1_000_000)
                for firm, code in zip(firms, shelves.CAPABILITIES, strict=False)
            ]
            lines = [shelves.item(listing) for listing in listings]
        made = self.act(own, "POST", f"{path}/bundles", "bundle.begin", json=BUNDLE)["id"]
        bundle = f"/bundles/{made}"
        given = {"texts": shelves.TEXTS, "items": lines[:1], "wanted": [wanted(c) for c in ("mes", "plm")]}
        self.act(own, "PATCH", bundle, "bundle.change", json={"draft_number": 1, **given})
        check = own.api("GET", f"{bundle}/check").get_json()
        fix = next(one for one in check["findings"] if one["code"] == "uncovered")["fixes"][0]
        mend = {"draft_number": 2, **{name: fix[name] for name in ("act", "item", "value")}}
        self.act(own, "POST", f"{bundle}/fixes", "bundle.mend", json=mend)
        price = {"draft_number": 3, "discount_amount": 100_000, "save": True}
        self.act(own, "POST", f"{bundle}/price", "bundle.price", json=price)
        versions = f"{bundle}/versions"
        sent = {"json": {"draft_number": 4}}
        self.act(own, "POST", versions, "bundle.send", **sent)
        self.act(own, "POST", f"{versions}/1/withdrawal", "bundle.take_back")
        self.act(own, "POST", versions, "bundle.send", **sent)
        self.act(own, "POST", f"{versions}/2/reminders", "bundle.remind")
        self.act(other, "POST", f"{versions}/2/refusal", "bundle.deny", json=DENIED)
        self.act(own, "POST", versions, "bundle.send", **sent)
        self.sale(bundle, [own, other])

    def sale(self, bundle, vendors):
        """All sign, the desk approves, and it is withdrawn."""
        version = f"{bundle}/versions/3"
        for who in vendors:
            shown = who.api("GET", version).get_json()
            (mine,) = [each for each in shown["consents"] if each["organization_id"] == who.organization_id]
            hashes = {"sha256": shown["sha256"], "part_sha256": mine["part_sha256"]}
            self.act(who, "POST", f"{version}/signature", "bundle.sign", json=hashes)
        self.act(vendors[0], "POST", f"{version}/publication", "bundle.publish")
        with acting(self.app) as session:
            row = session.query(Bundle).filter_by(public_id=bundle.rpartition("/")[2]).one()
            judge = session.get_one(Organization, self.judge.organization_key)
            factories.judged(session, row.listing, judge, now=utcnow())
        self.act(vendors[0], "POST", f"{bundle}/withdrawal", "bundle.withdraw")

    def pipeline(self, path, site, member):
        """A demand is shown to the alliance, and a member takes care of it."""
        wanted = self.act(self.buyer, "POST", "/demands", "demand.state", json=demand(site))["id"]
        wide = {"audience": "alliance", "alliance": path.rpartition("/")[2]}
        self.act(self.buyer, "POST", f"/demands/{wanted}/audience", "demand.widen", json=wide)
        mine = {"owner_id": member.organization_id}
        self.act(member, "PUT", f"{path}/pipeline/{wanted}/owner", "alliance.assign", json=mine)
        self.composing(f"{path}/pipeline/{wanted}/compositions")
        own, runs = self.vendor, f"{path}/packages"
        hasty = self.act(own, "POST", runs, "packages.start", json={"seconds": 10})["id"]
        self.act(own, "POST", f"{runs}/{hasty}/cancellation", "packages.cancel")
        kept = self.act(own, "POST", runs, "packages.start", json={"seconds": 30})["id"]
        worker.drain(self.app)
        self.act(own, "POST", f"{runs}/{kept}/draft", "packages.draft", json=PACKAGE_DRAFT)

    def composing(self, path):
        """Two runs for a demand: one is cancelled, of the other a bundle becomes a draft."""
        own = self.vendor
        hasty = self.act(own, "POST", path, "compose.start", json={"seconds": 10})["id"]
        self.act(own, "POST", f"{path}/{hasty}/cancellation", "compose.cancel")
        kept = self.act(own, "POST", path, "compose.start", json={"seconds": 30, "level": 2})["id"]
        worker.drain(self.app)
        self.act(own, "POST", f"{path}/{kept}/draft", "compose.draft", json=DRAFT)

    @staticmethod
    def number(who):
        """The registration number of somebody's company."""
        return who.api("GET", "/organization").get_json()["registration_number"]

    def colleagues(self):
        own, other = self.vendor, self.buyer
        self.act(own, "PATCH", "/organization", "organization.describe", json={"name_en": "Hanul"})
        self.act(own, "POST", "/organization/roles", "organization.take_role", json={"role": "manufacturer"})
        invited = {"email": "colleague@example.com", "rights": ["signer"]}
        self.act(own, "POST", "/organization/invitations", "people.invite", json=invited)
        wanted = {"registration_number": self.number(own)}
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
