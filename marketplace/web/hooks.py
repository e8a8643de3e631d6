"""Webhooks of the organization: register, see what was sent, change the secret, test, switch on and off."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from catalog.errors import Invalid
from marketplace import audit, wording
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now
from marketplace.hooks import delivering, endpoints, fetching
from marketplace.hooks.models import Hook
from marketplace.notices.events import OF_ORGANIZATIONS
from marketplace.schemas.fields import parse
from marketplace.schemas.programs import HookIn
from marketplace.web import forms, once
from marketplace.web.parameters import notice_unknown, page_number
from marketplace.wording.notices import NOTICES

bp = Blueprint("hooks", __name__, url_prefix="/organization/webhooks")

FIELDS = {"url": forms.text, "events": forms.many}
PER_PAGE = 20


@bp.after_request
def _never_kept(response: Response) -> Response:
    """Pages with secrets stay out of every cache, the browser's included."""
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("")
@requires("hook.manage")
def index() -> str:
    """The addresses, and a form for one more."""
    return render_template("programs/hooks.html", **_all())


@bp.post("")
@requires("hook.manage")
def create() -> AnyResponse | tuple[str, int]:
    """Register an address and go to its page, where the secret can be made."""
    form = forms.read(request.form, FIELDS)
    try:
        given = parse(HookIn(), form.data)
        known = once.seen()
        if known is not None:
            return redirect(known, 303)
        hook = endpoints.register(db, access.own_organization(db, current_user), **given)
    except Invalid as error:
        return render_template("programs/hooks.html", **{**_all(), **form.refused(error.problems)}), 422
    target = once.remember(url_for(".show", hook_id=hook.public_id))
    audit.commit("hook.create", hook, url=hook.url)
    flash(_("웹훅을 등록했어요. 비밀 값을 받아 서명을 확인하는 데 써 주세요."), "success")
    return redirect(target, 303)


@bp.get("/<uuid:hook_id>")
@requires("hook.manage")
def show(hook_id: UUID) -> str:
    """One address with the log of its deliveries."""
    notice_unknown("page")
    return render_template("programs/hook.html", **_one(fetching.own_hook(db, current_user, hook_id)))


@bp.post("/<uuid:hook_id>/secret")
@requires("hook.manage")
def rotate(hook_id: UUID) -> str:
    """Show a new secret, this once; the same form sent twice shows the same one."""
    hook = fetching.own_hook(db, current_user, hook_id)
    if once.seen() is None:
        endpoints.rotate(hook, now())
        once.remember(url_for(".show", hook_id=hook_id))
        audit.commit("hook.rotate", hook)
    secret = endpoints.newest_secret(hook.public_id, hook.generation)
    return render_template("programs/hook.html", **_one(hook), secret=secret)


@bp.post("/<uuid:hook_id>/ping")
@requires("hook.manage")
def ping(hook_id: UUID) -> AnyResponse:
    """Send a ping."""
    hook = fetching.own_hook(db, current_user, hook_id)
    delivering.ping(db, hook, now())
    audit.commit("hook.ping", hook)
    flash(_("시험 신호를 보내고 있어요. 잠시 뒤 새로 고치면 결과가 보여요."), "success")
    return redirect(url_for(".show", hook_id=hook_id), 303)


@bp.post("/<uuid:hook_id>/deliveries/<uuid:delivery_id>/redelivery")
@requires("hook.manage")
def redeliver(hook_id: UUID, delivery_id: UUID) -> AnyResponse:
    """Send an event once more."""
    delivery = fetching.own_delivery(db, current_user, hook_id, delivery_id)
    again = delivering.redeliver(db, delivery, now())
    audit.commit("hook.redeliver", again, first=delivery.public_id)
    flash(_("같은 사건을 다시 보내고 있어요."), "success")
    return redirect(url_for(".show", hook_id=hook_id), 303)


@bp.post("/<uuid:hook_id>/off")
@requires("hook.manage")
def switch_off(hook_id: UUID) -> AnyResponse:
    """Send nothing more for now."""
    hook = fetching.own_hook(db, current_user, hook_id)
    endpoints.switch_off(hook, now())
    audit.commit("hook.off", hook)
    return redirect(url_for(".show", hook_id=hook_id), 303)


@bp.post("/<uuid:hook_id>/on")
@requires("hook.manage")
def switch_on(hook_id: UUID) -> AnyResponse:
    """Send again from now on."""
    hook = fetching.own_hook(db, current_user, hook_id)
    endpoints.switch_on(hook)
    audit.commit("hook.on", hook)
    return redirect(url_for(".show", hook_id=hook_id), 303)


@bp.post("/<uuid:hook_id>/remove")
@requires("hook.manage")
def remove(hook_id: UUID) -> AnyResponse:
    """Forget the address and its log."""
    hook = fetching.own_hook(db, current_user, hook_id)
    audit.record(db, "hook.remove", hook, url=hook.url)
    endpoints.remove(db, hook)
    db.commit()
    flash(_("웹훅을 지웠어요."), "success")
    return redirect(url_for(".index"), 303)


def _all() -> dict[str, Any]:
    hooks = endpoints.of_organization(db, access.own_organization(db, current_user))
    return {
        "hooks": [(hook, [_event_name(event) for event in hook.events]) for hook in hooks],
        "event_options": [(event, _event_name(event)) for event in OF_ORGANIZATIONS],
        "max_hooks": endpoints.MAX_HOOKS,
    }


def _one(hook: Hook) -> dict[str, Any]:
    _rows, total = endpoints.deliveries(db, hook, offset=0, limit=0)
    pages = -(-total // PER_PAGE)
    number = page_number(pages)
    rows, _total = endpoints.deliveries(db, hook, offset=(number - 1) * PER_PAGE, limit=PER_PAGE)
    return {
        "hook": hook,
        "event_names": [_event_name(event) for event in hook.events],
        "deliveries": [(row, _event_name(row.event), _trouble(row.trouble)) for row in rows],
        "page": number,
        "pages": pages,
        "page_href": lambda n: url_for(".show", hook_id=hook.public_id, page=n),
        "moment": now(),
        "patience_days": delivering.PATIENCE.days,
        "overlap_hours": int(endpoints.OVERLAP.total_seconds()) // 3600,
    }


def _event_name(event: str) -> str:
    return _("시험 신호") if event == delivering.PING else str(NOTICES[event].name)


def _trouble(code: str | None) -> str:
    return "" if code is None else wording.name("hook_trouble", code)
