"""The secret key, and the folder that is created for it."""

from pathlib import Path

from netcrm.secret import stored_secret


def test_stored_secret_stays_the_same(tmp_path: Path) -> None:
    assert stored_secret(tmp_path / "var") == stored_secret(tmp_path / "var")


def test_stored_secret_makes_a_folder_that_nobody_else_can_read(tmp_path: Path) -> None:
    stored_secret(tmp_path / "var")
    modes = [path.stat().st_mode & 0o777 for path in (tmp_path / "var", tmp_path / "var" / "secret_key")]
    assert modes == [0o700, 0o600]
