"""The one table of who may do what. A route without a line here fails a test.

A permission names an act; the table says which of the acting organization's roles allow it, and a second, short one
which acts ask for a right of the person in it besides. Which *rows* a person may touch is a different question,
answered by `accounts/access`.
"""

from collections.abc import Mapping

from catalog.models.organization import MANUFACTURER, OPERATOR, VALIDATOR, VENDOR

#: Everybody, signed in or not · anybody who is signed in, with or without an organization · any organization.
PUBLIC, SIGNED_IN, MEMBER = "public", "signed_in", "member"

PERMISSIONS: Mapping[str, frozenset[str]] = {
    act: frozenset(roles)
    for act, roles in {
        # the store, open to all
        "catalogue.read": {PUBLIC},
        "taxonomy.read": {PUBLIC},
        "site.frame": {PUBLIC},
        "health.read": {PUBLIC},
        "report.make": {PUBLIC},
        "share.read": {PUBLIC},
        "account.sign_up": {PUBLIC},
        "account.sign_in": {PUBLIC},
        "notices.unsubscribe": {PUBLIC},
        # people and their organizations
        "account.manage": {SIGNED_IN},
        "inbox.read": {SIGNED_IN},
        "notices.read": {SIGNED_IN},
        "notices.choose": {SIGNED_IN},
        "account.prove": {PUBLIC},
        "account.reset": {PUBLIC},
        "invitation.read": {PUBLIC},
        "invitation.accept": {SIGNED_IN},
        "organization.register": {SIGNED_IN},
        "organization.join": {SIGNED_IN},
        "token.manage": {SIGNED_IN},
        "organization.tokens": {MEMBER},
        "hook.manage": {MEMBER},
        "organization.read_own": {MEMBER},
        "organization.describe": {MEMBER},
        "people.read": {MEMBER},
        "people.manage": {MEMBER},
        "organization.leave": {MEMBER},
        "organization.ask_again": {MEMBER},
        "report.read_own": {SIGNED_IN},
        "support.end": {SIGNED_IN},
        "competitor.declare": {VENDOR, VALIDATOR},
        "file.read": {VENDOR, VALIDATOR},
        "account.data": {SIGNED_IN},
        "account.delete": {SIGNED_IN},
        "organization.data": {MEMBER},
        "organization.ask_deletion": {MEMBER},
        # vendors
        "listing.read_own": {VENDOR},
        "listing.draft": {VENDOR},
        "listing.submit": {VENDOR},
        "listing.withdraw": {VENDOR},
        "board.read": {VENDOR},
        "lead.read": {VENDOR},
        "lead.answer": {VENDOR},
        "capacity.state": {VENDOR},
        # alliances: which of them somebody may act in is asked of the rows
        "alliance.read": {PUBLIC},
        "alliance.work": {VENDOR},
        "alliance.draft": {VENDOR},
        "alliance.ask": {VENDOR},
        "alliance.sign": {VENDOR},
        "alliance.end": {VENDOR},
        "alliance.send": {MANUFACTURER},
        "bundle.compose": {VENDOR},
        # bundles: which of them somebody may act in is asked of the rows
        "bundle.read": {PUBLIC},
        "bundle.work": {VENDOR},
        "bundle.draft": {VENDOR},
        "bundle.sign": {VENDOR},
        "bundle.publish": {VENDOR},
        "bundle.end": {VENDOR},
        # validators
        "review.read": {VALIDATOR},
        "review.judge": {VALIDATOR},
        # manufacturers
        "site.read": {MANUFACTURER},
        "site.describe": {MANUFACTURER},
        "site.certify": {MANUFACTURER},
        "self_check.read": {MANUFACTURER},
        "self_check.answer": {MANUFACTURER},
        "demand.read": {MANUFACTURER},
        "demand.state": {MANUFACTURER},
        "demand.match": {MANUFACTURER},
        "demand.share": {MANUFACTURER},
        "demand.shortlist": {MANUFACTURER},
        "contact.answer": {MANUFACTURER},
        "search.save": {MEMBER},
        "link.read": {MANUFACTURER},
        "link.declare": {MANUFACTURER},
        "chain.open": {MANUFACTURER},
        "chain.read": {MANUFACTURER, VENDOR},
        # the operator
        "console.read": {OPERATOR},
        "user.list": {OPERATOR},
        "user.suspend": {OPERATOR},
        "listing.oversee": {OPERATOR},
        "listing.suspend": {OPERATOR},
        "report.read": {OPERATOR},
        "report.decide": {OPERATOR},
        "audit.search": {OPERATOR},
        "audit.verify": {OPERATOR},
        "support.open": {OPERATOR},
        "organization.list": {OPERATOR},
        "organization.confirm": {OPERATOR},
        "organization.refuse": {OPERATOR},
        "organization.appoint": {OPERATOR},
        "deletion.read": {OPERATOR},
        "deletion.answer": {OPERATOR},
        "level_certificate.read": {OPERATOR},
        "level_certificate.decide": {OPERATOR},
        "weights.draft": {OPERATOR},
        "weights.publish": {OPERATOR},
        "programme.draft": {OPERATOR},
        "programme.publish": {OPERATOR},
        "interop.read": {OPERATOR},
        "interop.note": {OPERATOR},
        "outbox.read": {OPERATOR},
        "outbox.retry": {OPERATOR},
        "search.watch": {OPERATOR},
        "search.rebuild": {OPERATOR},
        "taxonomy.watch": {OPERATOR},
        "operations.watch": {OPERATOR},
        "metrics.read": {PUBLIC},
    }.items()
}


#: Acts that not every member of the organization may do: one of these rights is needed besides the role.
RIGHTS_NEEDED: Mapping[str, frozenset[str]] = {
    "organization.describe": frozenset({"admin"}),
    "capacity.state": frozenset({"admin"}),
    # what binds the organization, or ends what others were bound by
    "alliance.ask": frozenset({"signer"}),
    "alliance.sign": frozenset({"signer"}),
    "alliance.end": frozenset({"signer"}),
    "bundle.sign": frozenset({"signer"}),
    "bundle.end": frozenset({"signer"}),
    "people.manage": frozenset({"admin"}),
    "organization.tokens": frozenset({"admin"}),
    "hook.manage": frozenset({"admin"}),
    "organization.ask_again": frozenset({"admin"}),
    "user.suspend": frozenset({"admin"}),
    "support.open": frozenset({"admin"}),
    "organization.data": frozenset({"admin"}),
    "organization.ask_deletion": frozenset({"admin"}),
    "deletion.answer": frozenset({"admin"}),
    "weights.publish": frozenset({"admin"}),
    "programme.publish": frozenset({"admin"}),
}


#: What the operator's people may read in a customer's organization during a support access, with its roles.
SUPPORT_READS = frozenset(
    {"organization.read_own", "listing.read_own", "review.read", "file.read"}
    | {"site.read", "self_check.read", "demand.read", "link.read", "chain.read", "alliance.work"}
    | {"bundle.work"}
)
#: What they may send meanwhile: it is about themselves, nothing of the customer's.
SUPPORT_ACTS = frozenset({"site.frame", "account.sign_in", "support.end"})


def supported(permission: str, *, reading: bool) -> bool:
    """Whether a support access leaves the permission to whoever looks: private pages and what is public, to read."""
    if not reading:
        return permission in SUPPORT_ACTS
    return permission in SUPPORT_READS | SUPPORT_ACTS or PUBLIC in PERMISSIONS[permission]


def concerns(permission: str, role: str | None) -> bool:
    """Whether an act belongs on the screens of somebody who works in `role`; None: on everybody's. It shapes menus and
    the morning page and allows nothing: what may be done follows from all roles of the organization."""
    return role is None or bool(PERMISSIONS[permission] & {PUBLIC, SIGNED_IN, MEMBER, role})


def allowed(
    permission: str, *, signed_in: bool, member: bool, roles: frozenset[str], rights: frozenset[str]
) -> bool:
    """Whether somebody in that position has the permission. Raises KeyError: no such permission."""
    granted = PERMISSIONS[permission]
    held = {PUBLIC} | ({SIGNED_IN} if signed_in else set()) | ({MEMBER} if member else set()) | roles
    needed = RIGHTS_NEEDED.get(permission)
    return bool(granted & held) and (needed is None or bool(needed & rights))
