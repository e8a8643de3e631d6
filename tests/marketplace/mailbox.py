"""The mail that the worker wrote, as a mail program reads it, and what was asked for."""

from email import message_from_bytes, policy

from sqlalchemy import select

from catalog.outbox import OutboxMessage
from marketplace import mail


def in_folder(folder):
    """Every message in the folder."""
    paths = sorted(folder.glob("*.eml"))
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]


def asked(session):
    """(address, subject) of every mail that was asked for, in order."""
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.topic == mail.TOPIC))
    return [(row.payload["to"], row.payload["subject"]) for row in rows.all()]
