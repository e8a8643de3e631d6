"""A lead as its vendor's pages and programs show it: what of the demand shows, the points, the reasons, the time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from catalog.models import Organization
from marketplace.accounts import access
from marketplace.extensions import today
from marketplace.wording import leads as words
from marketplace.wording.names import own_words
from matching import audience, leads
from matching.audience import AudienceView
from matching.models import Lead
from matching.models.lead import CONTACT, OFFERED
from matching.standing import Standing

#: What was answered is shown this long, and the reasons why a listing is left out count as long.
SHOWN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Card:
    """One lead.

    Attributes:
        view: what of the demand shows; None once it is closed or not shown any more.
        best: the standing of the listing that is offered; None when none of them fits.
        score: the points as `_m.html` draws them; None likewise.
        pros, cons: (tone, sentence), most points brought, most points lost first.
        whys: axis → sentences.
        due: by when an answer is due. late: that is over. hours: since it was offered.
        is_told: the vendor has been told of it: there is something to answer.
    """

    lead: Lead
    view: AudienceView | None
    headline: str
    best: Standing | None
    score: Mapping[str, Any] | None
    pros: Sequence[tuple[str, str]]
    cons: Sequence[tuple[str, str]]
    whys: Mapping[str, Sequence[str]]
    due: datetime | None
    late: bool
    hours: int
    is_told: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why one listing is not in the leads.

    Attributes:
        listing: its public id; None when the vendor has no listing in any lead.
        listings: (public id, title, title_en) of every listing there is to choose.
        seen: demands looked at. shown: those in which the listing fits.
        causes: (code, why, what would change it, leads), most first.
    """

    listing: str | None
    title: str
    listings: Sequence[tuple[str, str, str]]
    seen: int
    shown: int
    causes: Sequence[tuple[str, str, str, Sequence[Lead]]]


@dataclass(frozen=True, slots=True)
class Offer:
    """One vendor's wish for contact; `vendor` is None as long as names do not show."""

    lead: Lead
    vendor: str | None
    card: dict[str, Any]
    score: dict[str, Any] | None


def cards(
    session: Session, vendor: Organization, found: Sequence[Lead], hours: int, now: datetime
) -> list[Card]:
    """The leads of one vendor as cards, in their order; three statements whatever their number."""
    if not found:
        return []
    visible = access.visible_keys(session, vendor, found)
    levels = audience.levels(session, [lead.demand for lead in found], today())
    crowd = audience.crowd(session)
    views = {
        lead.id: audience.shown(
            lead.demand,
            vendor,
            crowd,
            accepted=lead.state == CONTACT,
            level=levels.get(lead.demand.site_id, (None, "")),
            today=today(),
        )
        for lead in found
        if lead.demand_id in visible
    }
    return [_card(lead, views.get(lead.id), hours, now) for lead in found]


def choices(lead: Lead) -> list[tuple[str, str]]:
    """The listings with which the vendor may accept, by public id: those that fit, or any if the manufacturer named
    the vendor."""
    named = leads.is_named(lead)
    fitting = [row for row in lead.standings if named or row["fit"] is not None]
    return [(row["listing"], own_words(row["title"], row["title_en"])) for row in fitting]


def left_out(found: Sequence[Lead], wanted: str | None) -> LeftOut:
    """Why a listing (the wanted one, else the one that is left out most) is not in leads that are shown now."""
    titles: dict[str, tuple[str, str]] = {}
    misses: dict[str, int] = {}
    for lead in found:
        for row in lead.standings:
            titles.setdefault(row["listing"], (row["title"], row["title_en"]))
            misses[row["listing"]] = misses.get(row["listing"], 0) + bool(row["codes"])
    listings = sorted((listing, *title) for listing, title in titles.items())
    if not titles:
        return LeftOut(None, "", [], 0, 0, [])
    listing = wanted if wanted in titles else max(sorted(misses), key=lambda key: misses[key])
    seen = [row for lead in found if (row := leads.standing_in(lead, listing)) is not None]
    causes = []
    for code, among in leads.left_out_by_cause(found, listing):
        first = leads.standing_in(among[0], listing) or {}
        why, change = words.cause(code, first["told"][code])
        causes.append((code, why, change, among))
    shown = sum(not row["codes"] for row in seen)
    return LeftOut(listing, titles[listing][0], listings, len(seen), shown, causes)


def points(row: Standing, version: str) -> dict[str, Any]:
    """The points of a listing that fits, with the names of `matching.scoring.score.Score`."""
    parts = row["parts"]
    counted = [part for part in parts if part["state"] in ("known", "unknown_offer")]
    shown = sum(part["shown_points"] for part in parts)
    return {
        "version": version,
        "fit": shown,
        "shown_fit": shown,
        "parts": parts,
        "denominator": sum(part["weight"] for part in counted),
    }


def offer(lead: Lead) -> Offer:
    """An offer as the manufacturer may read it now."""
    best = lead.best
    return Offer(
        lead=lead,
        vendor=lead.organization.name if leads.names_show(lead) else None,
        card={} if best is None else best["card"],
        score=None if best is None or best["fit"] is None else points(best, lead.weights),
    )


def hides_industry(view: AudienceView | None) -> bool:
    """Whether the points and reasons of the industry would tell what the view keeps back."""
    return view is None or (not view.named and view.industry is None)


def told(row: Standing, view: AudienceView | None) -> list[Mapping[str, Any]]:
    """The reasons of a standing that may be said beside that view."""
    return [one for one in row["reasons"] if one["axis"] != "industry" or not hides_industry(view)]


def _card(lead: Lead, view: AudienceView | None, hours: int, now: datetime) -> Card:
    best = lead.best
    fits = best is not None and best["fit"] is not None
    due = leads.due_at(lead, hours)
    pros, cons = _sides(best, view) if best is not None and fits else ([], [])
    since = lead.offered_at or lead.created_at
    return Card(
        lead=lead,
        view=view,
        headline="" if view is None else words.headline(view),
        best=best,
        score=points(best, lead.weights) if best is not None and fits else None,
        pros=pros,
        cons=cons,
        whys=words.reasons(told(best, view)) if best is not None and fits else {},
        due=due,
        late=lead.state == OFFERED and due is not None and now > due,
        hours=max(0, int((now - since).total_seconds() // 3600)),
        is_told=lead.offered_at is not None,
    )


def _sides(best: Standing, view: AudienceView | None) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What speaks for the listing by points brought, what does not by points lost; what the demand does not state is
    the same for every listing and stands in the table only."""
    parts = {part["axis"]: part for part in best["parts"]}
    said = [row for row in told(best, view) if not row["code"].endswith(".unstated")]
    pros = sorted(
        (row for row in said if row["sign"] == "for"), key=lambda row: -parts[row["axis"]]["shown_points"]
    )
    cons = sorted(
        (row for row in said if row["sign"] != "for"),
        key=lambda row: parts[row["axis"]]["shown_points"] - parts[row["axis"]]["share"],
    )
    return [("good", words.reason(row)) for row in pros], [("warn", words.reason(row)) for row in cons]
