"""What waits for whom: the lines of the signed-in first page, one function a role."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from catalog.models import Certificate, Listing
from catalog.models.organization import CONFIRMED, REGISTERED
from catalog.publishing_states import DRAFT, SENT_BACK, SUBMITTED
from marketplace.accounts import access
from marketplace.accounts.permission import is_allowed
from marketplace.accounts.principal import Principal
from marketplace.wording import own_words
from matching import matchmaking
from matching.models.demand import OPEN

#: The page shows at most this many lines.
MOST = 20
#: A certificate that ends within this many days is work for its vendor now.
RENEW_DAYS = 60


@dataclass(frozen=True, slots=True)
class Step:
    """One line: what, in which connection, who acts, by when (None: no date), the button."""

    what: str
    href: str
    context: str
    who: str
    due: date | None
    button: str


def of(session: Session, who: Principal, today: date) -> list[Step]:
    """Everything that waits for the person in the organization acted for: oldest due first, then without a date."""
    if who.seat is None:
        return [_registration()]
    steps: list[Step] = []
    if is_allowed("organization.list"):
        steps += _operator(session)
    if is_allowed("review.read"):
        steps += _validator(session, who)
    if is_allowed("listing.read_own"):
        steps += _vendor(session, who, today)
    if is_allowed("demand.read"):
        steps += _manufacturer(session, who)
    return sorted(steps, key=lambda step: step.due or date.max)[:MOST]


def _registration() -> Step:
    return Step(
        _("회사를 등록해 주세요"),
        "/organization/new",
        _("사업자등록번호와 역할을 적으면 공장이나 솔루션을 등록할 수 있어요."),
        _("나"),
        None,
        _("회사 등록"),
    )


def _operator(session: Session) -> list[Step]:
    waiting = access.all_organizations(session, state=REGISTERED, offset=0, limit=MOST)
    return [
        Step(
            _("%(name)s 확인하기", name=own_words(organization.name, organization.name_en)),
            "/console?state=registered",
            _("가입한 기업이 맞는지 확인해야 솔루션을 공개할 수 있어요."),
            _("운영자"),
            None,
            _("확인"),
        )
        for organization in waiting
    ]


def _validator(session: Session, who: Principal) -> list[Step]:
    return [
        Step(
            _("%(title)s 심사", title=own_words(review.content["title"], review.content["title_en"])),
            f"/desk/{review.public_id}",
            _(
                "%(vendor)s · 접수 번호 %(number)s",
                vendor=own_words(review.listing.organization.name, review.listing.organization.name_en),
                number=review.number,
            ),
            _("검증위원"),
            None,
            _("심사 보기"),
        )
        for review in access.queue(session, who, limit=MOST)
    ]


def _vendor(session: Session, who: Principal, today: date) -> list[Step]:
    shelf = access.own_shelf(session, who)
    steps = _confirmation(session, who)
    sentences = {
        SENT_BACK: (_("검증기관이 보완을 요청했어요."), _("지적 보기")),
        DRAFT: (_("작성 중이에요. 다 쓰면 심사를 요청할 수 있어요."), _("이어서 쓰기")),
    }
    for state, (context, button) in sentences.items():
        steps += [
            Step(
                own_words(row.title, row.title_en),
                f"/listings/{row.public_id}",
                context,
                _("우리 회사"),
                None,
                button,
            )
            for row, _certificate in shelf
            if row.state == state
        ]
    steps += _renewals(shelf, today)
    waiting = sum(row.state == SUBMITTED for row, _certificate in shelf)
    if waiting:
        text = ngettext("솔루션 %(num)s개가 심사를 기다려요", "솔루션 %(num)s개가 심사를 기다려요", waiting)
        context = _("검증기관이 판정하면 여기에 다음 할 일이 나타나요.")
        steps.append(Step(text, "/listings", context, _("검증기관"), None, _("상태 보기")))
    if not shelf:
        context = _("역량, 요금제, 근거를 적으면 검증을 거쳐 공개돼요.")
        steps.append(
            Step(_("첫 솔루션을 등록해 주세요"), "/listings/new", context, _("우리 회사"), None, _("등록"))
        )
    return steps


def _renewals(shelf: list[tuple[Listing, Certificate | None]], today: date) -> list[Step]:
    return [
        Step(
            own_words(row.title, row.title_en),
            f"/listings/{row.public_id}",
            _("인증 기간이 끝나기 전에 새 판을 열어 다시 검증받아 주세요."),
            _("우리 회사"),
            certificate.expires_on,
            _("새 판 준비"),
        )
        for row, certificate in shelf
        if certificate is not None and certificate.expires_on <= today + timedelta(days=RENEW_DAYS)
    ]


def _confirmation(session: Session, who: Principal) -> list[Step]:
    if access.own_organization(session, who).state == CONFIRMED:
        return []
    context = _("그때까지 초안을 쓸 수 있어요. 공개는 확인된 뒤에 할 수 있어요.")
    text = _("운영자가 우리 회사를 확인하고 있어요")
    return [Step(text, "/organization", context, _("운영자"), None, _("등록 내용 보기"))]


def _manufacturer(session: Session, who: Principal) -> list[Step]:
    sites = access.own_sites(session, who)
    if not sites:
        context = _("업종, 지역, 쓰고 있는 시스템을 적으면 맞는 솔루션을 찾을 수 있어요.")
        return [Step(_("공장을 등록해 주세요"), "/sites/new", context, _("우리 회사"), None, _("공장 등록"))]
    demands = [demand for demand in access.own_demands(session, who) if demand.state == OPEN]
    if not demands:
        context = _("필요한 역량과 예산을 적으면 적합도 순으로 솔루션을 보여드려요.")
        return [
            Step(_("수요를 등록해 주세요"), "/demands/new", context, _("우리 회사"), None, _("수요 등록"))
        ]
    ranked = matchmaking.counts_by_demand(session, [demand.id for demand in demands])
    return [
        Step(
            demand.title,
            f"/demands/{demand.public_id}/matches",
            ngettext("맞는 솔루션이 %(num)s개 있어요.", "맞는 솔루션이 %(num)s개 있어요.", ranked[demand.id])
            if demand.id in ranked
            else _("아직 매칭을 계산하지 않았어요."),
            _("우리 회사"),
            demand.deadline,
            _("결과 보기") if demand.id in ranked else _("매칭 계산"),
        )
        for demand in demands
    ]
