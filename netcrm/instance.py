"""Preparing an instance: its database tables and its collected static files."""

import hashlib
from pathlib import Path

import psycopg
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection

from netcrm.data_folder import write_privately
from netcrm.database_file import clear_unfinished, make_private
from netcrm.failures import described

# Commands that create or inspect the tables themselves, or don't need any.
WITHOUT_TABLES = {
    "check", "collectstatic", "compilemessages", "diffsettings", "help", "makemessages",
    "makemigrations", "migrate", "prepare", "restore", "serve", "showmigrations", "sqlmigrate", "test", "version",
    "--help", "--version",
}  # fmt: skip

# Commands that never query the database, or report by themselves that it is unavailable.
WITHOUT_DATABASE = {
    "backup", "check", "collectstatic", "compilemessages", "diffsettings", "health", "help", "makemessages",
    "makemigrations", "restore", "test", "translations", "version", "--help", "--version",
}  # fmt: skip

OLDEST_POSTGRESQL = 150_000

# Used only with DEBUG, or never; compressing them would take two thirds of the time of a first start.
NOT_SERVED = ["django_htmx", "jquery.js", "xregexp.js", "select2.full.js"]


def keep_private() -> None:
    """Make the files that this process writes private, if they are the data of an embedded instance."""
    if settings.EMBEDDED:
        write_privately()


def prepare_database() -> None:
    """Create or migrate all tables, and refresh the planner's statistics. Safe to repeat."""
    from contacts.database.bulk import refresh_statistics  # Models can't be imported before Django is set up.

    if settings.EMBEDDED:
        make_private(Path(settings.DATABASES["default"]["NAME"]))
    call_command("migrate", verbosity=0, interactive=False)
    # A restored dump of PostgreSQL has no statistics; without them a search among 50,000 contacts takes seconds.
    refresh_statistics()


def prepare_if_empty(argv: list[str]) -> None:
    """Create the tables of a new embedded instance before a command that needs them.

    `argv` is the command line of manage.py. So `NETCRM_DATA=new/folder manage.py create_member ...` works as the very
    first command. An existing instance is migrated in a separate step, before its processes start.
    """
    if not settings.EMBEDDED or len(argv) < 2 or argv[1] in WITHOUT_TABLES:
        return
    if not settings.DATABASES["default"]["NAME"].exists():
        import django

        django.setup()
        prepare_database()


def check_database(argv: list[str]) -> None:
    """Raise ImproperlyConfigured, with a sentence as its message, if a command needs PostgreSQL but can't use it.

    `argv` is the command line of manage.py.
    """
    if settings.EMBEDDED or len(argv) < 2 or argv[1] in WITHOUT_DATABASE or "--static-only" in argv:
        return
    # A separate connection: the pool would retry for seconds and log each attempt.
    wanted = connection.get_connection_params()
    try:
        with psycopg.connect(**wanted) as server:
            version = server.info.server_version
    except psycopg.Error as problem:
        raise ImproperlyConfigured(
            f"the database that DATABASE_URL names can't be used: {described(problem)}. Check its host, port, name, "
            "user and password, and whether PostgreSQL runs."
        ) from problem
    if version < OLDEST_POSTGRESQL:
        raise ImproperlyConfigured("DATABASE_URL names a PostgreSQL that is too old. Take version 15 or newer.")


def prepare_instance() -> None:
    """Update the database and the static files to match the code. Safe to repeat, and fast if nothing has changed.

    The caller must hold the lock of an embedded instance's data folder. Raises SchemaError if the database can't be
    updated.
    """
    from netcrm.schema import check_tables, check_version  # As in `prepare_database`.

    if settings.EMBEDDED:
        clear_unfinished(settings.DATABASES["default"]["NAME"])
    check_version("The database")
    prepare_database()
    check_tables("The database")
    prepare_static_files()


def prepare_static_files() -> None:
    """Collect the static files unless they are unchanged since the last collection."""
    fingerprint = _static_fingerprint()
    stamp = Path(settings.STATIC_ROOT) / "collected"
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    call_command("collectstatic", verbosity=0, interactive=False, ignore_patterns=NOT_SERVED)
    stamp.write_text(fingerprint)


def _static_fingerprint() -> str:
    """Return a digest of the names and contents of all static files.

    Modification times don't count: a container image may not keep them, and its file system can't be written later.
    """
    digest = hashlib.sha256()
    for finder in finders.get_finders():
        for name, storage in sorted(finder.list(NOT_SERVED), key=lambda found: found[0]):
            content = hashlib.sha256(Path(storage.path(name)).read_bytes()).hexdigest()
            digest.update(f"{name} {content}\n".encode())
    return digest.hexdigest()
