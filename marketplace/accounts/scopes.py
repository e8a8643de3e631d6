"""The one table of what a token may be limited to. A permission of an API operation without a line here fails a test.

A token without scopes may do all that its owner may. A scope never gives what the owner lacks: roles and rights are
asked first. What is open to everybody needs no scope.
"""

from collections.abc import Collection, Mapping

from catalog.errors import Invalid

SCOPES: Mapping[str, frozenset[str]] = {
    scope: frozenset(permissions)
    for scope, permissions in {
        "catalogue:read": {"catalogue.read", "taxonomy.read"},
        "organization:read": {"organization.read_own"},
        "organization:write": {
            "organization.register",
            "organization.join",
            "organization.describe",
            "competitor.declare",
            "capacity.state",
        },
        "people:read": {"people.read"},
        "people:manage": {"people.read", "people.manage"},
        "inbox:read": {"inbox.read"},
        "data:export": {"account.data", "organization.data"},
        "listings:read": {"listing.read_own"},
        "listings:write": {"listing.read_own", "listing.draft", "listing.submit", "listing.withdraw"},
        "sites:read": {"site.read", "self_check.read"},
        "sites:write": {"site.read", "site.describe", "site.certify", "self_check.read", "self_check.answer"},
        "demands:read": {"demand.read"},
        "demands:write": {
            "demand.read",
            "demand.state",
            "demand.match",
            "demand.shortlist",
            "demand.share",
            "contact.answer",
        },
        "links:read": {"link.read", "chain.read"},
        "links:write": {"link.read", "link.declare", "chain.read", "chain.open"},
        "alliances:read": {"alliance.work"},
        "alliances:write": {
            "alliance.work",
            "alliance.draft",
            "alliance.ask",
            "alliance.sign",
            "alliance.end",
        },
        "bundles:read": {"bundle.work"},
        "bundles:write": {
            "bundle.work",
            "bundle.draft",
            "bundle.sign",
            "bundle.publish",
            "bundle.end",
            "bundle.compose",
        },
        "board:read": {"board.read"},
        "leads:read": {"lead.read"},
        "leads:write": {"lead.read", "lead.answer"},
        "searches:write": {"search.save"},
        "reviews:read": {"review.read"},
        "reviews:judge": {"review.read", "review.judge"},
        "webhooks:manage": {"hook.manage"},
        "tokens:manage": {"token.manage"},
        "console:operate": {
            "organization.list",
            "organization.confirm",
            "organization.refuse",
            "organization.appoint",
            "level_certificate.read",
            "level_certificate.decide",
            "interop.read",
            "interop.note",
        },
    }.items()
}

#: What a token of an organization cannot have: these acts are a person's, who answers for them or has an interest of
#: their own in them.
PERSONAL = frozenset(
    {"tokens:manage", "inbox:read", "people:manage", "data:export", "reviews:judge", "console:operate"}
)
FOR_ORGANIZATIONS = tuple(scope for scope in SCOPES if scope not in PERSONAL)


def covering(permission: str) -> tuple[str, ...]:
    """The scopes of which one is needed for the permission, in the order of the table."""
    return tuple(scope for scope, permissions in SCOPES.items() if permission in permissions)


def covers(held: frozenset[str] | None, permission: str) -> bool:
    """Whether a principal limited to these scopes (None: not limited) may use its permission."""
    return held is None or any(permission in SCOPES.get(scope, frozenset()) for scope in held)


def written(wanted: Collection[str] | None) -> str | None:
    """Scopes as they are stored, in the order of the table; None stays none.

    Raises:
        Invalid: an unknown scope, or an empty choice.
    """
    if wanted is None:
        return None
    if not wanted:
        raise Invalid.at("scopes", "required")
    for scope in wanted:
        if scope not in SCOPES:
            raise Invalid.at("scopes", "unknown_code", value=scope)
    return " ".join(scope for scope in SCOPES if scope in wanted)


def read(stored: str | None) -> frozenset[str] | None:
    """The stored text as a set; None: not limited."""
    return None if stored is None else frozenset(stored.split())
