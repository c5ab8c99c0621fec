"""The format of the log, which contains no personal data.

The text of an exception often quotes what somebody typed, or a row of the database; an address holds search words and
the secrets of links. So a line names the kind of an exception, what happened as far as netcrm/failures.py lets it be
told, and the route of a request. What was refused is one line; a traceback is for what went wrong.
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

from netcrm.failures import described, what_happened

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""What the lines of one request, or of one job, have in common; netcrm/middleware.py and netcrm/celery.py set it."""

ID_OF_REQUEST = "netcrm.request_id"
"""Where a request keeps it, since Django logs an answer after all middleware."""

SHORTEST_TEXT = 3
"""Characters of an exception's text from which it is looked for inside of longer ones."""


class PrivateFormatter(logging.Formatter):
    """Leaves out the texts of logged exceptions, addresses, and what a refused request brought."""

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
        """The calls that led to the exception and its causes, each with what may be told of it."""
        return "\n".join(_trace(ei[1])) if ei[1] else ""


def _went_wrong(record: logging.LogRecord) -> bool:
    """Whether a record about a request is about a failure of ours, and not about a request that was refused."""
    return int(getattr(record, "status_code", 500)) >= 500


def _outcome(record: logging.LogRecord, request: HttpRequest) -> str:
    """How a request ended. Nothing of the record's own text is told: it may quote the request in any form."""
    status = int(getattr(record, "status_code", 500))
    phrase = responses.get(status, str(status))
    reason = ""
    if record.name == "django.security.csrf" and isinstance(record.args, tuple) and record.args:
        reason = str(record.args[0]).partition(" - ")[0]  # Behind it stands an address.
    elif record.exc_info and record.exc_info[1] and not _went_wrong(record):
        reason = described(record.exc_info[1])
    return f"{phrase}: {_route(request)} ({reason})" if reason else f"{phrase}: {_route(request)}"


def _route(request: HttpRequest) -> str:
    """The pattern of a request's address, also if it was refused before anybody looked for it."""
    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return "an unknown address"
    return f"/{match.route}"


def _hidden(record: logging.LogRecord) -> Iterator[tuple[str, str]]:
    """What must not be told, in every form that may stand in a line, and what is told instead."""
    for problem in _causes(record.exc_info[1] if record.exc_info else None):
        for text in (repr(problem), str(problem), *(each for each in problem.args if isinstance(each, str))):
            for form in (text, text.encode("unicode_escape").decode("ascii"), repr(text)[1:-1]):
                if form:
                    yield form, described(problem)


def _causes(problem: BaseException | None) -> Iterator[BaseException]:
    while problem is not None:
        yield problem
        problem = problem.__cause__ or problem.__context__


def _replaced(arguments: Any, hidden: Mapping[str, str]) -> Any:
    if isinstance(arguments, Mapping):
        return {name: _told(argument, hidden) for name, argument in arguments.items()}
    return tuple(_told(argument, hidden) for argument in arguments or ())


def _told(argument: Any, hidden: Mapping[str, str]) -> Any:
    """An argument of a line as it may be told."""
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
