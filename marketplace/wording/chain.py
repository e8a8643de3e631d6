"""A chain in words: what a kind of firm is called, how a group's levels read, which group holds the level back."""

from collections.abc import Iterable

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from catalog import taxonomy
from marketplace.wording.names import name
from matching.models.assessment import COMPANY_LEVEL
from matching.supply_chain.chain import Chain
from matching.supply_chain.graph import Group

#: A box of the map holds about this many letters.
_SHORT = {"ko": 12, "en": 20}


def kind_name(kind: str) -> str:
    """The industry of a box in a few words; without one it is not known or not shown."""
    term = taxonomy.find("ksic", kind) if kind else None
    if term is None:
        return _("업종 모름")
    if _language() == "en":
        plain = term.name("en").removeprefix("Manufacture of ").split(",")[0].split(";")[0]
        return plain[:1].upper() + plain[1:]
    return term.name("ko").split(";")[0].removesuffix("제조업").strip()


def short_kind(kind: str) -> str:
    """The same, cut to the width of a box."""
    named, most = kind_name(kind), _SHORT[_language()]
    return named if len(named) <= most else named[: most - 1].rstrip() + "…"


def tier_name(tier: int) -> str:
    """앵커, 1차 협력사 …"""
    return _("앵커") if tier == 0 else _("%(tier)s차 협력사", tier=tier)


def levels_text(levels: Iterable[tuple[int | None, int]]) -> str:
    """수준 1: 6곳 · 모름: 2곳."""
    return " · ".join(
        _("모름: %(n)s곳", n=n) if level is None else _("수준 %(level)s: %(n)s곳", level=level, n=n)
        for level, n in sorted(levels, key=lambda pair: pair[0] or 9)
    )


def mean_text(levels: Iterable[int | None]) -> str:
    """평균 2.4, or that no level is known."""
    known = [level for level in levels if level is not None]
    return _("평균 %(mean)s", mean=f"{sum(known) / len(known):.1f}") if known else _("수준 모름")


def bottleneck_text(chain: Chain) -> tuple[str, str]:
    """(who holds the chain's level back, why), both empty if nobody does."""
    found = chain.bottleneck
    if found is None:
        return "", ""
    group = found.group
    who = ngettext(
        "병목: %(tier)s %(kind)s %(num)s곳.",
        "병목: %(tier)s %(kind)s %(num)s곳.",
        len(group.firms),
        tier=tier_name(group.tier),
        kind=kind_name(group.kind),
    )
    return who, " ".join((_levels_sentence(group), _links_sentence(found.links, float(found.chain_mean))))


def basis_text(chain: Chain) -> str:
    """How the levels of the chain are known: counts by basis."""
    counted: dict[str, int] = {}
    for firm in chain.firms.values():
        if firm.basis is not None:
            counted[firm.basis] = counted.get(firm.basis, 0) + 1
    named = [f"{name('level_basis', basis)} {n}" for basis, n in sorted(counted.items())]
    scale = name("level_scale", COMPANY_LEVEL)
    return _("수준은 %(scale)s이에요. 근거: %(bases)s.", scale=scale, bases=", ".join(named) or "–")


def _levels_sentence(group: Group) -> str:
    known = group.known
    if known[0] == known[-1]:
        return _(
            "기업 수준을 아는 %(known)s곳이 모두 수준 %(level)s이에요.", known=len(known), level=known[0]
        )
    return _(
        "기업 수준을 아는 %(known)s곳의 평균이 %(mean)s이에요.",
        known=len(known),
        mean=f"{float(group.mean or 0):.1f}",
    )


def _links_sentence(links: int, mean: float) -> str:
    return ngettext(
        "위 차수에 %(num)s건을 납품하고, 협력사 전체 평균 %(mean)s보다 낮아요.",
        "위 차수에 %(num)s건을 납품하고, 협력사 전체 평균 %(mean)s보다 낮아요.",
        links,
        mean=f"{mean:.1f}",
    )


def _language() -> str:
    return "en" if str(get_locale() or "ko") == "en" else "ko"
