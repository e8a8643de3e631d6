"""Runs of the composer as the API answers them: every bundle as the independent checker sees it."""

from collections.abc import Mapping
from typing import Any

from catalog.errors import Problem
from marketplace import wording
from matching.composer.answers import Item
from matching.composing import results
from matching.composing.results import Choice, Reason, Shown
from matching.composing.segment_results import SegmentShown
from matching.models import ComposeRun
from matching.packages.answers import Member


def run(row: ComposeRun) -> dict[str, Any]:
    """A run for a demand without its answer."""
    return {
        **state(row),
        "demand_id": row.asked_for.public_id,
        "demand_version": row.demand_version,
        "bundle_id": row.bundle,
    }


def state(row: ComposeRun) -> dict[str, Any]:
    """What every run has: who asked what when, how far it is."""
    return {
        "id": row.public_id,
        "alliance_id": row.alliance.public_id,
        "state": row.state,
        "step": row.step,
        "percent": row.percent,
        "wishes": row.wishes,
        "asked_by": row.asked_by,
        "asked_at": row.created_at,
        "ended_at": row.ended_at,
        "instance_sha256": row.instance_sha256,
        "failure": [_failure(*one) for one in row.failure or ()],
    }


def in_full(row: ComposeRun) -> dict[str, Any]:
    """A run with its answer."""
    return {**run(row), "answer": None if row.result is None else _answer(results.shown(row.result))}


def _failure(pointer: str, code: str, params: Mapping[str, Any]) -> dict[str, str]:
    words = wording.problem(Problem(pointer, code, params))
    return {"pointer": f"/{pointer}" if pointer else "", "code": code, "detail": words}


def _answer(found: Shown) -> dict[str, Any]:
    return {
        "status": found.status,
        "best": None if found.best is None else _choice(found, found.best),
        "alternatives": [_choice(found, one) for one in found.alternatives],
        "pareto": [_choice(found, one) for one in found.pareto],
        "reasons": [_reason(found, one) for one in found.reasons],
        "refused": found.refused,
        "funnel": {code: funnel.to_json() for code, funnel in found.funnel.items()},
        "core": list(found.core),
        "core_minimal": found.is_core_minimal,
        "repairs": [
            {"price_amount": one["price_amount"], "steps": list(one["steps"])} for one in found.repairs
        ],
        "said": dict(found.said),
    }


def _choice(found: Shown, choice: Choice) -> dict[str, Any]:
    money = choice.verdict.money
    if money is None:
        raise ValueError("a bundle that the checker does not accept is not shown")
    return {
        "list": choice.list,
        "place": choice.place,
        "status": choice.status,
        "objective": choice.objective,
        "bound": choice.bound,
        "own_amount": money.own_amount,
        "prices_amount": money.prices_amount,
        "connectors_amount": money.connectors_amount,
        "subsidy_amount": sum(money.subsidies.values()),
        "fit": choice.verdict.fit,
        "vendors": choice.verdict.vendors,
        "items": [_item(found, item) for item in choice.items],
        "links": [
            {
                "capabilities": [one.one, one.other],
                "how": one.how,
                "interfaces": list(one.interfaces),
                "price_amount": one.price_amount,
            }
            for one in choice.links
        ],
    }


def _reason(found: Shown, reason: Reason) -> dict[str, Any]:
    is_known = reason.bundle is not None
    runners_up = reason.runners_up.items() if is_known else ()
    return {
        "listing": reason.item.offer,
        "status": reason.status,
        "runners_up": [
            {
                "capability": code,
                "listing": item and item.offer,
                "title": item and found.offers[item.offer]["title"],
            }
            for code, item in runners_up
        ],
        "own_more_amount": reason.own_more if is_known else None,
        "fit_less": reason.fit_less if is_known else None,
        "vendors_more": reason.vendors_more if is_known else None,
        "outside_more": reason.outside_more if is_known else None,
    }


def _item(found: Shown, item: Item) -> dict[str, Any]:
    return {**bought(found, item), "stage": item.stage}


def bought(found: Shown | SegmentShown, item: Item | Member) -> dict[str, Any]:
    """A listing that is bought, or a member of a package: whose it is, its plan, what it answers for."""
    offer = found.offers[item.offer]
    return {
        "listing": item.offer,
        "title": offer["title"],
        "vendor_id": offer["vendor"],
        "vendor": offer["vendor_name"],
        "member": found.is_member(item.offer),
        "plan": item.plan,
        "price_amount": found.prices[item.offer, item.plan],
        "capabilities": list(item.capabilities),
    }
