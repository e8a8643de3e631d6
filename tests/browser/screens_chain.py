"""Screens of trade links and the supply chain: see `screens`."""

from tests.browser.screen import NOWHERE, Screen, refused

LONG = "가나다라마바사아자차" * 30

SCREENS = [
    Screen("supply_chain.index", "/supply-chain", "manufacturer"),
    Screen("supply_chain.index", "/supply-chain?only=denied", "manufacturer2"),
    Screen("supply_chain.opened", "/supply-chain/viewers", "coordinator", link="main a[href*='/chains/']"),
    Screen("supply_chain.opened", f"/supply-chain/chains/{NOWHERE}", "manufacturer", status=404),
    Screen("supply_chain.new", "/supply-chain/new", "manufacturer"),
    refused(
        "supply_chain.new",
        "/supply-chain/new",
        "manufacturer",
        server="demo",
        typed={"item": LONG, "name": LONG},
    ),
    Screen(
        "supply_chain.show",
        "/supply-chain?only=waiting",
        "manufacturer",
        link=".edges h3 a[href^='/supply-chain/']",
    ),
    Screen("supply_chain.show", f"/supply-chain/{NOWHERE}", "manufacturer", status=404),
    Screen("supply_chain.upload", "/supply-chain/import", "manufacturer"),
    refused("supply_chain.upload", "/supply-chain/import", "manufacturer", server="demo"),
    Screen("supply_chain.checked", f"/supply-chain/imports/{NOWHERE}", "manufacturer", status=404),
    Screen("supply_chain.viewers", "/supply-chain/viewers", "manufacturer"),
]
