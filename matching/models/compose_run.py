"""A search for bundles or for packages: what was asked, how far it is, what came of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified
from catalog.models import Alliance
from matching.models.demand import Demand

QUEUED, RUNNING, DONE, CANCELLED, FAILED = "queued", "running", "done", "cancelled", "failed"
STATES = (QUEUED, RUNNING, DONE, CANCELLED, FAILED)
#: Those in which it is still to end.
OPEN = (QUEUED, RUNNING)


class ComposeRun(Identified, Base):
    """One run of an alliance: for one demand that it sees, or for a segment of all of them."""

    __tablename__ = "compose_run"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES!r}", name="state"),
        CheckConstraint("(demand_id IS NULL) = (demand_version IS NULL)", name="demand_version"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
        CheckConstraint("(state IN ('queued', 'running')) = (ended_at IS NULL)", name="ended_at"),
        Index("ix_compose_run_alliance_id_demand_id", "alliance_id", "demand_id"),
        Index("ix_compose_run_state", "state"),
    )

    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id"))
    #: None: packages for a segment.
    demand_id: Mapped[int | None] = mapped_column(ForeignKey("demand.id", ondelete="CASCADE"), index=True)
    #: The demand's version that was asked for.
    demand_version: Mapped[int | None]
    #: Email of the coordinator's person.
    asked_by: Mapped[str] = mapped_column(String(254))
    #: `composing.wishes.plain`, of a segment `composing.segment_wishes.plain`, and its SHA-256.
    wishes: Mapped[dict[str, Any]]
    wishes_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10), default=QUEUED)
    #: Rises when a run is taken up again whose worker died: what the dead one would still write counts for nothing.
    attempt: Mapped[int] = mapped_column(default=1)
    #: Step of the composer that is under way, and the part of all that is done.
    step: Mapped[str] = mapped_column(String(20), default="")
    percent: Mapped[int] = mapped_column(default=0)
    #: Last sign of life of the worker that has it.
    beat_at: Mapped[datetime | None]
    #: Somebody asked a running one to end.
    is_cancelling: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    #: SHA-256 of the whole instance.
    instance_sha256: Mapped[str | None] = mapped_column(String(64))
    #: `composing.results.kept`, of a segment `composing.segment_results.kept`.
    result: Mapped[dict[str, Any] | None]
    #: Why it failed: codes of problems, [[pointer, code, params]].
    failure: Mapped[list[Any] | None]
    #: Public id of the bundle that was last drafted from it.
    bundle: Mapped[str | None] = mapped_column(String(36))

    alliance: Mapped[Alliance] = relationship()
    demand: Mapped[Demand | None] = relationship()

    @property
    def asked_for(self) -> Demand:
        """The demand of a run for one. Raises ValueError: it is for a segment."""
        if self.demand is None:
            raise ValueError("a run for a segment has no demand of its own")
        return self.demand
