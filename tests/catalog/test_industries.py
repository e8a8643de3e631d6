"""Industries: the official list over the built-in table, loaded whole or not at all, also by command."""

import pytest
from sqlalchemy import select

from catalog import industries, taxonomy
from catalog.models import OfficialIndustry

HEADER = "revision,code,digits,parent,name_ko,name_en"
LINES = (
    "11,C,1,,제조업,Manufacturing",
    "11,30,2,C,자동차 및 트레일러 제조업,Motor vehicles",
    "11,303,3,30,자동차 신품 부품 제조업,Parts",
    "11,3032,4,303,차체용 부품 제조업,Body parts",
    "11,30320,5,3032,자동차 차체용 신품 부품 제조업,New body parts",
)


def rows(*lines):
    return taxonomy.parse_ksic([HEADER, *(lines or LINES)])


def codes(session):
    return list(session.scalars(select(OfficialIndustry.code).order_by(OfficialIndustry.code)))


def test_before_the_official_list_the_built_in_table_answers(session):
    found = industries.lookup(session, "11", "303")
    assert found == industries.IndustryName("11", "303", "자동차 신품 부품 제조업", found.name_en)
    assert industries.lookup(session, "10", "274").code == "274"
    for revision, code in (("11", "274"), ("11", "30320"), ("9", "30"), ("11", ""), ("11", "c")):
        assert industries.lookup(session, revision, code) is None, (revision, code)


def test_the_official_list_goes_deeper_and_wins(session):
    assert industries.load(session, rows()) == 5
    session.commit()
    deep = industries.lookup(session, "11", "30320")
    assert deep == industries.IndustryName("11", "30320", "자동차 차체용 신품 부품 제조업", "New body parts")
    assert industries.lookup(session, "11", "303").name_en == "Parts"
    assert industries.lookup(session, "10", "30320") is None
    assert industries.lookup(session, "11", "26").name_ko == taxonomy.find("ksic", "26").name_ko


def test_a_second_load_replaces_the_first(session):
    industries.load(session, rows())
    assert industries.lookup(session, "11", "3032").name_en == "Body parts"  # the session knows the old row
    assert industries.load(session, rows(*LINES[:3])) == 3
    session.commit()
    assert codes(session) == ["30", "303", "C"]
    assert industries.lookup(session, "11", "3032") is None


@pytest.fixture
def command(app, tmp_path):
    """Run the loading command on a file with that content."""

    def run(data):
        path = tmp_path / "ksic.csv"
        path.write_bytes(data)
        return app.test_cli_runner().invoke(args=["taxonomy", "load-ksic", str(path)])

    return run


def test_the_command_loads_a_good_file(command, session):
    done = command(("\ufeff" + "\r\n".join([HEADER, *LINES])).encode())
    assert (done.exit_code, done.stderr) == (0, "5 industries loaded\n")
    assert codes(session) == ["30", "303", "3032", "30320", "C"]


def test_the_command_names_line_and_column_and_loads_nothing(command, session):
    command("\n".join([HEADER, *LINES]).encode())
    bad = command("\n".join([HEADER, LINES[0], "11,99,2,C,없는 업종,None", "11,30,3,C,자동차,Cars"]).encode())
    assert bad.exit_code == 2
    assert "line 3, column code: code '99'; line 4, column digits: digits '3'" in bad.stderr
    assert len(codes(session)) == 5


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", "이름,코드\n".encode("cp949"), HEADER.encode()])
def test_what_is_no_such_file_ends_with_2(command, session, data):
    done = command(data)
    assert done.exit_code == 2
    assert "ksic.csv: " in done.stderr
    assert codes(session) == []


def test_a_file_that_is_not_there_ends_with_2(app):
    assert app.test_cli_runner().invoke(args=["taxonomy", "load-ksic", "nowhere.csv"]).exit_code == 2
