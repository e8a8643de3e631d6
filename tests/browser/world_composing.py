"""What an alliance's coordinator finds that has composed: runs in every state, their texts as long as they may be.

The quiet store has no listings, so the offers of the answers are invented; composer and checker are the real ones.
"""

from datetime import timedelta

from catalog.db import utcnow
from matching import demands
from matching.composer import compose, read
from matching.composing import results, wishes
from matching.composing.wishes import Wishes
from matching.models import ComposeRun
from matching.models.compose_run import DONE, FAILED, RUNNING
from matching.models.demand import ALLIANCE
from tests import alliances, factories

LONG = "아주긴이름의솔루션" * 8
#: A worker that is alive until the tests are over.
ALIVE = timedelta(days=1)

#: Everything that may be said beside an answer.
SAID = {
    "level": 2,
    "target_level": 4,
    "stages": 2,
    "assumed": ["quality", "budget_band", "level"],
    "found": 9,
    "cut": 2,
    "left_out": {"level": 1, "price": 1, "bundle": 1},
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
    session.add_all(rows.values())
    session.flush()
    root = f"/alliances/{alliance.public_id}/inside/demands/{demand.public_id}/compose"
    return {f"composed-{name}": f"{root}/{row.public_id}" for name, row in rows.items()}


def _run(alliance, demand, *, state, **changes):
    ended = None if state == RUNNING else utcnow()
    return ComposeRun(
        alliance=alliance,
        demand=demand,
        demand_version=1,
        asked_by="allier@world.example",
        wishes=wishes.plain(Wishes(weighing="pareto")),
        wishes_sha256="0" * 64,
        state=state,
        ended_at=ended,
        **changes,
    )


def _result(vendors, budget):
    """An answer with alternatives, a front, a connector and a vendor that is no member, or why there is none."""
    offers = [
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
            "connectors": [{"from": "opcua", "to": "rest", "price_amount": 3_000_000}],
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
