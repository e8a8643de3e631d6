"""The names that search takes from the taxonomy: what a code is called, and what else people call it."""

import re
from collections.abc import Iterator
from functools import cache

from catalog import taxonomy

#: Abbreviations and terms of the trade that the taxonomy's own names do not spell out.
ALSO_CALLED = {
    "erp": ("enterprise resource planning",),
    "mes": ("manufacturing execution system",),
    "pop": ("point of production",),
    "plm": ("product lifecycle management",),
    "scm": ("supply chain management",),
    "aps": ("advanced planning and scheduling", "scheduling"),
    "qms": ("quality management system",),
    "lims": ("laboratory information management system",),
    "wms": ("warehouse management system",),
    "fems": ("factory energy management system", "energy management"),
    "cmms": ("computerised maintenance management", "computerized maintenance management"),
    "predictive_maintenance": ("PdM", "condition monitoring"),
    "ai_vision": ("machine vision", "visual inspection"),
    "ai_process": ("AI process optimization",),
    "digital_twin": ("simulation",),
    "cps": ("cyber-physical system",),
    "robot": ("cobot", "collaborative robot", "industrial robot"),
    "network_5g": ("private 5G",),
    "sensor_iot": ("사물인터넷", "internet of things"),
}

#: A part of a compound name stands alone only from this many characters on: 진단 or OT would find too much.
_SHORTEST_PART = 3
#: Longer parts that would find too much all the same.
_NEVER_ALONE = frozenset(["Industrial", "agent"])
_SEVERAL = re.compile("[/·,]")


def label(scheme: str, code: str) -> str:
    """Return the Korean and the English name of a code, or "" for a code that is not known.

    An industry that is not built in (four and five digits) is called what its group or division is called.
    """
    term = taxonomy.find(scheme, code)
    while term is None and scheme == "ksic" and len(code) > 2:
        code = code[:-1]
        term = taxonomy.find(scheme, code)
    return f"{term.name_ko} {term.name_en}" if term else ""


@cache
def synonyms() -> dict[str, tuple[str, ...]]:
    """Return for every name of a capability, a process or an interface, Korean or English, all its other names.

    Of processes only the two names and English spellings count: their Korean aliases are kinds of them (선반, 밀링).
    """
    others: dict[str, dict[str, None]] = {}
    for written in _written():
        names = dict.fromkeys(part for name in written for part in _parts(name))
        for name in names:
            others.setdefault(name, {}).update(dict.fromkeys(other for other in names if other != name))
    return {name: tuple(rest) for name, rest in others.items() if rest}


@cache
def names() -> tuple[str, ...]:
    """Return every name of a capability, a process or an interface, Korean and English, each once."""
    every = [term for scheme in ("capability", "process", "interface") for term in taxonomy.terms(scheme)]
    written = [name for term in every for name in (term.name_ko, term.name_en, *term.aliases)]
    spelled = [name for others in ALSO_CALLED.values() for name in others]
    return tuple(dict.fromkeys(part for name in (*written, *spelled) for part in _parts(name)))


def _written() -> Iterator[tuple[str, ...]]:
    """Yield for each thing its names as printed."""
    for term in taxonomy.terms("capability"):
        yield (term.name_ko, term.name_en, *term.aliases, *ALSO_CALLED.get(term.code, ()))
    for term in taxonomy.terms("process"):
        yield (term.name_ko, term.name_en, *(alias for alias in term.aliases if alias.isascii()))
    for term in taxonomy.terms("interface"):
        # REST/JSON (OpenAPI) are three things; 자산관리쉘 (AAS) is one in two languages.
        if not _SEVERAL.search(term.name_ko + term.name_en):
            yield (term.name_ko, term.name_en, *term.aliases)


def _parts(name: str) -> list[str]:
    """Return the names inside one printed name: "Predictive maintenance (PdM)" is two, "컨트롤러·PLC" too."""
    outside, *inside = re.split(r"[()]", name)
    separators = r"[·/,]" if " " not in outside.strip() else r"·| / |,"
    found = [part.strip() for text in (outside, *inside) for part in re.split(separators, text)]
    return [
        part
        for part in dict.fromkeys([outside.strip(), *found])
        if part == name or (len(part) >= _SHORTEST_PART and part not in _NEVER_ALONE)
    ]
