"""Operations of the self-check and the roadmap."""

from fractions import Fraction
from typing import Any
from uuid import UUID

from flask_login import current_user

from catalog.errors import Invalid, NotFound, Problem
from catalog.models import Site
from marketplace import audit
from marketplace.accounts import access
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db, now, search_engine, today
from marketplace.schemas import self_check as schemas
from matching import roadmaps
from matching.maturity import items, self_checks, serving
from matching.maturity.roadmap import CapabilityNeed, Step
from matching.models import Assessment, SelfCheck
from matching.models.assessment import COMPANY_LEVEL, SELF_CHECK
from matching.models.self_check import FINISHED

bp = ApiBlueprint("self_check_api", __name__, "Self-check and roadmap, for manufacturers")

#: Every question, and the run closed with them.
EXAMPLE: dict[str, Any] = {
    "edition": items.EDITION,
    "answers": [
        {"question": question.id, "value": None if question.id == "partners" else 2}
        for question in items.instrument().questions
    ],
    "finish": True,
}


@operation(
    bp,
    "POST",
    "/sites/<uuid:site_id>/self-check",
    permission="self_check.answer",
    summary="Answer questions of the self-check",
    body=schemas.SelfCheckIn,
    answer=schemas.SelfCheckOut,
    conflicts=True,
    example=EXAMPLE,
)
def answer_self_check(body: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Goes on with the open run of the site, or starts one; the last answer to a question holds."""
    site = access.own_site(db, current_user, site_id)
    named = [row["question"] for row in body["answers"]]
    repeated = [i for i, question in enumerate(named) if question in named[:i]]
    if repeated:
        raise Invalid([Problem(f"answers/{i}/question", "repeated", {"value": named[i]}) for i in repeated])
    known = self_checks.open_run(db, site)
    run = self_checks.start(db, site, today())
    for row in body["answers"]:
        self_checks.answer(db, run, row["question"], row["value"], now())
    if body["finish"]:
        self_checks.finish(db, run, today())
    _note(run, named, started=known is None, finished=body["finish"])
    return _run(site, run)


@operation(
    bp,
    "GET",
    "/sites/<uuid:site_id>/self-check",
    permission="self_check.read",
    summary="The newest self-check of a factory",
    answer=schemas.SelfCheckOut,
)
def get_self_check(site_id: UUID) -> dict[str, Any]:
    """The open run if there is one, else the one finished last; 404 when there is none."""
    site = access.own_site(db, current_user, site_id)
    run = access.self_checks_of(db, [site]).get(site.id)
    if run is None:
        raise NotFound
    return _run(site, run)


@operation(
    bp,
    "GET",
    "/sites/<uuid:site_id>/roadmap",
    permission="site.read",
    summary="The way from a factory's level to a goal",
    query=schemas.RoadmapQuery,
    answer=schemas.RoadmapOut,
)
def get_roadmap(query: dict[str, Any], site_id: UUID) -> dict[str, Any]:
    """Steps level by level, the capabilities of each, and the public listings that serve them."""
    site = access.own_site(db, current_user, site_id)
    found = roadmaps.of(db, search_engine(), site, query["goal"], today())
    return {
        "site_id": site.public_id,
        "level": None if found.holding is None else _level(found.holding),
        "goal": found.goal,
        "steps": [_step(step, offer) for step, offer in zip(found.steps, found.offers, strict=True)],
    }


def _note(run: SelfCheck, named: list[str], *, started: bool, finished: bool) -> None:
    """One entry a request, named for how far it got; none if it did nothing."""
    if finished:
        audit.record(db, "self_check.finish", run, questions=named, started=started)
    elif named:
        audit.record(db, "self_check.answer", run, questions=named, started=started)
    elif started:
        audit.record(db, "self_check.start", run)


def _run(site: Site, run: SelfCheck) -> dict[str, Any]:
    found = self_checks.result(run)
    finished = run.state == FINISHED
    level = {
        "scale": COMPANY_LEVEL,
        "value": found.level,
        "basis": SELF_CHECK,
        "on": run.finished_on,
    }
    return {
        "id": run.public_id,
        "site_id": site.public_id,
        "edition": run.edition,
        "state": run.state,
        "started_on": run.started_on,
        "finished_on": run.finished_on,
        "answers": [
            {"question": question, "value": value} for question, value in self_checks.answers_of(run).items()
        ],
        "missing": [question.id for question in self_checks.missing(run)],
        "mean": _two(found.mean),
        "level": level if finished else None,
        "areas": [
            {"area": area.id, "mean": _two(area.mean), "answered": area.answered, "asked": area.asked}
            for area in found.areas
        ],
        "weakest": list(found.weakest) if finished else [],
    }


def _level(row: Assessment) -> dict[str, Any]:
    return {"scale": row.scale, "value": row.level, "basis": row.basis, "on": row.assessed_on}


def _step(step: Step, offer: serving.StepOffer) -> dict[str, Any]:
    return {
        "number": step.number,
        "from_level": step.from_level,
        "to_level": step.to_level,
        "later": step.later,
        "mean_before": _two(step.mean_before),
        "mean_after": _two(step.mean_after),
        "areas": [lift.area for lift in step.lifts],
        "needs": [_need(need, offer.capabilities.get(need.capability)) for need in step.needs],
        "from_amount": offer.from_amount,
    }


def _need(need: CapabilityNeed, offer: serving.CapabilityOffer | None) -> dict[str, Any]:
    best = () if offer is None else offer.best
    return {
        "capability": need.capability,
        "must": need.must,
        "standing": need.standing,
        "area": need.area,
        "before": need.before or None,
        "listings": None if offer is None else offer.count,
        "from_amount": None if offer is None else offer.from_amount,
        "best": [
            {"listing": row.listing, "title": row.title, "vendor": row.vendor_name, "fit": row.fit}
            for row in best
        ],
    }


def _two(mean: Fraction | None) -> float | None:
    return None if mean is None else round(float(mean), 2)
