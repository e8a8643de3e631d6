import time

import pytest

from matching.search import dictionary
from matching.search.spelling import Speller

OFTEN = {
    "사출": 9,
    "사출성형": 3,
    "MES": 5,
    "predictive": 4,
    "maintenance": 4,
    "예지보전": 4,
    "inspection": 2,
}
SPELLER = Speller(dict.fromkeys(dictionary.words(), 1) | OFTEN)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("사츨성형", "사출성형"),
        ("사츨공정", "사출공정"),
        ("예자보전을", "예지보전을"),
        ("예지보젼 시스템", "예지보전 시스템"),
        ("tkcnf", "사출"),
        ("TKCNF", "사출"),
        ("tkcnftjdgud 불냥", "사출성형 불량"),
        ("ㅡㄷㄴ", "MES"),
        ("predictve maintenence", "predictive maintenance"),
        ("insepction", "inspection"),
        ("  사츨성형,  MES ", "사출성형, MES"),
    ],
)
def test_what_was_probably_meant(typed, meant):
    assert SPELLER.suggest(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "사출성형",
        "사출성형을",
        "로봇이",
        "MES",
        "mes",
        "공정 관리",
        "mse",
        "가나다라마바사",
        "1234",
        "😀",
        "",
        "에서",
    ],
)
def test_what_is_there_or_unknown_to_all_stays(typed):
    assert SPELLER.suggest(typed) is None


def test_one_slip_before_two_and_what_is_there_oftener_first():
    speller = Speller({"welding": 1, "wedding": 9, "molding": 3, "holding": 3})
    assert speller.suggest("welting") == "welding"
    assert speller.suggest("golding") == "holding"


def test_long_and_hostile_texts_are_read_in_part_and_quickly():
    for text in ("사츨성형 " * 3_000, "x" * 10_000, "\x00" * 10_000, "ㄱ" * 500):
        started = time.process_time()
        SPELLER.suggest(text)
        assert time.process_time() - started < 1
    assert len(SPELLER.suggest("사츨성형 " * 3_000).split()) == 40


def test_small_letters_stay_small_but_codes_are_written_as_codes():
    speller = Speller({"Predictive": 1, "Modbus": 1, "SCADA": 1})
    assert speller.suggest("predictve modbsu scdaa") == "predictive modbus SCADA"
    assert speller.suggest("Predictve") == "Predictive"
