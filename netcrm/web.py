"""Settings of gunicorn: `gunicorn --config python:netcrm.web netcrm.wsgi`. Command-line options take precedence."""

import sys
from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from netcrm import settings
from netcrm.data_folder import write_privately
from netcrm.logs import PrivateFormatter
from netcrm.middleware import HEADERS
from netcrm.serving.preconditions import StartError, refuse_held_folder

HEADERS_OF_REFUSALS = {
    **HEADERS,
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": settings.X_FRAME_OPTIONS,
}
"""Headers of the responses that gunicorn itself sends to requests that never reach Django."""
if settings.SERVED_BY_HTTPS:
    HEADERS_OF_REFUSALS["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"


class PrivateLogger(Logger):  # type: ignore[misc]  # gunicorn has no types here.
    """gunicorn's own log, which would otherwise quote the URL of a request that fails outside Django."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(PrivateFormatter(self.error_fmt, self.datefmt))

    def exception(self, msg: object, *_told: object, **options: Any) -> None:
        super().exception(str(msg).replace("%s", "…"), **options)

    def warning(self, msg: object, *told: object, **options: Any) -> None:
        head, _colon, _request = str(msg).partition(" from ip=")
        super().warning(head, *told, **options)


class HeadedSocket:
    """A client's connection that inserts `HEADERS_OF_REFUSALS` into the single response sent through it."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def sendall(self, answer: bytes) -> None:
        """Send a complete response with the headers inserted after its status line."""
        first, _end, rest = answer.partition(b"\r\n")
        lines = [first, *(f"{name}: {value}".encode() for name, value in HEADERS_OF_REFUSALS.items()), rest]
        self._connection.sendall(b"\r\n".join(lines))


class HeadedWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker; its own error responses (400, 414, 431, ...) have the same headers as all others."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer a request that can't be parsed."""
        super().handle_error(req, HeadedSocket(client), addr, exc)


def on_starting(_server: object) -> None:
    """Prevent the web server from starting while `manage.py serve` runs; gunicorn calls this before it listens."""
    try:
        if settings.EMBEDDED:
            refuse_held_folder(settings.DATA_DIR)
    except StartError as problem:
        sys.exit(str(problem))


def post_fork(_server: object, _worker: object) -> None:
    """Make the files that a worker writes private. The master's own socket may have to be open to a proxy."""
    if settings.EMBEDDED:
        write_privately()


wsgi_app = "netcrm.wsgi"
bind = settings.WEB_BIND
workers = settings.WEB_WORKERS
worker_class = "netcrm.web.HeadedWorker"
threads = 4
# The code is loaded once and shared by the workers, which halves the time to the first page.
preload_app = True
graceful_timeout = 5
timeout = 60
# No access log: URLs and search words are personal data.
accesslog = None
logger_class = PrivateLogger
loglevel = "warning"
# Bytes of the request line and of each header, and the number of headers. A proxy in front may allow less.
limit_request_line = 8190
limit_request_field_size = 8190
limit_request_fields = 100
control_socket_disable = True
