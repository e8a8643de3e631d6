"""What gets into a page does not run: the Content-Security-Policy as Chromium applies it."""

from functools import partial

import pytest
from playwright.sync_api import expect

from tests.browser import acting

pytestmark = pytest.mark.browser

PLANTED = """<script>window.owned = 'script'</script><img src="/nothing.png" onerror="window.owned = 'handler'">
<a id="planted" href="javascript:window.owned='address'">x</a><style>h1 { display: none }</style>
<p id="styled" style="display: none">y</p><iframe src="/sign-in"></iframe>
<script src="http://evil.invalid/x.js"></script>
<form id="leak" action="http://evil.invalid/"><button>z</button></form><base href="http://evil.invalid/">"""
#: Directive → what of the planted text it refuses.
REFUSED = {"script-src-elem", "script-src-attr", "style-src-elem", "style-src-attr", "frame-src", "base-uri"}
SUBMIT = """async form => {
  const said = new Promise(heard => addEventListener('securitypolicyviolation', heard, {once: true}));
  form.requestSubmit();
  await said;
  return window.refused;
}"""
EVALUATES = "try { window.owned = eval('1'); } catch (error) { window.caught = error.name; }"


def test_what_somebody_writes_into_a_listing_is_text(quiet):
    context = quiet.context("maker")
    page = context.new_page()
    page.goto(quiet.paths["blank"])
    words = {
        "description": PLANTED,
        "summary": "<b>굵은 글</b> {{ 7 * 7 }} <script>window.owned = 1</script>",
    }
    acting.send(page, "form[action$='/basics']", words, "기본 정보 저장")
    acting.expect_said(page, "저장했어요")
    expect(page.locator("textarea[name='description']")).to_have_value(PLANTED)
    expect(page.locator("#preview .sol__lead")).to_have_text(words["summary"])
    assert page.locator("#planted").count() == 0
    assert page.evaluate("() => [window.owned, window.refused]") == [None, []]
    context.close()


def test_a_script_that_got_into_the_page_does_not_run(quiet):
    context = quiet.context()
    page = context.new_page()
    page.route("**/sign-up", partial(_planting, {}))
    page.goto("/sign-up")
    page.locator("#planted").click()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#styled")).to_be_visible()
    refusals = page.locator("#leak").evaluate(SUBMIT)
    refused = {word.split(" ")[0] for word in refusals}
    assert refused >= REFUSED | {"form-action"}
    assert page.evaluate("() => window.owned") is None
    assert page.url == f"{quiet.address}/sign-up"
    context.close()


def test_it_would_run_without_the_policy(quiet):
    context = quiet.context()
    page = context.new_page()
    page.route("**/sign-up", partial(_planting, {"content-security-policy": "script-src * 'unsafe-inline'"}))
    page.route("http://evil.invalid/**", lambda route: route.abort())
    page.goto("/sign-up")
    assert page.evaluate("() => window.owned") is not None
    expect(page.locator("#styled")).to_be_hidden()
    context.close()


def _planting(changed, route):
    """The page as the server sends it, headers and all but the changed ones, with foreign markup in its main area."""
    answer = route.fetch()
    body = answer.text().replace("</main>", f"{PLANTED}</main>")
    route.fulfill(response=answer, headers={**answer.headers, **changed}, body=body)


def test_the_own_script_cannot_evaluate_text(quiet):
    context = quiet.context()
    page = context.new_page()
    page.route(
        "**/static/js/app.js*", lambda route: route.fulfill(body=EVALUATES, content_type="text/javascript")
    )
    page.goto("/sign-up")
    page.wait_for_function("() => window.caught || window.owned")
    assert page.evaluate("() => [window.owned, window.caught]") == [None, "EvalError"]
    context.close()


def test_no_other_site_can_frame_a_page(quiet):
    context = quiet.context()
    page = context.new_page()
    page.route(
        "http://other.invalid/", lambda route: route.fulfill(body=f"<iframe src='{quiet.address}/sign-in'>")
    )
    page.goto("http://other.invalid/")
    frame = page.frames[1]
    frame.wait_for_load_state()
    assert frame.url == "chrome-error://chromewebdata/"
    assert frame.locator("#f-email").count() == 0
    context.close()
