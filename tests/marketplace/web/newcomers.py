"""Somebody who has just signed up, and what they send."""

from sqlalchemy import select

from catalog.models import Organization
from tests.marketplace.letters import link_in
from tests.marketplace.people import csrf
from tests.marketplace.web.looking import one


def post(client, path, data=None, **kwargs):
    return client.post(path, data={**(data or {}), "csrf_token": csrf(client)}, **kwargs)


def number_of(app, who):
    return one(app, select(Organization.registration_number).where(Organization.id == who.organization_key))


def newcomer(app, proved=True, email="kim@example.com"):
    """A signed-in browser of somebody who has just signed up and has no organization."""
    client = app.test_client()
    post(client, "/sign-up", {"email": email, "password": "long enough words", "name": "김새로"})
    if proved:
        post(client, link_in(app, email, "/confirm-email"))
    return client
