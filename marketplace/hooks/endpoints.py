"""The addresses of an organization: register, change the secret, switch on and off, remove."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.errors import Conflict, Invalid
from catalog.models import Organization
from marketplace.hooks import addresses, signing
from marketplace.hooks.models import Hook, HookDelivery

MAX_HOOKS = 5
#: After a rotation both secrets sign for this long.
OVERLAP = timedelta(hours=24)


def register(session: Session, organization: Organization, *, url: str, events: Collection[str]) -> Hook:
    """Note an address. Its organization's row is locked, so that two at once cannot pass the limit together.

    Args:
        events: codes that the caller has checked, at least one.

    Raises:
        Invalid: the address is not for this, or is registered already. Conflict: there are MAX_HOOKS.
    """
    checked = addresses.checked(url)
    session.execute(select(Organization.id).where(Organization.id == organization.id).with_for_update())
    known = session.scalars(select(Hook.url).where(Hook.organization_id == organization.id)).all()
    if checked in known:
        raise Invalid.at("url", "hook_known")
    if len(known) >= MAX_HOOKS:
        raise Conflict("hook.too_many", max=MAX_HOOKS)
    hook = Hook(organization_id=organization.id, url=checked, events=sorted(set(events)), generation=1)
    session.add(hook)
    session.flush()  # its public id is a part of its secret
    return hook


def rotate(hook: Hook, moment: datetime) -> str:
    """Begin a new secret; the one before signs besides for OVERLAP. Returns the new one."""
    hook.generation += 1
    hook.older_until = moment + OVERLAP
    return newest_secret(hook.public_id, hook.generation)


def switch_on(hook: Hook) -> None:
    """Send again from now on; what happened meanwhile is not sent."""
    hook.off_at, hook.failing_since = None, None


def switch_off(hook: Hook, moment: datetime) -> None:
    """Send nothing more; harmless if repeated."""
    hook.off_at = hook.off_at or moment


def remove(session: Session, hook: Hook) -> None:
    """Forget the address with the log of its deliveries."""
    session.delete(hook)


def newest_secret(hook_id: str, generation: int) -> str:
    """The secret to be shown once."""
    return signing.secret(str(current_app.config["SECRET_KEY"]), hook_id, generation)


def secrets(key: str, hook: Hook, moment: datetime) -> list[str]:
    """The secrets that sign now, the newest first; `key` is the product's SECRET_KEY."""
    generations = [hook.generation]
    if hook.older_until is not None and moment < hook.older_until:
        generations.append(hook.generation - 1)
    return [signing.secret(key, hook.public_id, generation) for generation in generations]


def of_organization(session: Session, organization: Organization) -> list[Hook]:
    """The organization's addresses, oldest first."""
    rows = select(Hook).where(Hook.organization_id == organization.id)
    return list(session.scalars(rows.order_by(Hook.id)))


def deliveries(
    session: Session, hook: Hook, *, offset: int, limit: int
) -> tuple[Sequence[HookDelivery], int]:
    """A part of the log of one address, newest first, and how long it is in all."""
    rows = select(HookDelivery).where(HookDelivery.hook_id == hook.id)
    total = session.scalar(select(func.count(HookDelivery.id)).where(HookDelivery.hook_id == hook.id)) or 0
    part = rows.order_by(HookDelivery.id.desc()).offset(offset).limit(limit)
    return session.scalars(part).all(), total
