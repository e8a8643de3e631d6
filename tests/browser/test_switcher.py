"""The switcher in a real browser: it asks how much waits at each place when it is opened, and changes the place."""

import pytest
from playwright.sync_api import expect

from tests.browser import looking

pytestmark = pytest.mark.browser
PLACES = 3


@pytest.mark.parametrize(
    ("width", "opener"), [(looking.DESK, ".switch > summary"), (looking.PHONE, ".menu > summary")]
)
def test_each_place_says_what_waits_there_and_leads_there(quiet, width, opener):
    with quiet.visit("double") as (page, watch):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/")
        page.locator(opener).click()
        places = page.locator(".switch__list:visible li")
        expect(places).to_have_count(PLACES)
        for place in places.all():
            expect(place.locator(".num")).to_contain_text("할 일")
        before = page.locator(".switch__now:visible small").inner_text()
        there = page.locator(".switch__other:visible").first.locator("small").inner_text()
        for words in (there, before):
            page.locator(".switch__other:visible", has_text=words).first.click()
            expect(page.locator("#notices")).to_contain_text("일하는 곳을 바꿨어요")
            page.locator(opener).click()
            expect(page.locator(".switch__now:visible small")).to_have_text(words)
        assert watch.said == []
