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
#: of the page may lie over half a control, which then seems too small.
SETTLE = """async () => {
  scrollTo({top: 0, behavior: 'instant'});
  await document.fonts.ready;
  await new Promise(drawn => requestAnimationFrame(drawn));
}"""
OPEN_DETAILS = "() => document.querySelectorAll('details').forEach(d => { d.open = true; })"
OVERFLOW = "() => document.scrollingElement.scrollWidth - innerWidth"
WIDEST = """() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
  .slice(-4).map(e => `${e.tagName}.${e.className.baseVal ?? e.className}`)"""
#: Violations of the policy are noted by the page itself: not each of them reaches the console.
NOTE_VIOLATIONS = """window.refused = [];
addEventListener('securitypolicyviolation', e => refused.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`));"""
LONELY_ANCHORS = """() => [...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute('href').slice(1))
  .filter(id => id && !document.getElementById(id))"""
WIDTHS = (320, 390, 1440)
HEIGHT = 900


class Watch:
    """Notes what a page complains about from now on."""

    def __init__(self, page, status=200):
        self.said = []
        page.on("pageerror", lambda error: self.said.append(f"error {error}"))
        page.on("console", lambda message: self._note(message, page, status))

    def _note(self, message, page, status):
        # Chromium reports the status of the page itself as an error; which status it must be, the test says.
        of_the_page = message.location["url"].split("#")[0] == page.url.split("#")[0]
        if message.type in ("error", "warning") and not (status >= 400 and of_the_page):
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
    faults += [f"no #{name}" for name in page.evaluate(LONELY_ANCHORS)]
    return faults + [f"refused {what}" for what in page.evaluate("() => window.refused")]


def sideways(page):
    """The widths at which the page scrolls sideways, with what sticks out."""
    wide = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        if (over := page.evaluate(OVERFLOW)) > 0:
            wide.append(f"{width}: {over} px too wide, {json.dumps(page.evaluate(WIDEST))}")
    return wide
