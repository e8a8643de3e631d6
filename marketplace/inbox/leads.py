"""What waits between vendors and manufacturers: demands to answer, contacts to accept, new finds."""

from datetime import date, timedelta

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from catalog import clock
from marketplace.accounts import access
from marketplace.accounts.principal import Principal
from marketplace.inbox.registry import Item, beginnings, kind, unread
from matching import alerts, leads
from matching.models import Lead

#: An offer of contact should be answered within so many days.
CONTACT_DAYS = 2


@kind("lead", "lead.read")
def leads_to_answer(session: Session, who: Principal, _today: date) -> list[Item]:
    """Demands shown to the vendor that wait for its answer."""
    vendor = beginnings(session, who).own
    hours = current_app.config["LEAD_HOURS"]
    items = []
    for lead in access.leads_to_answer(session, vendor):
        due = leads.due_at(lead, hours)
        best = lead.best
        context = (
            _("수요기업이 우리 회사를 지정해 공개했어요.")
            if best is None
            else _("‘%(title)s’ 적합도 %(n)s점", title=best["title"], n=round(lead.fit or 0))
        )
        items.append(
            Item(
                what=_("새 수요 제안에 답해 주세요"),
                href=f"/leads/{lead.public_id}",
                context=context,
                who=_("우리 회사"),
                due=None if due is None else clock.day_of(due),
                button=_("답하기"),
            )
        )
    return items


@kind("offer", "contact.answer")
def offers_waiting(session: Session, who: Principal, _today: date) -> list[Item]:
    """Demands with vendors that ask for contact; a line each, due by the oldest of them."""
    waiting: dict[str, list[Lead]] = {}
    for lead in access.offers_waiting(session, who):
        waiting.setdefault(lead.demand.public_id, []).append(lead)
    return [
        Item(
            what=ngettext(
                "‘%(demand)s’에 연락을 청한 공급기업이 %(num)s곳 있어요",
                "‘%(demand)s’에 연락을 청한 공급기업이 %(num)s곳 있어요",
                len(offers),
                demand=offers[0].demand.title,
            ),
            href=f"/demands/{demand_id}/offers",
            context=_("받아들이면 서로의 이름과 연락처가 보여요."),
            who=_("우리 회사"),
            due=clock.day_of(offers[0].answered_at or offers[0].created_at) + timedelta(days=CONTACT_DAYS),
            button=_("연락 제안 보기"),
        )
        for demand_id, offers in waiting.items()
    ]


@kind("saved_search", "search.save")
def found_in_searches(session: Session, who: Principal, today: date) -> list[Item]:
    """Saved searches with new listings, until the notice is read."""
    found = unread(session, who, "search.found", today)
    if not found:
        return []
    return [
        Item(
            what=ngettext(
                "저장한 검색 ‘%(name)s’에 새 솔루션이 %(num)s개 있어요",
                "저장한 검색 ‘%(name)s’에 새 솔루션이 %(num)s개 있어요",
                row.found,
                name=row.name,
            ),
            href=alerts.address(row),
            context=_("하루에 한 번 다시 찾아봐요."),
            who=_("우리 회사"),
            due=None,
            button=_("보기"),
        )
        for row in access.saved_searches(session, who)
        if row.public_id in found
    ]
