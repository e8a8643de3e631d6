"""Read the data files that lie beside this package."""

import csv
from importlib import resources
from typing import Any

import yaml

# libyaml reads all files of this package in some ten milliseconds, the pure Python loader needs half a second.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(name: str) -> dict[str, Any]:
    """Return the mapping in `data/<name>`."""
    document = yaml.load(_text(name), Loader=_Loader)  # noqa: S506 (both are safe loaders)
    if not isinstance(document, dict):
        raise TypeError(f"{name} does not hold a mapping")
    return document


def read_csv(name: str) -> list[dict[str, str]]:
    """Return the rows of `data/<name>`, each by column name."""
    return list(csv.DictReader(_text(name).splitlines()))


def _text(name: str) -> str:
    return resources.files(__package__).joinpath("data", name).read_text(encoding="utf-8")
