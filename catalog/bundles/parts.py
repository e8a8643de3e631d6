"""What one vendor signs of a version: its items and what they promise, its share in won, what it answers for. Pure.

The buyer's total stands in it where the share hangs on it: of a percentage, and of the remainder. So a vendor whose
part is the same in a new version has agreed to it already, and nobody else's change can move its won unasked.
"""

from typing import Any

from catalog.bundles.form import FORM, Form, canonical
from catalog.canonical import fingerprint


def part(form: Form, vendor: str) -> dict[str, Any]:
    """Return a vendor's part as plain JSON; it bears no version number, for it may stay through several.

    Raises:
        Invalid: the shares do not add up. StopIteration: the vendor has no share.
    """
    whole = canonical(form)
    rule = next(each for each in whole["rules"] if each["vendor"] == vendor)
    items = [item for item in whole["items"] if item["vendor"] == vendor]
    covered = {capability for item in items for capability in item["covers"]}
    content = {
        "form": FORM,
        "bundle": form.bundle,
        "vendor": vendor,
        "lead": form.lead,
        "charter_hash": form.charter_hash,
        "items": items,
        "wanted": [wanted for wanted in whole["wanted"] if wanted["capability"] in covered],
        "links": [link for link in whole["links"] if link["answers"] == vendor],
        "duties": [duty for duty in whole["duties"] if vendor in (duty["vendor"], duty["escalates_to"])],
        "share": {**rule, "amount": whole["shares"][vendor]},
    }
    if rule["kind"] != "fixed":
        content["price_amount"] = whole["price_amount"]
    return content


def digest(form: Form, vendor: str) -> str:
    """SHA-256 (hex) of a vendor's part."""
    return fingerprint(part(form, vendor))


def affected(before: Form, after: Form) -> tuple[str, ...]:
    """Return the vendors that have to sign a new version anew: those whose part is not what it was."""
    kept = {rule.vendor for rule in before.rules}
    return tuple(
        vendor
        for vendor in sorted(rule.vendor for rule in after.rules)
        if vendor not in kept or digest(before, vendor) != digest(after, vendor)
    )
