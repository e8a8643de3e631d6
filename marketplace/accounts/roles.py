"""The one table of who may do what. A route without a line here fails a test.

A permission names an act; the table says which of the acting organization's roles allow it, and a second, short one
which acts ask for a right of the person in it besides. Which *rows* a person may touch is a different question, answered
by `accounts/access`.
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
        "account.sign_up": {PUBLIC},
        "account.sign_in": {PUBLIC},
        # people and their organizations
        "account.manage": {SIGNED_IN},
        "organization.register": {SIGNED_IN},
        "organization.read_own": {MEMBER},
        "competitor.declare": {VENDOR, VALIDATOR},
        "file.read": {VENDOR, VALIDATOR},
        # vendors
        "listing.read_own": {VENDOR},
        "listing.draft": {VENDOR},
        "listing.submit": {VENDOR},
        "listing.withdraw": {VENDOR},
        # validators
        "review.read": {VALIDATOR},
        "review.judge": {VALIDATOR},
        # manufacturers
        "site.read": {MANUFACTURER},
        "site.describe": {MANUFACTURER},
        "demand.read": {MANUFACTURER},
        "demand.state": {MANUFACTURER},
        "demand.match": {MANUFACTURER},
        # the operator
        "organization.list": {OPERATOR},
        "organization.confirm": {OPERATOR},
        "organization.appoint": {OPERATOR},
    }.items()
}


#: Acts that not every member of the organization may do: one of these rights is needed besides the role.
RIGHTS_NEEDED: Mapping[str, frozenset[str]] = {}


def allowed(
    permission: str, *, signed_in: bool, member: bool, roles: frozenset[str], rights: frozenset[str]
) -> bool:
    """Whether somebody in that position has the permission. Raises KeyError: no such permission."""
    granted = PERMISSIONS[permission]
    held = {PUBLIC} | ({SIGNED_IN} if signed_in else set()) | ({MEMBER} if member else set()) | roles
    needed = RIGHTS_NEEDED.get(permission)
    return bool(granted & held) and (needed is None or bool(needed & rights))
