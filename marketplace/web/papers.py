"""Public papers: what the fit score is, and what orders a search. Drawn from the code that computes them."""

from decimal import Decimal

from flask import Blueprint, flash, render_template, request
from flask_babel import gettext as _

from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db, today
from marketplace.web.parameters import notice_unknown, page_number
from matching import editions
from matching.judged import measure
from matching.scoring import axes, formulas, weights
from matching.scoring.facts import EvidenceFact, Need, Offer, Partner, PlanFact, Requirement
from matching.scoring.score import EXCLUSION_CODES, score
from matching.search import engine
from matching.search.documents import PRICE_BANDS, WITHDRAWN_AFTER_DAYS
from matching.search.query import FACETS, SORTS

bp = Blueprint("papers", __name__, url_prefix="/docs")

RULES_A_PAGE = 50

#: The worked example of docs/fit-score.md.
EXAMPLE_NEED = Need(
    requirements=(Requirement("ai_vision", True, 3), Requirement("qms", False, 2)),
    level=2,
    target_level=3,
    industry=("11", "303"),
    region="gyeongnam",
    connections=(frozenset({"rest", "db_link"}), frozenset({"plc_native"})),
    budget_amount=40_000_000,
    weeks_left=12,
    partners=(
        Partner("supplier", "confirmed", frozenset(), (frozenset({"rest", "db_link"}),), ("mes",)),
        Partner("customer", "declared", frozenset(), (frozenset({"edi"}),), ("erp",)),
    ),
)
EXAMPLE_OFFER = Offer(
    listing="example",
    level_from=2,
    level_to=3,
    industries=(("11", "30"),),
    interfaces=frozenset({"rest", "opcua"}),
    regions=frozenset({"busan", "gyeongnam"}),
    plans=(
        PlanFact("basic", "Basic", 20_000_000, {"ai_vision": 3}),
        PlanFact("plus", "Plus", 30_000_000, {"ai_vision": 4, "qms": 2}),
    ),
    evidence=(
        EvidenceFact("field", ("11", "303"), improved=True, site="a"),
        EvidenceFact("field", ("11", "259"), improved=True, site="b"),
        EvidenceFact("field", ("11", "303"), improved=False, site="c"),
        EvidenceFact("test_report", ("11", "303"), improved=True, site="d"),
    ),
    install_weeks=14,
    certificate_valid=True,
    capacity_per_quarter=4,
)


@bp.get("/fit-score")
@requires("catalogue.read")
def fit_score() -> str:
    """Weights, axes, exclusions and a worked example of the fit score."""
    edition = editions.in_force(db, today())
    return render_template(
        "papers/fit_score.html",
        edition=edition,
        built_in=weights.BUILT_IN,
        editions=editions.published(db),
        headings=weights.HEADINGS,
        counted=sum(edition.counted(axis) for axis in weights.AXES),
        exclusions=list(EXCLUSION_CODES),
        rules=axes,
        price_limit=Decimal(str(formulas.PRICE_ZERO_AT)),
        need=EXAMPLE_NEED,
        offer=EXAMPLE_OFFER,
        example=score(EXAMPLE_NEED, EXAMPLE_OFFER, edition),
        verdict=measure.built_in(),
    )


@bp.get("/search")
@requires("catalogue.read")
def search() -> str:
    """What a search finds and what orders it."""
    return render_template(
        "papers/search.html",
        sorts=SORTS,
        facets=FACETS,
        bands=PRICE_BANDS,
        text_scale=engine.TEXT_SCALE,
        withdrawn_days=WITHDRAWN_AFTER_DAYS,
    )


@bp.get("/programmes")
@requires("catalogue.read")
def programmes() -> str:
    """Published rules of support programmes with their sources, all of them or those of one year."""
    notice_unknown("year", "page")
    years = access.programme_years(db)
    asked = request.args.get("year", "")
    year = next((known for known in years if str(known) == asked), None)
    if asked and year is None:
        flash(_("모르는 조건은 빼고 보여드려요."), "warning")
    total = access.count_public_rules(db, year)
    pages = -(-total // RULES_A_PAGE)
    page = page_number(pages)
    rows = access.public_rules(db, year, offset=(page - 1) * RULES_A_PAGE, limit=RULES_A_PAGE)
    return render_template(
        "papers/programmes.html", rows=rows, years=years, year=year, page=page, pages=pages
    )
