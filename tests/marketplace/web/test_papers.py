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
        ("역량", "22", "0.9333", "20"),
        ("수준과 상승 폭", "18", "1.0000", "18"),
        ("업종", "12", "0.8000", "10"),
        ("공급망", "10", "0.4667", "5"),
        ("연동", "10", "0.5000", "5"),
        ("근거 강도", "12", "0.5531", "7"),
        ("예산 대비 목록가", "10", "0.7500", "7"),
        ("지역·납기", "4", "0.8750", "3"),
        ("공급 여력", "2", "0.0000", "0"),
        ("적합도", "100", "75.44", "75"),
    ]
    assert "떼어 둔 수요" in page
    assert re.search(r'적합도</th><td class="n">0\.770</td><td class="n">0\.885', page)


def test_the_search_page_names_every_order_and_band(app):
    page = text_of(app.test_client().get("/docs/search"))
    for words in ("추천 순", "이름 순", "솔루션 유형", "1억 원 넘음", "90일 뒤", "26.4"):
        assert words in page, words
