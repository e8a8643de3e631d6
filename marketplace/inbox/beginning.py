"""What waits for a person without an organization; what to do when nothing waits."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace.accounts.permission import is_allowed
from marketplace.accounts.principal import Principal
from marketplace.inbox.registry import Item, kind


@kind("registration", "organization.register")
def registration(_session: Session, who: Principal, _today: date) -> list[Item]:
    """A company has to be registered before anything else."""
    if who.seat is not None:
        return []
    return [
        Item(
            what=_("회사를 등록해 주세요"),
            href="/organization/new",
            context=_("사업자등록번호와 역할을 적으면 공장이나 솔루션을 등록할 수 있어요."),
            who=_("나"),
            due=None,
            button=_("회사 등록"),
        )
    ]


@dataclass(frozen=True, slots=True)
class NextStep:
    """What the empty morning page offers: a sentence, a button, its path."""

    text: str
    button: str
    href: str


def next_step() -> NextStep:
    """What the acting role does when nothing waits."""
    if is_allowed("organization.list"):
        return NextStep(_("새로 가입한 기업이 생기면 여기에서 알려 드려요."), _("운영 화면 보기"), "/console")
    if is_allowed("review.read"):
        return NextStep(_("심사 요청이 들어오면 여기에서 알려 드려요."), _("심사 목록 보기"), "/desk")
    if is_allowed("listing.draft"):
        return NextStep(
            _("다른 솔루션도 올려 더 많은 공장에 알려 보세요."), _("솔루션 등록"), "/listings/new"
        )
    if is_allowed("demand.state"):
        return NextStep(_("다른 공장이나 공정에 필요한 것도 적어 보세요."), _("수요 등록"), "/demands/new")
    return NextStep(_("솔루션을 둘러보거나 메뉴에서 하던 일을 이어 가세요."), _("솔루션 찾기"), "/solutions")
