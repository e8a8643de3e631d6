"""Invite, ask, answer, join, leave, exclude: how organizations come to an alliance and go.

Whoever joins an active alliance accepts the charter in force with the part that it was offered; in one that is still
forming the first charter binds all of them together. Leaving and exclusion take the charter's notice.
"""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.alliance_states import (
    ACTIVE,
    ASKED,
    EXCLUDED,
    FORMING,
    INVITED,
    JOINED,
    LEAVING,
    MEMBER_TRANSITIONS,
)
from catalog.alliances import charters, standing
from catalog.alliances.charters import Signature
from catalog.alliances.founding import PartFields, check_part, require_vendor
from catalog.errors import Conflict, Invalid
from catalog.models import Alliance, AllianceMember, Organization

#: Members, invitations and requests of one alliance together; our choice, so that its page stays readable.
MAX_MEMBERS = 60


def invite(
    session: Session,
    alliance: Alliance,
    organization: Organization,
    part: PartFields,
    today: date,
    *,
    message: str = "",
) -> AllianceMember:
    """Ask a confirmed vendor to join with that part.

    Raises:
        NotAllowed: it is no confirmed vendor. Conflict: it belongs to the alliance, is invited or asks itself already,
            or the alliance is dissolved. Invalid: unknown capabilities, or there are too many members.
    """
    require_vendor(organization)
    check_part("", part)
    standing.lock(session, alliance)
    standing.require_alive(alliance, (FORMING, ACTIVE))
    member = _begin(alliance, organization, "invite", INVITED, today)
    _take_on(member, part)
    member.message = message
    return member


def ask(
    session: Session,
    alliance: Alliance,
    organization: Organization,
    part: PartFields,
    today: date,
    *,
    message: str = "",
) -> AllianceMember:
    """A confirmed vendor asks to join an active alliance, with the part that it would take.

    Raises:
        NotAllowed, Conflict, Invalid: as for `invite`; Conflict also while the alliance is forming, and for one that
            was excluded.
    """
    require_vendor(organization)
    check_part("", part)
    standing.lock(session, alliance)
    standing.require_alive(alliance, (ACTIVE,))
    member = _begin(alliance, organization, "ask", ASKED, today)
    _take_on(member, part)
    member.message = message
    return member


def take_back_invitation(session: Session, member: AllianceMember) -> None:
    """The coordinator takes an invitation back. Raises Conflict: it was answered, or it is a request."""
    _take_back(session, member, INVITED)


def take_back_request(session: Session, member: AllianceMember) -> None:
    """The organization takes its request back. Raises Conflict: it was answered, or it is an invitation."""
    _take_back(session, member, ASKED)


def take_up(session: Session, member: AllianceMember, part: PartFields) -> None:
    """The coordinator answers a request with an invitation, with that part.

    Raises:
        Conflict: it does not ask (any more). Invalid: unknown capabilities.
    """
    check_part("", part)
    standing.lock(session, member.alliance)
    standing.require_alive(member.alliance, (ACTIVE,))
    _move(member, "take_up")
    _take_on(member, part)


def refuse(session: Session, member: AllianceMember, reason: str) -> None:
    """The coordinator answers a request with no. Raises Conflict: it does not ask (any more)."""
    standing.lock(session, member.alliance)
    _move(member, "refuse")
    member.reason = reason


def join(
    session: Session, member: AllianceMember, sha256: str | None, signer: Signature, today: date
) -> None:
    """Accept an invitation, and with it exactly the charter in force.

    Args:
        sha256: hash of the charter that was read; None while the alliance is forming and has none.

    Raises:
        NotAllowed: it is no confirmed vendor any more. Conflict: it is not invited (any more), or the alliance is
            dissolved. Invalid: another charter is in force.
    """
    alliance = member.alliance
    require_vendor(member.organization)
    standing.lock(session, alliance)
    standing.require_alive(alliance, (FORMING, ACTIVE))
    target = _next(member, "join")
    charter = alliance.charter
    if sha256 != (None if charter is None else charter.sha256):
        raise Invalid.at("sha256", "charter_other")
    member.state, member.since, member.last_day, member.reason = target, today, None, ""
    if charter is not None:
        charters.sign(charter, member, signer, part=charters.part_of(member))


def decline(session: Session, member: AllianceMember, reason: str) -> None:
    """Turn an invitation down; the coordinator reads the reason. Raises Conflict: it is not invited (any more)."""
    standing.lock(session, member.alliance)
    _move(member, "decline")
    member.reason = reason


def leave(session: Session, member: AllianceMember, today: date) -> date:
    """Give notice. Returns the last day: today and the notice of the charter in force.

    Raises:
        Conflict: it does not belong to the alliance, leaves already, or is its lead: another charter must name another
            one first.
    """
    alliance = member.alliance
    standing.lock(session, alliance)
    target = _next(member, "leave")
    require_not_lead(alliance, member)
    member.state, member.last_day = target, today + timedelta(days=notice_days(alliance))
    charters.drop_if_lead(alliance, member, today)
    return member.last_day


def stay(session: Session, member: AllianceMember, today: date) -> None:
    """Take a notice back before its last day is over. Raises Conflict: there is none, or it is too late."""
    standing.lock(session, member.alliance)
    target = _next(member, "stay")
    if not standing.stands(member, today):
        raise Conflict("alliance.gone")
    member.state, member.last_day = target, None


def exclude(session: Session, member: AllianceMember, reason: str, today: date) -> date:
    """The coordinator ends a membership. Returns the last day: the notice is the one that the charter gives leavers.

    The member reads the reason; until the last day it belongs to the alliance but decides no more.

    Raises:
        Conflict: it does not belong to the alliance, leaves already, or is its lead. Invalid: no reason.
    """
    if not reason:
        raise Invalid.at("reason", "required")
    alliance = member.alliance
    standing.lock(session, alliance)
    target = _next(member, "exclude")
    require_not_lead(alliance, member)
    member.state, member.reason = target, reason
    member.last_day = today + timedelta(days=notice_days(alliance))
    charters.drop_if_lead(alliance, member, today)
    charters.settle(session, alliance, today)
    return member.last_day


def due(session: Session, today: date) -> list[AllianceMember]:
    """Members whose notice is over and who are still noted as leaving."""
    over = (AllianceMember.state == LEAVING) & (AllianceMember.last_day < today)
    return list(session.scalars(select(AllianceMember).where(over).order_by(AllianceMember.id)))


def end(session: Session, member: AllianceMember, today: date) -> bool:
    """Note that a member's notice is over; whether it was. A charter that waited for it alone comes into force."""
    standing.lock(session, member.alliance)
    if member.state != LEAVING or standing.stands(member, today):
        return False
    _move(member, "end")
    charters.settle(session, member.alliance, today)
    return True


def notice_days(alliance: Alliance) -> int:
    """The notice of the charter in force; none yet, none to keep."""
    charter = alliance.charter
    return 0 if charter is None else int(charter.content["notice_days"])


def require_not_lead(alliance: Alliance, member: AllianceMember) -> None:
    """Raises Conflict: the charter in force makes that member answer to the buyers."""
    if standing.lead_of(alliance) == member.organization.public_id:
        raise Conflict("alliance.lead")


def _begin(
    alliance: Alliance, organization: Organization, act: str, state: str, today: date
) -> AllianceMember:
    """The row of the organization, new or taken up once more."""
    known = next((one for one in alliance.members if one.organization_id == organization.id), None)
    if known is not None:
        if standing.stands(known, today):
            raise Conflict("alliance.member")
        _move(known, act)
        known.begun_on, known.since, known.last_day, known.reason = today, None, None, ""
        return known
    open_rows = [one for one in alliance.members if one.state in (INVITED, ASKED, JOINED, LEAVING)]
    if len(open_rows) >= MAX_MEMBERS:
        raise Invalid.at("", "too_many_members", max=MAX_MEMBERS)
    made = AllianceMember(organization=organization, state=state, begun_on=today)
    alliance.members.append(made)
    return made


def _take_back(session: Session, member: AllianceMember, begun: str) -> None:
    standing.lock(session, member.alliance)
    target = _next(member, "take_back")
    if member.state != begun:
        raise Conflict(f"alliance.is_{member.state}")
    member.state = target


def _take_on(member: AllianceMember, part: PartFields) -> None:
    member.role, member.role_en = part["role"], part["role_en"]
    member.capabilities = list(part["capabilities"])


def _next(member: AllianceMember, act: str) -> str:
    target = MEMBER_TRANSITIONS.get((member.state, act))
    if target is None:
        raise Conflict("alliance.excluded" if member.state == EXCLUDED else f"alliance.is_{member.state}")
    return target


def _move(member: AllianceMember, act: str) -> None:
    member.state = _next(member, act)
