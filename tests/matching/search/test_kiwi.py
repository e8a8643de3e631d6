import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.search import dictionary, vocabulary
from matching.search.analyser import MAX_QUERY_CHARACTERS, BigramAnalyser
from matching.search.embedded import EmbeddedEngine
from matching.search.engine import AnalyserMismatch
from matching.search.kiwi import NEVER_ALONE, KiwiAnalyser, best_analyser
from matching.search.query import SearchQuery
from tests.matching.search import naive
from tests.matching.search.factories import TODAY, document

ANALYSER = KiwiAnalyser(vocabulary.synonyms())


def words(text):
    return list(ANALYSER.document(text).words)


def typed(text):
    return ["+".join(group.typed_words()) for group in ANALYSER.query(text).groups]


def finds(query, title):
    return naive.matches(document(1, title, analyser=ANALYSER), ANALYSER.query(query))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("설비예지보전시스템", ["설비", "예지", "보전", "시스템"]),
        ("예지 보전, 예지보전을", ["예지", "보전", "예지", "보전"]),
        ("공정에서 로봇을 움직였습니다", ["공정", "로봇", "움직이"]),
        ("불량을 줄이기 위한", ["불량", "줄이"]),
        ("인공위성", ["인공위성", "인공", "위성"]),
        ("액상충진기", ["액상", "충진기", "충진"]),
        ("MES를 5G특화망과 3D프린팅", ["mes", "5g", "특화망", "3d", "프린팅"]),
        ("PLC에서의 ERP와의", ["plc", "erp"]),
        ("비파괴검사", ["비파괴", "검사"]),
        ("정밀도 온도 습도", ["정밀도", "정밀", "온도", "습도"]),
        ("생산ㆍ품질·설비", ["생산", "품질", "설비"]),
        ("용\x00접\u200b 검\x1f사\tA", ["용접", "검사", "a"]),
        ("에서 를 으로", []),
        ("😀 ?.*[(", []),
        ("\ud800용접", ["용접"]),
    ],
)
def test_words_of_a_document(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("OPC UA", ["opc", "ua", "opcua"]),
        ("OPC-UA로", ["opc", "ua", "opcua"]),
        ("opcua", ["opc", "ua", "opcua"]),
        ("Modbus TCP", ["modbus", "tcp", "modbustcp"]),
        ("ISA-95", ["isa", "95", "isa95"]),
        ("ISO 9001 인증", ["iso", "9001", "iso9001", "인증"]),
        ("5G 3D PLC PT100", ["5g", "3d", "plc", "pt100"]),
        ("APS FEMS LIMS OLED SaaS", ["aps", "fems", "lims", "oled", "saas"]),
        ("welding welded welds", ["weld", "weld", "weld"]),
        ("inspections factories PLCs", ["inspect", "factori", "plc"]),
    ],
)
def test_codes_stay_whole_and_english_is_stemmed(text, expected):
    assert words(text) == expected
    assert list(BigramAnalyser().document(text).words) == expected


@pytest.mark.parametrize("one", ["OPC UA", "OPC-UA", "OPCUA", "opc ua를"])
@pytest.mark.parametrize("other", ["OPC UA 게이트웨이", "OPC-UA", "OpcUa로 연결"])
def test_a_code_of_several_words_is_one_however_it_is_written(one, other):
    assert finds(one, other)
    assert len(ANALYSER.query(one).groups) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("예지보전", "설비예지보전시스템"),
        ("예지 보전", "predictive maintenance"),
        ("PdM", "설비 예지보전"),
        ("MES", "제조실행시스템"),
        ("사출성형", "injection molding"),
        ("AAS", "자산관리쉘"),
    ],
)
def test_names_of_one_thing_find_each_other(one, other):
    assert finds(one, other)
    assert finds(other, one)


def test_a_compound_is_found_whole_or_by_a_telling_part_and_the_whole_stands_first():
    engine = EmbeddedEngine(ANALYSER)
    titles = ["수명", "사출금형수명", "시스템", "용접 로봇", "금형수명"]
    engine.apply([document(at, title, analyser=ANALYSER) for at, title in enumerate(titles)], [], 1)
    hits = engine.search(SearchQuery(TODAY, "사출금형수명시스템")).hits
    assert [titles[int(hit.id[-3:])] for hit in hits] == ["사출금형수명", "금형수명", "수명"]
    assert "시스템" in NEVER_ALONE


def test_a_name_inside_a_compound_brings_its_other_names_and_stands_for_its_parts():
    assert finds("설비예지보전시스템", "predictive maintenance")
    assert finds("설비예지보전시스템", "예지보전")
    assert not finds("설비예지보전시스템", "설비")
    assert not finds("설비예지보전시스템", "환경 보전")
    assert not finds("제조실행시스템", "제조 시스템")


def test_what_was_typed_weighs_whole_and_other_names_half():
    query = ANALYSER.query("예지보전을 예지보전")
    boosts = query.word_boosts()
    assert (boosts["예지"], boosts["보전"], boosts["mainten"]) == (2.0, 2.0, 0.5)
    assert query.gram_boosts()["지보"] == 0.5
    assert "" not in boosts


def test_particles_alone_ask_for_what_was_typed():
    assert typed("에서") == ["에서"]
    assert typed("용접 에서 를") == ["용접"]
    assert not ANALYSER.query("에서").is_blank


def test_a_query_of_ten_thousand_characters_is_cut_and_cheap():
    for text in ("가" * 10_000, "예지보전시스템 " * 1_250, "a" * 10_000, "\x00" * 10_000, "\ufdfa" * 10_000):
        started = time.process_time()
        query = ANALYSER.query(text)
        assert query.was_cut is (text.strip("\x00") != "" or len(text) > MAX_QUERY_CHARACTERS)
        assert len(query.groups) <= 32
        assert time.process_time() - started < 1


def test_a_document_without_spaces_is_read_to_the_end():
    assert words("가나" * 100 + "용접")[-1].endswith("용접")
    assert len(ANALYSER.document("예지보전" * 30_000).grams) == 2 * 100_000 - 1


def test_the_same_word_comes_apart_alike_wherever_it_stands():
    alone = words("사출성형공정")
    assert words("새로운 사출성형공정")[-len(alone) :] == alone


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("가나사출성형예지보전을에서의는 ab5G-.·\x00ㄱ\u1100😀"), max_size=40))
def test_any_text_finds_itself(text):
    query = ANALYSER.query(text)
    made = document(1, text, analyser=ANALYSER)
    assert all(token and not token.isspace() for token in (*made.words.split(" "), "x") if made.words)
    assert naive.matches(made, query) or not query.groups


def test_many_threads_read_alike():
    texts = [f"{word} {word}공정 {word}에서" for word in sorted(dictionary.words())[:200]]
    alone = [words(text) for text in texts]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(words, texts)) == alone


def test_queries_are_remembered_as_they_were_typed():
    assert ANALYSER.query("사출성형 불량") is ANALYSER.query("사출성형 불량")


@pytest.mark.parametrize("make", [KiwiAnalyser, BigramAnalyser])
def test_capitals_tell_codes_apart_that_differ_in_nothing_else(make):
    analyser = make(vocabulary.synonyms())

    def names(text):
        [group] = analyser.query(text).groups
        return {"".join(word.token for word in alternative) for alternative in group.alternatives}

    maintenance, data = "predictmainten", "productlifecyclmanag"
    assert {"pdm", maintenance} <= names("PdM")
    assert {"pdm", data} <= names("PDM")
    assert {"pdm", maintenance, data} <= names("pdm")
    assert data not in names("PdM")
    assert maintenance not in names("PDM")
    assert names("PDM") | names("PdM") == names("pdm")
    assert names("MES") == names("mes") == names("Mes")


def outside(code):
    """What a process of its own says that has an analyser with the taxonomy's names."""
    made = (
        "import sys; from matching.search import vocabulary; from matching.search.kiwi import best_analyser;"
        "analyser = best_analyser(vocabulary.synonyms());"
    )
    said = subprocess.run([sys.executable, "-c", made + code], capture_output=True, text=True, check=True)
    return said.stdout.strip()


@pytest.mark.parametrize(
    ("code", "loads"),
    [
        ("analyser.query('conveyor 3000')", False),
        ("analyser.document('PLC gateway for conveyors, 3 kW')", False),
        ("analyser.query('MES')", True),  # its other names are Korean
        ("analyser.query('컨베이어')", True),
        ("analyser.document('컨베이어')", True),
        ("analyser.warm()", True),
    ],
)
def test_the_model_is_loaded_when_korean_is_read_and_not_before(code, loads):
    assert outside(f"{code}; print('kiwipiepy' in sys.modules)") == str(loads)


def test_a_warm_analyser_loads_nothing_more():
    code = (
        "from matching.search import morphemes; analyser.warm(); before = morphemes._loaded.cache_info().misses,"
        "len(analyser._grouping._remembered); analyser.query('예지보전 MES'); analyser.query('PdM');"
        "after = morphemes._loaded.cache_info().misses, len(analyser._grouping._remembered); print(before[0], "
        "before[1] > 100, after[0] == before[0], after[1] - before[1])"
    )
    # One reading more: PdM alone, apart from PDM.
    assert outside(code) == "1 True True 1"


def test_warming_in_threads_beside_queries_changes_no_answer():
    asked = ["예지보전", "MES", "사출 성형", "PdM", "opc ua"]
    expected = [KiwiAnalyser(vocabulary.synonyms()).query(text) for text in asked]
    analyser = KiwiAnalyser(vocabulary.synonyms())
    with ThreadPoolExecutor(8) as threads:
        warmed = [threads.submit(analyser.warm) for _ in range(2)]
        assert list(threads.map(analyser.query, asked)) == expected
        assert [each.result() for each in warmed] == [None, None]


def test_the_stamp_names_the_analyser_and_loads_nothing():
    code = (
        "import sys; from matching.search.kiwi import best_analyser; print(best_analyser({}).stamp());"
        "assert 'kiwipiepy' not in sys.modules"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == KiwiAnalyser().stamp()
    assert said.stdout.startswith("kiwi/1/")


def test_without_kiwi_pairs_of_syllables_stand_in_under_their_own_stamp():
    fallback = best_analyser(vocabulary.synonyms(), lambda: False)
    assert isinstance(fallback, BigramAnalyser)
    assert fallback.stamp() != ANALYSER.stamp()
    engine = EmbeddedEngine(fallback)
    with pytest.raises(AnalyserMismatch):
        engine.apply([document(1, "예지보전", analyser=ANALYSER)], [], 1)
    assert engine.all() == ()


def test_the_dictionary_holds_small_words_of_the_trade_and_nothing_that_is_made_of_them():
    known = dictionary.words()
    assert len(known) >= 600
    assert all(len(word) >= 2 and all("가" <= letter <= "힣" for letter in word) for word in known)
    assert [word for word in known if _made_of(word, known, len(word) - 1)] == []


def _made_of(word, known, longest):
    return any(
        word[:at] in known and (at == len(word) or _made_of(word[at:], known, len(word) - at))
        for at in range(2, min(longest, len(word)) + 1)
    )


def test_names_of_one_thing_find_what_any_of_them_names_and_a_korean_one_its_telling_parts_too():
    engine = EmbeddedEngine(ANALYSER)
    titles = ["예지보전 시스템", "PdM gateway", "predictive maintenance suite", "설비 보전 이력", "용접 로봇"]
    engine.apply([document(number, title, analyser=ANALYSER) for number, title in enumerate(titles)], [], 1)

    def found(text):
        return [titles[int(hit.id[-2:])] for hit in engine.search(SearchQuery(TODAY, text)).hits]

    assert set(found("PdM")) == set(found("predictive maintenance")) == set(titles[:3])
    assert set(found("예지보전")) == set(titles[:4])
