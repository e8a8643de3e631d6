"""What a term of a taxonomy is."""

from dataclasses import dataclass

#: Schemes whose terms are the product's own lists; they move together under one revision.
OWN_SCHEMES = ("capability", "process", "interface", "region", "deployment")

#: Every scheme a row may refer to. A row stores (scheme, revision, code), never a bare code.
SCHEMES = ("ksic", *OWN_SCHEMES)

#: Steps of the company scale; `entry_level` and `lifts_to_level` of a capability are on it.
LOWEST_COMPANY_LEVEL = 1


def is_english(locale: str) -> bool:
    """Say whether a locale such as "en", "en_GB" or "en-US" asks for English; every other gets Korean."""
    return locale.replace("-", "_").partition("_")[0].lower() == "en"


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a taxonomy, the same for every process and never changed.

    `parent` is the code of the next wider term of the same scheme and revision, or None.
    `aliases` are other words people search with, Korean or English, without the names.
    """

    scheme: str
    revision: str
    code: str
    name_ko: str
    name_en: str
    parent: str | None = None
    aliases: tuple[str, ...] = ()

    def name(self, locale: str) -> str:
        """Return the name for a locale such as "ko", "en" or "en_GB"; Korean for any other."""
        return self.name_en if is_english(locale) else self.name_ko


@dataclass(frozen=True, slots=True)
class Capability(Term):
    """A solution type with its place on ISA-95 and MESA-11.

    Attributes:
        group: id of a `CapabilityGroup`.
        portal_label: label of this type in the government portal's list, or None when it has none.
        isa95_levels: levels 0–4 of ISA-95 the type works on.
        mom: cells "domain.activity" of the ISA-95 part 3 activity models it covers.
        mesa11: numbers 1–11 of the MESA-11 functions it covers.
        interfaces: codes of scheme "interface" that the type usually speaks.
        entry_level: company level 1–5 a site should have at least.
        lifts_to_level: company level 1–5 the type can lead to.

    The assignments and both levels are the product's own proposal; a listing states its own.
    """

    group: str = ""
    portal_label: str | None = None
    isa95_levels: tuple[int, ...] = ()
    mom: tuple[str, ...] = ()
    mesa11: tuple[int, ...] = ()
    interfaces: tuple[str, ...] = ()
    entry_level: int = LOWEST_COMPANY_LEVEL
    lifts_to_level: int = LOWEST_COMPANY_LEVEL


@dataclass(frozen=True, slots=True)
class CapabilityGroup:
    """A heading under which capabilities are listed on screens."""

    code: str
    name_ko: str
    name_en: str

    def name(self, locale: str) -> str:
        """Return the name for a locale such as "ko" or "en"; Korean for any other."""
        return self.name_en if is_english(locale) else self.name_ko
