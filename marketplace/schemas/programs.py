"""Tokens and webhooks, in and out."""

from marshmallow import fields

from marketplace.accounts.scopes import FOR_ORGANIZATIONS, SCOPES
from marketplace.hooks.addresses import MAX_URL
from marketplace.notices.events import OF_ORGANIZATIONS
from marketplace.schemas.fields import Choice, Day, Items, Line, Strict
from marketplace.schemas.organizations import SignInIn


class TokenLimitsIn(Strict):
    """What a new token is called, what it may do, and until when.

    No scopes means all that its owner may, for the scripts that never named any; the page asks for a choice.
    """

    name = Line(80, 1, required=True)
    scopes = Items(Choice(tuple(SCOPES)), len(SCOPES), 1, load_default=None, allow_none=True)
    expires_on = Day(load_default=None, allow_none=True)


class TokenIn(SignInIn, TokenLimitsIn):
    """A further token for a program; without an organization it acts for the person's first one."""

    #: Of the authenticator, or a recovery code, where the account asks for a second factor.
    code = Line(20, 1, load_default=None, allow_none=True)
    organization_id = fields.UUID(load_default=None, allow_none=True, error_messages={"invalid_uuid": "uuid"})


class OrganizationTokenIn(TokenLimitsIn):
    """A token of the organization itself: its scopes are named one by one."""

    scopes = Items(Choice(FOR_ORGANIZATIONS), len(FOR_ORGANIZATIONS), 1, required=True)


class TokenRowOut(Strict):
    """A token as its owner sees it afterwards."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True, allow_none=True)
    expires_at = fields.AwareDateTime(required=True)
    last_used_at = fields.AwareDateTime(required=True, allow_none=True)


class TokenOut(Strict):
    """A new token; the word itself is answered once."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    token = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True, allow_none=True)
    expires_at = fields.AwareDateTime(required=True)


class HookIn(Strict):
    """Where to send, and what."""

    url = Line(MAX_URL, 1, required=True)
    events = Items(Choice(OF_ORGANIZATIONS), len(OF_ORGANIZATIONS), 1, required=True)


class HookOut(Strict):
    """A webhook."""

    id = fields.UUID(required=True)
    url = fields.String(required=True)
    events = fields.List(fields.String(), required=True)
    #: Counts the secrets that it has had.
    generation = fields.Integer(required=True)
    on = fields.Boolean(required=True)
    failing_since = fields.AwareDateTime(required=True, allow_none=True)


class NewHookOut(HookOut):
    """A new webhook with the secret that signs its requests; the secret is answered once."""

    secret = fields.String(required=True)


class DeliveryOut(Strict):
    """One event on its way to one webhook; `trouble` says why the last try failed."""

    id = fields.UUID(required=True)
    event_id = fields.UUID(required=True)
    event = fields.String(required=True)
    state = fields.String(required=True)
    tries = fields.Integer(required=True)
    status = fields.Integer(required=True, allow_none=True)
    trouble = fields.String(required=True, allow_none=True)
    duration_ms = fields.Integer(required=True, allow_none=True)
    tried_at = fields.AwareDateTime(required=True, allow_none=True)
    next_at = fields.AwareDateTime(required=True, allow_none=True)
