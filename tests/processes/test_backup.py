"""Backup and restore of an embedded instance, by the steps of docs/backup.md."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

from tests.processes.instance import clean_environment, manage


def rows(database: Path) -> list[str]:
    """Every row of the database, as SQL."""
    with closing(sqlite3.connect(database)) as connection:
        return list(connection.iterdump())


def test_backup_holds_identical_rows(data: Path, tmp_path: Path) -> None:
    environment = clean_environment(NETCRM_DATA=str(data))
    made = manage(environment, "create_member", "alice@example.org", "--password-stdin", text="a long enough phrase\n")
    assert made.returncode == 0, made.stderr
    backup = tmp_path / "backup.sqlite3"
    saved = manage(environment, "backup", str(backup))
    assert (saved.returncode, saved.stderr) == (0, "")
    assert rows(backup) == rows(data / "netcrm.sqlite3")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_backup_overwrites_nothing(data: Path, tmp_path: Path) -> None:
    existing = tmp_path / "precious"
    existing.write_text("keep me")
    refused = manage(clean_environment(NETCRM_DATA=str(data)), "backup", str(existing))
    assert refused.returncode == 1
    assert refused.stderr == f"CommandError: {existing} can't be made (File exists). Name another file.\n"
    assert existing.read_text() == "keep me"
