"""State what a site needs, revise it, show it to others, close it. The only place that writes demands.

    draft ──state_draft──▶ open ──close──▶ closed ──reopen──▶ open

Every change of an open demand makes a version. Its audience is private until somebody of the organization widens it;
closing takes every widening back.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import organizations
from catalog.alliance_states import ACTIVE, JOINED
from catalog.alliances import standing
from catalog.errors import Conflict, Invalid, Problem
from catalog.models import Alliance, Organization, ProgrammeRule, Site
from catalog.models.organization import CONFIRMED, VENDOR
from catalog.models.programme import DRAFT as UNPUBLISHED
from matching.demand_content import MAX_REQUIREMENTS, DemandFields, RequirementFields, problems
from matching.models import AllianceLead, Demand, DemandRequirement, DemandVersion, DemandViewer
from matching.models.demand import ALLIANCE, BOARD, CLOSED, DRAFT, OPEN, ORGANIZATIONS, PRIVATE, REASONS

__all__ = ["MAX_REQUIREMENTS", "DemandFields", "RequirementFields"]

#: From which state a demand may go where.
TRANSITIONS: Mapping[str, frozenset[str]] = {
    DRAFT: frozenset({OPEN}),
    OPEN: frozenset({CLOSED}),
    CLOSED: frozenset({OPEN}),
}
#: Audiences, the widest last.
WIDER = (PRIVATE, ORGANIZATIONS, ALLIANCE, BOARD)
MAX_NAMED = 20


def state(session: Session, site: Site, fields: DemandFields, today: date, *, by: str = "") -> Demand:
    """Add a demand of `site`, private to its organization.

    Args:
        by: email of whoever states it, kept with the version.

    Raises:
        Invalid: nothing asked for, unknown or repeated capabilities or pairs, an unknown programme, a deadline that
            has passed.
    """
    _check(session, fields, today)
    demand = Demand(organization_id=site.organization_id, site=site)
    _fill(demand, fields)
    session.add(demand)
    _remember(session, demand, by)
    return demand


def draft(session: Session, site: Site, fields: DemandFields, today: date) -> Demand:
    """Keep something unfinished: name and needs may be missing. Raises Invalid: unknown or repeated codes."""
    _check(session, fields, today, draft=True)
    demand = Demand(organization_id=site.organization_id, site=site, state=DRAFT)
    _fill(demand, fields)
    session.add(demand)
    return demand


def save_draft(session: Session, demand: Demand, site: Site, fields: DemandFields, today: date) -> None:
    """Replace what a draft says. Raises Conflict: it is a draft no more. Invalid: as for `draft`."""
    _check(session, fields, today, draft=True)
    _lock(session, demand, DRAFT)
    demand.site = site
    _refill(session, demand, fields)


def state_draft(
    session: Session, demand: Demand, site: Site, fields: DemandFields, today: date, *, by: str = ""
) -> None:
    """Turn a draft into an open demand. Raises Conflict: it is a draft no more. Invalid: as for `state`."""
    _check(session, fields, today)
    _lock(session, demand, DRAFT)
    demand.site = site
    _refill(session, demand, fields)
    _move(demand, OPEN)
    _remember(session, demand, by)


def discard(session: Session, demand: Demand) -> None:
    """Throw a draft away. Raises Conflict: it is a draft no more."""
    _lock(session, demand, DRAFT)
    session.delete(demand)


def revise(
    session: Session,
    demand: Demand,
    fields: DemandFields,
    today: date,
    *,
    site: Site | None = None,
    by: str = "",
    expected: int | None = None,
) -> None:
    """Replace what an open demand says; a difference makes a version, and lists computed earlier keep what they saw.

    Args:
        site: another site of the organization; None leaves it where it is.
        expected: the version that was looked at; None does not ask.

    Raises:
        Conflict: it is not open, or ("demand.version") somebody else has changed it meanwhile.
        Invalid: as for `state`.
    """
    _check(session, fields, today)
    _lock(session, demand, OPEN)
    if expected is not None and expected != demand.version:
        raise Conflict("demand.version", version=demand.version)
    before = content_of(demand)
    _remember_once(session, demand)
    if site is not None:
        demand.site = site
    _refill(session, demand, fields)
    if content_of(demand) != before:
        demand.version += 1
        _remember(session, demand, by)


def close(session: Session, demand: Demand, reason: str, note: str = "") -> None:
    """End a demand for a reason of REASONS and take its audience back.

    Raises:
        Conflict: it is not open. Invalid: no such reason.
    """
    if reason not in REASONS:
        raise Invalid.at("reason", "required" if not reason else "choice")
    _lock(session, demand, OPEN)
    _move(demand, CLOSED)
    _hide(demand)
    demand.closed_reason, demand.closed_note = reason, note


def reopen(session: Session, demand: Demand) -> None:
    """Take up a closed demand again: private, as it was when it ended. Raises Conflict: it is not closed."""
    _lock(session, demand, CLOSED)
    _move(demand, OPEN)
    demand.closed_reason, demand.closed_note = None, ""


def widen(
    session: Session,
    demand: Demand,
    audience: str,
    to: Sequence[Organization],
    now: datetime,
    *,
    alliance: Alliance | None = None,
) -> None:
    """Let more organizations see an open demand; nobody who sees it already loses sight of it.

    Args:
        audience: ORGANIZATIONS, ALLIANCE or BOARD.
        to: confirmed vendors that will see it with the firm's name, besides those named already.
        alliance: the one alliance that sees it, for the audience ALLIANCE; None leaves the one it has.

    Raises:
        NotAllowed: the operator has not confirmed the organization.
        Conflict: it is not open, or its audience is wider already.
        Invalid: nobody is named, or somebody who is no other confirmed vendor; no alliance is chosen, another than
            the one that sees it, or one without a lead that answers to buyers.
    """
    organizations.require_confirmed(demand.organization)
    if alliance is not None:  # before the demand, as whoever dissolves it holds the two
        standing.lock(session, alliance)
    _lock(session, demand, OPEN)
    if audience not in WIDER or audience == PRIVATE:
        raise Invalid.at("audience", "choice")
    if WIDER.index(audience) < _rank(demand):
        raise Conflict("demand.wider_already")
    known = {viewer.organization_id for viewer in demand.named}
    new = [one for one in dict.fromkeys(to) if one.id not in known]
    _check_named(demand, audience, to, len(known) + len(new))
    if audience == ALLIANCE or alliance is not None:
        _share(demand, audience, alliance, now)
    demand.named.extend(DemandViewer(organization=one) for one in new)
    demand.audience, demand.shared_at = audience, now


def narrow(session: Session, demand: Demand, audience: str, keep: Collection[int] | None = None) -> None:
    """Take a widening back, at once and also from those who had the demand before their eyes.

    Args:
        audience: PRIVATE, ORGANIZATIONS, ALLIANCE or BOARD, not wider than it is.
        keep: keys of the named organizations that go on seeing it; None keeps all of them.

    Raises:
        Conflict: it is not open. Invalid: that would be wider.
    """
    _lock(session, demand, OPEN)
    wider = audience not in WIDER or WIDER.index(audience) > _rank(demand)
    if wider or (audience == ALLIANCE and demand.alliance_lead is None):
        raise Invalid.at("audience", "not_narrower")
    if keep is not None:
        demand.named[:] = [viewer for viewer in demand.named if viewer.organization_id in keep]
    if audience == PRIVATE or (audience == ORGANIZATIONS and not demand.named):
        _hide(demand)
    else:
        demand.audience = audience
        if audience == ORGANIZATIONS:
            demand.alliance_lead = None


def unshare(session: Session, alliance: Alliance) -> list[Demand]:
    """Take an alliance that is dissolved out of every audience; answers the demands that it saw.

    What only the alliance saw is shown to those who were named, or private again.
    """
    rows = select(Demand).join(AllianceLead, AllianceLead.demand_id == Demand.id)
    rows = rows.where(AllianceLead.alliance_id == alliance.id).order_by(Demand.id)
    found = list(session.scalars(rows.with_for_update(of=Demand)).all())
    for demand in found:
        session.refresh(demand, attribute_names=["audience"])
        session.expire(
            demand, ["named", "alliance_lead"]
        )  # others may have changed them before the lock was ours
        if demand.audience == ALLIANCE and not demand.named:
            _hide(demand)
            continue
        demand.alliance_lead = None
        if demand.audience == ALLIANCE:
            demand.audience = ORGANIZATIONS
    session.flush()
    return found


def unname(session: Session, vendor: Organization) -> None:
    """Take a vendor whose account is deleted out of every audience; whoever named nobody else is private again."""
    rows = select(Demand).join(DemandViewer, DemandViewer.demand_id == Demand.id)
    rows = rows.where(DemandViewer.organization_id == vendor.id).order_by(Demand.id)
    for demand in session.scalars(rows.with_for_update(of=Demand)).all():
        session.refresh(demand, attribute_names=["audience"])
        session.expire(demand, ["named"])  # others may have changed them before the lock was ours
        demand.named[:] = [viewer for viewer in demand.named if viewer.organization_id != vendor.id]
        if demand.audience == ORGANIZATIONS and not demand.named:
            _hide(demand)
    session.flush()


def content_of(demand: Demand) -> dict[str, Any]:
    """What the demand says now, as a version keeps it."""
    return {
        "title": demand.title,
        "description": demand.description,
        "site": demand.site.public_id,
        "requirements": [
            {"capability": r.capability, "must": r.must, "min_quality": r.min_quality}
            for r in demand.requirements
        ],
        "links": [list(pair) for pair in demand.links],
        "target_level": demand.target_level,
        "budget_amount": demand.budget_amount,
        "deadline": None if demand.deadline is None else demand.deadline.isoformat(),
        "programme": demand.programme,
    }


def versions_of(session: Session, demand: Demand) -> list[DemandVersion]:
    """Every version of a demand, the newest first."""
    rows = select(DemandVersion).where(DemandVersion.demand_id == demand.id)
    return list(session.scalars(rows.order_by(DemandVersion.number.desc())))


def programme_named(session: Session, name: str) -> ProgrammeRule | None:
    """The published rule (ended ones too) of that code or public id."""
    rows = select(ProgrammeRule).where(ProgrammeRule.state != UNPUBLISHED)
    return session.scalar(rows.where((ProgrammeRule.code == name) | (ProgrammeRule.public_id == name)))


def _rank(demand: Demand) -> int:
    return WIDER.index(demand.audience)


def _check_named(demand: Demand, audience: str, to: Sequence[Organization], total: int) -> None:
    if audience == ORGANIZATIONS and total == 0:
        raise Invalid.at("organizations", "required")
    if total > MAX_NAMED:
        raise Invalid.at("organizations", "too_many", max=MAX_NAMED)
    wrong = [
        Problem(f"organizations/{i}", "not_a_vendor")
        for i, one in enumerate(to)
        if one.id == demand.organization_id or one.state != CONFIRMED or not one.plays(VENDOR)
    ]
    if wrong:
        raise Invalid(wrong)


def _hide(demand: Demand) -> None:
    demand.audience, demand.shared_at, demand.alliance_lead = PRIVATE, None, None
    demand.named.clear()


def _share(demand: Demand, audience: str, alliance: Alliance | None, now: datetime) -> None:
    """Put the demand into the alliance's pipeline; one that is there stays as it is."""
    seen = demand.alliance_lead
    if alliance is None:
        if seen is None:
            raise Invalid.at("alliance", "required")
        return
    if audience != ALLIANCE:
        raise Invalid.at("alliance", "alliance_only")
    if seen is not None and seen.alliance_id != alliance.id:
        raise Invalid.at("alliance", "alliance_other")
    lead = standing.lead_of(alliance)
    answers = [one for one in alliance.members if one.organization.public_id == lead and one.state == JOINED]
    if alliance.state != ACTIVE or not answers:
        raise Invalid.at("alliance", "alliance_not_active")
    if seen is None:
        demand.alliance_lead = AllianceLead(alliance=alliance, shared_at=now)


def _move(demand: Demand, to: str) -> None:
    if to not in TRANSITIONS[demand.state]:
        raise Conflict(f"demand.{demand.state}")
    demand.state = to


def _lock(session: Session, demand: Demand, wanted: str) -> None:
    """Hold the row until the commit and refuse unless it is in that state: everything runs beside itself."""
    session.flush()  # a refresh would throw away what this transaction has changed so far
    session.refresh(demand, attribute_names=["state", "version", "audience"], with_for_update=True)
    session.expire(
        demand, ["named", "requirements", "alliance_lead"]
    )  # others may have changed them before the lock was ours
    if demand.state != wanted:
        raise Conflict(f"demand.{demand.state}")


def _remember(session: Session, demand: Demand, by: str) -> None:
    session.flush()  # the version needs the demand's key
    session.add(DemandVersion(demand_id=demand.id, number=demand.version, content=content_of(demand), by=by))


def _remember_once(session: Session, demand: Demand) -> None:
    """Demands from before there were versions get their first one when they are first changed."""
    rows = select(DemandVersion.id).where(DemandVersion.demand_id == demand.id)
    if session.scalar(rows.limit(1)) is None:
        _remember(session, demand, "")


def _refill(session: Session, demand: Demand, fields: DemandFields) -> None:
    demand.requirements.clear()
    session.flush()  # the old requirements must be gone before the same capabilities come again
    _fill(demand, fields)


def _fill(demand: Demand, fields: DemandFields) -> None:
    demand.title, demand.description = fields["title"], fields["description"]
    demand.target_level, demand.budget_amount = fields["target_level"], fields["budget_amount"]
    demand.deadline = fields["deadline"]
    demand.links = [list(pair) for pair in fields.get("links", [])]
    demand.programme = fields.get("programme")
    demand.requirements.extend(
        DemandRequirement(position=i, **requirement) for i, requirement in enumerate(fields["requirements"])
    )


def _check(session: Session, fields: DemandFields, today: date, *, draft: bool = False) -> None:
    found = problems(fields, today, draft=draft)
    programme = fields.get("programme")
    if programme is not None and programme_named(session, programme) is None:
        found.append(Problem("programme", "unknown_code", {"value": programme}))
    if found:
        raise Invalid(found)
