"""Maturity results of a site. A level never stands without its scale and its basis."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from catalog.db import Base, Identified

COMPANY_LEVEL, SYSTEM_LEVEL = "company_level", "system_level"
SCALES = (COMPANY_LEVEL, SYSTEM_LEVEL)
#: Stated by the company itself; a 수준확인서 that it says it holds (not confirmed by the operator yet).
BASES = ("self_reported", "certificate_claimed")


class Assessment(Identified, Base):
    """One statement about one site's level. The newest of a scale holds; older ones are its history."""

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint(f"scale IN {SCALES!r}", name="scale"),
        CheckConstraint("level IS NULL OR level BETWEEN 1 AND 5", name="level"),
    )

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    scale: Mapped[str] = mapped_column(String(20))
    #: 1–5 (company level) or 1–4 (system level: 기초, 중간1, 중간2, 고도화); none = stated as unknown.
    level: Mapped[int | None]
    basis: Mapped[str] = mapped_column(String(20))
    assessed_on: Mapped[date]
