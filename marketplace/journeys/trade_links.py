"""Firms say who supplies whom: the partner hears of it, or is invited by mail, and the answer goes back."""

from datetime import date
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.errors import Conflict, Invalid, NotAllowed
from catalog.models import Organization, Site
from marketplace import mail, notices
from marketplace.accounts.access import OwnLink
from matching.models.trade_link import CONFIRMED, DECLARED, ChainViewer, LinkImport, TradeLink
from matching.supply_chain import importing, links
from matching.supply_chain.links import NEW, Declared, LinkFields

#: An organization invites at most this many firms in a day: the mails go to addresses of its choice.
MAX_INVITATIONS_A_DAY = 50
PAGE = "/supply-chain"


def declare(
    session: Session,
    own: Organization,
    fields: LinkFields,
    today: date,
    *,
    site: Site | None = None,
    invite_email: str | None = None,
) -> Declared:
    """Declare a partner. One that is here hears of it; one that is not is invited if an address is given.

    Raises:
        NotAllowed, Invalid: as `links.declare` says. Invalid: an address for a firm that is here, or too many that day.
    """
    done = links.declare(session, own, fields, today, site=site)
    session.flush()  # the notice and the mail name it
    if invite_email and done.partner is not None:
        raise Invalid.at("invite_email", "link_registered")
    if invite_email:
        invite(session, own, done.link, invite_email, today)
    _tell_partner(session, own, done)
    return done


def invite(session: Session, own: Organization, link: TradeLink, email: str, today: date) -> None:
    """Ask a firm that is not here to register and answer. The mail names us and nothing else; the address is not kept.

    Raises:
        NotAllowed: the partner declared it. Conflict: it is not waiting. Invalid: at "invite_email", too many were sent
        today.
    """
    if link.side_of(own.registration_number) != link.declared_by:
        raise NotAllowed("link.answer")
    if link.state != DECLARED:
        raise Conflict("link.over")
    sent = select(func.count(TradeLink.id)).where(links.touches(own.registration_number or ""))
    if (session.scalar(sent.where(TradeLink.invited_on == today)) or 0) >= MAX_INVITATIONS_A_DAY:
        raise Invalid.at("invite_email", "link_invitations", max=MAX_INVITATIONS_A_DAY)
    link.invited_on = today
    site = current_app.config["SITE_NAME"]
    mail.ask(
        session,
        to=email.strip().lower(),
        key=f"trade-link:{link.public_id}:{today.isoformat()}",
        subject=_("[%(site)s] %(organization)s의 거래 관계 확인 요청", site=site, organization=own.name),
        body=_(
            "%(organization)s에서 귀사와 거래한다고 적고, 맞는지 확인을 부탁했어요. %(site)s에 기업을 등록하면 답할 수 있어요.\n\n"
            "%(link)s\n\n적은 내용은 등록하고 기업 확인이 끝난 뒤에 볼 수 있어요. 모르는 회사라면 이 메일을 지워 주세요.",
            organization=own.name,
            site=site,
            link=f"{current_app.config['SITE_URL']}/sign-up",
        ),
    )


def answer(session: Session, seen: OwnLink, own: Organization, today: date, **said: Any) -> None:
    """Confirm or deny; the declarer hears of it.

    Args:
        said: "confirm", "reason", "share_systems", "share_chain", "site".

    Raises:
        NotAllowed, Conflict, Invalid: as `links.confirm` and `links.deny` say.
    """
    link = seen.link
    if said["confirm"]:
        links.confirm(
            session,
            link,
            own,
            today,
            share_systems=said["share_systems"],
            share_chain=said["share_chain"],
            site=said["site"],
        )
    else:
        links.deny(session, link, own, said["reason"], today)
    if seen.partner is not None:
        event = "link.confirmed" if link.state == CONFIRMED else "link.denied"
        _tell(session, event, link, seen.partner, own)


def end(session: Session, seen: OwnLink, own: Organization, today: date) -> str:
    """Withdraw or end; a partner that is here hears of the end of what it knew. Returns the state.

    Raises:
        NotAllowed, Conflict: as `links.end` says.
    """
    state = links.end(session, seen.link, own, today)
    if seen.partner is not None:
        _tell(session, "link.ended", seen.link, seen.partner, own)
    return state


def declare_list(
    session: Session, own: Organization, kept: LinkImport, mode: str, today: date
) -> list[Declared]:
    """Declare the rows of a list that was checked; partners that are here hear of theirs.

    Raises:
        NotAllowed, Conflict, Invalid: as `importing.apply` says.
    """
    made = importing.apply(session, own, kept, mode, today)
    session.flush()  # the notices name the links
    for done in made:
        _tell_partner(session, own, done)
    return made


def open_chain(session: Session, own: Organization, viewer: Organization) -> ChainViewer:
    """Let a coordinator see our chain as we see it; harmless if repeated.

    Raises:
        NotAllowed: we are not confirmed. Invalid: ourselves.
    """
    links.require_confirmed(own)
    if own.id == viewer.id:
        raise Invalid.at("registration_number", "link_itself")
    session.execute(select(Organization.id).where(Organization.id == own.id).with_for_update())
    rows = select(ChainViewer).where(ChainViewer.anchor_id == own.id, ChainViewer.viewer_id == viewer.id)
    known = session.scalar(rows)
    if known is not None:
        return known
    made = ChainViewer(anchor_id=own.id, viewer_id=viewer.id)
    session.add(made)
    session.flush()  # the notice names it
    notices.tell(
        session,
        "chain.opened",
        key=made.public_id,
        link=f"{PAGE}/chains/{own.public_id}",
        about=made,
        organization=viewer,
        params={"organization": own.name},
    )
    return made


def _tell_partner(session: Session, own: Organization, done: Declared) -> None:
    if done.partner is not None:
        event = "link.declared" if done.outcome == NEW else "link.confirmed"
        _tell(session, event, done.link, done.partner, own)


def _tell(session: Session, event: str, link: TradeLink, receiver: Organization, other: Organization) -> None:
    notices.tell(
        session,
        event,
        key=link.public_id,
        link=f"{PAGE}/{link.public_id}",
        about=link,
        organization=receiver,
        params={"organization": other.name},
    )
