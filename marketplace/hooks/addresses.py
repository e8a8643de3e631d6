"""Which addresses a webhook may go to: https, a real name, and a public address behind it.

An attacker chooses the URL and answers the question for its address; nothing inside our own network may be reached
that way. The name is looked up once, the answer is checked, and the connection goes to exactly that answer.

Source: IANA IPv4 and IPv6 Special-Purpose Address Registries; RFC 6890, RFC 6052 (NAT64), RFC 3056 (6to4).
RFC 6761, RFC 6762, RFC 7686, RFC 8375 (names of special use); ICANN resolution 2024.07.29.06 (.internal).
"""

import re
import socket
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from catalog.errors import Invalid

MAX_URL = 500
#: Below 1024 only the port of https itself: no mail server, no remote shell.
HTTPS_PORT, FIRST_FREE_PORT = 443, 1024

Resolver = Callable[[str, int], list[str]]
Policy = Callable[[str], bool]

_NAME = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
#: Ends of names that the public name system never answers: reserved for one machine, one house or one company, or for
#: nobody. A cloud's metadata service has its name under one of them.
PRIVATE_ENDS = (
    "localhost", "local", "internal", "invalid", "onion", "arpa", "localdomain",
    "corp", "home", "lan", "intranet", "private",
)  # fmt: skip
_TARGET = re.compile(r"[!-~]*")

REFUSED = tuple(
    ip_network(block)
    for block in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # a cloud's metadata service on an address that looks public
        # IPv6: only 2000::/3 is public at all; these parts of it are not, or hide an IPv4 address
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    )
)  # fmt: skip
_PUBLIC_IPV6 = ip_network("2000::/3")


def checked(url: str) -> str:
    """The URL, if a webhook may be sent there as far as its text tells.

    Raises:
        Invalid: at "url": not https, no name, credentials, a fragment, a port that is not for this, a name that no
            public name server can know.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or HTTPS_PORT
    except ValueError:
        raise Invalid.at("url", "hook_url") from None
    plain = len(url) <= MAX_URL and _TARGET.fullmatch(url) is not None
    bare = parts.username is None and parts.password is None and not parts.fragment and "\\" not in url
    named = parts.hostname is not None and _NAME.fullmatch(parts.hostname) is not None
    if parts.scheme != "https" or not plain or not bare or not named:
        raise Invalid.at("url", "hook_url")
    if str(parts.hostname).rpartition(".")[2] in PRIVATE_ENDS:
        raise Invalid.at("url", "hook_private")
    if port != HTTPS_PORT and port < FIRST_FREE_PORT:
        raise Invalid.at("url", "hook_port")
    return url


def is_public(address: str) -> bool:
    """Whether a numeric address belongs to the public Internet, and to no service of a machine itself."""
    found = ip_address(address.partition("%")[0])
    if found.version == 6 and found not in _PUBLIC_IPV6:
        return False
    return not any(found in block for block in REFUSED if block.version == found.version)


def look_up(name: str, port: int) -> list[str]:
    """Numeric addresses of a name, each once. Raises OSError: there is none."""
    answers = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))
