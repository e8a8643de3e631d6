"""Carry the rounds out at the review desk, in the order of their days."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import listings, publishing
from catalog.files import FileStore
from catalog.models import Listing, Organization, Review
from catalog.models.review import WAITING
from catalog.validation import desk, rules
from marketplace import audit
from marketplace.demo import drafting, naming
from marketplace.demo.rounds import APPROVED, SENT_BACK, Event, Round, usual_points
from marketplace.demo.source import Country, Entry


class IncompleteEntry(ValueError):
    """A listing of the data files does not meet a rule of publishing."""


@dataclass
class Stage:
    """Where the acts take place: the rows made so far, by name."""

    session: Session
    store: FileStore
    country: Country
    vendors: dict[str, Organization]
    #: (organization, person who signs), in the order in which they take turns.
    validators: list[tuple[Organization, Entry]]
    listings: dict[str, Listing] = field(default_factory=dict)
    #: The newest review of each.
    reviews: dict[str, Review] = field(default_factory=dict)


def perform(stage: Stage, events: list[Event]) -> None:
    """Carry out every act.

    Raises:
        IncompleteEntry: a listing that should be submitted breaks a required rule.
    """
    entries = {
        entry["title"]: (vendor, entry) for vendor in stage.country.vendors for entry in vendor["listings"]
    }
    acts_of_day: Counter[date] = Counter()
    for event in events:
        at = naming.moment(event.day, acts_of_day[event.day])
        acts_of_day[event.day] += 1
        one = event.round
        if event.act == "begin" and one.edition == 1:
            vendor, entry = entries[one.title]
            owner = stage.vendors[vendor["name"]]
            stage.listings[one.title] = drafting.draft(stage.session, stage.store, owner, entry, at)
        elif event.act == "begin":
            _reopen(stage, one)
        elif event.act == "submit":
            _submit(stage, one, at)
        elif event.act == "take":
            _take(stage, one, at)
        else:
            _decide(stage, one, at)
        stage.listings[one.title].updated_at = at
    stage.session.flush()  # the dates above must stand in the rows before anything else touches them


def _reopen(stage: Stage, one: Round) -> None:
    listing = stage.listings[one.title]
    publishing.reopen(stage.session, listing)
    listings.revise(stage.session, listing, drafting.changes_from(one.changes))
    audit.record(stage.session, "listing.draft", listing)


def _submit(stage: Stage, one: Round, at: datetime) -> None:
    listing = stage.listings[one.title]
    findings = publishing.submit(stage.session, listing, at)
    if not rules.is_complete(findings):
        broken = [
            f"{finding.rule} {finding.pointer}" for finding in findings if finding.severity == rules.REQUIRED
        ]
        raise IncompleteEntry(f"{one.title}: {', '.join(broken)}")
    review = stage.session.scalars(
        select(Review).where(Review.listing_id == listing.id, Review.state == WAITING)
    ).one()
    naming.give(review, at, one.title, str(one.edition))
    stage.reviews[one.title] = review
    audit.record(stage.session, "listing.submit", listing)


def _take(stage: Stage, one: Round, at: datetime) -> None:
    review = stage.reviews[one.title]
    validator, judge = judge_in_turn(stage, review, one.title, one.validator)
    desk.take(stage.session, review, validator, judge, at)
    points = one.points or usual_points(one.title, [record.improved for record in review.listing.evidence])
    desk.score(stage.session, review, points)
    remarks = [
        desk.Remark(pointer=f["pointer"], severity=f["severity"], text=f["text"]) for f in one.findings
    ]
    desk.remark(stage.session, review, remarks)
    for note in one.notes:
        desk.note(
            stage.session, review, audience=note["audience"], author=judge.name, text=note["text"], now=at
        )
    audit.record(stage.session, "review.judge", review, step="take")


def _decide(stage: Stage, one: Round, at: datetime) -> None:
    review = stage.reviews[one.title]
    if one.outcome == SENT_BACK:
        desk.send_back(stage.session, review, at)
        audit.record(stage.session, "review.judge", review, step="send_back")
        return
    if one.outcome != APPROVED or one.expires is None:
        raise ValueError(f"{one.title}: a decision that is neither an approval nor a return")
    judge = next(
        _as_judge(organization, person)
        for organization, person in stage.validators
        if organization.id == review.validator_id
    )
    certificate = desk.approve(
        stage.session, review, judge, statement=_statement(stage, review), expires_on=one.expires, now=at
    )
    naming.give(certificate, at, one.title, str(one.edition))
    naming.give(certificate.release, at, one.title, str(one.edition))
    audit.record(stage.session, "review.judge", review, step="approve")


def judge_in_turn(
    stage: Stage, review: Review, title: str, named: str | None = None
) -> tuple[Organization, desk.Judge]:
    """Whoever is named, or the next in turn who has no conflict of interest."""
    turn = naming.draw(title, "validator") % len(stage.validators)
    in_turn = [*stage.validators[turn:], *stage.validators[:turn]]
    for organization, person in in_turn:
        judge = _as_judge(organization, person)
        wanted = named in (None, organization.name)
        if wanted and desk.conflict(stage.session, review, organization, judge) is None:
            return organization, judge
    raise ValueError(f"{title}: nobody may judge it")


def _as_judge(organization: Organization, person: Entry) -> desk.Judge:
    return desk.Judge(person["name"], person["email"], frozenset({organization.id}))


def _statement(stage: Stage, review: Review) -> str:
    texts = stage.country.desk["statements"]
    records = review.listing.evidence
    kinds = {record.kind for record in records}
    best = next(kind for kind in ("field", "test_report", "claim") if kind in kinds)
    worse = [] if all(record.improved for record in records) else [texts["failed"]]
    return " ".join([texts[best], *worse])
