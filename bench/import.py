"""Measure what importing a file of contacts costs, compared with merely reading it.

    python bench/import.py [--cards 10000] [--plain] [FILE]
    python -m tests.servers python bench/import.py      the same on PostgreSQL

Without a FILE, it makes cards like those a phone exports: name, organisation, role, two phone numbers, an e-mail
address, a postal address, a birthday and a note (--plain: only a name, a phone number and an e-mail address). Reading
means running netcrm's own parser over the whole file and discarding the result; importing is what the command
`import_contacts` does, as a run that can be undone. The two take turns. The second import of each round is of the same
file again and changes nothing.

Times are means over the rounds, and each round reads before each import, because a machine's speed varies from one
second to the next. Memory is the peak increase in the process's own memory during a first import, without the pages of
SQLite's file, which the system can reclaim.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from statistics import mean
from threading import Event, Thread
from time import perf_counter

import environment  # noqa: F401 - sets Django up
from django.core.management import call_command
from django.db import connection

from accounts.models import User
from contacts.files.reading import read
from contacts.importing.running import bring_in_now
from contacts.models import Network

ROUNDS = 5
GIVEN = ["Anna", "Ben", "Clara", "Deniz", "Eva", "Jürgen", "Søren", "Zoë", "Mehmet", "Björn", "Ines", "Paweł"]
FAMILY = ["Weber", "Müller", "Okafor", "Yılmaz", "Strauß", "Lindqvist", "Novák", "de Vries", "Ferrari", "Schäfer"]
ROLES = ["tax adviser", "Architektin", "Tischler", "software developer", "Hebamme", "bookseller", "Lehrer"]
CITIES = [("20095", "Hamburg"), ("50667", "Köln"), ("8010", "Graz"), ("4001", "Basel"), ("EX1 1AA", "Exeter")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE")
    parser.add_argument("--cards", type=int, default=10_000, metavar="N")
    parser.add_argument("--plain", action="store_true", help="cards of three lines only")
    options = parser.parse_args()
    if options.file:
        data, name = options.file.read_bytes(), options.file.name
    else:
        data, name = made_up(options.cards, is_plain=options.plain), "contacts.vcf"
    call_command("migrate", verbosity=0)
    print(f"{connection.display_name} {'.'.join(map(str, connection.get_database_version()))}")
    measure(name, data)


def made_up(number: int, *, is_plain: bool) -> bytes:
    """Return a file of `number` vCards 3.0, identical on every call."""
    chance = random.Random(1)
    return "".join(card(position, chance, is_plain=is_plain) for position in range(number)).encode()


def card(position: int, chance: random.Random, *, is_plain: bool) -> str:
    given, family = chance.choice(GIVEN), f"{chance.choice(FAMILY)}-{chance.choice(FAMILY)}"
    lines = [f"N:{family};{given};;;", f"FN:{given} {family}", f"TEL;TYPE=CELL:+49 151 {position:08d}"]
    lines.append(f"EMAIL;TYPE=INTERNET:person{position}@example.org")
    if not is_plain:
        postcode, city = chance.choice(CITIES)
        role = chance.choice(ROLES)
        lines += [
            f"UID:{position:032x}",
            f"ORG:{family} & Partner {position % 500};",
            f"TITLE:{role}",
            f"TEL;TYPE=WORK,VOICE:+49 40 {position:07d}",
            f"ADR;TYPE=WORK:;;{family}weg {position % 90 + 1};{city};;{postcode};",
            f"BDAY:19{position % 70 + 30}-{position % 12 + 1:02d}-{position % 28 + 1:02d}",
            f"NOTE:Met at the fair in {city}\\, knows a lot about {chance.choice(ROLES)}s.",
            "CATEGORIES:Fair",
        ]
    return "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""])


def measure(name: str, data: bytes) -> None:
    """Print the times of reading and importing, their ratio, and the memory."""
    before = own_memory()
    with Watch() as watch:
        bring_in_now(new_network("memory@example.org"), name=name, data=data)

    reads, imports, repeats = [], [], []
    entries = 0
    for position in range(ROUNDS):
        network = new_network(f"member{position}@example.org")
        for times in (imports, repeats):
            started = perf_counter()
            entries = sum(1 for _entry in read(data))
            reads.append(perf_counter() - started)
            started = perf_counter()
            run = bring_in_now(network, name=name, data=data)
            times.append(perf_counter() - started)
            assert run.state == "done", run.problem
    reading = mean(reads)
    print(f"{entries} entries, {len(data) / 1e6:.1f} MB")
    print(f"  reading       {reading:7.2f} s")
    print(f"  importing     {mean(imports):7.2f} s   {mean(imports) / reading:5.1f} times reading")
    print(f"  same again    {mean(repeats):7.2f} s   {mean(repeats) / reading:5.1f} times reading")
    print(f"  memory        {watch.peak - before:7.0f} MB more at the peak")


def new_network(email: str) -> Network:
    return Network.objects.create(owner=User.objects.create_user(email))


class Watch(Thread):
    """Samples the memory of the process every few milliseconds; `peak` is the maximum seen, in MB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0.0
        self._is_over = Event()

    def run(self) -> None:
        while not self._is_over.wait(0.01):
            self.peak = max(self.peak, own_memory())

    def __enter__(self) -> Watch:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._is_over.set()
        self.join()


def own_memory() -> float:
    """Return the process's private memory in MB, as reported by Linux."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) / 1024


if __name__ == "__main__":
    main()
