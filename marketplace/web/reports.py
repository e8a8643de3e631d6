"""Anybody reports a public page that breaks the rules; the signed-in reporter sees what became of it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog.errors import Invalid, NotFound
from catalog.models import Listing, Organization
from marketplace import audit, wording
from marketplace.accounts import access
from marketplace.accounts.oversight import REASONS, AbuseReport
from marketplace.accounts.permission import requires
from marketplace.extensions import db, now
from marketplace.journeys import abuse
from marketplace.schemas.console import ReportIn
from marketplace.schemas.fields import parse
from marketplace.web import forms, once

bp = Blueprint("reports", __name__)

FIELDS = {"reason": forms.chosen, "text": forms.lines, "email": forms.chosen}


@bp.get("/solutions/<uuid:listing_id>/report")
@requires("report.make")
def listing(listing_id: UUID) -> str:
    """The form about a solution."""
    shown = access.public_release(db, listing_id).listing
    return _page(shown.organization, shown)


@bp.post("/solutions/<uuid:listing_id>/report")
@requires("report.make")
def report_listing(listing_id: UUID) -> Response | tuple[str, int]:
    """Report a solution."""
    shown = access.public_release(db, listing_id).listing
    return _report(shown.organization, shown)


@bp.get("/vendors/<uuid:organization_id>/report")
@requires("report.make")
def vendor(organization_id: UUID) -> str:
    """The form about a vendor."""
    return _page(access.vendor(db, organization_id), None)


@bp.post("/vendors/<uuid:organization_id>/report")
@requires("report.make")
def report_vendor(organization_id: UUID) -> Response | tuple[str, int]:
    """Report a vendor."""
    return _report(access.vendor(db, organization_id), None)


@bp.get("/reports/<uuid:report_id>")
@requires("report.read_own")
def show(report_id: UUID) -> str:
    """A report that the person made, and its outcome."""
    report = access.own_report(db, current_user, report_id)
    return render_template("reports/own.html", report=report, page_url=_page_of(report))


def _report(organization: Organization, about: Listing | None) -> Response | tuple[str, int]:
    form = forms.read(request.form, FIELDS)
    try:
        given = parse(ReportIn(), form.data)
    except Invalid as error:
        return _page(organization, about, **form.refused(error.problems)), 422
    known = once.seen()
    if known is not None:
        return redirect(known, 303)
    reporter = access.user(db, current_user) if current_user.is_authenticated else None
    remote = request.remote_addr or ""
    report = abuse.report(db, organization, about, fields=given, reporter=reporter, remote=remote, now=now())
    target = once.remember(
        _back(organization, about) if reporter is None else url_for(".show", report_id=report.public_id)
    )
    audit.commit("report.make", report)
    flash(_("신고를 받았어요. 운영자가 확인할게요."), "success")
    return redirect(target, 303)


def _page(organization: Organization, about: Listing | None, **refused: Any) -> str:
    return render_template(
        "reports/new.html",
        organization=organization,
        listing=about,
        page_url=_back(organization, about),
        reasons=[(code, wording.name("report_reason", code), "") for code in REASONS],
        **refused,
    )


def _page_of(report: AbuseReport) -> str:
    """The page that the report is about; "" if it is not there (any more): a number can be reported without one."""
    try:
        if report.listing is None:
            access.vendor(db, UUID(report.organization.public_id))
        else:
            access.public_release(db, UUID(report.listing.public_id))
    except NotFound:
        return ""
    return _back(report.organization, report.listing)


def _back(organization: Organization, about: Listing | None) -> str:
    if about is None:
        return url_for("catalogue.vendor", organization_id=organization.public_id)
    return url_for("catalogue.listing", listing_id=about.public_id)
