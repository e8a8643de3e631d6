"""A form acts once: sent twice (double click, back and again), the second one ends where the first did.

The page carries a random word; the first submission stores it with its outcome in the same transaction. Two at once
meet at the unique key: one of them waits and then finds the other's outcome.
"""

import secrets

from flask import request
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import IdempotencyRecord
from marketplace.extensions import db

FIELD = "form_id"
MAX_LENGTH = 64


def field() -> Markup:
    """The hidden input; a form that is shown again after a refusal keeps its word."""
    word = _word() or secrets.token_urlsafe(16)
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, word)


def seen() -> str | None:
    """Where the first submission of this form ended, or None if this is the first. Call before acting."""
    word = _word()
    if not word:
        return None
    db.add(IdempotencyRecord(scope=_scope(), key=word, request_hash=""))
    try:
        db.flush()  # the unique key decides who is first
    except IntegrityError:
        db.rollback()
        known = select(IdempotencyRecord).where(
            IdempotencyRecord.scope == _scope(), IdempotencyRecord.key == word
        )
        row = db.scalar(known)
        return None if row is None or row.answer is None else str(row.answer["target"])
    return None


def remember(target: str) -> str:
    """Note where this submission ends, in the same transaction as what it did. Returns the target."""
    word = _word()
    if word:
        known = select(IdempotencyRecord).where(
            IdempotencyRecord.scope == _scope(), IdempotencyRecord.key == word
        )
        row = db.scalar(known)
        if row is not None:
            row.answer = {"target": target}
    return target


def _word() -> str:
    """The form's word; "" if it has none, or one that no form of ours carries."""
    word = request.form.get(FIELD, "")
    return word if len(word) <= MAX_LENGTH and word.isascii() and word.isprintable() else ""


def _scope() -> str:
    return str(current_user.scope)[:40]
