"""What an alliance's coordinator finds that has composed: runs in every state, their texts as long as they may be.

The quiet store has no listings, so the offers of the answers are invented; composer and checker are the real ones.
"""

from datetime import timedelta

from catalog.db import utcnow
from matching import demands, packages
from matching.composer import compose, read
from matching.composing import results, segment_wishes, wishes
from matching.composing.segment_wishes import SegmentWishes
from matching.composing.wishes import Wishes
from matching.models import ComposeRun
from matching.models.compose_run import DONE, FAILED, RUNNING
from matching.models.demand import ALLIANCE
from tests import alliances, factories

LONG = "아주긴이름의솔루션" * 8
CONNECTORS = [{"from": "opcua", "to": "rest", "price_amount": 3_000_000}]
#: A worker that is alive until the tests are over.
ALIVE = timedelta(days=1)

#: Everything that may be said beside an answer.
SAID = {
    "level": 2,
    "target_level": 4,
    "stages": 2,
    "assumed": ["quality", "budget_band", "level", "industry", "region"],
    "found": 9,
    "cut": 2,
    "left_out": {"level": 1, "price": 1, "bundle": 1, "industry": 2},
    "subsidy": {"none": "not_stated"},
}


def make(session, coordinator, member, buyer):
    """Fill the database; answers {name: path} of the runs."""
    alliance = alliances.active(session, coordinator, member, capabilities=("mes",))
    demand = factories.demand(
        session,
        factories.site(session, buyer, name="합성 공장"),
        requirements=[{"capability": code, "must": True, "min_quality": 3} for code in ("mes", "erp")],
        links=[["mes", "erp"]],
    )
    demands.widen(session, demand, ALLIANCE, [], utcnow(), alliance=alliance)
    session.flush()
    vendors = coordinator.public_id, member.public_id
    rows = {
        "best": _run(alliance, demand, state=DONE, result=_result(vendors, budget=None)),
        "none": _run(alliance, demand, state=DONE, result=_result(vendors, budget=1_000_000)),
        "going": _run(alliance, demand, state=RUNNING, step="best", percent=10, beat_at=utcnow() + ALIVE),
        "failed": _run(alliance, demand, state=FAILED, failure=[["", "compose_died", {"times": 3}]]),
    }
    many = segment_wishes.plain(SegmentWishes())
    packed = {
        "found": _run(alliance, None, many, state=DONE, result=_packages(vendors, demand, 10**12)),
        "none": _run(alliance, None, many, state=DONE, result=_packages(vendors, demand, 1_000_000)),
        "failed": _run(alliance, None, many, state=FAILED, failure=[["", "compose_search", {}]]),
    }
    session.add_all([*rows.values(), *packed.values()])
    session.flush()
    inside = f"/alliances/{alliance.public_id}/inside"
    root = f"{inside}/demands/{demand.public_id}/compose"
    return {
        **{f"composed-{name}": f"{root}/{row.public_id}" for name, row in rows.items()},
        **{f"packages-{name}": f"{inside}/packages/{row.public_id}" for name, row in packed.items()},
    }


def _run(alliance, demand, chosen=None, *, state, **changes):
    ended = None if state == RUNNING else utcnow()
    return ComposeRun(
        alliance=alliance,
        demand=demand,
        demand_version=None if demand is None else 1,
        asked_by="allier@world.example",
        wishes=chosen or wishes.plain(Wishes(weighing="pareto")),
        wishes_sha256="0" * 64,
        state=state,
        ended_at=ended,
        **changes,
    )


def _packages(vendors, demand, budget):
    """Packages that serve the demand or not, beside one that the alliance is not shown any more."""
    offers = _sold(vendors)
    asked = [{"capability": code, "min_quality": 3, "stage": 2} for code in ("erp", "mes")]
    unseen = "01900000-0000-7000-8000-000000000099"
    names = {demand.public_id: budget, unseen: 10**12}
    segment = {
        "demands": [
            {"id": name, "level": 2, "budget_amount": most, "requirements": asked}
            for name, most in names.items()
        ],
        "offers": offers,
        "connectors": CONNECTORS,
    }
    said = {
        "assumed": ["quality", "budget_band", "industry", "region"],
        "unasked": {},
        "offers": 9,
        "cut": 2,
        "members": list(vendors),
    }
    return {
        "answer": packages.solve(packages.read(segment), 2).to_json(),
        "segment": segment,
        "count": 2,
        "offers": {offer["id"]: _named(offer) for offer in offers},
        "said": said,
    }


def _sold(vendors):
    return [
        _offer(nth, vendor, capability, price)
        for nth, (vendor, capability, price) in enumerate(
            [
                (vendors[0], "mes", 40_000_000),
                (vendors[1], "erp", 10**12),
                ("stranger", "mes", 30_000_000),
                ("stranger", "erp", 25_000_000),
            ]
        )
    ]


def _result(vendors, budget):
    """An answer with alternatives, a front, a connector and a vendor that is no member, or why there is none."""
    offers = _sold(vendors)
    asked = [{"capability": code, "min_quality": 3, "stage": 2, "must": True} for code in ("erp", "mes")]
    instance = read(
        {
            "demand": {
                "level": 2,
                "requirements": asked,
                "links": [["mes", "erp"]],
                "budget_amount": budget,
                "members": list(vendors),
            },
            "offers": offers,
            "connectors": CONNECTORS,
            "objective": "lexicographic",
            "alternatives": 2,
            "pareto": 4,
        }
    )
    kept = results.kept(instance, compose(instance), {}, {**SAID, "budget_amount": budget})
    named = {offer["id"]: offer for offer in offers}
    used = [offer["id"] for offer in kept["instance"]["offers"]]
    return {**kept, "offers": {name: _named(named[name]) for name in used}}


def _offer(nth, vendor, capability, price):
    return {
        "id": f"01900000-0000-7000-8000-00000000000{nth}",
        "vendor": vendor,
        "entry_level": 1 + nth % 3,
        "interfaces": ["opcua" if capability == "mes" else "rest"],
        "plans": [{"id": "p", "price_amount": price, "quality": {capability: 4}}],
        "fit": {capability: 400 + 150 * nth},
    }


def _named(offer):
    return {
        "title": LONG,
        "title_en": "W" * 70,
        "vendor": offer["vendor"],
        "vendor_name": LONG[:60],
        "release": 1,
        "level": {"from": 1, "to": 4},
        "plans": {"p": "표준"},
        "certificate_until": "2027-11-20",
    }
