"""Screens of alliances: see `screens`."""

from tests.browser.screen import NOWHERE, Screen, refused

LONG = "가나다라마바사아자차" * 30
#: The first alliance of the list; on the coordinator's page the one it runs, on the vendor's the one inviting it.
FIRST = "main .allies a[href^='/alliances/']"
SECOND = "main .allies article:nth-child(2) a[href^='/alliances/']"
RUN = "main .ally-row a[href$='/inside']"
INVITING = "main .ally-row a[href$='/invitation']"


def run(endpoint, tail, who="coordinator", **kwargs):
    """A screen of the alliance that the coordinator runs."""
    return Screen(endpoint, "/alliances", who, link=RUN, tail=tail, **kwargs)


#: The form of the first demand of the coordinator's pipeline, and the runs that are asked for there.
COMPOSE = (RUN, "main a[href$='/pipeline']", "main a[href$='/compose']")


def compose(endpoint="composing.new", **kwargs):
    """A screen of composing for the demand that the alliance sees first."""
    return Screen(endpoint, "/alliances", "coordinator", link=COMPOSE, **kwargs)


COMPOSING = [
    compose(),
    compose(form="main form.panel", typed={"max_vendors": "0", "budget_amount": "많이"}, status=422),
    compose("composing.show", form="main form.panel", typed={"max_vendors": "5"}),
    compose(tail=f"/{NOWHERE}", endpoint="composing.show", status=404),
    *[
        Screen("composing.show", f"@composed-{kind}", "allier", "quiet")
        for kind in ("best", "none", "going", "failed")
    ],
    Screen("composing.new", f"/alliances/{NOWHERE}/inside/demands/{NOWHERE}/compose", "vendor", status=404),
]

#: The form of packages for all demands of the coordinator's pipeline.
PACK = (RUN, "main a[href$='/pipeline']", "main a[href$='/packages']")


def pack(endpoint="packages.new", **kwargs):
    """A screen of packages for what the alliance is shown."""
    return Screen(endpoint, "/alliances", "coordinator", link=PACK, **kwargs)


PACKAGES = [
    pack(),
    pack(form="main form.panel", typed={"count": "0", "max_vendors": "많이"}, status=422),
    pack("packages.show", form="main form.panel", typed={"count": "2"}),
    pack(tail=f"/{NOWHERE}", endpoint="packages.show", status=404),
    *[
        Screen("packages.show", f"@packages-{kind}", "allier", "quiet")
        for kind in ("found", "none", "failed")
    ],
    Screen("packages.new", f"/alliances/{NOWHERE}/inside/packages", "vendor", status=404),
]

SCREENS = [
    Screen("alliances.index", "/alliances"),
    Screen("alliances.index", "/alliances", "vendor"),
    Screen("alliances.index", "/alliances", server="quiet"),
    Screen("alliances.show", "/alliances", link=FIRST),
    Screen("alliances.show", "/alliances", "manufacturer", link=SECOND),
    Screen("alliances.show", f"/alliances/{NOWHERE}", status=404),
    Screen("alliances.charter", "/alliances", link=(FIRST, "main a[href*='/charters/']")),
    Screen("alliances.new", "/alliances/new", "vendor"),
    refused(
        "alliances.new", "/alliances/new", "vendor", server="demo", typed={"name": "", "member/role": LONG}
    ),
    Screen("alliances.confirm_request", "/alliances", "coordinator", link=SECOND, tail="/request"),
    Screen("alliances.choose_demand", "/alliances", "manufacturer", link=FIRST, tail="/demand"),
    Screen("alliance_work.show", "/alliances", "coordinator", link=RUN),
    Screen("alliance_work.show", "/alliances", "vendor", link=RUN),
    Screen("alliance_work.show", f"/alliances/{NOWHERE}/inside", "vendor", status=404),
    run("alliance_work.edit", "/description"),
    run("alliance_work.invitations", "/invitations"),
    run("alliance_work.invitations", f"/invitations?q={LONG[:30]}"),
    run("alliance_work.confirm_dissolution", "/dissolution"),
    run("alliance_work.confirm_leaving", "/leaving"),
    Screen(
        "alliance_work.confirm_exclusion",
        "/alliances",
        "coordinator",
        link=(RUN, "main a[href*='/exclusion']"),
    ),
    Screen("alliance_work.invitation", "/alliances", "vendor", link=INVITING),
    run("alliance_charters.new", "/charters/new"),
    run("alliance_charters.show", "/charters/3"),
    run("alliance_charters.show", "/charters/2"),
    run("alliance_charters.demands", "/pipeline"),
    *COMPOSING,
    *PACKAGES,
]
