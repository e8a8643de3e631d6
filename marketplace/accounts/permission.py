"""The decorator without which a route fails a test: says which permission a view needs, and checks it."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask_login import current_user

from marketplace.accounts import roles
from marketplace.errors import RoleMissing, SignInNeeded

P = ParamSpec("P")
T = TypeVar("T")


def requires(permission: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Let only those in who have `permission`; the others get 401 (not signed in) or 403 (another role)."""
    if permission not in roles.PERMISSIONS:
        raise KeyError(permission)

    def decorate(view: Callable[P, T]) -> Callable[P, T]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            if not is_allowed(permission):
                raise RoleMissing(permission) if current_user.is_authenticated else SignInNeeded
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the test that walks all routes
        return guarded

    return decorate


def is_allowed(permission: str) -> bool:
    """Whether the present principal has `permission`; menus ask the same table."""
    return roles.allowed(
        permission,
        signed_in=current_user.is_authenticated,
        member=current_user.seat is not None,
        roles=current_user.roles,
        rights=current_user.rights,
    )
