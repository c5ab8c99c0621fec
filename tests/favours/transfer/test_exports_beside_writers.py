"""Writing exports while others change the data, in real transactions on several connections."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.utils import timezone

from contacts.database.snapshots import snapshot
from contacts.erasing.contacts import erase_contacts
from contacts.files.tables.google import OWN_COLUMNS
from contacts.middleware import network_of
from contacts.models import Contact, Network
from contacts.people.directory import add_contact, add_contacts
from contacts.people.person import Person
from favours.models import Export
from favours.transfer import exports
from favours.transfer import formats as exporting
from favours.transfer.exports import due_exports, request_export, write_export
from tests.conftest import make_member
from tests.elsewhere import elsewhere, while_open
from tests.favours.entries import log_favour

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 600
"""More people than are read, or written, in one batch."""


@pytest.fixture
def network() -> Network:
    """Alice's network, committed."""
    network = network_of(make_member("alice@example.org"))
    add_contacts(network, [Person({"display_name": f"Person {number}"}) for number in range(PEOPLE)])
    return network


def give_to_somebody_new(network: Network) -> None:
    (contact,) = add_contacts(network, [Person({"display_name": "Somebody new"})])
    log_favour(network, direction="give", kind="tip", day=network.today(), contacts=[contact])


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A function that runs an act on a second connection before some pieces of each file are written."""

    def meanwhile(file_format: str, act: Callable[[], object], every: int = 100) -> None:
        chosen = exporting.FORMATS[file_format]

        def write(*arguments: Any) -> Iterator[str]:
            for number, piece in enumerate(chosen.write(*arguments)):
                if number % every == every - 1:
                    elsewhere(act)
                yield piece

        monkeypatch.setitem(exporting.FORMATS, file_format, replace(chosen, write=write))

    return meanwhile


def written(export: Export) -> Export:
    write_export(export.pk)
    export.refresh_from_db()
    return export


def content(export: Export) -> bytes:
    assert (export.state, export.problem) == ("done", "")
    assert export.file is not None
    return bytes(export.file.content)


@pytest.mark.parametrize("file_format", ["json", "vcard4", "csv"])
def test_export_is_written_while_others_write(network: Network, between: Callable[..., None], file_format: str) -> None:
    between(file_format, lambda: give_to_somebody_new(network))
    export = written(request_export(network, file_format=file_format))
    assert b"Person 599" in content(export)
    assert export.attempts == 1


def test_export_holds_everybody_whom_it_names(network: Network, between: Callable[..., None]) -> None:
    give_to_somebody_new(network)
    between("json", lambda: give_to_somebody_new(network), every=10)
    export = json.loads(content(written(request_export(network, file_format="json"))))
    held = {person["id"] for person in export["contacts"]}
    assert (len(held), len(export["favours"])) == (PEOPLE + 1, 1)
    assert {contact for entry in export["favours"] for contact in entry["contacts"]} <= held


def test_table_keeps_its_columns_while_others_write(network: Network, between: Callable[..., None]) -> None:
    def add_number() -> None:
        contact = network.contacts.latest("sort_name")
        network.ways_to_reach.create(contact=contact, kind="phone", value=str(network.ways_to_reach.count()))

    between("csv", add_number, every=200)
    text = content(written(request_export(network, file_format="csv"))).decode()
    assert len({line.count(",") for line in text.splitlines()}) == 1
    assert list(OWN_COLUMNS)[-1] in text.splitlines()[0]


@pytest.mark.parametrize(("file_format", "steps"), [("json", 1), ("csv", 2)])
def test_progress_shows_while_the_file_is_written(
    network: Network, between: Callable[..., None], file_format: str, steps: int
) -> None:
    """For a table, this includes the time in which its columns are counted: progress shows that the worker is alive."""
    seen: set[int] = set()
    between(file_format, lambda: seen.add(network.exports.get().rows_done))
    content(written(request_export(network, file_format=file_format)))
    assert seen == {step * exports.PIECES_BETWEEN_STEPS for step in range(steps + 1)}


def test_interrupted_export_goes_on_at_the_next_sweep(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: Any) -> Iterator[str]:
        for number, piece in enumerate(exporting.write_json(*arguments)):
            if number == PEOPLE // 2:
                elsewhere(lambda: give_to_somebody_new(network))
                interrupt()
            yield piece

    whole = exporting.FORMATS["json"]
    monkeypatch.setitem(exporting.FORMATS, "json", replace(whole, write=interrupted))
    export = written(request_export(network, file_format="json"))
    assert (export.state, export.is_interrupted, export.problem) == ("running", True, "")

    monkeypatch.setitem(exporting.FORMATS, "json", whole)
    assert due_exports(timezone.now()) == [export.pk]
    assert len(json.loads(content(written(export)))["contacts"]) == PEOPLE + 1


def interrupt() -> None:
    """Drop this thread's connection; SQLite has none to lose, but may be locked for a long time."""
    if connection.vendor == "sqlite":
        raise OperationalError("database is locked")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (own,) = cursor.fetchone()
    elsewhere(lambda: connection.cursor().execute("SELECT pg_terminate_backend(%s)", [own]))


def test_nothing_can_be_written_in_a_snapshot(network: Network) -> None:
    with snapshot(), pytest.raises(DatabaseError):
        Contact.objects.filter(network=network).update(notes="?")
    assert network.contacts.filter(notes="?").count() == 0
    assert network.contacts.update(notes="!") == PEOPLE


def test_export_that_began_before_an_erasure_does_not_outlive_it(network: Network) -> None:
    erased = add_contact(network, given_name="Xanthippe")
    while_open(lambda: erase_contacts(network, [erased]), lambda: request_export(network, file_format="csv"))
    for export in network.exports.all():
        write_export(export.pk)
    assert [file for file in network.files.all() if b"Xanthippe" in bytes(file.content)] == []
