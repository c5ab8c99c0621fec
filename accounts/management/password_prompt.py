"""Asks for a new password in a command, without echoing it."""

from __future__ import annotations

import getpass
import sys

from django.core.management.base import CommandError


def ask_password(email: str, *, from_stdin: bool) -> str | None:
    """Return the password typed twice, or the first line of standard input; None if there is no terminal to ask.

    Raises CommandError for an empty line, or if the two passwords differ.
    """
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            raise CommandError("Standard input holds no password.")
        return password
    if not sys.stdin.isatty():
        return None
    password = getpass.getpass(f"Password for {email}: ")
    if password != getpass.getpass("Once more: "):
        raise CommandError("The two passwords differ.")
    return password
