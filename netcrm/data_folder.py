"""Makes the data folder private to its owner, and checks it for `manage.py doctor`."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

LEAST_FREE = 500_000_000
"""Bytes that should be free: enough for an upload, an export and SQLite's temporary files at the same time."""


def write_privately() -> None:
    """Make everything that this process writes from now on private; an existing folder may be open to others."""
    os.umask(0o077)


def findings(folder: Path, database: Path | None) -> Iterator[str]:
    """Yield a sentence for each problem with the folder or its disk space. `database` is the file in it, if any."""
    for place in dict.fromkeys((folder, Path(tempfile.gettempdir()))):
        try:
            with tempfile.TemporaryFile(dir=place):
                pass
        except OSError as problem:
            yield f"{place} can't be written ({problem.strerror}). Make it writable for whoever runs netcrm."
            continue
        free = shutil.disk_usage(place).free
        if free < LEAST_FREE:
            yield f"{place} has {free / 1e6:.0f} MB of free space left. Make room: it should be 500 MB at least."
    if database and database.exists():
        size, free = database.stat().st_size, shutil.disk_usage(folder).free
        if free < size:
            yield f"A restore needs room for one more database of {size / 1e6:.0f} MB; {free / 1e6:.0f} MB are free."
        if database.stat().st_mode & 0o077:
            yield f"{database} can be read by other users of this machine. Run: chmod 600 {database}"
