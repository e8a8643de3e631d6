"""Read the texts of the demo country; they lie in `data/`."""

from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

import yaml

Entry = dict[str, Any]

_FILES = ("vendors-a.yaml", "vendors-b.yaml", "vendors-c.yaml", "vendors-d.yaml")
# libyaml reads these files in a tenth of the time of the pure Python loader
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Country:
    """Everything that the files say, as they say it.

    Attributes:
        vendors: companies with their `listings`, each with `plans` and `evidence`.
        manufacturers: companies with their `sites`.
        demands: what sites need; `manufacturer` by name, `site` by place in its list.
        people: `operator`, `validators`, `logins`.
        desk: what happened to listings that did not take the usual way, see `rounds.schedule`.
        self_checks: runs of the self-check, answer by answer.
        sites: `facts` that sites state beyond the necessary, `papers` on their levels.
        leads: demands on the board, how vendors answered them.
        demand_lives: which demands are shown to whom, were changed, ended; drafts.
        oversight: companies that were `refused`, `reports` of abuse.
        alliances: `alliances` with parts, charters and who comes and goes; `demands` that are shown to them.
        bundles: `bundles` of those alliances with their parts and days; `members` who join for them.
        links: who supplies whom: `confirmed`, `declared`, `denied`, `outside`, with `anchor` and `coordinator`.
    """

    vendors: list[Entry]
    manufacturers: list[Entry]
    demands: list[Entry]
    people: Entry
    desk: Entry
    oversight: Entry
    links: Entry
    sites: Entry
    self_checks: list[Entry]
    demand_lives: Entry
    leads: Entry
    alliances: Entry
    bundles: Entry


def read() -> Country:
    """The country as it is written by hand; `wider.widen` adds the rest."""
    plants = document("manufacturers.yaml")
    return Country(
        vendors=[vendor for name in _FILES for vendor in document(name)],
        manufacturers=plants["manufacturers"],
        demands=plants["demands"],
        people=document("people.yaml"),
        desk=document("desk.yaml"),
        oversight=document("oversight.yaml"),
        links=document("links.yaml"),
        sites=document("sites.yaml"),
        self_checks=document("self-checks.yaml"),
        demand_lives=document("demand-lives.yaml"),
        leads=document("leads.yaml"),
        alliances=document("alliances.yaml"),
        bundles=document("bundles.yaml"),
    )


def last_day(listing: Entry) -> date:
    """The last day on which something was measured for a listing."""
    days = [record["after_to"] for record in listing["evidence"] if record["after_to"] is not None]
    return max(days, default=date.min)


def interop() -> Any:
    """What joins products, and what keeps two of them apart."""
    return document("interop.yaml")


def document(name: str) -> Any:
    """One file of `data/`."""
    text = resources.files("marketplace.demo").joinpath("data", name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=_Loader)  # noqa: S506 (both are safe loaders)
