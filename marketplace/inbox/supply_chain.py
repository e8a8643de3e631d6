"""Trade links that wait for a manufacturer's answer."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts import access
from marketplace.accounts.principal import Principal
from marketplace.inbox.registry import Item, beginnings, kind
from marketplace.wording.particles import settled
from matching.models.trade_link import SUPPLIER


@kind("trade_link", "link.declare")
def waiting_links(session: Session, who: Principal, _today: date) -> list[Item]:
    """Partners that say they trade with us: confirm or deny."""
    return [
        Item(
            what=settled(_("%(name)s이(가) 신고한 거래 관계에 답해 주세요", name=row.partner_name)),
            href=f"/supply-chain/{row.link.public_id}",
            context=settled(
                _("우리에게 %(item)s을(를) 납품한다고 했어요.", item=row.link.item or _("물건"))
                if row.direction == SUPPLIER
                else _("우리가 %(item)s을(를) 납품한다고 했어요.", item=row.link.item or _("물건"))
            ),
            who=_("우리 회사"),
            due=None,
            button=_("답하기"),
        )
        for row in access.own_waiting_links(session, beginnings(session, who).own)
    ]
