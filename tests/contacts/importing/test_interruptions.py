"""Imports whose database is locked, lost or deadlocked halfway: they continue, and nobody is left out."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Callable

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, transaction
from django.test import Client

from contacts.database.leases import MOST_ATTEMPTS, Lease
from contacts.importing import running, writing
from contacts.importing.plan import Decision
from contacts.importing.running import bring_in_now, work_on
from contacts.importing.runs import confirm, receive, request_undo
from contacts.models import ImportRun, Network
from contacts.tasks import continue_imports
from tests.contacts.importing.conftest import card

CARDS = (card("Anna") + card("Ben")).encode()
INTERRUPTIONS = [OperationalError("database is locked"), InterfaceError("connection already closed")]

Interrupt = Callable[[str], None]


@pytest.fixture(params=INTERRUPTIONS, ids=lambda problem: type(problem).__name__)
def interrupt(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Interrupt:
    """A function that makes the next call of a function in importing/running.py fail, but no later one."""

    def once(name: str) -> None:
        act, left = getattr(running, name), [request.param]

        def act_or_fail(*arguments: object) -> object:
            if left:
                raise left.pop()
            return act(*arguments)

        monkeypatch.setattr(running, name, act_or_fail)

    return once


@pytest.fixture
def confirmed(network: Network) -> ImportRun:
    run = receive(network, name="x.vcf", data=CARDS)
    work_on(run.pk)
    run.refresh_from_db()
    confirm(network, run)
    return run


def stands(run: ImportRun) -> tuple[str, bool, str]:
    run.refresh_from_db()
    return run.state, run.is_interrupted, run.problem


def test_interrupted_import_goes_on_at_the_next_sweep(
    network: Network, confirmed: ImportRun, interrupt: Interrupt
) -> None:
    interrupt("write")
    work_on(confirmed.pk)
    assert (stands(confirmed), network.contacts.count()) == (("running", True, ""), 0)
    continue_imports()
    assert (stands(confirmed), network.contacts.count()) == (("done", False, ""), 2)


def test_entry_that_an_interruption_hits_is_not_left_out(
    network: Network, confirmed: ImportRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One card makes the whole batch fail, so each is written separately, and then the connection is lost."""
    problems: list[Exception] = [ValueError("unstorable"), InterfaceError("connection already closed")]

    def write(network: Network, run: ImportRun, decisions: list[Decision]) -> None:
        if problems:
            raise problems.pop(0)
        writing.write(network, run, decisions)

    monkeypatch.setattr(running, "write", write)
    work_on(confirmed.pk)
    assert stands(confirmed) == ("running", True, "")
    continue_imports()
    assert (stands(confirmed), network.contacts.count()) == (("done", False, ""), 2)
    assert confirmed.rows.count() == 0


def test_interrupted_preview_goes_on_at_the_next_sweep(network: Network, interrupt: Interrupt) -> None:
    run = receive(network, name="x.vcf", data=CARDS)
    interrupt("reading_of")
    work_on(run.pk)
    assert stands(run) == ("reading", True, "")
    continue_imports()
    assert stands(run) == ("preview", False, "")


def test_interrupted_undo_goes_on_at_the_next_sweep(
    network: Network, confirmed: ImportRun, interrupt: Interrupt
) -> None:
    work_on(confirmed.pk)
    confirmed.refresh_from_db()
    request_undo(network, confirmed)
    interrupt("undo_some")
    work_on(confirmed.pk)
    assert (stands(confirmed), network.contacts.count()) == (("undoing", True, ""), 2)
    continue_imports()
    assert (stands(confirmed), network.contacts.count()) == (("undone", False, ""), 0)


def test_import_of_a_script_goes_on_at_once(network: Network, interrupt: Interrupt) -> None:
    interrupt("write")
    assert bring_in_now(network, name="x.vcf", data=CARDS).state == "done"
    assert network.contacts.count() == 2


def test_import_of_a_script_ends_where_every_attempt_is_interrupted(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(running, "write", fail)
    assert bring_in_now(network, name="x.vcf", data=CARDS).state == "failed"


def test_page_says_that_it_goes_on(alice_client: Client, confirmed: ImportRun, interrupt: Interrupt) -> None:
    interrupt("write")
    work_on(confirmed.pk)
    text = alice_client.get(f"/contacts/import/{confirmed.uuid}/").content.decode()
    assert "Something came in between. It goes on by itself in a minute." in text


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Make the disk full until `undo` is called."""

    def fill(*_arguments: object) -> None:
        raise OperationalError("full") from psycopg.errors.DiskFull("could not extend file")

    def refuse(**_options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(running, "write", fill)
    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    return monkeypatch


def test_import_waits_for_room_as_long_as_it_takes(
    network: Network, confirmed: ImportRun, full_disk: pytest.MonkeyPatch
) -> None:
    for _ in range(2 * MOST_ATTEMPTS):
        continue_imports()
    assert (stands(confirmed)[0], confirmed.attempts, network.contacts.count()) == ("running", 0, 0)
    full_disk.undo()
    continue_imports()
    assert (stands(confirmed), network.contacts.count()) == (("done", False, ""), 2)


@pytest.mark.parametrize("is_begun", [True, False])
def test_page_says_that_an_import_waits_for_room(
    alice_client: Client, confirmed: ImportRun, full_disk: pytest.MonkeyPatch, is_begun: bool
) -> None:
    """Even if the disk is too full for the worker to begin."""
    if is_begun:
        work_on(confirmed.pk)
    told = "The disk that netcrm writes to is full. It goes on by itself once there is room again."
    assert told in alice_client.get(f"/contacts/import/{confirmed.uuid}/").text
    full_disk.undo()
    assert told not in alice_client.get(f"/contacts/import/{confirmed.uuid}/").text


def test_lease_is_given_back_after_a_step_that_was_rolled_back(confirmed: ImportRun) -> None:
    """A disk may have room for everything except the commit."""
    lease = Lease.take(ImportRun.objects.all(), confirmed.pk, ("queued",))
    assert lease
    with lease.kept(), transaction.atomic():
        lease.step(rows_done=1)
        raise OperationalError("full") from psycopg.errors.DiskFull("could not extend file")
    confirmed.refresh_from_db()
    assert (confirmed.heartbeat_at, confirmed.attempts, confirmed.rows_done) == (None, 0, 0)
