"""Settings of netcrm, read from the environment; docs/settings.md lists every variable.

The same code runs in two ways: without `DATABASE_URL` and `REDIS_URL`, everything is in one data folder (SQLite and an
embedded Valkey on a socket); with them, PostgreSQL and Redis are used.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from accounts.disk import NO_ROOM
from netcrm.environment import Environment
from netcrm.runtime import broker_socket, default_runtime_dir, meaning_socket
from netcrm.secret import stored_secret

env = Environment(os.environ)

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("NETCRM_DATA", default=str(BASE_DIR / "var"))).resolve()
DATABASE = env.database("DATABASE_URL", password=env.text("DATABASE_PASSWORD", default=""))
EMBEDDED = DATABASE is None

DEBUG = env.switch("NETCRM_DEBUG", default=False)
PORT = env.whole_number("NETCRM_PORT", default=8000, least=1, most=65535)
BASE_URL = env.base_url("NETCRM_BASE_URL", default=f"http://localhost:{PORT}")
SERVED_BY_HTTPS = BASE_URL.startswith("https://")

SECRET_KEY = env.text("NETCRM_SECRET_KEY", default="")
if EMBEDDED:
    try:
        DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        SECRET_KEY = SECRET_KEY or stored_secret(DATA_DIR)
    except OSError as problem:
        remedy = "Make room on its disk" if problem.errno in NO_ROOM else "Make it writable for you"
        raise ImproperlyConfigured(
            f"the data folder {DATA_DIR} can't be written ({problem.strerror}). {remedy}, or name another one: "
            "NETCRM_DATA=/another/folder make run"
        ) from problem
elif not SECRET_KEY:
    raise ImproperlyConfigured(
        "NETCRM_SECRET_KEY is missing. Set it to a long random text, for example the output of: "
        'python -c "import secrets; print(secrets.token_urlsafe(50))"'
    )

OWN_HOST = urlsplit(BASE_URL).netloc.removesuffix(f":{urlsplit(BASE_URL).port}")
ALLOWED_HOSTS = env.host_names("NETCRM_ALLOWED_HOSTS", default=[OWN_HOST])
ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]  # For health checks on the machine itself.
CSRF_TRUSTED_ORIGINS = [BASE_URL]

# Applications and middleware

INSTALLED_APPS = [
    "netcrm",
    "favours",
    "contacts",
    "accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.admin.apps.SimpleAdminConfig",  # netcrm's own site, netcrm/admin.py.
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "template_partials",
    "csp",
]

MIDDLEWARE = [
    "netcrm.middleware.RequestIdMiddleware",
    "netcrm.middleware.HeadersMiddleware",
    "netcrm.middleware.CompressionMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",  # Static files get the headers of all middleware above.
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.SessionMiddleware",
    "accounts.middleware.PreferencesMiddleware",
    "contacts.middleware.NetworkMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "netcrm.bounds.BoundsMiddleware",
    "accounts.middleware.DoorsMiddleware",
    "accounts.middleware.LimitsMiddleware",
]

ROOT_URLCONF = "netcrm.urls"
WSGI_APPLICATION = "netcrm.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["netcrm.templatetags.seals"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Database

if DATABASE is None:
    DATABASES: dict[str, dict[str, Any]] = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "netcrm.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # Deferred transactions fail with "database is locked" when two writers read before they write.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL: an acknowledged entry survives a power cut. secure_delete: deleted rows are overwritten, which
                # SQLite only does by default if it was built that way.
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000; "
                    "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=134217728; PRAGMA cache_size=-16000; "
                    "PRAGMA journal_size_limit=67108864; PRAGMA analysis_limit=400; PRAGMA secure_delete=ON"
                ),
            },
            # The threads of the live server share a file, because a shared in-memory database locks whole tables.
            "TEST": {"NAME": str(DATA_DIR / "test.sqlite3")},
        }
    }
else:
    from netcrm.postgresql.connections import WatchedConnection  # Only where its driver is needed.

    DATABASES = {"default": DATABASE | {"ENGINE": "netcrm.postgresql", "CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}}
    # A pool rather than persistent connections: if connections are exhausted, requests fail after its timeout, and a
    # restarted server is noticed before a request gets a dead connection.
    # The pool retries a lost server at increasing intervals, eventually longer than a minute; because it gives up after
    # 3 s, the next request tries again at once.
    # Each second the pool closes one idle connection, which other processes may need more.
    POOL = {"min_size": 0, "max_size": 6, "max_idle": 1, "timeout": 3, "reconnect_timeout": 3}
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        pool=POOL | {"connection_class": WatchedConnection},
        connect_timeout=3,
        # With these, the kernel notices connections that something on the way has dropped.
        keepalives_idle=10,
        keepalives_interval=5,
        keepalives_count=3,
        tcp_user_timeout=20_000,
    )

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# There is no cache. Sign-in attempts are counted in a table, from which a flood can't evict them; see
# accounts/signing_in/attempts.py.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

# Jobs

try:
    RUNTIME_DIR = Path(env.text("NETCRM_RUNTIME", default=str(default_runtime_dir(DATA_DIR))))
except FileNotFoundError as problem:
    raise ImproperlyConfigured(
        "no folder for temporary files can be written. Make room on the disk, or name a folder: TMPDIR=/another/folder"
    ) from problem
REDIS_URL = env.broker("REDIS_URL", password=env.text("REDIS_PASSWORD", default=""))
CELERY_BROKER_URL = REDIS_URL or f"redis+socket://{broker_socket(RUNTIME_DIR)}"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
# A job that kills its process, for example by its memory use, would kill the next process at once if it were requeued.
# Instead, the next sweep finds its work.
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Seconds after which the process of a job is killed. Whatever it did not finish is found by the next sweep. There is no
# soft limit: its exception could be mistaken for a failure of the item being processed.
CELERY_TASK_TIME_LIMIT = env.whole_number("NETCRM_JOB_SECONDS", default=600, least=1)
# Peak memory in kilobytes above which a worker process is replaced after its current job.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 200_000
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 30.0
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # A worker waits for its broker forever.
CELERY_BEAT_SCHEDULER = "netcrm.beat:SweepScheduler"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Measured: without these, a frozen Redis blocked a publisher for over a minute.
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "max_retries": 1,
    "visibility_timeout": 3600,
}
# Matching by meaning: the engine process listens on a socket. Where it is off, texts are matched only by their words.
MEANING = env.switch("NETCRM_MEANING", default=True)
MEANING_SOCKET = Path(env.text("NETCRM_MEANING_SOCKET", default=str(meaning_socket(RUNTIME_DIR))))
NETCRM_SWEEP_SECONDS = env.positive("NETCRM_SWEEP_SECONDS", default=60.0)

# People and sign-in

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "accounts.hashers.OwaspArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "favours:today"
NETCRM_OPEN_SIGN_UP = env.switch("NETCRM_OPEN_SIGN_UP", default=False)

ACCOUNT_ADAPTER = "accounts.adapters.SignInAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_CHANGE_EMAIL = True  # One address per member: a new one replaces it once it is verified.
# If anyone may sign up, members must verify their address before they can sign in: otherwise the response would reveal
# which addresses are taken. All other members are invited to an address or created by the operator.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if NETCRM_OPEN_SIGN_UP else "optional"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # Seconds; see accounts/signing_in/doors.py.
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # accounts/signing_in/limits.py replaces them.
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignUpForm",
    "add_email": "accounts.forms.ChangeEmailForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
}
# For limits per client address: X-Forwarded-For can be forged unless one of the instance's own proxies has set it.
ALLAUTH_TRUSTED_PROXY_COUNT = env.whole_number("NETCRM_TRUSTED_PROXIES", default=0, least=0)

MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SERVED_BY_HTTPS  # Browsers allow it only for localhost.
MFA_TOTP_ISSUER = "netcrm"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "accounts.forms.SecondFactorForm",
    "reauthenticate": "accounts.forms.SecondFactorAgainForm",
    "activate_totp": "accounts.forms.ActivateAppForm",
    "authenticate_webauthn": "accounts.forms.KeyAsSecondFactorForm",
    "reauthenticate_webauthn": "accounts.forms.KeyAgainForm",
    "login_webauthn": "accounts.forms.SignInByKeyForm",
    "add_webauthn": "accounts.forms.AddKeyForm",
    "edit_webauthn": "accounts.forms.RenameKeyForm",
}

# Mail: everything is queued in the outbox, which delivers it through the server below.

EMAIL_BACKEND = "accounts.mail.outbox.OutboxBackend"
EMAIL_TIMEOUT = 7  # Seconds per reply, so that an attempt has time for two addresses of a server.
MAIL_SERVER: dict[str, Any] | None = env.mail_server(
    "NETCRM_MAIL_URL", password=env.text("NETCRM_MAIL_PASSWORD", default="")
)
DEFAULT_FROM_EMAIL = env.sender("NETCRM_MAIL_FROM", default="netcrm <netcrm@localhost>")

# The gate of the reciprocity summary; see docs/reciprocity.md

NETCRM_GATE_EVENTS = env.whole_number("NETCRM_GATE_EVENTS", default=3, least=1)
NETCRM_GATE_PEOPLE = env.whole_number("NETCRM_GATE_PEOPLE", default=5, least=1)
NETCRM_GATE_SPREAD = env.positive("NETCRM_GATE_SPREAD", default=3.0)

# Languages and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["netcrm.formats"]
USE_TZ = True
TIME_ZONE = "UTC"
NETCRM_TIME_ZONE = env.time_zone("NETCRM_TIME_ZONE", default="Europe/Berlin")

# The web server

WEB_BIND = env.bind("NETCRM_BIND", default=f"127.0.0.1:{PORT}")
WEB_WORKERS = env.whole_number("NETCRM_WEB_WORKERS", default=2, least=1)

# Limits on the size of a request; see netcrm/bounds.py

# A note of 100,000 characters fits, in any script; files don't count.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1100  # An imported table has at most a thousand columns.
DATA_UPLOAD_MAX_NUMBER_FILES = 10
NETCRM_LARGEST_BODY = 128 * 1024 * 1024  # Bytes: twice the largest file, so that the form can report too large ones.

# Static files

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Security

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "img-src": [SELF, "data:"],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "frame-src": [SELF],
        "object-src": [NONE],  # As by default; some who grade policies look for it.
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
# Seconds without a request after which a session ends; see accounts/signing_in/sessions.py.
SESSION_COOKIE_AGE = round(env.positive("NETCRM_IDLE_HOURS", default=14 * 24.0) * 3600)
# And after this time at the latest, in seconds.
NETCRM_LONGEST_SESSION = round(env.positive("NETCRM_SESSION_DAYS", default=90.0) * 24 * 3600)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # Forms bring the token; no script reads the cookie.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SERVED_BY_HTTPS
if SERVED_BY_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    SECURE_HSTS_SECONDS = 63072000
    # The prefix binds a cookie to HTTPS and to exactly this host: no other host of the same domain can set it.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
# Other hosts of the domain may not be ready for HSTS, and removal from the browsers' preload list takes months: so only
# the operator of the domain can decide on these.
HSTS = env.choice("NETCRM_HSTS", default="host", choices=("host", "subdomains", "preload"))
SECURE_HSTS_INCLUDE_SUBDOMAINS = HSTS != "host"
SECURE_HSTS_PRELOAD = HSTS == "preload"
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
MESSAGE_STORAGE = "netcrm.messages.MessageStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "class": "netcrm.logs.PrivateFormatter",
            "format": "%(asctime)s [%(request_id)s] %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": env.log_level("NETCRM_LOG_LEVEL", default="INFO")},
}
