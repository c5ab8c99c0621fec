"""Measure what it costs to make one week's list of suggestions.

    python bench/suggestions.py [--contacts 100,1000,10000]

Each network has two topics per contact (things they seek, offer or like, heard over the last year), a role, help logged
once, fifty kept tips and eight earlier lists. The output is the processor time with a cold and with a warm text index,
the number of queries, the time to read a finished list, the peak memory of the process, and the kind and score of each
suggestion.
"""

from __future__ import annotations

import argparse
import random
import resource
from datetime import timedelta
from time import process_time

import environment  # noqa: F401 - sets Django up
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from contacts.matching import texts
from contacts.middleware import network_of
from contacts.models import Contact, Network, Topic
from favours.journal.writing import Entry, log_favours
from favours.models import TipBoxItem
from favours.suggestions.rounds import current_round, make_round, preview

KINDS = ["seeks"] * 2 + ["offers"] * 2 + ["interest"]
WHAT = ["Steuer", "Zimmer", "Grafik", "Garten", "Musik", "Rechts", "Daten", "Foto", "Bau", "Sprach", "Holz", "Metall"]
WHO = ["beraterin", "meister", "lehrer", "anwalt", "planung", "werkstatt", "gruppe", "agentur", "händler", "kurs"]
WHERE = ["in Wien", "in Graz", "for spring", "für den Verein", "in a small studio", "am Wochenende", "online", ""]


def phrase(chance: random.Random) -> str:
    return f"{chance.choice(WHAT)}{chance.choice(WHO)} {chance.choice(WHERE)} {chance.randrange(400)}".strip()


def filled_network(size: int) -> Network:
    """Return a network of this many contacts, with everything that suggestions are based on."""
    chance = random.Random(size)
    network = network_of(User.objects.create_user(f"m{size}@example.org"))
    today = network.today()
    people = Contact.objects.bulk_create(
        [
            Contact(
                network=network,
                display_name=f"Person {number}",
                sort_name=f"person {number}",
                organisation=f"Company {number % 997}",
                role=phrase(chance),
                connected_on=today - timedelta(days=chance.randrange(3000)),
                would_call=number % 5 == 0,
            )
            for number in range(size)
        ],
        batch_size=500,
    )
    Topic.objects.bulk_create(
        [
            Topic(
                network=network,
                contact=person,
                kind=chance.choice(KINDS),
                text=phrase(chance),
                noted_on=today - timedelta(days=chance.randrange(365)),
            )
            for person in people
            for _line in range(2)
        ],
        batch_size=500,
    )
    TipBoxItem.objects.bulk_create(
        TipBoxItem(network=network, text=phrase(chance), kept_on=today) for _tip in range(50)
    )
    log_favours(
        network,
        [
            Entry(direction="give", kind="tip", contacts=[person], day=today - timedelta(days=chance.randrange(900)))
            for person in people
        ],
    )
    network.mark_texts_changed([])
    for week in range(8, 0, -1):
        make_round(network, today - timedelta(weeks=week))
    return network


def measure(size: int) -> None:
    network = filled_network(size)
    day = network.today()
    texts._kept.clear()
    began = process_time()
    preview(network, day)
    cold = process_time() - began
    with CaptureQueriesContext(connection) as captured:
        preview(network, day)
    warm = min(timed(network) for _round in range(3))
    listed = [f"{each.signals[0].kind} {each.score:.1f}" for each in make_round(network, day).listed]
    began = process_time()
    current_round(network, day)
    reading = process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{size:6} contacts: cold {cold:.2f} s, warm {warm:.2f} s, {len(captured)} queries; "
        f"reading it {reading * 1000:.1f} ms; peak {peak:.0f} MB; {', '.join(listed)}"
    )


def timed(network: Network) -> float:
    began = process_time()
    preview(network, network.today())
    return process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--contacts", default="100,1000,10000")
    sizes = [int(size) for size in parser.parse_args().contacts.split(",")]
    call_command("migrate", verbosity=0)
    for size in sizes:
        measure(size)


if __name__ == "__main__":
    main()
