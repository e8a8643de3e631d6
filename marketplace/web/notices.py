"""The bell's page, what a person wants by mail, and the address in every mail that ends it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog.errors import Invalid
from marketplace import audit, wording
from marketplace.accounts import access, sign_in
from marketplace.accounts.permission import requires
from marketplace.extensions import db
from marketplace.notices import letters, preferences, reading, unsubscribing
from marketplace.notices.events import EVENTS
from marketplace.notices.models import DELIVERIES, Notice
from marketplace.web.parameters import notice_unknown, page_number
from marketplace.wording.notices import NOTICES

bp = Blueprint("notices", __name__)

PER_PAGE = 20


@bp.get("/notices")
@requires("notices.read")
def index() -> str:
    """The person's notices, newest first."""
    notice_unknown("page")
    total = reading.count(db, current_user)
    pages = -(-total // PER_PAGE)
    number = page_number(pages)
    rows = reading.newest(db, current_user, offset=(number - 1) * PER_PAGE, limit=PER_PAGE)
    lines = [(row, letters.sentence(row.event, row.params)) for row in rows]
    return render_template(
        "notices/index.html", lines=lines, total=total, page=number, pages=pages, page_href=_page_href
    )


@bp.post("/notices/<uuid:notice_id>")
@requires("notices.read")
def follow(notice_id: UUID) -> Response:
    """Mark it read and go where it leads, acting for the organization that it is about."""
    notice = reading.one(db, current_user, notice_id)
    reading.mark(notice)
    _act_for(notice)
    db.commit()
    return redirect(notice.link, 303)


@bp.post("/notices/read")
@requires("notices.read")
def read_all() -> Response:
    """Mark everything read."""
    reading.mark_all(db, current_user)
    db.commit()
    return redirect(url_for(".index"), 303)


@bp.get("/account/notices")
@requires("notices.choose")
def settings() -> str:
    """What the person wants by mail, event by event."""
    return _settings(preferences.of(db, current_user.user_key), {})


@bp.post("/account/notices")
@requires("notices.choose")
def choose() -> Response | tuple[str, int]:
    """Keep the person's choices."""
    user = access.user(db, current_user)
    wanted = {code: request.form[code] for code in EVENTS if code in request.form}
    try:
        preferences.choose(db, user, wanted)
    except Invalid as error:
        db.rollback()
        errors = {problem.pointer: [wording.problem(problem)] for problem in error.problems}
        held = preferences.of(db, current_user.user_key)
        return _settings({**held, **wanted}, errors), 422
    audit.commit("notices.choose", user, **wanted)
    flash(_("알림 설정을 저장했어요."), "success")
    return redirect(url_for(".settings"), 303)


@bp.get("/unsubscribe/<token>")
@requires("notices.unsubscribe")
def unsubscribe(token: str) -> str:
    """What the address in a mail would end; nothing is done before the button is pressed."""
    _user, event = unsubscribing.read(db, token)
    return render_template("notices/unsubscribe.html", what=_name_of(event), done=False)


@bp.post("/unsubscribe/<token>")
@requires("notices.unsubscribe")
def end_mail(token: str) -> str:
    """End that mail at once: the button, or a mail program's own (RFC 8058), without sign-in or CSRF token."""
    user, event = unsubscribing.read(db, token)
    preferences.end_mail(db, user, event)
    audit.commit("notices.unsubscribe", user, by=user.email, event=event or "digest")
    return render_template("notices/unsubscribe.html", what=_name_of(event), done=True)


def unread() -> int:
    """The number at the bell."""
    return reading.count_unread(db, current_user)


def _page_href(number: int) -> str:
    return url_for(".index", page=number)


def _act_for(notice: Notice) -> None:
    """Go to the place that the notice is for: its organization, in the role that hears of such events."""
    seat = next((seat for seat in current_user.seats if seat.key == notice.organization_id), None)
    if seat is None or notice.organization is None:
        return
    role = EVENTS[notice.event].role
    role = role if role in seat.roles else None
    elsewhere = seat.key != current_user.organization_key
    if elsewhere or (role is not None and role not in current_user.working_roles):
        sign_in.act_for(db, notice.organization, role)


def _settings(held: dict[str, str], errors: dict[str, list[str]]) -> str:
    roles = {role for seat in current_user.seats for role in seat.roles}
    heard = {code: event for code, event in EVENTS.items() if event.role is None or event.role in roles}
    rows = [(code, NOTICES[code].name, held[code]) for code, event in heard.items() if not event.duty]
    duties = [NOTICES[code].name for code, event in heard.items() if event.duty]
    return render_template(
        "notices/settings.html", rows=rows, duties=duties, deliveries=DELIVERIES, errors=errors
    )


def _name_of(event: str | None) -> str:
    return _("아침에 모아 보내는 메일") if event is None else str(NOTICES[event].name)
