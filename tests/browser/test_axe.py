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

#: Language → the themes in which axe looks at the screen, and the widths.
LOOKS = {
    "ko": (("light", "dark"), (looking.PHONE, looking.DESK)),
    "en": (("light",), (looking.PHONE,)),
}
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
#: What a page says anew each time (marks of forms; numbers: times, counts), and what says the theme.
PASSING = re.compile(
    r' data-theme="\w+"|(?<=name="theme" )value="\w+"|name="(csrf_token|form_id)" value="[^"]*"|\d+'
)
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
    for locale in LOOKS:
        with site.visit(screen.who, locale, screen.status) as (page, watch):
            _open(page, site, screen)
            faults += [f"{locale} {what}" for what in _faults(page, watch, locale)]
            if locale == "ko":
                faults += _changed_by_theme(page) if not screen.form else []
                faults += _dead_links(site, page, screen.who)
    assert faults == []


@pytest.mark.parametrize(("status", "code"), REFUSALS.items())
def test_the_page_of_a_refusal_is_sound(app, quiet, status, code):
    """Those that no screen can bring about: drawn by the product's own function, shown under the server's policy."""
    faults = []
    for locale in LOOKS:
        with app.test_request_context("/sign-up", headers={"Cookie": f"theme=light; locale={locale}"}):
            body = errors.answer(status, code, params={"minutes": 7}).get_data(as_text=True)
        with quiet.visit("", locale, status) as (page, watch):
            page.route("**/sign-up", partial(_answering, status, body))
            page.goto("/sign-up")
            assert str(status) in page.locator("main").inner_text()
            faults += [f"{locale} {what}" for what in _faults(page, watch, locale)]
    assert faults == []


def _answering(status, body, route):
    headers = {"Content-Security-Policy": security.CONTENT_SECURITY_POLICY}
    route.fulfill(status=status, body=body, headers=headers, content_type="text/html; charset=utf-8")


def _faults(page, watch, locale):
    """What is wrong with the page as it stands, and with every disclosure open, in every look of that language."""
    themes, axe_widths = LOOKS[locale]
    found = []
    for theme in reversed(themes):
        looking.set_theme(page, theme)
        found += looking.frame_faults(page)
    # A theme changes colours only, so widths are tried in one.
    for width in sorted((*looking.WIDTHS, *looking.LAPTOPS), reverse=True):
        found += looking.sideways(page, width)
    page.evaluate(looking.OPEN_DETAILS)
    for width in looking.WIDTHS:
        found += looking.sideways(page, width)
        for theme in themes if width in axe_widths else ():
            looking.set_theme(page, theme)
            found += [f"{width} {theme} {what}" for what in looking.violations(page)]
        looking.set_theme(page, themes[0])
    return dict.fromkeys(found + looking.refusals(page) + watch.said)


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
        if box.first.get_attribute("type") == "checkbox":
            box.check()
        elif isinstance(typed, bytes):
            box.set_input_files({"name": "picture.png", "mimeType": "image/png", "buffer": typed})
        else:
            box.fill(typed)
    with page.expect_navigation() as sent:
        form.evaluate("form => form.requestSubmit()")
    # A page that watches a run is drawn anew once it has ended, and that must not be while it is looked at.
    page.locator("[hx-trigger^='every']").wait_for(state="detached", timeout=60_000)
    page.wait_for_load_state()
    return sent.value


def _changed_by_theme(page):
    """What the server draws otherwise for the dark theme, apart from the theme's name and the switch's aim.

    The screen is seen dark by the page's own switch; this is why nothing is missed by not loading it again.
    """
    light, dark = _drawn(page, "light"), _drawn(page, "dark")
    if light == dark:
        return []
    again = _drawn(
        page, "light"
    )  # a minute may have passed between the two: "just now" has become "a minute ago"
    odd = (dark - light - again) | ((light & again) - dark)
    return [f"only in one theme: {line.strip()[:200]}" for line in sorted(odd)]


def _drawn(page, theme):
    """The lines of the page as the server draws it for a theme."""
    page.context.add_cookies([{"name": "theme", "value": theme, "url": page.url}])
    text = page.context.request.get(page.url).text()
    page.context.add_cookies([{"name": "theme", "value": "light", "url": page.url}])
    return set(PASSING.sub("", text).splitlines())


def _dead_links(site, page, who):
    """Links of the page that lead nowhere; of links alike but for ids and query, one is tried for each person."""
    dead = []
    for href in page.eval_on_selector_all("a[href^='/']", "links => links.map(a => a.getAttribute('href'))"):
        kind = (who, UUID.sub("…", urlsplit(href).path), urlsplit(href).fragment)
        if kind in site.links_tried:
            continue
        site.links_tried.add(kind)
        answer = page.context.request.get(href)
        fragment = urlsplit(href).fragment
        if answer.status >= 400 or (fragment and f'id="{fragment}"' not in answer.text()):
            dead.append(f"{href} → {answer.status}")
    return dead
