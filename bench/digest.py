"""Measure how fast weekly letters go out when those of many members fall due in the same minute.

    python bench/digest.py [--members 10000] [--workers 2]
    python -m tests.servers python bench/digest.py      the same on PostgreSQL

Each member has a few contacts, needs and offers, so that every letter has to choose its people. The workers do what the
tasks do: compose the letter of the week's round, put it into the outbox, and hand it to a mail server on this machine.
The rounds are made beforehand, as the sweep does at the start of the week; --with-rounds leaves them to the letters.
For comparison, a bare loop sends the same ready-made messages over one connection to the same server. Everything shares
two cores. Queries are counted only while letters are written; memory is that of the workers after a tenth of the work
and at the end.

Mails per second depend on whatever else runs on the machine; the processor time per mail, taken by the processes that
compose and send it and by the mail server, depends on it less. It excludes the time of a database server.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import smtplib
import socket
from collections.abc import Sequence
from datetime import timedelta
from time import perf_counter, process_time
from typing import Any, NamedTuple

import psutil
from aiosmtpd.controller import Controller

os.environ["NETCRM_LOG_LEVEL"] = "ERROR"

with socket.create_server(("127.0.0.1", 0)) as free:
    PORT = free.getsockname()[1]
os.environ["NETCRM_MAIL_URL"] = f"smtp://127.0.0.1:{PORT}"

import environment  # Sets Django up, after the variables above.
from django.db import connection
from django.utils import timezone

from accounts.mail.message import message_bytes
from accounts.mail.outbox import send_due_mail
from accounts.models import OutgoingMail, User
from contacts.models import Contact, Network, Topic
from favours.digest.sending import due_networks, write_letters
from favours.models import LetterSettings
from favours.tasks import NETWORKS_AT_ONCE, make_rounds

PEOPLE = [
    ("Jana", "seeks", "a tax adviser for her studio"),
    ("Markus", "offers", "tax adviser"),
    ("Lea", "seeks", "a room for a workshop"),
    ("Omar", "seeks", "somebody who repairs pianos"),
    ("Clara", "interest", "timber construction"),
    ("Deniz", "offers", "print design"),
]
BARE = 2000
"""Maximum messages in the bare loop."""


def main() -> None:
    parser = environment.parser_for_members(__doc__)
    parser.add_argument("--with-rounds", action="store_true", help="make the rounds with the letters")
    options = parser.parse_args()
    environment.begin(options)
    plant(options.members)
    context = multiprocessing.get_context("fork")
    due = due_networks(timezone.now(), options.members)
    environment.hang_up()
    if not options.with_rounds:
        make_rounds_before(due, options.workers)
    environment.analyse()
    environment.hang_up()
    ready, taken = context.Event(), context.Value("i")
    sink = context.Process(target=take_mail, args=(ready, taken), daemon=True)
    sink.start()
    ready.wait()
    batches: Any = context.Queue()
    figures: Any = context.Queue()
    size = max(1, min(NETWORKS_AT_ONCE, len(due) // (10 * options.workers)))
    for start in range(0, len(due), size):
        batches.put(due[start : start + size])
    for _worker in range(options.workers):
        batches.put(None)
    before = time_of(sink)
    begun = perf_counter()
    workers = [context.Process(target=work, args=(batches, figures)) for _number in range(options.workers)]
    for worker in workers:
        worker.start()
    reports = [figures.get() for _worker in workers]
    for worker in workers:
        worker.join()
    rate = options.members / (perf_counter() - begun)
    sent = OutgoingMail.objects.filter(state=OutgoingMail.State.SENT).count()
    assert taken.value == sent == options.members, (taken.value, sent)
    between = time_of(sink)
    bare = send_bare()
    after = time_of(sink)
    sink.terminate()
    worked = 1000 * sum(report.seconds for report in reports) / options.members
    print(f"sent {sent:,}: {rate:,.0f} mails/s; {worked:.2f} ms of the processor for a mail,")
    print(f"  and {1000 * (between - before) / options.members:.2f} ms by the mail server")
    print(f"bare loop on one connection, {bare.length / 1000:.1f} kB a message: {bare.rate:,.0f} mails/s;")
    print(f"  {1000 * bare.seconds / bare.mails:.2f} ms, and {1000 * (after - between) / bare.mails:.2f} ms")
    print(f"ratio {rate / bare.rate:.3f} = 1/{bare.rate / rate:.1f}")
    for report in reports:
        print(
            f"a worker: {report.first:.2f} queries per member at first, {report.last:.2f} at last; "
            f"{report.early:.0f} MB, then {report.late:.0f} MB"
        )


def plant(members: int) -> None:
    """Create members with six contacts each and a letter due this hour."""
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
            Contact(network=network, given_name=name, display_name=f"{name} Weber", sort_name=f"{name} weber".lower())
            for network in networks
            for name, _kind, _text in PEOPLE
        ],
        500,
    )
    Topic.objects.bulk_create(
        [
            Topic(
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


def make_rounds_before(due: Sequence[int], workers: int) -> None:
    """Make the week's rounds, as the sweep does at the start of a week."""
    begun = perf_counter()
    batches = [due[start : start + NETWORKS_AT_ONCE] for start in range(0, len(due), NETWORKS_AT_ONCE)]
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        pool.map(make_rounds, batches, chunksize=1)
    print(f"rounds of the week made before: {len(due) / (perf_counter() - begun):,.0f} a second")


class Report(NamedTuple):
    """A worker's queries per member in its first and last tenth, its memory in MB at each, and its processor time."""

    first: float
    last: float
    early: float
    late: float
    seconds: float


def work(batches: Any, figures: Any) -> None:
    """Run a worker: write the letters of one batch after another, and send the mails in the outbox."""
    counted: list[float] = []
    memory: list[float] = []
    begun = process_time()
    while (batch := batches.get()) is not None:
        counted.append(write_counted(batch))
        send_due_mail()
        memory.append(psutil.Process().memory_info().rss / 1e6)
    while send_due_mail():
        pass
    tenth = max(1, len(counted) // 10)
    first, last = mean(counted[:tenth]), mean(counted[-tenth:])
    figures.put(Report(first, last, memory[tenth - 1], memory[-1], process_time() - begun))


def write_counted(batch: Sequence[int]) -> float:
    """Write the letters of a batch and return the number of queries per member."""
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


class Bare(NamedTuple):
    """Results of a bare loop: messages, messages per second, mean size in bytes, and the loop's processor time."""

    mails: int
    rate: float
    length: float
    seconds: float


def send_bare() -> Bare:
    """Send ready-made messages in a bare loop, and return the measurements."""
    mails = list(OutgoingMail.objects.exclude(text="")[:BARE])
    ready_made = [message_bytes(mail) for mail in mails]
    with smtplib.SMTP("127.0.0.1", PORT) as server:
        begun, begun_on_clock = process_time(), perf_counter()
        for mail, message in zip(mails, ready_made, strict=True):
            server.sendmail("netcrm@localhost", [mail.recipient], message)
        seconds, taken = process_time() - begun, perf_counter() - begun_on_clock
    return Bare(len(mails), len(mails) / taken, mean([len(message) for message in ready_made]), seconds)


def time_of(process: Any) -> float:
    """Return the processor time, in seconds, that another process has used so far."""
    times = psutil.Process(process.pid).cpu_times()
    return times.user + times.system


class Sink:
    """A mail server that accepts everything, counts it and keeps nothing."""

    def __init__(self, taken: Any) -> None:
        self._taken = taken

    async def handle_DATA(self, *_mail: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self._taken.value += 1
        return "250 OK"


def take_mail(ready: Any, taken: Any) -> None:
    Controller(Sink(taken), hostname="127.0.0.1", port=PORT).start()
    ready.set()
    asyncio.new_event_loop().run_forever()


if __name__ == "__main__":
    main()
