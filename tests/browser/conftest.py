"""Chromium, and servers as people run them: one with the demo country, one with an empty store and few people."""

import contextlib
import re
import shutil

import pytest
from playwright.sync_api import sync_playwright

from marketplace.extensions import Database
from marketplace.operations import migrate
from tests import live
from tests.browser import looking, world, world_bundles, world_people

DEMO_HOUSE, DEMO_PASSWORD = "demo.example", "ieum-demo"


class Site:
    """A running server: its address, and a browser state for each person who has signed in."""

    def __init__(self, chromium, address, house, password, paths):
        self.chromium, self.address, self.house, self.password = chromium, address, house, password
        self.paths, self._states, self._kept, self.links_tried = paths, {"": None}, {}, set()

    def context(self, who="", theme="light", locale="ko", **kwargs):
        """A fresh browser of that person."""
        context = self.chromium.new_context(
            base_url=self.address, storage_state=self._state(who), locale="ko-KR", **kwargs
        )
        self._choose(context, theme=theme, locale=locale)
        context.add_init_script(looking.NOTE_VIOLATIONS)
        return context

    @contextlib.contextmanager
    def visit(self, who="", locale="ko", status=200):
        """A page of that person, in the light theme, and what it complains about: (page, watch).

        The browser is one for all screens of a language, as fonts and style sheets are fetched only once then. Of an
        earlier screen nothing else is left: the page is empty, and of cookies there are this person's only.
        """
        state = self._state(who)  # asked for first: signing in needs a browser of its own
        if locale not in self._kept:
            self._kept[locale] = self.context(locale=locale, viewport=looking.WIDE).new_page()
        page = self._kept[locale]
        page.goto("about:blank")
        page.set_viewport_size(looking.WIDE)
        page.context.clear_cookies()
        page.context.add_cookies(state["cookies"] if state else [])
        self._choose(page.context, theme="light", locale=locale)
        watch = looking.Watch(page, status)
        try:
            yield page, watch
        finally:
            watch.end()
            page.unroute_all()

    def _choose(self, context, **cookies):
        context.add_cookies([{"name": k, "value": v, "url": self.address} for k, v in cookies.items()])

    def _state(self, who):
        if who not in self._states:
            self._states[who] = self._signed_in(who)
        return self._states[who]

    def _signed_in(self, who):
        context = self.chromium.new_context(base_url=self.address, locale="ko-KR")
        page = context.new_page()
        newcomer = who == "newcomer"
        page.goto("/sign-up" if newcomer else "/sign-in")
        if newcomer:
            page.get_by_label("이름").fill("새 사람")
        page.get_by_label("이메일").fill(f"{who}@{self.house}")
        # Nobody may choose the demo's password: it is too easily guessed.
        page.get_by_label("비밀번호").fill(world.PASSWORD if newcomer else self.password)
        page.locator("main form.panel button").click()
        page.wait_for_url(re.compile(r"/(organization/new|sign-in/second.*)?$"))
        if self.house == world.HOUSE:
            world_people.arrive(who, page)
        state = context.storage_state()
        context.close()
        return state


@pytest.fixture(scope="session")
def chromium():
    """The system's Chromium, without a window; the edition made for that, if there is one, takes a fifth less CPU."""
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


def settings_in(folder):
    """Settings of a server whose data live in that folder."""
    return {
        "DATABASE_URL": f"sqlite:///{folder / 'browser.db'}",
        "FILES_URL": f"file:{folder / 'files'}",
        "MAIL_URL": f"file:{folder / 'mail'}",
        "SEARCH_FOLDER": str(folder / "search"),
        "SECRET_KEY": "a key for tests only, long enough to sign with",
        "IEUM_TEST": "1",
    }


@pytest.fixture(scope="session")
def demo(chromium, tmp_path_factory):
    """The product with the demo country."""
    with live.serving(settings_in(tmp_path_factory.mktemp("demo")), demo=True) as address:
        yield Site(chromium, address, DEMO_HOUSE, DEMO_PASSWORD, {})


@pytest.fixture(scope="session")
def quiet(chromium, tmp_path_factory):
    """The product with an empty store and the people of `tests.browser.world`."""
    folder = tmp_path_factory.mktemp("quiet")
    settings = settings_in(folder)
    database = Database(settings["DATABASE_URL"])
    migrate.upgrade(database)
    database.engine.dispose()
    paths = world.make(settings, folder / "files")
    with live.serving(settings) as address:
        yield Site(chromium, address, world.HOUSE, world.PASSWORD, paths)


@pytest.fixture(scope="session")
def bundled(chromium, tmp_path_factory):
    """The product with the bundles of `tests.browser.world_bundles`."""
    folder = tmp_path_factory.mktemp("bundled")
    settings = settings_in(folder)
    database = Database(settings["DATABASE_URL"])
    migrate.upgrade(database)
    database.engine.dispose()
    paths = world_bundles.make(settings, folder / "files")
    with live.serving(settings) as address:
        yield Site(chromium, address, world_bundles.HOUSE, world_bundles.PASSWORD, paths)
