"""Every screen in Chromium: no axe violation in either theme, at 1440 and 390 px, with every disclosure open; a clean
console, no sideways scroll at 320 px either, one heading, one primary button, no link that leads nowhere."""

import re
from functools import partial
from urllib.parse import urlsplit

import pytest

from marketplace import create_app, errors, security
from tests.browser import looking
from tests.browser.screens import NO_PAGE, SCREENS

pytestmark = pytest.mark.browser

THEMES = (("light", "ko"), ("dark", "ko"), ("light", "en"))
AXE_WIDTHS = (1440, 390)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
#: Status → code of `marketplace.errors.answer`.
REFUSALS = {
    400: "csrf",
    401: "sign_in_needed",
    405: "http_405",
    409: "already_exists",
    413: "http_413",
    422: "invalid",
    429: "retry_later",
    500: "http_500",
    503: "unavailable",
}
PAGE = {"width": 1440, "height": looking.HEIGHT}


def test_every_page_is_looked_at():
    rules = create_app({"SECRET_KEY": "only to read the map"}).url_map.iter_rules()
    pages = {
        rule.endpoint for rule in rules if "GET" in rule.methods and not rule.rule.startswith("/api/v1/")
    }
    assert pages - set(NO_PAGE) == {screen.endpoint for screen in SCREENS}


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_screen_is_sound(screen, request):
    site = request.getfixturevalue(screen.server)
    faults = []
    for theme, locale in THEMES:
        context = site.context(screen.who, theme, locale, viewport=PAGE)
        page = context.new_page()
        watch = looking.Watch(page, screen.status)
        _open(page, site, screen)
        faults += [f"{theme} {locale}: {what}" for what in _faults(page, watch, theme, locale)]
        if (theme, locale) == THEMES[0]:
            faults += _dead_links(site, context, page, screen.who)
        context.close()
    assert faults == []


@pytest.mark.parametrize(("status", "code"), REFUSALS.items())
def test_the_page_of_a_refusal_is_sound(app, quiet, status, code):
    """Those that no screen can bring about: drawn by the product's own function, shown under the server's policy."""
    faults = []
    for theme, locale in THEMES:
        cookies = {"Cookie": f"theme={theme}; locale={locale}"}
        with app.test_request_context("/sign-up", headers=cookies):
            body = errors.answer(status, code, params={"minutes": 7}).get_data(as_text=True)
        context = quiet.context("", theme, locale, viewport=PAGE)
        page = context.new_page()
        watch = looking.Watch(page, status)
        page.route("**/sign-up", partial(_answering, status, body))
        page.goto("/sign-up")
        assert str(status) in page.locator("main").inner_text()
        faults += [f"{theme} {locale}: {what}" for what in _faults(page, watch, theme, locale)]
        context.close()
    assert faults == []


def _answering(status, body, route):
    headers = {"Content-Security-Policy": security.CONTENT_SECURITY_POLICY}
    route.fulfill(status=status, body=body, headers=headers, content_type="text/html; charset=utf-8")


def _faults(page, watch, theme, locale):
    """What is wrong with the page as it stands, and with every disclosure open."""
    found = looking.frame_faults(page) + watch.said
    found += looking.sideways(page) if theme == "light" else []  # a theme changes colours only
    page.evaluate(looking.OPEN_DETAILS)
    found += looking.sideways(page) if theme == "light" else []
    for width in AXE_WIDTHS if locale == "ko" else AXE_WIDTHS[1:]:
        page.set_viewport_size({"width": width, "height": looking.HEIGHT})
        found += [f"{width} {what}" for what in looking.violations(page)]
    return dict.fromkeys(found)


def _open(page, site, screen):
    path = screen.at
    if path.startswith("@"):
        name, slash, rest = path[1:].partition("/")
        path = site.paths[name] + slash + rest
    answer = page.goto(path)
    for link in screen.links:
        answer = page.goto(
            page.locator(link).first.get_attribute("href") + screen.tail * (link == screen.links[-1])
        )
    if screen.form:
        answer = _send(page, screen)
    assert answer.status == screen.status, page.url


def _send(page, screen):
    form = page.locator(screen.form).first
    form.evaluate("form => form.closest('details')?.setAttribute('open', '')")
    for name, typed in screen.typed.items():
        box = form.locator(f"[name='{name}']")
        if isinstance(typed, bytes):
            box.set_input_files({"name": "picture.png", "mimeType": "image/png", "buffer": typed})
        else:
            box.fill(typed)
    with page.expect_navigation() as sent:
        form.evaluate("form => form.requestSubmit()")
    return sent.value


def _dead_links(site, context, page, who):
    """Links of the page that lead nowhere; of links alike but for ids and query, one is tried for each person."""
    dead = []
    for href in page.eval_on_selector_all("a[href^='/']", "links => links.map(a => a.getAttribute('href'))"):
        kind = (who, UUID.sub("…", urlsplit(href).path), urlsplit(href).fragment)
        if kind in site.links_tried:
            continue
        site.links_tried.add(kind)
        answer = context.request.get(href)
        fragment = urlsplit(href).fragment
        if answer.status >= 400 or (fragment and f'id="{fragment}"' not in answer.text()):
            dead.append(f"{href} → {answer.status}")
    return dead
