"""The form of a site: how its fields are read, a listing of the store found by its name, stored values for it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _

from catalog import sites, taxonomy
from catalog.errors import Invalid, Problem
from catalog.models import Site
from catalog.sites import CHOICES
from marketplace.accounts import access
from marketplace.extensions import db
from marketplace.schemas.fields import parse
from marketplace.schemas.sites import SiteIn
from marketplace.web import forms
from matching.models import Assessment
from matching.models.assessment import COMPANY_LEVEL, STATED_BASES, SYSTEM_LEVEL

#: Word of the form for a level that the company states not to know.
NOT_KNOWN = "unknown"
#: Any of these makes a row of the form a system.
SYSTEM_PARTS = (
    "name", "capability", "interfaces", "product", "vendor_name", "version", "in_use_since", "listing_id",
)  # fmt: skip


def _level_value(texts: Sequence[str]) -> Any:
    chosen = forms.chosen(texts)
    if chosen is forms.MISSING:
        return chosen
    return None if chosen == NOT_KNOWN else forms.whole(texts)


FIELDS: Mapping[str, forms.Reader] = {
    "name": forms.text,
    "industry": forms.key,
    "ksic": forms.chosen,
    "region": forms.chosen,
    "headcount": forms.whole,
    "products": forms.lines,
    "shifts": forms.whole,
    **dict.fromkeys(CHOICES, forms.optional),
    "budget_year": forms.whole,
    "processes": forms.many,
    "interfaces": forms.many,
    "systems/*/name": forms.text,
    "systems/*/capability": forms.optional,
    "systems/*/interfaces": forms.many,
    "systems/*/product": forms.text,
    "systems/*/vendor_name": forms.text,
    "systems/*/version": forms.text,
    "systems/*/in_use_since": forms.optional,
    "systems/*/listing_id": forms.optional,
    "level/scale": forms.chosen,
    "level/value": _level_value,
    "level/basis": forms.chosen,
}


def read() -> forms.Form:
    """What was sent."""
    form = forms.read(request.form, FIELDS, {"systems": _is_blank})
    typed = form.data.pop("ksic", None)
    if typed is not None:  # the exact code beats the choice of its group
        form.data["industry"] = {"revision": taxonomy.current_revision("ksic"), "code": typed}
    level = form.data.get("level", {})
    if "scale" not in level and "value" not in level:
        form.data["level"] = None
    return form


def parsed(form: forms.Form, site: Site | None) -> dict[str, Any]:
    """What the form says, with listings by their ids.

    Args:
        site: the one that is revised: what its systems named before is known, even if it has left the store.

    Raises:
        Invalid: with a problem at every field that does not fit, names of listings among them.
    """
    rows = form.data.get("systems", [])
    known = {} if site is None else access.listings_in_use(db, [site])
    problems = []
    for i, row in enumerate(rows):
        words = row.get("listing_id")
        if words:
            row["listing_id"], found = _listing(words, known)
            problems += [Problem(f"systems/{i}/listing_id", p.code, p.params) for p in found]
    try:
        fields = parse(SiteIn(), form.data)
    except Invalid as error:
        raise Invalid([*error.problems, *problems]) from None
    if problems:
        raise Invalid(problems)
    return fields


def _listing(words: str, known: Mapping[str, access.Offered]) -> tuple[str | None, list[Problem]]:
    """The id of the listing that the words name, or what is wrong with them."""
    kept = [one.id for one in known.values() if one.called == words]
    if kept:
        return kept[0], []
    found = access.listings_called(db, words)
    if len(found) == 1:
        return found[0].id, []
    if found:
        return None, [Problem("", "listing_several", {"names": _names(found)})]
    near = access.listings_like(db, words)
    if near:
        return None, [Problem("", "listing_near", {"names": _names(near)})]
    return None, [Problem("", "listing_none")]


def _names(found: Sequence[access.Offered]) -> str:
    return ", ".join(f"‘{one.called}’" for one in found)


def stored(site: Site, levels: Mapping[str, Assessment]) -> dict[str, Any]:
    """What is stored, as the values of the form's fields; a level only if the company stated it itself."""
    fields = sites.stated(site)
    called = access.listings_in_use(db, [site])
    for system in fields["systems"]:
        listing = called.get(system["listing_id"] or "")
        system["listing_id"] = "" if listing is None else listing.called
    values = forms.flat(fields)
    held = levels.get(COMPANY_LEVEL) or levels.get(SYSTEM_LEVEL)
    if held is None or held.basis not in STATED_BASES:
        return {**values, "level/basis": "self_reported"}
    value = NOT_KNOWN if held.level is None else str(held.level)
    return {**values, "level/scale": held.scale, "level/value": value, "level/basis": held.basis}


def labels(errors: Mapping[str, Any]) -> dict[str, str]:
    """Words that this form uses otherwise than the others do, for the summary of errors."""
    words = {}
    for name in errors:
        if name.endswith("/version"):
            words[name] = _("시스템 %(n)s", n=int(name.split("/")[1]) + 1) + " › " + _("판")
    return words


def rows_of(values: Mapping[str, Any], name: str, telling: Sequence[str], *, empty: int, most: int) -> range:
    """Numbers of the rows that a repeated group of fields shows, `most` at most: those in use and `empty` more.

    A row is in use when one of its `telling` fields is filled in; the others always send their default.
    """
    used = [i for i in range(most) if any(values.get(f"{name}/{i}/{part}") for part in telling)]
    return range(min(max(used, default=-1) + 1 + empty, most))


def _is_blank(row: Mapping[str, Any]) -> bool:
    return not any(value.strip() if isinstance(value, str) else value for value in row.values())
