"""Found an alliance, say what it is for, dissolve it."""

from datetime import date
from typing import TypedDict

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog import codes, organizations, taxonomy
from catalog.alliance_states import (
    ACTIVE,
    ALLIANCE_TRANSITIONS,
    ASKED,
    DISSOLVED,
    FORMING,
    INVITED,
    JOINED,
    MEMBER_TRANSITIONS,
)
from catalog.alliances import charters, standing
from catalog.errors import Conflict, Invalid, NotAllowed, Problem
from catalog.models import Alliance, AllianceMember, Organization
from catalog.models.organization import VENDOR

#: An organization runs at most so many alliances at a time: each has a public page and sends invitations. Our choice.
MAX_COORDINATED = 20


class PartFields(TypedDict):
    """What a member does in the alliance; `capabilities` are codes of that scheme."""

    role: str
    role_en: str
    capabilities: list[str]


class AllianceFields(TypedDict):
    """What an alliance says of itself; `division` is the code of a sector division, or None."""

    name: str
    name_en: str
    purpose: str
    purpose_en: str
    division: str | None


def found(
    session: Session,
    coordinator: Organization,
    fields: AllianceFields,
    today: date,
    *,
    part: PartFields | None = None,
) -> Alliance:
    """Begin an alliance that `coordinator` runs.

    Args:
        part: what the coordinator does in it as a member; None: it only runs it.

    Raises:
        NotAllowed: it is no confirmed vendor. Invalid: an unknown division or capability, or it runs too many.
    """
    require_vendor(coordinator)
    organizations.lock(session, coordinator)
    _check(fields)
    if part is not None:
        check_part("member", part)
    live = select(func.count(Alliance.id)).where(
        Alliance.coordinator_id == coordinator.id, Alliance.state != DISSOLVED
    )
    if (session.scalar(live) or 0) >= MAX_COORDINATED:
        raise Invalid.at("", "alliances_too_many", max=MAX_COORDINATED)
    alliance = Alliance(coordinator=coordinator, state=FORMING, **fields)
    session.add(alliance)
    if part is not None:
        alliance.members.append(
            AllianceMember(organization=coordinator, state=JOINED, begun_on=today, since=today, **part)
        )
    return alliance


def describe(session: Session, alliance: Alliance, fields: AllianceFields) -> None:
    """Replace what an alliance says of itself. Raises Conflict: it is dissolved. Invalid: an unknown division."""
    _check(fields)
    standing.lock(session, alliance)
    standing.require_alive(alliance, (FORMING, ACTIVE))
    alliance.name, alliance.name_en = fields["name"], fields["name_en"]
    alliance.purpose, alliance.purpose_en = fields["purpose"], fields["purpose_en"]
    alliance.division = fields["division"]


def dissolve(session: Session, alliance: Alliance, today: date) -> list[AllianceMember]:
    """End an alliance: invitations, requests and a charter that waits are taken back. Returns who belonged to it.

    Raises:
        Conflict: it is dissolved already.
    """
    standing.lock(session, alliance)
    target = ALLIANCE_TRANSITIONS.get((alliance.state, "dissolve"))
    if target is None:
        raise Conflict("alliance.dissolved")
    belonged = standing.standing_members(alliance, today)
    for member in alliance.members:
        if member.state in (INVITED, ASKED):
            member.state = MEMBER_TRANSITIONS[member.state, "take_back"]
    charters.drop_proposal(alliance, today)
    alliance.state, alliance.dissolved_on = target, today
    return belonged


def require_vendor(organization: Organization) -> None:
    """Raises NotAllowed: the organization is not confirmed, or sells nothing here."""
    organizations.require_confirmed(organization)
    if not organization.plays(VENDOR):
        raise NotAllowed("alliance.vendor")


def check_part(pointer: str, part: PartFields) -> None:
    """Raises Invalid: an unknown or repeated capability, at its place below `pointer`."""
    found_problems = part_problems(pointer, part)
    if found_problems:
        raise Invalid(found_problems)


def part_problems(pointer: str, part: PartFields) -> list[Problem]:
    """What is wrong with a member's capabilities."""
    place = f"{pointer}/capabilities".strip("/")
    named = part["capabilities"]
    return codes.unknown_codes(place, "capability", named) + [
        Problem(f"{place}/{i}", "repeated", {"value": code})
        for i, code in enumerate(named)
        if code in named[:i]
    ]


def _check(fields: AllianceFields) -> None:
    division = fields["division"]
    if division is not None and taxonomy.division(division) is None:
        raise Invalid.at("division", "unknown_code", value=division)
