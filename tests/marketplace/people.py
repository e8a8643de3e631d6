"""People for tests of pages and of the API: companies with a signed-in browser and a token, made through the domain."""

import itertools
import re
from dataclasses import dataclass

from flask.testing import FlaskClient

from catalog import organizations, regno
from catalog.db import utcnow
from catalog.models import Organization, OrganizationRole
from catalog.models.organization import CONFIRMED, OPERATOR, VALIDATOR
from marketplace.accounts import passwords, tokens
from marketplace.accounts.models import Membership, User

PASSWORD = "correct horse battery"
_numbers = itertools.count(100_000_000)
_HASH = passwords.hashed(PASSWORD)


@dataclass
class Person:
    """One member of one organization: keys of both, a token for the API, a signed-in client for pages."""

    app: object
    email: str
    user_key: int
    organization_key: int
    organization_id: str
    token: str
    client: FlaskClient

    def post(self, path, data=None, **kwargs):
        """Post a form with the CSRF token of this browser."""
        return self.client.post(path, data={**(data or {}), "csrf_token": csrf(self.client)}, **kwargs)

    def api(self, method, path, **kwargs):
        """Call the API with this person's token."""
        headers = {"Authorization": f"Bearer {self.token}", **kwargs.pop("headers", {})}
        return self.app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **kwargs)


def csrf(client):
    """The CSRF token of a client's session, from any page with a form."""
    page = client.get("/sign-in").get_data(as_text=True)
    return re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)


def person(app, *roles, confirmed=True, name=None, email=None, proved=True):
    """A new organization with those roles ("vendor", "manufacturer", "validator", "operator") and its admin."""
    number = next(_numbers)
    email = email or f"user{number}@example.com"
    with app.app_context(), app.extensions["database"].session() as session:
        organization = _organization(session, number, roles, name or f"시험 기업 {number}")
        if confirmed:
            organizations.confirm(organization, utcnow())
        proved_at = utcnow() if proved else None
        user = User(email=email, name="김시험", password_hash=_HASH, email_proved_at=proved_at)
        session.add(user)
        session.flush()
        session.add(
            Membership(
                user_id=user.id,
                organization_id=organization.id,
                is_admin=True,
                is_finance=True,
                is_signer=True,
            )
        )
        _, word = tokens.issue(session, user, name="test", organization=None)
        session.commit()
        client = app.test_client()
        signed_in = Person(app, email, user.id, organization.id, organization.public_id, word, client)
    answer = client.post("/sign-in", data={"email": email, "password": PASSWORD, "csrf_token": csrf(client)})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return signed_in


def _organization(session, number, roles, name):
    if OPERATOR in roles:
        organization = Organization(name=name, state=CONFIRMED, roles=[OrganizationRole(role=OPERATOR)])
        session.add(organization)
        session.flush()
        return organization
    own = [role for role in roles if role != VALIDATOR] or ["vendor"]
    organization = organizations.register(
        session, name=name, registration_number=regno.make(str(number)), roles=own, region="gyeonggi"
    )
    if VALIDATOR in roles:
        organization.roles = [OrganizationRole(role=role) for role in roles]
        session.flush()
    return organization
