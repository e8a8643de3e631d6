"""What happened to each listing, day by day. Pure: texts in, rounds out; no clock is read."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from marketplace.demo.naming import draw
from marketplace.demo.source import Country, Entry, last_day

#: The day on which the demo country stands still.
TODAY = date(2026, 11, 20)

DRAFT, WAITING, TAKEN, SENT_BACK, APPROVED = "draft", "waiting", "taken", "sent_back", "approved"

#: First editions of the usual way are begun between these days.
_FIRST, _LAST = date(2026, 5, 25), date(2026, 10, 26)
_DAYS_AFTER_MEASURING, _DAYS_OF_DRAFTING = 10, 9
#: How long a certificate holds by the best evidence behind it.
_HOLDS_DAYS = {"field": 540, "test_report": 365, "claim": 270}


@dataclass(frozen=True, slots=True)
class Round:
    """One edition of one listing, from its draft to where it stands now.

    Attributes:
        edition: 1, or 2 for a published listing that was opened again.
        outcome: DRAFT, WAITING, TAKEN, SENT_BACK or APPROVED.
        begun, submitted, taken, decided: days, as far as it got; `expires`: the certificate's last day.
        changes: what the second edition changes, in the words of the vendor files.
        validator: name of the one who judges; None: whoever has no conflict of interest.
        points, findings, notes: what was written at the desk; no points: the usual ones of an approval.
    """

    title: str
    outcome: str
    begun: date
    edition: int = 1
    submitted: date | None = None
    taken: date | None = None
    decided: date | None = None
    expires: date | None = None
    validator: str | None = None
    changes: Entry = field(default_factory=dict)
    points: dict[str, int] = field(default_factory=dict)
    findings: list[Entry] = field(default_factory=list)
    notes: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Event:
    """One act at one listing: "begin", "submit", "take" or "decide"."""

    day: date
    act: str
    round: Round


def schedule(country: Country) -> list[Event]:
    """Everything that happened at the desk, in order of days; acts of one day in the order of the files."""
    special = {entry["title"]: entry for entry in country.desk["first_editions"]}
    rounds = []
    for place, (vendor, listing) in enumerate(shelf(country)):
        title = listing["title"]
        if vendor["name"] in country.desk["unconfirmed"]:
            rounds.append(Round(title, DRAFT, begun=TODAY - timedelta(days=2)))
        elif title in special:
            rounds.append(Round(**special[title]))
        else:
            planned = _FIRST + timedelta(days=place * ((_LAST - _FIRST).days) // 130)
            rounds.append(_usual(listing, planned))
    rounds += [Round(edition=2, **entry) for entry in country.desk["new_editions"]]
    rounds += [_usual(listing, listing["planned"]) for _, listing in _planned(country)]
    events = [event for one in rounds for event in _events(one)]
    return sorted(events, key=lambda event: event.day)


def shelf(country: Country) -> list[tuple[Entry, Entry]]:
    """(vendor, listing) without a day of their own: the first of each vendor, then the second of each, and so on."""
    pairs = [
        (place, vendor, listing)
        for vendor in country.vendors
        for place, listing in enumerate(vendor["listings"])
        if "planned" not in listing
    ]
    return [(vendor, listing) for _, vendor, listing in sorted(pairs, key=lambda pair: pair[0])]


def _planned(country: Country) -> list[tuple[Entry, Entry]]:
    """(vendor, listing) that say themselves on which day they are begun."""
    return [
        (vendor, listing)
        for vendor in country.vendors
        for listing in vendor["listings"]
        if "planned" in listing
    ]


def usual_points(title: str, improved: list[bool]) -> dict[str, int]:
    """Rubric points of an approval. Failures cost points for the effect; the method must then be beyond doubt."""
    good = {name: 4 + draw(title, name) % 2 for name in ("method", "sample", "data_security")}
    fair = {name: 3 + draw(title, name) % 3 for name in ("persistence", "documents")}
    if not any(improved):
        return {**good, **fair, "method": 5, "effect": 2}
    return {**good, **fair, "effect": 4 if all(improved) else 3}


def _usual(listing: Entry, planned: date) -> Round:
    title, evidence = listing["title"], listing["evidence"]
    begun = _working_day(max(planned, last_day(listing) + timedelta(days=_DAYS_AFTER_MEASURING)))
    submitted = _working_day(begun + timedelta(days=_DAYS_OF_DRAFTING))
    taken = _working_day(submitted + timedelta(days=1 + draw(title, "taken") % 3))
    decided = _working_day(taken + timedelta(days=2 + draw(title, "decided") % 6))
    kinds = {record["kind"] for record in evidence}
    best = next(kind for kind in _HOLDS_DAYS if kind in kinds)
    expires = decided + timedelta(days=_HOLDS_DAYS[best])
    return Round(
        title, APPROVED, begun=begun, submitted=submitted, taken=taken, decided=decided, expires=expires
    )


def _working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def _events(one: Round) -> list[Event]:
    acts: list[tuple[str, Any]] = [
        ("begin", one.begun),
        ("submit", one.submitted),
        ("take", one.taken),
        ("decide", one.decided),
    ]
    return [Event(day, act, one) for act, day in acts if day is not None]
