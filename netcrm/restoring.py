"""Restoring a backup of an embedded instance's database, and repeating the erasures that were made since."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.db import Error, connection

from accounts.disk import is_disk_full
from accounts.members import erase_member
from contacts.erasing.contacts import remove_contacts
from contacts.erasing.erasures import Kind, remembered_erasures
from contacts.merging import NotLastMergeError, undo
from contacts.models import Contact, Merge, Network
from netcrm.database_file import (
    DatabaseFileError,
    clear_unfinished,
    copy_database,
    dangling_rows,
    draft_of,
    swap_in,
)
from netcrm.instance import prepare_database
from netcrm.schema import OTHER_VERSION, SchemaError, check_tables, check_version

AT_ONCE = 500
"""Erasures looked up per query."""


class RestoreError(Exception):
    """The backup was not restored. The message says why and what to do, for the person at the terminal."""


class Restored(NamedTuple):
    """The number of contacts and members erased again, and the path at which the previous database is kept."""

    erased: int
    kept: Path | None


def restore_database(backup: Path, database: Path) -> Restored:
    """Replace `database` by a copy of `backup`, after checking and migrating it and repeating later erasures.

    Returns the number of erasures and the path of the previous database. The caller must hold the lock of the data
    folder. Raises RestoreError; the previous database is then unchanged.
    """
    try:
        clear_unfinished(database)
        draft = draft_of(database)
        copy_database(backup, draft)
        if dangling := dangling_rows(draft):
            raise DatabaseFileError(f"It is damaged ({dangling}). Take another backup.")
        with _database_at(draft):
            _bring_up_to_date()
            erased = erase_again()
        return Restored(erased, swap_in(draft, database))
    except (DatabaseFileError, SchemaError) as problem:
        raise RestoreError(str(problem)) from problem
    except (OSError, sqlite3.Error, Error) as problem:
        raise RestoreError(_reason(problem, database.parent)) from problem
    finally:
        # After a restore there is nothing to clean up; after a failure, the next start would clean up too.
        with contextlib.suppress(OSError):
            clear_unfinished(database)


def _bring_up_to_date() -> None:
    """Migrate the copy of a backup to this code. Raises SchemaError if that fails."""
    check_version("It")
    try:
        prepare_database()
    except Exception as problem:
        if is_disk_full(problem):
            raise
        # A migration may fail in any way, mostly because of unexpected tables.
        raise SchemaError(f"It can't be brought to this version of netcrm ({problem}). {OTHER_VERSION}") from problem
    check_tables("It")


@contextlib.contextmanager
def _database_at(file: Path) -> Iterator[None]:
    """Make this process use the database `file` instead of the instance's own."""
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = file
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


def _reason(problem: Exception, folder: Path) -> str:
    if is_disk_full(problem):
        return f"The disk of {folder} is full. Make room for a second database there, then restore again."
    return str(problem)


def erase_again() -> int:
    """Erase contacts and members that were erased before but are in the database again. Returns the number erased."""
    erased = remembered_erasures()
    members = contacts = 0
    for first in range(0, len(erased[Kind.NETWORK]), AT_ONCE):
        some = erased[Kind.NETWORK][first : first + AT_ONCE]
        for network in Network.objects.select_related("owner").filter(uuid__in=some):
            erase_member(network.owner)
            members += 1
    for first in range(0, len(erased[Kind.CONTACT]), AT_ONCE):
        found: dict[Network, list[Contact]] = {}
        some = erased[Kind.CONTACT][first : first + AT_ONCE]
        for contact in Contact.with_trash.select_related("network__owner").filter(uuid__in=some):
            found.setdefault(contact.network, []).append(contact)
        for network, people in found.items():
            remove_contacts(network, people)
            contacts += len(people)
        # In the backup, they may have been merged into another contact.
        for merge in Merge.objects.select_related("network__owner").filter(merged_uuid__in=some):
            remove_contacts(merge.network, [_parted(merge.network, merge)])
            contacts += 1
    return members + contacts


def _parted(network: Network, merge: Merge) -> Contact:
    """Undo a merge, after undoing all later merges into the same contact. Returns the contact that was merged."""
    try:
        return undo(network, merge)
    except NotLastMergeError as problem:
        _parted(network, problem.later)
        return _parted(network, merge)
