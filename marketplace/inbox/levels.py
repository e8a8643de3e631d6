"""What waits because of a 수준확인서: the operator's answer, the company's renewal."""

from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from catalog import clock
from marketplace.accounts import access
from marketplace.accounts.access.sites import LevelCertificatesAsked
from marketplace.accounts.principal import Principal
from marketplace.inbox.registry import MOST, Item, kind
from marketplace.inbox.workdays import after
from marketplace.wording import own_words
from matching.level_certificates import REMIND_DAYS
from matching.models.level_certificate import WAITING

#: Working days within which a company hears whether its paper is confirmed.
DECIDE_DAYS = 5
#: An ended paper is spoken of for so many days more.
PAST_DAYS = 30


@kind("level_certificate", "level_certificate.decide")
def level_certificates(session: Session, _who: Principal, _today: date) -> list[Item]:
    """Papers that nobody has decided."""
    waiting = access.search_level_certificates(
        session, LevelCertificatesAsked(state=WAITING), offset=0, limit=MOST
    )
    return [
        Item(
            what=_(
                "%(name)s의 수준확인서 확인하기",
                name=own_words(row.site.organization.name, row.site.organization.name_en),
            ),
            href=f"/console/level-certificates/{row.public_id}",
            context=_("%(site)s · 번호 %(number)s", site=row.site.name, number=row.number),
            who=_("운영자"),
            due=after(clock.day_of(row.created_at), DECIDE_DAYS),
            button=_("확인"),
        )
        for row in waiting
    ]


@kind("level_ending", "site.certify")
def ending(session: Session, who: Principal, today: date) -> list[Item]:
    """Confirmed papers that end within REMIND_DAYS, or ended in the last PAST_DAYS, and were not renewed."""
    found = access.own_ending_level_certificates(
        session, who, today - timedelta(days=PAST_DAYS), today + timedelta(days=REMIND_DAYS)
    )
    return [
        Item(
            what=_("‘%(site)s’의 수준확인서 기간이 끝났어요", site=row.site.name)
            if row.valid_until < today
            else _("‘%(site)s’의 수준확인서 기간이 곧 끝나요", site=row.site.name),
            href=f"/sites/{row.site.public_id}/certificates",
            context=_("기간이 끝나면 매칭에 확인된 수준을 쓰지 않아요. 새 확인서를 올려 주세요."),
            who=_("우리 회사"),
            due=row.valid_until,
            button=_("새로 올리기"),
        )
        for row in found
    ]
