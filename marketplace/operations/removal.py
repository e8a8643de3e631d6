"""An account goes: what is deleted, what stays and why. The page (`templates/own_data/`) says the same in words."""

from collections.abc import Mapping

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session, aliased

from catalog import outbox
from catalog.db import Base
from catalog.errors import Conflict
from catalog.models import Organization
from catalog.outbox import OutboxMessage
from marketplace import mail
from marketplace.accounts import joining
from marketplace.accounts.data_requests import READY, DataExport
from marketplace.accounts.models import Invitation, Membership, User
from marketplace.operations import own_data
from matching.models import DemandVersion

DELETE, KEEP = "delete", "keep"
#: What becomes of every row that names the person. A table that is not here fails a test.
DECISIONS: Mapping[str, str] = {
    "membership.user_id": DELETE,
    "user_session.user_id": DELETE,
    "api_token.user_id": DELETE,
    "one_time_link.user_id": DELETE,
    "recovery_code.user_id": DELETE,
    "known_device.user_id": DELETE,
    "join_request.user_id": DELETE,
    "notice.user_id": DELETE,
    "notice_preference.user_id": DELETE,
    "data_export.user_id": DELETE,
    # They belong to an organization or to the operator's record; the name behind them is gone.
    "invitation.invited_by": KEEP,
    "abuse_report.reporter_id": KEEP,
    "deletion_request.user_id": KEEP,
    "share_link.user_id": KEEP,
}
#: What stands where a name stood.
NOBODY = "–"


def last_admin_of(session: Session, user: User) -> list[Organization]:
    """Organizations that would be without an admin: they stand in the way."""
    others = aliased(Membership)
    other = select(others.id).join(User, User.id == others.user_id)
    other = other.where(others.organization_id == Organization.id, others.user_id != user.id)
    other = other.where(others.is_admin, joining.can_sign_in())
    mine = select(Organization).join(Membership, Membership.organization_id == Organization.id)
    rows = mine.where(Membership.user_id == user.id, Membership.is_admin, ~other.exists())
    return list(session.scalars(rows.order_by(Organization.id)))


def remove_person(session: Session, user: User) -> None:
    """Delete what is the person's alone and take name and address off the rest. Nobody can sign in as them any more.

    Raises:
        Conflict: they are the last admin of an organization.
    """
    seats = select(Membership.organization_id).where(Membership.user_id == user.id)
    for key in sorted(session.scalars(seats).all()):
        joining.lock(session, key)
    if last_admin_of(session, user):
        raise Conflict("member.last_admin")
    for row in session.scalars(
        select(DataExport).where(DataExport.user_id == user.id, DataExport.state == READY)
    ):
        own_data.forget(session, row)
    session.flush()
    for place, decision in DECISIONS.items():
        name, column = place.split(".")
        if decision == DELETE:
            table: Table = Base.metadata.tables[name]
            session.execute(delete(table).where(table.c[column] == user.id))
    session.execute(delete(Invitation).where(Invitation.email == user.email))
    _clear_mail(session, user.email)
    # The organization keeps what was changed and when; not by whom.
    session.execute(update(DemandVersion).where(DemandVersion.by == user.email).values(by=NOBODY))
    user.email, user.name = f"removed-{user.public_id}@removed.invalid", NOBODY
    user.password_hash = user.totp_secret = user.totp_on_at = user.email_proved_at = None
    session.flush()
    session.expire(user, ["memberships"])


def _clear_mail(session: Session, address: str) -> None:
    """Mail to the person: what waits is not sent, what was sent keeps neither address nor words."""
    ending = address.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    theirs = (OutboxMessage.topic == mail.TOPIC) & OutboxMessage.key.like(f"%:{ending}", escape="\\")
    session.execute(delete(OutboxMessage).where(theirs, OutboxMessage.state == outbox.WAITING))
    blank = {"to": NOBODY, "subject": NOBODY, "body": ""}
    for key in session.scalars(select(OutboxMessage.id).where(theirs)).all():
        cleared = {"key": f"{mail.TOPIC}:removed:{key}", "payload": blank, "last_error": None}
        session.execute(update(OutboxMessage).where(OutboxMessage.id == key).values(cleared))
