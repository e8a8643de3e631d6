"""Screens of the self-check, leads, offers of contact and saved searches: see `screens`."""

from tests.browser.screen import NOWHERE, Screen, refused

LONG = "가나다라마바사아자차" * 30
RESULT = "main a[href^='/self-check/']:not([href$='/questions'])"
ROADMAP = "main a[href$='/roadmap']"
LEAD = "main a[href^='/leads/']:not([href*='left-out'])"

SCREENS = [
    Screen("self_check.index", "/self-check", "manufacturer"),
    Screen("self_check.index", "/self-check", "fresh", "quiet"),
    Screen("self_check.index", "/self-check", "buyer", "quiet"),
    Screen("self_check.questions", "/self-check/questions"),
    Screen("self_check.ask", "@check/1", "buyer", "quiet"),
    Screen("self_check.ask", "@check/12", "buyer", "quiet"),
    refused("self_check.ask", "@check/5", "buyer"),
    Screen("self_check.ask", "@check/13", "buyer", "quiet", status=404),
    Screen("self_check.show", "/self-check", "manufacturer", link=RESULT),
    Screen("self_check.show", "@check", "buyer", "quiet"),
    Screen("self_check.show", f"/self-check/{NOWHERE}", "manufacturer", status=404),
    Screen("self_check.roadmap", "/self-check", "manufacturer", link=ROADMAP),
    Screen("self_check.roadmap", "/self-check", "buyer", "quiet", link=ROADMAP),
    Screen("leads.index", "/leads", "vendor"),
    Screen("leads.index", "/leads", "maker", "quiet"),
    Screen("leads.index", "/leads", "fresh", "quiet"),
    Screen("leads.show", "/leads", "vendor", link=LEAD),
    refused("leads.show", "/leads", "vendor", "#answer form", "demo", link=LEAD, typed={"message": ""}),
    Screen("leads.show", f"/leads/{NOWHERE}", "vendor", status=404),
    Screen("leads.left_out", "/leads/left-out", "vendor"),
    Screen("leads.left_out", "/leads/left-out", "maker", "quiet"),
    Screen("leads.edit_capacity", "/organization/capacity", "vendor"),
    refused("leads.edit_capacity", "/organization/capacity", "maker", typed={"projects_per_quarter": "-1"}),
    Screen(
        "offers.index",
        "/demands",
        "manufacturer",
        link=("main a[href$='/matches']", "main a[href$='/offers']"),
    ),
    Screen("offers.index", "@unmatched/offers", "buyer", "quiet"),
    Screen("saved_searches.index", "/saved-searches", "manufacturer"),
    Screen("saved_searches.index", "/saved-searches", "buyer", "quiet"),
]
