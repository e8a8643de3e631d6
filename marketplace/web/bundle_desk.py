"""What the review desk is shown of a bundle: its parts with their certificates, and who signed it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.bundle_states import BUNDLE
from catalog.bundles import form as forms
from catalog.bundles.form import Form
from catalog.errors import NotFound
from catalog.models import BundleVersion, Review
from catalog.validation.rubric import CRITERIA
from marketplace.accounts import access
from marketplace.accounts.access.parts import Standing
from marketplace.extensions import db
from marketplace.web import alliance_words, bundle_view
from marketplace.wording import bundles as said
from marketplace.wording import name, own_words

#: A bundle is weighed by the same criteria, asked in words that fit it.
_CRITERIA = "bundle_criterion"


@dataclass(frozen=True, slots=True)
class BundleSight:
    """The version that was handed in, or that was approved.

    Attributes:
        parts: listings that are public today, by id: what is not has no valid certificate.
        firms: names of its vendors, by id.
    """

    version: BundleVersion
    form: Form
    parts: Mapping[str, Standing]
    firms: Mapping[str, str]

    def title(self, listing: str) -> str:
        """A part's title; nothing of one that is gone."""
        part = self.parts.get(listing)
        return "–" if part is None else own_words(part.content["title"], part.content["title_en"])


def words(review: Review) -> dict[str, Any]:
    """What the desk's templates need to show a bundle; `sold` is None for other listings and what was sent back.

    `criteria` is the set of words in which the rubric is asked, `called` what differs from its usual field names.
    """
    is_bundle = review.listing.kind == BUNDLE
    called = {f"points/{one.id}": name(_CRITERIA, one.id) for one in CRITERIA} if is_bundle else {}
    return {
        "sold": _sold(review),
        "criteria": _CRITERIA if is_bundle else "criterion",
        "called": called,
        "said": said,
        "words": alliance_words,
    }


def in_full(review: Review) -> dict[str, Any]:
    """What the template needs to show everything that a bundle promises.

    Raises:
        NotFound: it is another listing, or it was sent back.
    """
    version = access.judged_version(db, review, whole=True) if review.listing.kind == BUNDLE else None
    if version is None:
        raise NotFound
    sight = bundle_view.version_sight(version)
    return {"version": version, "sight": sight, "said": said, "words": alliance_words}


def _sold(review: Review) -> BundleSight | None:
    if review.listing.kind != BUNDLE:
        return None
    version = access.judged_version(db, review)
    if version is None:
        return None
    form = forms.read(version.content)
    return BundleSight(
        version,
        form,
        access.public_parts(db, sorted({item.listing for item in form.items})),
        {
            each.organization.public_id: own_words(each.organization.name, each.organization.name_en)
            for each in version.consents
        },
    )
