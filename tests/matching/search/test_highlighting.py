from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.search import vocabulary
from matching.search.analyser import BigramAnalyser
from matching.search.highlighting import MAX_CHARACTERS, marked, spans
from matching.search.kiwi import KiwiAnalyser

ANALYSERS = [KiwiAnalyser(vocabulary.synonyms()), BigramAnalyser(vocabulary.synonyms())]


def bracketed(query, text, analyser):
    return "".join(f"[{piece}]" if meant else piece for piece, meant in marked(text, analyser.query(query)))


@pytest.mark.parametrize("analyser", ANALYSERS, ids=["kiwi", "bigram"])
@pytest.mark.parametrize(
    ("query", "text", "shown"),
    [
        ("예지보전", "설비예지보전시스템, 예지보전", "설비[예지보전]시스템, [예지보전]"),
        ("PdM", "predictive maintenance, 예지보전", "[predictive] [maintenance], [예지보전]"),
        ("OPC UA", "opc-ua 연결, OPC UA, OPCUA", "[opc-ua] 연결, [OPC UA], [OPCUA]"),
        ("welding", "Robot weld & welded", "Robot [weld] & [welded]"),
        ("납", "납땜 무연납", "[납]땜 무연[납]"),
        ("사출", "사\u200b출 사출", "[사\u200b출] [사출]"),
        ("사출", "\u1109\u1161\u110e\u116e\u11af", "[\u1109\u1161\u110e\u116e\u11af]"),
        ("MES", "ＭＥＳ MESA", "[ＭＥＳ] MESA"),
        ("<b>", "<b>굵게</b>", "<[b]>굵게</[b]>"),
        ("", "무엇이든", "무엇이든"),
        ("😀", "😀", "😀"),
        ("용접", "", ""),
    ],
)
def test_what_is_shown(query, text, shown, analyser):
    assert bracketed(query, text, analyser) == shown


def test_a_compound_shows_its_parts_too():
    assert bracketed("가열장치", "가열 장치와 가열장치", ANALYSERS[0]) == "[가열] [장치]와 [가열장치]"


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.sampled_from("가나사출 ab-ＡＢ\u1109\u1161\u11af\u0301\ufdfa\x00\u200b<&"), max_size=30),
    st.text(st.sampled_from("사출가 ab\ufdfa"), max_size=6),
)
def test_the_pieces_are_the_text_and_the_spans_apart(text, typed):
    query = ANALYSERS[1].query(typed)
    assert "".join(piece for piece, _ in marked(text, query)) == text
    found = spans(text, query)
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(one[1] < other[0] for one, other in pairwise(found))


def test_a_very_long_text_is_looked_through_in_part():
    assert spans("가" * MAX_CHARACTERS + "사출", ANALYSERS[1].query("사출")) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("고장 난 설비", "고장 난 설비"),
        ("설비 고장을 미리 예측", "설비 [고장]을 미리 [예측]"),
        ("예지보전과 고장", "[예지보전]과 고장"),
    ],
)
def test_another_name_of_several_words_is_marked_only_where_all_of_them_stand(text, shown):
    assert bracketed("예지보전", text, BigramAnalyser({"예지보전": ["고장 예측"]})) == shown
