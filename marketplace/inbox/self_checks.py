"""What waits for a manufacturer about levels: a self-check half done, a factory of which no level is known."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts import access
from marketplace.accounts.access.self_checks import CheckStanding
from marketplace.accounts.principal import Principal
from marketplace.inbox.registry import Item, beginnings, kind, read_once
from matching.maturity import items


@kind("self_check", "self_check.answer")
def unfinished(session: Session, who: Principal, today: date) -> list[Item]:
    """Runs that were begun and not finished."""
    total = len(items.instrument().questions)
    return [
        Item(
            what=_("‘%(name)s’ 자가진단을 이어서 해 주세요", name=row.site.name),
            href=f"/self-check/{row.open_run}",
            context=_("%(total)s문항 가운데 %(n)s개에 답했어요.", total=total, n=row.answered),
            who=_("우리 회사"),
            due=None,
            button=_("이어서 답하기"),
        )
        for row in _standings(session, who, today)
        if row.open_run is not None
    ]


@kind("no_level", "self_check.answer")
def without_level(session: Session, who: Principal, today: date) -> list[Item]:
    """Factories without a company level and without a run that waits."""
    return [
        Item(
            what=_("‘%(name)s’의 수준을 알아보세요", name=row.site.name),
            href="/self-check",
            context=_("쉬운 문항 12개에 답하면 수준과 다음 단계를 보여 드려요. 6분쯤 걸려요."),
            who=_("우리 회사"),
            due=None,
            button=_("자가진단 시작"),
        )
        for row in _standings(session, who, today)
        if row.level is None and row.open_run is None
    ]


def _standings(session: Session, who: Principal, today: date) -> list[CheckStanding]:
    """Read once a request, in one statement; none for who has no factory."""
    if not beginnings(session, who).site:
        return []
    return read_once("check_standings", who, lambda: access.own_check_standings(session, who, today))
