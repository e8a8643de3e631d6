"""Bytes that stand and fall with their row."""

from collections.abc import Callable
from typing import IO

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from catalog.files import FileStore


def put(session: Session, store: FileStore, key: str, stream: IO[bytes]) -> None:
    """Keep the bytes now, and forget them again if the session's transaction ends in anything but a commit."""
    store.put(key, stream)
    _at_the_end(session, lambda committed: None if committed else store.delete(key))


def delete(session: Session, store: FileStore, key: str) -> None:
    """Forget the bytes once the session's transaction has committed; they stay if it does not."""
    _at_the_end(session, lambda committed: store.delete(key) if committed else None)


def _at_the_end(session: Session, act: Callable[[bool], None]) -> None:
    """Call `act` once when the present transaction has ended, with whether it committed."""
    transaction = session.get_transaction() or session.begin()
    commits: list[Session] = []

    def settle(_session: Session, ended: SessionTransaction) -> None:
        if ended is transaction:
            act(bool(commits))

    # Events want the session itself, which the caller may only hold a proxy of. Once the transaction is over, its
    # listeners have nothing left to do.
    event.listen(transaction.session, "after_commit", commits.append)
    event.listen(transaction.session, "after_transaction_end", settle)
