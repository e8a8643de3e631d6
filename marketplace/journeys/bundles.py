"""What happens between the vendors of a bundle, and who hears of it; what time and the parts do to it by themselves."""

from collections.abc import Iterable
from datetime import date, datetime

from flask import Flask
from sqlalchemy.orm import Session

from catalog.alliances.charters import Signature
from catalog.bundle_states import ASKED, IN_FORCE
from catalog.bundles import publishing, reopening, signing
from catalog.bundles.reopening import News
from catalog.models import Alliance, Bundle, BundleVersion, Organization, Review
from catalog.models.review import APPROVED
from marketplace import audit, extensions, notices, tasks


def init_app(app: Flask) -> None:
    """Let the worker remind, end what was not signed in time, and look at bundles whose parts changed."""

    def tick(_now: datetime) -> None:
        expire_due(app)
        remind_due(app)
        look_at_due(app)

    tasks.every_tick(app, tick)


def expire_due(app: Flask) -> None:
    """Versions whose time to sign is over have expired; the coordinator hears of it."""
    store, today = extensions.database(app), extensions.today()
    with store.session(reading=True) as reading:
        over = [version.id for version in signing.due(reading, today)]
    for key in over:
        with app.app_context(), store.session() as session, session.begin():
            version = session.get_one(BundleVersion, key)
            if signing.expire(session, version, today):
                audit.record(session, "bundle.expire", version, number=version.number)
                _tell(session, "bundle.expired", version, [version.bundle.alliance.coordinator])


def remind_due(app: Flask) -> None:
    """Vendors that have not answered are reminded by themselves, shortly before the time to sign is over."""
    store, today = extensions.database(app), extensions.today()
    with store.session(reading=True) as reading:
        soon = [version.id for version in signing.ending(reading, today)]
    for key in soon:
        with app.app_context(), store.session() as session, session.begin():
            version = session.get_one(BundleVersion, key)
            signing.lock(session, version.bundle)
            if signing.is_ending(version, today):
                count = remind(session, version, today)
                audit.record(session, "bundle.remind", version, number=version.number, count=count)


def look_at_due(app: Flask) -> None:
    """Bundles that were not looked at today, or of which a part changed, are held against the store again."""
    store, now = extensions.database(app), extensions.now()
    with store.session(reading=True) as reading:
        due = reopening.due(reading, extensions.today())
    for key in due:
        with app.app_context(), store.session() as session, session.begin():
            look(session, session.get_one(Bundle, key), now)


def look(session: Session, bundle: Bundle, now: datetime) -> tuple[News, ...]:
    """Hold a bundle against the store; of each new conflict the coordinator hears once."""
    found = reopening.look(session, bundle, now)
    for news in found:
        _report(session, news, now)
    return found


def send(
    session: Session, bundle: Bundle, today: date, *, days: int, expected: int | None = None
) -> BundleVersion:
    """Put the working copy before its vendors; those who are asked hear of it, and those who are not in it any more.

    Raises:
        Conflict, Invalid: as `publishing.send` says.
    """
    waited = bundle.open_version
    version = publishing.send(session, bundle, today, days=days, expected=expected)
    session.flush()  # the notices name it
    if waited is not None:
        _tell_taken_back(session, waited, apart=version)
    asked = [consent.organization for consent in version.consents if consent.state == ASKED]
    _tell(session, "bundle.asked", version, asked, link=consent_page(version))
    _tell_signed(session, version)
    return version


def sign(  # one act: of what, by whom, when
    session: Session,
    version: BundleVersion,
    vendor: Organization,
    signer: Signature,
    today: date,
    *,
    sha256: str,
    part_sha256: str,
) -> bool:
    """Agree to exactly what was shown; once all have, the coordinator hears of it. Returns whether it was the last.

    Raises:
        Conflict, Invalid, NotFound: as `signing.sign` says.
    """
    last = signing.sign(session, version, vendor, signer, today, sha256=sha256, part_sha256=part_sha256)
    if last:
        _tell_signed(session, version)
    return last


def deny(  # one act: of what, by whom, when
    session: Session,
    version: BundleVersion,
    vendor: Organization,
    signer: Signature,
    today: date,
    *,
    reason: str,
) -> None:
    """Do not agree; the version is over, and the coordinator and the other vendors hear of it.

    Raises:
        Conflict, Invalid, NotFound: as `signing.deny` says.
    """
    signing.deny(session, version, vendor, signer, today, reason=reason)
    others = [consent.organization for consent in version.consents if consent.organization_id != vendor.id]
    _tell(session, "bundle.refused", version, [version.bundle.alliance.coordinator, *others], by=vendor.name)


def take_back(session: Session, version: BundleVersion, today: date) -> None:
    """Take back what is not sold yet; the vendors that were asked or have signed hear of it.

    Raises:
        Conflict: as `signing.take_back` says.
    """
    signing.take_back(session, version, today)
    _tell_taken_back(session, version)


def remind(session: Session, version: BundleVersion, today: date) -> int:
    """Remind those who have not answered; how many.

    Raises:
        Conflict: as `signing.remind` says.
    """
    late = [consent.organization for consent in signing.remind(session, version, today)]
    _tell(session, "bundle.reminded", version, late, link=consent_page(version), once=today.isoformat())
    return len(late)


def tell_decided(session: Session, bundle: Bundle, review: Review) -> None:
    """The desk has decided: the coordinator and the vendors hear that it is sold, or that something is to be mended."""
    sold, waits = bundle.in_force, bundle.open_version
    if review.state == APPROVED and sold is not None:
        _tell(session, "bundle.published", sold, _around(sold), link=public_page(bundle))
    elif waits is not None:
        # The same version may be sent back again: each round is an occasion of its own.
        _tell(session, "bundle.sent_back", waits, _around(waits), once=review.public_id)


def withdraw(session: Session, bundle: Bundle, today: date) -> BundleVersion:
    """Take a bundle out of the store; its vendors hear of it, and those of a version that waited.

    Raises:
        Conflict: as `publishing.withdraw` says.
    """
    waited = bundle.open_version
    sold = publishing.withdraw(session, bundle, today)
    _tell(session, "bundle.withdrawn", sold, _around(sold))
    if waited is not None:
        _tell_taken_back(session, waited, apart=sold)
    return sold


def end_all(session: Session, alliance: Alliance, today: date) -> None:
    """An alliance is dissolved: what it sold leaves the store, and the vendors hear of it.

    Raises:
        Conflict: as `publishing.end_all` says.
    """
    for bundle in publishing.end_all(session, alliance, today):
        audit.record(session, "bundle.withdraw", bundle)
        _tell(session, "bundle.withdrawn", bundle.versions[-1], _around(bundle.versions[-1]))


def board_page(bundle: Bundle) -> str:
    """Where its coordinator puts it together."""
    return f"/bundles/{bundle.public_id}/board"


def public_page(bundle: Bundle) -> str:
    """Where everybody sees what is sold."""
    return f"/bundles/{bundle.public_id}"


def version_page(version: BundleVersion) -> str:
    """Where its coordinator and the vendors in it read a version."""
    return f"/bundles/{version.bundle.public_id}/versions/{version.number}"


def consent_page(version: BundleVersion) -> str:
    """Where a vendor reads what it signs, and signs it."""
    return f"{version_page(version)}/consent"


def _report(session: Session, news: News, now: datetime) -> None:
    version, runs = news.version, [news.version.bundle.alliance.coordinator]
    if news.broke or news.mended:
        audit.record(session, "bundle.break" if news.broke else "bundle.mended", version.bundle)
    if news.findings:
        event = "bundle.broken" if news.broke else "bundle.conflict"
        audit.record(
            session, "bundle.look", version, number=version.number,
            findings=[finding.code for finding in news.findings],
        )  # fmt: skip
        link = board_page(version.bundle) if version.state == IN_FORCE else version_page(version)
        _tell(session, event, version, runs, link=link, once=now.isoformat(), count=len(news.findings))


def _around(version: BundleVersion) -> list[Organization]:
    """The coordinator and the vendors of a version, each once."""
    found = {version.bundle.alliance.coordinator_id: version.bundle.alliance.coordinator}
    found |= {consent.organization_id: consent.organization for consent in version.consents}
    return list(found.values())


def _tell_signed(session: Session, version: BundleVersion) -> None:
    if version.signed_on is not None:
        _tell(session, "bundle.signed", version, [version.bundle.alliance.coordinator])


def _tell_taken_back(session: Session, version: BundleVersion, *, apart: BundleVersion | None = None) -> None:
    """Those of a version that is over; `apart`: another version whose vendors hear of that one already."""
    told = set() if apart is None else {consent.organization_id for consent in apart.consents}
    out = [each.organization for each in version.consents if each.organization_id not in told]
    _tell(session, "bundle.taken_back", version, out)


def _tell(
    session: Session,
    event: str,
    version: BundleVersion,
    receivers: Iterable[Organization],
    *,
    link: str | None = None,
    once: str = "",
    **params: str | int,
) -> None:
    """Tell organizations about a version; `once`: what makes the occasion one of several of the same event."""
    texts = version.content["texts"]
    called = {"title": texts["title"], "title_en": texts.get("title_en") or texts["title"]}
    for receiver in receivers:
        notices.tell(
            session,
            event,
            key=":".join(filter(None, (version.public_id, once))),
            link=link or version_page(version),
            about=version,
            organization=receiver,
            params={**called, "number": version.number, **params},
        )
