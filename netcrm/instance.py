"""Making an instance ready: its database tables, its cache table and its collected static files."""

from django.conf import settings
from django.core.management import call_command

# Commands that build or inspect the tables themselves, or need none.
WITHOUT_TABLES = {
    "check", "collectstatic", "compilemessages", "createcachetable", "diffsettings", "help", "makemessages",
    "makemigrations", "migrate", "prepare", "serve", "showmigrations", "sqlmigrate", "test", "version",
    "--help", "--version",
}  # fmt: skip


def prepare_database() -> None:
    """Create or update all tables. Safe to repeat."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def prepare_if_empty(argv: list[str]) -> None:
    """Give a fresh embedded instance its tables before a command that needs them.

    `argv` is the command line of manage.py. So `NETCRM_DATA=new/folder manage.py create_member ...` works as the
    first command ever. A grown instance is migrated by its own step, once, before its processes start.
    """
    if not settings.EMBEDDED or len(argv) < 2 or argv[1] in WITHOUT_TABLES:
        return
    if not settings.DATABASES["default"]["NAME"].exists():
        import django

        django.setup()
        prepare_database()
