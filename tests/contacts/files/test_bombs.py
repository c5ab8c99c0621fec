"""The cost of a file is bounded by the limits on reading, not by its content; counted in calls, under low limits."""

from __future__ import annotations

import sys
from types import FrameType

import pytest

from contacts.cards import Card, UnreadableFileError
from contacts.files import archive, encoding, limits, monica, recognition, sniffing
from contacts.files.own import json_members
from contacts.files.own import reading as own
from contacts.files.reading import read
from contacts.files.tables import cells
from contacts.files.vcard import builder, content_lines
from contacts.importing.restorers import sections
from contacts.people.photos import FEWEST_PIXELS, cost_of
from tests.attacks.bombs import BOMBS, Bomb, by_name, in_card, picture

SIZE = 120_000
MOST_CALLS = 80_000
"""Most function calls, including those of C functions, to read a file of any size under the limits below."""


@pytest.fixture
def low_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower the limits to about a thousandth, so that small files exceed them."""
    for module, name, value in (
        (limits, "MAX_UNPACKED_BYTES", SIZE),
        (encoding, "CHUNK_BYTES", 2_000),
        (limits, "MAX_LINES", 2_500),
        (limits, "MAX_VALUES_IN_ALL", 800),
        (limits, "MAX_ENTRIES", 100),
        (limits, "LONGEST_LINE", 10_000),
        (limits, "LONGEST_VALUE", 1_000),
        (monica, "MOST_VALUES", 500),
        (builder, "MOST_PROPERTIES", 100),
        (content_lines, "MOST_PIECES", 200),
        (own, "MAX_RECORDS", 400),
        (json_members, "PIECE", 2_000),
        (json_members, "LONGEST", 4_000),
        (sniffing, "SAMPLE_BYTES", 4_000),
        (recognition, "EVIDENCE_BYTES", 4_000),
        (archive, "MOST_MEMBERS", 10),
        (cells, "MOST_COLUMNS", 50),
        (cells, "MOST_LINES_OF_A_RECORD", 50),
        (cells, "MOST_LINES_READ_AGAIN", 1_000),
        (cells, "LONGEST_RECORD", 2_000),
        (cells, "MOST_READ_AGAIN", 20_000),
    ):
        monkeypatch.setattr(module, name, value)


def calls_to_read(data: bytes) -> int:
    """Return how many calls it takes to read a file, or to refuse it."""
    for _entry in read(in_card(b"TEL:1\n")(1)):
        pass  # Some lookup tables are built on first use.
    calls = 0

    def count(_frame: FrameType, event: str, _value: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        for _entry in read(data, sections=sections()):
            pass
    except UnreadableFileError:
        pass
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("bomb", BOMBS, ids=str)
@pytest.mark.usefixtures("low_limits")
def test_reading_takes_as_many_calls_however_large_the_file(bomb: Bomb) -> None:
    assert calls_to_read(bomb.make(SIZE)) < MOST_CALLS


@pytest.mark.parametrize("unit", [b"TEL:1\n", b"X-A:b\n", b"NOTE:a\n", b"MEMBER:a\n"])
@pytest.mark.usefixtures("low_limits")
def test_card_that_is_too_large_stops_no_other(unit: bytes) -> None:
    anna, ben = read(in_card(unit)(SIZE))
    assert isinstance(anna, Card)
    assert isinstance(ben, Card)
    assert (anna.display_name, ben.display_name, ben.losses) == ("Anna", "Ben", [])
    assert "This entry is too large; its last lines were left out." in [str(loss.reason) for loss in anna.losses]


@pytest.mark.parametrize("unit", [b"\n ab", b"\n\tab", b" ab"])
@pytest.mark.usefixtures("low_limits")
def test_value_that_is_too_long_is_cut_and_said_so(unit: bytes) -> None:
    anna, ben = read(in_card(unit, head=b"NOTE:a")(SIZE // 10))
    assert isinstance(anna, Card)
    assert isinstance(ben, Card)
    assert [(loss.field, str(loss.reason)) for loss in anna.losses] == [
        ("NOTE", "This value is too long; its end was left out.")
    ]
    assert (anna.notes[:5], ben.display_name) == ("aabab", "Ben") if unit[:1] == b"\n" else ("a ab ", "Ben")


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("small cards", "100 entries"),
        ("cards of phones", "800 values"),
        ("unfinished cards", "100 entries"),
        ("blank lines", "2500 lines"),
        ("table of short rows", "100 entries"),
        ("table of wide rows", "800 values"),
        ("Monica: lists", "500 values"),
        ("own: empty contacts", "400 records"),
    ],
)
@pytest.mark.usefixtures("low_limits")
def test_refusal_names_the_limit_and_what_to_do(name: str, limit: str) -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        list(read(by_name(name).make(SIZE)))
    text = str(refusal.value.reason)
    assert f"more than {limit}" in text
    assert "Split it into smaller files" in text or "Export your contacts as vCard" in text


def test_picture_costs_its_pixels_whatever_its_bytes() -> None:
    large = picture(3_000)
    assert len(large) < 10_000
    assert cost_of(large) == 9_000_000 + FEWEST_PIXELS
    assert cost_of(b"no picture") == FEWEST_PIXELS
