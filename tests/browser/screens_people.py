"""Screens of doors, locks, colleagues, the company's own pages, own data and reports: see `screens`."""

from tests.browser.screen import NOWHERE, Screen, refused

LONG = "가나다라마바사아자차" * 30
WRONG = {"password": "not the password"}
EMPTY = {"password": ""}
REPORT_LINK = (".results h3 a", ".report-link a")
VENDOR_REPORT_LINK = (".results h3 a", "main a[href^='/vendors/']", ".report-link a")

DOORS = [
    Screen("accounts.welcome", "@reset", server="quiet"),
    Screen("doors.forgot", "/forgot"),
    refused("doors.forgot", "/forgot", "", typed={"email": "no address"}),
    Screen("doors.forgot", "/forgot", server="quiet", form="main form", typed={"email": "nobody@world.example"}),
    Screen("doors.second_step", "/sign-in/second", "halfway", "quiet"),
    refused("doors.second_step", "/sign-in/second", "halfway", typed={"code": ""}),
    Screen("doors.confirm_email", "@proof", server="quiet"),
    Screen("doors.confirm_email", "@late", "maker", "quiet"),
    refused("doors.confirm_email", "@late", ""),
    Screen("doors.confirm_email", "/confirm-email/never-issued", status=404),
    Screen("doors.invitation", "@invited-stranger", server="quiet"),
    refused("doors.invitation", "@invited-stranger", "", typed={"name": "", "password": "short"}),
    refused("doors.invitation", "@invited-idle", "", typed={"name": LONG[:40], "password": "long enough, but taken"}),
    Screen("doors.invitation", "@invited-stranger", "maker", "quiet"),
    Screen("doors.invitation", "@invited-newcomer", "newcomer", "quiet"),
    Screen("doors.invitation", "@invited-idle", "idle", "quiet"),
    Screen("doors.invitation", "/invitations/never-issued", "vendor", status=404),
]  # fmt: skip
LOCKS = [
    Screen("accounts.account", "/account", "double", "quiet"),
    Screen("accounts.account", "/account", "careful", "quiet"),
    Screen("accounts.account", "/account", "idle", "quiet"),
    Screen("locks.email", "/account/email", "vendor"),
    refused("locks.email", "/account/email", "newcomer", typed={"email": "no address"} | EMPTY),
    Screen("locks.password", "/account/password", "vendor"),
    refused("locks.password", "/account/password", "maker", typed={"new_password": "short"} | EMPTY),
    Screen("locks.factor", "/account/second-factor", "vendor"),
    refused("locks.factor", "/account/second-factor", "maker", typed=WRONG),
    Screen("locks.factor", "/account/second-factor", "starting", "quiet"),
    refused("locks.factor", "/account/second-factor", "starting", "form[action$='/confirm']", typed={"code": "123"}),
    Screen("locks.factor", "/account/second-factor", "careful", "quiet"),
    refused("locks.factor", "/account/second-factor", "careful", typed=EMPTY),
    Screen(
        "locks.factor", "/account/second-factor", "careful", "quiet",
        form="main form", typed={"password": "correct horse battery"},
    ),
]  # fmt: skip
PEOPLE = [
    Screen("colleagues.index", "/organization/people", "vendor"),
    Screen("colleagues.index", "/organization/people", "lead", "quiet"),
    Screen("colleagues.index", "/organization/people", "member", "quiet"),
    Screen("colleagues.index", "/organization/people", "newcomer", "quiet", status=403),
    refused(
        "colleagues.index", "/organization/people", "lead", "form[action$='/invite']", typed={"email": "no address"}
    ),
    Screen("organizations.new", "/organization/new", "vendor"),
    refused(
        "organizations.new", "/organization/new", "newcomer", server="demo",
        typed={"name": "", "registration_number": "000-00-00000"},
    ),
    Screen("organizations.own", "/organization", "lead", "quiet"),
    Screen("organizations.own", "/organization", "member", "quiet"),
    Screen("organizations.edit", "/organization/edit", "vendor"),
    Screen("organizations.edit", "/organization/edit", "lead", "quiet"),
    Screen("organizations.edit", "/organization/edit", "member", "quiet", status=403),
    refused("organizations.edit", "/organization/edit", "maker", typed={"name_en": "Ieum \u0007 bell"}),
    Screen("standing.index", "/organization/operator", "lead", "quiet"),
    Screen("colleagues.leaving", "/organization/leave", "member", "quiet"),
    Screen("colleagues.removing", "/organization/people", "lead", "quiet", link="a[href$='/remove']"),
    Screen("joining.index", "/organization/join", "newcomer", "quiet"),
    Screen("joining.taken", "/organization/taken", "newcomer", "quiet"),
    refused("joining.taken", "/organization/taken", "newcomer", typed={"registration_number": "1", "text": "x"}),
    Screen("home.index", "/", "double", "quiet"),
    Screen("home.index", "/", "lead", "quiet"),
    Screen("home.index", "/", "looker", "quiet"),
    Screen("colleagues.index", "/organization/people", "looker", "quiet", status=403),
    Screen("organizations.own", "/organization", "looker", "quiet"),
    Screen("organizations.edit", "/organization/edit", "looker", "quiet", status=403),
]  # fmt: skip
OWN_DATA = [
    Screen("own_data.person", "/account/data", "vendor"),
    Screen("own_data.person", "/account/data", "newcomer", "quiet"),
    Screen("own_data.person", "/account/data", "member", "quiet"),
    refused("own_data.person", "/account/data", "member", "form[action$='/deletion']", typed=WRONG),
    Screen("own_data.organization", "/organization/data", "vendor"),
    Screen("own_data.organization", "/organization/data", "lead", "quiet"),
    Screen("own_data.organization", "/organization/data", "leaving", "quiet"),
    Screen("own_data.organization", "/organization/data", "member", "quiet", status=403),
    refused(
        "own_data.organization", "/organization/data", "lead", "form[action$='/deletion']",
        typed={"reason": LONG} | EMPTY,
    ),
]  # fmt: skip
REPORTS = [
    refused(
        "reports.listing", "/solutions", "", "main form[method=post]",
        server="demo", link=REPORT_LINK, typed={"text": "짧아", "email": "no address"},
    ),
    refused("reports.vendor", "/solutions", "manufacturer", server="demo", link=VENDOR_REPORT_LINK),
    Screen("reports.listing", f"/solutions/{NOWHERE}/report", status=404),
    Screen("reports.vendor", f"/vendors/{NOWHERE}/report", "vendor", status=404),
    Screen("reports.show", "@report-suspended", "double", "quiet"),
    Screen("reports.show", "@report-no_action", "double", "quiet"),
    Screen("reports.show", "@report", "double", "quiet", status=404),
]  # fmt: skip
SCREENS = [*DOORS, *LOCKS, *PEOPLE, *OWN_DATA, *REPORTS]
