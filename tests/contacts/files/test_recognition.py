"""The recognition of a file can be stored as JSON, and the file is then read as if it were recognised again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from contacts.files.reading import read
from contacts.files.recognition import Recognition, recognise
from tests.contacts.files.reading_files import files


@pytest.mark.parametrize("path", files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_recognition_survives_storage(path: Path) -> None:
    data = path.read_bytes()
    found = recognise(data)
    stored = Recognition.from_json(json.loads(json.dumps(found.as_json())))
    assert stored == found
    assert list(read(data, stored)) == list(read(data))


@pytest.mark.parametrize(
    ("data", "reader", "encoding"),
    [
        (b"BEGIN:VCARD\nFN:Ada\nEND:VCARD\n", "vcard", "utf-8"),
        ("BEGIN:VCARD\nFN:Ada\nEND:VCARD\n".encode("utf-16"), "vcard", "utf-16"),
        (b"\xef\xbb\xbfFirst Name;Last Name\nAda;Ahorn\n", "table", "utf-8-sig"),
        ("First Name\tLast Name\nAda\tAhorn\n".encode("utf-16-le"), "table", "utf-16-le"),
        (b'{"format": "netcrm", "version": 1}', "own", "utf-8"),
    ],
)
def test_recognition_names_reader_and_encoding(data: bytes, reader: str, encoding: str) -> None:
    found = recognise(data)
    assert (found.reader, found.encoding) == (reader, encoding)


def test_recognition_knows_where_a_table_begins() -> None:
    layout = recognise(b"sep=;\nNotes:\n\nFirst Name;Last Name\nAda;Ahorn\n").layout
    assert layout is not None
    assert (layout.delimiter, layout.header_row, layout.is_guessed) == (";", 1, True)
