"""Screens of the operator's console, of notices, and of what programs work with: see `screens`."""

from tests.browser.screen import NOWHERE, Screen, refused

LONG = "가나다라마바사아자차" * 30
SHORT = {"reason": "짧"}


def _console(section, query="", who="operator", server="demo", **kwargs):
    return Screen(f"console_{section}.index", f"/console/{section}{query}", who, server, **kwargs)


def _detail(section, query="", who="operator", server="demo", **kwargs):
    """The page that the first row of a section's list leads to."""
    link = f"tbody th a[href^='/console/{section}/']"
    return Screen(f"console_{section}.show", f"/console/{section}{query}", who, server, link=link, **kwargs)


def _none(section):
    return Screen(f"console_{section}.show", f"/console/{section}/{NOWHERE}", "operator", status=404)


PEOPLE = [
    _console("organizations", "?q=없는회사"),
    _console("organizations", "?role=vendor", "boss", "quiet"),
    _detail("organizations", "?state=registered"),
    _detail("organizations", "?state=refused", "boss", "quiet"),
    _detail("organizations", "?state=registered", status=422, form="#refuse form", typed=SHORT),
    _detail("organizations", "?state=registered", form="#refuse form", typed={"reason": "등록증의 이름이 달라요."}),
    _none("organizations"),
    Screen(
        "console_organizations.support", "/console/organizations?role=vendor", "operator",
        link="tbody th a[href^='/console/organizations/']", tail="/support", form="#why form", typed=SHORT, status=422,
    ),
    _console("users", "?q=maker", "boss", "quiet"),
    _console("users", "?state=suspended&q=nobody"),
    _detail("users", "?q=maker@", "boss", "quiet"),
    _detail("users", "?q=maker@", "boss", "quiet", form="#suspend form", typed=SHORT, status=422),
    _none("users"),
    _console("deletions"),
    _console("deletions", "", "boss", "quiet"),
    _detail("deletions", "?state=waiting", "boss", "quiet"),
    _detail("deletions", "?state=refused", "boss", "quiet"),
    _detail(
        "deletions", "?state=waiting", "boss", "quiet", form="form[action$='/refuse']", typed={"answer": ""}, status=422
    ),
    _none("deletions"),
]  # fmt: skip
STORE = [
    _console("listings", "?q=없는솔루션"),
    _console("listings", "", "boss", "quiet"),
    _detail("listings", "", "boss", "quiet"),
    _detail("listings", "?standing=valid", form="#suspend form", typed=SHORT, status=422),
    _none("listings"),
    _console("reports", "", "boss", "quiet"),
    _detail("reports", "?state=open", form="main form", status=422),
    _detail("reports", "?state=suspended", "boss", "quiet"),
    _none("reports"),
]
RULES = [
    _console("weights"),
    _console("weights", "", "boss", "quiet"),
    _detail("weights"),
    _detail(
        "weights", status=422, form="form[aria-label]:has(table)", typed={"axis/capability": "많이", "policy_term": "-1"}
    ),
    _detail("weights", status=422, form="form[action$='/publish']", typed={"version": "셋째", "from_on": "2020-01-01"}),
    Screen("console_weights.show", "@coming", "boss", "quiet"),
    Screen("console_weights.show", "@draft", "boss", "quiet"),
    _none("weights"),
    Screen("papers.fit_score", "/docs/fit-score", server="quiet"),
    _console("programmes"),
    _console("programmes", "?year=1&state=odd"),
    _console("programmes", "?year=2031"),
    _console("programmes", "", "boss", "quiet"),
    _detail("programmes"),
    _detail("programmes", "?year=2023"),
    *[
        Screen("console_programmes.show", f"@rule-{state}", "boss", "quiet")
        for state in ("draft", "published", "ended")
    ],
    Screen("console_programmes.new", "/console/programmes/new", "operator"),
    refused(
        "console_programmes.new", "/console/programmes/new", "boss",
        typed={"name": LONG[:120], "cap_amount": "많이", "rate_bp": "99999", "valid_to": "2020-01-01"},
    ),
    refused("console_programmes.show", "@rule-draft", "boss", typed={"name": "", "rate_bp": "-1"}),
    refused("console_programmes.show", "@rule-published", "boss", "form[action$='/end']", typed={"end_reason": ""}),
    _none("programmes"),
    Screen("papers.programmes", "/docs/programmes"),
    Screen("papers.programmes", "/docs/programmes", "boss", "quiet"),
    _console("interop"),
    _console("interop", "?state=odd"),
    _console("interop", "", "boss", "quiet"),
    refused("console_interop.index", "/console/interop", "boss", "form[aria-labelledby]", typed={"price_amount": "많이"}),
    Screen("console_interop.conflicts", "/console/interop/conflicts", "operator"),
    Screen("console_interop.conflicts", "/console/interop/conflicts", "boss", "quiet"),
    refused(
        "console_interop.conflicts", "/console/interop/conflicts", "boss", "form[aria-labelledby]",
        typed={"one": LONG, "reason": "", "as_of": "2099-01-01"},
    ),
    _console("taxonomies"),
    _console("taxonomies", "?scheme=industry&q=용접&odd=1"),
    _console("taxonomies", "?q=없는분류"),
]  # fmt: skip
RUNNING = [
    _console("outbox"),
    _console("outbox", "?state=waiting&topic=mail.send&q=아무것도"),
    _console("outbox", "?state=dead", "boss", "quiet"),
    Screen("console_outbox.show", "/console/outbox", "operator", link="tbody th a"),
    Screen("console_outbox.show", "@dead", "boss", "quiet"),
    Screen("console_outbox.show", "/console/outbox/999999999", "operator", status=404),
    _console("mail"),
    _console("mail", "?state=dead", "boss", "quiet"),
    _console("search"),
    _console("search", "", "boss", "quiet", form="main form"),
    _console("operations"),
    _console("operations", "", "boss", "quiet"),
    _console("audit", "?about=" + NOWHERE),
    _console("audit", "", "boss", "quiet", form=".console__verdict form"),
    Screen("console_looks.index", "/console/support", "boss", "quiet"),
    *[
        Screen(f"console_{section}.index", f"/console/{section}", "vendor", status=403)
        for section in ("outbox", "weights", "users")
    ],
]
NOTICES = [
    Screen("notices.index", "/notices", "vendor"),
    Screen("notices.index", "/notices", "newcomer", "quiet"),
    Screen("notices.index", "/notices", "maker", "quiet"),
    Screen("notices.index", "/notices?page=2&odd=1", "maker", "quiet"),
    Screen("notices.settings", "/account/notices", "vendor"),
    Screen("notices.settings", "/account/notices", "newcomer", "quiet", form="main form"),
    Screen("notices.unsubscribe", "@stop", server="quiet"),
    Screen("notices.unsubscribe", "@stop", "maker", "quiet", form="main form"),
    Screen("notices.unsubscribe", "/unsubscribe/never-signed", status=404),
]
PROGRAMS = [
    Screen("tokens.own", "/account/tokens", "vendor"),
    Screen("tokens.own", "/account/tokens", "newcomer", "quiet"),
    Screen("tokens.own", "/account/tokens", "maker", "quiet"),
    Screen(
        "tokens.own", "/account/tokens", "idle", "quiet", form="main form:has([name=name])",
        typed={"name": "ERP", "everything": "1"},
    ),
    refused(
        "tokens.own", "/account/tokens", "maker", "main form:has([name=name])",
        typed={"name": "", "expires_on": "2020-01-01"},
    ),
    Screen("tokens.of_organization", "/organization/tokens", "vendor"),
    Screen("tokens.of_organization", "/organization/tokens", "maker", "quiet"),
    refused("tokens.of_organization", "/organization/tokens", "maker", "main form:has([name=name])"),
    Screen("tokens.of_organization", "/organization/tokens", "newcomer", "quiet", status=403),
    Screen("hooks.index", "/organization/webhooks", "vendor"),
    Screen("hooks.index", "/organization/webhooks", "maker", "quiet"),
    Screen("hooks.index", "/organization/webhooks", "buyer", "quiet"),
    refused(
        "hooks.index", "/organization/webhooks", "maker", "main form:has([name=url])",
        typed={"url": "http://10.0.0.1/hook"},
    ),
    *[Screen("hooks.show", f"@hook-{state}", "maker", "quiet") for state in ("works", "fails", "off")],
    Screen("hooks.show", "@hook-works", "maker", "quiet", form="form[action$='/secret']"),
    Screen("hooks.show", "@hook-works", "buyer", "quiet", status=404),
    Screen("hooks.index", "/organization/webhooks", "newcomer", "quiet", status=403),
    Screen("guide.api", "/api/docs", "vendor"),
]  # fmt: skip
SCREENS = [*PEOPLE, *STORE, *RULES, *RUNNING, *NOTICES, *PROGRAMS]
