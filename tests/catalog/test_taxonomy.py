"""Taxonomies: what is in them, that they hold together, and the parser of the official industry file."""

import dataclasses
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import taxonomy

HEADER = "revision,code,digits,parent,name_ko,name_en"
SECTION = "11,C,1,,제조업,Manufacturing"
DIVISION = "11,10,2,C,식료품 제조업,Manufacture of food products"


def test_schemes_with_their_revision_and_size() -> None:
    sizes = {
        scheme: (taxonomy.current_revision(scheme), len(taxonomy.terms(scheme)))
        for scheme in taxonomy.schemes()
    }

    assert sizes == {
        "ksic": ("11", 1 + 25 + 32),
        "capability": ("2026-1", 38),
        "process": ("2026-1", 38),
        "interface": ("2026-1", 16),
        "region": ("2026-1", 17),
        "deployment": ("2026-1", 4),
    }


@pytest.mark.parametrize("scheme", taxonomy.schemes())
def test_every_term_is_named_in_both_languages_and_found_by_its_code(scheme: str) -> None:
    for revision in taxonomy.revisions(scheme):
        terms = taxonomy.terms(scheme, revision)
        codes = [term.code for term in terms]
        assert len(set(codes)) == len(codes)
        for term in terms:
            assert (term.scheme, term.revision) == (scheme, revision)
            assert term.name_ko.strip() == term.name_ko != ""
            assert term.name_en.isascii()
            assert all(alias.strip() == alias != "" for alias in term.aliases)
            assert term.parent is None or term.parent in codes
            assert taxonomy.find(scheme, term.code, revision) is term


def test_names_follow_the_locale_and_korean_is_the_fallback() -> None:
    term = taxonomy.find("region", "gyeonggi")

    assert term is not None
    assert [term.name(locale) for locale in ("ko", "en", "en_GB", "en-US", "de", "")] == [
        "경기",
        "Gyeonggi",
        "Gyeonggi",
        "Gyeonggi",
        "경기",
        "경기",
    ]
    assert term.aliases == ("경기도",)


def test_a_term_cannot_be_changed() -> None:
    term = taxonomy.terms("process")[0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        term.code = "other"  # type: ignore[misc]  # the point of the test
    assert term.code == "injection_moulding"


def test_unknown_code_and_revision_are_none_and_unknown_scheme_is_an_error() -> None:
    assert taxonomy.find("capability", "teleport") is None
    assert taxonomy.find("capability", "mes", "2025-1") is None
    assert taxonomy.terms("ksic", "9") == ()
    with pytest.raises(ValueError, match="unknown scheme"):
        taxonomy.find("colour", "red")
    with pytest.raises(ValueError, match="unknown scheme"):
        taxonomy.terms("colour", "2026-1")


def test_capability_carries_its_place_in_the_factory() -> None:
    mes = taxonomy.capability("mes")

    assert mes is not None
    assert (mes.group, mes.portal_label, mes.isa95_levels) == ("operation", "MES(POP)", (3,))
    assert (mes.entry_level, mes.lifts_to_level) == (1, 3)
    assert mes.mesa11 == (1, 2, 3, 4, 5, 6, 7, 8, 10, 11)
    assert "production.tracking" in mes.mom
    assert taxonomy.capability("teleport") is None


def test_capability_levels_are_on_the_company_scale() -> None:
    # the data say 0 ("none needed") for erp; a level is never 0
    erp = taxonomy.capability("erp")
    assert erp is not None
    assert (erp.entry_level, erp.lifts_to_level) == (1, 2)
    for term in taxonomy.capabilities():
        assert 1 <= term.entry_level <= term.lifts_to_level <= 5


def test_capabilities_refer_to_groups_and_interfaces_that_exist() -> None:
    groups = {group.code for group in taxonomy.capability_groups()}
    domains = {"production", "quality", "maintenance", "inventory"}

    assert {term.group for term in taxonomy.capabilities()} == groups
    for term in taxonomy.capabilities():
        assert all(taxonomy.find("interface", code) for code in term.interfaces)
        assert {cell.split(".")[0] for cell in term.mom} <= domains
        assert set(term.mesa11) <= set(range(1, 12))


def test_industries_of_the_two_revisions_differ_where_the_docstring_says() -> None:
    ten = {term.code: term.name_ko for term in taxonomy.terms("ksic", "10")}
    eleven = {term.code: term.name_ko for term in taxonomy.terms("ksic", "11")}

    assert set(ten) - set(eleven) == {"274"}
    assert set(eleven) <= set(ten)
    assert [code for code in eleven if ten[code] != eleven[code]] == ["282"]


def test_industry_parents_lead_to_the_section() -> None:
    parents = {term.code: term.parent for term in taxonomy.terms("ksic")}
    assert (parents["303"], parents["30"], parents["C"]) == ("30", "C", None)
    assert taxonomy.parent_of("30320") == "3032"


@pytest.mark.parametrize(
    ("code", "division"),
    [("C", "C"), ("10", "10"), ("303", "30"), ("3032", "30"), ("30320", "30"), ("340", "34")],
)
def test_division_of_a_code(code: str, division: str) -> None:
    assert taxonomy.industry_division(code) == division


@pytest.mark.parametrize("code", ["", "c", "CC", "1", "09", "35", "303201", "30 ", "3x", "３０", "30\n"])
def test_no_division_without_a_manufacturing_code(code: str) -> None:
    assert not taxonomy.is_industry_code(code)
    with pytest.raises(ValueError, match="not a KSIC manufacturing code"):
        taxonomy.industry_division(code)


@given(st.integers(10, 34), st.text(alphabet="0123456789", max_size=3))
def test_walking_up_from_any_code_ends_at_its_division_and_the_section(division: int, rest: str) -> None:
    code: str | None = f"{division}{rest}"
    path = []
    while code is not None:
        path.append(code)
        code = taxonomy.parent_of(code)
    assert path[-2:] == [taxonomy.industry_division(path[0]), "C"]
    assert len(path) == len(rest) + 2


def test_the_two_level_scales() -> None:
    company = taxonomy.LEVEL_SCALES["company_level"]
    system = taxonomy.LEVEL_SCALES["system_level"]

    assert set(taxonomy.LEVEL_SCALES) == {"company_level", "system_level"}
    assert [(step.value, step.name("ko")) for step in company.steps] == [
        (n, f"수준 {n}") for n in range(1, 6)
    ]
    assert [step.name_ko for step in system.steps] == ["기초", "중간1", "중간2", "고도화"]
    assert [step.value for step in system.steps] == [1, 2, 3, 4]
    assert system.name("en") == "Smartness level of the installed system"


def test_a_level_is_defined_only_where_a_source_was_read() -> None:
    company = taxonomy.LEVEL_SCALES["company_level"]
    assert [step.value for step in company.steps if step.definition("ko")] == [1, 3]
    assert company.steps[0].definition("en") == "Data are partly standardised and managed"


@pytest.mark.parametrize("value", [-1, 0, 6])
def test_a_scale_has_no_step_outside_its_range(value: int) -> None:
    assert taxonomy.LEVEL_SCALES["company_level"].step(value) is None


def test_published_cases_keep_numbers_unit_and_source_as_printed() -> None:
    cases = {case.code: case for case in taxonomy.published_cases()}

    assert len(cases) == len(taxonomy.published_cases()) == 10
    lens = cases["interojo_lens"]
    assert (lens.before, lens.after, lens.change, lens.unit) == (Decimal(70), Decimal(95), None, "percent")
    assert cases["hd_mipo"].change == Decimal("-12.5")
    assert cases["posco_bf"].unit == "krw_over_4_years"
    for case in cases.values():
        assert case.source
        assert case.text("company", "ko")
        assert case.text("metric", "en")
        assert any(number is not None for number in (case.after, case.change, case.value))
        for part in ("industry", "process", "model", "note"):
            assert (case.text(part, "ko") is None) == (case.text(part, "en") is None)


def test_the_package_loads_in_less_than_a_tenth_of_a_second_of_work() -> None:
    code = (
        "import csv, dataclasses, decimal, importlib.resources, re, time, yaml\n"
        "start = time.process_time()\n"
        "from catalog import taxonomy\n"
        "[taxonomy.terms(scheme) for scheme in taxonomy.schemes()]\n"
        "print(time.process_time() - start)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 0.1


def test_parse_ksic_reads_the_official_shape() -> None:
    rows = taxonomy.parse_ksic(["\ufeff" + HEADER + "\r\n", SECTION + "\n", "\n", DIVISION + "\n"])

    assert rows == [
        taxonomy.KsicRow("11", "C", 1, None, "제조업", "Manufacturing"),
        taxonomy.KsicRow("11", "10", 2, "C", "식료품 제조업", "Manufacture of food products"),
    ]


def test_parse_ksic_keeps_a_name_with_a_comma() -> None:
    line = '11,14,2,C,"의복, 의복 액세서리 및 모피제품 제조업",Wearing apparel'
    assert taxonomy.parse_ksic([HEADER, SECTION, line])[1].name_ko == "의복, 의복 액세서리 및 모피제품 제조업"


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("9,10,2,C,식료품,Food", "revision", "revision"),
        ("11,99,2,C,식료품,Food", "code", "code"),
        ("11,10,3,C,식료품,Food", "digits", "digits"),
        ("11,10,two,C,식료품,Food", "digits", "digits"),
        ("11,101,3,11,도축,Meat", "parent", "parent"),
        ("11,101,3,10,도축,Meat", "parent", "unknown_parent"),
        ("11,10,2,C,,Food", "name_ko", "blank"),
        ("11,10,2,C,식료품,  ", "name_en", "blank"),
        ("11,10,2,C,식료품," + "x" * 201, "name_en", "too_long"),
        ("11,10,2,C,식료\x00품,Food", "name_ko", "control_character"),
        (SECTION, "code", "duplicate"),
        ("11,10,2,C,식료품", "revision", "columns"),
        ('11,10,2,C,"식료품,Food', "revision", "format"),
    ],
)
def test_parse_ksic_names_line_and_column(line: str, column: str, code: str) -> None:
    with pytest.raises(taxonomy.KsicFormatError) as caught:
        taxonomy.parse_ksic([HEADER, SECTION, line])

    (problem,) = caught.value.problems
    assert (problem.line, problem.column, problem.code) == (3, column, code)
    assert f"line 3, column {column}" in str(caught.value)


@pytest.mark.parametrize(("lines", "code"), [([], "header"), (["code,name"], "header"), ([HEADER], "empty")])
def test_parse_ksic_refuses_a_file_without_header_or_rows(lines: list[str], code: str) -> None:
    with pytest.raises(taxonomy.KsicFormatError) as caught:
        taxonomy.parse_ksic(lines)
    assert [(problem.line, problem.code) for problem in caught.value.problems] == [(1, code)]


def test_parse_ksic_reports_every_line_and_stops_counting_at_fifty() -> None:
    with pytest.raises(taxonomy.KsicFormatError) as caught:
        taxonomy.parse_ksic([HEADER, SECTION, *["11,99,2,C,식료품,Food"] * 60])
    assert [problem.line for problem in caught.value.problems] == list(range(3, 53))


@given(st.lists(st.text(max_size=40), max_size=6))
def test_parse_ksic_gives_rows_or_the_named_error_for_any_text(lines: list[str]) -> None:
    with pytest.raises(taxonomy.KsicFormatError) as caught:
        taxonomy.parse_ksic([HEADER, *lines])
    assert all(problem.line >= 1 for problem in caught.value.problems)
