"""Uploaded 수준확인서 of a site: handed in by the company, confirmed or refused by the operator."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified
from catalog.models import Site, StoredFile
from matching.models.assessment import COMPANY_LEVEL, SCALES, Assessment

WAITING, CONFIRMED, REFUSED = "waiting", "confirmed", "refused"
STATES = (WAITING, CONFIRMED, REFUSED)

_IS_CONFIRMED = text(f"state = '{CONFIRMED}'")
_IS_WAITING = text(f"state = '{WAITING}'")


class LevelCertificate(Identified, Base):
    """One paper that states one level of one site on one scale, until its last day.

    States: waiting → confirmed | refused, by the operator. Whether a confirmed one still holds follows from its dates.
    """

    __tablename__ = "level_certificate"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES!r}", name="state"),
        CheckConstraint(f"scale IN {SCALES!r}", name="scale"),
        CheckConstraint(f"level BETWEEN 1 AND 5 AND (scale = '{COMPANY_LEVEL}' OR level <= 4)", name="level"),
        CheckConstraint("valid_until >= issued_on", name="period"),
        # one paper proves one level once: whoever comes second is told, not counted twice
        Index(
            "uq_level_certificate_confirmed",
            "number_key",
            unique=True,
            sqlite_where=_IS_CONFIRMED,
            postgresql_where=_IS_CONFIRMED,
        ),
        Index(
            "uq_level_certificate_waiting",
            "site_id",
            "number_key",
            unique=True,
            sqlite_where=_IS_WAITING,
            postgresql_where=_IS_WAITING,
        ),
    )

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    #: As it stands on the paper, and the same without what people write differently (`level_certificates.number_key`).
    number: Mapped[str] = mapped_column(String(40))
    number_key: Mapped[str] = mapped_column(String(40), index=True)
    #: Who issued it.
    body: Mapped[str] = mapped_column(String(80))
    scale: Mapped[str] = mapped_column(String(20))
    #: 1–5 (company level) or 1–4 (system level).
    level: Mapped[int]
    issued_on: Mapped[date]
    #: The last day on which it holds.
    valid_until: Mapped[date] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(12), default=WAITING, index=True)
    #: What the company reads for which it was refused; empty otherwise.
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]
    #: Email of the operator's person.
    decided_by: Mapped[str] = mapped_column(String(254), default="")
    #: The statement that it became, once confirmed.
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id"), index=True)

    site: Mapped[Site] = relationship()
    file: Mapped[StoredFile] = relationship()
    assessment: Mapped[Assessment | None] = relationship()
