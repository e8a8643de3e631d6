"""Ways of sending mail, chosen by `MAIL_URL`."""

from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from marketplace.mail.folder import FolderMail
from marketplace.mail.smtp import SmtpMail

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Post(Protocol):
    """Something that takes a mail away."""

    def deliver(self, key: str, payload: dict[str, Any]) -> None:
        """Send {"to", "subject", "body", "unsubscribe"?}. Raises GiveUp: it will never go; others: try later."""


def from_url(url: str, site_url: str) -> Post:
    """The way that `MAIL_URL` names.

    `file:FOLDER` · `smtps://user:password@host:port` (TLS from the first byte) ·
    `smtp://user:password@host:port?starttls=1` (TLS before anything is said; without it on this machine only).
    `from=address` sets the sender, else it is `ieum@` the site's own host.

    Raises:
        ValueError: anything else.
    """
    scheme, _, rest = url.partition(":")
    sender = f"ieum@{urlsplit(site_url).hostname or 'localhost'}"
    if scheme == "file" and rest:
        return FolderMail(Path(rest), sender)
    if scheme in ("smtp", "smtps"):
        return _smtp(url, sender)
    raise ValueError(f"MAIL_URL: {scheme}: is not supported; use file:FOLDER, smtp://… or smtps://…")


def _smtp(url: str, sender: str) -> SmtpMail:
    try:
        parts = urlsplit(url)
        port = parts.port
        query = parse_qs(parts.query, strict_parsing=bool(parts.query))
    except ValueError:
        raise ValueError("MAIL_URL: the port or the part after ? cannot be read") from None
    if not parts.hostname:
        raise ValueError("MAIL_URL: the host is missing")
    unknown = sorted(set(query) - {"starttls", "from"})
    if unknown:
        raise ValueError(f"MAIL_URL: {unknown[0]} is not known; starttls and from are")
    implicit = parts.scheme == "smtps"
    starttls = query.get("starttls", ["0"])[-1] == "1"
    if not implicit and not starttls and parts.hostname not in LOOPBACK:
        raise ValueError("MAIL_URL: add ?starttls=1 or use smtps://: mail leaves this machine encrypted only")
    return SmtpMail(
        host=parts.hostname,
        port=port or (465 if implicit else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        security="tls" if implicit else "starttls" if starttls else "none",
        sender=query.get("from", [sender])[-1],
    )
