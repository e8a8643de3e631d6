"""The vendor's evidence records and their files; files for those who may read them."""

import re
from typing import IO, Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from catalog import evidence
from catalog.errors import Invalid, NotFound, Problem
from catalog.files.content import MAX_BYTES
from catalog.listings import COMPANY_LEVEL
from catalog.models import Evidence, Listing
from marketplace import audit, extensions
from marketplace.accounts import access
from marketplace.accounts.permission import is_allowed, requires
from marketplace.downloads import attachment
from marketplace.errors import answer
from marketplace.extensions import db
from marketplace.schemas.fields import parse
from marketplace.schemas.listings import EvidenceIn, evidence_fields
from marketplace.web import forms, once, workshop

bp = Blueprint("evidence", __name__)

Answer = Response | tuple[str, int]
FILES = {"files": forms.text}
#: Fields stand on the page under their record's place; which record is meant, the address says.
_PLACE = re.compile(r"^evidence/[0-9]+/")


@bp.post("/listings/<uuid:listing_id>/evidence")
@requires("listing.draft")
def add(listing_id: UUID) -> Answer:
    """Add a record to a draft."""
    known = once.seen()
    if known is not None:
        return redirect(known, 303)
    listing = access.own_listing(db, current_user, listing_id)
    form = _typed()
    try:
        record = evidence.add(db, listing, _fields(form), extensions.today())
    except Invalid as error:
        return _again(listing, len(listing.evidence), form, error), 422
    db.flush()  # the audit entry names it by its public id
    target = once.remember(workshop.address(listing, f"evidence-{len(listing.evidence) - 1}"))
    audit.commit("evidence.add", record)
    flash(_("근거를 더했어요. 이제 파일을 올릴 수 있어요."), "success")
    return redirect(target, 303)


@bp.post("/evidence/<uuid:evidence_id>")
@requires("listing.draft")
def revise(evidence_id: UUID) -> Answer:
    """Replace a record that is not public yet."""
    record = access.own_evidence(db, current_user, evidence_id)
    place = _place(record)
    form = _typed()
    try:
        evidence.revise(db, record, _fields(form), extensions.today())
    except Invalid as error:
        return _again(record.listing, place, form, error), 422
    audit.commit("evidence.revise", record)
    flash(_("근거를 저장했어요."), "success")
    return redirect(workshop.address(record.listing, f"evidence-{place}"), 303)


@bp.post("/evidence/<uuid:evidence_id>/remove")
@requires("listing.draft")
def remove(evidence_id: UUID) -> Response:
    """Take a record and its files out of a draft."""
    known = once.seen()
    if known is not None:
        return redirect(known, 303)
    record = access.own_evidence(db, current_user, evidence_id)
    listing, keys = record.listing, [file.storage_key for file in record.files]
    evidence.remove(db, record)
    target = once.remember(workshop.address(listing, "evidence"))
    audit.commit("evidence.remove", record)
    for key in keys:
        extensions.file_store().delete(key)
    flash(_("근거를 지웠어요."), "success")
    return redirect(target, 303)


@bp.post("/evidence/<uuid:evidence_id>/files")
@requires("listing.draft")
def upload(evidence_id: UUID) -> Answer:
    """Keep a file with a record; bytes without a row, or a row without bytes, never stay."""
    record = access.own_evidence(db, current_user, evidence_id)
    target = workshop.address(record.listing, f"evidence-{_place(record)}")
    sent = next((file for file in request.files.values() if file.filename), None)
    try:
        if sent is None:
            raise Invalid.at("file", "file_missing")
        if once.seen() is None:
            _keep(record, sent.filename or "", sent.stream, target)
            flash(_("파일을 올렸어요."), "success")
    except Invalid as error:
        return _file_refused(record, error), 422
    return redirect(target, 303)


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Answer:
    """Say at the file's field that it is too large; the request is refused before any view sees it."""
    try:
        if request.endpoint != f"{bp.name}.upload" or not is_allowed("listing.draft"):
            raise NotFound
        record = access.own_evidence(db, current_user, (request.view_args or {})["evidence_id"])
    except NotFound:
        return answer(413, "http_413")
    # Nothing of the body was parsed: what asks for typed fields later must not try again.
    vars(request).update(form=MultiDict(), files=MultiDict())
    return _file_refused(record, Invalid.at("file", "file_too_large", max_mb=MAX_BYTES >> 20)), 413


@bp.get("/files/<uuid:file_id>")
@requires("file.read")
def file(file_id: UUID) -> Response:
    """Stream a file, always as something to save, never as a page of this site."""
    stored = access.file(db, current_user, file_id)
    stream = extensions.file_store().open(stored.storage_key)
    return attachment(stream, name=stored.name, content_type=stored.content_type, size=stored.size)


def _typed() -> forms.Form:
    bare = [(_PLACE.sub("", name), text) for name, text in request.form.items(multi=True)]
    return forms.read(MultiDict(bare), workshop.EVIDENCE)


def _fields(form: forms.Form) -> Any:
    """The record as the domain takes it. Raises Invalid as the schema does."""
    site = form.data["site"]
    level = site.get("level")
    profile = {**site, "level": None if level is None else {"scale": COMPANY_LEVEL, "value": level}}
    return evidence_fields(parse(EvidenceIn(), {**form.data, "site": profile}))


def _place(record: Evidence) -> int:
    return record.listing.evidence.index(record)


def _again(listing: Listing, place: int, form: forms.Form, error: Invalid) -> str:
    """The page with what is wrong; the domain names the site's fields without the site."""
    inside = {"industry", "region"}
    problems = [
        Problem(f"site/{p.pointer}", p.code, p.params) if p.pointer.split("/")[0] in inside else p
        for p in error.problems
    ]
    return workshop.page(listing, at=f"evidence/{place}", form=form, problems=problems)


def _file_refused(record: Evidence, error: Invalid) -> str:
    problems = [Problem("files", p.code, p.params) for p in error.problems]
    form = forms.read(MultiDict(), FILES)
    return workshop.page(record.listing, at=f"evidence/{_place(record)}", form=form, problems=problems)


def _keep(record: Evidence, name: str, stream: IO[bytes], target: str) -> None:
    """Store and commit as one: if the commit fails, the bytes go again."""
    stored = evidence.attach(db, record, extensions.file_store(), name, stream)
    once.remember(target)
    audit.commit("evidence.attach", record, name=stored.name, sha256=stored.sha256)
