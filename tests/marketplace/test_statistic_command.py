"""`flask taxonomy load-io`: loads the whole statistic or nothing of it, and says what is wrong with a file."""

import pytest
from sqlalchemy import func, select

from matching.models import IndustryFlow
from matching.supply_chain import partners
from tests.marketplace.web.looking import one
from tests.matching.supply_chain.test_partners import lines

PAIRS = 23 * 23
#: Vehicles (30) buy 20 % from metal goods (25), as much as size suggests: 0.20 / 0.25.
GOOD = "".join(lines(s25b30=(0.20, 0.01, 1.0))).encode()


@pytest.fixture
def load(app, tmp_path):
    """Run the command on a file with that content."""

    def run(data):
        path = tmp_path / "io_links.csv"
        path.write_bytes(data)
        return app.test_cli_runner().invoke(args=["taxonomy", "load-io", str(path)])

    return run


@pytest.fixture
def prior(app):
    """What the score takes of the statistic for vehicles, as the database has it now."""

    def read():
        with app.extensions["database"].session(reading=True) as session:
            return partners.prior(session, ("11", "303"))

    return read


def count(app):
    return one(app, select(func.count()).select_from(IndustryFlow))


@pytest.mark.parametrize("mark", [b"", "\ufeff".encode()])
def test_a_good_file_is_loaded_with_or_without_a_byte_order_mark(app, load, prior, mark):
    assert prior() is None
    done = load(mark + GOOD)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", f"{PAIRS} flows loaded\n")
    assert (count(app), prior()) == (PAIRS, {"25": 0.8})


def test_loading_twice_is_loading_once_and_a_later_file_replaces_the_first(app, load, prior):
    assert [load(GOOD).exit_code, load(GOOD).exit_code] == [0, 0]
    assert (count(app), prior()) == (PAIRS, {"25": 0.8})
    assert load("".join(lines(s24b30=(0.25, 0.01, 1.0))).encode()).exit_code == 0
    assert (count(app), prior()) == (PAIRS, {"24": 1.0})


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "line 1: column supplier is missing"),
        (GOOD.replace(b"lift", b"other", 1), "line 1: column lift is missing"),
        (b"".join(GOOD.splitlines(keepends=True)[:-1]), "34 to 34 is missing"),
        # cut off in the middle of its last line: after the buyer, and before it
        (GOOD[: GOOD.rindex(b",", 0, GOOD.rindex(b",100"))], f"line {PAIRS + 1}: buyer_ko is missing"),
        (GOOD[: GOOD.rindex("업종".encode())], f"line {PAIRS + 1}: domestic_mkrw is missing"),
        (GOOD + b"10," + b"x" * 200_000 + b",10", f"line {PAIRS + 2}: field larger than field limit"),
        (b"x" * 200_000, "line 1: field larger than field limit"),
        (GOOD.replace(b"0.2,0.01,1.0", b"0.2,many,1.0"), "sales_share is 'many'"),
        (GOOD + GOOD.splitlines(keepends=True)[1], "stands twice"),
        (GOOD.decode().encode("cp949"), "codec can't decode"),
        (b"PK\x03\x04\x00\xff", "codec can't decode"),
    ],
)
def test_a_file_of_another_form_ends_with_2_and_changes_nothing(app, load, prior, data, words):
    load(GOOD)
    done = load(data)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "io_links.csv: " in done.stderr
    assert words in done.stderr
    assert (count(app), prior()) == (PAIRS, {"25": 0.8})


def test_a_file_that_is_not_there_or_is_a_folder_ends_with_2(app, tmp_path):
    for path, words in (("nowhere.csv", "does not exist"), (str(tmp_path), "is a directory")):
        done = app.test_cli_runner().invoke(args=["taxonomy", "load-io", path])
        assert done.exit_code == 2
        assert words in done.stderr
    assert count(app) == 0
