"""Bundles, versions, checks and prices as the API answers them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from catalog.bundles import changes, checks, drafting, problems, publishing, reading
from catalog.bundles import form as forms
from catalog.bundles.checks import Finding
from catalog.bundles.facts import Facts
from catalog.bundles.form import Form
from catalog.models import Bundle, BundleConsent, BundleVersion, Review
from marketplace.accounts.access import OwnBundle

#: What is told of a version's lines to everybody: what is delivered, not what is paid among the vendors.
_PUBLIC_ITEM = ("id", "vendor", "listing", "release", "plan", "quantity", "stage", "covers", "supports")
_PUBLIC_LINK = ("capabilities", "items", "how", "interfaces", "answers")


def bundle(own: OwnBundle) -> dict[str, Any]:
    """A bundle as the acting organization sees it."""
    row = own.bundle
    seen = own.versions
    newest = forms.read(seen[0].content) if seen else None
    form = drafting.working_copy(row) if own.runs and row.alliance.state == "active" else newest
    texts = row.draft["texts"] if own.runs or form is None else form.texts
    return {
        "id": row.public_id,
        "alliance_id": row.alliance.public_id,
        "title": texts["title"],
        "title_en": texts["title_en"],
        "listing_id": row.listing.public_id,
        "listing_state": row.listing.state,
        "demand_id": row.demand if own.runs else None,
        "on_sale": publishing.is_sold(row),
        "broken_on": row.broken_on,
        "versions": [
            {"number": each.number, "state": each.state, "price_amount": each.content["price_amount"]}
            for each in seen
        ],
        "draft_number": row.draft_number if own.runs else None,
        "draft": _draft(form) if own.runs and form is not None else None,
    }


def _draft(form: Form) -> dict[str, Any]:
    """The parts that can be changed, the links that follow from them, and the amounts."""
    plain = forms.plain(form)
    amounts = {name: getattr(form, name) for name in ("list_amount", "links_amount", "price_amount")}
    return {
        **reading.as_fields(form),
        "items": plain["items"],
        "links": plain["links"],
        "lead": form.lead,
        **amounts,
    }


def check(row: Bundle, facts: Facts, form: Form) -> dict[str, Any]:
    """Everything that stands in the way of the working copy."""
    found, wrong = checks.findings(form, facts), problems.of(form)
    return {
        "draft_number": row.draft_number,
        "may_be_sent": not wrong and all(each.severity != "conflict" for each in found),
        "problems": [{"pointer": each.pointer, "code": each.code} for each in wrong],
        "findings": [_finding(each) for each in found],
    }


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "code": found.code,
        "severity": found.severity,
        "pointer": found.pointer,
        "params": {name: _plain(value) for name, value in found.params.items()},
        "fixes": [
            {name: getattr(fix, name) for name in ("act", "item", "value", "difference_amount")}
            for fix in found.fixes
        ],
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def price(row: Bundle, form: Form, *, saved: bool) -> dict[str, Any]:
    """The price and to whom every won of it goes."""
    given = form.shares()
    amounts = ("list_amount", "links_amount", "discount_amount", "price_amount")
    return {
        "draft_number": row.draft_number,
        "saved": saved,
        **{name: getattr(form, name) for name in amounts},
        "shares": [
            {"vendor": rule.vendor, "kind": rule.kind, "value": rule.value, "amount": given[rule.vendor]}
            for rule in form.rules
        ],
    }


def version(own: OwnBundle, row: BundleVersion) -> dict[str, Any]:
    """A version with who answered, and what it changes against those that the acting organization sees."""
    before = next((each for each in own.versions if each.number < row.number), None)
    sold = next((each for each in own.versions if each.state == "in_force" and each is not row), None)
    days = ("sent_on", "until", "signed_on", "in_force_on", "ended_on")
    return {
        "bundle_id": row.bundle.public_id,
        **{name: getattr(row, name) for name in ("number", "state", "sha256", "content", "release", *days)},
        "consents": [_consent(own, each) for each in row.consents],
        "against_before": _difference(before, row),
        "against_in_force": _difference(sold, row),
    }


def remarks(row: Review | None) -> dict[str, Any]:
    """What the desk asked for; nothing of what a validator noted for its own house."""
    if row is None:
        return {"number": None, "decided_at": None, "findings": [], "notes": []}
    notes = [note for note in row.notes if note.audience == "vendor"]
    return {"number": row.number, "decided_at": row.decided_at, "findings": row.findings, "notes": notes}


def _consent(own: OwnBundle, row: BundleConsent) -> dict[str, Any]:
    """Why somebody refused, and who it was that signed, is told to the coordinator and to the vendor itself."""
    inside = own.runs or row.organization_id == own.organization_key
    plain = ("state", "part_sha256", "signed_sha256", "carried_from", "at", "reminders")
    return {
        "organization_id": row.organization.public_id,
        "name": row.organization.name,
        **{name: getattr(row, name) for name in plain},
        "signed_by": row.signed_by if inside else None,
        "reason": row.reason if inside else "",
        "opened_at": row.opened_at if inside else None,
    }


def _difference(before: BundleVersion | None, after: BundleVersion) -> dict[str, Any] | None:
    if before is None:
        return None
    found = changes.changes(forms.read(before.content), forms.read(after.content))
    return {"number": before.number, "changes": [_change(each) for each in found]}


def _change(row: changes.Change) -> dict[str, Any]:
    names = ("place", "key", "vendor", "before", "after", "difference_amount")
    return {name: getattr(row, name) for name in names}


def public_in_full(row: BundleVersion, before: BundleVersion | None, references: int) -> dict[str, Any]:
    """A version that is sold, or was, with what is known of who runs it.

    Args:
        before: what was sold before it, if that is told.
        references: as `access.references` says.
    """
    difference = None
    if before is not None:
        found = changes.public_changes(forms.read(before.content), forms.read(row.content))
        difference = {"number": before.number, "changes": [_change(each) for each in found]}
    return {**public(row), "references": references or None, "against_before": difference}


def sold(row: Bundle) -> BundleVersion:
    """The version that is sold of a bundle that was fetched as one that is."""
    found = row.in_force
    if found is None:
        raise ValueError(f"nothing is sold of {row.public_id}")
    return found


def reviewed(row: BundleVersion) -> dict[str, Any]:
    """A version that lies on the review desk, or was judged there."""
    alike = (
        "texts",
        "level_from",
        "level_to",
        "discount_amount",
        "price_amount",
        "wanted",
        "exchanges",
        "duties",
    )
    return {
        "id": row.bundle.public_id,
        "number": row.number,
        "sha256": row.sha256,
        "lead_id": row.content["lead"],
        **{name: row.content[name] for name in alike},
        **_delivered(row.content),
        "consents": [
            {
                "organization_id": each.organization.public_id,
                "name": each.organization.name,
                "state": each.state,
                "at": each.at,
            }
            for each in row.consents
        ],
    }


def _delivered(content: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "items": [{name: each[name] for name in _PUBLIC_ITEM} for each in content["items"]],
        "links": [{name: each[name] for name in _PUBLIC_LINK} for each in content["links"]],
    }


def public(row: BundleVersion) -> dict[str, Any]:
    """A version that is sold, or was, as everybody sees it."""
    bundle, content = row.bundle, row.content
    return {
        "id": bundle.public_id,
        "listing_id": bundle.listing.public_id,
        "alliance_id": bundle.alliance.public_id,
        "alliance": bundle.alliance.name,
        "lead_id": content["lead"],
        "number": row.number,
        "sha256": row.sha256,
        "in_force_on": row.in_force_on,
        "broken_on": bundle.broken_on if row is bundle.in_force else None,
        **{name: content[name] for name in ("texts", "level_from", "level_to", "price_amount", "duties")},
        **_delivered(content),
    }
