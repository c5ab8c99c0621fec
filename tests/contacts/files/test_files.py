"""Files as written by real-world programs, each next to its expected result."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.contacts.files.reading_files import described, files


@pytest.mark.parametrize("path", files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_file_is_read_as_expected(path: Path) -> None:
    expected = json.loads(path.with_name(f"{path.name}.expected.json").read_text())
    assert described(path) == expected
