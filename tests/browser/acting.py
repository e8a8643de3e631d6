"""What people do on the pages, with and without JavaScript, on wide and on narrow screens: follow, fill in, press."""

import os
import re
import subprocess
import sys

from playwright.sync_api import expect

from marketplace import config

PASSWORD = "a long pass phrase"
#: The pages fold their menu below this width.
NARROW = 1000
CLOSED = "xpath=ancestor::details[not(@open)][last()]/summary"


def operators_link(settings, address, email):
    """Run `flask init-operator`; answers the one-time link that it prints."""
    command = [sys.executable, "-m", "flask", "init-operator", email]
    environment = {**os.environ, **settings, "SITE_URL": address, "IEUM_DEMO": "0"}
    done = subprocess.run(
        command, cwd=config.ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout.strip().splitlines()[-1]


def is_narrow(page):
    """Whether menu and filters are folded."""
    return page.viewport_size["width"] < NARROW


def reveal(control):
    """Open the closed disclosures around a control, the outer ones first, as a person would."""
    while (closed := control.locator(CLOSED)).count():
        closed.click()


def fill(form, typed):
    """Fill in a form: field name → text, chosen value, list of values to tick, or a file as a dict."""
    for name, value in typed.items():
        field = form.locator(f"[name='{name}']")
        reveal(field.first)
        if isinstance(value, dict):
            field.set_input_files(value)
        elif field.first.get_attribute("type") in ("checkbox", "radio"):
            _tick(form, name, value if isinstance(value, list) else [value])
        elif form.locator(f"select[name='{name}']").count():
            field.select_option(str(value))
        else:
            field.fill(str(value))


def _tick(form, name, values):
    for value in values:
        box = form.locator(f"[name='{name}'][value='{value}']")
        reveal(box)
        box.check()


def press(within, words):
    """Press a button by its words. (By its role, one in a closed disclosure would not be found.)"""
    button = within.locator("button", has_text=words).first
    reveal(button)
    button.click()


def send(page, selector, typed, words):
    """Fill in one form of the page and press its button."""
    form = page.locator(selector).first
    fill(form, typed)
    press(form, words)


def expect_said(page, words):
    """The page tells the person something."""
    expect(page.locator("#notices")).to_contain_text(words)


def expect_done(page, name, done):
    """The page tells what was done to the thing of that name; the particle follows the name's last letter."""
    expect_said(page, re.compile(f"‘{re.escape(name)}’[을를] {done}"))


def go(page, words):
    """Follow the main menu."""
    menu = page.locator("nav.gnb")
    if is_narrow(page):
        page.locator("details.menu > summary").click()
        menu = page.locator("details.menu nav")
    menu.get_by_role("link", name=words, exact=True).click()


def go_in_console(page, words):
    """Follow the console's own menu."""
    menu = page.locator(".console__nav")
    if is_narrow(page):
        page.locator(".console__menu > summary").click()
        menu = page.locator(".console__menu nav")
    menu.get_by_role("link", name=words, exact=True).click()


def join(page, name, number, roles):
    """Sign up and register a company with those roles."""
    page.goto("/")
    page.goto("/sign-in")
    page.get_by_role("link", name="수요기업" if roles == ["manufacturer"] else "공급기업").click()
    person = {"name": f"{name} 담당", "email": f"{number}@mail.example", "password": PASSWORD}
    send(page, "main form", person, "가입하고 회사 등록으로")
    expect_said(page, "가입했어요")
    send(page, "main form", {"name": name, "registration_number": number, "roles": roles}, "회사 등록")
    expect_done(page, name, "등록했어요")


def search(page, text):
    """Search the store from its own page; answers how many listings are found."""
    page.goto("/solutions")
    page.locator("#q").fill(text)
    page.get_by_role("button", name="검색", exact=True).click()
    page.wait_for_url(lambda url: "q=" in url)
    return found(page)


def found(page):
    """How many listings the store shows for what is asked."""
    digits = page.locator(".results-head__n b").inner_text()
    return int("".join(filter(str.isdigit, digits)))


def tick_facet(page, facet, value, scripts):
    """Tick one value of a facet: with scripts the list follows at once, without them the form's button sends it."""
    if is_narrow(page):
        page.locator("a[href='#filters']").click()
    box = page.locator(f"#opt-{facet}-{value}")
    reveal(box)
    box.check()
    if not scripts:
        page.locator(".filters__foot button").click()
    page.wait_for_url(lambda url: f"{facet}={value}" in url)
    if (closing := page.locator("#filters a[href='#results']")).is_visible():
        closing.click()  # the sheet of a narrow screen stays until the list is wanted
