"""Measure how well needs find who can answer them: python bench/needs.py FOLDER [--without-time]

Prints, with 95 % intervals, how often a right line is first, among the first five and ten, and the mean reciprocal rank
(MRR), for `match` as members have it, by language and by relation, next to references: TF-IDF over sequences of 3 to 5
characters, netcrm by words only, and each engine on its own. Then, at the strength that Today and the letter show, how
many needs that nobody can answer are shown a line, and how much of what is shown is right. Then the time of a query
among 20,000 lines, and memory.

The constants were fitted on one folder, which contacts/matching/calibration.py names. Measured on that
folder, the figures are too good: for honest ones see bench/needs_fit.py. On any other folder they are honest.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from subprocess import Popen
from time import perf_counter, process_time, sleep

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import environment
import matching as reference
import numpy as np
from django.core.management import call_command
from django.test import override_settings
from need_sets import NeedSet, ranking, ranks, read_set, shown

from accounts.models import User
from contacts.matching import Kind, Match, Strength, match_all
from contacts.matching.texts import key_of
from contacts.matching.vectors import compute
from contacts.meaning import client
from contacts.meaning.encoding import Encoder
from contacts.meaning.engines import Engine, installed_engines
from contacts.middleware import network_of
from contacts.models import Contact, Network, TextVector, Topic
from contacts.people.directory import add_contact

LINES = 20_000
QUERIES = 50
AT_ONCE = 20
ANSWERS = tuple(kind for kind in Kind if kind is not Kind.SEEKS)

Scores = Callable[[int], dict[int, float]]


def main(folder: Path, *, with_time: bool) -> None:
    needs = read_set(folder)
    print(f"{needs.answerable} needs, {len(needs.needs) - needs.answerable} misfits, {len(needs.lines)} lines")
    call_command("migrate", verbosity=0)
    network, contacts = plant(needs, "member@example.org")
    with client.working_here():
        began = process_time()
        texts = compute(network)
        print(f"{client.version()}: {texts} texts, {(process_time() - began) / texts * 1000:.1f} ms each\n")
        found = answers(network, needs, perhaps=True)
        by_words = answers_by_words(network, needs)
    scores = scored(found, contacts)
    rows: dict[str, Scores] = {
        "character TF-IDF": reference_scores(needs),
        "words alone": scored(by_words, contacts),
        **{f"{engine.name} alone": engine_scores(engine, needs) for engine in installed_engines()},
        "netcrm": scores,
    }
    for name, row in rows.items():
        print(f"{name:17} {ranking(ranks(needs, row))}")
    print()
    by_group(needs, ranks(needs, scores))
    for name, matches in (("words alone", by_words), ("netcrm", found)):
        lists = [lines_of(each, contacts) for each in matches]
        print(f"{name:17} {shown(needs, lists.__getitem__)}")
    failures(needs, found, ranks(needs, scores))
    if with_time:
        time_among_lines(needs)
        memory()


def plant(needs: NeedSet, email: str) -> tuple[Network, dict[int, int]]:
    """Return a network with a person for each line, and the line of each person."""
    network = network_of(User.objects.create_user(email=email))
    contacts = {}
    for number, (kind, text) in enumerate(zip(needs.kinds, needs.lines, strict=True)):
        field = {"role": "role", "organisation": "organisation", "note": "notes"}.get(kind)
        contact = add_contact(network, given_name=f"Person {number}", **({field: text} if field else {}))
        contacts[contact.pk] = number
        if not field:
            Topic.objects.create(network=network, contact=contact, kind=kind, text=text, noted_on=network.today())
    network.mark_texts_changed([])
    return network, contacts


def answers(network: Network, needs: NeedSet, *, perhaps: bool) -> list[list[Match]]:
    """Return what `match` finds for each need."""
    found = []
    for start in range(0, len(needs.needs), AT_ONCE):
        batch = needs.needs[start : start + AT_ONCE]
        found.extend(match_all(network, batch, kinds=ANSWERS, limit=60, perhaps=perhaps))
    return found


def answers_by_words(network: Network, needs: NeedSet) -> list[list[Match]]:
    with override_settings(MEANING=False):
        return answers(network, needs, perhaps=False)


def scored(found: Sequence[Sequence[Match]], contacts: dict[int, int]) -> Scores:
    """Return scores of lines that keep the order in which they were found."""

    def scores(place: int) -> dict[int, float]:
        lines = [contacts[match.contact.pk] for match in found[place] if match.contact]
        return {line: 1 / (1 + position) for position, line in enumerate(dict.fromkeys(lines))}

    return scores


def lines_of(found: Sequence[Match], contacts: dict[int, int]) -> set[int]:
    """Return the lines that are shown on Today and in letters."""
    return {contacts[each.contact.pk] for each in found if each.contact and each.strength is not Strength.PERHAPS}


def reference_scores(needs: NeedSet) -> Scores:
    score = reference.reference(needs.lines)
    return lambda place: score(needs.needs[place])


def engine_scores(engine: Engine, needs: NeedSet) -> Scores:
    """Return the cosines of an engine's raw vectors, from which no mean is subtracted."""
    told = np.concatenate([engine.vectors([text], asked=False) for text in needs.lines])

    def scores(place: int) -> dict[int, float]:
        cosines = told @ engine.vectors([needs.needs[place]], asked=True)[0]
        return dict(enumerate(cosines.tolist()))

    return scores


def by_group(needs: NeedSet, found: Sequence[float]) -> None:
    groups = defaultdict(list)
    for (languages, relation), rank in zip(needs.groups, found, strict=True):
        groups[languages].append(rank)
        groups[relation].append(rank)
    for name, some in sorted(groups.items()):
        print(f"{name:10} {len(some):4} {ranking(some)}")
    print()


def failures(needs: NeedSet, found: Sequence[Sequence[Match]], its_ranks: Sequence[float]) -> None:
    """Print the ten needs whose right line ranks lowest, with the line that came first instead."""
    worst = sorted(range(needs.answerable), key=lambda place: -its_ranks[place])[:10]
    print("\nNeeds that find least:")
    for place in worst:
        right = needs.lines[min(needs.right[place])]
        first = found[place][0].text if found[place] else "-"
        print(f"  {needs.groups[place][0]} {needs.groups[place][1]:9} {needs.needs[place]!r}: {right!r}, not {first!r}")


def time_among_lines(needs: NeedSet) -> None:
    """Print the time of a query among 20,000 lines. Their rows are made up, since their content does not affect it."""
    draw = Random(LINES)
    network = network_of(User.objects.create_user(email="busy@example.org"))
    texts = [" und ".join(draw.sample(needs.lines, 2)) + f" {number}" for number in range(LINES)]
    contact = add_contact(network, given_name="Many")
    today = network.today()
    Topic.objects.bulk_create(
        Topic(network=network, contact=contact, kind="offers", text=text[:500], noted_on=today) for text in texts
    )
    network.mark_texts_changed([])
    with client.working_here():
        version = client.version()
        width = sum(Encoder(installed_engines()).dimensions)
        rows = np.random.default_rng(0).integers(-127, 127, (LINES, width)).astype(np.int8)
        TextVector.objects.bulk_create(
            (
                TextVector(network=network, key=key_of(text[:500]), side="told", version=version, row=row.tobytes())
                for text, row in zip(texts, rows, strict=True)
            ),
            batch_size=500,
        )
        began, began_processor = perf_counter(), process_time()
        match_all(network, ["ready"])
        cold = perf_counter() - began, process_time() - began_processor
        warm = []
        for need in draw.sample(needs.needs, QUERIES):
            began_processor = process_time()
            match_all(network, [need], kinds=ANSWERS, limit=40)
            warm.append(process_time() - began_processor)
    warm.sort()
    print(
        f"\n{LINES} lines: first query {cold[0]:.2f} s ({cold[1]:.2f} s of processor time), with the index of words; "
        f"then {warm[len(warm) // 2] * 1000:.0f} ms of processor time (slowest {warm[-1] * 1000:.0f})"
    )
    Contact.objects.filter(network=network).delete()


def memory() -> None:
    """Print the memory of an engine process that has answered, in MB: its own, and its share of mapped files."""
    path = environment.folder / "bench.sock"
    process = Popen([sys.executable, "-m", "contacts.meaning.service", str(path)], cwd=Path(__file__).parent.parent)
    try:
        with override_settings(MEANING_SOCKET=path):
            for _ in range(100):
                client._line.service = None
                if client.version():
                    break
                sleep(0.1)
            client.ask({"do": "encode", "side": "asked", "texts": ["a need"]}, patience=30)
        print(f"engine process: {pss(process.pid):.0f} MB PSS without networks; this process {pss(os.getpid()):.0f} MB")
    finally:
        process.terminate()
        process.wait()


def pss(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--without-time", action="store_true", help="measure neither time nor memory")
    arguments = parser.parse_args()
    main(arguments.folder, with_time=not arguments.without_time)
