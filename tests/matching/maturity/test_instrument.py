"""The instrument is whole, and what it plans can always be begun."""

import random

import pytest

from catalog import taxonomy
from matching.maturity import items, roadmap, scoring

INSTRUMENT = items.instrument()
ANSWERS = (None, 1, 2, 3, 4, 5)


def drawn(seed):
    chance = random.Random(seed)
    given = {question.id: chance.choice(ANSWERS) for question in INSTRUMENT.questions}
    in_use = chance.sample([term.code for term in taxonomy.capabilities()], k=chance.randrange(6))
    return given, in_use


def test_twelve_questions_in_six_areas_each_with_five_states_in_both_languages():
    assert [question.number for question in INSTRUMENT.questions] == list(range(1, 13))
    assert len({question.id for question in INSTRUMENT.questions}) == 12
    assert all(len(INSTRUMENT.of_area(area.id)) == 2 for area in INSTRUMENT.areas)
    for question in INSTRUMENT.questions:
        assert [state.value for state in question.states] == [1, 2, 3, 4, 5]
        words = [question.name, question.ask, question.why]
        words += [text for state in question.states for text in (state.name, state.more)]
        for text in words:
            assert any("가" <= letter <= "힣" for letter in text.ko)
            assert text.en
            assert not any("가" <= letter <= "힣" for letter in text.en)


def test_it_is_never_called_an_official_level():
    texts = " ".join(f"{question.ask} {question.why} {question.states}" for question in INSTRUMENT.questions)
    assert "KS X" not in texts
    assert "9001" not in texts


def test_capabilities_are_of_the_taxonomy_and_what_they_build_on_comes_first():
    for code in [*INSTRUMENT.builds_on, *(c for area in INSTRUMENT.areas for c in area.capabilities)]:
        assert taxonomy.capability(code) is not None, code
    for code, before in INSTRUMENT.builds_on.items():
        for earlier in before:
            assert taxonomy.capability(earlier).entry_level <= taxonomy.capability(code).entry_level


@pytest.mark.parametrize("area", INSTRUMENT.areas, ids=lambda area: area.id)
@pytest.mark.parametrize("start", [1, 2, 3, 4])
def test_every_area_has_something_for_every_level(area, start):
    fitting = [taxonomy.capability(code) for code in area.capabilities]
    assert any(one.entry_level <= start < one.lifts_to_level for one in fitting)


@pytest.mark.parametrize("seed", range(150))
def test_every_answer_raised_never_lowers_the_level(seed):
    given, _in_use = drawn(seed)
    found = scoring.result(INSTRUMENT, given)
    for question, value in given.items():
        if value is not None and value < 5:
            raised = scoring.result(INSTRUMENT, {**given, question: value + 1})
            assert raised.mean > found.mean
            assert (raised.level or 0) >= (found.level or 0)


@pytest.mark.parametrize("seed", range(150))
def test_a_plan_can_be_begun_in_its_order(seed):
    """One step a level; what a must builds on stands before it; what is in use is never to be got."""
    given, in_use = drawn(seed)
    level = scoring.result(INSTRUMENT, given).level or 1
    goal = min(5, level + seed % 3)
    steps = roadmap.steps(INSTRUMENT, level=level, goal=goal, answers=given, in_use=in_use)
    assert [(step.from_level, step.to_level) for step in steps] == [
        (n, n + 1) for n in range(level, min(goal + 1, 5))
    ]
    have = set(in_use)
    for step in steps:
        for code in step.to_get:
            assert code not in have
            assert set(INSTRUMENT.builds_on.get(code, ())) <= have, (code, have)
            assert taxonomy.capability(code).entry_level <= step.from_level
            have.add(code)
        assert all(need.standing != "in_use" or need.capability in in_use for need in step.needs)
        if step.mean_after is not None and scoring.result(INSTRUMENT, given).level is not None:
            assert step.mean_after >= scoring.begins_at(step.to_level)


def test_without_answers_every_area_is_worked_on_and_no_mean_is_made_up():
    (step, later) = roadmap.steps(INSTRUMENT, level=1, goal=2)
    assert [lift.area for lift in step.lifts] == [area.id for area in INSTRUMENT.areas]
    assert (step.mean_before, step.mean_after) == (None, None)
    assert later.later


def test_answers_that_the_level_does_not_come_from_only_say_what_is_weak():
    given = {question.id: 1 for question in INSTRUMENT.questions} | {"checks": 5, "repairs": 5}
    (step, *_) = roadmap.steps(INSTRUMENT, level=3, goal=4, answers=given, counts=False)
    assert [lift.area for lift in step.lifts] == ["management", "development", "production"]
    assert step.mean_after is None


def test_the_highest_level_has_no_steps():
    assert roadmap.steps(INSTRUMENT, level=5, goal=5) == ()
