"""The life of a bundle: its versions are sent to the vendors, compared, published, taken back, withdrawn."""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog.bundle_states import IN_FORCE, OPEN, SIGNED, SIGNING, SUPERSEDED
from catalog.bundles import form as forms_of_bundles
from catalog.bundles import parts, publishing, signing
from catalog.bundles.form import Form
from catalog.errors import Conflict, Invalid
from catalog.models import Bundle, BundleVersion
from marketplace import audit
from marketplace.accounts import access
from marketplace.accounts.permission import is_allowed, requires
from marketplace.extensions import db, now, today
from marketplace.journeys import bundles as acts
from marketplace.schemas import bundles as schemas
from marketplace.schemas.fields import parse
from marketplace.web import alliance_words as words
from marketplace.web import bundle_diff, bundle_remarks, bundle_view, forms, once
from marketplace.web.bundle_work import number_of
from marketplace.web.parameters import notice_unknown
from marketplace.wording import bundles as said
from marketplace.wording import problem, refusal

bp = Blueprint("bundle_life", __name__)

Act = Literal["publish", "recall", "withdraw"]
#: Act of the coordinator → states of a version in which it can be done.
ACTS = {"publish": (SIGNED,), "recall": (SIGNING, SIGNED), "withdraw": (IN_FORCE,)}
AUDITED = {"publish": "bundle.publish", "recall": "bundle.take_back", "withdraw": "bundle.withdraw"}


@bp.get("/bundles/<uuid:bundle_id>/sending")
@requires("bundle.draft")
def confirm_sending(bundle_id: UUID) -> str:
    """Who would be asked, what would be signed, what stands in the way."""
    notice_unknown()
    return _sending(access.run_bundle(db, current_user, bundle_id).bundle, {"days": str(signing.USUAL_DAYS)})


@bp.post("/bundles/<uuid:bundle_id>/sending")
@requires("bundle.draft")
def send(bundle_id: UUID) -> Response | tuple[str, int]:
    """Freeze the working copy and ask for signatures; sent twice, it is one version."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    bundle = access.run_bundle(db, current_user, bundle_id).bundle
    form = forms.read(request.form, {"days": forms.whole})
    expected = forms.read(request.form, {"draft_number": forms.whole}).data.get("draft_number")
    try:
        days = parse(schemas.BundleSendIn(only=("days",)), _days(form.data))["days"]
        version = acts.send(db, bundle, today(), days=days, expected=number_of(expected))
    except (Invalid, Conflict) as error:
        db.rollback()
        return _not_sent(access.run_bundle(db, current_user, bundle_id).bundle, form, error)
    target = url_for(".show", bundle_id=bundle_id, number=version.number)
    once.remember(target)
    audit.commit("bundle.send", version, number=version.number, sha256=version.sha256)
    flash(_("서명을 요청했어요."), "success")
    return redirect(target, 303)


@bp.get("/bundles/<uuid:bundle_id>/versions")
@requires("bundle.work")
def index(bundle_id: UUID) -> str:
    """Every version that one sees."""
    notice_unknown()
    own = access.own_bundle(db, current_user, bundle_id)
    return render_template(
        "bundles/versions.html",
        bundle=own.bundle,
        bundle_title=_title(own),
        runs=own.runs,
        versions=list(reversed(own.versions)),
        said=said,
        words=words,
    )


@bp.get("/bundles/<uuid:bundle_id>/versions/<int:number>")
@requires("bundle.work")
def show(bundle_id: UUID, number: int) -> str:
    """One version in full: what it changes, who signed it, what it costs, its proof."""
    notice_unknown("since")
    own = access.own_bundle(db, current_user, bundle_id)
    return _show(own, access.own_version(own, number))


@bp.post("/bundles/<uuid:bundle_id>/versions/<int:number>/reminders")
@requires("bundle.draft")
def remind(bundle_id: UUID, number: int) -> Response:
    """Remind those who have not answered."""
    own = access.run_bundle(db, current_user, bundle_id)
    version = access.own_version(own, number)
    count = acts.remind(db, version, today())
    audit.commit("bundle.remind", version, number=number, count=count)
    flash(ngettext("%(num)s곳에 다시 알렸어요.", "%(num)s곳에 다시 알렸어요.", count), "success")
    return redirect(url_for(".show", bundle_id=bundle_id, number=number), 303)


@bp.get("/bundles/<uuid:bundle_id>/versions/<int:number>/publication")
@requires("bundle.publish")
def confirm_publication(bundle_id: UUID, number: int) -> str:
    """What publishing means, before it is done."""
    return _asked(bundle_id, number, "publish")


@bp.post("/bundles/<uuid:bundle_id>/versions/<int:number>/publication")
@requires("bundle.publish")
def publish(bundle_id: UUID, number: int) -> Response | tuple[str, int]:
    """Hand a version that all have signed to the review desk."""
    return _acted(bundle_id, number, "publish", _("심사를 요청했어요. 받아들여지면 판매돼요."))


@bp.get("/bundles/<uuid:bundle_id>/versions/<int:number>/recall")
@requires("bundle.draft")
def confirm_recall(bundle_id: UUID, number: int) -> str:
    """What taking it back means, before it is done."""
    return _asked(bundle_id, number, "recall")


@bp.post("/bundles/<uuid:bundle_id>/versions/<int:number>/recall")
@requires("bundle.draft")
def recall(bundle_id: UUID, number: int) -> Response | tuple[str, int]:
    """Take a version back that is open."""
    return _acted(bundle_id, number, "recall", _("판을 거뒀어요."))


@bp.get("/bundles/<uuid:bundle_id>/versions/<int:number>/withdrawal")
@requires("bundle.end")
def confirm_withdrawal(bundle_id: UUID, number: int) -> str:
    """What ending the sale means, before it is done."""
    return _asked(bundle_id, number, "withdraw")


@bp.post("/bundles/<uuid:bundle_id>/versions/<int:number>/withdrawal")
@requires("bundle.end")
def withdraw(bundle_id: UUID, number: int) -> Response | tuple[str, int]:
    """Take the bundle out of the store."""
    return _acted(bundle_id, number, "withdraw", _("번들 판매를 끝냈어요."))


def _asked(bundle_id: UUID, number: int, act: Act) -> str:
    notice_unknown()
    own = access.run_bundle(db, current_user, bundle_id)
    version = access.own_version(own, number)
    # An old link, or somebody was faster: what has become of the version is the answer.
    why = f"bundle.{version.state}" if version.state not in ACTS[act] else ""
    if not why and act != "publish" and publishing.is_judged(db, own.bundle):
        why = "review.taken"
    if why:
        flash(refusal(why, {}), "warning")
        return _show(own, version)
    return _confirm(own.bundle, version, act)


def _acted(bundle_id: UUID, number: int, act: Act, done: str) -> Response | tuple[str, int]:
    own = access.run_bundle(db, current_user, bundle_id)
    version = access.own_version(own, number)
    try:
        _do(own.bundle, version, act)
    except (Invalid, Conflict) as error:
        db.rollback()
        own = access.run_bundle(db, current_user, bundle_id)
        return _confirm(own.bundle, access.own_version(own, number), act, errors={"": told(error)}), 409
    audit.commit(AUDITED[act], version, number=number)
    flash(done, "success")
    return redirect(url_for(".show", bundle_id=bundle_id, number=number), 303)


def _days(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """A blank field is asked for; a program may leave it out."""
    return {"days": data.get("days")}


def told(error: Invalid | Conflict) -> list[str]:
    """Why something was not done, in sentences."""
    if isinstance(error, Conflict):
        return [refusal(error.code, error.params)]
    return [problem(each) for each in error.problems]


def _do(bundle: Bundle, version: BundleVersion, act: Act) -> None:
    if act == "publish":
        publishing.publish(db, version, now())
    elif act == "recall":
        acts.take_back(db, version, today())
    elif acts.withdraw(db, bundle, today()) is not version:
        raise Conflict(f"bundle.{version.state}")  # a page from before the next version was sold


def _not_sent(bundle: Bundle, form: forms.Form, error: Invalid | Conflict) -> tuple[str, int]:
    if isinstance(error, Invalid):
        return _sending(bundle, **form.refused(error.problems)), 422
    return _sending(bundle, form.values, errors={"": told(error)}), 409


def _sending(bundle: Bundle, values: dict[str, Any], **context: Any) -> str:
    sight = bundle_view.sight_of(bundle)
    sold = bundle.in_force
    affected = _receivers(None if sold is None else forms_of_bundles.read(sold.content), bundle, sight)
    return render_template(
        "bundles/send.html",
        bundle=bundle,
        bundle_title=sight.title,
        sight=sight,
        receivers=affected,
        judged=bundle.open_version if publishing.is_judged(db, bundle) else None,
        alike=signing.waits_alike(bundle, sight.form, today()),
        values=values,
        min_days=signing.MIN_DAYS,
        max_days=signing.MAX_DAYS,
        next_number=1 + max((each.number for each in bundle.versions), default=0),
        said=said,
        words=words,
        **context,
    )


def _receivers(before: Form | None, bundle: Bundle, sight: bundle_view.Sight) -> list[tuple[str, bool]]:
    """Each vendor with a share, and whether it would be asked: not where its part is what it signed of what is sold."""
    everybody = [line.vendor for line in sight.shares]
    charter = bundle.alliance.charter
    if before is None or sight.problems or charter is None:
        return [(vendor, True) for vendor in everybody]
    asked = parts.affected(before, bundle_view.under(sight.form, charter.sha256))
    return [(vendor, vendor in asked) for vendor in everybody]


def _show(own: access.OwnBundle, version: BundleVersion) -> str:
    bundle = own.bundle
    earlier = _comparable(own, version)
    before = _chosen(earlier)
    sight = bundle_view.version_sight(version, before)
    difference = None
    if before is not None:
        past = forms_of_bundles.read(before.content)
        difference = bundle_diff.difference(past, sight.form, sight.called, current_user.organization_id)
    return render_template(
        "bundles/version.html",
        bundle=bundle,
        version=version,
        sight=sight,
        consent=own.consent(version),
        runs=own.runs,
        may_draft=is_allowed("bundle.draft"),
        handed_in=publishing.was_handed_in(bundle),
        **_remarks(own, version),
        is_judged=publishing.is_judged(db, bundle),
        comparisons=[each.number for each in earlier],
        before=before,
        difference=difference,
        names=sight.called.firms,
        me=current_user.organization_id,
        said=said,
        words=words,
    )


def _remarks(own: access.OwnBundle, version: BundleVersion) -> dict[str, Any]:
    """They concern what is open: an ended version is past mending."""
    return bundle_remarks.words(own.bundle, runs=own.runs) if version.state in OPEN else {}


def _comparable(own: access.OwnBundle, version: BundleVersion) -> list[BundleVersion]:
    """The version before it that one sees, and the last one that was sold before."""
    earlier = [each for each in own.versions if each.number < version.number]
    sold = [each for each in earlier if each.state in (IN_FORCE, SUPERSEDED)]
    return list(dict.fromkeys((*earlier[:1], *sold[:1])))


def _chosen(earlier: list[BundleVersion]) -> BundleVersion | None:
    asked = request.args.get("since")
    named = next((each for each in earlier if str(each.number) == asked), None)
    return named or (earlier[0] if earlier else None)


def _confirm(bundle: Bundle, version: BundleVersion, act: Act, **context: Any) -> str:
    return render_template(
        "bundles/confirm.html",
        bundle=bundle,
        bundle_title=bundle_view.title(forms_of_bundles.read(version.content)),
        version=version,
        act=act,
        said=said,
        words=words,
        **context,
    )


def _title(own: access.OwnBundle) -> str:
    """As its coordinator calls it now, as a vendor read it last."""
    content = own.bundle.draft if own.runs else own.versions[0].content
    return bundle_view.title(forms_of_bundles.read(content))
