"""Who really sent it: each request carries the time and an HMAC of time and body under the hook's secret.

Secrets are not stored, but derived from the product's SECRET_KEY, the hook's id and a count of rotations: a copy of
the database alone signs nothing, and a repeated request can be answered with the same secret.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

HEADER = "Ieum-Signature"
PREFIX = "whsec_"


def secret(key: str, hook_id: str, generation: int) -> str:
    """The secret of one generation of a hook.

    Args:
        key: SECRET_KEY of the product.
        hook_id: public id.
    """
    mac = hmac.new(key.encode(), f"webhook\0{hook_id}\0{generation}".encode(), hashlib.sha256).digest()
    return PREFIX + base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def header(secrets: Sequence[str], moment: datetime, body: bytes) -> str:
    """The value of HEADER: "t=…,v1=…", one v1 for each secret that is good now."""
    t = int(moment.timestamp())
    return ",".join([f"t={t}", *(f"v1={signature(one, t, body)}" for one in secrets)])


def signature(one: str, t: int, body: bytes) -> str:
    """HMAC-SHA256 of "t.body", in hexadecimal digits."""
    return hmac.new(one.encode(), b"%d." % t + body, hashlib.sha256).hexdigest()
