"""What waits for the operator in the console: reports of abuse, requests for deletion."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from catalog import clock
from marketplace import wording
from marketplace.accounts import access
from marketplace.accounts.access.console import ReportsAsked
from marketplace.accounts.oversight import OPEN
from marketplace.accounts.principal import Principal
from marketplace.inbox.registry import MOST, Item, kind
from marketplace.inbox.workdays import after
from marketplace.wording import own_words

#: Working days within which a report is decided.
DECIDE_DAYS = 2
#: Working days within which a request for deletion is answered.
DELETE_DAYS = 5


@kind("report", "report.decide")
def reports(session: Session, _who: Principal, _today: date) -> list[Item]:
    """Reports of abuse that nobody has decided."""
    waiting = access.search_reports(session, ReportsAsked(state=OPEN), offset=0, limit=MOST)
    return [
        Item(
            what=_(
                "‘%(title)s’ 신고 처리하기",
                title=own_words(row.organization.name, row.organization.name_en)
                if row.listing is None
                else own_words(row.listing.title, row.listing.title_en),
            ),
            href=f"/console/reports/{row.public_id}",
            context=wording.name("report_reason", row.reason),
            who=_("운영자"),
            due=after(clock.day_of(row.created_at), DECIDE_DAYS),
            button=_("처리"),
        )
        for row in waiting
    ]


@kind("deletion", "deletion.read")
def deletions(session: Session, _who: Principal, _today: date) -> list[Item]:
    """Organizations that ask to be deleted."""
    return [
        Item(
            what=_(
                "‘%(name)s’ 삭제 요청 처리하기",
                name=own_words(row.organization.name, row.organization.name_en),
            ),
            href=f"/console/deletions/{row.public_id}",
            context=_("남겨야 할 것과 지울 것을 보고 정해 주세요."),
            who=_("운영자"),
            due=after(clock.day_of(row.created_at), DELETE_DAYS),
            button=_("처리"),
        )
        for row in access.waiting_deletion_requests(session, MOST)
    ]
