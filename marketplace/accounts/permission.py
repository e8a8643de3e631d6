"""The decorator without which a route fails a test: says which permission a view needs, and checks it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import request
from flask_login import current_user
from sqlalchemy import select

from catalog.errors import NotAllowed
from marketplace.accounts import roles, scopes
from marketplace.accounts.models import Membership, User
from marketplace.errors import RightMissing, RoleMissing, ScopeMissing, SignInNeeded
from marketplace.extensions import db

P = ParamSpec("P")
T = TypeVar("T")

#: A refusal names at most this many admins.
ADMINS_NAMED = 3


def requires(permission: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Let only those in who have `permission`; the others get 401 (not signed in) or 403 (another role, or a
    token that was not given the scope)."""
    if permission not in roles.PERMISSIONS:
        raise KeyError(permission)

    def decorate(view: Callable[P, T]) -> Callable[P, T]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            if not _may_in_support(permission, current_user):
                raise NotAllowed("support.reading")
            if not _may_by_role(permission, current_user):
                raise _missing(permission) if current_user.is_authenticated else SignInNeeded
            if not _may_by_scope(permission, current_user):
                raise ScopeMissing(scopes.covering(permission))
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the test that walks all routes
        return guarded

    return decorate


def is_allowed(permission: str) -> bool:
    """Whether the present principal has `permission`."""
    return may(permission, current_user)


def may(permission: str, who: Any) -> bool:
    """Whether `who`, a principal or nobody in particular, has `permission`."""
    return (
        _may_in_support(permission, who) and _may_by_role(permission, who) and _may_by_scope(permission, who)
    )


def is_offered(permission: str, who: Any) -> bool:
    """Whether menus and the morning page offer it: `who` may do it, and it concerns the role worked in."""
    return roles.concerns(permission, who.acting_role) and may(permission, who)


def _may_in_support(permission: str, who: Any) -> bool:
    """Whoever looks in for support only reads, and only what the table names."""
    return who.support is None or roles.supported(
        permission, reading=request.method in {"GET", "HEAD", "OPTIONS"}
    )


def _may_by_role(permission: str, who: Any) -> bool:
    return roles.allowed(
        permission,
        signed_in=who.is_authenticated and who.is_person,
        member=who.seat is not None,
        roles=who.roles,
        rights=who.rights,
    )


def _may_by_scope(permission: str, who: Any) -> bool:
    return roles.PUBLIC in roles.PERMISSIONS[permission] or scopes.covers(who.scopes, permission)


def _missing(permission: str) -> Exception:
    """What stands in the way: a right of the person, with the names of the admins who grant rights, or a role."""
    needed = roles.RIGHTS_NEEDED.get(permission, frozenset())
    by_role = roles.PERMISSIONS[permission] & ({roles.MEMBER} | current_user.roles)
    if not needed or not by_role or current_user.seat is None:
        return RoleMissing(permission)
    admins = select(User.name).join(Membership, Membership.user_id == User.id)
    theirs = admins.where(Membership.organization_id == current_user.seat.key, Membership.is_admin)
    return RightMissing(sorted(needed), db.scalars(theirs.order_by(Membership.id).limit(ADMINS_NAMED)).all())
