"""Alliances: vendors joined under a charter, who belongs to them, and who agreed to which version of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.alliance_states import (
    ALLIANCE_STATES,
    CHARTER_STATES,
    FORMING,
    IN_FORCE,
    INVITED,
    MEMBER_STATES,
    PROPOSED,
)
from catalog.db import Base, Identified
from catalog.models.organization import Organization

_IS_PROPOSED, _IS_IN_FORCE = text(f"state = '{PROPOSED}'"), text(f"state = '{IN_FORCE}'")


class Alliance(Identified, Base):
    """Vendors that serve factories of certain levels together; one of them, the lead, answers to the buyer alone."""

    __tablename__ = "alliance"
    __table_args__ = (
        CheckConstraint(f"state IN {ALLIANCE_STATES!r}", name="state"),
        CheckConstraint("(state = 'dissolved') = (dissolved_on IS NOT NULL)", name="dissolved_on"),
        CheckConstraint("name <> ''", name="name"),
    )

    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    #: What it is for.
    purpose: Mapped[str] = mapped_column(Text, default="")
    purpose_en: Mapped[str] = mapped_column(Text, default="")
    #: The organization that runs it: it invites, proposes charters, excludes. It may be a member and the lead as well.
    coordinator_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    #: Code of a sector division (`taxonomy.division`), or none; a reference alone.
    division: Mapped[str | None] = mapped_column(String(40))
    #: Moves only through `alliance_states.ALLIANCE_TRANSITIONS`.
    state: Mapped[str] = mapped_column(String(10), default=FORMING, index=True)
    dissolved_on: Mapped[date | None]

    coordinator: Mapped[Organization] = relationship()
    members: Mapped[list["AllianceMember"]] = relationship(
        back_populates="alliance", cascade="all, delete-orphan", order_by="AllianceMember.id"
    )
    charters: Mapped[list["AllianceCharter"]] = relationship(
        back_populates="alliance", cascade="all, delete-orphan", order_by="AllianceCharter.number"
    )

    @property
    def charter(self) -> "AllianceCharter | None":
        """The version in force; none while it is forming."""
        return next((one for one in self.charters if one.state == IN_FORCE), None)

    @property
    def proposal(self) -> "AllianceCharter | None":
        """The version that waits for its members, if any."""
        return next((one for one in self.charters if one.state == PROPOSED), None)


class AllianceMember(Identified, Base):
    """One organization × one alliance, from the invitation or the request to the end; one row, however often it comes
    and goes."""

    __tablename__ = "alliance_member"
    __table_args__ = (
        Index("uq_alliance_member", "alliance_id", "organization_id", unique=True),
        CheckConstraint(f"state IN {MEMBER_STATES!r}", name="state"),
        CheckConstraint(
            "state NOT IN ('leaving', 'left', 'excluded') OR last_day IS NOT NULL", name="last_day"
        ),
    )

    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id", ondelete="CASCADE"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), index=True)
    #: Moves only through `alliance_states.MEMBER_TRANSITIONS`.
    state: Mapped[str] = mapped_column(String(10), default=INVITED)
    #: What it does in the alliance: as the charter says, or, until a charter does, as it was invited.
    role: Mapped[str] = mapped_column(String(60), default="")
    role_en: Mapped[str] = mapped_column(String(60), default="")
    #: Codes of the scheme "capability" that it takes on.
    capabilities: Mapped[list[Any]] = mapped_column(JSON, default=list)
    #: What came with the invitation or the request.
    message: Mapped[str] = mapped_column(Text, default="")
    #: The day of the invitation or the request.
    begun_on: Mapped[date]
    #: Since when it belongs to the alliance.
    since: Mapped[date | None]
    #: The last day on which it belongs to it, once it leaves or is excluded.
    last_day: Mapped[date | None]
    #: Why it was refused or excluded; it alone and the coordinator read it.
    reason: Mapped[str] = mapped_column(Text, default="")

    alliance: Mapped[Alliance] = relationship(back_populates="members")
    organization: Mapped[Organization] = relationship()


class AllianceCharter(Identified, Base):
    """One version of the charter. Its content never changes; a change is another version."""

    __tablename__ = "alliance_charter"
    __table_args__ = (
        Index("uq_alliance_charter_number", "alliance_id", "number", unique=True),
        Index(
            "uq_alliance_charter_proposed",
            "alliance_id",
            unique=True,
            sqlite_where=_IS_PROPOSED,
            postgresql_where=_IS_PROPOSED,
        ),
        Index(
            "uq_alliance_charter_in_force",
            "alliance_id",
            unique=True,
            sqlite_where=_IS_IN_FORCE,
            postgresql_where=_IS_IN_FORCE,
        ),
        CheckConstraint(f"state IN {CHARTER_STATES!r}", name="state"),
        CheckConstraint("number >= 1", name="number"),
    )

    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliance.id", ondelete="CASCADE"))
    #: 1, 2, 3 … within the alliance.
    number: Mapped[int]
    #: Everything that is agreed (`charters.content_of`); organizations stand in it by id, without names.
    content: Mapped[dict[str, Any]]
    #: SHA-256 of the canonical JSON of `content`: what members accept.
    sha256: Mapped[str] = mapped_column(String(64))
    #: Moves only through `alliance_states.CHARTER_TRANSITIONS`.
    state: Mapped[str] = mapped_column(String(10), default=PROPOSED)
    proposed_on: Mapped[date]
    in_force_on: Mapped[date | None]
    #: The day on which it was superseded or withdrawn.
    ended_on: Mapped[date | None]
    #: When members who have not accepted it were last reminded.
    reminded_on: Mapped[date | None]

    alliance: Mapped[Alliance] = relationship(back_populates="charters")
    consents: Mapped[list["CharterConsent"]] = relationship(
        back_populates="charter", cascade="all, delete-orphan", order_by="CharterConsent.id"
    )


class CharterConsent(Base):
    """A member accepts exactly one version; whoever joins later accepts it with the part that it was offered."""

    __tablename__ = "charter_consent"
    __table_args__ = (Index("uq_charter_consent", "charter_id", "member_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    charter_id: Mapped[int] = mapped_column(ForeignKey("alliance_charter.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("alliance_member.id", ondelete="CASCADE"), index=True)
    #: The hash that was shown and accepted; the version's own.
    sha256: Mapped[str] = mapped_column(String(64))
    #: Name and email of the person with signing right.
    signed_by: Mapped[str] = mapped_column(String(80))
    signed_email: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime]
    #: {"role", "role_en", "capabilities"} of a member that the version does not name yet; none for the others.
    part: Mapped[dict[str, Any] | None]

    charter: Mapped[AllianceCharter] = relationship(back_populates="consents")
    member: Mapped[AllianceMember] = relationship()
