"""Every screen of the product: which page, how to reach it, who sees it, what state it is in.

A page whose endpoint is in no screen and not in `NO_PAGE` fails `test_every_page_is_looked_at`.
"""

from tests.browser import (
    screens_alliances,
    screens_bundles,
    screens_chain,
    screens_fit,
    screens_people,
    screens_running,
)
from tests.browser.screen import NOWHERE, Screen
from tests.browser.screen import refused as _refused

#: Endpoints that answer GET with something that is no page.
NO_PAGE = {
    "static": "files of the frame",
    "home.waiting": "a part of a page: what waits at a place of the switcher",
    "api-docs.openapi_json": "JSON",
    "catalogue.completions": "a part of the search page: test_completions.py",
    "health.healthz": "JSON",
    "health.readyz": "JSON",
    "evidence.file": "a download",
    "level_certificates.file": "a download",
    "console_level_certificates.file": "a download",
    "own_data.fetch": "a download",
    "matches.as_csv": "a download",
    "board.table": "a download",
    "supply_chain.template": "a download",
    "metrics.metrics": "text for a monitoring program",
}
LONG = "가나다라마바사아자차" * 30
#: A typed value of this type is a file's content.
NOT_A_PICTURE = b"this is no picture"
TOO_LARGE = bytes(22 << 20)


OWN_LISTING = "main a[href^='/listings/']:not([href$='/new'])"
OWN_DEMAND = "main a[href^='/demands/']:not([href$='/new'])"
PUBLISHED = "tr:has(.badge[data-tone=good]) th a"

DOORS = [
    Screen("accounts.sign_in", "/sign-in"),
    Screen("accounts.sign_in", "/sign-in?next=/demands", server="quiet"),
    _refused(
        "accounts.sign_in", "/sign-in", "", "main form", typed={"email": "x@y.example", "password": "no"}
    ),
    Screen("accounts.sign_up", "/sign-up"),
    _refused("accounts.sign_up", "/sign-up", "", typed={"email": "no address", "password": "short"}),
    Screen("accounts.welcome", "@link", server="quiet"),
    _refused("accounts.welcome", "@link", "", typed={"password": "short"}),
    Screen("accounts.welcome", "/welcome/never-issued", status=404),
    Screen("accounts.account", "/account", "vendor"),
    Screen("accounts.account", "/account", "newcomer", "quiet"),
    Screen("organizations.new", "/organization/new", "newcomer", "quiet"),
    _refused(
        "organizations.new", "/organization/new", "newcomer", typed={"name": LONG, "registration_number": "1"}
    ),
    Screen("organizations.own", "/organization", "vendor"),
    Screen("organizations.own", "/organization", "fresh", "quiet"),
    Screen("organizations.own", "/organization", "manufacturer"),
    Screen("organizations.own", "/organization", "refused", "quiet"),
    Screen("standing.index", "/organization/operator", "refused", "quiet"),
    Screen("standing.index", "/organization/operator", "vendor"),
    _refused("standing.index", "/organization/operator", "refused", typed={"registration_number": "123"}),
    _refused(
        "organizations.own", "/organization", "maker", ".doors__add", typed={"registration_number": "123"}
    ),
    Screen("home.index", "/"),
    Screen("home.index", "/", server="quiet"),
    *[
        Screen("home.index", "/", who)
        for who in ("vendor", "validator", "manufacturer", "coordinator", "operator")
    ],
    *[
        Screen("home.index", "/", who, "quiet")
        for who in ("newcomer", "fresh", "maker", "judge", "idle", "boss")
    ],
]
STORE = [
    Screen("catalogue.search", "/solutions"),
    Screen("catalogue.search", "/solutions#filters"),
    Screen("catalogue.search", "/solutions", "manufacturer"),
    Screen("catalogue.search", "/solutions?q=예지보전&region=gyeongnam&sort=price"),
    Screen("catalogue.search", "/solutions?q=welding&validation=expired"),
    Screen("catalogue.search", "/solutions?capability=mes&capability=erp&level=2&page=2"),
    Screen(
        "catalogue.search", "/solutions?q=아무것도없는검색어&capability=mes&price=under_10m", "manufacturer"
    ),
    Screen("catalogue.search", "/solutions?color=red&page=10000000000000000000000&sort=luck"),
    Screen("catalogue.search", f"/solutions?q={LONG}"),
    Screen("catalogue.search", "/solutions", server="quiet"),
    Screen("catalogue.search", "/solutions?capability=mes", "fresh", "quiet"),
    Screen("catalogue.listing", "/solutions", link=".results h3 a"),
    Screen("catalogue.listing", "/solutions", "manufacturer", link=".results h3 a"),
    Screen("catalogue.listing", "/solutions?validation=expired", link=".results h3 a"),
    Screen("catalogue.listing", "/solutions?validation=document", link=".results h3 a"),
    Screen("catalogue.listing", f"/solutions/{NOWHERE}", status=404),
    Screen("catalogue.vendor", "/solutions", link=(".results h3 a", "main a[href^='/vendors/']")),
    Screen("catalogue.vendor", f"/vendors/{NOWHERE}", "vendor", status=404),
    Screen("reports.listing", "/solutions", link=(".results h3 a", ".report-link a")),
    Screen(
        "reports.vendor",
        "/solutions",
        "manufacturer",
        link=(".results h3 a", "main a[href^='/vendors/']", ".report-link a"),
    ),
    Screen("reports.show", "@report", "buyer", "quiet"),
    Screen("catalogue.certificate", "/certificates/C-2026-0001"),
    Screen("catalogue.certificate", "/certificates/C-1999-0001", status=404),
    Screen("papers.fit_score", "/docs/fit-score"),
    Screen("papers.search", "/docs/search"),
    Screen("guide.api", "/api/docs"),
]
WORKSHOP = [
    Screen("listings.index", "/listings", "vendor"),
    Screen("listings.index", "/listings", "fresh", "quiet"),
    Screen("listings.index", "/listings", "maker", "quiet"),
    Screen("listings.new", "/listings/new", "vendor"),
    _refused("listings.new", "/listings/new", "maker", typed={"title": ""}),
    Screen("listings.edit", "/listings", "vendor", link=OWN_LISTING),
    *[Screen("listings.edit", f"@{name}", "maker", "quiet") for name in ("blank", "full", "back", "judged", "gone")],
    Screen("listings.edit", "@waiting", "idle", "quiet"),
    _refused("listings.edit", "@full", "maker", "form[action$='/basics']", typed={"title": "", "summary": "짧아"}),
    _refused("listings.edit", "@full", "maker", "form[action$='/scope']", typed={"install_weeks": "곧"}),
    _refused("listings.edit", "@full", "maker", "form[action$='/plans']", typed={"plans/0/price_amount": "-1"}),
    _refused(
        "listings.edit", "@full", "maker", "form[action*='/evidence/']:has([name$='/kpi'])",
        typed={"evidence/0/baseline": "많이", "evidence/0/method": ""},
    ),
    _refused("listings.edit", "@full", "maker", "form[action$='/evidence']"),
    _refused(
        "listings.edit", "@full", "maker", "form[action$='/files']", typed={"evidence/0/files": NOT_A_PICTURE}
    ),
    _refused(
        "listings.edit", "@full", "maker", "form[action$='/files']", typed={"evidence/0/files": TOO_LARGE}, status=413
    ),
    _refused("listings.edit", "@blank", "maker", "form[action$='/submit']"),
    Screen("listings.edit", "/listings", "vendor", link=PUBLISHED),
    Screen("listings.edit", f"/listings/{NOWHERE}", "vendor", status=404),
    Screen("listings.confirm_withdrawal", "/listings", "vendor", link=PUBLISHED, tail="/withdraw"),
    Screen("listings.confirm_withdrawal", "@full/withdraw", "maker", "quiet"),
]  # fmt: skip
DESK = [
    Screen("reviews.queue", "/desk", "validator"),
    Screen("reviews.queue", "/desk", "judge", "quiet"),
    Screen("reviews.queue", "/desk", "rival", "quiet"),
    Screen("reviews.show", "@queued", "rival", "quiet"),
    Screen("reviews.show", "/desk", "validator", link="td a[href^='/desk/'].btn--primary"),
    Screen("reviews.show", "@taken", "judge", "quiet"),
    Screen("reviews.show", "@returned", "judge", "quiet"),
    Screen("reviews.show", "@approved", "judge", "quiet"),
    _refused("reviews.show", "@queued", "judge", "form.declare"),
    _refused("reviews.show", "@taken", "judge", "form[action$='/findings']"),
    _refused("reviews.show", "@taken", "judge", "form[action$='/notes/vendor']"),
    _refused("reviews.show", "@taken", "judge", "#decide"),
    Screen("reviews.show", f"/desk/{NOWHERE}", "validator", status=404),
    Screen("console.index", "/console", "operator"),
    Screen("console.index", "/console?odd=1", "boss", "quiet"),
    Screen("console_organizations.index", "/console/organizations?state=registered", "operator"),
    Screen("console_organizations.index", "/console/organizations?page=999&state=odd", "boss", "quiet"),
    Screen(
        "console_organizations.show",
        "/console/organizations?state=refused",
        "operator",
        link="tbody th a[href^='/console/organizations/']",
    ),
    Screen(
        "console_organizations.support",
        "/console/organizations?role=vendor",
        "operator",
        link="tbody th a[href^='/console/organizations/']",
        tail="/support",
    ),
    Screen("console_users.index", "/console/users", "operator"),
    Screen("console_users.show", "/console/users", "operator", link="tbody th a[href^='/console/users/']"),
    Screen("console_listings.index", "/console/listings?standing=valid", "operator"),
    Screen(
        "console_listings.show",
        "/console/listings?standing=valid",
        "operator",
        link="tbody th a[href^='/console/listings/']",
    ),
    Screen("console_reports.index", "/console/reports", "operator"),
    Screen(
        "console_reports.show", "/console/reports", "operator", link="tbody th a[href^='/console/reports/']"
    ),
    Screen("console_audit.index", "/console/audit", "operator"),
    Screen("console_audit.index", "/console/audit?act=odd", "boss", "quiet"),
    Screen("console_looks.index", "/console/support", "operator"),
    Screen("console_level_certificates.index", "/console/level-certificates", "operator"),
    Screen("console_level_certificates.index", "/console/level-certificates?q=none", "operator"),
    Screen(
        "console_level_certificates.show",
        "/console/level-certificates",
        "operator",
        link="tbody th a[href^='/console/level-certificates/']",
    ),
]
PLANTS = [
    Screen("sites.index", "/sites", "manufacturer"),
    Screen("sites.index", "/sites", "fresh", "quiet"),
    Screen("sites.new", "/sites/new", "manufacturer"),
    _refused("sites.new", "/sites/new", "fresh", typed={"name": LONG, "headcount": "-3"}),
    Screen("sites.edit", "/sites", "manufacturer", link="main a[href^='/sites/']:not([href$='/new'])"),
    Screen("sites.edit", f"/sites/{NOWHERE}", "manufacturer", status=404),
    Screen("level_certificates.index", "/sites", "manufacturer", link="main a[href$='/certificates']"),
    Screen("level_certificates.index", "/sites", "manufacturer2", link="main a[href$='/certificates']"),
    _refused(
        "level_certificates.index",
        "/sites",
        "manufacturer2",
        form="main form[enctype]",
        server="demo",
        link="main a[href$='/certificates']",
        typed={"number": LONG, "valid_until": "2020-01-01"},
    ),
    Screen("demands.index", "/demands", "manufacturer"),
    Screen("demands.index", "/demands", "fresh", "quiet"),
    Screen("demands.index", "/demands", "buyer", "quiet"),
    Screen("demands.new", "/demands/new?capability=mes&capability=erp", "manufacturer"),
    Screen("demands.new", "/demands/new", "fresh", "quiet"),
    _refused("demands.new", "/demands/new", "buyer", typed={"budget_amount": "1" + "0" * 30}),
    Screen("demands.edit", "@unmatched", "buyer", "quiet"),
    Screen("demands.edit", "@closed", "buyer", "quiet"),
    _refused(
        "demands.edit", "@unmatched", "buyer", "main form.stack", typed={"title": "", "budget_amount": "-1"}
    ),
    Screen("demands.edit", f"/demands/{NOWHERE}", "manufacturer", status=404),
    Screen("demand_life.show", "@unmatched/audience", "buyer", "quiet"),
    Screen("demand_life.show", "@closed/audience", "buyer", "quiet"),
    Screen("demand_life.versions", "@unmatched/versions", "buyer", "quiet"),
    Screen("board.index", "/board", "vendor"),
    Screen("board.index", "/board?capability=education", "vendor"),
    Screen("board.rules", "/docs/audience"),
    Screen("demand_life.confirm_close", "@unmatched/close", "buyer", "quiet"),
    Screen("demand_life.confirm_close", "@closed/close", "buyer", "quiet"),
    Screen("matches.show", "/demands", "manufacturer", link=OWN_DEMAND),
    Screen("matches.show", "/demands", "manufacturer2", link=OWN_DEMAND),
    Screen("matches.as_print", "@unmatched/matches/print", "buyer", "quiet"),
    Screen("shortlists.show", "@unmatched/shortlist", "buyer", "quiet"),
    Screen("sharing.index", "@unmatched/shares", "buyer", "quiet"),
    Screen("sharing.shared", "/shared/never-made", status=404),
    Screen("matches.show", "@unmatched/matches", "buyer", "quiet"),
    Screen("matches.show", "@unmet/matches", "buyer", "quiet"),
    Screen("matches.show", "@closed/matches", "buyer", "quiet"),
    Screen("matches.show", "@stale/matches", "buyer", "quiet"),
]
#: Pages of another role, and an address that is none.
FORBIDDEN = [
    Screen("reviews.queue", "/desk", "vendor", status=403),
    Screen("console.index", "/console", "manufacturer", status=403),
    Screen("sites.index", "/sites", "validator", status=403),
    Screen("listings.index", "/listings", "newcomer", "quiet", status=403),
    Screen("home.index", "/no-such-page", status=404),
    Screen("home.index", "/no-such-page", "operator", status=404),
]
SCREENS = [
    *DOORS,
    *STORE,
    *WORKSHOP,
    *DESK,
    *PLANTS,
    *FORBIDDEN,
    *screens_chain.SCREENS,
    *screens_alliances.SCREENS,
    *screens_bundles.SCREENS,
    *screens_fit.SCREENS,
    *screens_people.SCREENS,
    *screens_running.SCREENS,
]
