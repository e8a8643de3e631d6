"""A bundle as everybody sees it while it is sold: the offer and its proof."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog.bundles.form import read
from catalog.errors import NotFound
from catalog.models import Bundle, BundleVersion
from catalog.validation import certificates
from marketplace.accounts import access
from marketplace.accounts.permission import is_allowed, requires
from marketplace.extensions import db, today
from marketplace.web import alliance_words as words
from marketplace.web import bundle_diff, bundle_view, cards
from marketplace.web.catalogue import demand_link
from marketplace.web.parameters import notice_unknown
from marketplace.wording import bundles as said
from marketplace.wording import own_words
from matching import crowds

bp = Blueprint("bundles", __name__)


@bp.get("/bundles/<uuid:bundle_id>")
@requires("bundle.read")
def show(bundle_id: UUID) -> str:
    """What is in it, who brings what on which basis, how it fits together, what it costs, who answers."""
    notice_unknown()
    bundle = access.public_bundle(db, bundle_id)
    if bundle.in_force is None:
        raise NotFound
    return _page(bundle, bundle.in_force, bundle.sold_before)


@bp.get("/bundles/<uuid:bundle_id>/sold/<int:number>")
@requires("bundle.read")
def past(bundle_id: UUID, number: int) -> str | Response:
    """A version that was sold before, for who bought it: its price and promises stay what they were."""
    notice_unknown()
    bundle = access.public_bundle(db, bundle_id)
    version = access.sold_once(bundle, number)
    if version is bundle.in_force:
        return redirect(url_for(".show", bundle_id=bundle_id))
    return _page(bundle, version, None)


def _page(bundle: Bundle, version: BundleVersion, before: BundleVersion | None) -> str:
    sight = bundle_view.version_sight(version, before)
    cited = sight.public[bundle.listing.public_id]
    standing = certificates.standing(cited.expires_on, today())
    is_matched = version is bundle.in_force and bundle.broken_on is None and standing == "valid"
    key = current_user.organization_key
    concerned = key is not None and (
        bundle.alliance.coordinator_id == key or any(each.organization_id == key for each in version.consents)
    )
    return render_template(
        "bundles/show.html",
        bundle=bundle,
        alliance=bundle.alliance,
        version=version,
        sight=sight,
        cited=cited,
        is_nationwide=cards.is_nationwide(cited.content),
        before=before,
        changed=None
        if before is None
        else bundle_diff.public(read(before.content), sight.form, sight.called),
        references=access.references(db, version),
        group=crowds.GROUP,
        validator=own_words(cited.validator_name, cited.validator_name_en),
        standing=standing,
        works_here=concerned and is_allowed("bundle.work"),
        demand_link=demand_link,
        own_places=access.own_places(db, current_user, bundle.listing.public_id)
        if is_matched and is_allowed("demand.state")
        else [],
        said=said,
        words=words,
    )
