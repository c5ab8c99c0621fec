"""A record of erasures outside the database, so that restoring an older backup does not bring anybody back.

Each erasure adds a line with date, kind and random identifier to a file in the data folder. The file contains no
personal data and is not part of any database backup. netcrm/restoring.py applies it to a restored database.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

logger = logging.getLogger(__name__)


class Kind(StrEnum):
    """The kind of an erasure: of a contact, or of a member's whole network."""

    CONTACT = "contact"
    NETWORK = "network"


def erasures_file() -> Path:
    """Return the path of the file that records erasures.

    Its folder holds nothing else, so containers can share just that.
    """
    return Path(settings.DATA_DIR) / "erased" / "identifiers"


def remember_erased(kind: Kind, identifiers: Iterable[UUID]) -> None:
    """Add erasures to the file once the current transaction has committed; log an error if it can't be written.

    A crash between the commit and the write loses these erasures. Writing the file first could erase contacts that were
    kept.
    """
    today = timezone.now().date()
    lines = "".join(f"{today} {kind} {identifier}\n" for identifier in identifiers)
    if lines:
        transaction.on_commit(lambda: _append(lines), robust=True)


def remembered_erasures() -> dict[Kind, list[UUID]]:
    """Return all erasures in the file. Malformed lines are skipped with a warning in the log."""
    erased: dict[Kind, list[UUID]] = {kind: [] for kind in Kind}
    path = erasures_file()
    lines = path.read_text().splitlines() if path.exists() else []
    for number, line in enumerate(lines, start=1):
        try:
            _day, kind, identifier = line.split()
            erased[Kind(kind)].append(UUID(identifier))
        except ValueError:
            logger.warning("Line %s of %s names no erasure.", number, path)
    return erased


def _append(lines: str) -> None:
    path = erasures_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A single write in append mode, so that lines of several processes don't mix.
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, lines.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
