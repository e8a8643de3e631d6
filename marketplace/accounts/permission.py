"""The decorator without which a route fails a test: says which permission a view needs, and checks it."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import request
from flask_login import current_user

from catalog.errors import NotAllowed
from marketplace.accounts import roles, scopes
from marketplace.errors import RoleMissing, ScopeMissing, SignInNeeded

P = ParamSpec("P")
T = TypeVar("T")


def requires(permission: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Let only those in who have `permission`; the others get 401 (not signed in) or 403 (another role, or a
    token that was not given the scope)."""
    if permission not in roles.PERMISSIONS:
        raise KeyError(permission)

    def decorate(view: Callable[P, T]) -> Callable[P, T]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            if not _may_in_support(permission):
                raise NotAllowed("support.reading")
            if not _may_by_role(permission):
                raise RoleMissing(permission) if current_user.is_authenticated else SignInNeeded
            if not _may_by_scope(permission):
                raise ScopeMissing(scopes.covering(permission))
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the test that walks all routes
        return guarded

    return decorate


def is_allowed(permission: str) -> bool:
    """Whether the present principal has `permission`; menus ask the same table."""
    return _may_in_support(permission) and _may_by_role(permission) and _may_by_scope(permission)


def _may_in_support(permission: str) -> bool:
    """Whoever looks in for support only reads, and only what the table names."""
    return current_user.support is None or roles.supported(
        permission, reading=request.method in {"GET", "HEAD", "OPTIONS"}
    )


def _may_by_role(permission: str) -> bool:
    return roles.allowed(
        permission,
        signed_in=current_user.is_authenticated and current_user.is_person,
        member=current_user.seat is not None,
        roles=current_user.roles,
        rights=current_user.rights,
    )


def _may_by_scope(permission: str) -> bool:
    return roles.PUBLIC in roles.PERMISSIONS[permission] or scopes.covers(current_user.scopes, permission)
