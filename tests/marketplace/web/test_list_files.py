"""The list as a file and on paper: the same figures as the page and the API, row for row; cells are no formulas."""

import csv
import io
import re

import pytest

from marketplace import extensions
from matching.scoring.weights import AXES
from tests import factories
from tests.marketplace.people import person
from tests.marketplace.web import lists
from tests.marketplace.web.looking import text_of


@pytest.fixture(autouse=True)
def on_the_day_of_the_factories(monkeypatch):
    monkeypatch.setattr(extensions, "now", lambda: factories.NOW)


@pytest.fixture
def maker(app):
    return person(app, "manufacturer")


@pytest.fixture
def path(app, maker):
    lists.usual(app)
    lists.publish(app, ('=HYPERLINK("http://a.example")', {}), ("+1", {}), ("@x", {}))
    return lists.stated(app, maker)


def rows_of(answer):
    """The file's rows, by the header's words."""
    assert answer.content_type == "text/csv; charset=utf-8"
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_page_file_paper_and_api_agree_for_every_row(app, maker, path):
    page = text_of(maker.client.get(path + "/matches"))
    paper = text_of(maker.client.get(path + "/matches/print"))
    rows = rows_of(maker.client.get(path + "/matches.csv"))
    api = maker.api("GET", f"/match-lists/{lists.newest(app)}").get_json()
    ranked = [row for row in rows if row["순위"]]
    assert len(ranked) == len(api["items"]) == 6
    for row, item in zip(ranked, api["items"], strict=True):
        assert (int(row["순위"]), row["솔루션 번호"]) == (item["rank"], item["listing"])
        assert row["솔루션"].removeprefix("'") == item["title"]
        assert float(row["적합도"]) == item["score"]
        card = page[page.index(f'id="rank-{item["rank"]}"') :].split("</li>\n<li", 1)[0]
        shown = int(re.search(r'score__n">(\d+)<', card).group(1))
        assert shown == int(item["score"] + 0.5)
        assert item["listing"] in card
        line = re.search(
            rf'<tr><td class="num">[^<]*<span class="vlab">순위</span>{item["rank"]}</td>.*?</tr>', paper
        )
        assert line, item["rank"]
        assert f"<b>{shown}</b>" in line.group(0)
        assert item["listing"] in line.group(0)
        points = [row[name] for name in list(row)[4 : 4 + len(AXES)]]
        assert sum(int(word) for word in points if word.isdecimal()) == shown
    left = [row for row in rows if not row["순위"]]
    assert [row["솔루션 번호"] for row in left] == [row["listing"] for row in api["excluded"]]
    for row, item in zip(left, api["excluded"], strict=True):
        assert item["text"] in row["제외한 이유"]


def test_no_cell_can_act_as_a_formula(maker, path):
    text = maker.client.get(path + "/matches.csv").get_data().decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))] == []


def test_a_what_if_has_files_of_its_own(app, maker, path):
    tried = maker.post(f"{path}/matches/what-if", {"budget_amount": "90000000"}).location
    name = tried.partition("?")[2]
    assert len([row for row in rows_of(maker.client.get(f"{path}/matches.csv?{name}")) if row["순위"]]) == 7
    assert "예산을 9,000만 원까지 잡고 본 목록" in text_of(maker.client.get(f"{path}/matches/print?{name}"))


def test_a_stranger_gets_no_file(app, maker, path):
    stranger = person(app, "manufacturer")
    for kind in ("matches.csv", "matches/print"):
        assert stranger.client.get(f"{path}/{kind}").status_code == 404
