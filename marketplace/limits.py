"""How much anybody may ask for in a while: one table, kept in this process's memory.

Each limit is a bucket that holds `quota` requests and fills evenly within `window` seconds; a request takes one out,
and an empty bucket is a 429 with Retry-After. Several processes keep a bucket each: behind N of them up to N times as
much gets through, so these limits protect the machine and are no security boundary. What must count exactly, such as
wrong passwords, is counted in the database (`accounts/attempts.py`). Nothing switches them off.

Source: RFC 6585 (429), draft-ietf-httpapi-ratelimit-headers (RateLimit, RateLimit-Policy).
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import cast

from flask import Flask, Response, current_app, g, request
from flask_login import current_user

from marketplace.errors import RetryLater
from marketplace.security import is_api


@dataclass(frozen=True, slots=True)
class Limit:
    """`quota` requests at once, and as many again within `window` seconds; `reason` is for the page that lists them."""

    quota: int
    window: int
    reason: str


LIMITS: Mapping[str, Limit] = {
    "token": Limit(
        2400, 120, "a program that asks twenty times a second is served, a loop without a pause is not"
    ),
    "anonymous": Limit(240, 120, "reading the catalogue without a token; make a token for more"),
    "visitor": Limit(1200, 240, "pages and searches of one address, which may be a whole office"),
    "person": Limit(1200, 120, "pages of one account"),
    "sign-up": Limit(60, 3600, "new accounts from one address: hashing a password costs a lot"),
    "shared": Limit(60, 600, "lists shown by link: nobody tries out addresses"),
    "mail": Limit(30, 3600, "acts that send mail to an address that somebody types"),
}

#: Acts with a limit of their own besides the general one, by endpoint and method POST.
ACTS: Mapping[str, str] = {
    "accounts.join": "sign-up",
    "doors.sign_up": "sign-up",
    "people.sign_up": "sign-up",
    "doors.send_reset": "mail",
    "locks.send_proof": "mail",
    "locks.change_email": "mail",
    "colleagues.invite": "mail",
    "company.invite_colleague": "mail",
}
#: Never counted: files that a browser keeps, and what watches over the product (endpoint or blueprint).
FREE = frozenset({"static", "health"})
MAX_BUCKETS = 50_000


@dataclass(frozen=True, slots=True)
class Spent:
    """What one request left: the limit's name, how many more at once, seconds until it is full, or until one more."""

    name: str
    left: int
    full_after: int
    retry_after: int | None


class Limiter:
    """The buckets of one process. At most `room` of them: the one that was not used for longest makes way."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, room: int = MAX_BUCKETS) -> None:
        self.clock = clock
        self.room = room
        #: (limit, whose) → how much is missing from the full bucket, as of when.
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._buckets)

    def spend(self, name: str, whose: str) -> Spent:
        """Take one request out of a bucket. Raises KeyError: no such limit."""
        limit = LIMITS[name]
        pace = limit.quota / limit.window
        with self._lock:
            moment = self.clock()
            missing, then = self._buckets.pop((name, whose), (0.0, moment))
            missing = max(0.0, missing - (moment - then) * pace)
            fits = missing + 1 <= limit.quota
            missing += 1 if fits else 0
            self._buckets[name, whose] = (missing, moment)
            while len(self._buckets) > self.room:
                self._buckets.popitem(last=False)
        wait = None if fits else max(1, math.ceil((missing + 1 - limit.quota) / pace))
        return Spent(name, math.floor(limit.quota - missing), math.ceil(missing / pace), wait)


def init_app(app: Flask) -> None:
    """Count every request, and say in every counted answer what is left."""
    app.extensions["limits"] = Limiter()
    app.before_request(_count)
    app.after_request(_say)


def require(name: str, whose: str) -> None:
    """Count one act. Raises RetryLater: too many of them."""
    spent = cast(Limiter, current_app.extensions["limits"]).spend(name, whose)
    if "spent" not in g or spent.retry_after is not None or spent.left < g.spent.left:
        g.spent = spent  # the answer tells of the limit that is nearest
    if spent.retry_after is not None:
        raise RetryLater(spent.retry_after)


def network_of(address: str) -> str:
    """The address, or for IPv6 its /64: one subscriber has them all."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    return address if found.version == 4 else str(ip_network((found, 64), strict=False))


def _count() -> None:
    if request.endpoint is None or request.endpoint.partition(".")[0] in FREE:
        return
    address = network_of(request.remote_addr or "")
    signed_in = current_user.is_authenticated
    whose = str(current_user.public_id) if signed_in else address
    act = ACTS.get(request.endpoint) if request.method == "POST" else None
    if act is not None:
        require(act, whose)
    if is_api():
        require("token" if signed_in else "anonymous", current_user.scope if signed_in else address)
    else:
        require("person" if signed_in else "visitor", whose)


def _say(response: Response) -> Response:
    spent: Spent | None = g.get("spent")
    if spent is not None:
        limit = LIMITS[spent.name]
        response.headers["RateLimit-Policy"] = f'"{spent.name}";q={limit.quota};w={limit.window}'
        response.headers["RateLimit"] = f'"{spent.name}";r={spent.left};t={spent.full_after}'
    return response
