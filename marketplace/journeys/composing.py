"""Composing for a demand, or packages for many: the worker searches, the coordinator chooses, others are invited."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from time import monotonic
from typing import Any

import structlog
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from catalog.alliance_states import ASKED, INVITED
from catalog.alliances.founding import PartFields
from catalog.bundles import drafting, knowing
from catalog.bundles.facts import Facts
from catalog.errors import Conflict, Invalid, NotFound, Problem
from catalog.models import Alliance, Bundle, Organization
from marketplace import extensions, tasks, worker
from marketplace.journeys import alliances
from matching.composer import Misjudged, compose
from matching.composing import (
    asking,
    drafts,
    results,
    runs,
    segment_results,
    segment_wishes,
    segments,
    wishes,
)
from matching.composing.asking import Question
from matching.composing.drafts import Draft
from matching.composing.results import Shown
from matching.composing.segment_wishes import SegmentWishes
from matching.composing.segments import SegmentQuestion
from matching.composing.wishes import Wishes
from matching.models import ComposeRun
from matching.packages import Misjudged as PackagesMisjudged
from matching.packages import solve
from matching.search.engine import TROUBLE

log = structlog.get_logger()

#: How often the database is asked whether somebody cancelled, and told that the worker lives.
LISTEN_SECONDS = 0.5
#: What an invited vendor would do in the alliance, until it is agreed otherwise.
ROLE, ROLE_EN = "번들 구성", "Part of a bundle"


class _Ear:
    """What connects a search with its run: says how far it is, and hears whether to go on."""

    def __init__(self, app: Flask, name: str, attempt: int) -> None:
        self._store, self._name, self._attempt = extensions.database(app), name, attempt
        self._asked_at, self._goes_on = 0.0, True

    def stop(self) -> bool:
        """Whether to end; the database is asked now and then."""
        if self._goes_on and monotonic() - self._asked_at >= LISTEN_SECONDS:
            self.tell("", None)
        return not self._goes_on

    def progress(self, step: str, part: float) -> None:
        """Say which step begins."""
        self.tell(step, round(part * 100))

    def tell(self, step: str, percent: int | None) -> None:
        """Write a sign of life."""
        self._asked_at = monotonic()
        with self._store.session() as session, session.begin():
            self._goes_on = runs.beat(
                session, self._name, self._attempt, extensions.now(), step=step, percent=percent
            )


def init_app(app: Flask) -> None:
    """Let the worker search, and take up what a dead one left."""

    def tick(moment: datetime) -> None:
        with extensions.database(app).session() as session, session.begin():
            runs.take_up(session, moment)

    tasks.handle(app, runs.TOPIC, lambda _key, payload: carry_out(app, payload), long=True)
    tasks.every_tick(app, tick)


def carry_out(app: Flask, payload: Mapping[str, Any]) -> None:
    """Search and keep the answer. Repeated, it finds that the attempt has been begun and does nothing."""
    name, attempt, store = str(payload["run"]), int(payload["attempt"]), extensions.database(app)
    with store.session() as session, session.begin():
        if runs.claim(session, name, attempt, extensions.now()) is None:
            return
    worker.crash_point(app, "compose.claimed")
    try:
        result, sha256 = _searched(app, name, attempt)
    except Invalid as error:
        _fail(app, name, attempt, error.problems)
    except (Misjudged, PackagesMisjudged) as error:
        log.error("compose_misjudged", run=name, error=str(error))
        _fail(app, name, attempt, [Problem("", "compose_defect")])
    except TROUBLE as error:
        log.warning("compose_search_down", run=name, error=repr(error))
        _fail(app, name, attempt, [Problem("", "compose_search")])
    else:
        worker.crash_point(app, "compose.solved")
        with store.session() as session, session.begin():
            runs.finish(session, name, attempt, extensions.now(), result=result, sha256=sha256)


def start_packages(
    session: Session, alliance: Alliance, chosen: SegmentWishes, *, by: str, today: date
) -> tuple[ComposeRun, bool]:
    """Ask for packages for a segment of what the alliance is shown; the run, and whether it is new.

    Raises:
        Invalid: no demand is of that segment. Conflict: the alliance is not active, or has too many runs under way.
    """
    segments.require_any(segments.shown_to(session, alliance, today), chosen)
    return runs.start_packages(session, alliance, chosen, by=by)


def draft(
    session: Session, run: ComposeRun, name: str, place: int, *, texts: Mapping[str, str], today: date
) -> tuple[Bundle, list[Organization]]:
    """Make a bundle of an answer a draft of the alliance, and invite the non-members in it.

    Args:
        name, place: which bundle, as `results.Shown.choice` takes them.
        texts: of the bundle's listing.

    Returns:
        The draft, and who was invited now; others may have been invited before.

    Raises:
        NotFound: there is no such bundle, or no answer. Conflict: the run is not done, or a part is gone since.
        Invalid: what is wrong with the texts, or the alliance has no room for the invited.
    """
    found = answer_of(run)
    choice = found.choice(name, place)
    if choice is None:
        raise NotFound
    facts = knowing.facts_for(session, [item.offer for item in choice.items], run.alliance, today)
    chosen = drafts.of_bundle(found.instance, choice.items, found.said["target_level"])
    return _drafted(session, run, chosen, facts, texts=texts, today=today, demand=run.asked_for.public_id)


def draft_package(
    session: Session, run: ComposeRun, place: int, *, texts: Mapping[str, str], today: date
) -> tuple[Bundle, list[Organization]]:
    """Make a package of an answer a draft of the alliance, as `draft` does a bundle.

    It is made for those of the demands that it serves that the alliance is still shown.

    Args:
        place: which package, from 0.

    Raises:
        NotFound: there is no such package, or no answer. Conflict: as `draft`, or none of its demands is shown any
            more. Invalid: as `draft`.
    """
    if run.result is None:
        raise Conflict("compose.not_done")
    views = {one.view.demand: one.view for one in segments.shown_to(session, run.alliance, today)}
    found = segment_results.shown(run.result, views)
    package = found.package(place)
    if package is None:
        raise NotFound
    served = found.demands(package)
    if not served:
        raise Conflict("packages.gone")
    facts = knowing.facts_for(session, [one.offer for one in package.members], run.alliance, today)
    links = {pair for one in served for pair in views[one.id].links}
    chosen = drafts.of_package(package.members, served, links, facts)
    return _drafted(session, run, chosen, facts, texts=texts, today=today, demand=None)


def _drafted(
    session: Session,
    run: ComposeRun,
    chosen: Draft,
    facts: Facts,
    *,
    texts: Mapping[str, str],
    today: date,
    demand: str | None,
) -> tuple[Bundle, list[Organization]]:
    """A working copy of the alliance, its non-members invited. demand: public id of the one that it is made for."""
    alliance = run.alliance
    lead = drafting.lead_of(alliance).public_id
    form = drafts.form_of(chosen, facts, alliance=alliance.public_id, lead=lead, texts=texts)
    levels = {"level_from": form.level_from, "level_to": form.level_to}
    bundle = drafting.begin(session, alliance, texts, **levels, demand=demand)
    session.flush()  # what fills it looks at its row again
    whole = replace(form, texts=dict(bundle.draft["texts"]))  # those not given are empty there
    drafting.fill(session, bundle, whole, bundle.draft_number)
    run.bundle = bundle.public_id
    return bundle, _invite(session, alliance, drafts.outsiders(chosen.items, facts), today)


def answer_of(run: ComposeRun) -> Shown:
    """The answer of a run that is done. Raises Conflict: it is not."""
    if run.result is None:
        raise Conflict("compose.not_done")
    return results.shown(run.result)


def _searched(app: Flask, name: str, attempt: int) -> tuple[dict[str, Any], str]:
    ear = _Ear(app, name, attempt)
    ear.progress("asking", 0.0)
    question, chosen = _question(app, name)
    heard: dict[str, Any] = {"seconds": chosen.seconds, "stop": ear.stop, "progress": ear.progress}
    if isinstance(question, SegmentQuestion):
        found = solve(question.segment, question.count, **heard)
        return segment_results.kept(question, found), segment_results.digest(question.segment)
    answer = compose(question.instance, **heard)
    kept = results.kept(question.instance, answer, question.documents, question.said)
    return kept, results.digest(question.instance)


def _question(app: Flask, name: str) -> tuple[Question | SegmentQuestion, Wishes | SegmentWishes]:
    """Read all that is asked; nobody waits for it."""
    with extensions.database(app).session(reading=True) as reading:
        rows = select(ComposeRun).where(ComposeRun.public_id == name)
        run = reading.scalars(rows.options(joinedload(ComposeRun.alliance))).one()
        engine = extensions.search_index(app).fresh(reading)
        today = extensions.today()
        if run.demand is None:
            segment = segment_wishes.read(run.wishes)
            return segments.question_of(reading, engine, run.alliance, segment, today=today), segment
        chosen = wishes.read(run.wishes)
        return asking.question_of(reading, engine, run.demand, run.alliance, chosen, today=today), chosen


def _fail(app: Flask, name: str, attempt: int, problems: Any) -> None:
    with extensions.database(app).session() as session, session.begin():
        runs.fail(session, name, attempt, extensions.now(), problems)


def _invite(
    session: Session, alliance: Alliance, outside: Mapping[str, tuple[str, ...]], today: date
) -> list[Organization]:
    """Invite those who are neither members nor waited for."""
    waited = {row.organization.public_id for row in alliance.members if row.state in (INVITED, ASKED)}
    wanted = [name for name in outside if name not in waited]
    rows = select(Organization).where(Organization.public_id.in_(wanted)).order_by(Organization.public_id)
    found = list(session.scalars(rows)) if wanted else []
    for vendor in found:
        part = PartFields(role=ROLE, role_en=ROLE_EN, capabilities=list(outside[vendor.public_id]))
        alliances.invite(session, alliance, vendor, part, today, message="")
    return found
