"""What waits for the operator."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from catalog import clock
from catalog.models.organization import REGISTERED
from marketplace.accounts import access
from marketplace.accounts.principal import Principal
from marketplace.inbox.registry import MOST, Item, kind
from marketplace.inbox.workdays import after
from marketplace.wording import own_words

#: Working days within which a company that registered hears whether it is confirmed.
CONFIRM_DAYS = 2


@kind("organization", "organization.confirm")
def organizations(session: Session, _who: Principal, _today: date) -> list[Item]:
    """Companies that registered and are not confirmed yet."""
    waiting = access.all_organizations(session, state=REGISTERED, offset=0, limit=MOST)
    return [
        Item(
            what=_("%(name)s 확인하기", name=own_words(row.name, row.name_en)),
            href="/console/organizations?state=registered",
            context=_("가입한 기업이 맞는지 확인해야 솔루션을 공개할 수 있어요."),
            who=_("운영자"),
            due=after(clock.day_of(row.created_at), CONFIRM_DAYS),
            button=_("확인"),
        )
        for row in waiting
    ]
