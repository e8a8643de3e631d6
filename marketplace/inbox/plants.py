"""What waits for a manufacturer."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from marketplace.accounts.principal import Principal
from marketplace.inbox.registry import Item, beginnings, demands_at_work, kind, unread
from matching.models import Demand
from matching.models.demand import OPEN


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
    titles = {demand.public_id: demand.title for demand, _ranked in _open_demands(session, who)}
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
        for demand_id, count in unread(session, who, "match.new", today).items()
        if demand_id in titles
    ]


@kind("unmatched", "demand.read")
def unmatched(session: Session, who: Principal, _today: date) -> list[Item]:
    """Open demands without a list, or with an empty one."""
    return [
        _list_of(demand, _("아직 매칭을 계산하지 않았어요."), _("매칭 계산"))
        if ranked is None
        else _list_of(
            demand, _("조건에 맞는 솔루션이 없어요. 무엇이 막는지 보고 조건을 넓혀 보세요."), _("이유 보기")
        )
        for demand, ranked in _open_demands(session, who)
        if not ranked
    ]


@kind("demand", "demand.read")
def matched(session: Session, who: Principal, _today: date) -> list[Item]:
    """Open demands with listings that fit."""
    return [
        _list_of(
            demand,
            ngettext("맞는 솔루션이 %(num)s개 있어요.", "맞는 솔루션이 %(num)s개 있어요.", ranked),
            _("결과 보기"),
        )
        for demand, ranked in _open_demands(session, who)
        if ranked
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


def _open_demands(session: Session, who: Principal) -> list[tuple[Demand, int | None]]:
    return [row for row in demands_at_work(session, who) if row[0].state == OPEN]
