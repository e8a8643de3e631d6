"""Links by which a manufacturer shows a list to somebody without an account: random words, kept as hashes, good for
some days, ended at once when they are taken back."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from catalog.db import Base, Identified
from catalog.errors import Conflict, Invalid
from marketplace.accounts.models import User
from marketplace.accounts.principal import digest
from marketplace.errors import LinkGone
from matching.models import Demand, MatchList

MIN_DAYS, MAX_DAYS, USUAL_DAYS = 1, 30, 7
#: Links of one demand that may be open at once.
MOST = 20


class ShareLink(Identified, Base):
    """One address at which a list and its demand's shortlist can be read."""

    __tablename__ = "share_link"
    __table_args__ = (CheckConstraint("opens >= 0", name="opens"),)

    demand_id: Mapped[int] = mapped_column(ForeignKey("demand.id", ondelete="CASCADE"), index=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("match_list.id", ondelete="CASCADE"), index=True)
    #: Who made it; None: a program of the organization, or a person whose account is gone.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"), index=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    #: Whether it names the company, its factory and the demand's title; whether it shows the notes.
    named: Mapped[bool]
    with_notes: Mapped[bool]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    opens: Mapped[int] = mapped_column(default=0)
    last_opened_at: Mapped[datetime | None]

    demand: Mapped[Demand] = relationship()
    match_list: Mapped[MatchList] = relationship()
    user: Mapped[User | None] = relationship()

    def is_open(self, now: datetime) -> bool:
        """Whether it still shows anything."""
        return self.revoked_at is None and now < self.expires_at


def make(
    session: Session,
    found: MatchList,
    user_key: int | None,
    *,
    days: int,
    named: bool,
    with_notes: bool,
    now: datetime,
    secret: str | None = None,
) -> tuple[ShareLink, str]:
    """A link to `found` and to its demand's shortlist; returns its row and the secret, which is not kept.

    Args:
        user_key: who makes it; None for a program of the organization.
        days: MIN_DAYS to MAX_DAYS.

    Raises:
        Invalid: too short or too long. Conflict: MOST links of the demand are open.
    """
    if not MIN_DAYS <= days <= MAX_DAYS:
        raise Invalid.at("days", "range", min=MIN_DAYS, max=MAX_DAYS)
    # Held until the commit, so that two at once are counted one after the other.
    session.execute(select(Demand.id).where(Demand.id == found.demand_id).with_for_update())
    mine = select(func.count(ShareLink.id)).where(ShareLink.demand_id == found.demand_id)
    still_open = mine.where(ShareLink.revoked_at.is_(None), ShareLink.expires_at > now)
    if (session.scalar(still_open) or 0) >= MOST:
        raise Conflict("share.too_many", max=MOST)
    word = secret or secrets.token_urlsafe(32)
    row = ShareLink(
        demand_id=found.demand_id,
        list_id=found.id,
        user_id=user_key,
        secret_hash=digest(word),
        named=named,
        with_notes=with_notes,
        expires_at=now + timedelta(days=days),
    )
    session.add(row)
    return row, word


def find(session: Session, secret: str, now: datetime) -> ShareLink:
    """The open link of that secret. Raises LinkGone: never made, taken back or out of date; nobody learns which."""
    row = session.scalar(select(ShareLink).where(ShareLink.secret_hash == digest(secret)))
    if row is None or not row.is_open(now):
        raise LinkGone
    return row


def note_opening(session: Session, link_key: int, now: datetime) -> None:
    """Count that somebody looked. The caller commits: the page itself only reads."""
    counted = update(ShareLink).where(ShareLink.id == link_key)
    session.execute(counted.values(opens=ShareLink.opens + 1, last_opened_at=now))


def revoke(row: ShareLink, now: datetime) -> None:
    """End a link at once; harmless if it has ended."""
    if row.revoked_at is None:
        row.revoked_at = now
