"""The working copy of a bundle: begun, filled, changed part by part, mended. Nobody has signed it yet.

It may be unfinished; what is given must be right. Whoever changes a working copy that somebody else changed meanwhile
is told, and nothing is lost.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.alliances import standing
from catalog.bundle_states import BUNDLE
from catalog.bundles import checks, defaults, fixes, knowing, problems, reading, relinking, signing
from catalog.bundles import form as forms
from catalog.bundles.checks import Fix
from catalog.bundles.facts import Facts
from catalog.bundles.form import Form
from catalog.bundles.reading import Changes
from catalog.db import new_id
from catalog.errors import Conflict, Invalid
from catalog.models import Alliance, Bundle, Listing, Organization

#: An alliance has at most so many bundles, whatever became of them. Our choice: its page lists all of them.
MAX_BUNDLES = 200


def begin(
    session: Session,
    alliance: Alliance,
    texts: Mapping[str, str],
    *,
    level_from: int,
    level_to: int,
    demand: str | None = None,
) -> Bundle:
    """Begin a bundle without parts. Its listing in the store is the lead's, who answers to the buyer.

    Args:
        texts: fields of the listing (`listings.TEXT_FIELDS`); those not given are empty.
        demand: public id of the demand for which it is composed.

    Raises:
        Conflict: the alliance is not active, or its lead has gone. Invalid: no title, a level out of order, too many.
    """
    standing.lock(session, alliance)
    standing.require_alive(alliance, ("active",))
    lead = lead_of(alliance)
    count = session.scalar(select(func.count(Bundle.id)).where(Bundle.alliance_id == alliance.id)) or 0
    if count >= MAX_BUNDLES:
        raise Invalid.at("", "too_many_bundles", max=MAX_BUNDLES)
    made = Bundle(public_id=new_id(), alliance=alliance, demand=demand)
    form = _empty(made, lead, {name: texts.get(name, "") for name in reading.TEXTS}, (level_from, level_to))
    problems.require(form, ("texts", "level_from"))
    made.draft = forms.plain(_followed(form, form, alliance))
    made.listing = Listing(organization=lead, kind=BUNDLE, title=form.texts["title"])
    session.add(made)
    return made


def fill(session: Session, bundle: Bundle, form: Form, expected: int) -> Form:
    """Take a whole version as the working copy, for instance a composed one; shares and duties it lacks are offered.

    Args:
        expected: number of the working copy that it replaces.

    Raises:
        Conflict: the working copy is another one by now. Invalid: what is wrong with it.
    """
    _hold(session, bundle, expected)
    before = forms.read(bundle.draft)
    own = replace(
        form, bundle=before.bundle, number=before.number, alliance=before.alliance, lead=before.lead
    )
    made = _followed(own, _of_lead(own, bundle.alliance), bundle.alliance)
    return _keep(bundle, made, reading.PARTS if form.rules else reading.PARTS - {"shares", "duties"})


def change(session: Session, bundle: Bundle, changes: Changes, expected: int, today: date) -> Form:
    """Change the given parts of the working copy; the others stay. Links and offered shares follow the items.

    An item that is named by its id and keeps listing, plan and quantity keeps the edition and the price that it has;
    every other is priced as its listing stands today.

    Args:
        expected: number of the working copy that was read.

    Raises:
        Conflict: the working copy is another one by now. Invalid: what is wrong, each at its field.
    """
    _hold(session, bundle, expected)
    before = working_copy(bundle)
    listings = {item.listing for item in before.items} | {
        each["listing"] for each in changes.get("items", ())
    }
    facts = knowing.facts_for(session, listings, bundle.alliance, today)
    made = reading.changed(before, changes, facts)
    if changes.keys() & {"items", "exchanges", "wanted"}:
        made = relinking.relinked(made, facts)
    made = reading.answered(made, changes)
    made = _followed(before, made, bundle.alliance)
    return _keep(bundle, reading.shared_out(made, changes), changes.keys())


def mend(session: Session, bundle: Bundle, fix: Fix, expected: int, facts: Facts) -> Form:
    """Carry out one of the fixes that the checks offer for the working copy now.

    Raises:
        Conflict: the working copy is another one by now, or the fix is not (any more) one of those.
        Invalid: what would be wrong with the bundle then.
    """
    _hold(session, bundle, expected)
    before = working_copy(bundle)
    if all(fix not in finding.fixes for finding in checks.findings(before, facts)):
        raise Conflict("bundle.fix_gone")
    made = relinking.relinked(fixes.applied(before, fix, facts), facts)
    return _keep(bundle, _followed(before, made, bundle.alliance), {"items"})


def preview(bundle: Bundle, changes: Changes) -> Form:
    """What the working copy would be with another discount or other shares; nothing is changed.

    Raises:
        Invalid: what is wrong, each at its field.
    """
    before = working_copy(bundle)
    made = replace(before, discount_amount=changes.get("discount_amount", before.discount_amount))
    made = reading.shared_out(_followed(before, made, bundle.alliance), changes)
    problems.require(made, {"shares", "discount_amount"})
    return made


def working_copy(bundle: Bundle) -> Form:
    """The working copy under the charter in force: another lead takes over what the one before answered for.

    Raises:
        Conflict: there is no lead.
    """
    kept = forms.read(bundle.draft)
    return _followed(kept, _of_lead(kept, bundle.alliance), bundle.alliance)


def require_number(bundle: Bundle, expected: int) -> None:
    """Raises Conflict: somebody else has changed the working copy since it was read."""
    if bundle.draft_number != expected:
        raise Conflict("bundle.changed", number=bundle.draft_number)


def lead_of(alliance: Alliance) -> Organization:
    """The member that answers to the buyer. Raises Conflict: there is no charter, or the lead has gone."""
    wanted = standing.lead_of(alliance)
    found = next((one.organization for one in alliance.members if one.organization.public_id == wanted), None)
    if found is None:
        raise Conflict("bundle.no_lead")
    return found


def _empty(bundle: Bundle, lead: Organization, texts: Mapping[str, str], levels: tuple[int, int]) -> Form:
    return Form(
        bundle=bundle.public_id,
        number=1,
        alliance=bundle.alliance.public_id,
        charter_hash="",
        lead=lead.public_id,
        texts=texts,
        level_from=levels[0],
        level_to=levels[1],
        wanted=(),
        exchanges=(),
        items=(),
        links=(),
        duties=(),
        discount_amount=0,
        rules=(),
    )


def _of_lead(form: Form, alliance: Alliance) -> Form:
    """The charter may have named another lead since."""
    return replace(form, lead=lead_of(alliance).public_id)


def _followed(before: Form, after: Form, alliance: Alliance) -> Form:
    charter = alliance.charter
    if charter is None:
        raise Conflict("bundle.no_lead")
    return defaults.followed(before, after, int(charter.content["answer_hours"]))


def _hold(session: Session, bundle: Bundle, expected: int) -> None:
    signing.lock(session, bundle)
    standing.require_alive(bundle.alliance, ("active",))
    require_number(bundle, expected)


def _keep(bundle: Bundle, form: Form, given: Collection[str]) -> Form:
    problems.require(form, given)
    bundle.draft = forms.plain(form)
    bundle.draft_number += 1
    return forms.read(bundle.draft)
