"""A real SMTP server on loopback for tests: keeps what it takes, answers as it is told, speaks TLS if asked to."""

import asyncio
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests import live

HOST = "127.0.0.1"


class Desk:
    """What the server does with mail: the answers in turn, then it takes everything."""

    def __init__(self, rcpt=(), data=(), seconds=0.0):
        self.rcpt, self.data, self.seconds = list(rcpt), list(data), seconds
        self.taken, self.asked = [], 0

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  # aiosmtpd's names
        self.asked += 1
        if self.rcpt:
            return self.rcpt.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  # aiosmtpd's name
        await asyncio.sleep(self.seconds)
        if self.data:
            return self.data.pop(0)
        self.taken.append((session.ssl is not None, envelope.content))
        return "250 OK"

    @property
    def letters(self):
        return [message_from_bytes(content, policy=policy.default) for _encrypted, content in self.taken]


@contextmanager
def serving(desk, **options):
    """The server's port while it runs."""
    controller = Controller(desk, hostname=HOST, port=live.free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def knows(user, password):
    """An authenticator that lets exactly this user in."""

    def check(_server, _session, _envelope, _mechanism, data):
        known = isinstance(data, LoginPassword) and (data.login, data.password) == (
            user.encode(),
            password.encode(),
        )
        return AuthResult(success=known, handled=known)

    return check
