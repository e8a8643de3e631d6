"""The public papers say what the code computes."""

import re

from matching.scoring import weights
from tests.marketplace.web.looking import text_of


def test_the_fit_score_page_has_the_weights_and_the_worked_example(app):
    page = text_of(app.test_client().get("/docs/fit-score"))
    edition = weights.BUILT_IN
    table = page.split("무엇을 보나요")[1].split("</table>")[0]
    listed = [int(n) for n in re.findall(r'<td class="n">(\d+)', table)]
    assert sorted(listed) == sorted(edition.axis.values())
    assert table.count("쓰지 않음") == len(edition.not_in_use)
    example = page.split("계산해 보기")[1]
    rows = re.findall(
        r'<th scope="row">([^<]+)</th><td class="n">(\d+)</td><td class="n">([\d.]+)</td><td class="n">(\d+)',
        example,
    )
    # the numbers of docs/fit-score.md
    assert rows == [
        ("역량", "22", "0.9333", "23"),
        ("수준과 상승 폭", "18", "1.0000", "20"),
        ("업종", "12", "0.8000", "11"),
        ("연동", "10", "0.5000", "6"),
        ("근거 강도", "12", "0.5531", "8"),
        ("예산 대비 목록가", "10", "0.7500", "8"),
        ("지역·납기", "4", "0.8750", "4"),
        ("적합도", "88", "80.42", "80"),
    ]


def test_the_search_page_names_every_order_and_band(app):
    page = text_of(app.test_client().get("/docs/search"))
    for words in ("추천 순", "이름 순", "솔루션 유형", "1억 원 넘음", "90일 뒤", "26.4"):
        assert words in page, words
