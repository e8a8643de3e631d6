"""Completion in a real browser: typing by first consonants offers whole names, each a link that searches."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import looking

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [looking.DESK, looking.PHONE])
def test_first_consonants_offer_names_and_a_name_searches(quiet, width):
    with quiet.visit() as (page, watch):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/solutions")
        page.locator("#q").press_sequentially("ㅇㅈㅂㅈ")
        offered = page.locator("#completions a")
        expect(offered.first).to_have_text(re.compile("예지보전"))
        for theme in ("light", "dark"):
            looking.set_theme(page, theme)
            assert looking.violations(page) == []
        assert not looking.sideways(page, width)
        offered.first.click()
        expect(page.locator("#q")).to_have_value(re.compile("예지보전"))
        assert watch.said == []
