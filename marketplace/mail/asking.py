"""Asking for a mail in the transaction of the act that it tells of."""

import hashlib

from sqlalchemy.orm import Session

from catalog import outbox

TOPIC = "mail.send"
#: An outbox key holds 200 characters with its topic; addresses alone may be longer.
MAX_KEY = 180


def ask(
    session: Session, *, to: str, key: str, subject: str, body: str, unsubscribe: str | None = None
) -> None:
    """Send one mail once this transaction commits. `key` names the occasion: the same key is sent once.

    Args:
        unsubscribe: the address at which the receiver ends mail of this kind without signing in; None for duties.
    """
    name = f"{key}:{to}"
    if len(name) > MAX_KEY:
        name = hashlib.sha256(name.encode()).hexdigest()
    payload = {"to": to, "subject": subject, "body": body}
    if unsubscribe is not None:
        payload["unsubscribe"] = unsubscribe
    outbox.record(session, TOPIC, name, payload)
