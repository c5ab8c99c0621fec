"""`manage.py reset_password EMAIL`: sets a new password for a member who can't sign in, without mail."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.management.password_prompt import ask_password
from accounts.members import allow_password_again, password_link, set_password
from accounts.models import User


class Command(BaseCommand):
    help = (
        "Set a member's password. Without --password-stdin it asks for the password; with --link, or where there is "
        "no terminal to ask, it prints a one-time link by which the member sets one. Either way the sign-in with the "
        "password is free again at once, if it was tried too often."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL", help="the address that the member signs in with")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
        how.add_argument("--link", action="store_true", help="print a link instead, for the member to choose one")

    def handle(self, *, email: str, password_stdin: bool, link: bool, **options: Any) -> None:
        """Set the password or print the link, or exit with status 1 and the reason."""
        member = User.objects.filter(email=email.strip().lower()).first()
        if member is None:
            raise CommandError(f"There is no member with the address {email}.")
        password = None if link else ask_password(member.email, from_stdin=password_stdin)
        if password is None:
            allow_password_again(member)
            self.stdout.write(f"Set the password here (once, within three days): {password_link(member)}")
            return
        try:
            validate_password(password, member)
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        set_password(member, password)
        self.stdout.write(f"{member.email} has a new password, and is signed out everywhere.")
