"""What waits for a manufacturer about its demands: drafts to finish, deadlines that have passed."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.principal import Principal
from marketplace.inbox.registry import Item, demands_at_work, kind
from matching.models.demand import DRAFT, OPEN


@kind("demand_draft", "demand.state")
def drafts(session: Session, who: Principal, _today: date) -> list[Item]:
    """Drafts that are neither stated nor thrown away."""
    return [
        Item(
            what=draft.title or _("이름 없는 초안"),
            href=f"/demands/{draft.public_id}",
            context=_("쓰다 만 수요예요. 등록하면 바로 후보를 찾아요."),
            who=_("우리 회사"),
            due=None,
            button=_("이어 쓰기"),
        )
        for draft, _ranked in reversed(demands_at_work(session, who))
        if draft.state == DRAFT
    ]


@kind("demand_overdue", "demand.state")
def overdue(session: Session, who: Principal, today: date) -> list[Item]:
    """Open demands whose deadline has passed: they are to be changed or closed."""
    return [
        Item(
            what=demand.title,
            href=f"/demands/{demand.public_id}/close",
            context=_("희망 기한이 지났어요. 기한을 고치거나 이유를 적고 마감해 주세요."),
            who=_("우리 회사"),
            due=demand.deadline,
            button=_("마감하기"),
        )
        for demand, _ranked in demands_at_work(session, who)
        if demand.state == OPEN and demand.deadline is not None and demand.deadline < today
    ]
