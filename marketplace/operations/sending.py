"""What follows commits, at a glance: how many messages wait, stopped or are done, and the latest of them."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog import outbox
from catalog.outbox import OutboxMessage
from marketplace import mail


@dataclass(frozen=True, slots=True)
class Sending:
    """State → messages, of all topics and of mails; the last that stopped and the last mails, newest first."""

    counts: dict[str, int]
    mail_counts: dict[str, int]
    stopped: list[OutboxMessage]
    mails: list[OutboxMessage]


def glance(session: Session, *, stopped: int, mails: int) -> Sending:
    """Read it in two statements; `stopped` and `mails` say how many rows at most."""
    is_mail = (OutboxMessage.topic == mail.TOPIC).label("is_mail")
    number = func.count(OutboxMessage.id).label("number")
    counted = session.execute(
        select(is_mail, OutboxMessage.state, number).group_by(is_mail, OutboxMessage.state)
    ).all()
    newest = select(OutboxMessage.id).order_by(OutboxMessage.id.desc())
    dead = newest.where(OutboxMessage.state == outbox.DEAD).limit(stopped).subquery()
    sent = newest.where(OutboxMessage.topic == mail.TOPIC).limit(mails).subquery()
    wanted = OutboxMessage.id.in_(select(dead.c.id)) | OutboxMessage.id.in_(select(sent.c.id))
    rows = session.scalars(select(OutboxMessage).where(wanted).order_by(OutboxMessage.id.desc())).all()
    return Sending(
        counts={s: sum(row.number for row in counted if row.state == s) for s in outbox.STATES},
        mail_counts={
            s: sum(row.number for row in counted if row.state == s and row.is_mail) for s in outbox.STATES
        },
        stopped=[row for row in rows if row.state == outbox.DEAD][:stopped],
        mails=[row for row in rows if row.topic == mail.TOPIC][:mails],
    )
