"""The meanings of a network's texts, stored as rows, and finding the texts that are near to a given one.

The rows are computed by the worker, never in a request: a sweep finds networks whose texts changed, and equal texts are
computed once. Rows whose text is gone are deleted along with it.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from django.db.models import Count, F, Max, Q, QuerySet

from contacts.matching.texts import Kind, key_of, texts_of
from contacts.meaning import client
from contacts.meaning.client import NoMeaningError
from contacts.models import Network, TextVector

Side = TextVector.Side

TEXTS_AT_ONCE = 32
"""Texts per message when rows are computed. They take the engine a second or two, in which requests go first."""

ROWS_AT_ONCE = 4000
"""Rows per message when a network is loaded into the engine."""

ASKS_AT_ONCE = 4
"""Texts per question; the engine answers this many well within a request's PATIENCE."""

NEAREST = 60
"""Maximum nearest texts per question that are compared more closely."""


LONGEST_JOB = 45.0
"""Maximum seconds for which one job computes; a sweep continues."""

KEYS_AT_ONCE = 500
"""Rows per DELETE statement."""


class Ask(NamedTuple):
    """A text to compare with a network's: a need ("asked") with possible answers, or an answer ("told") with needs.

    `also` are the keys of texts to be compared even if others are nearer.
    """

    text: str
    side: Side
    also: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Nearness:
    """The cosines between a text and some texts of a network, by key of the latter, in the order of the `engines`."""

    engines: tuple[str, ...]
    cosines: Mapping[int, tuple[float, ...]]


def nearest(network: Network, asks: Sequence[Ask]) -> list[Nearness]:
    """Return for each ask the nearest texts of the network, among those whose rows are stored.

    Takes one query, and two more if the engine does not know the network's rows yet. Raises NoMeaningError.
    """
    known, _body = client.ask({"do": "hello"})
    rows = network.text_vectors.filter(version=known["version"])
    stored = rows.aggregate(newest=Max("pk"), count=Count("pk"))
    newest, count = stored["newest"] or 0, stored["count"]
    found: list[Nearness] = []
    for start in range(0, len(asks), ASKS_AT_ONCE):
        question = {
            "do": "nearest",
            "network": str(network.uuid),
            "newest": newest,
            "count": count,
            "limit": NEAREST,
            "asks": [
                {"text": ask.text, "side": ask.side, "key": key_of(ask.text), "also": list(ask.also)}
                for ask in asks[start : start + ASKS_AT_ONCE]
            ],
        }
        answer, _body = client.ask(question)
        if "known" in answer:
            _tell(network, rows, answer["known"], newest, count)
            answer, _body = client.ask(question)
        if "found" not in answer:
            raise NoMeaningError("The network changes too quickly.")
        found.extend(
            Nearness(tuple(answer["engines"]), {int(key): tuple(cosines) for key, *cosines in each})
            for each in answer["found"]
        )
    return found


def networks_behind(version: str) -> QuerySet[Network]:
    """Return the networks some of whose texts may have no row by these engines yet."""
    return Network.objects.filter(Q(meaning_revision__lt=F("text_revision")) | ~Q(meaning_version=version))


@contextmanager
def ready(network: Network) -> Iterator[str]:
    """Compute the missing rows, and match by meaning inside the block even if no engine process runs. For commands.

    Yields the reason why texts are matched only by words, or "" if they are matched by meaning, too.
    """
    with client.working_here():
        try:
            compute(network)
        except NoMeaningError as problem:
            yield str(problem)
        else:
            yield ""


def compute_if_behind(network_id: int) -> None:
    """Compute the rows of this network, if it exists and any of its texts changed. Without an engine, do nothing."""
    version = client.version()
    network = networks_behind(version).filter(pk=network_id).first() if version else None
    if network is not None:
        with suppress(NoMeaningError):
            compute(network, seconds=LONGEST_JOB)


def compute_behind(*, seconds: float) -> None:
    """Compute the rows of all networks that are behind, for about this many `seconds`; the next call continues."""
    version = client.version()
    stop = time.monotonic() + seconds
    waiting = list(networks_behind(version).order_by("pk")) if version else []
    with suppress(NoMeaningError):
        for number, network in enumerate(waiting):
            # A large import gets only its share of the time, so that it does not hold up the networks after it.
            share = (stop - time.monotonic()) / (len(waiting) - number)
            compute(network, seconds=max(0.0, share))


def compute(network: Network, *, seconds: float | None = None) -> int:
    """Compute the rows that are missing, delete those that are not needed any more, and return the number of texts.

    Stops after about this many `seconds`, if given; the next call continues. Raises NoMeaningError.
    """
    head, _body = client.ask({"do": "hello"})
    version = str(head["version"])
    stop = time.monotonic() + seconds if seconds is not None else None
    revision = Network.objects.values_list("text_revision", flat=True).get(pk=network.pk)
    wanted = {(side_of(kind), key_of(text)): text for kind, text in texts_of(network)}
    stored = dict.fromkeys(network.text_vectors.filter(version=version).values_list("side", "key"))
    network.text_vectors.exclude(version=version).delete()
    _delete(network, [place for place in stored if place not in wanted])
    missing = iter([(place, text) for place, text in wanted.items() if place not in stored])
    while batch := list(islice(missing, TEXTS_AT_ONCE)):
        if stop is not None and time.monotonic() > stop:
            return len(wanted)
        _store(network, version, batch)
    done = Network.objects.filter(pk=network.pk)
    done.update(meaning_revision=revision, meaning_version=version)
    return len(wanted)


def forget_rows(network: Network, contact_ids: Collection[int]) -> None:
    """Delete, in the current transaction, the rows of the texts of contacts about to be erased.

    If somebody else has the same text, the next sweep computes it again.
    """
    places = [(side_of(kind), key_of(text)) for kind, text in texts_of(network, contact_ids)]
    if places:
        _delete(network, places)
        Network.objects.filter(pk=network.pk).update(meaning_version="")


def side_of(kind: Kind) -> Side:
    """Return the side of a text: "asked" for a need, "told" for a text that may answer one."""
    return Side.ASKED if kind is Kind.SEEKS else Side.TOLD


def _tell(network: Network, rows: QuerySet[TextVector], known: Sequence[int], newest: int, count: int) -> None:
    """Send the engine the rows that it lacks, or all of them if some that it holds no longer exist."""
    known_newest, known_count = known
    if known_count + rows.filter(pk__gt=known_newest).count() != count:
        client.ask({"do": "drop", "network": str(network.uuid)})
        known_newest = 0
    lacking = rows.filter(pk__gt=known_newest, pk__lte=newest).order_by("pk")
    values = lacking.values_list("pk", "side", "key", "version", "row").iterator(ROWS_AT_ONCE)
    while block := list(islice(values, ROWS_AT_ONCE)):
        for side in Side:
            keys = [key for _pk, of, key, _version, _row in block if of == side]
            if keys:
                head = {"do": "load", "network": str(network.uuid), "version": block[0][3], "side": side, "keys": keys}
                body = b"".join(bytes(row) for _pk, of, _key, _version, row in block if of == side)
                client.ask(head | {"newest": block[-1][0]}, body, patience=client.PATIENCE_TO_TELL)


def _store(network: Network, version: str, batch: Sequence[tuple[tuple[str, int], str]]) -> None:
    for side in Side:
        places = [(key, text) for (of, key), text in batch if of == side]
        if not places:
            continue
        head = {"do": "encode", "side": side, "texts": [text for _key, text in places]}
        answer, body = client.ask(head, patience=client.PATIENCE_AT_WORK)
        if answer["version"] != version:
            raise NoMeaningError("The engines have changed.")
        width = len(body) // len(places)
        TextVector.objects.bulk_create(
            (
                TextVector(
                    network=network, key=key, side=side, version=version, row=body[at * width : (at + 1) * width]
                )
                for at, (key, _text) in enumerate(places)
            ),
            ignore_conflicts=True,
        )


def _delete(network: Network, places: Sequence[tuple[str, int]]) -> None:
    for side in Side:
        keys = [key for of, key in places if of == side]
        for start in range(0, len(keys), KEYS_AT_ONCE):
            network.text_vectors.filter(side=side, key__in=keys[start : start + KEYS_AT_ONCE]).delete()
