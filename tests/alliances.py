"""Alliances in tests, made through the domain."""

from catalog.alliances import charters, founding, membership
from catalog.alliances.charters import Signature
from tests import factories

NOW, TODAY = factories.NOW, factories.TODAY
SIGNER = Signature("김서명", "signer@example.com", NOW)


def part(*capabilities, role="품질", role_en="Quality"):
    """What a member does."""
    return {"role": role, "role_en": role_en, "capabilities": list(capabilities)}


def fields(**changes):
    """What an alliance says of itself."""
    return {
        "name": "가 얼라이언스",
        "name_en": "Alliance A",
        "purpose": "수준 1~2 공장을 함께 올립니다.",
        "purpose_en": "Lifts plants of level 1 and 2 together.",
        "division": None,
        **changes,
    }


def charter_fields(alliance, **changes):
    """A charter that names everybody who decides, the first of them as the lead."""
    deciding = [one for one in alliance.members if one.state in ("joined", "leaving")]
    return {
        "text": "우리는 함께 짓습니다.",
        "text_en": "We build together.",
        "level_from": 1,
        "level_to": 2,
        "lead": deciding[0].organization.public_id if deciding else "",
        "notice_days": 90,
        "answer_hours": 48,
        "members": [
            {"organization": one.organization.public_id, **part(*one.capabilities, role=one.role or "품질")}
            for one in deciding
        ],
        **changes,
    }


def forming(session, *vendors, capabilities=("ai_vision",)):
    """An alliance of those vendors without a charter; the first runs it. All have joined."""
    alliance = founding.found(session, vendors[0], fields(), TODAY, part=part(*capabilities))
    session.flush()
    for vendor in vendors[1:]:
        member = membership.invite(session, alliance, vendor, part(*capabilities), TODAY)
        session.flush()
        membership.join(session, member, None, SIGNER, TODAY)
    session.flush()
    return alliance


def accepted(session, alliance, **changes):
    """Propose a charter and let everybody accept it; answers it."""
    charter = charters.propose(session, alliance, charter_fields(alliance, **changes), TODAY)
    session.flush()
    for member in charters.waiting(charter, TODAY):
        charters.accept(session, charter, member, SIGNER, TODAY, sha256=charter.sha256)
    session.flush()
    return charter


def active(session, *vendors, capabilities=("ai_vision",), **changes):
    """An alliance with a charter in force; the first vendor runs it and is its lead."""
    alliance = forming(session, *vendors, capabilities=capabilities)
    assert accepted(session, alliance, **changes).state == "in_force"
    return alliance


def member_of(alliance, vendor):
    """The row of a vendor."""
    return next(one for one in alliance.members if one.organization_id == vendor.id)
