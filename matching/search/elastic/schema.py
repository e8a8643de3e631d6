"""What an index looks like: its names, settings and mapping, and the facts about itself that it carries."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from matching.search.engine import AnalyserMismatch, EngineUnusable

#: Changes whenever documents are stored otherwise than before.
SCHEMA = 2
#: Id of the one document that tells how far the index follows the catalogue.
REVISION_ID = "revision"
#: The most hits that one page holds.
MAX_PAGE = 10_000
#: Values of a facet that are counted.
MAX_VALUES = 10_000
#: Divisions of an industry whose evidence has a column of its own.
DIVISIONS = tuple(f"{number:02}" for number in range(100))

_TEXT = {"type": "text", "analyzer": "whitespace", "index_options": "freqs"}
_FACET = {"type": "keyword"}
_TAG = {"type": "keyword", "doc_values": False}
_ORDER = {"index": False}


class Identity(NamedTuple):
    """Whose index it is.

    Attributes:
        analyser: stamp of the analyser that made the documents.
        catalogue: name of the database.
    """

    analyser: str
    catalogue: str

    def written(self) -> dict[str, Any]:
        """Return it as an index carries it."""
        return {"analyser": self.analyser, "catalogue": self.catalogue, "schema": SCHEMA}

    def check(self, found: Mapping[str, Any], index: str) -> None:
        """Refuse an index that is not ours.

        Raises:
            AnalyserMismatch: its documents were made by another analyser.
            EngineUnusable: it has another schema, or holds another catalogue.
        """
        if found.get("schema") != SCHEMA:
            raise EngineUnusable(
                f"index {index}: schema {found.get('schema')}, expected {SCHEMA}; rebuild it"
            )
        if found.get("catalogue") != self.catalogue:
            raise EngineUnusable(
                f"index {index}: holds the catalogue {found.get('catalogue')!r}, not {self.catalogue!r}"
            )
        if found.get("analyser") != self.analyser:
            raise AnalyserMismatch(
                f"index {index}: made by {found.get('analyser')}, engine: {self.analyser}; rebuild it"
            )


def made(identity: Identity, *, shards: int, replicas: int) -> dict[str, Any]:
    """Return settings and mapping of a new index."""
    return {
        "settings": {
            "number_of_shards": shards,
            "number_of_replicas": replicas,
            # Only a write that is whole is shown; see `writing`.
            "refresh_interval": "-1",
            "max_result_window": MAX_PAGE,
            "mapping.nested_objects.limit": 10_000,
        },
        "mappings": {"dynamic": "strict", "_meta": identity.written(), "properties": _properties()},
    }


def _properties() -> dict[str, Any]:
    return {
        "body": _TEXT,
        "gram": _TEXT,
        "words": {"type": "integer", **_ORDER},
        "grams": {"type": "integer", **_ORDER},
        "id": _FACET,
        "capability": _FACET,
        "industry": _FACET,
        "kind": _FACET,
        "level": _FACET,
        "price": _FACET,
        "region": _FACET,
        "proof": _FACET,
        "tag": _TAG,
        "last_day": {"type": "integer"},
        "approved": {"type": "integer", **_ORDER},
        "field_sites": {"type": "integer", **_ORDER},
        "test_reports": {"type": "integer", **_ORDER},
        "amount": {"type": "long", **_ORDER},
        "title": {"type": "keyword", **_ORDER},
        "evidence": {"type": "float", **_ORDER},
        "own": {"properties": {division: {"type": "float", **_ORDER} for division in DIVISIONS}},
        "weeks": {"type": "integer", **_ORDER},
        "capacity": {"type": "integer", **_ORDER},
        "plan": {
            "type": "nested",
            "properties": {"entry": _TAG, "amount": {"type": "long"}, "cost": {"type": "double", **_ORDER}},
        },
        "pack": {"type": "binary", "doc_values": True},
        "document": {"type": "object", "enabled": False},
        "revision": {"type": "long"},
    }
