"""수준확인서 of our factories: hand one in, see what became of it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from catalog import clock, taxonomy
from catalog.errors import Invalid, NotFound, Problem
from catalog.files.content import MAX_BYTES
from catalog.models import Site
from marketplace import audit, extensions, wording
from marketplace.accounts import access
from marketplace.accounts.permission import is_allowed, requires
from marketplace.downloads import attachment
from marketplace.errors import answer
from marketplace.extensions import db, locale, today
from marketplace.inbox.levels import DECIDE_DAYS
from marketplace.inbox.workdays import after
from marketplace.journeys import level_certificates as papers
from marketplace.schemas.fields import parse
from marketplace.schemas.sites import PaperIn
from marketplace.web import forms, once
from marketplace.web.parameters import notice_unknown
from marketplace.web.sites import level_choices, level_text
from matching import level_certificates
from matching.models import LevelCertificate
from matching.models.assessment import COMPANY_LEVEL

bp = Blueprint("level_certificates", __name__, url_prefix="/sites/<uuid:site_id>/certificates")

FIELDS = {
    "number": forms.text,
    "body": forms.text,
    "scale": forms.chosen,
    "level": forms.whole,
    "issued_on": forms.chosen,
    "valid_until": forms.chosen,
    "file": forms.text,
}


@bp.get("")
@requires("site.read")
def index(site_id: UUID) -> str:
    """The papers of a factory with what became of them, and the form for another one."""
    notice_unknown()
    return _page(access.own_site(db, current_user, site_id), {})


@bp.post("")
@requires("site.certify")
def hand_in(site_id: UUID) -> Response | tuple[str, int]:
    """Keep a paper with its file; bytes without a row, or a row without bytes, never stay."""
    site = access.own_site(db, current_user, site_id)
    form = forms.read(request.form, FIELDS)
    form.data.pop("file", None)
    sent = next((file for file in request.files.values() if file.filename), None)
    try:
        fields = _parsed(form, is_there=sent is not None)
        if once.seen() is None and sent is not None:
            stream, name = sent.stream, sent.filename or ""
            row = papers.hand_in(
                db, site, extensions.file_store(), fields, name=name, stream=stream, today=today()
            )
            once.remember(url_for(".index", site_id=site_id))
            audit.commit("level_certificate.hand_in", row, sha256=row.file.sha256)
            flash(_("수준확인서를 올렸어요. 운영자가 확인하면 알려 드려요."), "success")
    except Invalid as error:
        return _refused(site_id, form, error), 422
    return redirect(url_for(".index", site_id=site_id), 303)


@bp.get("/<uuid:certificate_id>/file")
@requires("site.read")
def file(site_id: UUID, certificate_id: UUID) -> Response:
    """Stream a paper, always as something to save."""
    return sent_file(access.own_level_certificate(db, current_user, site_id, certificate_id))


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response | tuple[str, int]:
    """Say at the file's field that it is too large; the request is refused before any view sees it."""
    try:
        if request.endpoint != f"{bp.name}.hand_in" or not is_allowed("site.certify"):
            raise NotFound
        site_id: UUID = (request.view_args or {})["site_id"]
        access.own_site(db, current_user, site_id)
    except NotFound:
        return answer(413, "http_413")
    # Nothing of the body was parsed: what asks for typed fields later must not try again.
    vars(request).update(form=MultiDict(), files=MultiDict())
    problem = Invalid.at("file", "file_too_large", max_mb=MAX_BYTES >> 20)
    return _refused(site_id, forms.read(MultiDict(), FIELDS), problem), 413


def sent_file(row: LevelCertificate) -> Response:
    """The file of a paper that the reader may see."""
    stored = row.file
    stream = extensions.file_store().open(stored.storage_key)
    return attachment(stream, name=stored.name, content_type=stored.content_type, size=stored.size)


def level_words(row: LevelCertificate) -> str:
    """The level that a paper states, with its scale."""
    step = taxonomy.LEVEL_SCALES[row.scale].step(row.level)
    shown = row.level if row.scale == COMPANY_LEVEL or step is None else step.name(locale())
    return _("%(scale)s %(level)s", scale=wording.name("level_scale", row.scale), level=shown)


def _parsed(form: forms.Form, *, is_there: bool) -> dict[str, Any]:
    """Raises Invalid: what does not fit, a missing file among it."""
    missing = [] if is_there else [Problem("file", "file_missing")]
    try:
        fields = parse(PaperIn(), form.data)
    except Invalid as error:
        raise Invalid([*error.problems, *missing]) from None
    if missing:
        raise Invalid(missing)
    return fields


def _refused(site_id: UUID, form: forms.Form, error: Invalid) -> str:
    db.rollback()
    called = {"body": _("발급기관"), "level": _("수준 값"), "file": _("확인서 파일")}
    refused = form.refused(error.problems, called=called)
    return _page(access.own_site(db, current_user, site_id), **refused)


def _page(site: Site, values: dict[str, Any], **context: Any) -> str:
    return render_template(
        "sites/certificates.html",
        factory=site,
        papers=access.level_certificates_of(db, [site]),
        levels=access.levels_of(db, [site], today()).get(site.id, {}),
        level_text=level_text,
        level_words=level_words,
        level_values=level_choices(),
        standing_of=lambda row: level_certificates.standing(row, today()),
        due_of=lambda row: after(clock.day_of(row.created_at), DECIDE_DAYS),
        values=values,
        **context,
    )
