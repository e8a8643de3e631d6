"""A store without any public listing, and people in every position that the demo country does not show.

newcomer   signed up, no organization yet (made by the browser)
fresh      vendor and manufacturer, not confirmed, has nothing
maker      vendor with listings in every state but "published" and "waiting for review"
judge      validator: one review taken, one sent back, one approved
idle       validator for whom nothing waits: the only submission is its own
rival      validator who competes with idle
buyer      manufacturer: demands without a list, with an empty list, closed; has reported a vendor; a self-check begun
refused    vendor whom the operator could not confirm
allier     runs an alliance that has composed for a demand of buyer's: found, impossible, under way, failed
boss       operator; another operator's one-time link has not been used
Further people, of doors, locks and colleagues: `tests.browser.world_people`; what an operator and programs find:
`tests.browser.world_running`.
"""

from decimal import Decimal

from catalog import evidence, listings, organizations, publishing
from catalog.db import utcnow
from catalog.files.folder import FolderStore
from catalog.models import Organization, Review
from catalog.validation import desk
from marketplace import create_app
from marketplace.accounts import sign_in
from marketplace.accounts.models import Membership, User
from marketplace.accounts.oversight import AbuseReport
from matching import alerts, demands, matchmaking
from matching.maturity import items, self_checks
from matching.search.analyser import BigramAnalyser
from matching.search.embedded import EmbeddedEngine
from tests import factories
from tests.browser import world_composing, world_people, world_running
from tests.marketplace.people import PASSWORD, person

HOUSE = "world.example"
ROLES = {
    "maker": ["vendor"],
    "judge": ["validator"],
    "idle": ["vendor", "validator"],
    "rival": ["validator"],
    "buyer": ["manufacturer"],
    "boss": ["operator"],
    "allier": ["vendor"],
}
MOST_AMOUNT = 10**12
LONG = "아주긴이름의솔루션" * 8
__all__ = ["HOUSE", "PASSWORD", "make"]


def make(settings, files):
    """Fill the database of `settings`; answers {name: path} of what only this module knows how to reach."""
    app = create_app({**settings, "SITE_URL": "http://127.0.0.1:8000", "TESTING": True})
    people = {name: person(app, *roles, email=f"{name}@{HOUSE}") for name, roles in ROLES.items()}
    people["fresh"] = person(app, "vendor", "manufacturer", confirmed=False, email=f"fresh@{HOUSE}")
    people["refused"] = person(app, "vendor", confirmed=False, email=f"refused@{HOUSE}")
    doors = world_people.sign_up(app)
    paths = {}
    with app.app_context(), app.extensions["database"].session() as session:
        own = {name: session.get(Organization, who.organization_key) for name, who in people.items()}
        paths |= _listings(session, own, people["judge"].email, FolderStore(files))
        paths |= _plants(session, own["buyer"])
        paths["report"] = _report(session, own["maker"], people["buyer"].user_key)
        organizations.refuse(session, own["refused"], LONG)
        paths["link"] = _link(session, own["boss"])
        paths |= world_people.make(session, doors, FolderStore(files))
        paths |= world_running.make(session, own, people)
        paths |= world_composing.make(session, own["allier"], own["maker"], own["buyer"])
        session.commit()
    app.extensions["database"].engine.dispose()
    return paths


def _listings(session, own, email, store):
    """Listings of the maker in every state but "published", and one of idle's that waits in the queue."""
    maker, judging = own["maker"], own["judge"]
    judge = desk.Judge("최서연", email, frozenset({judging.id}))
    blank = listings.draft(session, maker, {"title": LONG[:80]})
    full = factories.draft(
        session, maker, store, title="고칠 곳 없는 초안", plans=[factories.plan(price=MOST_AMOUNT)]
    )
    waiting = factories.draft(session, own["idle"], store, title="차례를 기다리는 솔루션")
    back = factories.draft(session, maker, store, title="돌아온 솔루션")
    worse = factories.evidence_fields(kind="claim", kpi="나빠진 지표", after=Decimal("9.5"))
    evidence.add(session, back, worse, factories.TODAY)
    session.flush()
    reviews = {
        "queued": factories.submitted(session, waiting, utcnow()),
        "returned": _sent_back(session, back, judging, judge),
        "taken": _taken(
            session, factories.draft(session, maker, store, title="심사받는 솔루션"), judging, judge
        ),
    }
    gone = factories.draft(session, maker, store, title="판매를 멈춘 솔루션")
    reviews["approved"] = session.get(Review, factories.approved(session, gone, judging).review_id)
    publishing.withdraw(session, gone)
    organizations.declare_competitor(session, own["rival"], own["idle"].registration_number)
    rows = {"blank": blank, "full": full, "back": back, "waiting": waiting, "gone": gone}
    rows["judged"] = reviews["taken"].listing
    return {name: f"/listings/{row.public_id}" for name, row in rows.items()} | {
        name: f"/desk/{row.public_id}" for name, row in reviews.items()
    }


def _taken(session, listing, validator, judge):
    review = factories.submitted(session, listing, utcnow())
    desk.take(session, review, validator, judge, utcnow())
    desk.note(session, review, audience="internal", author=judge.name, text=LONG, now=utcnow())
    return review


def _sent_back(session, listing, validator, judge):
    review = factories.submitted(session, listing, utcnow())
    desk.take(session, review, validator, judge, utcnow())
    desk.remark(
        session,
        review,
        [
            {
                "pointer": "evidence/0/method",
                "severity": "required",
                "text": "표본을 어떻게 뽑았는지 적어 주세요.",
            },
            {"pointer": "description", "severity": "advice", "text": LONG},
        ],
    )
    desk.note(session, review, audience="vendor", author=judge.name, text="곧 다시 볼게요.", now=utcnow())
    desk.send_back(session, review, utcnow())
    session.flush()
    return review


def _plants(session, buyer):
    """Two factories: one with demands in every state and a self-check half done, one of which nothing is known."""
    site = factories.site(session, buyer)
    factories.site(session, buyer, name=LONG[:80])
    run = self_checks.start(session, site, factories.TODAY)
    for number, value in enumerate((2, None, 5), start=1):
        question = items.instrument().questions[number].id
        self_checks.answer(session, run, question, value, utcnow())
    mes = {"capability": ["mes"]}
    alerts.save(session, buyer, name=LONG[:40], text="예지보전", filters=mes, now=utcnow())
    return {"check": f"/self-check/{run.public_id}", **_demands(session, site)}


def _demands(session, site):
    rows = {
        "unmatched": factories.demand(session, site, title="아직 계산하지 않은 수요"),
        "unmet": factories.demand(session, site, title="맞는 솔루션이 없는 수요"),
        "stale": factories.demand(session, site, title="목록보다 새로운 수요", budget_amount=MOST_AMOUNT),
        "closed": factories.demand(session, site, title="마감한 수요"),
    }
    for name in ("unmet", "stale"):
        matchmaking.match(session, EmbeddedEngine(BigramAnalyser()), rows[name], factories.TODAY)
    rows["stale"].target_level = 5
    demands.close(session, rows["closed"], "not_now")
    session.flush()
    return {name: f"/demands/{row.public_id}" for name, row in rows.items()}


def _report(session, vendor, reporter):
    row = AbuseReport(organization=vendor, reporter_id=reporter, reason="other", text=LONG, source="")
    session.add(row)
    session.flush()
    return f"/reports/{row.public_id}"


def _link(session, operators):
    user = User(email=f"second@{HOUSE}", name="둘째 운영자")
    session.add(user)
    session.flush()
    session.add(Membership(user_id=user.id, organization_id=operators.id, is_admin=True))
    return f"/welcome/{sign_in.issue_link(session, user)}"
