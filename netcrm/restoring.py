"""Putting a backup in the place of an embedded instance's database, and erasing again what was erased since."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from accounts.members import erase_member
from contacts.directory import remove_contacts
from contacts.erasures import Kind, remembered_erasures
from contacts.merging import NotLastMergeError, undo
from contacts.models import Contact, Merge, Network

AT_ONCE = 500


def copy_database(source: Path, target: Path) -> None:
    """Copy the SQLite database `source` to the new file `target` in one consistent state, and check the copy.

    Only the owner may read the copy: it holds everything. Raises OSError if `target` exists or can't be made, and
    sqlite3.Error for what is no sound database of netcrm; then there is no copy.
    """
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with contextlib.closing(sqlite3.connect(source)) as live, contextlib.closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
            # A single file, without a log beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
            (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
            if verdict != "ok":
                raise sqlite3.DatabaseError(verdict)
            copy.execute("SELECT count(*) FROM contacts_network")
    except sqlite3.Error:
        target.unlink()
        raise


def replace_database(backup: Path, database: Path) -> None:
    """Put a copy of `backup` in the place of `database`, which nobody may have open. Raises as `copy_database`."""
    draft = database.with_suffix(".restoring")
    draft.unlink(missing_ok=True)
    copy_database(backup, draft)
    # They belong to the database that is replaced, and would spoil the restored one.
    for suffix in ("-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    draft.replace(database)


def erase_again() -> int:
    """Erase what was erased before and is in the database again; return how many contacts and members that were."""
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
        # The backup may be of a time at which they were a part of somebody else.
        for merge in Merge.objects.select_related("network__owner").filter(merged_uuid__in=some):
            remove_contacts(merge.network, [_parted(merge.network, merge)])
            contacts += 1
    return members + contacts


def _parted(network: Network, merge: Merge) -> Contact:
    """The contact that was put into another one, on its own again; what came into that one later is parted as well."""
    try:
        return undo(network, merge)
    except NotLastMergeError as problem:
        _parted(network, problem.later)
        return _parted(network, merge)
