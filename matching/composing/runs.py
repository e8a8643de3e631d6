"""A run from its start to its end. The only place that writes runs.

    queued ──claim──▶ running ──finish──▶ done
      │                  ├──fail──▶ failed
      └──cancel──▶ cancelled ◀──┘
    running ──take_up──▶ queued   (its worker gives no sign of life; the attempt rises)

Whatever a worker writes names its attempt, so one that was given up for dead changes nothing any more.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from catalog import outbox
from catalog.alliances import standing
from catalog.canonical import fingerprint
from catalog.errors import Conflict, Problem
from catalog.models import Alliance
from matching.composing import segment_results, segment_wishes, wishes
from matching.composing.segment_wishes import SegmentWishes
from matching.composing.wishes import Wishes
from matching.models import AllianceLead, ComposeRun, Demand
from matching.models.compose_run import CANCELLED, DONE, FAILED, OPEN, QUEUED, RUNNING

TOPIC = "compose.run"
#: From which state a run may go where.
TRANSITIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        QUEUED: frozenset({RUNNING, CANCELLED}),
        RUNNING: frozenset({DONE, FAILED, CANCELLED, QUEUED}),
        DONE: frozenset(),
        CANCELLED: frozenset(),
        FAILED: frozenset(),
    }
)
#: An alliance has so many runs under way at once: each keeps a processor busy.
MOST_OPEN = 3
#: A worker gives a sign of life every few seconds; explaining an impossible demand may keep it silent for longer.
SILENT = timedelta(minutes=3)
#: A run whose worker has died so often is not taken up again: it is what kills it.
MOST_ATTEMPTS = 3


def start(
    session: Session, demand: Demand, alliance: Alliance, chosen: Wishes, *, by: str
) -> tuple[ComposeRun, bool]:
    """Ask for a run; the same one that is still under way is answered again. Returns it, and whether it is new.

    Args:
        by: email of the coordinator's person.

    Raises:
        Conflict: the alliance is not active, does not see the demand any more, or has too many runs under way.
    """
    _lock(session, alliance)
    session.refresh(demand, attribute_names=["state", "version", "alliance_lead"])
    if demand.alliance_lead is None or demand.alliance_lead.alliance_id != alliance.id:
        raise Conflict("lead.gone")
    return _begun(session, alliance, wishes.plain(chosen), demand, by=by)


def start_packages(
    session: Session, alliance: Alliance, chosen: SegmentWishes, *, by: str
) -> tuple[ComposeRun, bool]:
    """Ask for a run for a segment, as `start` does for a demand.

    Raises:
        Conflict: the alliance is not active, or has too many runs under way.
    """
    _lock(session, alliance)
    return _begun(session, alliance, segment_wishes.plain(chosen), None, by=by)


def _lock(session: Session, alliance: Alliance) -> None:
    standing.lock(session, alliance)  # two at once are one after the other
    standing.require_alive(alliance, ("active",))


def _begun(
    session: Session, alliance: Alliance, content: dict[str, Any], demand: Demand | None, *, by: str
) -> tuple[ComposeRun, bool]:
    """Return the run that is still under way with those wishes, or a new one."""
    under_way = select(ComposeRun).where(ComposeRun.alliance_id == alliance.id, ComposeRun.state.in_(OPEN))
    sha256 = fingerprint(content)
    same = under_way.where(
        ComposeRun.demand_id == (None if demand is None else demand.id),
        ComposeRun.demand_version == (None if demand is None else demand.version),
        ComposeRun.wishes_sha256 == sha256,
    )
    known = session.scalars(same.order_by(ComposeRun.id).limit(1)).one_or_none()
    if known is not None:
        return known, False
    if (session.scalar(select(func.count()).select_from(under_way.subquery())) or 0) >= MOST_OPEN:
        raise Conflict("compose.too_many", max=MOST_OPEN)
    run = ComposeRun(
        alliance=alliance,
        demand=demand,
        demand_version=None if demand is None else demand.version,
        asked_by=by,
        wishes=content,
        wishes_sha256=sha256,
    )
    session.add(run)
    session.flush()  # the message names it
    _ask(session, run)
    return run, True


def cancel(session: Session, run: ComposeRun, now: datetime) -> None:
    """End a run: at once if nobody has begun it, else as soon as its worker listens. Raises Conflict: it has ended."""
    session.refresh(run, attribute_names=["state", "is_cancelling"], with_for_update=True)
    if run.state not in OPEN:
        raise Conflict("compose.ended")
    run.is_cancelling = True
    if run.state == QUEUED:
        _end(run, CANCELLED, now)


def claim(session: Session, name: str, attempt: int, now: datetime) -> ComposeRun | None:
    """Begin the attempt; None: somebody has begun it, it has ended, or another attempt has taken its place."""
    run = _held(session, name)
    if run is None or run.state != QUEUED or run.attempt != attempt:
        return None
    _move(run, RUNNING)
    run.started_at, run.beat_at, run.step, run.percent = now, now, "", 0
    return run


def beat(
    session: Session, name: str, attempt: int, now: datetime, *, step: str = "", percent: int | None = None
) -> bool:
    """Leave a sign of life and say how far it is; returns whether to go on."""
    run = _held(session, name)
    if run is None or run.state != RUNNING or run.attempt != attempt:
        return False
    run.beat_at = now
    if step:
        run.step = step
    if percent is not None:
        run.percent = max(run.percent, percent)
    return not run.is_cancelling


def finish(
    session: Session, name: str, attempt: int, now: datetime, *, result: dict[str, Any], sha256: str
) -> bool:
    """Keep the answer; a run that somebody cancelled meanwhile is cancelled, and so is one that names a demand which is
    gone. Returns whether this attempt counted."""
    # Before the run is locked: `forget_demands` locks in this order too.
    is_whole = _demands_stand(session, result)
    run = _held(session, name)
    if run is None or run.state != RUNNING or run.attempt != attempt:
        return False
    if run.is_cancelling or not is_whole:
        _end(run, CANCELLED, now)
        return True
    run.result, run.instance_sha256, run.percent = result, sha256, 100
    _end(run, DONE, now)
    return True


def fail(session: Session, name: str, attempt: int, now: datetime, problems: Sequence[Problem]) -> bool:
    """Note why there can be no answer; returns whether this attempt counted."""
    run = _held(session, name)
    if run is None or run.state != RUNNING or run.attempt != attempt:
        return False
    run.failure = [[one.pointer, one.code, dict(one.params)] for one in problems]
    _end(run, FAILED, now)
    return True


def take_up(session: Session, now: datetime) -> int:
    """Ask again for runs whose worker gives no sign of life; how many. One that was to be cancelled is."""
    silent = select(ComposeRun).where(ComposeRun.state == RUNNING, ComposeRun.beat_at < now - SILENT)
    found = session.scalars(silent.order_by(ComposeRun.id).with_for_update(skip_locked=True)).all()
    for run in found:
        if run.is_cancelling:
            _end(run, CANCELLED, now)
        elif run.attempt >= MOST_ATTEMPTS:
            run.failure = [["", "compose_died", {"times": run.attempt}]]
            _end(run, FAILED, now)
        else:
            _move(run, QUEUED)
            run.attempt += 1
            _ask(session, run)
    return len(found)


def forget(session: Session, alliance: Alliance) -> None:
    """Delete every run of an alliance whose coordinator's account is deleted: they name its people, and bundles came of
    them."""
    session.execute(delete(ComposeRun).where(ComposeRun.alliance_id == alliance.id))


def forget_demands(session: Session, names: Sequence[str]) -> None:
    """Delete the answers for segments in which one of these demands (public ids) stands, before the demands go.

    A search that may be reading them now is cancelled; runs for one of them alone go with it. The demands are locked,
    so no answer that names them can be kept beside this.
    """
    for_segments = ComposeRun.demand_id.is_(None)
    session.execute(
        select(Demand.id).where(Demand.public_id.in_(names)).order_by(Demand.id).with_for_update()
    )
    rows = select(ComposeRun.id, ComposeRun.result).where(for_segments, ComposeRun.state == DONE)
    # An answer may be large, and there is one for every search of every alliance.
    few = session.execute(rows.execution_options(yield_per=20))
    gone = [key for key, result in few if {*names} & segment_results.named(result)]
    session.execute(delete(ComposeRun).where(ComposeRun.id.in_(gone)))
    showing = select(AllianceLead.alliance_id).join(Demand, Demand.id == AllianceLead.demand_id)
    reading = update(ComposeRun).where(
        for_segments,
        ComposeRun.state == RUNNING,
        ComposeRun.alliance_id.in_(showing.where(Demand.public_id.in_(names))),
    )
    session.execute(reading.values(is_cancelling=True).execution_options(synchronize_session=False))


def _demands_stand(session: Session, result: Mapping[str, Any]) -> bool:
    """Whether every demand that an answer for a segment names is still there; they stay until the transaction ends."""
    names = segment_results.named(result) if "segment" in result else frozenset()
    rows = select(Demand.public_id).where(Demand.public_id.in_(names)).order_by(Demand.id)
    return not names or {*session.scalars(rows.with_for_update(read=True))} == names


def _ask(session: Session, run: ComposeRun) -> None:
    payload = {"run": run.public_id, "attempt": run.attempt}
    outbox.record(session, TOPIC, f"{run.public_id}:{run.attempt}", payload)


def _held(session: Session, name: str) -> ComposeRun | None:
    rows = select(ComposeRun).where(ComposeRun.public_id == name).with_for_update()
    return session.scalars(rows.execution_options(populate_existing=True)).one_or_none()


def _move(run: ComposeRun, to: str) -> None:
    if to not in TRANSITIONS[run.state]:
        raise Conflict("compose.ended")
    run.state = to


def _end(run: ComposeRun, to: str, now: datetime) -> None:
    _move(run, to)
    run.ended_at = now
