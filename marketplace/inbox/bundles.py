"""What waits around bundles: signatures for vendors; delays, obstacles and what to hand in for coordinators; new ones
for whose demand they were made."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from catalog.bundle_states import ASKED, DENIED, IN_FORCE, SIGNED, SIGNING, UNSIGNED
from catalog.bundle_states import OPEN as OPEN_VERSIONS
from catalog.models import Bundle, BundleConsent, BundleVersion
from catalog.publishing_states import SENT_BACK, SUBMITTED
from marketplace import wording
from marketplace.accounts import access
from marketplace.accounts.access.bundles import OwnBundle
from marketplace.accounts.principal import Principal
from marketplace.inbox.registry import Item, demands_at_work, kind, read_once
from marketplace.inbox.workshop import RENEW_DAYS
from marketplace.wording.particles import settled
from matching.models.demand import OPEN

#: A bundle is new to whom it was made for so many days; our choice, as long as a vendor has to answer an invitation.
NEW_DAYS = 14
#: So many days its coordinator is shown that a version ended unsigned; our choice: who wants to go on has by then.
UNSIGNED_DAYS = 30


@kind("bundle_consent", "bundle.sign")
def to_sign(session: Session, who: Principal, today: date) -> list[Item]:
    """Versions that wait for our signature."""
    items = []
    for own, version in _live(session, who):
        consent = own.consent(version)
        if not _waits(version, today) or consent is None or consent.state != ASKED:
            continue
        late = len(_late(version)) - 1
        items.append(
            Item(
                what=_(
                    "번들 ‘%(name)s’ v%(number)s에 서명해 주세요",
                    name=_called(version),
                    number=version.number,
                ),
                href=f"{_page(own.bundle)}/versions/{version.number}/consent",
                context=ngettext(
                    "우리 말고 %(num)s곳이 더 서명해야 해요.", "우리 말고 %(num)s곳이 더 서명해야 해요.", late
                )
                if late
                else _("우리만 서명하면 모두 서명해요."),
                who=_("우리 회사"),
                due=version.until,
                button=_("읽고 서명하기"),
            )
        )
    return items


@kind("bundle_delay", "bundle.draft")
def delays(session: Session, who: Principal, today: date) -> list[Item]:
    """Versions that we sent: who has not signed, and for how long."""
    items = []
    for own, version in _live(session, who):
        late = [one for one in _late(version) if one.organization_id != own.organization_key]
        if own.runs and _waits(version, today) and late:
            names, days = _named(late), (today - version.sent_on).days
            items.append(
                Item(
                    what=ngettext(
                        "번들 ‘%(name)s’ v%(number)s에 %(num)s곳이 아직 서명하지 않았어요",
                        "번들 ‘%(name)s’ v%(number)s에 %(num)s곳이 아직 서명하지 않았어요",
                        len(late),
                        name=_called(version),
                        number=version.number,
                    ),
                    href=f"{_page(own.bundle)}/versions/{version.number}",
                    context=_("%(names)s · %(days)s일째", names=names, days=days),
                    who=names,
                    due=version.until,
                    button=_("다시 알리기"),
                )
            )
    return items


@kind("bundle_signed", "bundle.publish")
def to_hand_in(session: Session, who: Principal, _today: date) -> list[Item]:
    """Versions that all have signed and nobody has handed in."""
    return [
        Item(
            what=settled(_("번들 ‘%(name)s’을(를) 심사에 내 주세요", name=_called(version))),
            href=f"{_page(own.bundle)}/versions/{version.number}/publication",
            context=_("모두 서명했어요. 심사를 지나면 판매돼요."),
            who=_("우리 회사"),
            due=None,
            button=_("심사 요청"),
        )
        for own, version in _live(session, who)
        if own.runs
        and version.state == SIGNED
        and not version.conflicts
        and own.bundle.listing.state not in (SUBMITTED, SENT_BACK)
    ]


@kind("bundle_finding", "bundle.draft")
def sent_back(session: Session, who: Principal, _today: date) -> list[Item]:
    """Bundles that we run and that a validator wants mended, until another version is put before the vendors."""
    return [
        Item(
            what=settled(_("검증기관이 번들 ‘%(name)s’의 보완을 요청했어요", name=_called(version))),
            href=f"{_page(own.bundle)}/versions/{version.number}",
            context=_("고친 새 판에 다시 서명을 받거나, 고칠 것이 없으면 다시 내 주세요."),
            who=_("우리 회사"),
            due=None,
            button=_("지적 보기"),
        )
        for own, version in _live(session, who)
        if own.runs and version.state == SIGNED and own.bundle.listing.state == SENT_BACK
    ]


@kind("bundle_refused", "bundle.draft")
def unsigned(session: Session, who: Principal, today: date) -> list[Item]:
    """Bundles that we run whose newest version ended of late without all signatures."""
    return [
        Item(
            what=settled(
                _(
                    "번들 ‘%(name)s’ v%(number)s의 서명을 다 받지 못했어요",
                    name=_called(version),
                    number=version.number,
                )
            ),
            href=f"{_page(own.bundle)}/board",
            context=_("거절한 곳: %(names)s", names=_named(denied))
            if (denied := [one for one in version.consents if one.state == DENIED])
            else _("기한 안에 서명하지 않은 곳: %(names)s", names=_named(_late(version))),
            who=_("우리 회사"),
            due=None,
            button=_("새 판 준비"),
        )
        for own, version in _live(session, who)
        if own.runs
        and version.state in UNSIGNED
        and (today - (version.ended_on or today)).days <= UNSIGNED_DAYS
    ]


@kind("bundle_ending", "bundle.draft")
def ending(session: Session, who: Principal, today: date) -> list[Item]:
    """Bundles that we run whose certificate ends soon and of which no new version is under way."""
    renewed = {own.bundle.id for own, version in _live(session, who) if version.state in OPEN_VERSIONS}
    return [
        Item(
            what=_called(version),
            href=f"{_page(own.bundle)}/board",
            context=_("번들의 인증 기간이 끝나가요. 새 판에 서명을 받아 다시 검증받아 주세요."),
            who=_("우리 회사"),
            due=ends,
            button=_("새 판 준비"),
        )
        for own, version, ends in _lines(session, who)
        if own.runs
        and version.state == IN_FORCE
        and own.bundle.id not in renewed
        and ends is not None
        and ends <= today + timedelta(days=RENEW_DAYS)
    ]


@kind("bundle_broken", "bundle.draft")
def broken(session: Session, who: Principal, _today: date) -> list[Item]:
    """Bundles that we run in which parts stand in the way: what is sold and broken, or cannot be published."""
    items = []
    for own, version in _live(session, who):
        is_broken = version.state == IN_FORCE and own.bundle.broken_on is not None
        stuck = version.state in OPEN_VERSIONS and bool(version.conflicts)
        if own.runs and (is_broken or stuck):
            said = (
                _("번들 ‘%(name)s’이(가) 깨졌어요", name=_called(version))
                if is_broken
                else _("번들 ‘%(name)s’을(를) 이대로는 게시할 수 없어요", name=_called(version))
            )
            items.append(
                Item(
                    what=settled(said),
                    href=f"{_page(own.bundle)}/board",
                    context=_("솔루션에 문제가 생긴 기업: %(names)s", names=_culprits(version)),
                    who=_("우리 회사"),
                    due=None,
                    button=_("고치기"),
                )
            )
    return items


@kind("bundle_for_demand", "demand.state")
def for_our_demands(session: Session, who: Principal, today: date) -> list[Item]:
    """Bundles that were made for our open demands and came to be sold of late."""
    titles = {
        demand.public_id: demand.title
        for demand, _ranked in demands_at_work(session, who)
        if demand.state == OPEN
    }
    found = access.sold_for(session, sorted(titles), today - timedelta(days=NEW_DAYS))
    return [
        Item(
            what=settled(
                _(
                    "‘%(demand)s’에 맞춘 번들 ‘%(name)s’이(가) 나왔어요",
                    demand=titles[demand],
                    name=_title(bundle),
                )
            ),
            href=_page(bundle),
            context=wording.own_words(bundle.alliance.name, bundle.alliance.name_en),
            who=_("우리 회사"),
            due=None,
            button=_("번들 보기"),
        )
        for bundle, demand in found
    ]


def _live(session: Session, who: Principal) -> list[tuple[OwnBundle, BundleVersion]]:
    """Versions that wait or are sold."""
    return [(own, version) for own, version, _ends in _lines(session, who)]


def _lines(session: Session, who: Principal) -> list[tuple[OwnBundle, BundleVersion, date | None]]:
    """The same with the last day of the certificate of what is sold, read once a request."""
    return read_once("live_bundles", who, lambda: access.live_versions(session, who))


def _waits(version: BundleVersion, today: date) -> bool:
    return version.state == SIGNING and version.until >= today


def _late(version: BundleVersion) -> list[BundleConsent]:
    return [one for one in version.consents if one.state == ASKED]


def _culprits(version: BundleVersion) -> str:
    """Whose parts the conflicts stand at, in the order of the version; the bundle as a whole if at none."""
    vendors = {one.organization.public_id: one for one in version.consents}
    places = (conflict["pointer"].split("/") for conflict in version.conflicts)
    items = version.content["items"]
    numbers = sorted({int(place[1]) for place in places if place[0] == "items" and len(place) > 1})
    named = [vendors[items[number]["vendor"]] for number in numbers if items[number]["vendor"] in vendors]
    return _named(list(dict.fromkeys(named))) or _("번들 전체")


def _named(consents: Sequence[BundleConsent]) -> str:
    return ", ".join(wording.own_words(one.organization.name, one.organization.name_en) for one in consents)


def _called(version: BundleVersion) -> str:
    texts = version.content["texts"]
    return wording.own_words(texts["title"], texts.get("title_en", ""))


def _title(bundle: Bundle) -> str:
    return wording.own_words(bundle.listing.title, bundle.listing.title_en)


def _page(bundle: Bundle) -> str:
    return f"/bundles/{bundle.public_id}"
