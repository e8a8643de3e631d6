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
        oversight: companies that were `refused`, `reports` of abuse.
    """

    vendors: list[Entry]
    manufacturers: list[Entry]
    demands: list[Entry]
    people: Entry
    desk: Entry
    oversight: Entry


def read() -> Country:
    """The whole country."""
    plants = _document("manufacturers.yaml")
    return Country(
        vendors=[vendor for name in _FILES for vendor in _document(name)],
        manufacturers=plants["manufacturers"],
        demands=plants["demands"],
        people=_document("people.yaml"),
        desk=_document("desk.yaml"),
        oversight=_document("oversight.yaml"),
    )


def last_day(listing: Entry) -> date:
    """The last day on which something was measured for a listing."""
    days = [record["after_to"] for record in listing["evidence"] if record["after_to"] is not None]
    return max(days, default=date.min)


def _document(name: str) -> Any:
    text = resources.files("marketplace.demo").joinpath("data", name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=_Loader)  # noqa: S506 (both are safe loaders)
