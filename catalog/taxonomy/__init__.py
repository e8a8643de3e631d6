"""The words the product sorts by: industries, capabilities, processes, interfaces, regions, deployment, levels.

Frozen data, read from files beside this package on first use and then shared; nothing here can be changed
at run time. Rows elsewhere store (scheme, revision, code), never a bare code.

    >>> from catalog import taxonomy
    >>> taxonomy.find("ksic", "303").name("ko")
    '자동차 신품 부품 제조업'
    >>> taxonomy.capability("mes").entry_level
    1
"""

from catalog.taxonomy.cases import PublishedCase, published_cases
from catalog.taxonomy.divisions import Division, division, divisions
from catalog.taxonomy.ksic import (
    KsicFormatError,
    KsicProblem,
    KsicRow,
    industry_division,
    is_industry_code,
    parent_of,
    parse_ksic,
)
from catalog.taxonomy.lookup import (
    capabilities,
    capability,
    capability_groups,
    current_revision,
    find,
    revisions,
    schemes,
    terms,
)
from catalog.taxonomy.scales import LevelScale, LevelStep, level_scales
from catalog.taxonomy.terms import Capability, CapabilityGroup, Term

__all__ = [
    "LEVEL_SCALES",
    "Capability",
    "CapabilityGroup",
    "Division",
    "KsicFormatError",
    "KsicProblem",
    "KsicRow",
    "LevelScale",
    "LevelStep",
    "PublishedCase",
    "Term",
    "capabilities",
    "capability",
    "capability_groups",
    "current_revision",
    "division",
    "divisions",
    "find",
    "industry_division",
    "is_industry_code",
    "level_scales",
    "parent_of",
    "parse_ksic",
    "published_cases",
    "revisions",
    "schemes",
    "terms",
]

#: The two Korean maturity scales by code, "company_level" and "system_level".
LEVEL_SCALES = level_scales()
