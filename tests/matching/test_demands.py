"""Demands and levels: what is refused, that a refusal changes nothing, and which statement holds."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from catalog.errors import Conflict, Invalid
from matching import demands
from matching.maturity import assessments
from matching.models import Assessment, Demand, DemandRequirement
from tests import factories

TODAY = factories.TODAY
WANTED = [
    {"capability": "ai_vision", "must": True, "min_quality": 3},
    {"capability": "mes", "must": False, "min_quality": 2},
]


def fields(**changes):
    return {
        "title": "용접 불량 줄이기",
        "description": "",
        "requirements": WANTED,
        "target_level": 3,
        "budget_amount": 50_000_000,
        "deadline": date(2027, 6, 30),
        **changes,
    }


def problems(act):
    with pytest.raises(Invalid) as refused:
        act()
    return [(problem.pointer, problem.code) for problem in refused.value.problems]


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def site(session):
    return factories.site(session, factories.company(session, "manufacturer"))


@pytest.fixture
def demand(session, site):
    made = demands.state(session, site, fields(), TODAY)
    session.flush()
    return made


def many(number):
    return [WANTED[0]] * number


REFUSED = [
    ({"requirements": []}, [("requirements", "required")]),
    (
        {"requirements": [*WANTED, {**WANTED[0], "capability": "teleport"}, WANTED[1]]},
        [("requirements/2/capability", "unknown_code"), ("requirements/3/capability", "repeated")],
    ),
    ({"deadline": TODAY - timedelta(days=1)}, [("deadline", "past")]),
]


@pytest.mark.parametrize(("changes", "expected"), REFUSED)
def test_a_refused_demand_is_not_kept(session, site, changes, expected):
    assert problems(lambda: demands.state(session, site, fields(**changes), TODAY)) == expected
    assert (count(session, Demand), count(session, DemandRequirement)) == (0, 0)


def test_a_demand_asks_for_so_many_capabilities_and_no_more(session, site):
    found = problems(lambda: demands.state(session, site, fields(requirements=many(41)), TODAY))
    assert found[0] == ("requirements", "too_many")


def test_a_demand_is_its_organizations_and_open(session, site, demand):
    session.commit()
    session.expire_all()
    assert (demand.state, demand.organization_id, demand.site) == ("open", site.organization_id, site)
    assert (demand.target_level, demand.budget_amount, demand.deadline) == (3, 50_000_000, date(2027, 6, 30))
    kept = [(r.capability, r.must, r.min_quality) for r in demand.requirements]
    assert kept == [("ai_vision", True, 3), ("mes", False, 2)]


@pytest.mark.parametrize(
    "changes", [{"deadline": TODAY}, {"deadline": None}, {"budget_amount": 0}, {"budget_amount": None}]
)
def test_what_is_on_the_edge_is_taken(session, site, changes):
    made = demands.state(session, site, fields(**changes), TODAY)
    session.flush()
    ((name, value),) = changes.items()
    assert getattr(made, name) == value


def test_a_revision_replaces_the_requirements_in_the_new_order(session, demand):
    turned = [WANTED[1], {**WANTED[0], "min_quality": 5}]
    demands.revise(session, demand, fields(requirements=turned, title="새 이름", target_level=None), TODAY)
    session.commit()
    session.expire_all()
    assert [(r.capability, r.min_quality) for r in demand.requirements] == [("mes", 2), ("ai_vision", 5)]
    assert (demand.title, demand.target_level) == ("새 이름", None)
    assert count(session, DemandRequirement) == 2


@pytest.mark.parametrize(("changes", "expected"), REFUSED)
def test_a_refused_revision_changes_nothing(session, demand, changes, expected):
    found = problems(lambda: demands.revise(session, demand, fields(title="새 이름", **changes), TODAY))
    assert found == expected
    assert demand.title == "용접 불량 줄이기"
    assert [r.capability for r in demand.requirements] == ["ai_vision", "mes"]


def test_a_closed_demand_stays_as_it_was(session, demand):
    demands.close(session, demand, "not_now")
    session.flush()
    with pytest.raises(Conflict, match=r"demand\.closed"):
        demands.revise(session, demand, fields(title="새 이름"), TODAY)
    with pytest.raises(Conflict, match=r"demand\.closed"):
        demands.close(session, demand, "not_now")
    assert (demand.state, demand.title) == ("closed", "용접 불량 줄이기")


@pytest.fixture
def bare(session):
    """A site about whose level nothing was said."""
    made = factories.site(session, factories.company(session, "manufacturer"))
    session.query(Assessment).delete()
    return made


def record(session, site, **changes):
    stated = {"scale": "company_level", "level": 2, "basis": "self_reported", "on": TODAY, **changes}
    return assessments.record(session, site, **stated)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"scale": ""}, ("level/scale", "choice")),
        ({"scale": "level"}, ("level/scale", "choice")),
        ({"basis": "guessed"}, ("level/basis", "choice")),
        ({"level": 0}, ("level/value", "range")),
        ({"level": 6}, ("level/value", "range")),
        ({"scale": "system_level", "level": 5}, ("level/value", "range")),
    ],
)
def test_no_level_without_a_known_scale_and_basis(session, bare, changes, expected):
    assert problems(lambda: record(session, bare, **changes)) == [expected]
    assert count(session, Assessment) == 0


def test_a_level_cannot_even_be_recorded_without_its_scale(session, bare):
    with pytest.raises(TypeError, match="scale"):
        assessments.record(session, bare, level=2, basis="self_reported", on=TODAY)
    assert Assessment.__table__.c.scale.nullable is False


def test_the_newest_statement_holds_whatever_was_recorded_last(session, bare):
    assert assessments.current(session, bare) is None
    record(session, bare, level=2, on=date(2026, 3, 1))
    record(session, bare, level=3, on=date(2026, 5, 1))
    record(session, bare, level=1, on=date(2025, 1, 1))
    session.flush()
    assert assessments.current(session, bare).level == 3
    record(session, bare, level=4, on=date(2026, 5, 1))  # of one day, the later one
    session.flush()
    assert assessments.current(session, bare).level == 4
    assert count(session, Assessment) == 4


def test_the_scales_do_not_touch_each_other(session, bare):
    record(session, bare, level=2)
    record(session, bare, scale="system_level", level=4)
    session.flush()
    assert assessments.current(session, bare).level == 2
    assert assessments.current(session, bare, "system_level").level == 4


def test_not_knowing_is_a_statement_too(session, bare):
    record(session, bare, level=2, on=date(2026, 3, 1))
    record(session, bare, level=None)
    session.flush()
    assert assessments.current(session, bare).level is None


def test_the_same_statement_twice_is_one(session, bare):
    first = record(session, bare)
    session.flush()
    assert record(session, bare) is first
    assert record(session, bare, basis="certificate_claimed") is not first
    session.flush()
    assert count(session, Assessment) == 2


def test_a_new_site_gets_its_key_before_the_statement_points_at_it(session):
    owner = factories.company(session, "manufacturer")
    made = factories.site(session, owner, name="새 공장", level=5)
    session.commit()
    assert assessments.current(session, made).level == 5
