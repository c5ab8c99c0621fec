"""The log format, which keeps personal data out of the log.

The text of an exception often quotes user input or a database row; URLs contain search words and secret tokens. So a
log line gives the exception's class, as much of its text as netcrm/failures.py considers safe, and the route of the
request. A refused request gets a single line; only failures get a traceback.
"""

from __future__ import annotations

import copy
import logging
import traceback
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from http.client import responses
from types import TracebackType
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from accounts.disk import causes
from netcrm.failures import described, what_happened

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""The id shared by all log lines of one request or job; set by netcrm/middleware.py and netcrm/celery.py."""

ID_OF_REQUEST = "netcrm.request_id"
"""Key in `request.META` for the id, since Django logs responses after the middleware has reset the context variable."""

SHORTEST_TEXT = 3
"""Minimum characters of an exception's text for it to be redacted inside a longer text."""


class PrivateFormatter(logging.Formatter):
    """Redacts the texts of exceptions, the URLs and the input of refused requests."""

    def format(self, record: logging.LogRecord) -> str:
        record = copy.copy(record)
        record.exc_text = None  # Another handler's formatter may have cached its own.
        name, request = request_id.get(), getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            name = request.META.get(ID_OF_REQUEST, name)
            record.msg, record.args = _outcome(record, request), ()
            if not _went_wrong(record):
                record.exc_info = None
        else:
            hidden = dict(_hidden(record))
            record.msg = _told(record.msg, hidden)
            record.args = _replaced(record.args, hidden)
        record.__dict__["request_id"] = name
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - named by the standard library
        """Return the traceback of an exception and its causes, with only the safe part of each one's text."""
        return "\n".join(_trace(ei[1])) if ei[1] else ""


def _went_wrong(record: logging.LogRecord) -> bool:
    """Return whether a record about a request reports a server error rather than a refused request."""
    return int(getattr(record, "status_code", 500)) >= 500


def _outcome(record: logging.LogRecord, request: HttpRequest) -> str:
    """Return a line on how a request ended. The record's own text is dropped: it may quote the request in any form."""
    status = int(getattr(record, "status_code", 500))
    phrase = responses.get(status, str(status))
    reason = ""
    if record.name == "django.security.csrf" and isinstance(record.args, tuple) and record.args:
        reason = str(record.args[0]).partition(" - ")[0]  # A URL follows the dash.
    elif record.exc_info and record.exc_info[1] and not _went_wrong(record):
        reason = described(record.exc_info[1])
    return f"{phrase}: {_route(request)} ({reason})" if reason else f"{phrase}: {_route(request)}"


def _route(request: HttpRequest) -> str:
    """Return a request's URL pattern, even if the request was refused before its URL was resolved."""
    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return "an unknown address"
    return f"/{match.route}"


def _hidden(record: logging.LogRecord) -> Iterator[tuple[str, str]]:
    """Yield each text to redact, in every form in which it may appear in a line, with its replacement."""
    for problem in causes(record.exc_info[1] if record.exc_info else None):
        for text in (repr(problem), str(problem), *(each for each in problem.args if isinstance(each, str))):
            for form in (text, text.encode("unicode_escape").decode("ascii"), repr(text)[1:-1]):
                if form:
                    yield form, described(problem)


def _replaced(arguments: Any, hidden: Mapping[str, str]) -> Any:
    if isinstance(arguments, Mapping):
        return {name: _told(argument, hidden) for name, argument in arguments.items()}
    return tuple(_told(argument, hidden) for argument in arguments or ())


def _told(argument: Any, hidden: Mapping[str, str]) -> Any:
    """Return a message or argument of a record with exceptions, model instances and hidden texts replaced."""
    if isinstance(argument, BaseException):
        return described(argument)
    if isinstance(argument, Model):
        return f"{type(argument).__name__} {argument.pk}"
    text = str(argument)
    if text in hidden:
        return hidden[text]
    for form, told in hidden.items():
        if len(form) >= SHORTEST_TEXT and form in text:
            return text.replace(form, told)
    return argument


def _trace(problem: BaseException) -> Iterator[str]:
    cause = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
    if cause is not None:
        yield from _trace(cause)
        yield "\nwhich led to\n"
    yield "Traceback (most recent call last):"
    yield from _calls(problem.__traceback__)
    kind, text = f"{type(problem).__module__}.{type(problem).__qualname__}", what_happened(problem)
    yield f"{kind}: {text}" if text else kind


def _calls(trace: TracebackType | None) -> list[str]:
    return [line.rstrip("\n") for line in traceback.format_tb(trace)]
