"""What a person and their organization still lack for everyday work, and why it matters."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from catalog.models.organization import CONFIRMED, MANUFACTURER, REFUSED, VENDOR
from marketplace.accounts.models import ADMIN
from marketplace.accounts.principal import Principal
from marketplace.inbox.beginning import asked_to_join
from marketplace.inbox.registry import beginnings


@dataclass(frozen=True, slots=True)
class Check:
    """One line: what, why it matters, where it is done, whether it is done."""

    what: str
    why: str
    #: Path on this site.
    href: str
    done: bool


def checklist(session: Session, who: Principal) -> list[Check]:
    """Every line that concerns the person, in the order in which to do them; empty once all of them are done."""
    lines = [
        Check(
            _("이메일 확인"),
            _("소식을 메일로 받고, 비밀번호를 잊어도 다시 정할 수 있어요."),
            "/account",
            who.email_proved,
        ),
        *_company(session, who),
    ]
    if ADMIN in who.rights:
        lines.append(
            Check(
                _("두 단계 로그인"),
                _("관리자 계정이 뚫리면 회사의 자료가 모두 위험해져요."),
                "/account/second-factor",
                who.second_factor,
            )
        )
    return [] if all(line.done for line in lines) else lines


def _company(session: Session, who: Principal) -> list[Check]:
    why = _("공장이나 솔루션은 회사의 이름으로 올려요.")
    page = "/organization/new"
    if who.seat is None and asked_to_join(session, who):
        why, page = _("합류를 요청한 회사의 답을 기다리고 있어요."), "/organization/join"
    lines = [Check(_("회사 등록"), why, page, who.seat is not None)]
    if who.seat is None:
        return lines
    has = beginnings(session, who)
    if MANUFACTURER in who.roles or VENDOR in who.roles:  # one check of the company, whatever the role
        why = _("확인되면 심사를 요청하고 솔루션을 공개할 수 있어요. 운영자가 해요.")
        page = "/organization"
        if has.own.state == REFUSED:
            why, page = _("운영자가 확인하지 못했어요. 이유를 보고 고쳐 주세요."), "/organization/operator"
        lines.append(Check(_("운영자의 기업 확인"), why, page, has.own.state == CONFIRMED))
    if MANUFACTURER in who.working_roles:
        why = _("공장의 조건을 알아야 맞는 솔루션을 찾을 수 있어요.")
        lines.append(Check(_("첫 공장 등록"), why, "/sites/new" if not has.site else "/sites", has.site))
    if VENDOR in who.working_roles:
        why = _("솔루션이 있어야 수요기업이 우리를 찾을 수 있어요.")
        lines.append(
            Check(_("첫 솔루션 등록"), why, "/listings/new" if not has.listing else "/listings", has.listing)
        )
    return lines
