"""Notices as mail: in the receiver's language, with a link to the exact object and a way to get no more of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app
from flask_babel import force_locale, get_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import config, mail
from marketplace.accounts.models import User
from marketplace.notices import unsubscribing
from marketplace.notices.events import EVENTS
from marketplace.notices.models import Notice
from marketplace.wording.notices import words_of
from marketplace.wording.particles import settled


def may_be_mailed(user: User) -> bool:
    """Whether the address is known to be the person's own: proved, or a demo account; and the account is in use."""
    proved = user.email_proved_at is not None or user.email in config.DEMO_EMAILS
    return proved and user.suspended_at is None


def sentence(event: str, params: Mapping[str, Any]) -> str:
    """The one sentence of a notice, in the language of the request or of `force_locale`."""
    return settled(str(words_of(event, params).sentence) % _in_language(params))


def ask(session: Session, user: User, notice: Notice) -> None:
    """Ask for the mail of one notice once this transaction commits."""
    with force_locale(user.locale):
        title = settled(str(words_of(notice.event, notice.params).subject) % _in_language(notice.params))
        said = sentence(notice.event, notice.params)
        if user.suspended_at is not None:
            _ask_shut(session, user, notice, _subject(title), said)
            return
        lines = [said, "", _address(notice.link)]
        leave = None if EVENTS[notice.event].duty else unsubscribing.address(user, notice.event)
        mail.ask(
            session,
            to=user.email,
            key=f"notice:{notice.key}",
            subject=_subject(title),
            body=_body(lines, leave),
            unsubscribe=leave,
        )


def _ask_shut(session: Session, user: User, notice: Notice, subject: str, said: str) -> None:
    """A mail to somebody who cannot sign in: no page would open, so that it names the operator's address alone."""
    contact = current_app.config["CONTACT"]
    lines = [said, *(["", _("운영자에게 문의: %(address)s", address=contact)] if contact else [])]
    mail.ask(
        session,
        to=user.email,
        key=f"notice:{notice.key}",
        subject=subject,
        body="\n".join(lines) + "\n",
        unsubscribe=None,
    )


def ask_digest(session: Session, user: User, notices: Sequence[Notice], day: str) -> None:
    """Ask for one mail with all of `notices`, oldest first; `day` (Korean date, ISO) and the person are its key."""
    with force_locale(user.locale):
        count = len(notices)
        title = ngettext("어제부터 온 소식 %(num)s건", "어제부터 온 소식 %(num)s건", count)
        lines: list[str] = []
        for notice in notices:
            lines += ["- " + sentence(notice.event, notice.params), "  " + _address(notice.link), ""]
        leave = unsubscribing.address(user, None)
        mail.ask(
            session,
            to=user.email,
            key=f"digest:{user.public_id}:{day}",
            subject=_subject(title),
            body=_body(lines[:-1], leave),
            unsubscribe=leave,
        )


def _subject(title: str) -> str:
    return f"[{current_app.config['SITE_NAME']}] {title}"


def _body(lines: list[str], leave: str | None) -> str:
    foot = ["", "--", _("알림 설정: %(address)s", address=_address("/account/notices"))]
    if leave is not None:
        foot.append(_("이 메일 그만 받기: %(address)s", address=leave))
    return "\n".join([*lines, *foot]) + "\n"


def _address(path: str) -> str:
    return f"{current_app.config['SITE_URL']}{path}"


def _in_language(params: Mapping[str, Any]) -> dict[str, Any]:
    """The params, each with its English form in its place where English is read and there is one."""
    english = str(get_locale() or "ko") == "en"
    return {name: (english and params.get(f"{name}_en")) or value for name, value in params.items()}
