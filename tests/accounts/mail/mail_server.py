"""A mail server for the tests that answers as instructed."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from tests.servers import free_port

OK = "250 OK"
HANG = "hang"
DROP = "drop"


class MailServer:
    """Puts mails into `taken` while `answer` is OK; otherwise gives that answer, hangs, or hangs up."""

    def __init__(self) -> None:
        self.answer = OK
        self.taken: list[bytes] = []
        self.sessions: set[Any] = set()
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.sessions.add(session)
        if self.answer == HANG:
            await asyncio.sleep(1)
        if self.answer == DROP:
            server.transport.abort()
        if self.answer == OK:
            self.taken.append(envelope.content)
        return self.answer if self.answer[0].isdigit() else "451 Too late"

    @property
    def address(self) -> dict[str, Any]:
        """The value that settings.MAIL_SERVER needs."""
        return {"host": "127.0.0.1", "port": self.controller.port}


@contextmanager
def running_mail_server() -> Iterator[MailServer]:
    server = MailServer()
    server.controller.start()
    try:
        yield server
    finally:
        server.controller.stop()
