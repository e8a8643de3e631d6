"""Propose a charter, accept exactly that version, bring it into force once all who decide have accepted it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict

from sqlalchemy.orm import Session

from catalog import codes
from catalog.alliance_states import (
    ACTIVE,
    ALLIANCE_TRANSITIONS,
    CHARTER_TRANSITIONS,
    FORMING,
    JOINED,
    PROPOSED,
)
from catalog.alliances import standing
from catalog.canonical import fingerprint
from catalog.errors import Conflict, Invalid, Problem
from catalog.models import Alliance, AllianceCharter, AllianceMember, CharterConsent

#: An alliance is of two at least: a charter of one binds nobody.
MIN_MEMBERS = 2
#: Levels of the factories that a charter can name: a step leads one level up, and the scale ends at 5.
LOWEST_LEVEL, HIGHEST_LEVEL = 1, 4
#: Bounds of what a charter grants; a year of notice and the hours of a month, as for the setting LEAD_HOURS.
MAX_NOTICE_DAYS, MAX_ANSWER_HOURS = 365, 720
#: Members who delay are reminded at most so often.
DAYS_BETWEEN_REMINDERS = 1


class MemberPart(TypedDict):
    """A member's part in a charter; `organization` is its public id."""

    organization: str
    role: str
    role_en: str
    capabilities: list[str]


class CharterFields(TypedDict):
    """What a charter says.

    `lead` is the public id of the member that answers to the buyer; `level_from` to `level_to` are the company levels
    of the factories that are served; a leaving member keeps to `notice_days`; a buyer is answered in `answer_hours`.
    """

    text: str
    text_en: str
    level_from: int
    level_to: int
    lead: str
    notice_days: int
    answer_hours: int
    members: list[MemberPart]


@dataclass(frozen=True, slots=True)
class Signature:
    """The person with signing right who accepts, and when."""

    name: str
    email: str
    at: datetime


def propose(session: Session, alliance: Alliance, fields: CharterFields, today: date) -> AllianceCharter:
    """Put another version before the members; one that still waited is taken back with its consents.

    Raises:
        Conflict: the alliance is dissolved. Invalid: it does not name exactly those who decide, its lead is none of
            those who stay, unknown capabilities, levels or numbers outside their range, fewer than two members.
    """
    standing.lock(session, alliance)
    standing.require_alive(alliance, (FORMING, ACTIVE))
    problems = _problems(alliance, fields, today)
    if problems:
        raise Invalid(problems)
    drop_proposal(alliance, today)
    session.flush()  # the unique index on proposals: the earlier one must be gone first
    number = max((one.number for one in alliance.charters), default=0) + 1
    content = content_of(alliance, number, fields)
    charter = AllianceCharter(
        number=number,
        content=content,
        sha256=fingerprint(content),
        state=PROPOSED,
        proposed_on=today,
    )
    alliance.charters.append(charter)
    return charter


def content_of(alliance: Alliance, number: int, fields: CharterFields) -> dict[str, Any]:
    """Everything that is agreed, as it is hashed: members in the order of their ids, capabilities in the given one."""
    members = sorted(fields["members"], key=lambda part: part["organization"])
    return {
        **fields,
        "alliance": alliance.public_id,
        "number": number,
        "members": [{**part, "capabilities": codes.once(part["capabilities"])} for part in members],
    }


def accept(
    session: Session,
    charter: AllianceCharter,
    member: AllianceMember,
    signer: Signature,
    today: date,
    *,
    sha256: str,
) -> bool:
    """A member accepts exactly the version that it read; whether that brought it into force. Harmless if repeated.

    Raises:
        Conflict: it is not proposed (any more), or the member does not decide. Invalid: another hash.
    """
    standing.lock(session, charter.alliance)
    if charter.state != PROPOSED:
        raise Conflict(f"charter.{charter.state}")
    if not standing.decides(member, today):
        raise Conflict("alliance.not_member")
    if sha256 != charter.sha256:
        raise Invalid.at("sha256", "charter_other")
    if not any(one.member_id == member.id for one in charter.consents):
        named = any(
            part["organization"] == member.organization.public_id for part in charter.content["members"]
        )
        sign(charter, member, signer, part=None if named else part_of(member))
        session.flush()  # what is counted next are the rows
    return settle(session, charter.alliance, today)


def withdraw(session: Session, charter: AllianceCharter, today: date) -> None:
    """The coordinator takes a proposal back, and all consents to it with it. Raises Conflict: it is not proposed."""
    standing.lock(session, charter.alliance)
    _move(charter, "take_back")
    charter.ended_on = today


def remind(session: Session, charter: AllianceCharter, today: date) -> list[AllianceMember]:
    """Note that those who have not accepted it are reminded today; answers them.

    Raises:
        Conflict: it is not proposed, or they were reminded less than a day ago.
    """
    standing.lock(session, charter.alliance)
    if charter.state != PROPOSED:
        raise Conflict(f"charter.{charter.state}")
    if charter.reminded_on is not None and (today - charter.reminded_on).days < DAYS_BETWEEN_REMINDERS:
        raise Conflict("charter.reminded")
    charter.reminded_on = today
    return waiting(charter, today)


def waiting(charter: AllianceCharter, today: date) -> list[AllianceMember]:
    """Members whose consent the version lacks, in the order of their coming."""
    accepted = {one.member_id for one in charter.consents}
    deciding = [one for one in charter.alliance.members if standing.decides(one, today)]
    return [member for member in deciding if member.id not in accepted]


def settle(session: Session, alliance: Alliance, today: date) -> bool:
    """Bring the proposal into force if nobody's consent is missing; whether it was so. The caller holds the lock."""
    charter = alliance.proposal
    if charter is None or not charter.consents or waiting(charter, today):
        return False
    before = alliance.charter
    if before is not None:
        _move(before, "supersede")
        before.ended_on = today
    session.flush()  # the unique index on charters in force: the earlier one must be gone first
    _move(charter, "come_into_force")
    charter.in_force_on = today
    parts = {part["organization"]: part for part in charter.content["members"]}
    for member in alliance.members:
        part = parts.get(member.organization.public_id)
        if part is not None and standing.stands(member, today):
            member.role, member.role_en = part["role"], part["role_en"]
            member.capabilities = list(part["capabilities"])
    alliance.state = ALLIANCE_TRANSITIONS[alliance.state, "come_into_force"]
    return True


def drop_proposal(alliance: Alliance, today: date) -> None:
    """Take back the version that waits, if any. The caller holds the lock."""
    charter = alliance.proposal
    if charter is not None:
        _move(charter, "take_back")
        charter.ended_on = today


def drop_if_lead(alliance: Alliance, member: AllianceMember, today: date) -> None:
    """A version that waits and would make a member the lead that goes is taken back. The caller holds the lock."""
    charter = alliance.proposal
    if charter is not None and charter.content["lead"] == member.organization.public_id:
        drop_proposal(alliance, today)


def sign(
    charter: AllianceCharter, member: AllianceMember, signer: Signature, part: Mapping[str, Any] | None = None
) -> None:
    """Write the consent down; one that comes back under the same version signs it anew. The caller holds the lock."""
    known = next((one for one in charter.consents if one.member_id == member.id), None)
    consent = known or CharterConsent(member=member)
    consent.sha256, consent.at = charter.sha256, signer.at
    consent.signed_by, consent.signed_email = signer.name, signer.email
    consent.part = None if part is None else dict(part)
    if known is None:
        charter.consents.append(consent)


def part_of(member: AllianceMember) -> dict[str, Any]:
    """What a member does, as a consent keeps it."""
    return {"role": member.role, "role_en": member.role_en, "capabilities": list(member.capabilities)}


def _problems(alliance: Alliance, fields: CharterFields, today: date) -> list[Problem]:
    deciding = {one.organization.public_id: one for one in alliance.members if standing.decides(one, today)}
    found = _number_problems(fields) + _member_problems(fields["members"], deciding)
    lead = deciding.get(fields["lead"])
    if lead is None or lead.state != JOINED:
        found.append(Problem("lead", "charter_lead"))
    if len(deciding) < MIN_MEMBERS:
        found.append(Problem("members", "too_few", {"min": MIN_MEMBERS}))
    return found


def _number_problems(fields: CharterFields) -> list[Problem]:
    bounds = {
        "level_from": (LOWEST_LEVEL, HIGHEST_LEVEL),
        "level_to": (LOWEST_LEVEL, HIGHEST_LEVEL),
        "notice_days": (0, MAX_NOTICE_DAYS),
        "answer_hours": (1, MAX_ANSWER_HOURS),
    }
    values: Mapping[str, Any] = fields
    found = [
        Problem(name, "range", {"min": low, "max": high})
        for name, (low, high) in bounds.items()
        if not low <= values[name] <= high
    ]
    if not found and fields["level_from"] > fields["level_to"]:
        found.append(Problem("level_to", "level_order"))
    return found


def _member_problems(parts: Sequence[MemberPart], deciding: Mapping[str, AllianceMember]) -> list[Problem]:
    """Everybody who decides stands in it once, and nobody else."""
    found: list[Problem] = []
    named = [part["organization"] for part in parts]
    for i, part in enumerate(parts):
        place = f"members/{i}"
        if part["organization"] not in deciding:
            found.append(Problem(f"{place}/organization", "not_a_member"))
        elif part["organization"] in named[:i]:
            found.append(Problem(f"{place}/organization", "repeated", {"value": part["organization"]}))
        found += codes.unknown_codes(f"{place}/capabilities", "capability", part["capabilities"])
    if set(deciding) - set(named):
        missing = [deciding[one].organization.name for one in deciding if one not in named]
        found.append(Problem("members", "charter_members", {"names": ", ".join(missing)}))
    return found


def _move(charter: AllianceCharter, act: str) -> None:
    target = CHARTER_TRANSITIONS.get((charter.state, act))
    if target is None:
        raise Conflict(f"charter.{charter.state}")
    charter.state = target
