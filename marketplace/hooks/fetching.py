"""Fetch means permission, for webhooks: an organization's own, or NotFound."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts.access.fetching import Who, is_named, one
from marketplace.hooks.models import Hook, HookDelivery


def own_hook(session: Session, who: Who, hook_id: UUID) -> Hook:
    """An address of the organization acted for."""
    return one(
        session,
        select(Hook).where(is_named(Hook, hook_id), Hook.organization_id == who.organization_key),
    )


def own_delivery(session: Session, who: Who, hook_id: UUID, delivery_id: UUID) -> HookDelivery:
    """A delivery to one address of the organization acted for."""
    mine = select(HookDelivery).join(Hook, Hook.id == HookDelivery.hook_id)
    return one(
        session,
        mine.where(
            is_named(HookDelivery, delivery_id),
            is_named(Hook, hook_id),
            Hook.organization_id == who.organization_key,
        ).options(joinedload(HookDelivery.hook)),
    )
