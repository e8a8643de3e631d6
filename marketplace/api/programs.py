"""Operations on tokens and webhooks."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request
from flask_login import current_user

from marketplace import audit
from marketplace.accounts import access, scopes, sign_in, tokens
from marketplace.accounts.models import ApiToken
from marketplace.api.lists import PageQuery, listing_of, offset_of, page, part
from marketplace.api.operation import ApiBlueprint, Secret, operation, token_word
from marketplace.errors import RetryLater
from marketplace.extensions import db, now
from marketplace.hooks import delivering, endpoints, fetching
from marketplace.hooks.models import Hook, HookDelivery
from marketplace.schemas import programs as schemas

bp = ApiBlueprint("programs", __name__, "Tokens and webhooks")

HOOK = {"url": "https://erp.hanul.example/ieum/events", "events": ["review.approved", "match.new"]}


def _secret_of(answered: Mapping[str, Any]) -> str:
    """The secret that belongs to an answer which is repeated."""
    return endpoints.newest_secret(str(answered["id"]), int(answered["generation"]))


@operation(
    bp,
    "POST",
    "/tokens",
    permission="account.sign_in",
    summary="Make a further token with e-mail and password",
    body=schemas.TokenIn,
    answer=schemas.TokenOut,
    status=201,
    derived="token",
    example={
        "email": "buyer@hanul.example",
        "password": "a long pass phrase",
        "name": "ERP connector",
        "scopes": ["sites:read", "demands:write"],
    },
)
def create_token(body: dict[str, Any]) -> dict[str, Any]:
    """The word is answered once; keep it like a password. `scopes` has to be sent: null is all that the person may.

    An account with a second factor needs its `code` as well.
    """
    remote = request.remote_addr or ""
    try:
        user = sign_in.authenticate_program(db, body["email"], body["password"], body["code"], remote)
    except sign_in.TooMany as error:
        raise RetryLater(error.retry_after) from None
    organization = None
    if body["organization_id"] is not None:
        organization = access.organization_of_user(db, user, body["organization_id"], "organization_id")
    limits = {name: body[name] for name in ("name", "scopes", "expires_on")}
    token, word = tokens.issue(db, user, organization=organization, secret=token_word(), **limits)
    audit.record(db, "account.token", token, by=user.email, scopes=token.scopes)
    return {**_token(token), "token": word}


@operation(
    bp,
    "GET",
    "/tokens",
    permission="token.manage",
    summary="The person's own tokens",
    query=PageQuery,
    answer=listing_of(schemas.TokenRowOut, "TokenList"),
)
def list_tokens(query: dict[str, Any]) -> dict[str, Any]:
    """Without the words themselves, which nobody keeps. Revoked ones are left out."""
    rows = [
        {**_token(row), "last_used_at": row.last_used_at} for row in tokens.of_user(db, current_user.user_key)
    ]
    return page(part(rows, query), len(rows), query)


@operation(
    bp,
    "DELETE",
    "/tokens/<uuid:token_id>",
    permission="token.manage",
    summary="Revoke one of the person's tokens",
    answer=schemas.TokenRowOut,
)
def revoke_token(token_id: UUID) -> dict[str, Any]:
    """It stops working at once. Harmless if repeated."""
    token = access.own_token(db, current_user, token_id)
    tokens.revoke(token)
    audit.record(db, "account.revoke_token", token)
    return {**_token(token), "last_used_at": token.last_used_at}


@operation(
    bp,
    "POST",
    "/webhooks",
    permission="hook.manage",
    summary="Have events sent to an address",
    body=schemas.HookIn,
    answer=schemas.NewHookOut,
    status=201,
    derived=Secret("secret", _secret_of),
    example=HOOK,
)
def create_webhook(body: dict[str, Any]) -> dict[str, Any]:
    """The secret that signs the requests is answered once. At most five addresses an organization."""
    hook = endpoints.register(db, access.own_organization(db, current_user), **body)
    audit.record(db, "hook.create", hook, url=hook.url)
    return {**_hook(hook), "secret": endpoints.newest_secret(hook.public_id, hook.generation)}


@operation(
    bp,
    "GET",
    "/webhooks",
    permission="hook.manage",
    summary="The organization's webhooks",
    query=PageQuery,
    answer=listing_of(schemas.HookOut, "WebhookList"),
)
def list_webhooks(query: dict[str, Any]) -> dict[str, Any]:
    """Oldest first."""
    rows = endpoints.of_organization(db, access.own_organization(db, current_user))
    return page([_hook(row) for row in part(rows, query)], len(rows), query)


@operation(
    bp,
    "DELETE",
    "/webhooks/<uuid:hook_id>",
    permission="hook.manage",
    summary="Remove a webhook",
    answer=schemas.HookOut,
)
def delete_webhook(hook_id: UUID) -> dict[str, Any]:
    """With the log of its deliveries; what is still waiting is not sent."""
    hook = fetching.own_hook(db, current_user, hook_id)
    answer = _hook(hook)
    audit.record(db, "hook.remove", hook, url=hook.url)
    endpoints.remove(db, hook)
    return answer


@operation(
    bp,
    "POST",
    "/webhooks/<uuid:hook_id>/secret",
    permission="hook.manage",
    summary="Change the secret of a webhook",
    answer=schemas.NewHookOut,
    status=201,
    derived=Secret("secret", _secret_of),
)
def rotate_webhook_secret(hook_id: UUID) -> dict[str, Any]:
    """For 24 hours requests carry a signature under each of the two secrets."""
    hook = fetching.own_hook(db, current_user, hook_id)
    secret = endpoints.rotate(hook, now())
    audit.record(db, "hook.rotate", hook)
    return {**_hook(hook), "secret": secret}


@operation(
    bp,
    "POST",
    "/webhooks/<uuid:hook_id>/ping",
    permission="hook.manage",
    summary="Send a ping to a webhook",
    answer=schemas.DeliveryOut,
    status=201,
)
def ping_webhook(hook_id: UUID) -> dict[str, Any]:
    """An event "ping" about the webhook itself; listDeliveries tells what came of it."""
    hook = fetching.own_hook(db, current_user, hook_id)
    delivery = delivering.ping(db, hook, now())
    audit.record(db, "hook.ping", hook)
    return _delivery(delivery)


@operation(
    bp,
    "GET",
    "/webhooks/<uuid:hook_id>/deliveries",
    permission="hook.manage",
    summary="What was sent to a webhook",
    query=PageQuery,
    answer=listing_of(schemas.DeliveryOut, "DeliveryList"),
)
def list_deliveries(query: dict[str, Any], hook_id: UUID) -> dict[str, Any]:
    """Newest first, thirty days back."""
    hook = fetching.own_hook(db, current_user, hook_id)
    rows, total = endpoints.deliveries(db, hook, offset=offset_of(query), limit=query["limit"])
    return page([_delivery(row) for row in rows], total, query)


@operation(
    bp,
    "POST",
    "/webhooks/<uuid:hook_id>/deliveries/<uuid:delivery_id>/redelivery",
    permission="hook.manage",
    summary="Send an event once more",
    answer=schemas.DeliveryOut,
    status=201,
)
def redeliver(hook_id: UUID, delivery_id: UUID) -> dict[str, Any]:
    """Under the same event id, as a new delivery."""
    delivery = fetching.own_delivery(db, current_user, hook_id, delivery_id)
    again = delivering.redeliver(db, delivery, now())
    audit.record(db, "hook.redeliver", again, first=delivery.public_id)
    return _delivery(again)


def _token(row: ApiToken) -> dict[str, Any]:
    held = scopes.read(row.scopes)
    return {
        "id": row.public_id,
        "name": row.name,
        "scopes": None if held is None else sorted(held),
        "expires_at": row.expires_at,
    }


def _hook(row: Hook) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "url": row.url,
        "events": row.events,
        "generation": row.generation,
        "on": row.off_at is None,
        "failing_since": row.failing_since,
    }


def _delivery(row: HookDelivery) -> dict[str, Any]:
    names = ("event", "state", "tries", "status", "trouble", "duration_ms", "tried_at", "next_at")
    return {"id": row.public_id, "event_id": row.occasion, **{name: getattr(row, name) for name in names}}
