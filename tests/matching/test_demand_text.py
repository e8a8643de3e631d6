"""What is read from a need in everyday words: expected readings, Korean and English, and texts meant to do harm."""

import time
from datetime import date

import pytest

from matching.understanding import examples, reading

TODAY = date(2026, 11, 21)
ONLY = ("must", "nice", "not_wanted", "system", "link", "budget_amount", "deadline", "level", "target_level")


def said(text, fields=ONLY):
    """field → values, of the fields that were found."""
    found = reading.read(text, TODAY)
    return {field: found.values(field) for field in fields if found.values(field)}


def day(text):
    return date.fromisoformat(text)


SENTENCES = [
    (
        "용접 불량을 줄이고 싶고 MES는 있는데 ERP와 연결하고 싶어요. 예산 5천만 원, 내년 3월까지",
        {
            "must": ["ai_vision"],
            "system": ["mes"],
            "link": [("mes", "erp")],
            "budget_amount": [50_000_000],
            "deadline": [day("2027-03-31")],
        },
    ),
    ("MES와 ERP를 연동하고 싶어요", {"link": [("mes", "erp")]}),
    ("MES가 꼭 필요하고 창고관리는 있으면 좋겠어요", {"must": ["mes"], "nice": ["wms"]}),
    ("ERP는 필요 없고 MES만 도입하고 싶어요", {"not_wanted": ["erp"], "must": ["mes"]}),
    ("이미 쓰는 ERP가 있고 MES를 도입하고 싶어요", {"system": ["erp"], "must": ["mes"]}),
    ("지금 쓰는 ERP에 MES를 붙이고 싶어요", {"system": ["erp"], "link": [("erp", "mes")]}),
    ("바코드로 재고를 정확히 맞추고 싶어요", {"must": ["auto_id", "wms"]}),
    ("설비 고장을 미리 알고 싶어요", {"must": ["predictive_maintenance"]}),
    ("설비 상태를 실시간으로 보고 싶어요", {"must": ["sensor_iot"]}),
    ("전기 요금을 줄이고 싶어요", {"must": ["fems"]}),
    ("에너지도 볼 수 있으면 좋아요", {"nice": ["fems"]}),
    ("로트마다 이력이 남아야 해요", {"must": ["traceability"]}),
    ("손으로 쓰는 작업일보를 없애고 싶어요", {"must": ["mes"]}),
    ("납기를 지키도록 일정을 자동으로 짜고 싶어요", {"must": ["aps"]}),
    ("표면 검사를 자동으로 하고 싶어요", {"must": ["ai_vision"]}),
    ("도면이 자주 바뀌어서 최신 도면을 관리해야 해요", {"must": ["plm"]}),
    ("안전사고를 막고 싶어요", {"must": ["ai_safety"]}),
    ("협동로봇을 도입하고 싶어요", {"must": ["robot"]}),
    ("AGV로 나르고 WMS와 주고받게 해 주세요", {"must": ["agv_amr"], "link": [("agv_amr", "wms")]}),
    ("랜섬웨어가 걱정돼요", {"must": ["security"]}),
    ("디지털 트윈이 있으면 좋겠어요", {"nice": ["digital_twin"]}),
    ("PLM 말고 MES가 필요해요", {"not_wanted": ["plm"], "must": ["mes"]}),
    ("품질을 미리 예측하고 싶어요", {"must": ["ai_quality"]}),
    ("사출 조건을 최적으로 찾고 싶어요", {"must": ["ai_process"]}),
    ("여유가 되면 예지보전도 하고 싶어요", {"nice": ["predictive_maintenance"]}),
    ("예산은 3천만 원", {"budget_amount": [30_000_000]}),
    ("예산은 1억 2천", {"budget_amount": [120_000_000]}),
    ("3천5백만 원 안에서", {"budget_amount": [35_000_000]}),
    ("일억 오천만 원까지 쓸 수 있어요", {"budget_amount": [150_000_000]}),
    ("예산 2.5억", {"budget_amount": [250_000_000]}),
    ("50,000,000원", {"budget_amount": [50_000_000]}),
    ("예산은 5000만원 정도", {"budget_amount": [50_000_000]}),
    ("2~3천만 원", {"budget_amount": [30_000_000]}),
    ("예산 5천", {"budget_amount": [50_000_000]}),
    ("1억 2,500만 원", {"budget_amount": [125_000_000]}),
    ("예산 삼천만", {"budget_amount": [30_000_000]}),
    ("월 50만 원이면 좋아요", {}),
    ("매출 120억 원 회사예요", {}),
    ("하루에 5천 개를 만들어요", {}),
    ("2조 원", {}),
    ("0원", {}),
    ("내년 3월까지", {"deadline": [day("2027-03-31")]}),
    ("올해 안에", {"deadline": [day("2026-12-31")]}),
    ("3월까지", {"deadline": [day("2027-03-31")]}),
    ("2027년 6월 15일까지", {"deadline": [day("2027-06-15")]}),
    ("2027-06-15까지", {"deadline": [day("2027-06-15")]}),
    ("3개월 안에", {"deadline": [day("2027-02-21")]}),
    ("6주 이내", {"deadline": [day("2027-01-02")]}),
    ("내년 상반기까지", {"deadline": [day("2027-06-30")]}),
    ("2027년 2분기까지", {"deadline": [day("2027-06-30")]}),
    ("다음 달까지", {"deadline": [day("2026-12-31")]}),
    ("연말까지", {"deadline": [day("2026-12-31")]}),
    ("반년 안에", {"deadline": [day("2027-05-21")]}),
    ("2월 31일까지", {}),
    ("13월까지", {}),
    ("2019년부터 쓰던 설비예요", {}),
    ("2020년 3월까지", {"deadline": [day("2020-03-31")]}),
    ("수준 2에서 3으로 올리고 싶어요", {"level": [2], "target_level": [3]}),
    ("목표 수준은 4", {"target_level": [4]}),
    ("지금 수준 1이에요", {"level": [1]}),
    ("5명이 일해요", {}),
    (
        "We have an ERP and need an MES connected to it by March 2027, budget 50 million won",
        {
            "system": ["erp"],
            "must": ["mes"],
            "link": [("erp", "mes")],
            "budget_amount": [50_000_000],
            "deadline": [day("2027-03-31")],
        },
    ),
    ("We want to reduce weld defects", {"must": ["ai_vision"]}),
    (
        "We need traceability; energy monitoring would be nice to have",
        {"must": ["traceability"], "nice": ["fems"]},
    ),
    (
        "Predict failures of our pumps within 6 months",
        {"must": ["predictive_maintenance"], "deadline": [day("2027-05-21")]},
    ),
    (
        "KRW 80,000,000 by the end of next year",
        {"budget_amount": [80_000_000], "deadline": [day("2027-12-31")]},
    ),
    ("an MES without PLM", {"must": ["mes"], "not_wanted": ["plm"]}),
    ("We are level 2 and want to reach level 3", {"level": [2], "target_level": [3]}),
    ("ㅁㄴㅇㄹ 아무 말 대잔치", {}),
    ("", {}),
    ("   \n\t ", {}),
    ("\x00\x01\x02", {}),
    ("ME\u200bS", {}),
    ("<script>alert(1)</script> MES", {"must": ["mes"]}),
    ("'; DROP TABLE demand; -- MES", {"must": ["mes"]}),
    ("경기가 나빠서 걱정이에요", {}),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_a_sentence_is_read_as_a_person_reads_it(text, expected):
    assert said(text) == expected


def test_there_are_enough_sentences():
    assert len(SENTENCES) >= 60


def test_places_industries_and_processes_are_read_by_their_names():
    found = said("경남 창원의 자동차 부품 공장이고 용접과 프레스를 해요", ("region", "industry", "process"))
    assert found == {"region": ["gyeongnam"], "industry": ["303"], "process": ["welding", "press"]}
    assert said("경기가 나빠서 걱정이에요", ("region",)) == {}


@pytest.mark.parametrize(
    ("text", "field", "sure"),
    [
        ("용접 불량을 줄이고 싶어요", "must", False),
        ("MES가 필요해요", "must", True),
        ("예산은 1억 2천", "budget_amount", False),
        ("예산은 1억 2천만 원", "budget_amount", True),
        ("3월까지", "deadline", False),
        ("내년 3월까지", "deadline", True),
        ("2020년 3월까지", "deadline", False),
    ],
)
def test_what_follows_from_a_custom_or_a_guess_asks_to_be_confirmed(text, field, sure):
    found = reading.read(text, TODAY)
    assert [one.sure for one in found.found if one.field == field] == [sure]


def test_each_reading_names_its_words_and_what_gave_nothing_is_left():
    text = "MES가 필요해요. 화면은 예뻐야 해요. 예산 5천만 원"
    found = reading.read(text, TODAY)
    assert [(found.words(one), one.field) for one in found.found] == [
        ("MES", "must"),
        ("5천만 원", "budget_amount"),
    ]
    assert [text[start:end] for start, end in found.left] == ["화면은 예뻐야 해요"]


def test_a_contradiction_is_told_and_asks_for_nothing():
    found = reading.read("MES도 필요하고 MES는 필요 없어요. ERP도 필요해요", TODAY)
    assert found.contradictions == ("mes",)
    assert [row["capability"] for row in found.requirements] == ["erp"]


def test_a_pair_is_one_pair_whichever_comes_first():
    found = reading.read("MES와 ERP를 연동해요. ERP와 MES를 연동해요", TODAY)
    assert found.links == [["mes", "erp"]]


HOSTILE = [
    "용접 불량을 줄이고 MES와 ERP를 연결 " * 500,
    "1" * 10_000,
    "1억 " * 2_500,
    "have an " * 1_250,
    "(" * 10_000,
    "가" * 10_000,
    "2027-" * 2_000,
    "\x00" * 10_000,
    "\ud800" * 10_000,
    "MES, " * 2_000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_ten_thousand_characters_are_read_in_time_and_within_the_text(text):
    begun = time.process_time()
    found = reading.read(text[:10_000], TODAY)
    assert time.process_time() - begun < 5
    assert all(0 <= one.start < one.end <= len(found.text) for one in found.found)


def test_every_example_is_understood_in_both_languages():
    for example in examples.EXAMPLES:
        for text in (example.text_ko, example.text_en):
            assert reading.read(text, TODAY).requirements, text


def test_examples_of_the_industry_come_first():
    assert [one.code for one in examples.common_in("303")][:2] == ["weld", "press"]
    assert examples.common_in(None)[0].divisions == frozenset()
    assert examples.named("no such") is None
