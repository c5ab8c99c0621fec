"""Measure what the recomputation of a network's summary costs.

    python bench/recompute.py [--favours 1000,10000,...] [--networks 100,100000]
    python -m tests.servers python bench/recompute.py      the same on PostgreSQL

The first part makes one network with ten thousand contacts and more and more favours, spread evenly over four years: a
quarter of them lies in the window. It compares a recomputation of every figure from nothing with the bare aggregate
`SELECT direction, month, kind, count(*)` over the favours of that window, and over all favours, in the same run.

The second part makes more and more small networks in one database, and one worker brings some of them up to date after
a change that touches the running summary and the last complete month.

Times are the shortest of several rounds, in which all that is compared takes turns. Memory is what the process came to
take beyond what it took before, at its peak.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "netcrm.settings"
os.environ["NETCRM_SECRET_KEY"] = "only to load the settings"
os.environ["NETCRM_DATA"] = tempfile.mkdtemp(prefix="netcrm-bench-")
os.environ["DATABASE_URL"] = os.environ.get("NETCRM_TEST_DATABASE_URL", "")
django.setup()

from django.core.management import call_command  # noqa: E402 - the settings come first
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from contacts.models import Contact, Network  # noqa: E402
from favours import summaries  # noqa: E402
from favours.models import Favour, Participation  # noqa: E402
from favours.reciprocity import Window, network_figures  # noqa: E402

AS_OF = timezone.localdate().replace(day=1) - timedelta(days=1)
"""A whole year lies in the window only on the last day of a month."""
DAYS = 4 * 365
CONTACTS = 10_000
ROUNDS = 5
BATCH = 5_000

DIRECTIONS = ["give"] * 3 + ["receive"] * 2
KINDS = ["tip"] * 8 + ["introduction"] * 4 + ["recommendation"] * 3 + ["advice"] * 2 + ["support", "other"]
PEOPLE = [1] * 7 + [2] * 2 + [3]

CONTACTS_OF_SMALL = 4
FAVOURS_OF_SMALL = 6
RECOMPUTED_OF_SMALL = 400


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--favours", type=sizes, default=[10**3, 10**4, 10**5, 10**6], metavar="N,N,...")
    parser.add_argument("--networks", type=sizes, default=[10**2, 10**5], metavar="N,N,...")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    print(f"{connection.display_name} {'.'.join(map(str, connection.get_database_version()))}")
    measure_one_network(options.favours)
    measure_many_networks(options.networks)


def sizes(text: str) -> list[int]:
    """Growing numbers, separated by commas."""
    return sorted(int(part) for part in text.split(","))


def measure_one_network(totals: Sequence[int]) -> None:
    """Print, for each number of favours, the time of a recomputation and its ratio to the bare aggregate."""
    draw = random.Random(1)
    network = make_networks(0, 1)[0]
    contacts = make_contacts(network, CONTACTS)
    print("  favours   recompute   aggregate   ratio   over all favours   ratio    memory")
    made = 0
    for total in totals:
        log(draw, ((network, contacts) for _ in range(total - made)))
        made = total
        refresh_statistics()
        network_figures(network, AS_OF)  # What is read for the first time comes from the disk.
        recompute, in_window, over_all = times(
            lambda: network_figures(network, AS_OF),
            lambda: bare_aggregate(network, Window.ending(AS_OF).first),
            lambda: bare_aggregate(network, date.min),
        )
        memory = peak_memory(lambda: network_figures(network, AS_OF))
        print(
            f"{total:>9}{recompute * 1000:>9.1f} ms{in_window * 1000:>9.1f} ms{recompute / in_window:>7.1f}x"
            f"{over_all * 1000:>16.1f} ms{recompute / over_all:>7.1f}x{memory:>7.1f} MB"
        )


def measure_many_networks(totals: Sequence[int]) -> None:
    """Print, for each number of networks, how many of them a worker brings up to date in a second."""
    draw = random.Random(2)
    networks: list[Network] = []
    print(" networks   recomputes per second   finding those behind    memory")
    for total in totals:
        for start in range(len(networks), total, BATCH):
            made = make_networks(start + 1, min(BATCH, total - start))
            people = {network: make_contacts(network, CONTACTS_OF_SMALL) for network in made}
            log(draw, (owner for owner in people.items() for _ in range(FAVOURS_OF_SMALL)))
            networks += made
        refresh_statistics()
        chosen = draw.choices(networks, k=RECOMPUTED_OF_SMALL)
        work = partial(bring_up_to_date, chosen)
        work()
        taken, finding = times(work, lambda: summaries.networks_behind(BATCH))
        print(f"{total:>9}{len(chosen) / taken:>24.0f}{finding * 1000:>20.1f} ms{peak_memory(work):>7.1f} MB")


def make_networks(start: int, count: int) -> list[Network]:
    members = [User(email=f"member{number}@example.org") for number in range(start, start + count)]
    User.objects.bulk_create(members, batch_size=BATCH)
    return Network.objects.bulk_create([Network(owner=member) for member in members], batch_size=BATCH)


def make_contacts(network: Network, count: int) -> list[Contact]:
    names = (f"Contact {number}" for number in range(count))
    return Contact.objects.bulk_create(
        [Contact(network=network, shown_name=name, sort_name=name) for name in names], batch_size=BATCH
    )


def log(draw: random.Random, owners: Iterator[tuple[Network, Sequence[Contact]]]) -> None:
    """Store a favour for each pair of a network and its contacts, without the checks that take most of the time.

    A few contacts take part in many favours and many in a few; a give in fifty passes something on.
    """
    while batch := list(islice(owners, BATCH)):
        favours: dict[str, list[Favour]] = {"receive": [], "give": []}
        participations: list[Participation] = []
        for network, contacts in batch:
            favour = Favour(
                network=network,
                direction=draw.choice(DIRECTIONS),
                kind=draw.choice(KINDS),
                day=AS_OF - timedelta(days=draw.randrange(DAYS)),
            )
            received = favours["receive"]
            if favour.direction == "give" and draw.randrange(50) == 0 and received and received[-1].network == network:
                favour.passes_on = received[-1]
            favours[favour.direction].append(favour)
            people = {int(len(contacts) * draw.random() ** 2) for _ in range(draw.choice(PEOPLE))}
            participations += [part(favour, contacts[person], 1 / len(people)) for person in people]
        for drafts in favours.values():
            Favour.objects.bulk_create(drafts)
        Participation.objects.bulk_create(participations)


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
    """What PostgreSQL's autovacuum does within a minute. SQLite keeps no statistics in netcrm."""
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
    """What the worker does after an entry of two months ago."""
    for network in networks:
        network.mark_changed(network.today() - timedelta(days=60))
        summaries.recompute(network)


def times(*acts: Callable[[], object]) -> list[float]:
    """The seconds that each act takes at best."""
    taken: list[list[float]] = [[] for _ in acts]
    for _ in range(ROUNDS):
        for number, act in enumerate(acts):
            gc.collect()
            start = perf_counter()
            act()
            taken[number].append(perf_counter() - start)
    return [min(seconds) for seconds in taken]


def peak_memory(act: Callable[[], object]) -> float:
    """The megabytes that this process takes more while it does the act, by the kernel's high-water mark."""
    Path("/proc/self/clear_refs").write_text("5")
    before = memory("VmRSS")
    act()
    return (memory("VmHWM") - before) / 1024


def memory(name: str) -> int:
    """A figure of this process in kB, as in Linux's /proc/self/status."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


if __name__ == "__main__":
    try:
        main()
    finally:
        shutil.rmtree(os.environ["NETCRM_DATA"])
