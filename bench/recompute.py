"""Measure what recomputing a network's summary costs.

    python bench/recompute.py [--favours 1000,10000,...] [--networks 100,100000]
    python -m tests.servers python bench/recompute.py      the same on PostgreSQL

The first part makes one network with ten thousand contacts and a growing number of favours, spread evenly over four
years, so that a quarter of them falls into the window. In the same run it compares recomputing every figure from
scratch with the bare aggregate `SELECT direction, month, kind, count(*)`, over the favours of that window and over all
favours.

The second part makes one database with a hundred small networks and one with many copies of them. For each in turn, a
worker brings a hundred networks up to date after a change that affects the running summary and the last complete month:
once always the same hundred, and once different ones each time, whose rows are in no cache.

The cases to compare take turns, and each time is the median of the rounds. Ratios are of processor time, which other
programs on the machine hardly affect: that of this process and, on PostgreSQL, of its server process (which is why no
query runs in parallel workers). Memory is the peak increase over the process's initial memory.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple

from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.models import Model, UUIDField
from django.utils import timezone
from environment import folder

from accounts.models import User
from contacts.database.bulk import insert, insert_with_keys
from contacts.models import Contact, Network
from favours.models import Favour, Participation
from favours.reciprocity import Window, network_figures, summaries

AS_OF = timezone.localdate().replace(day=1) - timedelta(days=1)
"""The day of the computation: the last of a month, because only then does the window cover a whole year."""
DAYS = 4 * 365
CONTACTS = 10_000
ROUNDS = 5
BATCH = 5_000

DIRECTIONS = ["give"] * 3 + ["receive"] * 2
KINDS = ["tip"] * 8 + ["introduction"] * 4 + ["recommendation"] * 3 + ["advice"] * 2 + ["support", "other"]
PEOPLE = [1] * 7 + [2] * 2 + [3]

CONTACTS_OF_SMALL = 4
FAVOURS_OF_SMALL = 6
DIFFERENT_NETWORKS = 100
RECOMPUTED_OF_SMALL = 100
ROUNDS_OF_SMALL = 7

NETWORK_MODELS: list[type[Model]] = [User, Network, Contact, Favour, Participation]
"""The models of a small network, each before those that refer to it."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--favours", type=sizes, default=[10**3, 10**4, 10**5, 10**6], metavar="N,N,...")
    parser.add_argument("--networks", type=sizes, default=[10**2, 10**5], metavar="N,N,...")
    options = parser.parse_args()
    os.environ["PGOPTIONS"] = "-c max_parallel_workers_per_gather=0"
    call_command("migrate", verbosity=0)
    print(f"{connection.display_name} {'.'.join(map(str, connection.get_database_version()))}")
    measure_one_network(options.favours)
    measure_many_networks(options.networks)


class Cost(NamedTuple):
    """Wall-clock and processor time, in seconds."""

    wall: float
    processor: float


def sizes(text: str) -> list[int]:
    """Parse comma-separated numbers and return them in ascending order."""
    return sorted(int(part) for part in text.split(","))


def measure_one_network(totals: Sequence[int]) -> None:
    """Print, for each number of favours, the time of a recomputation and its ratio to the bare aggregate."""
    draw = random.Random(1)
    network = make_networks(1)[0]
    contacts = make_contacts(network, CONTACTS)
    print("  favours   recompute   aggregate   ratio   over all favours   ratio    memory")
    made = 0
    for total in totals:
        log(draw, ((network, contacts) for _ in range(total - made)))
        made = total
        refresh_statistics()
        network_figures(network, AS_OF)  # The first read comes from disk.
        recompute, in_window, over_all = costs(
            ROUNDS,
            lambda: network_figures(network, AS_OF),
            lambda: bare_aggregate(network, Window.ending(AS_OF).first),
            lambda: bare_aggregate(network, date.min),
        )
        memory = peak_memory(lambda: network_figures(network, AS_OF))
        print(
            f"{total:>9}{recompute.wall * 1000:>9.1f} ms{in_window.wall * 1000:>9.1f} ms"
            f"{recompute.processor / in_window.processor:>7.1f}x{over_all.wall * 1000:>16.1f} ms"
            f"{recompute.processor / over_all.processor:>7.1f}x{memory:>7.1f} MB"
        )


def measure_many_networks(totals: Sequence[int]) -> None:
    """Print, for each number of networks, a worker's cost of bringing one of them up to date."""
    draw = random.Random(2)
    networks = {total: make_database(draw, total) for total in totals}
    same = {total: draw.sample(made, RECOMPUTED_OF_SMALL) for total, made in networks.items()}

    def work(total: int, chosen: Callable[[], Sequence[Network]]) -> Callable[[], None]:
        def in_its_database() -> None:
            with using(database_name(total)):
                bring_up_to_date(chosen())

        return in_its_database

    print("The same hundred networks again and again, and others each time")
    print(" networks   recomputes per second   processor time   ratio    memory   finding those behind")
    for choices in (same.__getitem__, lambda total: draw.sample(networks[total], RECOMPUTED_OF_SMALL)):
        acts = [work(total, partial(choices, total)) for total in totals]
        costs(1, *acts)
        taken = costs(ROUNDS_OF_SMALL, *acts)
        for total, act, cost in zip(totals, acts, taken, strict=True):
            with using(database_name(total)):
                [finding] = costs(ROUNDS_OF_SMALL, lambda: summaries.networks_behind(BATCH))
            print(
                f"{total:>9}{RECOMPUTED_OF_SMALL / cost.wall:>24.0f}"
                f"{cost.processor / RECOMPUTED_OF_SMALL * 1000:>14.2f} ms{cost.processor / taken[0].processor:>7.2f}x"
                f"{peak_memory(act):>7.1f} MB{finding.wall * 1000:>20.1f} ms"
            )


def database_name(networks: int) -> str:
    return f"networks_{networks}"


def make_database(draw: random.Random, total: int) -> list[Network]:
    """Create a database with this many small networks, and return them."""
    name = database_name(total)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
    connections.databases[name] = {**connections.databases["default"], "NAME": name}
    if connection.vendor == "sqlite":
        connections.databases[name]["NAME"] = folder / f"{name}.sqlite3"
    with using(name):
        call_command("migrate", verbosity=0)
        networks = make_networks(DIFFERENT_NETWORKS)
        people = {network: make_contacts(network, CONTACTS_OF_SMALL) for network in networks}
        log(draw, (owner for owner in people.items() for _ in range(FAVOURS_OF_SMALL)))
        multiply(total // DIFFERENT_NETWORKS)
        refresh_statistics()
        return list(Network.objects.all())


def multiply(times: int) -> None:
    """Multiply the number of networks by copying all that exist."""
    stride = max(model._base_manager.latest("pk").pk for model in NETWORK_MODELS)
    identifier = "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"
    for model in NETWORK_MODELS:
        values = {}
        for field in model._meta.concrete_fields:
            values[field.column] = f"original.{field.column}"
            if field.primary_key or field.related_model in NETWORK_MODELS:
                values[field.column] += f" + copy.number * {stride}"
            elif isinstance(field, UUIDField) and field.unique:
                values[field.column] = identifier
            elif field.unique:
                values[field.column] = f"copy.number || original.{field.column}"
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH RECURSIVE copy (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM copy WHERE number < %s)"
                f" INSERT INTO {model._meta.db_table} ({', '.join(values)}) SELECT {', '.join(values.values())}"
                f" FROM {model._meta.db_table} AS original CROSS JOIN copy WHERE copy.number < %s ORDER BY 1",
                [times, times],
            )


@contextmanager
def using(database: str) -> Iterator[None]:
    """Send all queries in the block to another database."""
    default = connections["default"]
    connections["default"] = connections[database]
    try:
        yield
    finally:
        connections["default"] = default


def make_networks(count: int) -> list[Network]:
    members = [User(email=f"member{number}@example.org") for number in range(count)]
    User.objects.bulk_create(members, batch_size=BATCH)
    return Network.objects.bulk_create([Network(owner=member) for member in members], batch_size=BATCH)


def make_contacts(network: Network, count: int) -> list[Contact]:
    names = (f"Contact {number}" for number in range(count))
    return Contact.objects.bulk_create(
        [Contact(network=network, display_name=name, sort_name=name) for name in names], batch_size=BATCH
    )


def log(draw: random.Random, owners: Iterator[tuple[Network, Sequence[Contact]]]) -> None:
    """Store a favour for each pair of a network and its contacts, without the checks that take most of the time.

    A few contacts take part in many favours and most in few; one in fifty favours given passes something on.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = -1000000")  # Rows are inserted at random places in the indexes.
    while batch := list(islice(owners, BATCH)):
        favours: dict[str, list[Favour]] = {"receive": [], "give": []}
        takes_part: list[tuple[Favour, Contact, float]] = []
        passes_on: list[tuple[Favour, Favour]] = []
        for network, contacts in batch:
            favour = Favour(
                network=network,
                direction=draw.choice(DIRECTIONS),
                kind=draw.choice(KINDS),
                day=AS_OF - timedelta(days=draw.randrange(DAYS)),
            )
            received = favours["receive"]
            if favour.direction == "give" and draw.randrange(50) == 0 and received and received[-1].network == network:
                passes_on.append((favour, received[-1]))
            favours[favour.direction].append(favour)
            people = {int(len(contacts) * draw.random() ** 2) for _ in range(draw.choice(PEOPLE))}
            takes_part += [(favour, contacts[person], 1 / len(people)) for person in people]
        with transaction.atomic():
            insert_with_keys(favours["receive"])
            for favour, received_favour in passes_on:
                favour.passes_on = received_favour
            insert_with_keys(favours["give"])
            insert(part(*each) for each in takes_part)
    connection.close()  # The next connection has the cache size of netcrm's settings again.


def part(favour: Favour, contact: Contact, share: float) -> Participation:
    return Participation(
        network=favour.network,
        favour=favour,
        contact=contact,
        day=favour.day,
        direction=favour.direction,
        kind=favour.kind,
        share=share,
    )


def refresh_statistics() -> None:
    """Vacuum and analyze, as PostgreSQL does by itself within a minute. SQLite has no statistics for these tables."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def bare_aggregate(network: Network, first: date) -> None:
    month = "substr(day, 1, 7)" if connection.vendor == "sqlite" else "date_trunc('month', day)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT direction, {month} AS month, kind, count(*) FROM favours_favour"
            " WHERE network_id = %s AND deleted_at IS NULL AND day BETWEEN %s AND %s GROUP BY direction, month, kind",
            [network.pk, first, AS_OF],
        )
        cursor.fetchall()


def bring_up_to_date(networks: Sequence[Network]) -> None:
    """Bring summaries up to date as the worker does after an entry dated two months ago."""
    for network in networks:
        network.mark_changed(network.today() - timedelta(days=60))
        assert summaries.claim(Network.objects.select_related("owner").get(pk=network.pk))
        assert summaries.recompute(network)


def costs(rounds: int, *acts: Callable[[], object]) -> list[Cost]:
    """Return the median cost of each act over this many rounds."""
    taken: list[list[Cost]] = [[] for _ in acts]
    for _ in range(rounds):
        for act, costs_of_act in zip(acts, taken, strict=True):
            gc.collect()
            wall, processor = perf_counter(), processor_time()
            act()
            costs_of_act.append(Cost(perf_counter() - wall, processor_time() - processor))
    return [Cost(*map(median, zip(*costs_of_act, strict=True))) for costs_of_act in taken]


def processor_time() -> float:
    """Return the seconds of processor time used by this process and by the server processes of its connections."""
    servers = 0
    for each in connections.all(initialized_only=True):
        if each.vendor == "postgresql" and each.connection is not None:
            servers += int(Path(f"/proc/{each.connection.info.backend_pid}/schedstat").read_text().split()[0])
    return process_time() + servers / 1e9


def peak_memory(act: Callable[[], object]) -> float:
    """Return the megabytes this process adds while performing the act, by the kernel's high-water mark."""
    Path("/proc/self/clear_refs").write_text("5")
    before = memory("VmRSS")
    act()
    return (memory("VmHWM") - before) / 1024


def memory(name: str) -> int:
    """Return a value in kB from Linux's /proc/self/status for this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


if __name__ == "__main__":
    main()
