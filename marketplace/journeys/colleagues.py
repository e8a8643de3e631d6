"""People of an organization: invitations by mail, requests to join, and word to whom it concerns."""

from collections.abc import Collection

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from catalog.models import Organization
from marketplace import mail, notices
from marketplace.accounts import invitations, joining
from marketplace.accounts.models import Invitation, JoinRequest, Membership, User
from marketplace.extensions import now

PEOPLE = "/organization/people"


def invite(
    session: Session, organization: Organization, inviter: User | None, *, email: str, rights: Collection[str]
) -> Invitation:
    """Invite and send the link.

    Raises:
        Invalid, TooMany: as `invitations.invite` says.
    """
    made, secret = invitations.invite(session, organization, inviter, email=email, rights=rights)
    site = current_app.config["SITE_NAME"]
    mail.ask(
        session,
        to=made.email,
        key=f"invitation:{made.public_id}",
        subject=_("[%(site)s] %(organization)s의 초대", site=site, organization=organization.name),
        body=_(
            "%(organization)s에서 %(site)s의 동료로 초대했어요. 7일 안에 한 번만 쓸 수 있는 링크예요.\n\n%(link)s\n\n"
            "이 주소로 가입했거나 가입할 사람만 받을 수 있어요. 모르는 초대라면 이 메일을 지워 주세요.",
            organization=organization.name,
            site=site,
            link=f"{current_app.config['SITE_URL']}/invitations/{secret}",
        ),
    )
    return made


def accept(session: Session, invitation: Invitation, user: User) -> None:
    """The invited person joins, and the admins hear of it.

    Raises:
        NotAllowed, LinkGone, Conflict: as `invitations.accept` says.
    """
    invitations.accept(session, invitation, user)
    _tell_of_acceptance(session, invitation, user)


def sign_up(session: Session, invitation: Invitation, *, name: str, password: str) -> User:
    """The invited person makes an account and joins with it.

    Raises:
        Invalid, LinkGone: as `invitations.sign_up` says.
    """
    user = invitations.sign_up(session, invitation, name=name, password=password)
    _tell_of_acceptance(session, invitation, user)
    return user


def ask_to_join(session: Session, user: User, registration_number: str, message: str) -> JoinRequest:
    """Ask, and let the admins know.

    Raises:
        NotAllowed, Invalid, Conflict: as `joining.ask_to_join` says.
    """
    request = joining.ask_to_join(session, user, registration_number, message)
    notices.tell(
        session,
        "join.requested",
        key=request.public_id,
        link=PEOPLE,
        about=request,
        organization=request.organization,
        params={"person": user.name},
    )
    return request


def answer_request(session: Session, request: JoinRequest, *, accept: bool, rights: Collection[str]) -> None:
    """Answer, and let the person know.

    Raises:
        Conflict: it was answered before.
    """
    joining.answer_request(session, request, accept=accept, rights=rights)
    notices.tell(
        session,
        "join.accepted" if accept else "join.refused",
        key=request.public_id,
        link="/account",
        about=request,
        users=[request.user],
        params=_named(request.organization),
    )


def change_rights(session: Session, seat: Membership, rights: Collection[str]) -> None:
    """Change what a member may do; who is concerned hears of it.

    Raises:
        Conflict, NotFound: as `joining.change_rights` says.
    """
    if joining.change_rights(session, seat, rights):
        _tell_member(session, "rights.changed", seat.user, seat.organization)


def remove(session: Session, seat: Membership) -> None:
    """End somebody's membership; they hear of it.

    Raises:
        Conflict, NotFound: as `joining.remove` says.
    """
    user, organization = seat.user, seat.organization
    joining.remove(session, seat)
    _tell_member(session, "member.removed", user, organization)


def leave(session: Session, seat: Membership) -> None:
    """End one's own membership.

    Raises:
        Conflict, NotFound: as `joining.remove` says.
    """
    joining.remove(session, seat)


def _tell_of_acceptance(session: Session, invitation: Invitation, user: User) -> None:
    notices.tell(
        session,
        "invitation.accepted",
        key=invitation.public_id,
        link=PEOPLE,
        about=invitation,
        organization=invitation.organization,
        params={"person": user.name},
    )


def _tell_member(session: Session, event: str, user: User, organization: Organization) -> None:
    notices.tell(
        session,
        event,
        key=f"{organization.public_id}:{user.public_id}:{now().isoformat()}",
        link="/account",
        about=organization,
        users=[user],
        params=_named(organization),
    )


def _named(organization: Organization) -> dict[str, str | int]:
    return {"organization": organization.name, "organization_en": organization.name_en}
