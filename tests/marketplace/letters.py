"""For tests: the mails that were asked for, as their receivers would read them."""

import re

from sqlalchemy import select

from catalog.outbox import OutboxMessage
from marketplace import mail
from tests.marketplace.web.looking import rows


def sent_to(app, address):
    """Every mail to the address, oldest first: subject and body."""
    asked = select(OutboxMessage.payload).where(OutboxMessage.topic == mail.TOPIC).order_by(OutboxMessage.id)
    return [letter for letter in rows(app, asked) if letter["to"] == address]


def link_in(app, address, path):
    """The path of the last link to `path` in the mails to the address; None without one."""
    found = [
        link
        for letter in sent_to(app, address)
        for link in re.findall(rf"http://127\.0\.0\.1:8000({path}/[\w-]+)", letter["body"])
    ]
    return found[-1] if found else None
