"""One POST to somebody else's server: to the address that was checked, with their certificate checked, five seconds in
all, no redirect followed, little read of the answer."""

import re
import socket
import ssl
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from marketplace.hooks.addresses import HTTPS_PORT, Policy, Resolver, is_public, look_up

SECONDS = 5.0
MAX_ANSWER_BYTES = 64 * 1024
#: Why a try failed, besides an HTTP status that is none of 2xx.
TROUBLES = ("name", "address", "connection", "certificate", "timeout", "answer", "status", "redirect")

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,9})[ \t]*\r", re.IGNORECASE)
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9][0-9])[ \r]")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try: the answer's status, or a code of TROUBLES; milliseconds."""

    status: int | None
    trouble: str | None
    duration_ms: int

    @property
    def succeeded(self) -> bool:
        """Whether the receiver said that it has it."""
        return self.trouble is None


class _Trouble(Exception):
    """A code of TROUBLES."""


class Sender:
    """Sends to https addresses. Tests give another resolver, policy and trust; the product never does."""

    def __init__(
        self,
        resolver: Resolver = look_up,
        policy: Policy = is_public,
        trust: ssl.SSLContext | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self.resolver = resolver
        self.policy = policy
        self.trust = trust or ssl.create_default_context()
        self.seconds = seconds

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> Outcome:
        """Send the body. Never raises for what the other side does."""
        begun = time.monotonic()
        status, trouble = None, None
        try:
            status = self._status(url, body, headers, begun + self.seconds)
        except _Trouble as error:
            trouble = str(error)
        except ssl.SSLCertVerificationError:
            trouble = "certificate"
        except TimeoutError:
            trouble = "timeout"
        except (OSError, UnicodeError):
            trouble = "connection"
        if status is not None and not 200 <= status < 300:
            trouble = "redirect" if 300 <= status < 400 else "status"
        return Outcome(status, trouble, round((time.monotonic() - begun) * 1000))

    def _status(self, url: str, body: bytes, headers: dict[str, str], deadline: float) -> int:
        parts = urlsplit(url)
        name, port = parts.hostname or "", parts.port or HTTPS_PORT
        address = self._checked_address(name, port)
        with socket.create_connection((address, port), timeout=_left(deadline)) as plain:
            plain.settimeout(_left(deadline))
            with self.trust.wrap_socket(plain, server_hostname=name) as secure:
                secure.settimeout(_left(deadline))
                secure.sendall(_request(parts.netloc, parts.path, parts.query, body, headers))
                return _answer(secure, deadline)

    def _checked_address(self, name: str, port: int) -> str:
        """The one look-up. A single bad answer among good ones refuses them all."""
        try:
            found = self.resolver(name, port)
        except (OSError, UnicodeError):
            raise _Trouble("name") from None
        if not found:
            raise _Trouble("name")
        if not all(self.policy(address) for address in found):
            raise _Trouble("address")
        return found[0]


def _request(host: str, path: str, query: str, body: bytes, headers: dict[str, str]) -> bytes:
    target = (path or "/") + (f"?{query}" if query else "")
    lines = [f"POST {target} HTTP/1.1", f"Host: {host}", "Connection: close", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def _answer(connection: ssl.SSLSocket, deadline: float) -> int:
    """The status of the answer; its rest is read as far as it is short and quick, so that the other side can finish."""
    head = b""
    while b"\r\n\r\n" not in head:
        connection.settimeout(_left(deadline))
        part = connection.recv(4096)
        if not part or len(head) > MAX_ANSWER_BYTES:
            break
        head += part
    found = _STATUS.match(head)
    if found is None:
        raise _Trouble("answer")
    end, said = head.find(b"\r\n\r\n") + 4, _LENGTH.search(head)
    whole = int(said.group(1)) + end if said else MAX_ANSWER_BYTES
    _drain(connection, deadline, min(whole, MAX_ANSWER_BYTES) - len(head))
    return int(found.group(1))


def _drain(connection: ssl.SSLSocket, deadline: float, room: int) -> None:
    try:
        while room > 0:
            connection.settimeout(_left(deadline))
            part = connection.recv(min(room, 16384))
            if not part:
                return
            room -= len(part)
    except OSError:  # the answer is in; how its sender hangs up changes nothing
        return


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
