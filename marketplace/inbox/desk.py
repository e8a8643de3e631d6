"""What waits for a validator."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from catalog import clock
from marketplace.accounts import access
from marketplace.accounts.principal import Principal
from marketplace.inbox.registry import MOST, Item, kind
from marketplace.inbox.workdays import after
from marketplace.wording import own_words

#: Working days within which a submission is to be decided.
DECIDE_DAYS = 5


@kind("review", "review.read")
def reviews(session: Session, who: Principal, _today: date) -> list[Item]:
    """Submissions that wait and those taken, by age."""
    return [
        Item(
            what=_("%(title)s 심사", title=own_words(row.content["title"], row.content["title_en"])),
            href=f"/desk/{row.public_id}",
            context=_(
                "%(vendor)s · 접수 번호 %(number)s",
                vendor=own_words(row.listing.organization.name, row.listing.organization.name_en),
                number=row.number,
            ),
            who=_("검증위원"),
            due=after(clock.day_of(row.submitted_at), DECIDE_DAYS),
            button=_("심사 보기"),
        )
        for row in access.queue(session, who, limit=MOST)
    ]
