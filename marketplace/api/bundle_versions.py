"""Operations of a bundle's versions: send, read, sign, deny, remind, take back, publish, withdraw."""

from typing import Any
from uuid import UUID

from flask_login import current_user

from catalog.bundles import publishing
from marketplace import audit
from marketplace.accounts import access
from marketplace.accounts.access import OwnBundle
from marketplace.api import bundle_answers as answers
from marketplace.api.alliance_answers import signature
from marketplace.api.lists import PageQuery, listing_of, page, part
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db, now, today
from marketplace.journeys import bundles as acts
from marketplace.schemas import bundles as schemas

bp = ApiBlueprint("bundle_versions", __name__, "Versions of bundles, as every vendor in them signs them")

SENT: dict[str, Any] = {"draft_number": 1, "days": 14}
SIGNED: dict[str, Any] = {"sha256": "0" * 64, "part_sha256": "0" * 64}
DENIED: dict[str, Any] = {"reason": "우리 몫이 목록가보다 너무 낮습니다."}


@operation(
    bp,
    "POST",
    "/bundles/<uuid:bundle_id>/versions",
    permission="bundle.draft",
    summary="Put a bundle's working copy before its vendors",
    body=schemas.BundleSendIn,
    answer=schemas.BundleVersionOut,
    status=201,
    conflicts=True,
    example=SENT,
)
def send_bundle(body: dict[str, Any], bundle_id: UUID) -> dict[str, Any]:
    """The coordinator alone; a version that still waited is taken back. Consents to what is sold stay if they can."""
    own = access.run_bundle(db, current_user, bundle_id)
    row = acts.send(db, own.bundle, today(), days=body["days"], expected=body["draft_number"])
    audit.record(db, "bundle.send", row, number=row.number, sha256=row.sha256)
    return answers.version(own, row)


@operation(
    bp,
    "GET",
    "/bundles/<uuid:bundle_id>/versions",
    permission="bundle.work",
    summary="Versions of a bundle",
    query=PageQuery,
    answer=listing_of(schemas.BundleVersionOut, "BundleVersionList"),
)
def list_bundle_versions(query: dict[str, Any], bundle_id: UUID) -> dict[str, Any]:
    """The newest first: all for the coordinator, those that it was asked to sign for a vendor."""
    own = access.own_bundle(db, current_user, bundle_id)
    rows = own.versions
    return page([answers.version(own, row) for row in part(rows, query)], len(rows), query)


@operation(
    bp,
    "GET",
    "/bundles/<uuid:bundle_id>/versions/<int:number>",
    permission="bundle.work",
    summary="One version of a bundle",
    answer=schemas.BundleVersionOut,
)
def get_bundle_version(bundle_id: UUID, number: int) -> dict[str, Any]:
    """With what it changes against the one before it and against the one that is sold."""
    own = access.own_bundle(db, current_user, bundle_id)
    return answers.version(own, access.own_version(own, number))


@operation(
    bp,
    "GET",
    "/bundles/<uuid:bundle_id>/remarks",
    permission="bundle.work",
    summary="What the review desk asked to be mended in a bundle",
    answer=schemas.BundleRemarksOut,
)
def get_bundle_remarks(bundle_id: UUID) -> dict[str, Any]:
    """Of the last round, until the bundle is handed in again; `number` is null where nothing is asked for."""
    own = access.own_bundle(db, current_user, bundle_id)
    return answers.remarks(access.remarks_on(db, own.bundle))


@operation(
    bp,
    "POST",
    "/bundles/<uuid:bundle_id>/versions/<int:number>/signature",
    permission="bundle.sign",
    summary="Sign a version of a bundle",
    body=schemas.BundleSignatureIn,
    answer=schemas.BundleVersionOut,
    conflicts=True,
    example=SIGNED,
)
def sign_bundle(body: dict[str, Any], bundle_id: UUID, number: int) -> dict[str, Any]:
    """Exactly the version and the own part of those hashes. Needs a person with signing right."""
    own = access.own_bundle(db, current_user, bundle_id)
    row = access.own_version(own, number)
    vendor = access.own_consent(own, row).organization
    acts.sign(db, row, vendor, signature(), today(), **body)
    audit.record(db, "bundle.sign", row, number=row.number, **body)
    return answers.version(own, row)


@operation(
    bp,
    "POST",
    "/bundles/<uuid:bundle_id>/versions/<int:number>/refusal",
    permission="bundle.sign",
    summary="Do not sign a version of a bundle",
    body=schemas.BundleRefusalIn,
    answer=schemas.BundleVersionOut,
    conflicts=True,
    example=DENIED,
)
def deny_bundle(body: dict[str, Any], bundle_id: UUID, number: int) -> dict[str, Any]:
    """The version is over; the coordinator reads why. What is sold is sold on."""
    own = access.own_bundle(db, current_user, bundle_id)
    row = access.own_version(own, number)
    vendor = access.own_consent(own, row).organization
    acts.deny(db, row, vendor, signature(), today(), reason=body["reason"])
    audit.record(db, "bundle.deny", row, number=row.number)
    return answers.version(own, row)


@operation(
    bp,
    "POST",
    "/bundles/<uuid:bundle_id>/versions/<int:number>/reminders",
    permission="bundle.draft",
    summary="Remind vendors who have not signed a version",
    answer=schemas.BundleVersionOut,
    conflicts=True,
)
def remind_bundle(bundle_id: UUID, number: int) -> dict[str, Any]:
    """The coordinator alone, once a day."""
    own, row = _run(bundle_id, number)
    count = acts.remind(db, row, today())
    audit.record(db, "bundle.remind", row, number=row.number, count=count)
    return answers.version(own, row)


@operation(
    bp,
    "POST",
    "/bundles/<uuid:bundle_id>/versions/<int:number>/withdrawal",
    permission="bundle.draft",
    summary="Take a version back that is not sold yet",
    answer=schemas.BundleVersionOut,
    conflicts=True,
)
def take_back_bundle(bundle_id: UUID, number: int) -> dict[str, Any]:
    """The coordinator alone, until a validator judges it; its signatures are void."""
    own, row = _run(bundle_id, number)
    acts.take_back(db, row, today())
    audit.record(db, "bundle.take_back", row, number=row.number)
    return answers.version(own, row)


@operation(
    bp,
    "POST",
    "/bundles/<uuid:bundle_id>/versions/<int:number>/publication",
    permission="bundle.publish",
    summary="Hand a version that all have signed to the review desk",
    answer=schemas.BundleVersionOut,
    conflicts=True,
)
def publish_bundle(bundle_id: UUID, number: int) -> dict[str, Any]:
    """Hash, consents and parts are looked at again; it is sold once it is approved."""
    own, row = _run(bundle_id, number)
    publishing.publish(db, row, now())
    audit.record(db, "bundle.publish", row, number=row.number, sha256=row.sha256)
    return answers.version(own, row)


@operation(
    bp,
    "POST",
    "/bundles/<uuid:bundle_id>/withdrawal",
    permission="bundle.end",
    summary="Take a bundle out of the store",
    answer=schemas.BundleOut,
    conflicts=True,
)
def withdraw_bundle(bundle_id: UUID) -> dict[str, Any]:
    """The coordinator's signer alone; what was promised to those who bought it stays."""
    own = access.run_bundle(db, current_user, bundle_id)
    acts.withdraw(db, own.bundle, today())
    audit.record(db, "bundle.withdraw", own.bundle)
    return answers.bundle(own)


def _run(bundle_id: UUID, number: int) -> tuple[OwnBundle, Any]:
    own = access.run_bundle(db, current_user, bundle_id)
    return own, access.own_version(own, number)
