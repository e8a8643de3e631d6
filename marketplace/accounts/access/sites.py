"""Fetching what belongs to sites: all of them in full, the papers that state their level, listings by their name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from catalog.models import Listing, Organization, Release, Site
from marketplace.accounts.access.console import any_like
from marketplace.accounts.access.fetching import Who, is_named, one
from matching.models import LevelCertificate
from matching.models.level_certificate import CONFIRMED, WAITING


def own_sites_in_full(session: Session, who: Who, *, offset: int = 0, limit: int | None = None) -> list[Site]:
    """Sites of the acting organization, oldest first, with terms and systems; three statements in all."""
    rows = select(Site).where(Site.organization_id == who.organization_key).order_by(Site.id)
    full = rows.options(selectinload(Site.terms), selectinload(Site.systems))
    return list(session.scalars(full.offset(offset).limit(limit)))


def count_own_sites(session: Session, who: Who) -> int:
    """How many sites the acting organization has."""
    own = select(func.count(Site.id)).where(Site.organization_id == who.organization_key)
    return session.scalar(own) or 0


def level_certificates_of(session: Session, sites: Iterable[Site]) -> list[LevelCertificate]:
    """The papers of sites that were fetched as the acting organization's own, newest first."""
    rows = select(LevelCertificate).where(LevelCertificate.site_id.in_([site.id for site in sites]))
    return list(session.scalars(rows.options(_with_file()).order_by(LevelCertificate.id.desc())))


def own_level_certificate(
    session: Session, who: Who, site_id: UUID, certificate_id: UUID
) -> LevelCertificate:
    """A paper of that site of the acting organization."""
    own = select(LevelCertificate).join(LevelCertificate.site).where(is_named(Site, site_id))
    mine = own.where(Site.organization_id == who.organization_key)
    return one(session, mine.where(is_named(LevelCertificate, certificate_id)).options(_with_file()))


def own_ending_level_certificates(
    session: Session, who: Who, since: date, until: date
) -> list[LevelCertificate]:
    """Confirmed papers of the acting organization whose last day lies between the two, unless a later one of the same
    site and scale waits or was confirmed; earliest end first."""
    newer = aliased(LevelCertificate)
    replaced = select(newer.id).where(
        newer.site_id == LevelCertificate.site_id,
        newer.scale == LevelCertificate.scale,
        newer.valid_until > LevelCertificate.valid_until,
        newer.state.in_((WAITING, CONFIRMED)),
    )
    rows = select(LevelCertificate).join(LevelCertificate.site)
    ending = rows.where(
        Site.organization_id == who.organization_key,
        LevelCertificate.state == CONFIRMED,
        LevelCertificate.valid_until.between(since, until),
        ~replaced.exists(),
    )
    named = ending.options(joinedload(LevelCertificate.site))
    return list(session.scalars(named.order_by(LevelCertificate.valid_until, LevelCertificate.id)))


@dataclass(frozen=True, slots=True)
class LevelCertificatesAsked:
    """Which papers, for the operator: every condition that is not None must hold."""

    state: str | None = None
    scale: str | None = None
    words: str | None = None


def search_level_certificates(
    session: Session, asked: LevelCertificatesAsked, *, offset: int, limit: int
) -> list[LevelCertificate]:
    """Papers of all companies: those that wait first, oldest first."""
    waits = (LevelCertificate.state != WAITING).asc()
    rows = _asked(select(LevelCertificate), asked).options(*_for_operators())
    ordered = rows.order_by(waits, LevelCertificate.id)
    return list(session.scalars(ordered.offset(offset).limit(limit)))


def count_level_certificates(session: Session, asked: LevelCertificatesAsked) -> int:
    """How many `search_level_certificates` has in all."""
    return session.scalar(_asked(select(func.count(LevelCertificate.id)), asked)) or 0


def any_level_certificate(session: Session, certificate_id: UUID) -> LevelCertificate:
    """Any paper, with its site and company, for routes that only the operator has."""
    row = select(LevelCertificate).where(is_named(LevelCertificate, certificate_id))
    return one(session, row.options(*_for_operators()))


class Offered(NamedTuple):
    """A listing by its public name."""

    id: str
    title: str
    vendor: str

    @property
    def called(self) -> str:
        """How a form names it."""
        return f"{self.title} · {self.vendor}"


def listings_called(session: Session, words: str) -> list[Offered]:
    """Public listings with exactly that name, or that "name · vendor", in either language, whatever the case."""
    title, _dot, vendor = words.rpartition(" · ")
    found = _offered(session, _is(words), 10)
    if not found and title:
        by_vendor = or_(*(func.lower(name) == vendor.strip().lower() for name in _VENDOR_NAMES))
        found = _offered(session, _is(title.strip()) & by_vendor, 10)
    return found


def listings_like(session: Session, words: str) -> list[Offered]:
    """At most three public listings whose name holds the words."""
    return _offered(session, any_like([_TITLE, _TITLE_EN], words), 3)


def listings_in_use(session: Session, sites: Iterable[Site]) -> dict[str, Offered]:
    """By public id, the listings that systems of those sites name: as they were last released, public or not."""
    named = {system.listing_id for site in sites for system in site.systems if system.listing_id}
    if not named:
        return {}
    every = aliased(Release)
    newest = select(func.max(every.number)).where(every.listing_id == Listing.id).scalar_subquery()
    rows = select(Listing.public_id, _TITLE, Organization.name).join(
        Release, Release.listing_id == Listing.id
    )
    rows = rows.join(Organization, Organization.id == Listing.organization_id).where(Release.number == newest)
    found = session.execute(rows.where(Listing.public_id.in_(named)))
    return {row[0]: Offered(row[0], row[1], row[2]) for row in found}


#: What the public reads, not the working copy.
_TITLE, _TITLE_EN = Release.content["title"].as_string(), Release.content["title_en"].as_string()
_VENDOR_NAMES = (Organization.name, Organization.name_en)


def _is(words: str) -> ColumnElement[bool]:
    plain = words.strip().lower()
    return or_(func.lower(_TITLE) == plain, func.lower(_TITLE_EN) == plain)


def _offered(session: Session, condition: ColumnElement[bool], most: int) -> list[Offered]:
    rows = (
        select(Listing.public_id, _TITLE, Organization.name)
        .join(Release, (Release.listing_id == Listing.id) & (Release.number == Listing.live_release))
        .join(Organization, Organization.id == Listing.organization_id)
        .where(condition)
    )
    return [Offered(row[0], row[1], row[2]) for row in session.execute(rows.order_by(Listing.id).limit(most))]


def _asked(statement: Select[Any], asked: LevelCertificatesAsked) -> Select[Any]:
    if asked.state is not None:
        statement = statement.where(LevelCertificate.state == asked.state)
    if asked.scale is not None:
        statement = statement.where(LevelCertificate.scale == asked.scale)
    if asked.words:
        statement = statement.join(Site, Site.id == LevelCertificate.site_id)
        statement = statement.join(Organization, Organization.id == Site.organization_id)
        named = (Organization.name, Organization.name_en, Organization.registration_number, Site.name)
        papers = (LevelCertificate.number, LevelCertificate.body)
        statement = statement.where(any_like([*named, *papers], asked.words))
    return statement


def _with_file() -> ORMOption:
    return joinedload(LevelCertificate.file)


def _for_operators() -> tuple[ORMOption, ORMOption]:
    owner = joinedload(LevelCertificate.site).joinedload(Site.organization).lazyload(Organization.roles)
    return owner, _with_file()
