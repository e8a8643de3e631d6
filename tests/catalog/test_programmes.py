"""Rules of support programmes: dated, with their source, unchangeable once they are public."""

from datetime import date

import pytest
from sqlalchemy import select

from catalog import taxonomy
from catalog.errors import Conflict, Invalid
from catalog.models import ProgrammeRule
from catalog.programmes import rules
from catalog.programmes.past import example_rules, past_rules
from tests import factories

NOW, TODAY = factories.NOW, factories.TODAY


def fields(**changes):
    return {
        "name": "정부일반형",
        "name_en": "General type",
        "body": "중소벤처기업부",
        "region": None,
        "level": "upgrade1",
        "cap_amount": 200_000_000,
        "cap_unit": "company",
        "rate_bp": 5000,
        "months": 9,
        "note": "",
        "source": "2027년 통합공고, 2026-12-28",
        "source_url": "",
        "valid_from": date(2027, 1, 1),
        "valid_to": date(2027, 12, 31),
        **changes,
    }


def kept(session):
    rows = session.scalars(select(ProgrammeRule).order_by(ProgrammeRule.id))
    return [(row.state, row.cap_amount, row.ended_on) for row in rows]


def test_every_past_rule_says_where_it_was_read_and_is_past():
    assert len(past_rules()) == 40
    assert len({rule["code"] for rule in past_rules()}) == 40
    for rule in past_rules():
        assert rules.problems(rule) == [], rule["code"]
        assert rule["source"], rule["code"]
        assert rule["cap_amount"] is not None or rule["rate_bp"] is not None, rule["code"]
        assert rule["valid_to"] < TODAY, rule["code"]
        assert not rule["synthetic"]


def test_invented_rules_say_so():
    assert len(example_rules()) == 3
    for rule in example_rules():
        assert rules.problems(rule) == []
        assert rule["synthetic"]
        assert "합성" in rule["source"]
        assert taxonomy.find("region", rule["region"]) is not None


def test_the_2022_rule_of_the_second_half_as_the_ministry_published_it():
    rule = next(rule for rule in past_rules() if rule["code"] == "second_half_2022-upgrade1")
    assert (rule["cap_amount"], rule["rate_bp"], rule["body"]) == (200_000_000, 5000, "중소벤처기업부")
    assert (rule["valid_from"], rule["valid_to"]) == (date(2022, 1, 1), date(2022, 12, 31))
    assert "2022-06-28" in rule["source"]


def test_past_rules_are_added_once(session):
    assert rules.add_new(session, past_rules(), NOW) == 40
    session.flush()
    assert rules.add_new(session, past_rules(), NOW) == 0
    assert {state for state, _cap, _end in kept(session)} == {"published"}


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"region": "atlantis"}, "region", "unknown_code"),
        ({"level": "highest"}, "level", "choice"),
        ({"cap_unit": "planet"}, "cap_unit", "choice"),
        ({"cap_amount": -1}, "cap_amount", "range"),
        ({"rate_bp": 10_001}, "rate_bp", "range"),
        ({"source": ""}, "source", "required"),
        ({"valid_to": date(2026, 12, 31)}, "valid_to", "period_order"),
        ({"valid_to": date(2060, 12, 31)}, "valid_to", "rule_days"),
        ({"valid_from": date(1999, 1, 1), "valid_to": date(1999, 12, 31)}, "valid_to", "rule_days"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(session, changes, pointer, code):
    with pytest.raises(Invalid) as refused:
        rules.draft(session, fields(**changes), NOW)
    assert [(problem.pointer, problem.code) for problem in refused.value.problems] == [(pointer, code)]
    assert kept(session) == []


def test_the_life_of_a_rule(session):
    rule = rules.draft(session, fields(), NOW)
    session.flush()
    rules.change(session, rule, fields(cap_amount=150_000_000), NOW)
    rules.publish(session, rule, NOW)
    for refused in (
        lambda: rules.change(session, rule, fields(), NOW),
        lambda: rules.publish(session, rule, NOW),
        lambda: rules.discard(session, rule),
    ):
        with pytest.raises(Conflict, match=r"programme\.state"):
            refused()
    rules.end(session, rule, on=date(2027, 6, 30), reason="예산이 다 쓰였어요.")
    session.flush()
    assert kept(session) == [("ended", 150_000_000, date(2027, 6, 30))]
    assert [rule.time(day) for day in (TODAY, date(2027, 6, 30), date(2027, 7, 1))] == [
        "future",
        "present",
        "past",
    ]


def test_a_rule_without_an_amount_stays_a_draft(session):
    rule = rules.draft(session, fields(cap_amount=None, rate_bp=None), NOW)
    session.flush()
    with pytest.raises(Invalid, match="cap_amount: rule_without_amount"):
        rules.publish(session, rule, NOW)
    assert rule.state == "draft"


@pytest.mark.parametrize("on", [date(2026, 12, 30), date(2028, 1, 1)])
def test_a_rule_ends_within_its_time(session, on):
    rule = rules.draft(session, fields(), NOW)
    session.flush()
    rules.publish(session, rule, NOW)
    with pytest.raises(Invalid, match="ended_on: rule_end"):
        rules.end(session, rule, on=on, reason="까닭")
    session.flush()
    assert kept(session) == [("published", 200_000_000, None)]


def test_rules_are_found_by_year_province_and_state(session):
    national = rules.draft(session, fields(name="전국"), NOW)
    local = rules.draft(session, fields(name="경남", region="gyeongnam", valid_from=date(2026, 1, 1)), NOW)
    session.flush()
    rules.publish(session, national, NOW)
    rules.publish(session, local, NOW)
    rules.draft(session, fields(name="초안"), NOW)
    session.flush()

    def names(**asked):
        return [row.name for row in session.scalars(rules.listed(**asked))]

    assert names() == ["전국", "경남"]
    assert names(year=2026) == ["경남"]
    assert names(year=2025) == []
    assert names(region="gyeongnam") == ["경남"]
    assert names(region=rules.NATIONWIDE) == ["전국"]
    assert names(states=("draft",)) == ["초안"]


def test_who_publishes_second_finds_it_published(app):
    with app.extensions["database"].session() as one, app.extensions["database"].session() as other:
        rule = rules.draft(one, fields(), NOW)
        one.commit()
        stale = other.get(ProgrammeRule, rule.id)
        other.commit()  # what it has read stays in its memory
        rules.publish(one, rule, NOW)
        one.commit()
        with pytest.raises(Conflict, match=r"programme\.state"):
            rules.change(other, stale, fields(cap_amount=1), NOW)
        other.rollback()
        assert kept(other) == [("published", 200_000_000, None)]
