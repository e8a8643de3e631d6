"""What a vendor is asked to sign of a bundle, and its answer: exactly this version, exactly this part."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog.bundle_states import ASKED, CARRIED, GIVEN
from catalog.bundles import form as forms_of_bundles
from catalog.bundles import parts, signing
from catalog.errors import Invalid
from catalog.models import BundleConsent, BundleVersion
from marketplace import audit
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import database, db, now, today
from marketplace.journeys import bundles as acts
from marketplace.schemas import bundles as schemas
from marketplace.schemas.fields import parse
from marketplace.web import alliance_words as words
from marketplace.web import bundle_diff, bundle_view, forms
from marketplace.web.alliance_work import signature
from marketplace.web.parameters import notice_unknown
from marketplace.wording import bundles as said
from marketplace.wording.particles import settled

bp = Blueprint("bundle_consents", __name__)


@bp.get("/bundles/consents")
@requires("bundle.work")
def index() -> str:
    """Every version that the organization was asked to sign: what waits first, then the newest."""
    notice_unknown()
    bundles = access.own_bundles(db, current_user)
    rows = [
        consent
        for own in bundles
        for version in own.bundle.versions
        if (consent := own.consent(version)) is not None
    ]
    return render_template(
        "bundles/consents.html",
        rows=sorted(rows, key=_order),
        titles={
            row.version_id: bundle_view.title(forms_of_bundles.read(row.version.content)) for row in rows
        },
        said=said,
        words=words,
    )


@bp.get("/bundles/<uuid:bundle_id>/versions/<int:number>/consent")
@requires("bundle.work")
def show(bundle_id: UUID, number: int) -> str:
    """The own part word for word, what it changes, the own won, who is waited for."""
    notice_unknown()
    own = access.own_bundle(db, current_user, bundle_id)
    version = access.own_version(own, number)
    consent = access.own_consent(own, version)
    text = _show(own, version, {})
    if request.method == "GET" and consent.state == ASKED and consent.opened_at is None:
        _note_opening(consent.id)
    return text


def _note_opening(consent_key: int) -> None:
    db.rollback()  # reading is over: noting is a transaction of its own, so that no reader has to write
    with database().session() as writing, writing.begin():
        signing.note_opening(writing, consent_key, now())


@bp.post("/bundles/<uuid:bundle_id>/versions/<int:number>/signature")
@requires("bundle.sign")
def sign(bundle_id: UUID, number: int) -> Response | tuple[str, int]:
    """Agree to exactly what was read."""
    own = access.own_bundle(db, current_user, bundle_id)
    version = access.own_version(own, number)
    vendor = access.own_consent(own, version).organization
    form = forms.read(request.form, {"sha256": forms.text, "part_sha256": forms.text})
    try:
        if not request.form.get("read"):
            raise Invalid.at("read", "consent_unread")
        hashes = parse(schemas.BundleSignatureIn(), form.data)
        done = acts.sign(db, version, vendor, signature(), today(), **hashes)
    except Invalid as error:
        db.rollback()
        return _again(bundle_id, number, form, error), 422
    audit.commit("bundle.sign", version, number=number, sha256=version.sha256)
    flash(
        _("모두 서명했어요. 이제 코디네이터가 게시할 수 있어요.")
        if done
        else _("서명했어요. 다른 공급기업의 서명을 기다려요."),
        "success",
    )
    return redirect(url_for(".show", bundle_id=bundle_id, number=number), 303)


@bp.post("/bundles/<uuid:bundle_id>/versions/<int:number>/denial")
@requires("bundle.sign")
def deny(bundle_id: UUID, number: int) -> Response | tuple[str, int]:
    """Do not agree, with the reason: the version ends."""
    own = access.own_bundle(db, current_user, bundle_id)
    version = access.own_version(own, number)
    vendor = access.own_consent(own, version).organization
    form = forms.read(request.form, {"reason": forms.lines})
    try:
        reason = parse(schemas.BundleRefusalIn(), form.data)["reason"]
        acts.deny(db, version, vendor, signature(), today(), reason=reason)
    except Invalid as error:
        db.rollback()
        return _again(bundle_id, number, form, error), 422
    audit.commit("bundle.deny", version, number=number)
    flash(
        _("거절을 보냈어요. 지금 파는 판은 그대로 팔려요.")
        if own.bundle.in_force
        else _("거절을 보냈어요. 이 판은 끝났어요."),
        "success",
    )
    return redirect(url_for(".show", bundle_id=bundle_id, number=number), 303)


def _again(bundle_id: UUID, number: int, form: forms.Form, error: Invalid) -> str:
    own = access.own_bundle(db, current_user, bundle_id)
    refused = form.refused(error.problems, called={"read": _("확인")})
    return _show(own, access.own_version(own, number), **refused)


def _show(own: access.OwnBundle, version: BundleVersion, values: dict[str, Any], **context: Any) -> str:
    consent = access.own_consent(own, version)
    me = current_user.organization_id
    before = _signed_before(own, version)
    sight = bundle_view.version_sight(version, before)
    past = None if before is None else forms_of_bundles.read(before.content)
    part = parts.part(sight.form, me)
    return render_template(
        "bundles/consent.html",
        bundle=own.bundle,
        version=version,
        consent=consent,
        sight=sight,
        runs=own.runs,
        me=me,
        mine=next(line for line in sight.shares if line.vendor == me),
        part=part,
        terms=terms(part, sight),
        before=before,
        difference=None if past is None else bundle_diff.difference(past, sight.form, sight.called, me),
        shares_before={} if past is None else past.shares(),
        price_before=None if past is None else past.price_amount,
        waiting=sum(each.state == ASKED for each in version.consents),
        names=sight.called.firms,
        signer=current_user.name,
        now=now(),
        values=values,
        diff=bundle_diff,
        said=said,
        words=words,
        **context,
    )


def terms(part: dict[str, Any], sight: bundle_view.Sight) -> list[str]:
    """What a vendor promises by signing, in sentences drawn from its part."""
    called = sight.called
    names = ", ".join(called.title(item["listing"]) for item in part["items"])
    lines = [_("당사는 공장 한 곳마다 %(names)s을(를) 납품합니다.", names=names)] if names else []
    lines += [
        _("당사는 %(pair)s 연동에 책임집니다.", pair=said.pair(link["capabilities"]))
        for link in part["links"]
    ]
    for duty in part["duties"]:
        if duty["vendor"] == part["vendor"]:
            lines.append(_("당사는 문의에 %(hours)s 안에 답합니다.", hours=said.hours(duty["hours"])))
    if part["vendor"] == part["lead"]:
        lines.append(_("당사는 대표 기업으로 구매 기업에 번들 전체를 책임집니다."))
    lines.append(
        _("당사는 공장 한 곳마다 %(amount)s을 받습니다.", amount=said.exact(part["share"]["amount"]))
    )
    lines.append(_("내용이 한 글자라도 바뀌면 이 서명은 효력을 잃습니다."))
    return [settled(one) for one in lines]


def _signed_before(own: access.OwnBundle, version: BundleVersion) -> BundleVersion | None:
    """The last version before it that the organization agreed to."""
    for each in own.versions:
        consent = own.consent(each)
        if each.number < version.number and consent is not None and consent.state in (GIVEN, CARRIED):
            return each
    return None


def _order(row: BundleConsent) -> tuple[bool, Any, int]:
    waits = row.state == ASKED and row.version.state == "signing"
    return (not waits, row.version.until if waits else 0, -row.id)
