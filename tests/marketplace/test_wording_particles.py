"""Which particle follows a name, by its last sound."""

import pytest

from marketplace.wording.particles import PAIRS, particle, settled


@pytest.mark.parametrize(
    ("word", "object_", "subject", "way"),
    [
        ("한울정밀", "을", "이", "로"),
        ("가람", "을", "이", "으로"),
        ("대성기공", "을", "이", "으로"),
        ("파는 회사", "를", "가", "로"),
        ("‘웰드아이’", "를", "가", "로"),
        ("㈜누리센스", "를", "가", "로"),
        ("2026-1", "을", "이", "로"),
        ("2026-2", "를", "가", "로"),
        ("2026-3", "을", "이", "으로"),
        ("2026-10", "을", "이", "으로"),
        ("ERP", "를", "가", "로"),
        ("HTML", "을", "이", "로"),
        ("PLAN M", "을", "이", "으로"),
        ("WeldEye Vision", "을", "이", "으로"),
        ("Link Server", "를", "가", "로"),
        ("(주)한빛", "을", "이", "으로"),
    ],
)
def test_a_particle_follows_the_last_sound(word, object_, subject, way):
    assert particle(word, "을", "를") == object_
    assert particle(word, "이", "가") == subject
    assert particle(word, "으로", "로") == way


def test_a_text_is_settled_where_it_holds_a_pair():
    assert settled("‘웰드아이’을(를) 승인했고 가람이(가) 봐요. 한울(으)로 가요.") == (
        "‘웰드아이’를 승인했고 가람이 봐요. 한울로 가요."
    )
    assert settled("가람과(와) 나는") == "가람과 나는"


@pytest.mark.parametrize("text", ["漢字을(를)", "을(를)", "…이(가)"])
def test_what_has_no_reading_keeps_both(text):
    assert settled(text) == text


def test_other_texts_stay():
    assert settled("A vendor (or two) was confirmed.") == "A vendor (or two) was confirmed."
    assert len(PAIRS) == 5
