"""Decoding bytes when the file lies about its encoding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.files import encoding
from contacts.text import clean

TEXT = "BEGIN:VCARD\nFN:Zoë Größe\n"


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_as_utf8_recodes(name: str) -> None:
    assert encoding.as_utf8(TEXT.encode(name)) == TEXT.encode()


def test_repaired_resolves_bytes_of_cp1252() -> None:
    assert encoding.repaired("Größe".encode("cp1252").decode("utf-8", "surrogateescape")) == "Größe"


@pytest.mark.parametrize(
    ("data", "declared", "expected"),
    [
        ("ü".encode(), "iso-8859-1", "ü"),
        ("ü".encode("cp1252"), "utf-8", "ü"),
        ("ü".encode("cp1252"), "nonsense", "ü"),
        ("太郎".encode("shift_jis"), "Shift_JIS", "太郎"),
        ("Жук".encode("cp1251"), "windows-1251", "Жук"),
        (b"\x81", "ascii", "\ufffd"),
        (b"10 \x80", "iso-8859-1", "10 €"),
        ("Größe, Maß".encode()[:-1], "", "Größe, Ma"),
        ("Größe ".encode() + "ü".encode("cp1252") + b".", "", "Größe ü."),
    ],
)
def test_decoded_doubts_the_declaration(data: bytes, declared: str, expected: str) -> None:
    assert encoding.decoded(data, encoding.known_charset(declared)) == expected


@pytest.mark.parametrize(
    ("data", "fallback", "expected"),
    [
        ("Łukasz".encode("cp1250"), "cp1250", "Łukasz"),
        ("太郎".encode("shift_jis"), "cp932", "太郎"),
        ("太郎".encode(), "cp932", "太郎"),
        ("ü".encode(), "cp1251", "ü"),
        ("כהן".encode("cp1255"), "cp1255", "כהן"),
    ],
)
def test_decoded_takes_the_encoding_of_the_file_where_none_is_declared(data: bytes, fallback: str, expected: str):
    assert encoding.decoded(data, "", fallback) == expected


@pytest.mark.parametrize("name", ["", "rot13", "idna", "unicode_escape", "a\0b", "x" * 1000, "ü", "../x"])
def test_known_charset_refuses_nonsense(name: str) -> None:
    assert encoding.known_charset(name) == ""


@given(pieces=st.lists(st.text(st.characters(exclude_characters="\r\n"), min_size=1), min_size=1))
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_splits_at_every_line_end(end: str, pieces: list[str]) -> None:
    data = end.join(pieces).encode("utf-8", "surrogatepass")
    found = [line.encode("utf-8", "surrogateescape").decode("utf-8", "surrogatepass") for line in encoding.lines(data)]
    assert found == pieces


def test_lines_crosses_chunks() -> None:
    data = "äöü\n".encode() * 100_000
    assert sum(1 for line in encoding.lines(data) if line == "äöü") == 100_000


def test_clean_removes_what_no_database_takes() -> None:
    assert clean("a\x00b\ud800c\r\nd\te\u202e") == "abc\nd\te"
