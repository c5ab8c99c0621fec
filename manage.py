#!/usr/bin/env python
"""Django's command line for netcrm."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netcrm.settings")
    from django.core.management import execute_from_command_line

    from netcrm.instance import prepare_if_empty

    prepare_if_empty(sys.argv)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
