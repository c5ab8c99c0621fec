"""Measure how fast the weekly letters of many members go out who are all due in the same minute.

    python bench/digest.py [--members 10000] [--workers 2]
    python -m tests.servers python bench/digest.py      the same on PostgreSQL

Each member has a few contacts, needs and offers, so that each letter has to choose its people. The workers do what the
tasks do: compose the letter of the week's round, put it into the outbox, and hand it to a mail server on this machine.
The rounds are made before, as the sweep does at the week's start; --with-rounds leaves that to the letters. For
comparison a bare loop sends the same ready-made messages over one connection to the same server. Everything shares two
cores. Queries are counted for the letters alone; memory is what the workers take after a tenth and at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import shutil
import smtplib
import sys
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import django
import psutil
from aiosmtpd.controller import Controller

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "netcrm.settings"
os.environ["NETCRM_SECRET_KEY"] = "only to load the settings"
os.environ["NETCRM_DATA"] = tempfile.mkdtemp(prefix="netcrm-bench-")
os.environ["DATABASE_URL"] = os.environ.get("NETCRM_TEST_DATABASE_URL", "")
os.environ["NETCRM_LOG_LEVEL"] = "ERROR"

from tests.servers import free_port

PORT = free_port()
os.environ["NETCRM_MAIL_URL"] = f"smtp://127.0.0.1:{PORT}"
django.setup()

from django.conf import settings  # noqa: E402 - the settings come first
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import OutgoingMail, User  # noqa: E402
from accounts.outbox import send_due_mail  # noqa: E402
from accounts.transport import message_of  # noqa: E402
from contacts.models import Contact, Line, Network  # noqa: E402
from favours.digest.sending import due_networks, write_letters  # noqa: E402
from favours.models import LetterSettings  # noqa: E402
from favours.tasks import LETTERS_AT_ONCE, make_rounds  # noqa: E402

PEOPLE = [
    ("Jana", "seeks", "a tax adviser for her studio"),
    ("Markus", "offers", "tax adviser"),
    ("Lea", "seeks", "a room for a workshop"),
    ("Omar", "seeks", "somebody who repairs pianos"),
    ("Clara", "interest", "timber construction"),
    ("Deniz", "offers", "print design"),
]
BARE = 2000
"""As many messages the bare loop sends at most."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--members", type=int, default=10_000, metavar="N")
    parser.add_argument("--workers", type=int, default=2, metavar="N")
    parser.add_argument("--with-rounds", action="store_true", help="make the rounds with the letters")
    options = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    call_command("migrate", verbosity=0)
    print(f"{connection.display_name}, {options.members:,} members, {options.workers} workers")
    plant(options.members)
    context = multiprocessing.get_context("fork")
    due = due_networks(timezone.now(), options.members)
    if not options.with_rounds:
        begun = perf_counter()
        make_rounds(network_ids=due)
        print(
            f"rounds of the week made before: {options.members / (perf_counter() - begun):,.0f} a second, one process"
        )
    connections.close_all()
    ready = context.Event()
    sink = context.Process(target=take_mail, args=(ready,), daemon=True)
    sink.start()
    ready.wait()
    batches: Any = context.Queue()
    figures: Any = context.Queue()
    size = max(1, min(LETTERS_AT_ONCE, len(due) // (10 * options.workers)))
    for start in range(0, len(due), size):
        batches.put(due[start : start + size])
    for _worker in range(options.workers):
        batches.put(None)
    begun = perf_counter()
    workers = [context.Process(target=work, args=(batches, figures)) for _number in range(options.workers)]
    for worker in workers:
        worker.start()
    reports = [figures.get() for _worker in workers]
    for worker in workers:
        worker.join()
    rate = options.members / (perf_counter() - begun)
    sent = OutgoingMail.objects.filter(state=OutgoingMail.State.SENT).count()
    bare_rate, length = send_bare()
    sink.terminate()
    print(f"sent {sent:,} of {options.members:,}: {rate:,.0f} mails/s")
    print(f"bare loop on one connection, {length / 1000:.1f} kB a message: {bare_rate:,.0f} mails/s")
    print(f"ratio {rate / bare_rate:.3f} = 1/{bare_rate / rate:.1f}")
    for first, last, early, late in reports:
        print(
            f"a worker: {first:.2f} queries per member at first, {last:.2f} at last; {early:.0f} MB, then {late:.0f} MB"
        )
    shutil.rmtree(settings.DATA_DIR)


def plant(members: int) -> None:
    """Members with six contacts each, whose letter is due at this hour."""
    now = timezone.now()
    local = now.astimezone(User().zone)
    users = User.objects.bulk_create([User(email=f"member{number}@example.org") for number in range(members)], 500)
    networks = Network.objects.bulk_create([Network(owner=user) for user in users], 500)
    today = local.date()
    LetterSettings.objects.bulk_create(
        [
            LetterSettings(network=network, weekday=local.isoweekday(), hour=local.hour, next_digest_at=now)
            for network in networks
        ],
        500,
    )
    contacts = Contact.objects.bulk_create(
        [
            Contact(network=network, given_name=name, shown_name=f"{name} Weber", sort_name=f"{name} weber".lower())
            for network in networks
            for name, _kind, _text in PEOPLE
        ],
        500,
    )
    Line.objects.bulk_create(
        [
            Line(
                network_id=contact.network_id,
                contact=contact,
                kind=PEOPLE[number % len(PEOPLE)][1],
                text=PEOPLE[number % len(PEOPLE)][2],
                noted_on=today - timedelta(days=number % 60),
            )
            for number, contact in enumerate(contacts)
        ],
        500,
    )


def work(batches: Any, figures: Any) -> None:
    """A worker: write the letters of one batch after the other, and send what is in the outbox."""
    counted: list[float] = []
    memory: list[float] = []
    while (batch := batches.get()) is not None:
        counted.append(write_counted(batch))
        send_due_mail()
        memory.append(psutil.Process().memory_info().rss / 1e6)
    while send_due_mail():
        pass
    tenth = max(1, len(counted) // 10)
    figures.put((mean(counted[:tenth]), mean(counted[-tenth:]), memory[tenth - 1], memory[-1]))


def write_counted(batch: Sequence[int]) -> float:
    """Write the letters of a batch; how many queries that took for each member."""
    queries = 0

    def count(execute: Any, *arguments: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*arguments)

    with connection.execute_wrapper(count):
        write_letters(batch)
    return queries / len(batch)


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def send_bare() -> tuple[float, float]:
    """Send ready-made messages in a bare loop; messages a second, and their mean size in bytes."""
    mails = list(OutgoingMail.objects.exclude(text="")[:BARE])
    ready_made = [message_of(mail).message().as_bytes(linesep="\r\n") for mail in mails]
    with smtplib.SMTP("127.0.0.1", PORT) as server:
        begun = perf_counter()
        for mail, message in zip(mails, ready_made, strict=True):
            server.sendmail("netcrm@localhost", [mail.recipient], message)
        taken = perf_counter() - begun
    return len(mails) / taken, mean([len(message) for message in ready_made])


class Sink:
    """A mail server that takes everything and keeps nothing."""

    async def handle_DATA(self, *_mail: Any) -> str:  # noqa: N802 - aiosmtpd's name
        return "250 OK"


def take_mail(ready: Any) -> None:
    Controller(Sink(), hostname="127.0.0.1", port=PORT).start()
    ready.set()
    asyncio.new_event_loop().run_forever()


if __name__ == "__main__":
    main()
