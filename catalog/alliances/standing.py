"""Who belongs to an alliance on a day: expiry is asked of the dates, so nothing has to run for it to be true."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import Session

from catalog.alliance_states import ACTIVE, EXCLUDED, JOINED, LEAVING
from catalog.errors import Conflict
from catalog.models import Alliance, AllianceMember

#: Those who accept a charter: who is excluded still belongs to it until the last day, but decides no more.
DECIDING = (JOINED, LEAVING)


def stands(member: AllianceMember, today: date) -> bool:
    """Whether it belongs to the alliance on that day."""
    if member.state == JOINED:
        return True
    ending = member.state in (LEAVING, EXCLUDED)
    return ending and member.last_day is not None and member.last_day >= today


def decides(member: AllianceMember, today: date) -> bool:
    """Whether a charter needs its consent on that day."""
    return member.state in DECIDING and stands(member, today)


def is_standing(today: date) -> ColumnElement[bool]:
    """The condition that a row of `alliance_member` stands on that day."""
    ending = and_(AllianceMember.state.in_((LEAVING, EXCLUDED)), AllianceMember.last_day >= today)
    return or_(AllianceMember.state == JOINED, ending)


def standing_members(alliance: Alliance, today: date) -> list[AllianceMember]:
    """Its members on that day: the lead first, then as they came."""
    found = [member for member in alliance.members if stands(member, today)]
    lead = lead_of(alliance)
    return sorted(
        found, key=lambda member: (member.organization.public_id != lead, member.since or today, member.id)
    )


def lead_of(alliance: Alliance) -> str | None:
    """Public id of the organization that answers to the buyer, as the charter in force says; None: there is none."""
    charter = alliance.charter
    return None if charter is None else str(charter.content["lead"])


def sees_demands(alliance: Alliance, organization_id: int, today: date) -> bool:
    """Whether demands that are shown to the alliance are shown to that organization: a member, or the coordinator."""
    if alliance.state != ACTIVE:
        return False
    if alliance.coordinator_id == organization_id:
        return True
    return any(
        member.organization_id == organization_id and stands(member, today) for member in alliance.members
    )


def lock(session: Session, alliance: Alliance) -> None:
    """Hold the alliance's row until the commit and read its members and charters afresh."""
    session.flush()  # a refresh would throw away what this transaction has changed so far
    session.refresh(alliance, attribute_names=["state", "name"], with_for_update=True)
    for row in (*alliance.members, *alliance.charters):
        session.expire(row)
    session.expire(alliance, ["members", "charters"])


def require_alive(alliance: Alliance, states: Sequence[str]) -> None:
    """Raises Conflict: the alliance is in none of those states."""
    if alliance.state not in states:
        raise Conflict(f"alliance.{alliance.state}")


def free_capacity(members: Iterable[AllianceMember]) -> tuple[int, int]:
    """Projects that they say they can start in a quarter, summed, and how many of them say nothing."""
    stated = [member.organization.capacity_per_quarter for member in members]
    return sum(one for one in stated if one is not None), sum(one is None for one in stated)
