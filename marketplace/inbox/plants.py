"""What waits for a manufacturer."""

from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from marketplace.accounts import access
from marketplace.accounts.principal import Principal
from marketplace.inbox.registry import Item, beginnings, kind, read_once
from marketplace.notices import reading
from matching import matchmaking
from matching.models import Demand


@kind("first_site", "site.describe")
def first_site(session: Session, who: Principal, _today: date) -> list[Item]:
    """A manufacturer without a factory."""
    if beginnings(session, who).site:
        return []
    return [
        Item(
            what=_("공장을 등록해 주세요"),
            href="/sites/new",
            context=_("업종, 지역, 쓰고 있는 시스템을 적으면 맞는 솔루션을 찾을 수 있어요."),
            who=_("우리 회사"),
            due=None,
            button=_("공장 등록"),
        )
    ]


@kind("first_demand", "demand.state")
def first_demand(session: Session, who: Principal, _today: date) -> list[Item]:
    """Factories, but no open demand."""
    if not beginnings(session, who).site or _open_demands(session, who):
        return []
    return [
        Item(
            what=_("수요를 등록해 주세요"),
            href="/demands/new",
            context=_("필요한 역량과 예산을 적으면 적합도 순으로 솔루션을 보여드려요."),
            who=_("우리 회사"),
            due=None,
            button=_("수요 등록"),
        )
    ]


@kind("match", "demand.read")
def new_matches(session: Session, who: Principal, today: date) -> list[Item]:
    """Listings that became public since yesterday and fit an open demand, until the notice is read."""
    titles = {demand.public_id: demand.title for demand in _open_demands(session, who)}
    if not titles:
        return []
    found = reading.unread_since(session, who, "match.new", today - timedelta(days=1))
    return [
        Item(
            what=ngettext(
                "‘%(demand)s’에 맞는 새 솔루션이 %(num)s개 나왔어요",
                "‘%(demand)s’에 맞는 새 솔루션이 %(num)s개 나왔어요",
                count,
                demand=titles[demand_id],
            ),
            href=f"/demands/{demand_id}/matches",
            context=_("매칭을 다시 계산하면 순위와 이유를 볼 수 있어요."),
            who=_("우리 회사"),
            due=None,
            button=_("매칭 보기"),
        )
        for demand_id, count in found.items()
        if demand_id in titles
    ]


@kind("unmatched", "demand.read")
def unmatched(session: Session, who: Principal, _today: date) -> list[Item]:
    """Open demands without a list, or with an empty one."""
    ranked = _ranked(session, who)
    return [
        _list_of(demand, _("아직 매칭을 계산하지 않았어요."), _("매칭 계산"))
        if demand.id not in ranked
        else _list_of(
            demand, _("조건에 맞는 솔루션이 없어요. 무엇이 막는지 보고 조건을 넓혀 보세요."), _("이유 보기")
        )
        for demand in _open_demands(session, who)
        if not ranked.get(demand.id)
    ]


@kind("demand", "demand.read")
def matched(session: Session, who: Principal, _today: date) -> list[Item]:
    """Open demands with listings that fit."""
    ranked = _ranked(session, who)
    return [
        _list_of(
            demand,
            ngettext("맞는 솔루션이 %(num)s개 있어요.", "맞는 솔루션이 %(num)s개 있어요.", ranked[demand.id]),
            _("결과 보기"),
        )
        for demand in _open_demands(session, who)
        if ranked.get(demand.id)
    ]


def _list_of(demand: Demand, context: str, button: str) -> Item:
    return Item(
        what=demand.title,
        href=f"/demands/{demand.public_id}/matches",
        context=context,
        who=_("우리 회사"),
        due=demand.deadline,
        button=button,
    )


def _open_demands(session: Session, who: Principal) -> list[Demand]:
    return read_once("demands", who, lambda: access.own_open_demands(session, who))


def _ranked(session: Session, who: Principal) -> dict[int, int]:
    """How many listings the newest list of each open demand ranked; demands without a list are left out."""
    keys = [demand.id for demand in _open_demands(session, who)]
    return read_once("ranked", who, lambda: matchmaking.counts_by_demand(session, keys) if keys else {})
