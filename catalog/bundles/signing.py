"""Put a version before its vendors, sign exactly that version, carry over what did not change.

Every act holds the bundle's row until the commit and reads its versions afresh: of two signatures at once the second
finds the first. A version is signed by its hash: whoever altered anything has made another one.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from catalog import publishing
from catalog.alliances import standing
from catalog.alliances.charters import Signature
from catalog.bundle_states import (
    ASKED,
    CARRIED,
    DENIED,
    GIVEN,
    IN_FORCE,
    OPEN,
    SIGNED,
    SIGNING,
    VERSION_TRANSITIONS,
)
from catalog.bundles import checks, duties, parts
from catalog.bundles import form as forms
from catalog.bundles.facts import Facts
from catalog.bundles.form import Form
from catalog.canonical import fingerprint
from catalog.errors import Conflict, Invalid, NotFound, Problem
from catalog.models import Bundle, BundleConsent, BundlePart, BundleVersion, Listing, Organization
from catalog.publishing_states import EDITABLE, SUBMITTED

#: Days in which a version has to be signed by all: the least, the usual and the most that can be given.
MIN_DAYS, USUAL_DAYS, MAX_DAYS = 1, 14, 60
#: Vendors who delay are reminded at most so often.
DAYS_BETWEEN_REMINDERS = 1
#: They are reminded by themselves so many days before the last one; our choice: time to ask inside, and the last call.
REMINDED_BEFORE = (3, 1)


def send(session: Session, bundle: Bundle, facts: Facts, *, days: int = USUAL_DAYS) -> BundleVersion:
    """Freeze the working copy into the next version and ask every vendor in it; one that waited is taken back.

    A vendor whose part is what it signed in the version that is sold is not asked: its consent is carried over.

    Raises:
        Conflict: the alliance is not active, a conflict of `checks` is open (`bundle.conflicts`, with how many), or
            exactly this is what waits already (`bundle.waits`): sent again, it would lose its signatures.
        Invalid: what is wrong with the working copy, each at its field.
    """
    lock(session, bundle)
    form = _frozen(bundle, facts, days)
    same = waits_alike(bundle, form, facts.today)
    if same is not None:
        raise Conflict("bundle.waits", number=same.number)
    _take_back_open(session, bundle, facts.today)
    session.flush()  # the unique index on open versions: the earlier one must be gone first
    content = forms.canonical(form)
    version = BundleVersion(
        number=form.number,
        content=content,
        sha256=fingerprint(content),
        state=SIGNING,
        sent_on=facts.today,
        until=facts.today + timedelta(days),
        parts=_parts(session, form),
    )
    bundle.versions.append(version)
    _ask(session, bundle, version, form)
    _settle(version, facts.today)
    return version


def waits_alike(bundle: Bundle, form: Form, today: date) -> BundleVersion | None:
    """The version that waits for signatures or the desk and is, in every word, what a form would be as a version."""
    waiting, charter = bundle.open_version, bundle.alliance.charter
    if waiting is None or charter is None or (waiting.state == SIGNING and waiting.until < today):
        return None
    made = replace(
        form, number=waiting.number, charter_hash=charter.sha256, lead=str(charter.content["lead"])
    )
    return waiting if forms.plain(made) == forms.plain(forms.read(waiting.content)) else None


def _frozen(bundle: Bundle, facts: Facts, days: int) -> Form:
    standing.require_alive(bundle.alliance, ("active",))
    charter = bundle.alliance.charter
    if charter is None:
        raise Conflict("alliance.forming")
    number = 1 + max((version.number for version in bundle.versions), default=0)
    form = replace(
        forms.read(bundle.draft),
        number=number,
        charter_hash=charter.sha256,
        lead=str(charter.content["lead"]),
    )
    problems = [*forms.problems(form), *duties.problems(form)]
    if not MIN_DAYS <= days <= MAX_DAYS:
        problems.append(Problem("days", "range", {"min": MIN_DAYS, "max": MAX_DAYS}))
    if problems:
        raise Invalid(problems)
    open_conflicts = checks.obstacles(form, facts)
    if open_conflicts:
        raise Conflict("bundle.conflicts", count=len(open_conflicts))
    return form


def _ask(session: Session, bundle: Bundle, version: BundleVersion, form: Form) -> None:
    signed = _consents_in_force(bundle)
    vendors = session.scalars(
        select(Organization).where(Organization.public_id.in_([rule.vendor for rule in form.rules]))
    ).all()
    for vendor in sorted(vendors, key=lambda each: each.public_id):
        part = parts.digest(form, vendor.public_id)
        consent = BundleConsent(organization=vendor, part_sha256=part, state=ASKED)
        before = signed.get(vendor.id)
        if before is not None and before.part_sha256 == part:
            consent.state, consent.at = CARRIED, before.at
            consent.signed_by, consent.signed_email = before.signed_by, before.signed_email
            consent.signed_sha256 = before.signed_sha256
            consent.carried_from = before.carried_from or before.version.number
        version.consents.append(consent)


def _parts(session: Session, form: Form) -> list[BundlePart]:
    named = select(Listing.id).where(Listing.public_id.in_([item.listing for item in form.items]))
    return [BundlePart(listing_id=key) for key in session.scalars(named.order_by(Listing.id))]


def _consents_in_force(bundle: Bundle) -> Mapping[int, BundleConsent]:
    sold = bundle.in_force
    return {} if sold is None else {each.organization_id: each for each in sold.consents}


def sign(
    session: Session,
    version: BundleVersion,
    vendor: Organization,
    signer: Signature,
    today: date,
    *,
    sha256: str,
    part_sha256: str,
) -> bool:
    """A vendor agrees to exactly the version and the part that it read; whether that was the last one.

    Harmless if repeated.

    Raises:
        NotFound: it is no vendor of the version. Conflict: the version is not signed (any more), is over, or the vendor
            has answered otherwise. Invalid: another hash (`bundle_other`).
    """
    consent = _asked(session, version, vendor, today)
    for name, shown, true in (
        ("sha256", sha256, version.sha256),
        ("part_sha256", part_sha256, consent.part_sha256),
    ):
        if shown != true:
            raise Invalid.at(name, "bundle_other")
    if consent.state in (GIVEN, CARRIED):
        return version.state == SIGNED
    consent.state, consent.at = GIVEN, signer.at
    consent.signed_by, consent.signed_email = signer.name, signer.email
    consent.signed_sha256 = version.sha256
    return _settle(version, today)


def deny(
    session: Session,
    version: BundleVersion,
    vendor: Organization,
    signer: Signature,
    today: date,
    *,
    reason: str,
) -> None:
    """A vendor does not agree: the version ends, and the one that is sold goes on being sold.

    Raises:
        NotFound, Conflict: as for `sign`; Conflict also when the vendor has signed. Invalid: no reason.
    """
    if not reason.strip():
        raise Invalid.at("reason", "required")
    consent = _asked(session, version, vendor, today)
    if consent.state != ASKED:
        raise Conflict("bundle.answered")
    consent.state, consent.at, consent.reason = DENIED, signer.at, reason
    consent.signed_by, consent.signed_email = signer.name, signer.email
    move(version, "refuse", today)


def take_back(session: Session, version: BundleVersion, today: date) -> None:
    """The coordinator takes a version back that is not published, from the review desk as well.

    Raises:
        Conflict: it is not open (any more), or a validator judges it.
    """
    lock(session, version.bundle)
    if version.state in OPEN:
        _recall(session, version.bundle)  # first: whoever judges it keeps it
    move(version, "take_back", today)


def note_opening(session: Session, consent_key: int, now: datetime) -> None:
    """Note that somebody of the vendor has opened what it is asked to sign; the first time counts, and only once asked.

    The caller commits: the page itself only reads.
    """
    unopened = (BundleConsent.opened_at.is_(None)) & (BundleConsent.state == ASKED)
    noted = update(BundleConsent).where(BundleConsent.id == consent_key, unopened)
    session.execute(noted.values(opened_at=now))


def remind(session: Session, version: BundleVersion, today: date) -> list[BundleConsent]:
    """Note that those who have not answered are reminded today; answers them.

    Raises:
        Conflict: nobody is asked (any more), or they were reminded less than a day ago.
    """
    lock(session, version.bundle)
    _require_signing(version, today)
    if version.reminded_on is not None and (today - version.reminded_on).days < DAYS_BETWEEN_REMINDERS:
        raise Conflict("bundle.reminded")
    version.reminded_on = today
    waiting = [consent for consent in version.consents if consent.state == ASKED]
    for consent in waiting:
        consent.reminders += 1
    return waiting


def ending(session: Session, today: date) -> list[BundleVersion]:
    """Versions of which `is_ending` may be true."""
    last = today + timedelta(max(REMINDED_BEFORE))
    soon = (BundleVersion.state == SIGNING) & BundleVersion.until.between(today, last)
    rows = session.scalars(select(BundleVersion).where(soon).order_by(BundleVersion.id))
    return [version for version in rows if is_ending(version, today)]


def is_ending(version: BundleVersion, today: date) -> bool:
    """Whether its vendors are to be reminded by themselves: its end is near, and they heard of it before that alone."""
    heard = version.reminded_on or version.sent_on
    near = [version.until - timedelta(days) for days in REMINDED_BEFORE]
    return version.state == SIGNING and today <= version.until and any(heard < day <= today for day in near)


def due(session: Session, today: date) -> list[BundleVersion]:
    """Versions whose time is over and that are still noted as waiting for signatures."""
    over = (BundleVersion.state == SIGNING) & (BundleVersion.until < today)
    return list(session.scalars(select(BundleVersion).where(over).order_by(BundleVersion.id)))


def expire(session: Session, version: BundleVersion, today: date) -> bool:
    """End a version whose time is over; whether it was."""
    lock(session, version.bundle)
    if version.state != SIGNING or version.until >= today:
        return False
    move(version, "expire", today)
    return True


def lock(session: Session, bundle: Bundle) -> None:
    """Hold the bundle's row until the commit and read its versions and consents afresh."""
    session.flush()  # a refresh would throw away what this transaction has changed so far
    session.refresh(bundle, attribute_names=["draft", "draft_number"], with_for_update=True)
    for version in bundle.versions:
        for consent in version.consents:
            session.expire(consent)
        session.expire(version)
    session.expire(bundle, ["versions"])


def _asked(session: Session, version: BundleVersion, vendor: Organization, today: date) -> BundleConsent:
    lock(session, version.bundle)
    consent = next((each for each in version.consents if each.organization_id == vendor.id), None)
    if consent is None:
        raise NotFound
    if version.state != SIGNED or consent.state not in (GIVEN, CARRIED):
        _require_signing(version, today)
    return consent


def _require_signing(version: BundleVersion, today: date) -> None:
    if version.state != SIGNING:
        raise Conflict(f"bundle.{version.state}")
    if version.until < today:
        raise Conflict("bundle.expired")


def _settle(version: BundleVersion, today: date) -> bool:
    """Note that all have agreed, if they have; whether they have."""
    if any(consent.state not in (GIVEN, CARRIED) for consent in version.consents):
        return False
    version.state, version.signed_on = VERSION_TRANSITIONS[version.state, "complete"], today
    return True


def _take_back_open(session: Session, bundle: Bundle, today: date) -> None:
    for version in bundle.versions:
        if version.state in OPEN:
            _recall(session, bundle)
            move(version, "take_back", today)


def _recall(session: Session, bundle: Bundle) -> None:
    """What was handed in of the version goes back; what is public of the bundle stays."""
    listing = bundle.listing
    if listing.state == SUBMITTED:
        publishing.recall(session, listing, of_bundle=True)
    if listing.state in EDITABLE and listing.live_release is not None:
        publishing.drop(session, listing)


def move(version: BundleVersion, act: str, today: date) -> None:
    """Bring a version into its next state. Raises Conflict: from where it stands there is no such act."""
    target = VERSION_TRANSITIONS.get((version.state, act))
    if target is None:
        raise Conflict(f"bundle.{version.state}")
    version.state = target
    if target == IN_FORCE:
        version.in_force_on = today
    else:
        version.ended_on = today
