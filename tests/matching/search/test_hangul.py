import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.search import hangul


def test_every_syllable_comes_back_from_its_strokes():
    every = [chr(code) for code in range(ord("가"), ord("힣") + 1)]
    assert [hangul.composed(hangul.strokes(one)) for one in every] == every


@given(st.text(st.sampled_from("가각갂값닭왜의핥쀍 "), max_size=12))
def test_so_do_words(text):
    assert hangul.composed(hangul.strokes(text)) == text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tkcnf", "사출"),
        ("dPwlqhwjs", "예지보전"),
        ("TKCNF", "싸출"),
        ("Rkwl", "까지"),
        ("ekfr", "닭"),
        ("ㅡㄷㄴ", "mes"),
        ("ㅔㅣㅊ", "plc"),
        ("tkcn", "사추"),
        ("tkcnf1", None),
        ("사출mes", None),
        ("", None),
        ("日本", None),
    ],
)
def test_what_the_other_keyboard_would_have_written(typed, meant):
    assert hangul.on_other_keyboard(typed) == meant


def test_first_consonants():
    assert hangul.initials("사출 성형 MES") == "ㅅㅊ ㅅㅎ MES"
    assert [hangul.is_initials(text) for text in ("ㅅㅊ ㅅㅎ", "ㅏ", "사", "", " ", "ㄳ")] == [True] + [
        False
    ] * 5
    assert hangul.is_initials(hangul.strokes("ㄳ"))


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("mes", "mes", 0),
        ("mes", "mse", 1),
        ("mes", "me", 1),
        ("mes", "meas", 1),
        ("mes", "plc", 3),
        ("", "ab", 2),
    ],
)
def test_distance(one, other, slips):
    assert hangul.distance(one, other, 9) == hangul.distance(other, one, 9) == slips
    assert hangul.distance(one, other, 1) == min(slips, 2)


def test_letters_that_stand_alone_survive_nfkc():
    assert hangul.alone("\u1109\u110e") == "ㅅㅊ"
    assert hangul.is_whole("사출")
    assert not hangul.is_whole("사ㅊ")
