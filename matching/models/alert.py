"""What an organization wants to hear of by itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.db import Base, Identified, utcnow
from catalog.models import Organization


class SavedSearch(Identified, Base):
    """A search of the store that is asked again each day; its organization's people hear of what is new in it."""

    __tablename__ = "saved_search"
    __table_args__ = (
        Index("uq_saved_search_organization_id_name", "organization_id", "name", unique=True),
        CheckConstraint("name <> ''", name="name"),
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    name: Mapped[str] = mapped_column(String(80))
    #: What was typed, and facet → chosen values; together they are the address of the store's page.
    text: Mapped[str] = mapped_column(String(200), default="")
    filters: Mapped[dict[str, Any]]
    #: Listings that became public after this moment are new.
    looked_at: Mapped[datetime] = mapped_column(default=utcnow)
    #: How many were new when it found some last, and when.
    found: Mapped[int] = mapped_column(default=0)
    found_at: Mapped[datetime | None]

    organization: Mapped[Organization] = relationship()
