"""Who supplies us and whom we supply: the chain as list and map, declaring, answering, importing, opening it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as Answer

from catalog import regno
from catalog.errors import Invalid, Problem
from marketplace import audit, wording
from marketplace.accounts import access
from marketplace.accounts.access.chain import FILTERS
from marketplace.accounts.permission import requires
from marketplace.extensions import db, today
from marketplace.journeys import trade_links
from marketplace.schemas import supply_chain as schemas
from marketplace.schemas.fields import parse
from marketplace.web import chain_map, forms, once
from marketplace.web.parameters import notice_unknown
from marketplace.wording import chain as words
from marketplace.wording.particles import settled
from matching.models.trade_link import CONFIRMED
from matching.supply_chain import importing, links, partners, reading
from matching.supply_chain.chain import Chain

bp = Blueprint("supply_chain", __name__)

#: Links that the page shows at once, and findings of a list.
SHOWN, FINDINGS_SHOWN = 50, 100
#: Industries of the statistic that the page names; the rest is one bar.
PRIOR_SHOWN = 4

DECLARED_FIELDS: Mapping[str, forms.Reader] = {
    "direction": forms.chosen,
    "registration_number": forms.text,
    "name": forms.text,
    "item": forms.text,
    "since": forms.optional,
    "until": forms.optional,
    "site_id": forms.optional,
    "share_systems": forms.flag,
    "share_chain": forms.flag,
    "invite_email": forms.optional,
}
ANSWER_FIELDS: Mapping[str, forms.Reader] = {
    "confirm": lambda texts: texts[-1] == "yes" if texts else forms.MISSING,
    "reason": forms.lines,
    "site_id": forms.optional,
    "share_systems": forms.flag,
    "share_chain": forms.flag,
}
CONSENT_FIELDS: Mapping[str, forms.Reader] = {"share_systems": forms.flag, "share_chain": forms.flag}


@bp.get("/supply-chain")
@requires("link.read")
def index() -> str:
    """The own chain as map and table, the own links, what the statistic says."""
    notice_unknown("only", "page")
    only = request.args.get("only", "all")
    only = only if only in FILTERS else "all"
    own = access.own_firm(db, current_user)
    counted = access.count_own_links(db, own)
    pages = max(1, -(-counted[only] // SHOWN))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    rows = access.own_links(db, own, only=only, offset=(page - 1) * SHOWN, limit=SHOWN)
    chain = access.own_chain(db, own, today())
    return render_template(
        "supply_chain/index.html",
        counts=counted,
        links=rows,
        only=only,
        page=page,
        pages=pages,
        prior=_prior(chain),
        anchors=access.opened_anchors(db, current_user),
        **_drawn(chain),
    )


@bp.get("/supply-chain/chains/<uuid:anchor_id>")
@requires("chain.read")
def opened(anchor_id: UUID) -> str:
    """The chain of an anchor that lets us see it."""
    notice_unknown()
    chain = access.opened_chain(db, current_user, anchor_id, today())
    return render_template("supply_chain/opened.html", **_drawn(chain))


@bp.get("/supply-chain/new")
@requires("link.declare")
def new() -> str:
    """The empty form."""
    notice_unknown()
    return _form({"direction": "supplier"})


@bp.post("/supply-chain/new")
@requires("link.declare")
def declare() -> Answer | tuple[str, int]:
    """Declare a partner; one that has declared us is confirmed by it."""
    if (known := once.seen()) is not None:
        return redirect(known, 303)
    form = forms.read(request.form, DECLARED_FIELDS)
    try:
        own = access.own_organization(db, current_user)
        data = parse(schemas.TradeLinkIn(), form.data)
        site = data["site_id"] and access.own_site_at(db, current_user, data["site_id"], "site_id")
        done = trade_links.declare(
            db, own, schemas.link_fields(data), today(), site=site, invite_email=data["invite_email"]
        )
    except Invalid as error:
        db.rollback()
        return _form(**form.refused(error.problems)), 422
    target = once.remember(url_for(".show", link_id=done.link.public_id))
    audit.commit("link.declare", done.link, state=done.link.state)
    flash(
        _("상대도 신고한 관계라 바로 확인됐어요.")
        if done.outcome == CONFIRMED
        else _("거래처를 신고했어요. 상대가 확인하면 알려 드려요."),
        "success",
    )
    return redirect(target, 303)


@bp.get("/supply-chain/<uuid:link_id>")
@requires("link.read")
def show(link_id: UUID) -> str:
    """One link with all that can be done to it."""
    notice_unknown()
    return _one(access.own_link(db, current_user, link_id), {})


@bp.post("/supply-chain/<uuid:link_id>/answer")
@requires("link.declare")
def answer(link_id: UUID) -> Answer | tuple[str, int]:
    """Confirm it, with what the partner may have of ours, or deny it with the reason."""
    seen = access.own_link(db, current_user, link_id)
    form = forms.read(request.form, ANSWER_FIELDS)
    try:
        data = parse(schemas.LinkAnswerIn(), form.data)
        site_id = data.pop("site_id")
        site = site_id and access.own_site_at(db, current_user, site_id, "site_id")
        own = access.own_organization(db, current_user)
        trade_links.answer(db, seen, own, today(), **data, site=site)
    except Invalid as error:
        db.rollback()
        seen = access.own_link(db, current_user, link_id)
        return _one(seen, **form.refused(error.problems)), 422
    audit.commit("link.answer", seen.link, state=seen.link.state)
    flash(
        _("거래 관계를 확인했어요.") if data["confirm"] else _("아니라고 답했어요. 상대가 이유를 봐요."),
        "success",
    )
    return redirect(url_for(".show", link_id=link_id), 303)


@bp.post("/supply-chain/<uuid:link_id>/consents")
@requires("link.declare")
def consent(link_id: UUID) -> Answer:
    """What the partner may have of ours."""
    seen = access.own_link(db, current_user, link_id)
    data = parse(schemas.LinkConsentIn(), forms.read(request.form, CONSENT_FIELDS).data)
    links.consent(db, seen.link, access.own_organization(db, current_user), **data)
    audit.commit("link.consent", seen.link, **data)
    flash(_("허락한 내용을 바꿨어요."), "success")
    return redirect(url_for(".show", link_id=link_id), 303)


@bp.post("/supply-chain/<uuid:link_id>/invite")
@requires("link.declare")
def invite(link_id: UUID) -> Answer | tuple[str, int]:
    """Ask a firm that is not here to register and answer."""
    seen = access.own_link(db, current_user, link_id)
    form = forms.read(request.form, {"invite_email": forms.text})
    try:
        email = parse(schemas.LinkInviteIn(), form.data)["invite_email"]
        if seen.partner is not None:
            raise Invalid.at("invite_email", "link_registered")
        own = access.own_organization(db, current_user)
        trade_links.invite(db, own, seen.link, email, today())
    except Invalid as error:
        db.rollback()
        return _one(access.own_link(db, current_user, link_id), **form.refused(error.problems)), 422
    audit.commit("link.invite", seen.link)
    flash(_("초대 메일을 보냈어요. 주소는 저장하지 않았어요."), "success")
    return redirect(url_for(".show", link_id=link_id), 303)


@bp.post("/supply-chain/<uuid:link_id>/end")
@requires("link.declare")
def end(link_id: UUID) -> Answer:
    """Withdraw what we declared, or end what was confirmed."""
    seen = access.own_link(db, current_user, link_id)
    state = trade_links.end(db, seen, access.own_organization(db, current_user), today())
    audit.commit("link.end", seen.link, state=state)
    flash(_("거래 관계를 끝냈어요. 공급망과 매칭에서 빠져요."), "success")
    return redirect(url_for(".index"), 303)


@bp.get("/supply-chain/import")
@requires("link.declare")
def upload() -> str:
    """The form for a list, and what it must look like."""
    notice_unknown()
    return render_template("supply_chain/import.html", max_rows=reading.MAX_ROWS)


@bp.get("/supply-chain/template.csv")
@requires("link.declare")
def template() -> Response:
    """The headings and two examples."""
    notice_unknown()
    headers = {"Content-Disposition": "attachment; filename=partners.csv"}
    return current_app.response_class(reading.template(), mimetype="text/csv", headers=headers)


@bp.post("/supply-chain/import")
@requires("link.declare")
def check() -> Answer | tuple[str, int]:
    """Read and keep a list; nothing is declared yet."""
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Invalid.at("file", "file_missing")
        own = access.own_organization(db, current_user)
        kept = importing.keep(db, own, sent.filename, sent.stream)
    except Invalid as error:
        db.rollback()
        said = forms.read(request.form, {"file": forms.text}).refused(error.problems)
        return render_template("supply_chain/import.html", max_rows=reading.MAX_ROWS, **said), 422
    audit.commit("link.check_list", kept, sha256=kept.sha256, rows=len(kept.rows))
    return redirect(url_for(".checked", import_id=kept.public_id), 303)


@bp.get("/supply-chain/imports/<uuid:import_id>")
@requires("link.read")
def checked(import_id: UUID) -> str:
    """What would become of each row."""
    notice_unknown()
    return _list(import_id)


@bp.post("/supply-chain/imports/<uuid:import_id>")
@requires("link.declare")
def declare_list(import_id: UUID) -> Answer | tuple[str, int]:
    """Declare the good rows, or all or none."""
    kept = access.own_link_import(db, current_user, import_id)
    form = forms.read(request.form, {"mode": forms.chosen})
    try:
        mode = parse(schemas.LinkListForm(), form.data)["mode"]
        own = access.own_organization(db, current_user)
        made = trade_links.declare_list(db, own, kept, mode, today())
    except Invalid as error:
        db.rollback()
        problems = [Problem("", p.code, p.params) for p in error.problems[:5]]
        return _list(import_id, **form.refused(problems)), 422
    audit.commit("link.declare_list", kept, mode=mode, links=len(made))
    flash(
        ngettext("거래 관계 %(num)s건을 신고했어요.", "거래 관계 %(num)s건을 신고했어요.", len(made)),
        "success",
    )
    return redirect(url_for(".index"), 303)


@bp.get("/supply-chain/viewers")
@requires("chain.open")
def viewers() -> str:
    """Who may see our chain, and whose we may see."""
    notice_unknown()
    return _viewers({})


@bp.post("/supply-chain/viewers")
@requires("chain.open")
def open_chain() -> Answer | tuple[str, int]:
    """Let a coordinator see our chain."""
    form = forms.read(request.form, {"registration_number": forms.text})
    try:
        number = parse(schemas.ChainViewerIn(), form.data)["registration_number"]
        if not regno.is_valid(number):
            raise Invalid.at("registration_number", "registration_number")
        viewer = access.organization_numbered(db, regno.normalise(number), "registration_number")
        made = trade_links.open_chain(db, access.own_organization(db, current_user), viewer)
    except Invalid as error:
        db.rollback()
        return _viewers(**form.refused(error.problems)), 422
    audit.commit("chain.open", made, viewer=viewer.public_id)
    flash(settled(_("%(name)s이(가) 이제 우리 공급망을 볼 수 있어요.", name=viewer.name)), "success")
    return redirect(url_for(".viewers"), 303)


@bp.post("/supply-chain/viewers/<uuid:chain_viewer_id>/end")
@requires("chain.open")
def close_chain(chain_viewer_id: UUID) -> Answer:
    """Take the sight of our chain back."""
    row = access.own_chain_viewer(db, current_user, chain_viewer_id)
    audit.record(db, "chain.close", row)
    db.delete(row)
    db.commit()
    flash(_("이제 우리 공급망을 볼 수 없어요."), "success")
    return redirect(url_for(".viewers"), 303)


def _drawn(chain: Chain) -> dict[str, Any]:
    """What the map and its tables are made of."""
    return {
        "chain": chain,
        "picture": chain_map.draw(chain),
        "tiers": chain_map.level_counts(chain.groups),
        "bottleneck": words.bottleneck_text(chain),
        "basis_text": words.basis_text(chain),
        "kind_name": words.kind_name,
        "short_kind": words.short_kind,
        "tier_name": words.tier_name,
        "levels_text": words.levels_text,
        "mean_text": words.mean_text,
    }


def _prior(chain: Chain) -> dict[str, Any]:
    """What our industry buys by the statistic: state "none" (no factory), "absent" (not loaded), "rows"."""
    if chain.industry is None:
        return {"state": "none"}
    found = partners.purchases(db, chain.industry)
    if found is None:
        return {"state": "absent"}
    number = chain.anchor.registration_number
    kinds = [chain.firms[link.supplier_number].kind for link in chain.links if link.customer_number == number]
    unknown = sum(not kind for kind in kinds)
    rows = [
        {
            "kinds": row.supplier.split("_"),
            "share": row.purchase_share,
            "partners": sum(kind in row.supplier.split("_") for kind in kinds),
        }
        for row in found[:PRIOR_SHOWN]
    ]
    rest = max(0.0, sum(row.purchase_share for row in found[PRIOR_SHOWN:]))
    return {"state": "rows" if rows else "silent", "rows": rows, "rest": rest, "unknown": unknown}


def _form(values: dict[str, Any], **context: Any) -> str:
    sites = [(site.public_id, site.name) for site in access.own_sites(db, current_user)]
    return render_template("supply_chain/new.html", values=values, sites=sites, **context)


def _one(seen: access.OwnLink, values: dict[str, Any], **context: Any) -> str:
    sites = [(site.public_id, site.name) for site in access.own_sites(db, current_user)]
    return render_template("supply_chain/show.html", seen=seen, values=values, sites=sites, **context)


def _list(import_id: UUID, **context: Any) -> str:
    kept = access.own_link_import(db, current_user, import_id)
    verdicts = importing.check(db, access.own_organization(db, current_user), kept, today())
    found = [verdict for verdict in verdicts if verdict.findings]
    return render_template(
        "supply_chain/checked.html",
        kept=kept,
        total=len(verdicts),
        counts=importing.counts(verdicts),
        found=found[:FINDINGS_SHOWN],
        more=len(found) - len(found[:FINDINGS_SHOWN]),
        sentence=_sentence,
        **context,
    )


def _sentence(finding: reading.Finding) -> str:
    said = wording.problem(Problem(finding.field, finding.code, finding.params))
    return f"{wording.place(finding.field)}: {said}" if finding.field else said


def _viewers(values: dict[str, Any], **context: Any) -> str:
    return render_template(
        "supply_chain/viewers.html",
        held=access.own_chain_viewers(db, current_user),
        anchors=access.opened_anchors(db, current_user),
        values=values,
        **context,
    )
