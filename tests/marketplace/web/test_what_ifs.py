"""What-ifs on the list's page: other weights, budgets, musts; never the demand's own list; bad input at its field."""

import re

import pytest
from sqlalchemy import func, select

from marketplace import extensions
from marketplace.audit import AuditEntry
from matching.models import Demand, MatchList, WhatIf
from matching.scoring.weights import BUILT_IN
from tests import factories
from tests.marketplace.people import person
from tests.marketplace.web import lists
from tests.marketplace.web.looking import counted, form_word, one, rows, text_of

WEIGHTS = {f"weights/{axis}": str(weight) for axis, weight in BUILT_IN.axis.items()}


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


def tried(maker, path, **fields):
    """Send the form; answers the page that it leads to."""
    answer = maker.post(f"{path}/matches/what-if", {name.replace("__", "/"): v for name, v in fields.items()})
    assert answer.status_code == 303, text_of(answer)
    return maker.client.get(answer.location)


def test_other_weights_make_a_list_of_their_own_and_say_so(app, maker, path):
    page = text_of(tried(maker, path, weights__price="80", weights__evidence="20"))
    assert "내가 바꾼 가중치로 본 목록" in page
    assert 'name="weights/price" value="80"' in page
    assert "공개 가중치로 되돌리기" in page
    own = text_of(maker.client.get(path + "/matches"))
    assert "내가 바꾼 가중치로 본 목록" not in own
    assert f'name="weights/price" value="{BUILT_IN.axis["price"]}"' in own
    assert one(app, select(func.count()).select_from(WhatIf)) == 1
    assert rows(app, select(AuditEntry.object_type).where(AuditEntry.act == "demand.what_if")) == [
        "MatchList"
    ]


def test_weights_are_brought_to_a_hundred(maker, path):
    page = text_of(tried(maker, path, weights__price="1", weights__evidence="1"))
    assert 'name="weights/price" value="50"' in page
    table = page[page.index('<table class="weights-table">') : page.index("</table>")]
    assert re.search(r"<tfoot>.*?<td>100</td>", table, re.DOTALL)


@pytest.mark.parametrize(
    ("fields", "at", "words"),
    [
        ({"weights/price": "-5"}, "weights-price", "0에서 100 사이로 적어 주세요."),
        ({"weights/price": "많이"}, "weights-price", "정수로 적어 주세요."),
        ({"weights/price": "101"}, "weights-price", "0에서 100 사이로 적어 주세요."),
        ({"weights/price": "1.5"}, "weights-price", ""),
        (
            dict.fromkeys(WEIGHTS, "0"),
            "weights",
            "가중치가 모두 0이면 비교할 수 없어요. 하나라도 1 이상으로 적어 주세요.",
        ),
    ],
)
def test_weights_that_do_not_fit_are_said_at_their_field_and_nothing_is_lost(
    app, maker, path, fields, at, words
):
    answer = maker.post(f"{path}/matches/what-if", {**WEIGHTS, "weights/evidence": "37", **fields})
    page = text_of(answer)
    assert answer.status_code == 422
    assert f'id="f-{at}-error"' in page
    assert words in page[page.index(f'id="f-{at}-error"') :]
    for name, value in {**WEIGHTS, "weights/evidence": "37", **fields}.items():
        assert f'name="{name}" value="{value}"' in page
    assert one(app, select(func.count()).select_from(MatchList)) == 1


def test_nothing_changed_is_no_what_if(app, maker, path):
    answer = maker.post(f"{path}/matches/what-if", {})
    assert answer.status_code == 422
    assert "바꾼 것이 없어요." in text_of(answer)
    assert one(app, select(func.count()).select_from(MatchList)) == 1


def test_the_budget_of_the_button_brings_as_many_as_it_says(app, maker, path):
    page = text_of(maker.client.get(path + "/matches"))
    assert "예산을 3,000만 원 늘리면 1개가 들어와요." in page
    assert "필수 조건을 모두 채운 <b>3개</b>" in page
    amount = re.search(r'name="budget_amount" value="(\d+)"', page).group(1)
    assert amount == "80000000"
    found = text_of(tried(maker, path, budget_amount=amount))
    assert "예산을 8,000만 원까지 잡고 본 목록" in found
    assert "필수 조건을 모두 채운 <b>4개</b>" in found
    assert one(app, select(Demand.budget_amount)) == 50_000_000
    assert "<b>3개</b>" in text_of(maker.client.get(path + "/matches"))


def test_a_must_of_the_button_brings_as_many_as_it_says(app, maker, path):
    page = text_of(maker.client.get(path + "/matches"))
    assert "조건을 있으면 좋음으로 바꾸면 1개가 들어와요." in page
    found = text_of(tried(maker, path, nice="ai_vision"))
    assert "조건을 있으면 좋음으로 풀고 본 목록" in found
    assert "필수 조건을 모두 채운 <b>4개</b>" in found


def test_one_change_keeps_the_other(maker, path):
    page = text_of(tried(maker, path, budget_amount="80000000", policy="off"))
    form = page[page.index('id="weights"') : page.index("</form>", page.index('id="weights"'))]
    assert 'name="budget_amount" value="80000000"' in form
    assert re.search(r'name="policy" value="off" checked|value="off" checked', form)
    assert "정책 가점을 빼고 본 목록" in page


def test_the_line_that_says_what_would_flip_the_first_place_leads_to_that_list(maker, path):
    page = text_of(maker.client.get(path + "/matches"))
    block = page[page.index('class="rank__flip"') : page.index("</form>", page.index('class="rank__flip"'))]
    name = re.search(r"‘([^’]+)’ 솔루션이 1위가 돼요", block).group(1)
    weights = dict(re.findall(r'name="(weights/\w+)" value="(\d+)"', block))
    answer = maker.post(f"{path}/matches/what-if", weights)
    found = text_of(maker.client.get(answer.location))
    card = found[found.index('id="rank-1"') : found.index('id="rank-2"')]
    assert name in card


def test_the_order_without_the_policy_term_is_one_click_away(maker, path):
    page = text_of(maker.client.get(path + "/matches?policy=off"))
    assert "정책 가점을 뺀 순서예요. 점수는 그대로예요." in page
    assert re.findall(r'id="rank-(\d+)"', page) == ["1", "2", "3"]
    assert "정책 가점을 뺀 순서예요." not in text_of(maker.client.get(path + "/matches"))


def test_a_what_if_sent_twice_is_made_once(app, maker, path):
    word = form_word(maker.client.get(path + "/matches"))
    places = [
        maker.post(f"{path}/matches/what-if", {"policy": "off", "form_id": word}).location for _ in range(2)
    ]
    assert places[0] == places[1]
    assert one(app, select(func.count()).select_from(WhatIf)) == 1


def test_a_list_of_another_demand_or_of_nobody_is_not_there(app, maker, path):
    foreign = person(app, "manufacturer")
    lists.stated(app, foreign)
    other = lists.newest(app)
    assert maker.client.get(f"{path}/matches?list={other}").status_code == 404
    assert foreign.client.get(f"{path}/matches").status_code == 404
    assert foreign.post(f"{path}/matches/what-if", {"policy": "off"}).status_code == 404
    page = maker.client.get(f"{path}/matches?list=none")
    assert page.status_code == 200
    assert "모르는 조건은 빼고 보여드려요." in text_of(page)


def test_the_page_of_a_what_if_needs_few_statements(app, maker, path):
    answer = maker.post(f"{path}/matches/what-if", {"policy": "off"})
    with counted(app) as sent:
        assert maker.client.get(answer.location).status_code == 200
    assert len(sent) <= 12, sent


def test_our_own_gaps_are_named_with_where_to_fill_them(app, maker):
    lists.usual(app)
    path = lists.stated(app, maker, budget_amount=None)
    page = text_of(maker.client.get(path + "/matches"))
    part = page[page.index('id="open-h"') : page.index('id="rank"')]
    assert f'href="{path}"' in part
    assert "근거" not in part
    assert "기업 수준 2 · 근거: 기업이 적은 값" in page
