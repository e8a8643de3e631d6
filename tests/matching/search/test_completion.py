import random
import statistics
import time

import pytest

from matching.search import dictionary, hangul
from matching.search.completion import MAX_COMPLETIONS, Completions

TITLES = [
    ("사출성형", 9),
    ("사출 조건 최적화", 5),
    ("자동 출고 관리", 2),
    ("설비예지보전시스템", 4),
    ("MES 제조실행", 3),
    ("닭고기 가공", 1),
    ("<b>Robot</b> welding", 1),
]


@pytest.fixture(scope="module")
def index():
    return Completions(TITLES)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("사", ["사출성형", "사출 조건 최적화"]),
        ("사추", ["사출성형", "사출 조건 최적화"]),
        ("사출ㅅ", ["사출성형"]),
        ("사출조건", ["사출 조건 최적화"]),
        ("ㅅㅊㅅㅎ", ["사출성형"]),
        ("ㅅㅊ ㅈㄱ", ["사출 조건 최적화"]),
        ("\u1109\u110e\u1109\u1112", ["사출성형"]),
        ("출고", ["자동 출고 관리"]),
        ("me", ["MES 제조실행"]),
        ("tkcnf", ["사출성형", "사출 조건 최적화"]),
        ("ㅡㄷㄴ", ["MES 제조실행"]),
        ("닭ㄱ", ["닭고기 가공"]),
        ("weld", ["<b>Robot</b> welding"]),
        ("사출성형기", []),
        ("", []),
        ("   ", []),
        ("😀\x00", []),
        ("é", []),
        ("가" * 10_000, []),
    ],
)
def test_completions(index, typed, found):
    assert list(index.complete(typed)) == found


def test_heavier_first_then_shorter_and_each_once():
    index = Completions([("용접 용접기", 1), ("용접", 1), ("용접 로봇", 2), ("용접", 0)])
    assert index.complete("용접") == ("용접 로봇", "용접", "용접 용접기")
    assert index.complete("용접", limit=1) == ("용접 로봇",)
    assert len(index) == 3


def test_nothing_completes_nothing():
    assert Completions([]).complete("사출") == ()
    assert Completions([("...", 1), ("", 1)]).complete("사") == ()


def test_a_text_longer_than_a_key_is_compared_with_itself():
    long = "설비예지보전시스템고도화구축지원사업"
    index = Completions([(long, 1), (long[:-2] + "사례", 2)])
    assert index.complete(long) == (long,)


@pytest.fixture(scope="module")
def crowd():
    lot = random.Random(7)
    words = sorted(dictionary.words())
    return [(" ".join(lot.choices(words, k=4)) + f" {number}", lot.random()) for number in range(100_000)]


def test_the_index_answers_as_a_look_at_every_title_would(crowd):
    some = crowd[:6_000]
    index = Completions(some)
    ordered = [text for text, _ in sorted(some, key=lambda one: (-one[1], len(one[0]), one[0]))]
    for typed in ("사출", "공", "ㅅㅊ", "ㅇ", "설비예", "관리 1"):
        asked = typed.replace(" ", "")
        by = hangul.initials if hangul.is_initials(asked) else hangul.strokes

        def begins(text, asked=asked, by=by):
            words = text.split()
            rests = ["".join(words[at:]) for at in range(len(words))]
            return any(by(rest).startswith(hangul.strokes(asked)) for rest in rests)

        assert list(index.complete(typed)) == [text for text in ordered if begins(text)][:MAX_COMPLETIONS]


def test_a_hundred_thousand_titles_answer_in_less_than_a_millisecond(crowd):
    index = Completions(crowd)
    for typed in ("사", "사추", "ㅇ", "ㅅㅊㅅㅎ", "tkcnf", "공정 관리", "zzz"):
        index.complete(typed)
        times = []
        for _ in range(31):
            started = time.perf_counter()
            index.complete(typed)
            times.append(time.perf_counter() - started)
        assert statistics.median(times) < 0.001
