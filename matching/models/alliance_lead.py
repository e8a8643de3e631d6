"""A demand that is shown to one alliance, and which member takes care of it."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified
from catalog.models import Alliance, Organization
from matching.models.demand import Demand


class AllianceLead(Identified, Base):
    """One line of an alliance's pipeline, while the demand's audience includes the alliance; a demand has one at most.

    What each member answered stands in its own `Lead`.
    """

    __tablename__ = "alliance_lead"

    demand_id: Mapped[int] = mapped_column(ForeignKey("demand.id", ondelete="CASCADE"), unique=True)
    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id"), index=True)
    shared_at: Mapped[datetime]
    #: The member that takes care of it; none = nobody yet.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)

    demand: Mapped[Demand] = relationship(back_populates="alliance_lead")
    alliance: Mapped[Alliance] = relationship()
    owner: Mapped[Organization | None] = relationship()
