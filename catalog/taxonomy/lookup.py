"""Find terms by scheme, revision and code."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from catalog.taxonomy import ksic
from catalog.taxonomy.files import read_yaml
from catalog.taxonomy.terms import LOWEST_COMPANY_LEVEL, SCHEMES, Capability, CapabilityGroup, Term

#: scheme → (data file, key of the list in it)
_FILES = {
    "capability": ("capabilities.yaml", "solutions"),
    "interface": ("capabilities.yaml", "interfaces"),
    "process": ("processes.yaml", "processes"),
    "region": ("regions.yaml", "provinces"),
    "deployment": ("deployment.yaml", "deployment"),
}


def schemes() -> tuple[str, ...]:
    """Return the names of all schemes: ksic, capability, process, interface, region, deployment."""
    return SCHEMES


def current_revision(scheme: str) -> str:
    """Return the revision that new rows of a scheme should store.

    Raises:
        ValueError: there is no such scheme.
    """
    if scheme == "ksic":
        return ksic.CURRENT_REVISION
    revision: str = _document(_file_of(scheme)[0])["meta"]["revision"]
    return revision


def revisions(scheme: str) -> tuple[str, ...]:
    """Return the revisions that are kept of a scheme.

    Raises:
        ValueError: there is no such scheme.
    """
    return ksic.REVISIONS if scheme == "ksic" else (current_revision(scheme),)


def terms(scheme: str, revision: str | None = None) -> tuple[Term, ...]:
    """Return the terms of a scheme in their order for screens.

    Args:
        scheme: one of `schemes()`.
        revision: None for the current one.

    Returns:
        The terms; empty for a revision that is not kept. Industries: the built-in ones, see
        `catalog.taxonomy.ksic`.

    Raises:
        ValueError: there is no such scheme.
    """
    wanted = current_revision(scheme) if revision is None else revision
    # asked before the cache, so that what strangers send cannot fill it
    return _terms(scheme, wanted) if wanted in revisions(scheme) else ()


def find(scheme: str, code: str, revision: str | None = None) -> Term | None:
    """Return one term, or None when the scheme has no such code in that revision (None: the current one).

    Industries: the built-in ones only, see `catalog.taxonomy.ksic`.

    Raises:
        ValueError: there is no such scheme.
    """
    wanted = current_revision(scheme) if revision is None else revision
    return _by_code(scheme, wanted).get(code) if wanted in revisions(scheme) else None


def capability(code: str) -> Capability | None:
    """Return a capability of the current revision, or None."""
    term = find("capability", code)
    return term if isinstance(term, Capability) else None


@cache
def capabilities() -> tuple[Capability, ...]:
    """Return all capabilities of the current revision, typed."""
    return tuple(term for term in terms("capability") if isinstance(term, Capability))


@cache
def capability_groups() -> tuple[CapabilityGroup, ...]:
    """Return the headings of the capabilities, in their order for screens."""
    entries = _document("capabilities.yaml")["groups"]
    return tuple(CapabilityGroup(entry["id"], entry["name_ko"], entry["name_en"]) for entry in entries)


@cache
def _terms(scheme: str, revision: str) -> tuple[Term, ...]:
    if scheme == "ksic":
        return ksic.built_in_industries(revision)
    name, key = _file_of(scheme)
    build = _capability if scheme == "capability" else _plain
    return tuple(build(scheme, revision, entry) for entry in _document(name)[key])


@cache
def _by_code(scheme: str, revision: str) -> Mapping[str, Term]:
    return MappingProxyType({term.code: term for term in _terms(scheme, revision)})


@cache
def _document(name: str) -> dict[str, Any]:
    return read_yaml(name)


def _file_of(scheme: str) -> tuple[str, str]:
    if scheme not in _FILES:
        raise ValueError(f"unknown scheme: {scheme!r}")
    return _FILES[scheme]


def _plain(scheme: str, revision: str, entry: dict[str, Any]) -> Term:
    aliases = [*entry.get("aliases", ()), *([entry["official_ko"]] if "official_ko" in entry else ())]
    return Term(scheme, revision, entry["id"], entry["name_ko"], entry["name_en"], aliases=tuple(aliases))


def _capability(scheme: str, revision: str, entry: dict[str, Any]) -> Capability:
    return Capability(
        scheme,
        revision,
        entry["id"],
        entry["name_ko"],
        entry["name_en"],
        aliases=tuple(entry["aliases"]),
        group=entry["group"],
        portal_label=entry["official_portal_label"],
        isa95_levels=tuple(entry["isa95_levels"]),
        mom=tuple(entry["mom"]),
        mesa11=tuple(entry["mesa11"]),
        interfaces=tuple(entry["interfaces"]),
        # the data say 0 for "no level needed" and may say nothing; the company scale begins at 1
        entry_level=max(entry["requires_company_level_min"] or 0, LOWEST_COMPANY_LEVEL),
        lifts_to_level=max(entry["lifts_to_company_level"] or 0, LOWEST_COMPANY_LEVEL),
    )
