"""What waits among people: who asks to join the organization, and who invites the person."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from catalog import clock
from marketplace.accounts import access
from marketplace.accounts.principal import Principal
from marketplace.inbox.registry import Item, kind
from marketplace.wording import own_words


@kind("join_request", "people.manage")
def join_requests(session: Session, who: Principal, _today: date) -> list[Item]:
    """People who found our number taken and asked to be let in."""
    return [
        Item(
            what=_("%(name)s 님의 합류 요청", name=row.user.name),
            href="/organization/people#requests",
            context=_("동료가 맞으면 받아들이고, 모르는 사람이면 거절해 주세요."),
            who=_("관리자"),
            due=None,
            button=_("답하기"),
        )
        for row in access.waiting_requests(session, who)
    ]


@kind("invitation", "invitation.accept")
def invitations(session: Session, who: Principal, _today: date) -> list[Item]:
    """Organizations that want the person to join them."""
    return [
        Item(
            what=_("%(name)s의 초대", name=own_words(row.organization.name, row.organization.name_en)),
            href="/account#invitations",
            context=_("받아들이면 그 조직의 구성원으로 일할 수 있어요."),
            who=_("나"),
            due=clock.day_of(row.expires_at),
            button=_("초대 보기"),
        )
        for row in access.invitations_to(session, who)
    ]
