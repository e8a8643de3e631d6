"""Side by side: differences or everything, up to four, by address; what the address may get wrong."""

import re
import uuid

import pytest

from marketplace import extensions
from tests import factories
from tests.marketplace.people import person
from tests.marketplace.web import lists
from tests.marketplace.web.looking import counted, text_of


@pytest.fixture(autouse=True)
def on_the_day_of_the_factories(monkeypatch):
    monkeypatch.setattr(extensions, "now", lambda: factories.NOW)


@pytest.fixture
def maker(app):
    return person(app, "manufacturer")


@pytest.fixture
def path(app, maker):
    """A ranked demand over the usual store."""
    lists.usual(app)
    return lists.stated(app, maker)


def compared(app, maker, path, *titles, more=""):
    """The page with those side by side."""
    asked = "&".join(f"compare={lists.listing(app, title)}" for title in titles)
    return text_of(maker.client.get(f"{path}/matches?{asked}{more}"))


def table_of(page):
    return page[
        page.index('<table class="compare">') : page.index("</table>", page.index('<table class="compare">'))
    ]


def rows_of(page):
    """Name of a row → its cells' text."""
    found = {}
    for row in re.findall(r'<tr><th scope="row">(.*?)</tr>', table_of(page), re.DOTALL):
        name, _, rest = row.partition("</th>")
        found[name] = [
            re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", rest, re.DOTALL)
        ]
    return found


def test_two_stand_side_by_side_with_what_differs_only(app, maker, path):
    page = compared(app, maker, path, "꼭 맞는 비전", "비싼 비전")
    rows = rows_of(page)
    assert rows["첫해 목록가(부가세 빼고)"] == ["3,000만 원가장 좋음", "7,000만 원확인 필요"]
    assert "도입 기간" not in rows
    assert table_of(page).index("꼭 맞는 비전") < table_of(page).index("비싼 비전")
    assert page.index('id="compare"') < page.index('id="out-h"')


def test_everything_shows_what_is_alike_too(app, maker, path):
    rows = rows_of(compared(app, maker, path, "꼭 맞는 비전", "비싼 비전", more="&all=1"))
    assert rows["도입 기간"] == ["6주", "6주"]
    assert rows["핵심 지표"] == ["용접 불량률 3.1% → 0.9% (−71%)"] * 2


def test_the_points_are_those_of_the_cards(app, maker, path):
    page = compared(app, maker, path, "꼭 맞는 비전", "무난한 비전")
    for title, cell in zip(("꼭 맞는 비전", "무난한 비전"), rows_of(page)["적합도"], strict=True):
        card = re.search(
            rf'<li class="card rank[^>]*>(?:(?!</li>\n).)*?>{title}</a>.*?score__n">(\d+)<', page, re.DOTALL
        )
        assert cell.startswith(f"{card.group(1)}점")


def test_one_alone_is_told_to_choose_another(app, maker, path):
    page = compared(app, maker, path, "꼭 맞는 비전")
    assert '<table class="compare">' not in page
    assert "견줄 솔루션을 하나 더 골라 주세요." in page
    assert re.search(rf'value="{lists.listing(app, "꼭 맞는 비전")}" form="compare-form" checked', page)


def test_ids_that_are_not_on_the_list_are_left_out_with_words(app, maker, path):
    for strange in ("none", str(uuid.uuid4()), lists.listing(app, "너무 비싼 비전"), "%00"):
        page = compared(app, maker, path, "꼭 맞는 비전", "비싼 비전", more=f"&compare={strange}")
        assert "이 목록에 없는 솔루션은 빼고 견줘요." in page
        assert len(re.findall(r'<th scope="col">', table_of(page))) == 3


def test_the_fifth_is_refused_with_words(app, maker, path):
    ids = "".join(f"&compare={uuid.uuid4()}" for _ in range(3))
    page = compared(app, maker, path, "꼭 맞는 비전", "비싼 비전", more=ids)
    assert "한 번에 4개까지 견줄 수 있어서 앞의 4개만 보여드려요." in page


def test_listings_that_do_not_differ_say_so(app, maker, path):
    lists.publish(app, ("쌍둥이 하나", {}), ("쌍둥이 둘", {}))
    other = lists.stated(app, maker, title="다른 수요")
    page = compared(app, maker, other, "쌍둥이 하나", "쌍둥이 둘")
    assert "견준 항목이 모두 같아요" in page


def test_the_page_needs_few_statements(app, maker, path):
    ids = "&".join(f"compare={lists.listing(app, title)}" for title in ("꼭 맞는 비전", "비싼 비전"))
    with counted(app) as sent:
        assert maker.client.get(f"{path}/matches?{ids}").status_code == 200
    assert len(sent) <= 12, sent
