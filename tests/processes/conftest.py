"""Data folders for instances."""

import shutil
from pathlib import Path

import pytest

from tests.processes.instance import clean_environment, manage


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an empty database and collected static files; copy it, don't use it."""
    folder = tmp_path_factory.mktemp("prepared")
    made = manage(clean_environment(NETCRM_DATA=str(folder)), "prepare")
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def data(prepared: Path, tmp_path: Path) -> Path:
    """The data folder of an instance that has run before and contains no rows."""
    return Path(shutil.copytree(prepared, tmp_path / "data"))
