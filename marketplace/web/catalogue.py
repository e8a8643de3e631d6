"""The public store: search, one listing, one vendor, one certificate."""

import re
from collections.abc import Iterable
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog.bundle_states import BUNDLE
from catalog.errors import NotFound
from catalog.validation import certificates
from marketplace.accounts import access
from marketplace.accounts.permission import is_allowed, requires
from marketplace.extensions import db, search_engine, search_help, today
from marketplace.web import asking, cards, hints
from matching.search.query import FACETS, SORTS

bp = Blueprint("catalogue", __name__)

#: How `catalog.validation.certificates` numbers them; a NUL, say, never reaches the database.
CERTIFICATE_NUMBER = re.compile(r"C-[0-9]{4}-[0-9]{4,9}", re.ASCII)


@bp.get("/solutions")
@requires("catalogue.read")
def search() -> str:
    """Find listings by text and facets."""
    engine = search_engine()
    asked, result = asking.answer(engine, asking.read(request.args), today())
    found = access.public_releases(db, [hit.id for hit in result.hits])
    meant = hints.meant(engine, search_help(), asked, result, today())
    return render_template(
        "catalogue/search.html",
        asked=asked,
        result=result,
        sorts=SORTS,
        facets={facet: asking.options(asked, facet, result.facets[facet]) for facet in FACETS},
        chips=asking.chips(asked),
        pages=-(-result.total // asking.PER_PAGE),
        cards=cards.shown(
            [found[hit.id] for hit in result.hits if hit.id in found],
            today(),
            access.backing_of(db, found.values()),
        ),
        ways_back=asking.ways_back(engine, asked, result, today()),
        meant=meant,
        question=hints.question(meant),
        marking=hints.marking(asked),
        open_facets=asking.OPEN,
        demand_link=demand_link,
    )


@bp.get("/solutions/completions")
@requires("catalogue.read")
def completions() -> str:
    """What a text that is being typed may become, as links that search for it."""
    typed = request.args.get("q", "")
    return render_template("catalogue/completions.html", found=search_help().completions.complete(typed))


@bp.get("/solutions/<uuid:listing_id>")
@requires("catalogue.read")
def listing(listing_id: UUID) -> str | Response:
    """One listing: results, evidence and its scope, prices, what it needs. A bundle has a page of its own."""
    release = access.public_release(db, listing_id)
    if release.listing.kind == BUNDLE:
        return redirect(url_for("bundles.show", bundle_id=access.bundle_id_of(db, release.listing)), 303)
    shown = cards.shown([release], today(), {})
    if not shown:
        raise NotFound
    is_matched = is_allowed("demand.state") and shown[0].standing == "valid"
    own = access.own_places(db, current_user, str(listing_id)) if is_matched else []
    return render_template("catalogue/listing.html", card=shown[0], demand_link=demand_link, own_places=own)


@bp.get("/vendors/<uuid:organization_id>")
@requires("catalogue.read")
def vendor(organization_id: UUID) -> str:
    """One vendor with what it offers and how that has been proved."""
    organization = access.vendor(db, organization_id)
    releases = access.public_releases_of(db, organization)
    shown = cards.shown(releases, today(), access.backing_of(db, releases))
    return render_template("catalogue/vendor.html", vendor=organization, cards=shown, demand_link=demand_link)


@bp.get("/certificates/<number>")
@requires("catalogue.read")
def certificate(number: str) -> str:
    """What a certificate says: who judged what, on which scope, until when."""
    if not CERTIFICATE_NUMBER.fullmatch(number):
        raise NotFound
    found = access.certificate(db, number)
    standing = certificates.standing(found.expires_on, today())
    release = found.release
    return render_template(
        "catalogue/certificate.html",
        certificate=found,
        standing=standing,
        release=release,
        is_live=release.number == release.listing.live_release and standing != "lapsed",
    )


def demand_link(capabilities: Iterable[str] = ()) -> str | None:
    """Where 수요로 등록하기 leads, the listing's capabilities filled in; None where the organization's roles forbid it."""
    if is_allowed("demand.state"):
        asked = urlencode([("capability", code) for code in capabilities])
        return f"/demands/new?{asked}" if asked else "/demands/new"
    if not current_user.is_authenticated:
        return "/sign-up"
    return None if current_user.seat else "/organization/new"
