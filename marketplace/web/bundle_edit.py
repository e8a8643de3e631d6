"""The forms that change a bundle's working copy: goal, items, price and shares, duties.

Each carries the number of the working copy that it was read from. Whoever would save over another one's change is told
first, and finds what was typed still there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from catalog.bundles import drafting, knowing
from catalog.bundles.facts import Facts, PartFacts
from catalog.bundles.form import MAX_STAGES, Form
from catalog.bundles.reading import MAX_QUALITY, Changes
from catalog.errors import Conflict, Invalid
from catalog.models import Bundle
from catalog.shares import KINDS
from marketplace import audit
from marketplace.accounts import access
from marketplace.accounts.permission import requires
from marketplace.extensions import db, today
from marketplace.schemas import bundle_changes as schemas
from marketplace.schemas.fields import parse
from marketplace.web import alliance_words as words
from marketplace.web import bundle_forms as fields
from marketplace.web import bundle_view, forms
from marketplace.web.alliances import capability_groups
from marketplace.web.bundle_work import changed, is_stale, levels, number_of
from marketplace.web.parameters import notice_unknown
from marketplace.wording import bundles as said

bp = Blueprint("bundle_edit", __name__)

#: Shows a form again with what was typed and what is wrong.
Shown = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan of a member's listing that may be put in: what it would fill, and what else it brings (code, quality)."""

    listing: str
    plan_id: str
    title: str
    firm: str
    plan: str
    amount: int
    level_from: int
    level_to: int
    fills: tuple[tuple[str, int], ...]
    others: tuple[tuple[str, int], ...]


@bp.route("/bundles/<uuid:bundle_id>/goal", methods=["GET", "POST"])
@requires("bundle.draft")
def goal(bundle_id: UUID) -> str | Response | tuple[str, int]:
    """Texts, levels, what is wanted, which data are exchanged."""
    bundle = _bundle(bundle_id)
    if request.method == "GET":
        notice_unknown()
        return _goal(bundle, fields.goal_values(drafting.working_copy(bundle)))
    form = forms.read(request.form, fields.GOAL_FIELDS, fields.GOAL_DROPS)
    # Lists whose every row is empty are sent as none; they are empty all the same.
    data = {"wanted": [], "exchanges": [], **form.data}
    return _save(bundle, form, data, _goal)


@bp.route("/bundles/<uuid:bundle_id>/items", methods=["GET", "POST"])
@requires("bundle.draft")
def items(bundle_id: UUID) -> str | Response | tuple[str, int]:
    """Plans, quantities, stages, what each item answers for and helps with."""
    bundle = _bundle(bundle_id)
    if request.method == "GET":
        notice_unknown()
        return _items(bundle, fields.item_values(drafting.working_copy(bundle)))
    form = forms.read(request.form, fields.ITEM_FIELDS, fields.ITEM_DROPS)
    return _save(bundle, form, fields.without_removed(form.data), _items)


@bp.route("/bundles/<uuid:bundle_id>/price", methods=["GET", "POST"])
@requires("bundle.draft")
def price(bundle_id: UUID) -> str | Response | tuple[str, int]:
    """The discount and how the price is shared out; a look at the outcome before it is saved."""
    bundle = _bundle(bundle_id)
    if request.method == "GET":
        notice_unknown()
        return _price(bundle, fields.price_values(drafting.working_copy(bundle)))
    form = forms.read(request.form, fields.PRICE_FIELDS)
    data = fields.unless_offered(fields.with_shares(form.data), drafting.working_copy(bundle))
    if request.form.get("go") != "preview":
        return _save(bundle, form, data, _price)
    try:
        made = drafting.preview(bundle, _changes(data))
    except Invalid as error:
        return _price(bundle, **form.refused(fields.share_problems(error.problems, data))), 422
    return _price(bundle, fields.price_values(made), previewed=made)


@bp.route("/bundles/<uuid:bundle_id>/duties", methods=["GET", "POST"])
@requires("bundle.draft")
def duties(bundle_id: UUID) -> str | Response | tuple[str, int]:
    """Who answers within which time, who takes over, who answers for which exchange of data."""
    bundle = _bundle(bundle_id)
    if request.method == "GET":
        notice_unknown()
        return _duties(bundle, fields.duty_values(drafting.working_copy(bundle)))
    form = forms.read(request.form, fields.DUTY_FIELDS)
    return _save(bundle, form, form.data, _duties)


@bp.get("/bundles/<uuid:bundle_id>/items/new")
@requires("bundle.draft")
def choose(bundle_id: UUID) -> str:
    """What the members have in the store that would fit in."""
    notice_unknown()
    return _choose(_bundle(bundle_id))


@bp.post("/bundles/<uuid:bundle_id>/items/new")
@requires("bundle.draft")
def add(bundle_id: UUID) -> Response | tuple[str, int]:
    """Put one of them in: it answers for what is open, and helps with what it brings besides."""
    bundle = _bundle(bundle_id)
    data = forms.read(request.form, {"draft_number": forms.whole, "offer": forms.text}).data
    listing, _space, plan = str(data.get("offer", "")).partition(" ")
    form = drafting.working_copy(bundle)
    part = _facts(bundle, form).parts.get(listing)
    if part is None or plan not in part.plans:
        return _choose(bundle, errors={"": [_("그사이 없어진 솔루션이에요. 다른 것을 골라 주세요.")]}), 422
    brings = {code: quality for code, (quality, _basis) in part.plans[plan].quality.items()}
    first = max(1, part.level_from - form.level_from + 1)
    changes = fields.added(form, listing, plan, brings, first)
    return changed(bundle, changes, data.get("draft_number"))


def _bundle(bundle_id: UUID) -> Bundle:
    return access.run_bundle(db, current_user, bundle_id).bundle


def _save(
    bundle: Bundle, form: forms.Form, data: Mapping[str, Any], shown: Shown
) -> Response | tuple[str, int]:
    """Change the working copy, or show the form again as it was sent."""
    expected = forms.read(request.form, {"draft_number": forms.whole}).data.get("draft_number")
    public_id = UUID(bundle.public_id)
    try:
        drafting.change(db, bundle, _changes(data), number_of(expected), today())
    except Invalid as error:
        db.rollback()
        return shown(_bundle(public_id), **form.refused(fields.share_problems(error.problems, data))), 422
    except Conflict as error:
        db.rollback()
        if not is_stale(error):
            raise
        return shown(_bundle(public_id), form.values, changed=True), 409
    audit.commit("bundle.change", bundle, number=bundle.draft_number)
    flash(_("저장했어요."), "success")
    return redirect(url_for("bundle_work.board", bundle_id=public_id), 303)


def _changes(data: Mapping[str, Any]) -> Changes:
    """What a form changes. Raises Invalid: with a problem at every field that does not fit."""
    return cast("Changes", parse(schemas.BundleChangesIn(), data))


def _goal(bundle: Bundle, values: dict[str, Any], **context: Any) -> str:
    form = drafting.working_copy(bundle)
    sent = [name for name in values if name.endswith("/capability")]
    pairs = [name for name in values if name.startswith("exchanges/")]
    named = {wanted.capability for wanted in form.wanted} | {values[name] for name in sent if values[name]}
    return _page(
        "bundles/goal.html",
        bundle,
        form,
        values=values,
        levels=levels(),
        capabilities=[option for _group, options in capability_groups() for option in options],
        qualities=_numbers(MAX_QUALITY),
        stages=_stages(),
        wanted_options=[(code, said.capability(code)) for code in sorted(named)],
        wanted_rows=_rows(len(form.wanted), sent),
        exchange_rows=_rows(len(form.exchanges), pairs),
        **context,
    )


def _items(bundle: Bundle, values: dict[str, Any], **context: Any) -> str:
    form = drafting.working_copy(bundle)
    sight = bundle_view.sight_of(bundle)
    return _page(
        "bundles/items.html",
        bundle,
        form,
        values=values,
        sight=sight,
        plan_options={item.id: _plans(sight, item.listing, item.plan) for item in form.items},
        role_options={
            item.id: _roles(sight, item.listing, (*item.covers, *item.supports)) for item in form.items
        },
        stages=_stages(),
        **context,
    )


def _price(bundle: Bundle, values: dict[str, Any], previewed: Form | None = None, **context: Any) -> str:
    form = drafting.working_copy(bundle)
    sight = bundle_view.sight_of(bundle, previewed)
    for place, rule in enumerate(form.rules):
        kind = values.get(f"shares/{place}/kind", rule.kind)
        called = f"{sight.called.firm(rule.vendor)} · {said.RULES.get(kind, '')}"
        context.get("labels", {})[f"shares/{place}/value"] = called
    return _page(
        "bundles/price.html",
        bundle,
        form,
        values=values,
        sight=sight,
        previewed=previewed is not None,
        kinds=[(kind, str(said.RULES[kind])) for kind in KINDS],
        **context,
    )


def _duties(bundle: Bundle, values: dict[str, Any], **context: Any) -> str:
    form = drafting.working_copy(bundle)
    sight = bundle_view.sight_of(bundle)
    vendors = sorted({item.id: item.vendor for item in form.items}.items())
    of_item = dict(vendors)
    return _page(
        "bundles/duties.html",
        bundle,
        form,
        values=values,
        sight=sight,
        vendors=[(duty.vendor, sight.called.firm(duty.vendor)) for duty in form.duties],
        answer_options=[
            [(vendor, sight.called.firm(vendor)) for vendor in sorted({of_item[each] for each in link.items})]
            for link in form.links
        ],
        **context,
    )


def _choose(bundle: Bundle, **context: Any) -> str:
    form = drafting.working_copy(bundle)
    return _page("bundles/choose.html", bundle, form, offers=_offers(bundle, form), **context)


def _page(template: str, bundle: Bundle, form: Form, **context: Any) -> str:
    return render_template(
        template,
        bundle=bundle,
        bundle_title=bundle_view.title(form),
        said=said,
        words=words,
        **{"changed": False, **context},
    )


def _offers(bundle: Bundle, form: Form) -> list[Offer]:
    """Plans of members' valid listings that are not in it, those first that fill most of what is open."""
    facts = _facts(bundle, form)
    inside = {item.listing for item in form.items}
    parts = {listing: part for listing, part in facts.parts.items() if _may_stand(part, facts)}
    standing = access.public_parts(db, sorted(parts.keys() - inside))
    called = bundle_view.called(standing, bundle.alliance, facts)
    answered = {capability for item in form.items for capability in item.covers}
    least = {one.capability: one.min_quality for one in form.wanted if one.capability not in answered}
    found = []
    for listing in standing:
        for plan, known in parts[listing].plans.items():
            if known.amount is None:
                continue
            brings = sorted((code, quality) for code, (quality, _basis) in known.quality.items() if quality)
            fills = tuple(one for one in brings if one[0] in least and one[1] >= least[one[0]])
            found.append(
                Offer(
                    listing, plan, called.title(listing), called.firm(parts[listing].vendor),
                    called.plan(listing, plan), known.amount, parts[listing].level_from, parts[listing].level_to,
                    fills, tuple(one for one in brings if one not in fills),
                )
            )  # fmt: skip
    return sorted(found, key=lambda one: (-len(one.fills), one.amount, one.listing, one.plan_id))


def _facts(bundle: Bundle, form: Form) -> Facts:
    return knowing.facts_of(db, form, bundle.alliance, today())


def _may_stand(part: PartFacts, facts: Facts) -> bool:
    until = part.certificate_until
    return part.is_member and not part.is_bundle and until is not None and until >= facts.today


def _plans(sight: bundle_view.Sight, listing: str, chosen: str) -> list[tuple[str, str]]:
    """Plans of a listing with a price, and the one that stands there even if it has gone."""
    part = sight.facts.parts.get(listing)
    known = [] if part is None else [name for name, plan in part.plans.items() if plan.amount is not None]
    return [(name, sight.called.plan(listing, name)) for name in dict.fromkeys((chosen, *known))]


def _roles(sight: bundle_view.Sight, listing: str, now: tuple[str, ...]) -> list[tuple[str, str]]:
    """Capabilities that an item may answer for: what its listing brings, what it has, of what is wanted."""
    part = sight.facts.parts.get(listing)
    brings = set() if part is None else {code for plan in part.plans.values() for code in plan.quality}
    wanted = [one.capability for one in sight.form.wanted if one.capability in brings]
    return [(code, said.capability(code)) for code in dict.fromkeys((*wanted, *now))]


def _rows(now: int, sent: list[str]) -> int:
    """How many rows a growing list shows: those there are, those that were sent, some empty ones."""
    highest = max((int(name.split("/")[1]) + 1 for name in sent), default=0)
    return min(max(now + fields.MORE_ROWS, highest), forms.MAX_ROW + 1)


def _numbers(highest: int) -> list[tuple[str, str]]:
    return [(str(number), str(number)) for number in range(1, highest + 1)]


def _stages() -> list[tuple[str, str]]:
    return [(str(number), _("%(n)s단계", n=number)) for number in range(1, MAX_STAGES + 1)]
