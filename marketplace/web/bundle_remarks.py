"""What the review desk asked to be mended in a bundle, told to its coordinator and to the vendors that sign it."""

from typing import Any

from flask import url_for

from catalog.listings import TEXT_FIELDS
from catalog.models import Bundle
from catalog.validation import rules
from marketplace import wording
from marketplace.accounts import access
from marketplace.extensions import db


def words(bundle: Bundle, *, runs: bool) -> dict[str, Any]:
    """What `listings/_remarks.html` shows; `last_round` is None where nothing is asked for.

    Args:
        runs: whether the reader is the coordinator, who is led to where it is mended.
    """
    asked = access.remarks_on(db, bundle)
    return {
        "last_round": asked,
        "remarks": [] if asked is None else [_remark(bundle, each, runs=runs) for each in asked.findings],
        "notes": [] if asked is None else [note for note in asked.notes if note.audience == "vendor"],
    }


def _remark(bundle: Bundle, finding: Any, *, runs: bool) -> dict[str, Any]:
    return {
        "n": finding.number,
        "severity": "must" if finding.severity == rules.REQUIRED else "should",
        "field": wording.place(finding.pointer),
        "href": _where(bundle, finding.pointer) if runs else "",
        "title": finding.text,
    }


def _where(bundle: Bundle, pointer: str) -> str:
    """The page on which the coordinator mends a field of the listing that is made of the bundle; "": the board."""
    if pointer in TEXT_FIELDS:
        return url_for("bundle_edit.goal", bundle_id=bundle.public_id, _anchor=f"f-texts-{pointer}")
    if pointer.startswith("plans"):
        return url_for("bundle_edit.price", bundle_id=bundle.public_id)
    return ""
