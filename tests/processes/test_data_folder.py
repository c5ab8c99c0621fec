"""The data folder: private even if it existed before, created if it did not, and checked by the doctor."""

from __future__ import annotations

import errno
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from netcrm import data_folder
from tests.processes.instance import clean_environment, manage

PASSWORD = "a long enough pass phrase\n"
Usage = namedtuple("Usage", "total used free")


def open_to_others(folder: Path) -> list[str]:
    """Return the files in the folder that others may read, with their modes; static files are public."""
    files = [path for path in folder.rglob("*") if "static" not in path.parts]
    return [f"{path.name} {path.stat().st_mode & 0o777:o}" for path in files if path.stat().st_mode & 0o077]


def test_folder_that_was_there_gets_private_files(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o755)
    environment = clean_environment(NETCRM_DATA=str(folder), NETCRM_SECRET_KEY="given")
    made = manage(environment, "create_member", "alice@example.org", "--password-stdin", text=PASSWORD)
    assert made.returncode == 0, made.stderr
    assert (folder / "netcrm.sqlite3").exists()
    assert open_to_others(folder) == []


def test_database_that_others_could_read_becomes_private(data: Path) -> None:
    (data / "netcrm.sqlite3").chmod(0o644)
    assert manage(clean_environment(NETCRM_DATA=str(data)), "prepare").returncode == 0
    assert open_to_others(data) == []


def test_given_key_and_new_folder_go_together(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    environment = clean_environment(NETCRM_DATA=str(folder), NETCRM_SECRET_KEY="given")
    made = manage(environment, "create_member", "alice@example.org", "--password-stdin", text=PASSWORD)
    assert (made.returncode, made.stdout) == (0, "alice@example.org is a member now.\n"), made.stderr
    assert not (folder / "secret_key").exists()


def test_doctor_looks_at_the_folder(data: Path) -> None:
    environment = clean_environment(NETCRM_DATA=str(data))
    (data / "netcrm.sqlite3").chmod(0o644)
    told = manage(environment, "doctor")
    remedy = f"{data}/netcrm.sqlite3 can be read by other users of this machine. Run: chmod 600 {data}/netcrm.sqlite3"
    assert (told.returncode, told.stdout.splitlines()) == (1, [remedy]), told.stderr
    (data / "netcrm.sqlite3").chmod(0o600)
    assert manage(environment, "doctor").stdout == "All is well.\n"


def test_little_room_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = tmp_path / "netcrm.sqlite3"
    database.write_bytes(b"x" * 300_000)
    database.chmod(0o600)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**9, 10**9, 200_000))
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    assert list(data_folder.findings(tmp_path, database)) == [
        f"{tmp_path} has 0 MB of free space left. Make room: it should be 500 MB at least.",
        "A restore needs room for one more database of 0 MB; 0 MB are free.",
    ]


def test_folder_that_can_not_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    told = list(data_folder.findings(tmp_path, None))
    assert told[0] == (
        f"{tmp_path} can't be written (Read-only file system). Make it writable for whoever runs netcrm."
    )
