"""Runs for a segment as the API answers them: every package as the independent checker sees it."""

from collections.abc import Collection
from typing import Any

from marketplace.api import composing_answers
from matching.composing import segment_results
from matching.composing.segment_results import PackageShown, SegmentShown
from matching.models import ComposeRun


def in_full(row: ComposeRun, visible: Collection[str]) -> dict[str, Any]:
    """A run with its answer; `visible`: the demands that the alliance is shown now."""
    found = None if row.result is None else segment_results.shown(row.result, visible)
    return {**composing_answers.state(row), "answer": None if found is None else _answer(found)}


def _answer(found: SegmentShown) -> dict[str, Any]:
    hidden = ("unasked", "members")
    return {
        "status": found.status,
        "sound": found.is_sound,
        "asked_total": found.asked,
        "served_total": found.served,
        "gone": found.gone,
        "packages": [_package(found, one) for one in found.packages],
        "left_out": [{"demand_id": demand, "code": code} for demand, code in found.left_out],
        "said": {name: value for name, value in found.said.items() if name not in hidden},
    }


def _package(found: SegmentShown, package: PackageShown) -> dict[str, Any]:
    return {
        "hub": package.hub,
        "members": [composing_answers.bought(found, one) for one in package.members],
        "vendors": package.vendors,
        "served": [{"demand_id": demand, "own_amount": amount} for demand, amount in package.served],
        "served_total": package.served_total,
    }
