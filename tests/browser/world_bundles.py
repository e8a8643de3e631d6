"""A store in which three vendors sell together: bundles in every state that their pages show.

runner     runs the alliance and leads it, signs
second     a vendor in each bundle, signs
clerk      the third vendor's, without the right to sign
stranger   a vendor outside, to whom nothing was sent
buyer      a manufacturer
judge      a validator that has taken one of them
"""

from sqlalchemy import select

from catalog import publishing as shop
from catalog.bundles import drafting, publishing, reopening
from catalog.clock import day_of
from catalog.db import utcnow
from catalog.files.folder import FolderStore
from catalog.models import Organization, Review
from catalog.validation import desk
from marketplace import create_app
from marketplace.accounts.models import Membership
from tests import factories, shelves
from tests.marketplace.people import PASSWORD, person

HOUSE = "bundles.example"
ROLES = {
    "runner": "vendor",
    "second": "vendor",
    "clerk": "vendor",
    "stranger": "vendor",
    "buyer": "manufacturer",
    "judge": "validator",
}
LONG = "아주긴이름의묶음" * 9
__all__ = ["HOUSE", "PASSWORD", "make"]


def make(settings, files):
    """Fill the database of `settings`; answers {name: path} of what only this module knows how to reach."""
    app = create_app({**settings, "SITE_URL": "http://127.0.0.1:8000", "TESTING": True})
    people = {name: person(app, role, email=f"{name}@{HOUSE}") for name, role in ROLES.items()}
    with app.app_context(), app.extensions["database"].session() as session:
        own = {name: session.get(Organization, who.organization_key) for name, who in people.items()}
        for name, called in (("runner", "한빛엠이에스"), ("second", "코어아이티"), ("clerk", "비전웍스")):
            own[name].name = called
        shelf = shelves.put_up(session, FolderStore(files), [own["runner"], own["second"], own["clerk"]])
        paths = {"list": f"/alliances/{shelf.alliance.public_id}/inside/bundles"}
        paths |= {"alliance": f"/alliances/{shelf.alliance.public_id}"}
        paths |= _sold(session, shelf) | _unfinished(shelf) | _signed(shelf) | _broken(session, shelf)
        paths |= _amended(session, shelf) | _on_the_desk(session, shelf, own["judge"])
        session.scalars(
            select(Membership).where(Membership.organization_id == own["clerk"].id)
        ).one().is_signer = False
        session.commit()
    app.extensions["database"].engine.dispose()
    return paths


def _sold(session, shelf):
    """One that is sold, whose next version waits for two of three."""
    bundle = shelves.sold(shelf, now=utcnow())
    form = shelves.form_of(bundle)
    codes = [listing.codes("capability")[0] for listing in shelf.listings]
    items = [
        {**shelves.item(shelf.listings[place]), "id": item.id, "quantity": 2 if place == 1 else 1}
        | {"supports": [codes[2]] if place == 0 else []}
        for place, item in enumerate(form.items)
    ]
    changes = {"items": items, "discount_amount": 7_000_000}
    today = day_of(utcnow())
    drafting.change(session, bundle, changes, bundle.draft_number, today)
    version = publishing.send(session, bundle, today)
    session.flush()
    shelves.sign(session, version, shelf.lead, today)
    return {"sold": f"/bundles/{bundle.public_id}", "listing": f"/listings/{bundle.listing.public_id}"}


def _unfinished(shelf):
    """One with a long name, gaps, weak, doubled and unjoined parts, and one that has just begun."""
    codes = [listing.codes("capability")[0] for listing in shelf.listings]
    wanted = [
        {"capability": code, "min_quality": 5 if code == codes[1] else 3, "must": code != "wms", "stage": 1}
        for code in (*codes, "wms", "ai_vision", "scm")
    ]
    made = shelves.drafted(shelf, wanted=wanted, exchanges=[codes[:2]], items=shelf.items()[:2])
    drafting.change(
        shelf.session,
        made,
        {"texts": {"title": LONG[:80]}, "discount_amount": 1_234_567},
        made.draft_number,
        day_of(utcnow()),
    )
    begun = drafting.begin(
        shelf.session, shelf.alliance, {"title": "막 시작한 묶음"}, level_from=1, level_to=3
    )
    shelf.session.flush()
    return {"gaps": f"/bundles/{made.public_id}", "begun": f"/bundles/{begun.public_id}"}


def _signed(shelf):
    """One that all have signed."""
    bundle = shelves.drafted(shelf)
    shelves.signed(shelf, bundle, day_of(utcnow()))
    return {"signed": f"/bundles/{bundle.public_id}"}


def _amended(session, shelf):
    """One whose second version is sold."""
    bundle = shelves.sold(shelf, now=utcnow())
    today = day_of(utcnow())
    drafting.change(session, bundle, {"discount_amount": 7_000_000}, bundle.draft_number, today)
    shelves.sold(shelf, bundle, now=utcnow())
    return {"amended": f"/bundles/{bundle.public_id}"}


def _on_the_desk(session, shelf, judge):
    """One that waits for a validator, one that somebody has taken, one that was sent back."""
    paths, person = {}, factories.judge(judge)
    for name in ("waiting", "taken", "mended"):
        bundle = shelves.drafted(shelf)
        version = shelves.signed(shelf, bundle, day_of(utcnow()))
        publishing.publish(session, version, utcnow())
        session.flush()
        review = session.scalars(select(Review).where(Review.listing_id == bundle.listing_id)).one()
        paths |= {name: f"/bundles/{bundle.public_id}", f"{name}_review": f"/desk/{review.public_id}"}
        if name == "waiting":
            continue
        desk.take(session, review, judge, person, utcnow())
        if name == "mended":
            desk.score(session, review, factories.FULL_POINTS)
            finding = {"pointer": "summary", "severity": "required", "text": "누가 설치하는지 적어 주세요."}
            advice = {"pointer": "plans/0/price_amount", "severity": "advice", "text": LONG}
            desk.remark(session, review, [finding, advice])
            desk.note(
                session, review, author="김검증", now=utcnow(), audience="vendor", text="고치면 다시 볼게요."
            )
            desk.send_back(session, review, utcnow())
    return paths


def _broken(session, shelf):
    """One that is sold and of which a part has gone."""
    extra = shelves.publish(
        session, shelf.store, shelf.vendors[2], shelf.validator, "wms", 9_000_000, title="창고온"
    )
    codes = [listing.codes("capability")[0] for listing in shelf.listings]
    wanted = [{"capability": code, "min_quality": 3, "must": True, "stage": 1} for code in (*codes, "wms")]
    items = [*shelf.items(), shelves.item(extra)]
    bundle = shelves.sold(shelf, shelves.drafted(shelf, wanted=wanted, items=items), now=utcnow())
    shop.withdraw(session, extra)
    session.flush()
    reopening.look(session, bundle, utcnow())
    return {"broken": f"/bundles/{bundle.public_id}"}
