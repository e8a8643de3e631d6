"""What every page must be, as Chromium shows it: no axe violation, a clean console, no sideways scroll, one heading."""

import json
from importlib import resources

AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
#: All rules that axe has switched on, and the target size of WCAG 2.2.
RUN_AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}});
  return found.violations.map(v => `${v.id} (${v.help}): ` +
    v.nodes.slice(0, 5).map(n => n.target.join(' ') + ' ' + n.any.map(a => a.message)).join(' | '));
}"""
#: What a disclosure shows may need another part of the font, and the page moves when it comes. Further down, the head
#: of the page may lie over half a control, which then seems too small; so may an open menu: the page begins below it.
SETTLE = """async () => {
  const head = document.querySelector('.site-head'), lies = e => e.getBoundingClientRect().bottom;
  const menus = [...document.querySelectorAll('.menu[open] .menu__panel, .switch[open] .switch__panel')];
  if (head) head.style.marginBottom = Math.max(0, ...menus.map(menu => lies(menu) - lies(head))) + 'px';
  scrollTo({top: 0, behavior: 'instant'});
  await document.fonts.ready;
  await new Promise(drawn => requestAnimationFrame(drawn));
}"""
#: As the page's own switch does it. Colours that fade would be measured on their way.
SET_THEME = """theme => {
  document.documentElement.dataset.theme = theme;
  document.getAnimations().filter(a => a instanceof CSSTransition).forEach(a => a.finish());
}"""
OPEN_DETAILS = "() => document.querySelectorAll('details').forEach(d => { d.open = true; })"
#: The width that a page has: on a desk its scroll bar takes its place, on a phone it does not.
ROOM = "(innerWidth < 1000 ? innerWidth : document.body.getBoundingClientRect().width)"
OVERFLOW = f"() => document.scrollingElement.scrollWidth - {ROOM}"
WIDEST = """() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > ROOM + 1)
  .slice(-4).map(e => `${e.tagName}.${e.className.baseVal ?? e.className}`)""".replace("ROOM", ROOM)
#: Violations of the policy are noted by the page itself: not each of them reaches the console.
NOTE_VIOLATIONS = """window.refused = [];
addEventListener('securitypolicyviolation', e => refused.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`));"""
LONELY_ANCHORS = """() => [...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute('href').slice(1))
  .filter(id => id && !document.getElementById(id))"""
NARROW, PHONE, DESK = WIDTHS = (320, 390, 1440)
#: Where the menu has just unfolded, and where the head has just room for names.
LAPTOPS = (1152, 1281)
HEIGHT = 900
WIDE = {"width": DESK, "height": HEIGHT}


class Watch:
    """Notes what a page complains about from now on."""

    def __init__(self, page, status=200):
        self.said, self._page, self._status = [], page, status
        page.on("pageerror", self._fell)
        page.on("console", self._note)

    def end(self):
        """Listen no longer."""
        self._page.remove_listener("pageerror", self._fell)
        self._page.remove_listener("console", self._note)

    def _fell(self, error):
        self.said.append(f"error {error}")

    def _note(self, message):
        # Chromium reports the status of the page itself as an error; which status it must be, the test says.
        of_the_page = message.location["url"].split("#")[0] == self._page.url.split("#")[0]
        if message.type in ("error", "warning") and not (self._status >= 400 and of_the_page):
            self.said.append(f"{message.type} {message.text}")


def violations(page):
    """What axe finds on the page as it stands."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)  # by the debugger, as the policy lets no page load foreign script
    page.evaluate(SETTLE)
    return page.evaluate(RUN_AXE)


def frame_faults(page):
    """What is wrong with heading, title, primary buttons and anchors."""
    faults = []
    headings = page.locator("h1").count()
    if headings != 1:
        faults.append(f"{headings} h1")
    name, _, site = page.title().rpartition(" · ")
    if not name.strip() or site != "이음":
        faults.append(f"title {page.title()!r}")
    primaries = page.locator("main .btn--primary:visible").all_inner_texts()
    if len(primaries) > 1:
        faults.append(f"primary buttons {primaries}")
    return faults + [f"no #{name}" for name in page.evaluate(LONELY_ANCHORS)]


def refusals(page):
    """What the policy has refused to the page so far."""
    return [f"refused {what}" for what in page.evaluate("() => window.refused")]


def set_theme(page, theme):
    """Show the page as it stands in that theme."""
    page.evaluate(SET_THEME, theme)


def sideways(page, width):
    """Makes the page that wide; whether it scrolls sideways then, with what sticks out."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    if (over := page.evaluate(OVERFLOW)) > 0:
        return [f"{width}: {over} px too wide, {json.dumps(page.evaluate(WIDEST))}"]
    return []
