"""Webhooks at work: what the worker does for them, and who is told when one is switched off."""

from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from marketplace import extensions, notices, tasks, worker
from marketplace.hooks import delivering
from marketplace.hooks.models import Hook
from marketplace.hooks.sending import Sender


def init_app(app: Flask) -> None:
    """Register the delivery with the worker."""
    app.extensions["hooks"] = Sender()

    def deliver(_key: str, payload: dict[str, Any]) -> None:
        attempt(app, payload)

    tasks.handle(app, delivering.TOPIC, deliver, slow=True)


def attempt(app: Flask, payload: dict[str, Any]) -> None:
    """One try of one delivery."""
    store = extensions.database(app)
    sender: Sender = app.extensions["hooks"]

    def tell(session: Session, hook: Hook) -> None:
        with app.app_context():
            _tell_switched_off(session, hook)

    delivering.attempt(
        store.session,
        sender,
        payload,
        key=str(app.config["SECRET_KEY"]),
        site_url=str(app.config["SITE_URL"]),
        now=extensions.now,
        sent=lambda: worker.crash_point(app, "hook.sent"),
        switched_off=tell,
    )


def _tell_switched_off(session: Session, hook: Hook) -> None:
    since = hook.off_at
    notices.tell(
        session,
        "hook.switched_off",
        key=f"{hook.public_id}:{since}",
        link=f"/organization/webhooks/{hook.public_id}",
        about=hook,
        organization=hook.organization,
        params={"url": hook.url, "days": delivering.PATIENCE.days},
    )
