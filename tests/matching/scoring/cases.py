"""A need and an offer that suit each other, and strategies that draw any others."""

from dataclasses import replace

from hypothesis import strategies as st

from catalog.subsidy import Funder
from matching.scoring.facts import EvidenceFact, Need, Offer, Partner, PlanFact, Requirement

CAPABILITIES = ["ai_vision", "erp", "mes", "qms"]
INTERFACES = ["db_link", "opcua", "plc_native", "rest"]
REGIONS = ["busan", "gyeongnam", "seoul"]
INDUSTRIES = [
    ("10", "105"),
    ("11", "105"),
    ("11", "30"),
    ("11", "303"),
    ("11", "302"),
    ("11", "C"),
    ("10", "30310"),
]

NEED = Need(
    requirements=(Requirement("ai_vision", True, 3), Requirement("qms", False, 2)),
    level=2,
    target_level=3,
    industry=("11", "303"),
    region="gyeongnam",
    connections=(frozenset({"rest"}), frozenset({"plc_native"})),
    budget_amount=40_000_000,
    weeks_left=12,
)
PLAN = PlanFact("p1", "Basic", 30_000_000, {"ai_vision": 3})
OFFER = Offer(
    listing="b",
    level_from=1,
    level_to=3,
    industries=(("11", "30"),),
    interfaces=frozenset({"rest"}),
    regions=frozenset({"gyeongnam"}),
    plans=(PLAN,),
    evidence=(EvidenceFact("field", ("11", "303"), True, "s1"),),
    install_weeks=14,
    certificate_valid=True,
)

levels = st.integers(1, 5)
weeks = st.integers(0, 30)
industries = st.sampled_from(INDUSTRIES)
interface_sets = st.frozensets(st.sampled_from(INTERFACES))
region_sets = st.frozensets(st.sampled_from(REGIONS))
amounts = st.one_of(st.integers(0, 200), st.integers(0, 10**12))

partners = st.builds(
    Partner,
    direction=st.sampled_from(["supplier", "customer"]),
    basis=st.sampled_from(["confirmed", "declared"]),
    listings=st.frozensets(st.sampled_from(["a", "z"]), max_size=1),
    systems=st.lists(interface_sets, max_size=2).map(tuple),
    kinds=st.lists(st.sampled_from(["", *CAPABILITIES]), max_size=2).map(tuple),
)
priors = st.none() | st.dictionaries(st.sampled_from(["10", "29", "30"]), st.floats(0, 1))
funders = st.builds(
    Funder,
    payer=st.sampled_from(["national", "local"]),
    rule=st.just("r"),
    rate_bp=st.none() | st.integers(0, 10_000),
    cap_amount=st.none() | st.integers(0, 10**9),
    time=st.sampled_from(["past", "present"]),
)
requirements = st.builds(Requirement, st.sampled_from(CAPABILITIES), st.booleans(), st.integers(1, 5))
needs = st.builds(
    Need,
    requirements=st.lists(requirements, max_size=4).map(tuple),
    level=st.none() | levels,
    target_level=st.none() | levels,
    industry=st.none() | industries,
    region=st.none() | st.sampled_from(REGIONS),
    connections=st.lists(interface_sets, max_size=3).map(tuple),
    budget_amount=st.none() | amounts,
    weeks_left=st.none() | st.integers(-10, 30),
    partners=st.lists(partners, max_size=3).map(tuple),
    industry_prior=priors,
    programme=st.sampled_from([None, None, "p"]),
    funders=st.lists(funders, max_size=2).map(tuple),
)

qualities = st.dictionaries(st.sampled_from(CAPABILITIES), st.integers(0, 5))
plan_lists = st.lists(
    st.builds(PlanFact, st.just(""), st.just("Plan"), st.none() | amounts, qualities), max_size=4
)
records = st.builds(
    EvidenceFact,
    kind=st.sampled_from(["claim", "test_report", "field"]),
    industry=st.none() | industries,
    improved=st.sampled_from([None, True, True, False]),
    site=st.sampled_from(["", "s1", "s2", "s3"]),
)
offers = st.builds(
    Offer,
    listing=st.just("a"),
    level_from=levels,
    level_to=levels,
    industries=st.lists(industries, max_size=3, unique=True).map(tuple),
    interfaces=interface_sets,
    regions=region_sets,
    plans=plan_lists.map(lambda plans: tuple(replace(plan, id=f"p{n}") for n, plan in enumerate(plans))),
    evidence=st.lists(records, max_size=6).map(tuple),
    install_weeks=st.none() | weeks,
    certificate_valid=st.booleans(),
    capacity_per_quarter=st.none() | st.integers(0, 20),
    alliance=st.booleans(),
)


def with_one_fact_unknown(offer: Offer) -> list[Offer]:
    """Every offer that differs from `offer` by one fact that is no longer known."""
    return [
        *[replace(offer, plans=plans) for plans in _each(offer.plans, _less_known_plans)],
        *[replace(offer, evidence=evidence) for evidence in _each(offer.evidence, _less_known_records)],
        *[replace(offer, industries=_without(offer.industries, industry)) for industry in offer.industries],
        *[replace(offer, interfaces=offer.interfaces - {code}) for code in offer.interfaces],
        *[replace(offer, regions=offer.regions - {code}) for code in offer.regions],
        replace(offer, industries=()),
        replace(offer, interfaces=frozenset()),
        replace(offer, regions=frozenset()),
        replace(offer, install_weeks=None),
        replace(offer, capacity_per_quarter=None),
    ]


def _each(items, less_known):
    for index, item in enumerate(items):
        for other in less_known(item):
            yield (*items[:index], other, *items[index + 1 :])


def _less_known_plans(plan):
    yield replace(plan, first_year_amount=None)
    for capability in plan.quality:
        yield replace(plan, quality={code: q for code, q in plan.quality.items() if code != capability})


def _less_known_records(record):
    yield replace(record, improved=None)
    yield replace(record, industry=None)
    yield replace(record, site="")


def _without(items, item):
    return tuple(other for other in items if other != item)
