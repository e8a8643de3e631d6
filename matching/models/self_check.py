"""A run through the questions of the self-check, saved answer by answer."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified, utcnow
from catalog.models import Site

OPEN, FINISHED = "open", "finished"


class SelfCheck(Identified, Base):
    """One run of one site through one edition. A site has one open run at most; a finished one never changes."""

    __tablename__ = "self_check"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'finished')", name="state"),
        CheckConstraint("(state = 'finished') = (finished_on IS NOT NULL)", name="finished_on"),
        Index(
            "uq_self_check_open",
            "site_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    #: Such as "ieum-self-check/1".
    edition: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10), default=OPEN)
    started_on: Mapped[date]
    finished_on: Mapped[date | None]
    #: What it came to, once finished.
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id"), index=True)

    site: Mapped[Site] = relationship()
    answers: Mapped[list["SelfCheckAnswer"]] = relationship(
        cascade="all, delete-orphan", order_by="SelfCheckAnswer.id"
    )


class SelfCheckAnswer(Base):
    """The answer to one question: the last one given holds."""

    __tablename__ = "self_check_answer"
    __table_args__ = (
        CheckConstraint("value IS NULL OR value BETWEEN 1 AND 5", name="value"),
        Index("uq_self_check_answer", "check_id", "question", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("self_check.id", ondelete="CASCADE"))
    question: Mapped[str] = mapped_column(String(20))
    #: 1–5; none = 모르겠어요.
    value: Mapped[int | None]
    answered_at: Mapped[datetime] = mapped_column(default=utcnow)
