"""The morning page for programs."""

from collections import Counter
from typing import Any

from flask import current_app
from flask_login import current_user

from marketplace import inbox as waiting
from marketplace.api.lists import PageQuery, listing_of, page, part
from marketplace.api.operation import ApiBlueprint, operation
from marketplace.extensions import db, today
from marketplace.schemas.inbox import InboxItemOut

bp = ApiBlueprint("inbox", __name__, "What waits for whom")


@operation(
    bp,
    "GET",
    "/inbox",
    permission="inbox.read",
    summary="What waits for the asker, oldest due first",
    query=PageQuery,
    answer=listing_of(InboxItemOut, "Inbox"),
)
def inbox(query: dict[str, Any]) -> dict[str, Any]:
    """The lines of the morning page, without its limit of 20; facets count them by kind."""
    items = waiting.everything(db, current_user, today())
    shown = [
        {
            "kind": item.kind,
            "text": item.what,
            "context": item.context,
            "who": item.who,
            "due": item.due,
            "url": current_app.config["SITE_URL"] + item.href,
            "action": item.button,
        }
        for item in part(items, query)
    ]
    return page(shown, len(items), query, {"kind": Counter(item.kind for item in items)})
