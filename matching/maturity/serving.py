"""Which public listings serve the steps of a roadmap: the scorer's hard exclusions, then its score. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from matching.maturity.roadmap import Step
from matching.scoring import axes, facts, score
from matching.scoring.weights import Weights
from matching.search.documents import Document

#: Listings that are named for a capability.
BEST = 3
#: The least quality asked for, as in a new demand.
QUALITY = 3

_Candidate = tuple[facts.Offer, Document]


@dataclass(frozen=True, slots=True)
class Served:
    """A listing that serves: its fit 0–100 for this one capability."""

    listing: str
    title: str
    title_en: str
    vendor_name: str
    fit: int


@dataclass(frozen=True, slots=True)
class CapabilityOffer:
    """What the store has for one capability of one step.

    Attributes:
        count: listings that no hard condition excludes for this site at this step.
        best: the first `BEST` of them by score.
        from_amount: whole won, the least list price of a first year among them; None when none is stated.
    """

    capability: str
    count: int
    best: tuple[Served, ...]
    from_amount: int | None


@dataclass(frozen=True, slots=True)
class StepOffer:
    """What the store has for one step: per needed capability, and for all its musts together.

    Attributes:
        covers_all: listings with every must that is still to be got; None when there is none or only one.
        from_amount: whole won, the sum of the musts' least list prices; None when one of them is not known.
    """

    capabilities: dict[str, CapabilityOffer]
    covers_all: int | None
    from_amount: int | None


def serve(
    site: facts.Need, steps: Sequence[Step], documents: Sequence[Document], edition: Weights, today: date
) -> tuple[StepOffer, ...]:
    """Look up every step in what is public and certified today.

    Args:
        site: industry, region and connections of the site; requirements and levels are put in here, step by step.
    """
    candidates = [
        (facts.offer_from_content(document.content, listing=document.id, certificate_valid=True), document)
        for document in documents
        if today <= document.certificate_expires_on
    ]
    return tuple(_step(site, step, candidates, edition) for step in steps)


def _step(site: facts.Need, step: Step, candidates: Sequence[_Candidate], edition: Weights) -> StepOffer:
    wanted = [need.capability for need in step.needs if need.standing == "needed"]
    found = {code: _capability(site, step, code, candidates, edition) for code in wanted}
    musts = step.to_get
    amounts = [found[code].from_amount for code in musts]
    known = [amount for amount in amounts if amount is not None]
    every = _need(site, step, musts)
    return StepOffer(
        capabilities=found,
        covers_all=len([1 for offer, _document in candidates if score.exclusion(every, offer) is None])
        if len(musts) > 1
        else None,
        from_amount=sum(known) if musts and len(known) == len(amounts) else None,
    )


def _capability(
    site: facts.Need, step: Step, code: str, candidates: Sequence[_Candidate], edition: Weights
) -> CapabilityOffer:
    need = _need(site, step, (code,))
    fitting = [
        (score.score(need, offer, edition), offer, document)
        for offer, document in candidates
        if code in document.capabilities and score.exclusion(need, offer) is None
    ]
    fitting.sort(key=lambda row: score.order_key(row[0], row[2].id))
    amounts = [
        plan.first_year_amount
        for _score, offer, _document in fitting
        for plan in offer.plans
        if plan.first_year_amount is not None and axes.meets_musts(need, plan)
    ]
    return CapabilityOffer(
        capability=code,
        count=len(fitting),
        best=tuple(
            Served(
                listing=document.id,
                title=document.content["title"],
                title_en=document.content["title_en"],
                vendor_name=document.vendor_name,
                fit=result.shown_fit,
            )
            for result, _offer, document in fitting[:BEST]
        ),
        from_amount=min(amounts, default=None),
    )


def _need(site: facts.Need, step: Step, capabilities: Sequence[str]) -> facts.Need:
    return replace(
        site,
        requirements=tuple(facts.Requirement(code, True, QUALITY) for code in capabilities),
        level=step.from_level,
        target_level=step.to_level,
    )
