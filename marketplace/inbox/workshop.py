"""What waits for a vendor. One reading of the shelf serves all of its kinds."""

from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from catalog.bundle_states import BUNDLE
from catalog.models import Certificate, Listing
from catalog.models.organization import REFUSED, REGISTERED
from catalog.publishing_states import DRAFT, SENT_BACK, SUBMITTED
from marketplace.accounts import access
from marketplace.accounts.principal import Principal
from marketplace.inbox.registry import Item, beginnings, kind, read_once
from marketplace.wording import own_words

#: A certificate that ends within this many days is work for its vendor now.
RENEW_DAYS = 60

Shelf = list[tuple[Listing, Certificate | None]]


@kind("confirmation", "listing.draft")
def confirmation(session: Session, who: Principal, _today: date) -> list[Item]:
    """The operator has not confirmed the company yet, or could not."""
    state = beginnings(session, who).own.state
    if state == REFUSED:
        return [_refused(session, who)]
    if state != REGISTERED:
        return []
    return [
        Item(
            what=_("운영자가 우리 회사를 확인하고 있어요"),
            href="/organization",
            context=_("그때까지 초안을 쓸 수 있어요. 공개는 확인된 뒤에 할 수 있어요."),
            who=_("운영자"),
            due=None,
            button=_("등록 내용 보기"),
        )
    ]


def _refused(session: Session, who: Principal) -> Item:
    return Item(
        what=_("운영자가 우리 회사를 확인하지 못했어요"),
        href="/organization/operator",
        context=beginnings(session, who).own.refusal or "",
        who=_("우리 회사"),
        due=None,
        button=_("고쳐서 다시 요청"),
    )


@kind("finding", "listing.read_own")
def findings(session: Session, who: Principal, _today: date) -> list[Item]:
    """Listings that a validator sent back."""
    return _in_state(session, who, SENT_BACK, _("검증기관이 보완을 요청했어요."), _("지적 보기"))


@kind("draft", "listing.read_own")
def drafts(session: Session, who: Principal, _today: date) -> list[Item]:
    """Listings begun and not handed in."""
    context = _("작성 중이에요. 다 쓰면 심사를 요청할 수 있어요.")
    return _in_state(session, who, DRAFT, context, _("이어서 쓰기"))


@kind("certificate", "listing.read_own")
def certificates(session: Session, who: Principal, today: date) -> list[Item]:
    """Certificates that end within RENEW_DAYS, or have ended."""
    return [
        Item(
            what=own_words(row.title, row.title_en),
            href=f"/listings/{row.public_id}",
            context=_("우리가 대표인 번들이에요. 얼라이언스의 코디네이터가 새 판을 내야 해요.")
            if row.kind == BUNDLE
            else _("인증 기간이 끝나기 전에 새 판을 열어 다시 검증받아 주세요."),
            who=_("코디네이터") if row.kind == BUNDLE else _("우리 회사"),
            due=certificate.expires_on,
            button=_("번들 보기") if row.kind == BUNDLE else _("새 판 준비"),
        )
        for row, certificate in _shelf(session, who)
        if certificate is not None and certificate.expires_on <= today + timedelta(days=RENEW_DAYS)
    ]


@kind("submitted", "listing.read_own")
def submissions(session: Session, who: Principal, _today: date) -> list[Item]:
    """How many listings wait for a validator: one line for all."""
    waiting = sum(row.state == SUBMITTED and row.kind != BUNDLE for row, _certificate in _shelf(session, who))
    if not waiting:
        return []
    return [
        Item(
            what=ngettext(
                "솔루션 %(num)s개가 심사를 기다려요", "솔루션 %(num)s개가 심사를 기다려요", waiting
            ),
            href="/listings",
            context=_("검증기관이 판정하면 여기에 다음 할 일이 나타나요."),
            who=_("검증기관"),
            due=None,
            button=_("상태 보기"),
        )
    ]


@kind("first_listing", "listing.draft")
def first_listing(session: Session, who: Principal, _today: date) -> list[Item]:
    """A vendor without a listing."""
    if _shelf(session, who):
        return []
    return [
        Item(
            what=_("첫 솔루션을 등록해 주세요"),
            href="/listings/new",
            context=_("역량, 요금제, 근거를 적으면 검증을 거쳐 공개돼요."),
            who=_("우리 회사"),
            due=None,
            button=_("등록"),
        )
    ]


def _in_state(session: Session, who: Principal, state: str, context: str, button: str) -> list[Item]:
    return [
        Item(
            what=own_words(row.title, row.title_en),
            href=f"/listings/{row.public_id}",
            context=context,
            who=_("우리 회사"),
            due=None,
            button=button,
        )
        for row, _certificate in _shelf(session, who)
        if row.state == state and row.kind != BUNDLE
    ]


def _shelf(session: Session, who: Principal) -> Shelf:
    return read_once("shelf", who, lambda: access.own_shelf(session, who))
