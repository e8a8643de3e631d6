"""A demand and an alliance as the composer's instance, with what has to be said beside it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy.orm import Session

from catalog import interop
from catalog.alliances import standing
from catalog.bundles.knowing import SYSTEMS_OF_RECORD
from catalog.errors import Invalid, Problem
from catalog.models import Alliance
from matching import candidates, editions
from matching.composer import instance as problem
from matching.composer.changing import changed
from matching.composer.instance import Instance
from matching.composing import gathering, wishes
from matching.composing.demanded import Demanded, demanded
from matching.composing.fitting import Fitting
from matching.composing.wishes import Wishes
from matching.models import Demand
from matching.scoring import facts
from matching.search.documents import Document
from matching.search.engine import Engine

#: A rule pays one project, and the first stage is one: a later stage needs a call of its own, which nobody promised.
SUBSIDISED_STAGE = 1
#: Why nothing is subsidised: no programme is named, its rule does not hold today, or states no share or no ceiling.
NO_PROGRAMME, NOT_NOW, NOT_STATED = "no_programme", "not_now", "not_stated"


@dataclass(frozen=True, slots=True)
class Question:
    """What the composer is asked.

    Attributes:
        documents: the listing of each offer.
        said: what a page says beside the answer, as JSON: {"level", "target_level", "stages", "budget_amount",
            "sure_amount", "assumed": codes, "found", "cut", "left_out": {cause: count},
            "subsidy": {"rule", "name", "name_en", "rate_bp",
            "cap_amount", "synthetic"} or {"none": why}, "weights", "revision"}.
    """

    instance: Instance
    documents: Mapping[str, Document]
    said: dict[str, Any]


def question_of(
    session: Session,
    engine: Engine,
    demand: Demand,
    alliance: Alliance,
    chosen: Wishes,
    *,
    today: date,
) -> Question:
    """Return the instance of a demand for an alliance, as its coordinator may know the demand.

    Raises:
        Invalid: the site's level is not known, the programme has no rule, or a listing that is to be kept cannot be.
    """
    asked = demanded(session, demand, alliance.coordinator, chosen, today)
    edition = editions.in_force(session, today)
    found = gathering.gather(engine, asked.need, edition, today, asked.level, keep=chosen.keep)
    _require(chosen, found.documents)
    subsidies, paid = _subsidies(asked, today)
    codes = [one.capability for one in asked.need.requirements]
    fitting = Fitting(asked.need, edition)
    offers = offers_of(codes, found.documents, today, lambda offer: fitting.of(offer, codes))
    instance = Instance(
        demand=_demand(asked, alliance, chosen, today),
        offers=offers,
        connectors=connectors_of(session),
        conflicts=conflicts_of(session, offers),
        subsidies=subsidies,
        objective=_objective(chosen),
        require=chosen.keep,
        forbid=tuple(name for name in chosen.never if name in found.documents),
        alternatives=chosen.alternatives,
        pareto=chosen.points if chosen.weighing == "pareto" else 0,
        reasons=True,
    )
    steps = [step for step in (wishes.step(*change) for change in chosen.changes) if step is not None]
    said = {**_said(asked, found), "subsidy": paid, "weights": edition.version}
    return Question(changed(instance, steps), found.documents, said)


def requirements_of(asked: Demanded) -> tuple[problem.Requirement, ...]:
    """Everything is due by the last stage: a demand says when it wants all of it, not what comes first."""
    return tuple(
        problem.Requirement(one.capability, one.min_quality, asked.stages, one.must)
        for one in asked.need.requirements
    )


def offers_of(
    codes: Collection[str],
    documents: Mapping[str, Document],
    today: date,
    fit: Callable[[facts.Offer], Mapping[str, int]],
) -> tuple[problem.Offer, ...]:
    """Return what listings bring of some capabilities, each with those of its plans whose price is known."""
    made = []
    for name, document in documents.items():
        stated = candidates.offer_of(document, today)
        plans = tuple(
            problem.Plan(plan.id, plan.first_year_amount, quality)
            for plan in stated.plans
            if plan.first_year_amount is not None
            and (quality := {code: plan.quality[code] for code in codes if plan.quality.get(code, 0)})
        )
        if plans:
            made.append(
                problem.Offer(
                    id=name,
                    vendor=document.vendor_id,
                    entry_level=stated.level_from,
                    interfaces=tuple(sorted(stated.interfaces)),
                    plans=plans,
                    fit=fit(stated),
                    capacity=document.vendor_capacity,
                )
            )
    return tuple(made)


def connectors_of(session: Session) -> tuple[problem.Connector, ...]:
    """Return what joins two interfaces at which price, as the operator noted it."""
    return tuple(problem.Connector(*one.interfaces, one.price_amount) for one in interop.connectors(session))


def conflicts_of(session: Session, offers: Collection[problem.Offer]) -> tuple[tuple[str, str], ...]:
    """Return which of the offers cannot be used together, as the operator noted it."""
    return tuple(one.listings for one in interop.conflicts(session, [one.id for one in offers]))


def _demand(asked: Demanded, alliance: Alliance, chosen: Wishes, today: date) -> problem.Demand:
    named = frozenset(one.capability for one in asked.need.requirements)
    return problem.Demand(
        level=asked.level,
        requirements=requirements_of(asked),
        links=tuple(pair for pair in asked.links if named.issuperset(pair)),
        exclusive=tuple(sorted(named & SYSTEMS_OF_RECORD)),
        budget_amount=asked.budget_amount,
        max_vendors=chosen.max_vendors,
        pool=chosen.pool,
        members=tuple(one.organization.public_id for one in standing.standing_members(alliance, today)),
    )


def _said(asked: Demanded, found: gathering.Gathered) -> dict[str, Any]:
    return {
        "level": asked.level,
        "target_level": asked.target_level,
        "stages": asked.stages,
        "budget_amount": asked.budget_amount,
        "sure_amount": asked.sure_amount,
        "assumed": list(asked.assumed),
        "found": found.found,
        "cut": found.cut,
        "left_out": dict(found.left_out),
        "revision": found.revision,
    }


def _require(chosen: Wishes, documents: Mapping[str, Document]) -> None:
    wrong = [
        Problem(f"keep/{place}", "compose_keep", {"value": name})
        for place, name in enumerate(chosen.keep)
        if name not in documents
    ]
    if wrong:
        raise Invalid(wrong)


def _objective(chosen: Wishes) -> problem.Weights | Literal["lexicographic"]:
    if chosen.weighing != "weighted":
        return "lexicographic"
    return problem.Weights(1, chosen.point_amount, chosen.vendor_amount)


def _subsidies(asked: Demanded, today: date) -> tuple[tuple[problem.Subsidy, ...], dict[str, Any]]:
    """Return the programme's share where its rule holds today and states what it pays, and what is said of it.

    A province's share goes unsaid here: two payers round by themselves, and a promise must not be too high.
    """
    if asked.support is None:
        return (), {"none": NO_PROGRAMME}
    rule = asked.support.counted[0]
    if rule.time(today) != "present":
        return (), {"none": NOT_NOW, "name": rule.name, "name_en": rule.name_en}
    if rule.rate_bp is None or rule.cap_amount is None:
        return (), {"none": NOT_STATED, "name": rule.name, "name_en": rule.name_en}
    said = {
        "rule": rule.code or rule.public_id,
        "name": rule.name,
        "name_en": rule.name_en,
        "rate_bp": rule.rate_bp,
        "cap_amount": rule.cap_amount,
        "synthetic": rule.synthetic,
    }
    return (problem.Subsidy(SUBSIDISED_STAGE, rule.rate_bp, rule.cap_amount),), said
