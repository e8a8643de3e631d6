"""What waits for a person without an organization; what to do when nothing waits."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from marketplace import formats
from marketplace.accounts import access
from marketplace.accounts.models import JoinRequest
from marketplace.accounts.permission import is_offered
from marketplace.accounts.principal import Principal
from marketplace.extensions import locale
from marketplace.inbox.registry import Item, kind, read_once
from marketplace.wording import own_words


@kind("registration", "organization.register")
def registration(session: Session, who: Principal, _today: date) -> list[Item]:
    """A company has to be registered before anything else, unless the person asked to join one."""
    if who.seat is not None or asked_to_join(session, who):
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


@kind("joining", "organization.join")
def joining(session: Session, who: Principal, _today: date) -> list[Item]:
    """Requests to join that wait for somebody else, of a person without an organization."""
    if who.seat is not None:
        return []
    return [
        Item(
            what=_(
                "%(name)s 합류 요청의 답을 기다려요",
                name=own_words(row.organization.name, row.organization.name_en),
            ),
            href="/organization/join",
            context=_(
                "%(day)s에 요청했어요. 그 조직의 관리자가 답하면 알려 드려요.",
                day=formats.date_text(row.created_at, locale()),
            ),
            who=_("그 조직의 관리자"),
            due=None,
            button=_("요청 보기·거두기"),
        )
        for row in asked_to_join(session, who)
    ]


def asked_to_join(session: Session, who: Principal) -> list[JoinRequest]:
    """The person's own requests that wait, read once a request."""
    return read_once("asked_to_join", who, lambda: access.requests_by(session, who))


@dataclass(frozen=True, slots=True)
class NextStep:
    """What the empty morning page offers: a sentence, a button, its path."""

    text: str
    button: str
    href: str


def next_step(who: Principal) -> NextStep:
    """What the role worked in does when nothing waits."""
    if is_offered("organization.list", who):
        return NextStep(_("새로 가입한 기업이 생기면 여기에서 알려 드려요."), _("운영 화면 보기"), "/console")
    if is_offered("review.read", who):
        return NextStep(_("심사 요청이 들어오면 여기에서 알려 드려요."), _("심사 목록 보기"), "/desk")
    if is_offered("listing.draft", who):
        return NextStep(
            _("다른 솔루션도 올려 더 많은 공장에 알려 보세요."), _("솔루션 등록"), "/listings/new"
        )
    if is_offered("demand.state", who):
        return NextStep(_("다른 공장이나 공정에 필요한 것도 적어 보세요."), _("수요 등록"), "/demands/new")
    return NextStep(_("솔루션을 둘러보거나 메뉴에서 하던 일을 이어 가세요."), _("솔루션 찾기"), "/solutions")
