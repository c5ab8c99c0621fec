#!/usr/bin/env python
"""Django's command line for netcrm."""

import os
import sys


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - this is what tells
        sys.exit("netcrm needs Python 3.11 or newer. Run it by `make run`, which finds one that is installed.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netcrm.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from accounts.disk import in_a_sentence, is_disk_full

    try:
        from netcrm.instance import check_database, keep_private, prepare_if_empty

        keep_private()
        check_database(sys.argv)
        prepare_if_empty(sys.argv)
        execute_from_command_line(sys.argv)
        sys.stdout.flush()
    except ImproperlyConfigured as problem:
        sys.exit(f"netcrm can't start: {problem}")
    except BrokenPipeError:
        # The reader, such as `head`, has seen enough. Python flushes once more at exit, which must not fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except Exception as problem:
        if not is_disk_full(problem):
            raise
        sys.exit(in_a_sentence())


if __name__ == "__main__":
    main()
