"""What becomes of alliances when the account of an organization is deleted.

The charter is what all members agreed: it stays, without the name of anybody, and the organization is a member no more.
An alliance that it ran is dissolved: nobody else has been chosen to run it.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.alliance_states import DISSOLVED, MEMBER_TRANSITIONS
from catalog.alliances import charters, founding, standing
from catalog.models import Alliance, AllianceMember, CharterConsent, Organization


def forget(session: Session, own: Organization, today: date, *, called: str) -> list[Alliance]:
    """Take an organization out of every alliance; its words go, and its people are `called` so. Returns the alliances
    that are dissolved by it."""
    run = select(Alliance).where(Alliance.coordinator_id == own.id, Alliance.state != DISSOLVED)
    dissolved = list(session.scalars(run.order_by(Alliance.id)))
    for alliance in dissolved:
        founding.dissolve(session, alliance, today)
    rows = select(AllianceMember).where(AllianceMember.organization_id == own.id).order_by(AllianceMember.id)
    for member in session.scalars(rows).all():
        _forget(session, member, today, called)
    session.flush()
    return dissolved


def _forget(session: Session, member: AllianceMember, today: date, called: str) -> None:
    alliance = member.alliance
    standing.lock(session, alliance)
    if standing.stands(member, today):
        member.last_day = today
    member.state = MEMBER_TRANSITIONS.get((member.state, "forget"), member.state)
    member.role = member.role_en = member.message = member.reason = ""
    member.capabilities = []
    for consent in session.scalars(select(CharterConsent).where(CharterConsent.member_id == member.id)):
        consent.signed_by = consent.signed_email = called
        consent.part = None
    if alliance.state != DISSOLVED:
        charters.drop_if_lead(alliance, member, today)
        charters.settle(session, alliance, today)
