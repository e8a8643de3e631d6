"""The official industry list, loaded by the operator from the official file (`flask taxonomy load-ksic`)."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from catalog.db import Base


class OfficialIndustry(Base):
    """One class of the Korean Standard Industrial Classification, manufacturing section."""

    __tablename__ = "official_industry"

    #: Codes mean different things in different revisions, so the key is the pair.
    revision: Mapped[str] = mapped_column(String(4), primary_key=True)
    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    parent: Mapped[str | None] = mapped_column(String(5))
    name_ko: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(300))
