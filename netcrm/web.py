"""Settings of gunicorn: `gunicorn --config python:netcrm.web netcrm.wsgi`. Its options on the command line win."""

import os

wsgi_app = "netcrm.wsgi"
bind = os.environ.get("NETCRM_BIND", f"127.0.0.1:{os.environ.get('NETCRM_PORT', '8000')}")
workers = int(os.environ.get("NETCRM_WEB_WORKERS", "2"))
worker_class = "gthread"
threads = 4
# The code is loaded once and shared by the workers, which halves the time to the first page.
preload_app = True
graceful_timeout = 5
timeout = 60
# No access log: addresses and search words are personal data.
accesslog = None
loglevel = "warning"
control_socket_disable = True
