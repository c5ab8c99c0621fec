"""Settings of gunicorn: `gunicorn --config python:netcrm.web netcrm.wsgi`. Command line options take precedence."""

from typing import Any

from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from netcrm import settings
from netcrm.logs import PrivateFormatter


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


wsgi_app = "netcrm.wsgi"
bind = settings.WEB_BIND
workers = settings.WEB_WORKERS
worker_class = "gthread"
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
