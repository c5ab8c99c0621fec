"""`manage.py create_member EMAIL`: creates a member, for example the first one of a server."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.management.password_prompt import ask_password
from accounts.members import create_member, password_link
from accounts.models import User


class Command(BaseCommand):
    help = (
        "Make a member. Without --password-stdin it asks for the password; where there is no terminal to ask, it "
        "prints a one-time link to set one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL", help="the address to sign in with")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
        parser.add_argument("--operator", action="store_true", help="the member runs the instance")

    def handle(self, *, email: str, password_stdin: bool, operator: bool, **options: Any) -> None:
        """Create the member, or exit with status 1 and the reason."""
        if User.objects.filter(email=email.strip().lower()).exists():
            raise CommandError(f"There is a member with the address {email} already.")
        password = ask_password(email, from_stdin=password_stdin)
        try:
            if password is not None:
                validate_password(password, User(email=email))
            member = create_member(email, password, operator=operator)
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        self.stdout.write(f"{member.email} is a member now.")
        if password is None:
            self.stdout.write(f"Set the password here (once, within three days): {password_link(member)}")
