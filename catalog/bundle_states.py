"""How a version of a bundle and a consent to it may move, as tables: documentation, guard and test data at once."""

from collections.abc import Mapping
from types import MappingProxyType

#: Kinds of listings: what one vendor sells, and what a bundle is in the store.
SOLUTION, BUNDLE = LISTING_KINDS = "solution", "bundle"

SIGNING, SIGNED, IN_FORCE, SUPERSEDED, REFUSED, EXPIRED, TAKEN_BACK, WITHDRAWN = VERSION_STATES = (
    "signing",
    "signed",
    "in_force",
    "superseded",
    "refused",
    "expired",
    "taken_back",
    "withdrawn",
)

#: A consent that is carried over was given to an earlier version, whose part for that vendor is the same.
ASKED, GIVEN, CARRIED, DENIED = CONSENT_STATES = ("asked", "given", "carried", "denied")

#: (state, act) → next state. An act that is not listed is refused.
VERSION_TRANSITIONS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        (SIGNING, "complete"): SIGNED,
        (SIGNING, "refuse"): REFUSED,
        (SIGNING, "expire"): EXPIRED,
        # the coordinator, or whatever changes the alliance under it
        (SIGNING, "take_back"): TAKEN_BACK,
        (SIGNED, "take_back"): TAKEN_BACK,
        (SIGNED, "publish"): IN_FORCE,
        (IN_FORCE, "supersede"): SUPERSEDED,
        (IN_FORCE, "withdraw"): WITHDRAWN,
    }
)

#: Versions that still ask for something: at most one of a bundle.
OPEN = (SIGNING, SIGNED)
#: Versions that ended because not all of their vendors agreed.
UNSIGNED = (REFUSED, EXPIRED)
