"""The address at which a person ends a kind of mail: signed, so that it needs no sign-in; it can do nothing else."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.errors import NotFound
from marketplace.accounts.models import User
from marketplace.notices.events import EVENTS


def address(user: User, event: str | None) -> str:
    """Where `user` ends the mail of `event`, or (None) the daily digest."""
    token = _signer().dumps([user.public_id, event])
    return f"{current_app.config['SITE_URL']}/unsubscribe/{token}"


def read(session: Session, token: str) -> tuple[User, str | None]:
    """Whose mail of what the address ends. Raises NotFound: forged, or the account is gone."""
    try:
        public_id, event = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        raise NotFound from None
    user = session.scalar(select(User).where(User.public_id == public_id))
    if user is None or (event is not None and event not in EVENTS):
        raise NotFound
    return user, event


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="unsubscribe")
