"""However a file is damaged, reading it ends with entries or with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.cards import Card, UnreadableFileError
from contacts.files.reading import read
from tests.contacts.files.reading_files import FIXTURES, files
from tests.examples import examples

SAMPLES = [path.read_bytes() for path in files()]
CUT_FILES = ["vcard21/quoted-printable.vcf", "vcard30/apple.vcf", "google/new.csv", "linkedin/plain.csv"]
BREAKS = [b"\n ", b"\r", b"\r\r\n", b"=\n", b"\n\n", b";", b'"', b"\x00"]
SCRAPS = [
    b'"',
    b"\\",
    b"\x00",
    b"BEGIN:VCARD\n",
    b"AGENT:",
    b"\xff\xfe",
    b"\n,\n",
    b"=\r\n",
    b"N:",
    b"{",
    b"END:VCARD\n",
]


def read_wholly(data: bytes) -> None:
    """Read all entries; the only error allowed is the one meant for the member."""
    try:
        for entry in read(data):
            if isinstance(entry, Card):
                assert entry.display_name
                assert all(str(loss.reason) for loss in entry.losses)
                repr(entry).encode()  # fails on a lone surrogate, which no database accepts
    except UnreadableFileError as problem:
        str(problem.reason)


@pytest.mark.parametrize("name", CUT_FILES)
def test_file_cut_anywhere_is_read(name: str) -> None:
    data = Path(FIXTURES / name).read_bytes()
    for end in range(len(data)):
        read_wholly(data[:end])


@given(data=st.sampled_from(SAMPLES), at=st.floats(0, 1), scrap=st.sampled_from(SCRAPS), times=st.integers(1, 40))
def test_file_with_scraps_in_it_is_read(data: bytes, at: float, scrap: bytes, times: int) -> None:
    position = int(at * len(data))
    read_wholly(data[:position] + scrap * times + data[position:])


@given(data=st.sampled_from(SAMPLES), instead=st.sampled_from(BREAKS))
def test_file_folded_anew_is_read(data: bytes, instead: bytes) -> None:
    read_wholly(data.replace(b"\n", instead))


@given(data=st.sampled_from(SAMPLES), other=st.sampled_from(SAMPLES), at=st.floats(0, 1))
def test_file_running_into_another_is_read(data: bytes, other: bytes, at: float) -> None:
    read_wholly(data[: int(at * len(data))] + other[int(at * len(other)) :])


@given(
    data=st.sampled_from(SAMPLES), encoding=st.sampled_from(["utf-16", "utf-16-be", "utf-32", "cp1252", "shift_jis"])
)
def test_file_in_another_encoding_is_read(data: bytes, encoding: str) -> None:
    read_wholly(data.decode("utf-8", "replace").encode(encoding, "replace"))


@given(data=st.sampled_from(SAMPLES), flips=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=40))
def test_file_with_flipped_bytes_is_read(data: bytes, flips: list[tuple[float, int]]) -> None:
    changed = bytearray(data)
    for at, byte in flips:
        changed[int(at * (len(data) - 1))] = byte
    read_wholly(bytes(changed))


@given(data=st.binary(max_size=2000))
def test_any_bytes_are_read(data: bytes) -> None:
    read_wholly(data)


@given(text=st.text(max_size=300))
@examples(300)
def test_any_text_within_a_card_is_read(text: str) -> None:
    read_wholly(f"BEGIN:VCARD\nFN:Ada\n{text}\nEND:VCARD".encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("lost", [b"END:VCARD", b"BEGIN:VCARD", b":", b"\r\n"])
def test_files_without_what_holds_them_together_are_read(lost: bytes) -> None:
    for data in SAMPLES:
        read_wholly(data.replace(lost, b""))


@pytest.mark.parametrize(
    "data",
    [
        b"BEGIN:VCARD\n" + b"N;" * 200_000,
        b"BEGIN:VCARD\n" * 20_000,
        b"BEGIN:VCARD\nAGENT:\n" * 20_000,
        b"BEGIN:VCARD\nFN:A\n" + b"TEL:1\n" * 20_000,
        b"BEGIN:VCARD\nNOTE;ENCODING=QUOTED-PRINTABLE:" + b"a=\n" * 30_000,
        b'BEGIN:VCARD\nX-A;B="' + b'";"' * 100_000 + b":x",
        b"BEGIN:VCARD\nADR:" + b"\\" * 300_000 + b";" * 300_000,
        b"First Name,Email\n" + b'x","\n' * 20_000,
        b"First Name,Email\n" + b'"' * 300_000,
        b"," * 500_000,
        b"[" * 100_000,
        b'{"account": ' + b'{"data":' * 50_000,
    ],
    ids=range(12),
)
def test_hostile_file_is_read_in_bounds(data: bytes) -> None:
    read_wholly(data)
