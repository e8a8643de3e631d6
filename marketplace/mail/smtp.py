"""Mail through an SMTP server, encrypted with a checked certificate."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from typing import Any, NoReturn

from marketplace.mail.letter import letter
from marketplace.tasks import GiveUp

#: Seconds that the server may take for each answer.
TIMEOUT = 10.0


@dataclass(frozen=True)
class SmtpMail:
    """One server; a connection of its own for each mail, so that a broken one harms no other."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    #: "tls" from the first byte, "starttls" before anything is said, or "none" (this machine only).
    security: str
    sender: str
    timeout: float = TIMEOUT

    def deliver(self, key: str, payload: dict[str, Any]) -> None:
        """Hand the mail to the server.

        A repeat after a lost answer is sent again under the same Message-ID: SMTP knows no better.

        Raises:
            GiveUp: the server refused this mail for good (5xx), or the address is none.
            smtplib.SMTPException, OSError: try again later: 4xx, no answer, no encryption, our own sign-in refused.
        """
        message = letter(key, payload, self.sender)
        server = self._connection()
        try:
            self._send(server, message)
            with suppress(OSError, smtplib.SMTPException):
                server.quit()  # the mail is taken: a bad goodbye must not send it twice
        except smtplib.SMTPRecipientsRefused as error:
            code, reason = next(iter(error.recipients.values()))
            _refuse(code, reason, error)
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            _refuse(error.smtp_code, error.smtp_error, error)
        finally:
            server.close()

    def _send(self, server: smtplib.SMTP, message: "Message[Any, Any]") -> None:
        if self.security == "starttls":
            server.starttls(context=_context())  # raises when the server offers none: never in the clear
        if self.user:
            server.login(self.user, self.password)
        server.send_message(message)

    def _connection(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=_context())
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout)


def _refuse(code: int, reason: bytes | str, error: Exception) -> NoReturn:
    """Raise what the server's answer to this mail means: 5xx is for good, everything else may pass."""
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    if 500 <= code < 600:
        raise GiveUp(f"{code} {text}") from error
    raise smtplib.SMTPException(f"{code} {text}") from error


def _context() -> ssl.SSLContext:
    """Checks the certificate and the host's name; a private authority is named by SSL_CERT_FILE."""
    return ssl.create_default_context()
