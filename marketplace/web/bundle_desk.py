"""What the review desk is shown of a bundle: its parts, who signed it, and what stands in its way today."""

from dataclasses import dataclass
from typing import Any

from catalog.bundle_states import BUNDLE
from catalog.models import BundleVersion, Review
from marketplace.accounts import access
from marketplace.extensions import db
from marketplace.web import alliance_words, bundle_view
from marketplace.wording import bundles as said


@dataclass(frozen=True, slots=True)
class BundleSight:
    """The version that was handed in, or that is sold since."""

    version: BundleVersion
    sight: bundle_view.Sight


def words(review: Review) -> dict[str, Any]:
    """What the desk's templates need to show a bundle; `sold` is None for any other listing."""
    return {"sold": _sold(review), "said": said, "words": alliance_words}


def _sold(review: Review) -> BundleSight | None:
    if review.listing.kind != BUNDLE:
        return None
    bundle = access.bundle_of_listing(db, review.listing)
    version = bundle.open_version or bundle.in_force or bundle.versions[-1]
    return BundleSight(version, bundle_view.version_sight(version))
