"""Companies: a number once, roles of one's own choice only, competitors declared by either side."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from catalog import organizations, regno
from catalog.db import utcnow
from catalog.errors import Conflict, Invalid, NotAllowed
from catalog.models import CompetitorDeclaration, Organization
from tests import factories

NUMBER = "118-81-03520"


def register(session, **changes):
    fields = {"name": "한울정밀", "registration_number": NUMBER, "roles": ["vendor"], **changes}
    return organizations.register(session, **fields)


def refused(session, **changes):
    with pytest.raises(Invalid) as caught:
        register(session, **changes)
    (problem,) = caught.value.problems
    return problem.pointer, problem.code


def count(session, model=Organization):
    return session.scalar(select(func.count()).select_from(model))


def test_a_company_begins_registered_with_its_number_in_digits(session):
    made = register(session, roles=["vendor", "manufacturer", "vendor"], region="busan", name_en="Hanul")
    session.commit()
    session.expire_all()
    assert (made.state, made.confirmed_at, made.synthetic) == ("registered", None, False)
    assert (made.registration_number, made.region, made.name_en) == ("1188103520", "busan", "Hanul")
    assert [role.role for role in made.roles] == ["manufacturer", "vendor"]
    assert made.plays("vendor")
    assert not made.plays("validator")


@pytest.mark.parametrize(
    "again", ["118-81-03520", "1188103520", " 118 81 03520 ", "１１８－８１－０３５２０"]
)
def test_a_number_registers_once_however_it_is_typed(session, again):
    register(session)
    assert refused(session, registration_number=again) == ("registration_number", "registration_number_taken")
    assert count(session) == 1


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"registration_number": "118-81-03521"}, ("registration_number", "registration_number")),
        ({"registration_number": ""}, ("registration_number", "registration_number")),
        ({"roles": []}, ("roles", "choice")),
        ({"roles": ["validator"]}, ("roles", "choice")),
        ({"roles": ["operator"]}, ("roles", "choice")),
        ({"roles": ["vendor", "validator"]}, ("roles", "choice")),
        ({"region": "atlantis"}, ("region", "unknown_code")),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(session, changes, expected):
    assert refused(session, **changes) == expected
    assert count(session) == 0


def test_confirming_twice_keeps_the_first_day(session):
    made = register(session)
    organizations.confirm(made, factories.NOW)
    organizations.confirm(made, factories.NOW + timedelta(days=3))
    assert (made.state, made.confirmed_at) == ("confirmed", factories.NOW)


def test_only_a_confirmed_company_is_appointed_and_once(session):
    made = register(session)
    with pytest.raises(Conflict, match=r"organization\.unconfirmed"):
        organizations.appoint_validator(made)
    assert not made.plays("validator")
    with pytest.raises(NotAllowed, match=r"organization\.unconfirmed"):
        organizations.require_confirmed(made)
    organizations.confirm(made, factories.NOW)
    organizations.require_confirmed(made)
    for _twice in range(2):
        organizations.appoint_validator(made)
        session.flush()
    assert [role.role for role in made.roles] == ["vendor", "validator"]


def test_a_declaration_bars_both_ways_and_is_noted_once(session):
    one, other, third = (factories.company(session, "vendor") for _ in range(3))
    for _twice in range(2):
        found = organizations.declare_competitor(session, one, regno.format(other.registration_number))
        session.flush()
    assert found is other
    assert count(session, CompetitorDeclaration) == 1
    assert organizations.are_competitors(session, one.id, other.id)
    assert organizations.are_competitors(session, other.id, one.id)
    assert not organizations.are_competitors(session, one.id, third.id)
    assert [d.competitor_id for d in organizations.competitors_of(session, one.id)] == [other.id]
    assert organizations.competitors_of(session, other.id) == []


@pytest.mark.parametrize("whose", ["own", "nobody", "malformed"])
def test_nobody_competes_with_itself_or_with_nobody(session, whose):
    one = factories.company(session, "vendor")
    numbers = {"own": one.registration_number, "nobody": NUMBER, "malformed": "118"}
    with pytest.raises(Invalid, match="registration_number: unknown_organization"):
        organizations.declare_competitor(session, one, numbers[whose])
    assert count(session, CompetitorDeclaration) == 0


def test_the_operators_own_organization_without_a_number_is_no_ones_competitor(session):
    session.add(Organization(name="운영", registration_number=None))
    one = factories.company(session, "vendor")
    with pytest.raises(Invalid, match="unknown_organization"):
        organizations.declare_competitor(session, one, "")
    assert count(session, CompetitorDeclaration) == 0


def test_what_is_corrected_before_the_confirmation_and_after(session):
    made, other = register(session), register(session, registration_number=regno.make("220811112"))
    organizations.correct(session, made, name="한울", registration_number="1188103520", region="busan")
    assert (made.name, made.registration_number, made.region) == ("한울", "1188103520", "busan")
    for number, code in (
        (other.registration_number, "registration_number_taken"),
        ("1", "registration_number"),
    ):
        with pytest.raises(Invalid) as caught:
            organizations.correct(session, made, name="둘", registration_number=number)
        assert [(p.pointer, p.code) for p in caught.value.problems] == [("registration_number", code)]
    organizations.refuse(session, made, "서류와 이름이 달라요")
    organizations.correct(session, made, name="한울정밀")
    assert (made.name, made.state, made.refusal) == ("한울정밀", "refused", "서류와 이름이 달라요")
    organizations.confirm(made, utcnow())
    with pytest.raises(Invalid) as caught:
        organizations.correct(session, made, name="셋", registration_number=NUMBER, name_en="Three")
    assert [(p.pointer, p.code) for p in caught.value.problems] == [
        ("name", "confirmed_fact"),
        ("registration_number", "confirmed_fact"),
    ]
    organizations.correct(session, made, name_en="Hanul")
    assert (made.name, made.name_en) == ("한울정밀", "Hanul")
