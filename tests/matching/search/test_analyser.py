import pytest

from matching.search import vocabulary
from matching.search.analyser import (
    MAX_QUERY_CHARACTERS,
    MAX_QUERY_WORDS,
    PARTICLES,
    BigramAnalyser,
    Group,
    Word,
)

NAMES = {
    "예지보전": ["predictive maintenance", "PdM"],
    "predictive maintenance": ["예지보전", "PdM"],
    "PdM": ["예지보전", "predictive maintenance"],
}


@pytest.fixture(scope="module")
def analyser():
    return BigramAnalyser(NAMES)


def typed(analyser, text):
    return ["+".join(word.token for word in group.alternatives[0]) for group in analyser.query(text).groups]


def names(analyser, text):
    (group,) = analyser.query(text).groups
    return {" ".join(word.token for word in alternative) for alternative in group.alternatives}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("사출성형 불량, 줄이기!", ["사출성형", "불량", "줄이기"]),
        ("로봇을 공정에서 검사로", ["로봇", "공정", "검사"]),
        ("정밀도 온도 효과 이", ["정밀도", "온도", "효과", "이"]),
        ("MES를 5G특화망과 3D프린팅 PLC", ["mes", "5g", "특화망", "3d", "프린팅", "plc"]),
        ("OPC-UA ISA-95 v4.0", ["opc", "ua", "opcua", "isa", "95", "isa95", "v4", "0"]),
        (
            "PLCs sensors factories presses status FEMS process",
            ["plc", "sensor", "factori", "press", "status", "fems", "process"],
        ),
        ("ＭＥＳ　Ｉｎｄｕｓｔｒｙ 4.0", ["mes", "industri", "4.0"]),
        ("생산ㆍ품질·설비", ["생산", "품질", "설비"]),
        ("용\x00접\u200b 검\x1f사\tA", ["용접", "검사", "a"]),
        ("😀 ?.*[(", []),
        ("\ud800용접", ["용접"]),
    ],
)
def test_words_of_a_document(analyser, text, words):
    assert list(analyser.document(text).words) == words


def test_hangul_written_in_letters_is_composed(analyser):
    assert (
        analyser.document("예지".encode().decode()).words
        == analyser.document("\u110b\u1168\u110c\u1175").words
    )


def test_grams_of_a_document_are_pairs_and_single_syllables_of_hangul_words_only(analyser):
    assert sorted(analyser.document("용접기 납 PLC").grams) == sorted(
        ["용접", "접기", "용", "접", "기", "납"]
    )


def test_a_code_is_kept_whole_and_a_particle_written_onto_it_is_dropped(analyser):
    assert typed(analyser, "MES를") == ["mes"]
    assert typed(analyser, "5G 3D PLC") == ["5g", "3d", "plc"]


def test_a_typed_word_is_read_with_and_without_its_particle(analyser):
    (group,) = analyser.query("로봇이").groups
    assert group == Group(((Word("로봇", ("로봇", "봇이")),), (Word("로봇", ("로봇",)),)))


@pytest.mark.parametrize(("grams", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 4), (6, 4)])
def test_grams_needed(grams, needed):
    assert Word("x", tuple(f"g{number}" for number in range(grams))).grams_needed == needed


@pytest.mark.parametrize(
    "text", ["예지보전", "예지 보전", "예지보전을", "Predictive Maintenance", "PdM", "pdm"]
)
def test_every_name_asks_for_the_same_thing(analyser, text):
    assert {"예지보전", "predict mainten", "pdm"} <= names(analyser, text)


def test_the_longest_name_wins_and_other_words_stay_their_own_groups(analyser):
    assert typed(analyser, "robot predictive maintenance robot") == [
        "robot",
        "predict+mainten",
        "robot",
    ]


def test_stop_words_are_left_out_unless_nothing_else_is_there(analyser):
    assert typed(analyser, "용접 및 검사 for robots") == ["용접", "검사", "robot"]
    assert typed(analyser, "및") == ["및"]


def test_boosts_of_typed_words_repetitions_and_other_names(analyser):
    query = analyser.query("예지보전 용접 용접")
    assert query.word_boosts() == {
        "예지보전": 1.0,
        "용접": 2.0,
        "predict": 0.5,
        "mainten": 0.5,
        "pdm": 0.5,
    }
    assert query.gram_boosts() == {"예지": 0.25, "지보": 0.25, "보전": 0.25, "용접": 0.5}
    assert analyser.query("PdM").gram_boosts() == {"예지": 0.125, "지보": 0.125, "보전": 0.125}


@pytest.mark.parametrize(
    ("text", "needed"), [("용접", 1), ("용접 검사", 1), ("용접 검사 로봇", 2), ("a1 b1 c1 d1 e1", 3)]
)
def test_half_of_the_groups_are_needed(analyser, text, needed):
    assert analyser.query(text).groups_needed == needed


def test_blank_is_not_the_same_as_signs_only(analyser):
    assert [analyser.query(text).is_blank for text in ("", "  \n", "\x00\x07", "😀", "...")] == [True] * 3 + [
        False
    ] * 2


def test_a_long_query_is_cut_and_says_so(analyser):
    long = analyser.query("용접 " * 50_000)
    assert long.was_cut
    assert len(long.groups) == MAX_QUERY_WORDS
    assert not analyser.query("가" * MAX_QUERY_CHARACTERS).was_cut
    assert analyser.query("가" * (MAX_QUERY_CHARACTERS + 1)).was_cut
    # U+FDFA is eighteen characters in NFKC.
    assert analyser.query("\ufdfa" * MAX_QUERY_CHARACTERS).was_cut


def test_stamp_tells_name_version_and_options_but_not_synonyms(analyser):
    stamp = analyser.stamp()
    assert stamp.startswith("bigram/2/")
    assert BigramAnalyser().stamp() == stamp


def test_particles_never_swallow_a_whole_word(analyser):
    for particle in PARTICLES:
        assert analyser.document(particle).words == (particle,)
        assert analyser.document("공정" + particle).words == ("공정",)


def test_synonyms_of_the_taxonomy_go_both_ways():
    analyser = BigramAnalyser(vocabulary.synonyms())
    same = {"예지보전", "predict mainten", "pdm"}
    for text in ("예지보전", "predictive maintenance", "PdM"):
        assert same <= names(analyser, text)
    for one, other in [
        ("MES", "제조실행시스템"),
        ("수요예측", "ai demand inventori"),
        ("디지털트윈", "digit twin"),
    ]:
        assert other in names(analyser, one)
    for one, other in [
        ("MES", "제조실행시스템"),
        ("수요예측", "AI demand inventory"),
        ("디지털트윈", "Digital twin"),
    ]:
        assert one.casefold() in {token.replace(" ", "") for token in names(analyser, other)}


def test_every_synonym_leads_back():
    synonyms = vocabulary.synonyms()
    assert len(synonyms) > 150
    for name, others in synonyms.items():
        for other in others:
            assert name in synonyms[other]


def test_every_also_called_entry_belongs_to_a_capability():
    codes = {term.code for term in vocabulary.taxonomy.terms("capability")}
    assert set(vocabulary.ALSO_CALLED) <= codes


def test_labels_name_codes_in_both_languages_and_fall_back_to_the_wider_industry():
    assert vocabulary.label("capability", "predictive_maintenance") == "예지보전 Predictive maintenance (PdM)"
    assert vocabulary.label("ksic", "30399") == vocabulary.label("ksic", "303") != ""
    assert vocabulary.label("capability", "no_such_thing") == ""
    assert vocabulary.label("ksic", "99999") == ""
