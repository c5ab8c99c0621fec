"""Settings of gunicorn: `gunicorn --config python:netcrm.web netcrm.wsgi`. Its options on the command line win."""

from netcrm import settings

wsgi_app = "netcrm.wsgi"
bind = settings.WEB_BIND
workers = settings.WEB_WORKERS
worker_class = "gthread"
threads = 4
# The code is loaded once and shared by the workers, which halves the time to the first page.
preload_app = True
graceful_timeout = 5
timeout = 60
# No access log: addresses and search words are personal data.
accesslog = None
loglevel = "warning"
# Bytes of the request line and of each header, and how many headers. A proxy in front may well allow less.
limit_request_line = 8190
limit_request_field_size = 8190
limit_request_fields = 100
control_socket_disable = True
