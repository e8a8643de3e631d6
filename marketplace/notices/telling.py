"""Tell people of an event: the bell and, as each prefers, a mail; in the caller's transaction, once a key."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Organization, OrganizationRole
from catalog.models.organization import OPERATOR
from marketplace import extensions
from marketplace.accounts.models import Membership, User
from marketplace.hooks import delivering
from marketplace.notices import letters, preferences
from marketplace.notices.events import EVENTS, Event
from marketplace.notices.models import NOW, Notice

#: What the notices of one occasion have in common.
OF_THE_OCCASION = ("organization_id", "event", "key", "link", "about", "params")


class Named(Protocol):
    """Any row with a public name."""

    public_id: Any


def tell(
    session: Session,
    event: str,
    *,
    key: str,
    link: str,
    about: Named,
    organization: Organization | None = None,
    users: Iterable[User] = (),
    params: Mapping[str, str | int] | None = None,
) -> None:
    """Tell the organization's people whom the event concerns, and `users` besides; each of them once a `key`.

    Args:
        event: a code of `events.EVENTS`.
        link: path on this site of the exact object.
        about: the row that it is about.
        params: values for the words; nothing that a receiver may not know. `title_en` replaces `title` in English.

    Raises:
        KeyError: no such event. ValueError: the link leads elsewhere.
    """
    if not link.startswith("/") or link.startswith("//"):
        raise ValueError(link)
    session.flush()  # new rows need their keys and public ids before a notice can name them
    if organization is not None:
        moment = extensions.now()
        delivering.announce(
            session, organization, event=event, key=key, about=about, link=link, moment=moment
        )
    people = _people(session, EVENTS[event], organization, users)
    occasion = Notice(
        organization_id=None if organization is None else organization.id,
        event=event,
        key=f"{event}:{key}",
        link=link,
        about=about.public_id,
        params=dict(params or {}),
    )
    _tell_each(session, people, occasion)


def _tell_each(session: Session, people: dict[int, User], occasion: Notice) -> None:
    """A copy of the notice for everybody who has not been told of the occasion, and mail as each prefers."""
    told = select(Notice.user_id).where(Notice.key == occasion.key, Notice.user_id.in_(people))
    for user_key in session.scalars(told).all():
        del people[user_key]
    if not people:
        return
    chosen = preferences.deliveries(session, people.keys(), occasion.event)
    for user_key, user in people.items():
        notice = Notice(
            **{name: getattr(occasion, name) for name in OF_THE_OCCASION},
            user_id=user_key,
            delivery=chosen[user_key],
            created_at=extensions.now(),
        )
        session.add(notice)
        if notice.delivery == NOW and (EVENTS[notice.event].duty or letters.may_be_mailed(user)):
            letters.ask(session, user, notice)
            notice.mailed_at = extensions.now()


def operators(session: Session) -> list[User]:
    """Everybody who works for the operator, for events that the operator's people hear."""
    rows = select(User).join(Membership, Membership.user_id == User.id)
    rows = rows.join(OrganizationRole, OrganizationRole.organization_id == Membership.organization_id)
    return list(session.scalars(rows.where(OrganizationRole.role == OPERATOR).order_by(User.id).distinct()))


def _people(
    session: Session, event: Event, organization: Organization | None, users: Iterable[User]
) -> dict[int, User]:
    """By key, everybody to be told."""
    found = {user.id: user for user in users}
    if organization is not None:
        rows = select(Membership, User).join(User, User.id == Membership.user_id)
        members = rows.where(Membership.organization_id == organization.id).order_by(User.id)
        for membership, user in session.execute(members):
            if event.hears is None or event.hears & membership.rights:
                found[user.id] = user
    return found
