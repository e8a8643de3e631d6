"""How an alliance, a membership and a charter may move, as tables: documentation, guard and test data at once."""

from collections.abc import Mapping
from types import MappingProxyType

FORMING, ACTIVE, DISSOLVED = ALLIANCE_STATES = ("forming", "active", "dissolved")

INVITED, ASKED, WITHDRAWN, DECLINED, JOINED, LEAVING, LEFT, EXCLUDED = MEMBER_STATES = (
    "invited",
    "asked",
    "withdrawn",
    "declined",
    "joined",
    "leaving",
    "left",
    "excluded",
)

PROPOSED, IN_FORCE, SUPERSEDED, TAKEN_BACK = CHARTER_STATES = (
    "proposed",
    "in_force",
    "superseded",
    "taken_back",
)

#: (state, act) → next state. An act that is not listed is refused.
ALLIANCE_TRANSITIONS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        (FORMING, "come_into_force"): ACTIVE,
        (ACTIVE, "come_into_force"): ACTIVE,
        (FORMING, "dissolve"): DISSOLVED,
        (ACTIVE, "dissolve"): DISSOLVED,
    }
)

MEMBER_TRANSITIONS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        # the side that began it takes it back
        (INVITED, "take_back"): WITHDRAWN,
        (ASKED, "take_back"): WITHDRAWN,
        # the coordinator answers a request: with an invitation under the charter in force, or with no
        (ASKED, "take_up"): INVITED,
        (ASKED, "refuse"): DECLINED,
        # the organization answers an invitation
        (INVITED, "join"): JOINED,
        (INVITED, "decline"): DECLINED,
        (JOINED, "leave"): LEAVING,
        (LEAVING, "stay"): JOINED,
        (LEAVING, "end"): LEFT,
        (JOINED, "exclude"): EXCLUDED,
        # the account of the organization is deleted
        (INVITED, "forget"): WITHDRAWN,
        (ASKED, "forget"): WITHDRAWN,
        (JOINED, "forget"): LEFT,
        (LEAVING, "forget"): LEFT,
        (EXCLUDED, "forget"): LEFT,
        # … and once more from the beginning; who was excluded comes back by invitation alone
        (WITHDRAWN, "invite"): INVITED,
        (DECLINED, "invite"): INVITED,
        (LEFT, "invite"): INVITED,
        (EXCLUDED, "invite"): INVITED,
        (WITHDRAWN, "ask"): ASKED,
        (DECLINED, "ask"): ASKED,
        (LEFT, "ask"): ASKED,
    }
)

CHARTER_TRANSITIONS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        (PROPOSED, "come_into_force"): IN_FORCE,
        (PROPOSED, "take_back"): TAKEN_BACK,
        (IN_FORCE, "supersede"): SUPERSEDED,
    }
)
