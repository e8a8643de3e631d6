"""Bundles: the working copy, the versions that were put before the vendors, and who agreed to exactly which one."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.bundle_states import ASKED, CONSENT_STATES, IN_FORCE, OPEN, SIGNING, SUPERSEDED, VERSION_STATES
from catalog.db import Base, Identified, utcnow
from catalog.models.alliance import Alliance
from catalog.models.listing import Listing
from catalog.models.organization import Organization

_IS_OPEN, _IS_IN_FORCE = text(f"state IN {OPEN!r}"), text(f"state = '{IN_FORCE}'")


class Bundle(Identified, Base):
    """Several members' listings sold as one. What is sold is a version; what is in the store is its listing."""

    __tablename__ = "bundle"

    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id"), index=True)
    #: Its face in the store, of the kind "bundle"; written from a version that everybody signed, never by hand.
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), unique=True)
    #: The working copy (`bundles.form.plain`).
    draft: Mapped[dict[str, Any]]
    #: Rises with every change of the working copy: who changes an older one is told.
    draft_number: Mapped[int] = mapped_column(default=1)
    #: Public id of the demand for which it was composed, if any.
    demand: Mapped[str | None] = mapped_column(String(36))
    changed_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)
    #: When its versions were last held against the store, and the catalogue's revision of that time.
    looked_at: Mapped[datetime | None]
    looked_revision: Mapped[int] = mapped_column(BigInteger, default=0)

    alliance: Mapped[Alliance] = relationship()
    listing: Mapped[Listing] = relationship()
    versions: Mapped[list["BundleVersion"]] = relationship(
        back_populates="bundle", cascade="all, delete-orphan", order_by="BundleVersion.number"
    )

    @property
    def broken_on(self) -> date | None:
        """Since when a conflict stands in the version that is sold: until it is mended it is matched with nobody."""
        return self.listing.broken_on

    @property
    def open_version(self) -> "BundleVersion | None":
        """The version that waits for signatures or for its publication, if any."""
        return next((one for one in self.versions if one.state in OPEN), None)

    @property
    def in_force(self) -> "BundleVersion | None":
        """The version that is sold."""
        return next((one for one in self.versions if one.state == IN_FORCE), None)

    @property
    def sold_before(self) -> "BundleVersion | None":
        """The version that was sold before the one that is."""
        return next((one for one in reversed(self.versions) if one.state == SUPERSEDED), None)


class BundleVersion(Identified, Base):
    """One version as it was put before the vendors. Its content never changes; a change is another version."""

    __tablename__ = "bundle_version"
    __table_args__ = (
        Index("uq_bundle_version_number", "bundle_id", "number", unique=True),
        Index(
            "uq_bundle_version_open",
            "bundle_id",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
        Index(
            "uq_bundle_version_in_force",
            "bundle_id",
            unique=True,
            sqlite_where=_IS_IN_FORCE,
            postgresql_where=_IS_IN_FORCE,
        ),
        CheckConstraint(f"state IN {VERSION_STATES!r}", name="state"),
        CheckConstraint("number >= 1", name="number"),
    )

    bundle_id: Mapped[int] = mapped_column(ForeignKey("bundle.id", ondelete="CASCADE"))
    number: Mapped[int]
    #: `bundles.form.canonical`, and its SHA-256.
    content: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    #: Moves only through `bundle_states.VERSION_TRANSITIONS`.
    state: Mapped[str] = mapped_column(String(10), default=SIGNING)
    #: Sent to the vendors on; to be signed by all of them until, that day included.
    sent_on: Mapped[date]
    until: Mapped[date]
    #: The day on which the last of them signed.
    signed_on: Mapped[date | None]
    #: The day on which it ended, in whatever way.
    ended_on: Mapped[date | None]
    reminded_on: Mapped[date | None]
    #: The day on which it came to be sold, and the release of the listing that was made of it.
    in_force_on: Mapped[date | None]
    release: Mapped[int | None]
    #: Conflicts that stood in it when it was last looked at (`reopening.noted`), so that each is told once.
    conflicts: Mapped[list[Any]] = mapped_column(default=list)

    bundle: Mapped[Bundle] = relationship(back_populates="versions")
    consents: Mapped[list["BundleConsent"]] = relationship(
        back_populates="version", cascade="all, delete-orphan", order_by="BundleConsent.id"
    )
    parts: Mapped[list["BundlePart"]] = relationship(cascade="all, delete-orphan")


class BundlePart(Base):
    """A listing that stands in a version: whatever changes it asks for another look at the bundle."""

    __tablename__ = "bundle_part"

    version_id: Mapped[int] = mapped_column(
        ForeignKey("bundle_version.id", ondelete="CASCADE"), primary_key=True
    )
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), primary_key=True, index=True)


class BundleConsent(Base):
    """What one vendor is asked for a version, and what it answered."""

    __tablename__ = "bundle_consent"
    __table_args__ = (
        Index("uq_bundle_consent", "version_id", "organization_id", unique=True),
        CheckConstraint(f"state IN {CONSENT_STATES!r}", name="state"),
        CheckConstraint("(state = 'asked') = (at IS NULL)", name="at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("bundle_version.id", ondelete="CASCADE"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=ASKED)
    #: SHA-256 of the vendor's part (`bundles.parts`), and of the version that was signed: of a consent that was carried
    #: over the earlier one.
    part_sha256: Mapped[str] = mapped_column(String(64))
    signed_sha256: Mapped[str | None] = mapped_column(String(64))
    #: Number of the version under which it was given first, of a consent that was carried over.
    carried_from: Mapped[int | None]
    #: Name and email of the person with signing right who answered.
    signed_by: Mapped[str | None] = mapped_column(String(80))
    signed_email: Mapped[str | None] = mapped_column(String(254))
    at: Mapped[datetime | None]
    #: Why it was denied.
    reason: Mapped[str] = mapped_column(Text, default="")
    #: When somebody of the vendor first opened it, and how often the vendor was reminded.
    opened_at: Mapped[datetime | None]
    reminders: Mapped[int] = mapped_column(default=0)

    version: Mapped[BundleVersion] = relationship(back_populates="consents")
    organization: Mapped[Organization] = relationship()
