"""Industries: the built-in table of divisions and groups, deepened by the official list once it is loaded."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from catalog import taxonomy
from catalog.models import OfficialIndustry


@dataclass(frozen=True, slots=True)
class IndustryName:
    """One industry by its key, with its names."""

    revision: str
    code: str
    name_ko: str
    name_en: str


def lookup(session: Session, revision: str, code: str) -> IndustryName | None:
    """The industry of that key, from the official list if it is loaded, else from the built-in table."""
    row = session.get(OfficialIndustry, (revision, code))
    if row is not None:
        return IndustryName(row.revision, row.code, row.name_ko, row.name_en)
    term = taxonomy.find("ksic", code, revision)
    return None if term is None else IndustryName(term.revision, term.code, term.name_ko, term.name_en)


def load(session: Session, rows: Iterable[IndustryName | taxonomy.KsicRow]) -> int:
    """Replace the official list by `rows` (from `taxonomy.parse_ksic`); returns how many there are."""
    session.execute(delete(OfficialIndustry))
    session.add_all(
        OfficialIndustry(
            revision=row.revision,
            code=row.code,
            parent=getattr(row, "parent", None),
            name_ko=row.name_ko,
            name_en=row.name_en,
        )
        for row in rows
    )
    session.flush()  # so that the count below sees them
    return session.scalar(select(func.count()).select_from(OfficialIndustry)) or 0
