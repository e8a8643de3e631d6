"""Maturity results of a site. A level never stands without its scale and its basis."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from catalog.db import Base, Identified

COMPANY_LEVEL, SYSTEM_LEVEL = "company_level", "system_level"
SCALES = (COMPANY_LEVEL, SYSTEM_LEVEL)
#: The result of our self-check; a 수준확인서 that the operator has confirmed.
SELF_CHECK, CERTIFIED = "self_check", "certified"
#: Stated by the company itself; a 수준확인서 that it says it holds (not confirmed by the operator).
STATED_BASES = ("self_reported", "certificate_claimed")
BASES = (*STATED_BASES, SELF_CHECK, CERTIFIED)


class Assessment(Identified, Base):
    """One statement about one site's level. Which of them holds: `maturity.assessments.holding`."""

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
    #: Self-check: {"edition", "check", "mean" ("2.27"), "answered", "unknown", "weakest"}.
    #: Certified: {"number", "body", "valid_from", "valid_until"}, the days as "2027-03-31"; it holds through the last.
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
