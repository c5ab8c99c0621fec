"""Write a weekly letter to a file."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.management.base import BaseCommand, CommandError

from contacts.management.owner import add_owner_argument, owned_network
from contacts.models import Network
from contacts.transfer.whole_files import whole_file
from favours.digest.letter import Letter
from favours.digest.links import Act, Subject, app_address, people_of
from favours.digest.preview import letter_now
from favours.digest.schedule import week_of
from favours.digest.sending import as_message_headers, week_key


class Command(BaseCommand):
    help = (
        "Write the weekly letter of one member as of a day into a file. Nothing is recorded or sent, and the same "
        "network, day and settings make the same file. Its links lead to pages that ask to sign in: a file is no mail."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_owner_argument(parser)
        parser.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="a day (default: today)")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE.eml", help="the file to write")

    def handle(self, *, owner: str, as_of: date | None, out: Path, **options: Any) -> None:
        network = owned_network(owner)
        day = as_of or network.today()
        letter = letter_now(network, day, addresses=_page_of)
        if letter is None:
            raise CommandError(f"In the week of {day} there is nobody to suggest, so there is no letter.")
        try:
            with whole_file(out) as unfinished:
                unfinished.write_bytes(_as_bytes(network, letter, day))
        except OSError as problem:
            raise CommandError(f"{out} can't be written: {problem.strerror}.") from problem
        self.stdout.write(f"{letter.subject}\n{out}: {out.stat().st_size:,} bytes")


def _page_of(act: Act, subject: Subject) -> str:
    return app_address(people_of(subject)[0].get_absolute_url())


def _as_bytes(network: Network, letter: Letter, day: date) -> bytes:
    """Return the message as bytes, with nothing in it that would differ between runs."""
    identity = sha256(f"{week_key(network, week_of(day))} {day}".encode()).hexdigest()[:32]
    headers = {
        **as_message_headers(network),
        "Message-ID": f"<{identity}@{urlsplit(settings.BASE_URL).hostname}>",
        "Date": format_datetime(datetime.combine(day, time(), UTC)),
    }
    mail = EmailMultiAlternatives(letter.subject, letter.text, to=[network.owner.email], headers=headers)
    mail.attach_alternative(letter.html, "text/html")
    message = mail.message()
    message.set_boundary(identity)
    return message.as_bytes()
