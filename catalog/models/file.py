"""Uploaded files: the row that says whose a file is; its bytes lie in the file store."""

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from catalog.db import Base, Identified


class StoredFile(Identified, Base):
    """One file: of an evidence record, or of a paper that points at it (`matching.models.LevelCertificate`)."""

    __tablename__ = "stored_file"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    #: None for a file of something else than evidence: that points here.
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id", ondelete="CASCADE"), index=True)
    #: The name the uploader's machine gave it, without folders; only ever shown, never used as a path.
    name: Mapped[str] = mapped_column(String(120))
    #: Found from the content, not taken from the uploader.
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    #: Fingerprint of the bytes, hex.
    sha256: Mapped[str] = mapped_column(String(64))
    #: Where the store keeps it: random, says nothing about its owner.
    storage_key: Mapped[str] = mapped_column(String(64), unique=True)
