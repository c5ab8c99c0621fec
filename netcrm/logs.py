"""The format of the log, which contains no personal data.

The text of an exception often quotes user input or a row of the database; a URL contains search words and the secrets
of links. So the log has the type and the place of an exception, and the route of a request.
"""

from __future__ import annotations

import copy
import logging
import traceback
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any

from django.http import HttpRequest


class PrivateFormatter(logging.Formatter):
    """Omits the texts of logged exceptions and replaces URLs by routes."""

    def format(self, record: logging.LogRecord) -> str:
        record = copy.copy(record)
        record.exc_text = None  # Another handler's formatter may have cached its own.
        hidden = dict(_hidden(record))
        if hidden:
            record.args = _replaced(record.args, hidden)
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - named by the standard library
        """Returns the tracebacks of the exception and its causes, each with its type only."""
        return "\n".join(_told(ei[1])) if ei[1] else ""


def _hidden(record: logging.LogRecord) -> Iterator[tuple[str, str]]:
    """Yields texts that must not be logged, with their replacements."""
    if record.exc_info and (problem := record.exc_info[1]):
        for text in (str(problem), repr(problem)):
            yield text, type(problem).__name__
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        match = request.resolver_match
        route = f"/{match.route}" if match else "an unknown address"
        yield request.path, route
        yield request.path.encode("unicode_escape").decode(), route  # As Django logs it.


def _replaced(arguments: Any, hidden: Mapping[str, str]) -> Any:
    if isinstance(arguments, Mapping):
        return {name: hidden.get(str(argument), argument) for name, argument in arguments.items()}
    return tuple(hidden.get(str(argument), argument) for argument in arguments or ())


def _told(problem: BaseException) -> Iterator[str]:
    cause = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
    if cause is not None:
        yield from _told(cause)
        yield "\nwhich led to\n"
    yield "Traceback (most recent call last):"
    yield from _calls(problem.__traceback__)
    yield f"{type(problem).__module__}.{type(problem).__qualname__}"


def _calls(trace: TracebackType | None) -> list[str]:
    return [line.rstrip("\n") for line in traceback.format_tb(trace)]
