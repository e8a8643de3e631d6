"""Draft and revise listings; freeze them into the content that is reviewed and published."""

from typing import Any, TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from catalog import codes, taxonomy
from catalog.bundle_states import BUNDLE
from catalog.errors import Conflict, Invalid, Problem
from catalog.models import Evidence, Listing, ListingTerm, Organization, Plan, PlanQuality
from catalog.publishing_states import EDITABLE

COMPANY_LEVEL = "company_level"
MAX_PLANS = 3

#: Field of a listing → taxonomy scheme, for the plain lists of codes.
CODE_FIELDS = {
    "capabilities": "capability",
    "processes": "process",
    "interfaces": "interface",
    "regions": "region",
    "deployment": "deployment",
}
TEXT_FIELDS = ("title", "title_en", "summary", "summary_en", "description", "description_en")


class QualityFields(TypedDict):
    """Quality 0–5 of one capability in one plan, with how it is known."""

    capability: str
    quality: int
    basis: str


class PlanFields(TypedDict):
    """One plan as its vendor writes it."""

    name: str
    kind: str
    price_amount: int | None
    setup_amount: int
    trial_days: int | None
    quality: list[QualityFields]


#: Any part of a listing: the keys of CODE_FIELDS and TEXT_FIELDS, `industries`, `level`, `install_weeks`, `plans`.
ListingChanges = dict[str, Any]


def draft(session: Session, organization: Organization, changes: ListingChanges) -> Listing:
    """Start a listing of `organization` with whatever is known so far; only the title is needed.

    Raises:
        Invalid: unknown codes, a plan that contradicts itself; each at its field.
    """
    listing = Listing(organization=organization, title=changes["title"])
    _apply(session, listing, changes)
    session.add(listing)
    return listing


def revise(session: Session, listing: Listing, changes: ListingChanges, *, of_bundle: bool = False) -> None:
    """Change the given parts of a draft; parts that are not named stay.

    Args:
        of_bundle: they are written from a version of the bundle that everybody signed.

    Raises:
        Conflict: the working copy is under review, or its edition is already public (open a new one first).
        Invalid: as for `draft`.
    """
    require_editable(listing, of_bundle=of_bundle)
    _apply(session, listing, changes)


def require_way(listing: Listing, *, of_bundle: bool) -> None:
    """A bundle's listing is what its vendors signed. Raises Conflict: it is treated by hand, or another as a bundle."""
    if (listing.kind == BUNDLE) != of_bundle:
        raise Conflict("listing.of_bundle")


def require_editable(listing: Listing, *, of_bundle: bool = False) -> None:
    """Refuse changes to a working copy that others are judging or have judged, or that is a bundle's.

    Raises:
        Conflict: `listing.locked`, with the state in the way; `listing.of_bundle`.
    """
    require_way(listing, of_bundle=of_bundle)
    if listing.state not in EDITABLE:
        raise Conflict("listing.locked", state=listing.state)


def loaded(session: Session, listing: Listing) -> Listing:
    """The same listing with everything that its snapshot needs, in a fixed number of statements."""
    everything = select(Listing).where(Listing.id == listing.id)
    session.scalars(
        everything.options(
            selectinload(Listing.terms),
            selectinload(Listing.plans).selectinload(Plan.quality),
            selectinload(Listing.evidence).selectinload(Evidence.files),
        ).execution_options(populate_existing=False)
    ).one()
    return listing


def snapshot(listing: Listing) -> dict[str, Any]:
    """The listing in full, as plain JSON: what a validator judges and what a release freezes."""
    return {
        "kind": listing.kind,
        **{field: getattr(listing, field) for field in TEXT_FIELDS},
        **{field: listing.codes(scheme) for field, scheme in CODE_FIELDS.items()},
        "industries": [{"revision": t.revision, "code": t.code} for t in listing.terms if t.scheme == "ksic"],
        "level": _level(listing),
        "install_weeks": listing.install_weeks,
        "plans": [_plan(plan) for plan in listing.plans],
        "evidence": [_evidence(record) for record in listing.evidence],
    }


def _level(listing: Listing) -> dict[str, Any] | None:
    if listing.level_from is None or listing.level_to is None:
        return None
    return {"scale": COMPANY_LEVEL, "from": listing.level_from, "to": listing.level_to}


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "id": plan.public_id,
        "name": plan.name,
        "kind": plan.kind,
        "price_amount": plan.price_amount,
        "setup_amount": plan.setup_amount,
        "trial_days": plan.trial_days,
        "quality": [
            {"capability": q.capability, "quality": q.quality, "basis": q.basis} for q in plan.quality
        ],
    }


def _evidence(record: Evidence) -> dict[str, Any]:
    days = ("baseline_from", "baseline_to", "after_from", "after_to")
    return {
        "id": record.public_id,
        **{
            field: getattr(record, field)
            for field in ("kind", "kpi", "unit", "direction", "method", "sample")
        },
        "verified_by": record.verified_by,
        "baseline": format(record.baseline, "f"),
        "after": format(record.after, "f"),
        **{day: None if getattr(record, day) is None else getattr(record, day).isoformat() for day in days},
        "site": {
            "industry": None
            if record.industry_code is None
            else {"revision": record.industry_revision, "code": record.industry_code},
            "region": record.region,
            "headcount": record.headcount,
            "level": None if record.level is None else {"scale": COMPANY_LEVEL, "value": record.level},
        },
        "files": [
            {
                "id": f.public_id,
                "name": f.name,
                "size": f.size,
                "sha256": f.sha256,
                "content_type": f.content_type,
            }
            for f in record.files
        ],
    }


def _apply(session: Session, listing: Listing, changes: ListingChanges) -> None:
    _check(session, changes)
    for field in TEXT_FIELDS:
        if field in changes:
            setattr(listing, field, changes[field])
    for field, scheme in CODE_FIELDS.items():
        if field in changes:
            revision = taxonomy.current_revision(scheme)
            _replace_terms(listing, scheme, [(revision, code) for code in changes[field]])
    if "industries" in changes:
        industries = [(key["revision"], key["code"]) for key in changes["industries"]]
        _replace_terms(listing, "ksic", industries)
    if "level" in changes:
        level = changes["level"]
        listing.level_from, listing.level_to = (None, None) if level is None else (level["from"], level["to"])
    if "install_weeks" in changes:
        listing.install_weeks = changes["install_weeks"]
    if "plans" in changes:
        _replace_plans(listing, changes["plans"])


def _replace_terms(listing: Listing, scheme: str, keys: list[tuple[str, str]]) -> None:
    wanted = codes.once(keys)
    kept = {(t.revision, t.code): t for t in listing.terms if t.scheme == scheme}
    terms = [kept.get(key) or ListingTerm(scheme=scheme, revision=key[0], code=key[1]) for key in wanted]
    for position, term in enumerate(terms):
        term.position = position
    listing.terms[:] = [t for t in listing.terms if t.scheme != scheme] + terms


def _replace_plans(listing: Listing, plans: list[PlanFields]) -> None:
    """Plans keep their row, and so their public id, by position."""
    while len(listing.plans) > len(plans):
        listing.plans.pop()
    for position, fields in enumerate(plans):
        if position == len(listing.plans):
            listing.plans.append(Plan(position=position))
        plan = listing.plans[position]
        plan.name, plan.kind = fields["name"], fields["kind"]
        plan.price_amount, plan.setup_amount = fields["price_amount"], fields["setup_amount"]
        plan.trial_days = fields["trial_days"]
        kept = {q.capability: q for q in plan.quality}
        plan.quality[:] = [_quality(kept.get(q["capability"]), q) for q in fields["quality"]]


def _quality(row: PlanQuality | None, fields: QualityFields) -> PlanQuality:
    row = row or PlanQuality(capability=fields["capability"])
    row.quality, row.basis = fields["quality"], fields["basis"]
    return row


def _check(session: Session, changes: ListingChanges) -> None:
    problems: list[Problem] = []
    for field, scheme in CODE_FIELDS.items():
        problems += codes.unknown_codes(field, scheme, changes.get(field, []))
    problems += codes.unknown_industries(session, "industries", changes.get("industries", []))
    level = changes.get("level")
    if level is not None and level["from"] > level["to"]:
        problems.append(Problem("level/to", "level_order"))
    for i, plan in enumerate(changes.get("plans", [])):
        problems += _plan_problems(f"plans/{i}", plan)
    if len(changes.get("plans", [])) > MAX_PLANS:
        problems.append(Problem("plans", "too_many", {"max": MAX_PLANS}))
    if problems:
        raise Invalid(problems)


def _plan_problems(pointer: str, plan: PlanFields) -> list[Problem]:
    named = [q["capability"] for q in plan["quality"]]
    problems = [
        Problem(f"{pointer}/quality/{i}/capability", "unknown_code", {"value": code})
        for i, code in enumerate(named)
        if taxonomy.find("capability", code) is None
    ]
    problems += [
        Problem(f"{pointer}/quality/{i}/capability", "repeated", {"value": code})
        for i, code in enumerate(named)
        if code in named[:i]
    ]
    return problems
