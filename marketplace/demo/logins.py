"""The accounts with which the demo can be tried; they can be used in demo mode only."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.accounts import passwords
from marketplace.accounts.models import Membership, User
from marketplace.config import DEMO_DOMAIN, DEMO_EMAILS, DEMO_PASSWORD
from marketplace.demo import naming
from marketplace.demo.companies import Directory
from marketplace.demo.source import Country


def make(session: Session, country: Country, directory: Directory) -> None:
    """Make the accounts, without a password yet: see `open_doors`."""
    for entry in country.people["logins"]:
        organization = directory[entry["organization"]]
        proved_at = organization.created_at  # nobody reads mail of that domain
        user = User(email=f"{entry['login']}@{DEMO_DOMAIN}", name=entry["name"], email_proved_at=proved_at)
        naming.give(user, organization.created_at, entry["login"])
        session.add(user)
        audit.record(session, "account.sign_up", user)
        seat = Membership(user_id=user.id, organization_id=organization.id)
        seat.grant(entry["rights"])
        session.add(seat)


def open_doors(session: Session, country: Country) -> int:
    """Give DEMO_PASSWORD to every demo account that has none; returns how many got it. Only in demo mode."""
    emails = [f"{entry['login']}@{DEMO_DOMAIN}" for entry in country.people["logins"]]
    closed = list(session.scalars(select(User).where(User.email.in_(emails), User.password_hash.is_(None))))
    shared = passwords.hashed(DEMO_PASSWORD) if closed else None
    for user in closed:
        user.password_hash = shared
    return len(closed)


def find(session: Session, email: str) -> User | None:
    """The demo account of that address, if it is one."""
    address = email.strip().lower()
    if address not in DEMO_EMAILS:
        return None
    return session.scalar(select(User).where(User.email == address))
