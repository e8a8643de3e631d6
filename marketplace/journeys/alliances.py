"""What happens between the organizations of an alliance, and who hears of it."""

from datetime import date, datetime

from flask import Flask
from sqlalchemy.orm import Session

from catalog.alliance_states import INVITED
from catalog.alliances import charters, founding, membership, standing
from catalog.alliances.charters import Signature
from catalog.alliances.founding import PartFields
from catalog.models import Alliance, AllianceCharter, AllianceMember, Organization
from marketplace import audit, extensions, notices, tasks
from marketplace.journeys import bundles, leads
from marketplace.notices.dissolving import called, tell_of_dissolution, work_page
from matching import demands
from matching.models import Demand


def init_app(app: Flask) -> None:
    """Let the worker note whose notice is over."""

    def tick(_now: datetime) -> None:
        end_due(app)

    tasks.every_tick(app, tick)


def end_due(app: Flask) -> None:
    """Members whose last day is over have left; a charter that waited for one of them alone comes into force."""
    store, today = extensions.database(app), extensions.today()
    with store.session(reading=True) as reading:
        over = [member.id for member in membership.due(reading, today)]
    for key in over:
        with app.app_context(), store.session() as session, session.begin():
            member = session.get_one(AllianceMember, key)
            waited = member.alliance.proposal
            if membership.end(session, member, today):
                audit.record(session, "alliance.end_notice", member)
                _tell_in_force(session, waited)


def invite(
    session: Session, alliance: Alliance, vendor: Organization, part: PartFields, today: date, *, message: str
) -> AllianceMember:
    """Invite a vendor; its people hear of it.

    Raises:
        NotAllowed, Conflict, Invalid: as `membership.invite` says.
    """
    member = membership.invite(session, alliance, vendor, part, today, message=message)
    _tell_of(session, "alliance.invited", member, vendor, key=_occasion(member))
    return member


def ask(
    session: Session, alliance: Alliance, vendor: Organization, part: PartFields, today: date, *, message: str
) -> AllianceMember:
    """Ask to join; the coordinator's people hear of it.

    Raises:
        NotAllowed, Conflict, Invalid: as `membership.ask` says.
    """
    member = membership.ask(session, alliance, vendor, part, today, message=message)
    _tell_of(session, "alliance.asked", member, alliance.coordinator, key=_occasion(member))
    return member


def answer_request(
    session: Session, member: AllianceMember, *, accept: bool, part: PartFields, reason: str
) -> None:
    """The coordinator takes a request up as an invitation, or refuses it; the vendor hears of it.

    Raises:
        Conflict, Invalid: as `membership.take_up` and `membership.refuse` say.
    """
    if accept:
        membership.take_up(session, member, part)
        _tell_of(session, "alliance.invited", member, member.organization, key=f"{_occasion(member)}:up")
    else:
        membership.refuse(session, member, reason)
        _tell_of(session, "alliance.refused", member, member.organization, key=_occasion(member))


def answer_invitation(  # one act: whose, by whom, under which charter, when
    session: Session,
    member: AllianceMember,
    signer: Signature,
    today: date,
    *,
    accept: bool,
    sha256: str | None,
    reason: str,
) -> None:
    """Join under the charter that was read, or decline; the coordinator hears of it.

    Whoever joins is looked at for the demands that the alliance sees.

    Raises:
        NotAllowed, Conflict, Invalid: as `membership.join` and `membership.decline` say.
    """
    if accept:
        membership.join(session, member, sha256, signer, today)
        leads.look_again(session, member.organization, f"alliance-{member.public_id}-{today.isoformat()}")
    else:
        membership.decline(session, member, reason)
    event = "alliance.joined" if accept else "alliance.declined"
    _tell_of(session, event, member, member.alliance.coordinator, key=_occasion(member))


def leave(session: Session, member: AllianceMember, today: date) -> date:
    """Give notice; the other members and the coordinator hear of it. Returns the last day.

    Raises:
        Conflict: as `membership.leave` says.
    """
    last = membership.leave(session, member, today)
    for organization in _around(member.alliance, today, without=member.organization):
        _tell_of(
            session, "alliance.leaving", member, organization, key=f"{member.public_id}:{last.isoformat()}"
        )
    return last


def stay(session: Session, member: AllianceMember, today: date) -> None:
    """Take the notice back; those who heard of it hear of this.

    Raises:
        Conflict: as `membership.stay` says.
    """
    last = member.last_day
    membership.stay(session, member, today)
    for organization in _around(member.alliance, today, without=member.organization):
        _tell_of(session, "alliance.staying", member, organization, key=f"{member.public_id}:{last}")


def exclude(session: Session, member: AllianceMember, reason: str, today: date) -> date:
    """End a membership; the member hears of it. Returns the last day.

    Raises:
        Conflict, Invalid: as `membership.exclude` says.
    """
    waited = member.alliance.proposal
    last = membership.exclude(session, member, reason, today)
    _tell_of(
        session,
        "alliance.excluded",
        member,
        member.organization,
        key=f"{member.public_id}:{last.isoformat()}",
    )
    _tell_in_force(session, waited)
    return last


def propose(
    session: Session, alliance: Alliance, fields: charters.CharterFields, today: date
) -> AllianceCharter:
    """Put a charter before the members; they hear of it.

    Raises:
        Conflict, Invalid: as `charters.propose` says.
    """
    charter = charters.propose(session, alliance, fields, today)
    session.flush()  # the notices name it
    for member in charters.waiting(charter, today):
        _tell_about(session, "charter.proposed", charter, member.organization, key=charter.public_id)
    return charter


def accept(
    session: Session,
    charter: AllianceCharter,
    member: AllianceMember,
    signer: Signature,
    today: date,
    *,
    sha256: str,
) -> bool:
    """Accept a charter; once it comes into force all of them hear of it.

    Raises:
        Conflict, Invalid: as `charters.accept` says.
    """
    done = charters.accept(session, charter, member, signer, today, sha256=sha256)
    _tell_in_force(session, charter)
    return done


def remind(session: Session, charter: AllianceCharter, today: date) -> int:
    """Remind those who have not accepted it; how many.

    Raises:
        Conflict: as `charters.remind` says.
    """
    late = charters.remind(session, charter, today)
    for member in late:
        key = f"{charter.public_id}:{today.isoformat()}"
        _tell_about(session, "charter.reminded", charter, member.organization, key=key)
    return len(late)


def dissolve(session: Session, alliance: Alliance, today: date) -> list[Demand]:
    """End an alliance; members hear of it, and manufacturers whose demands it saw. Returns those demands.

    What it sold leaves the store.

    Raises:
        Conflict: as `founding.dissolve` and `bundles.end_all` say.
    """
    bundles.end_all(session, alliance, today)
    belonged = founding.dissolve(session, alliance, today)
    shown = demands.unshare(session, alliance)
    tell_of_dissolution(session, alliance, [member.organization for member in belonged], shown)
    return shown


def tell_of_demand(session: Session, demand: Demand) -> None:
    """A demand is shown to an alliance: the coordinator's people hear of it; members with a listing that fits hear of
    their leads."""
    line = demand.alliance_lead
    if line is None:
        return
    session.flush()  # a new line needs its public id
    alliance = line.alliance
    notices.tell(
        session,
        "alliance.demand",
        key=line.public_id,
        link=f"{work_page(alliance)}/pipeline",
        about=line,
        organization=alliance.coordinator,
        params=called(alliance),
    )


def _around(alliance: Alliance, today: date, *, without: Organization | None) -> list[Organization]:
    """The coordinator and the members of that day, each once."""
    found = {alliance.coordinator.id: alliance.coordinator}
    found |= {one.organization_id: one.organization for one in standing.standing_members(alliance, today)}
    if without is not None:
        found.pop(without.id, None)
    return list(found.values())


def _occasion(member: AllianceMember) -> str:
    """Each invitation or request of the same organization is one."""
    return f"{member.public_id}:{member.begun_on.isoformat()}"


def _tell_in_force(session: Session, charter: AllianceCharter | None) -> None:
    if charter is None or charter.in_force_on is None:
        return
    for organization in _around(charter.alliance, charter.in_force_on, without=None):
        _tell_about(session, "charter.in_force", charter, organization, key=charter.public_id)


def _tell_of(
    session: Session, event: str, member: AllianceMember, receiver: Organization, *, key: str
) -> None:
    """Tell about a membership; what is the coordinator's to do leads to its page of members."""
    alliance = member.alliance
    session.flush()  # a new membership needs its public id
    mine = member.organization_id == receiver.id
    link = f"{work_page(alliance)}/invitation" if mine and member.state == INVITED else work_page(alliance)
    notices.tell(
        session,
        event,
        key=key,
        link=link,
        about=member,
        organization=receiver,
        params={**called(alliance), "organization": member.organization.name},
    )


def _tell_about(
    session: Session, event: str, charter: AllianceCharter, receiver: Organization, *, key: str
) -> None:
    alliance = charter.alliance
    notices.tell(
        session,
        event,
        key=key,
        link=f"{work_page(alliance)}/charters/{charter.number}",
        about=charter,
        organization=receiver,
        params={**called(alliance), "number": charter.number},
    )
