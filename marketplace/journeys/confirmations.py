"""The operator confirms a company, and its admins hear of it."""

from datetime import datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import organizations
from catalog.models import Organization
from catalog.models.organization import CONFIRMED
from marketplace import mail
from marketplace.accounts.models import Membership, User


def confirm(session: Session, organization: Organization, now: datetime) -> None:
    """Confirm and write to the admins; harmless if repeated."""
    if organization.state == CONFIRMED:
        return
    organizations.confirm(organization, now)
    site = current_app.config["SITE_NAME"]
    for address in admins(session, organization):
        mail.ask(
            session,
            to=address,
            key=f"organization-confirmed:{organization.public_id}",
            subject=f"[{site}] {organization.name}을(를) 확인했습니다",
            body=f"{organization.name}의 기업 확인이 끝났습니다. 이제 솔루션 심사를 요청하실 수 있습니다.\n\n"
            f"{current_app.config['SITE_URL']}/organization\n",
        )


def admins(session: Session, organization: Organization) -> list[str]:
    """E-mail addresses of the organization's admins."""
    rows = select(User.email).join(Membership, Membership.user_id == User.id)
    mine = rows.where(Membership.organization_id == organization.id, Membership.is_admin)
    return list(session.scalars(mine.order_by(User.id)))
