"""What waits in alliances: invitations and charters for members; requests, delays and new demands for coordinators."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from catalog import clock
from catalog.alliance_states import ACTIVE, ASKED, DISSOLVED, INVITED
from catalog.alliances import charters, standing
from catalog.models import Alliance, AllianceMember
from marketplace import wording
from marketplace.accounts import access
from marketplace.accounts.principal import Principal
from marketplace.extensions import locale
from marketplace.formats import date_text
from marketplace.inbox.registry import Item, kind, read_once
from marketplace.notices.dissolving import work_page
from marketplace.wording.particles import settled
from matching import pipeline

#: Invitations, requests and charters should be answered within so many days; our choice, a working fortnight.
ANSWER_DAYS = 14


@kind("alliance_invitation", "alliance.sign")
def invitations(session: Session, who: Principal, today: date) -> list[Item]:
    """Alliances that invite us."""
    return [
        Item(
            what=settled(_("얼라이언스 ‘%(name)s’의 초대에 답해 주세요", name=_called(member.alliance))),
            href=f"{work_page(member.alliance)}/invitation",
            context=_("참여하면 규약에 동의해요."),
            who=_("우리 회사"),
            due=member.begun_on + timedelta(days=ANSWER_DAYS),
            button=_("초대 보기"),
        )
        for own in _all(session, who, today)
        if (member := own.member) is not None and member.state == INVITED and own.alliance.state != DISSOLVED
    ]


@kind("charter", "alliance.sign")
def charters_to_accept(session: Session, who: Principal, today: date) -> list[Item]:
    """Charters that wait for our consent."""
    items = []
    for own in own_now(session, who, today):
        proposal = own.alliance.proposal
        if proposal is None or own.member is None or own.member not in charters.waiting(proposal, today):
            continue
        called, number = _called(own.alliance), proposal.number
        items.append(
            Item(
                what=_("‘%(name)s’ 규약 v%(number)s을 읽고 동의해 주세요", name=called, number=number),
                href=f"{work_page(own.alliance)}/charters/{number}",
                context=_("모든 참여 기업이 동의하면 시행돼요."),
                who=_("우리 회사"),
                due=proposal.proposed_on + timedelta(days=ANSWER_DAYS),
                button=_("규약 보기"),
            )
        )
    return items


@kind("alliance_request", "alliance.draft")
def requests(session: Session, who: Principal, today: date) -> list[Item]:
    """Vendors that ask to join alliances which we run."""
    return [
        Item(
            what=settled(
                _(
                    "%(organization)s이(가) ‘%(name)s’에 참여를 신청했어요",
                    organization=wording.own_words(member.organization.name, member.organization.name_en),
                    name=_called(member.alliance),
                )
            ),
            href=work_page(member.alliance),
            context=_("맡겠다는 역할: %(role)s", role=wording.own_words(member.role, member.role_en)),
            who=_("우리 회사"),
            due=member.begun_on + timedelta(days=ANSWER_DAYS),
            button=_("답하기"),
        )
        for own in _all(session, who, today)
        if own.runs
        for member in own.alliance.members
        if member.state == ASKED
    ]


@kind("charter_delay", "alliance.draft")
def delays(session: Session, who: Principal, today: date) -> list[Item]:
    """Charters that we proposed: who has not accepted, and for how long."""
    items = []
    for own in own_now(session, who, today):
        proposal = own.alliance.proposal
        if not own.runs or proposal is None:
            continue
        late = [one for one in charters.waiting(proposal, today) if one is not own.member]
        days = (today - proposal.proposed_on).days
        if late:
            items.append(
                Item(
                    what=ngettext(
                        "‘%(name)s’ 규약 v%(number)s에 %(num)s곳이 아직 동의하지 않았어요",
                        "‘%(name)s’ 규약 v%(number)s에 %(num)s곳이 아직 동의하지 않았어요",
                        len(late),
                        name=_called(own.alliance),
                        number=proposal.number,
                    ),
                    href=f"{work_page(own.alliance)}/charters/{proposal.number}",
                    context=_("%(names)s · %(days)s일째", names=_named(late), days=days),
                    who=_named(late),
                    due=None,
                    button=_("다시 알리기"),
                )
            )
    return items


@kind("alliance_demand", "alliance.draft")
def demands(session: Session, who: Principal, today: date) -> list[Item]:
    """Demands shown to alliances that we run of which nobody takes care, with what no member has taken on."""
    lines = [line.lead for line in pipeline_now(session, who, today) if line.lead.owner_id is None]
    run = {line.alliance_id: line.alliance for line in lines}
    members = {key: standing.standing_members(alliance, today) for key, alliance in run.items()}
    items = []
    for line in lines:
        covered = {code for one in members[line.alliance_id] for code in one.capabilities}
        asked = [row.capability for row in line.demand.requirements if row.must]
        lacking = [code for code in asked if code not in covered]
        capacity, _unknown = standing.free_capacity(members[line.alliance_id])
        items.append(
            Item(
                what=_("‘%(name)s’에 온 수요를 맡을 기업을 정해 주세요", name=_called(line.alliance)),
                href=f"{work_page(line.alliance)}/pipeline",
                context=_demand_context(lacking, capacity),
                who=_("우리 회사"),
                due=clock.day_of(line.shared_at) + timedelta(days=2),
                button=_("들어온 수요 보기"),
            )
        )
    return items


@kind("alliance_leaving", "alliance.work")
def leaving(session: Session, who: Principal, today: date) -> list[Item]:
    """Members that leave alliances which we run."""
    return [
        Item(
            what=settled(
                _(
                    "%(organization)s이(가) %(day)s에 ‘%(name)s’에서 나가요",
                    organization=wording.own_words(member.organization.name, member.organization.name_en),
                    day=date_text(member.last_day, locale()),
                    name=_called(own.alliance),
                )
            ),
            href=f"/alliances/{own.alliance.public_id}",
            context=_("비는 역량을 채울 기업을 찾아 주세요."),
            who=_("우리 회사"),
            due=member.last_day,
            button=_("빈 역량 보기"),
        )
        for own in own_now(session, who, today)
        if own.runs and own.alliance.charter is not None
        for member in standing.standing_members(own.alliance, today)
        if member.last_day is not None
    ]


def own_now(session: Session, who: Principal, today: date) -> list[access.OwnAlliance]:
    """Those that the organization runs or belongs to now."""
    return [own for own in _all(session, who, today) if own.inside and own.alliance.state != DISSOLVED]


def run_now(session: Session, who: Principal, today: date) -> list[Alliance]:
    """The active ones that it runs, the newest first."""
    return [own.alliance for own in own_now(session, who, today) if own.runs and own.alliance.state == ACTIVE]


def pipeline_now(session: Session, who: Principal, today: date) -> list[pipeline.Line]:
    """The demands that those are shown, read once a request."""
    reader = who.organization_key or 0
    run = run_now(session, who, today)
    return read_once("pipeline", who, lambda: pipeline.lines(session, run, reader, today))


def _all(session: Session, who: Principal, today: date) -> list[access.OwnAlliance]:
    """Every alliance that the organization has to do with, read once a request."""
    return read_once("own_alliances", who, lambda: access.own_alliances(session, who, today))


def _demand_context(lacking: Sequence[str], capacity: int) -> str:
    names = ", ".join(wording.term_name("capability", code) for code in lacking)
    free = _("한 분기 여력 %(n)s곳", n=capacity)
    return _("아무도 맡지 않은 역량: %(names)s · %(free)s", names=names, free=free) if names else free


def _named(members: Sequence[AllianceMember]) -> str:
    return ", ".join(wording.own_words(one.organization.name, one.organization.name_en) for one in members)


def _called(alliance: Alliance) -> str:
    return wording.own_words(alliance.name, alliance.name_en)
