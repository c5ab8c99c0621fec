"""The client of the engine process. Callers that get no answer in time match by words only.

Within `working_here`, a command loads the models into its own process if no engine process answers.
"""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings

from contacts.meaning.wire import Message, WireError, receive, send

logger = logging.getLogger(__name__)

PATIENCE = 0.3
"""Seconds that a request waits for an answer."""

PATIENCE_TO_TELL = 1.0
"""Seconds that a request waits for the engine to load a few thousand rows of a network that it does not know yet."""

PATIENCE_AT_WORK = 30.0
"""Seconds that a job waits for the rows of a batch of texts."""

SILENCE = 5.0
"""Seconds without questions after a missed answer, so that a frozen engine does not delay every request."""


class NoMeaningError(Exception):
    """No engine answers: it is not running, switched off, busy or broken."""


class _Line:
    """The connection to the engine process, or to a service in this process."""

    def __init__(self) -> None:
        self.service: Any = None
        self.may_work_here = False
        self.silent_until = 0.0

    def ask(self, head: dict[str, Any], body: bytes, patience: float) -> Message:
        if not settings.MEANING:
            raise NoMeaningError("Matching by meaning is switched off.")
        if self.service is not None:
            return _checked(self.service.answer(head, body))
        try:
            return self._ask_process(head, body, patience)
        except NoMeaningError:
            if not self.may_work_here:
                raise
        self.service = _service_here()
        return _checked(self.service.answer(head, body))

    def _ask_process(self, head: dict[str, Any], body: bytes, patience: float) -> Message:
        if time.monotonic() < self.silent_until:
            raise NoMeaningError("The engine did not answer lately.")
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(patience)
                connection.connect(str(settings.MEANING_SOCKET))
                send(connection, head, body)
                return _checked(receive(connection))
        except TimeoutError as problem:
            self.silent_until = time.monotonic() + SILENCE
            logger.warning("The engine did not answer in time; words match alone.")
            raise NoMeaningError("The engine is busy.") from problem
        except (OSError, WireError) as problem:
            raise NoMeaningError("The engine does not answer.") from problem


_line = _Line()


def ask(head: dict[str, Any], body: bytes = b"", *, patience: float = PATIENCE) -> Message:
    """Return the answer to a message (contacts/meaning/service.py). Raises NoMeaningError."""
    return _line.ask(head, body, patience)


def version() -> str:
    """Return the available engines with their versions, as one text; "" if there are none."""
    try:
        head, _body = ask({"do": "hello"})
    except NoMeaningError:
        return ""
    return str(head["version"])


@contextmanager
def working_here() -> Iterator[None]:
    """Let this process load the models itself if no engine process answers. For commands."""
    _line.may_work_here = True
    try:
        yield
    finally:
        _line.may_work_here = False


def _service_here() -> Any:
    from contacts.meaning.encoding import Encoder
    from contacts.meaning.engines import installed_engines
    from contacts.meaning.service import Service

    return Service(Encoder(installed_engines()))


def _checked(answer: Message) -> Message:
    head, _body = answer
    if "error" in head or not head["version"]:
        raise NoMeaningError(head.get("error", "No engine is installed."))
    return answer
