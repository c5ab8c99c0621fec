"""Files of every format that unfold into far more work than their size suggests."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle, islice

FULL = 60_000_000
"""Bytes of a bomb that is just small enough to be uploaded."""

BEGIN, END = b"BEGIN:VCARD\nVERSION:3.0\nFN:Anna\n", b"\nEND:VCARD\n"
OTHER = b"BEGIN:VCARD\nVERSION:3.0\nFN:Ben\nEND:VCARD\n"
EMOJI = "\U0001f600"
"""A character that makes Python store every character of a string in four bytes."""


@dataclass(frozen=True)
class Bomb:
    """A name, and `make`, which takes a size and returns a file of about that many bytes."""

    name: str
    make: Callable[[int], bytes]

    def __str__(self) -> str:
        return self.name


def _filled(unit: bytes, size: int) -> bytes:
    return unit * max(1, size // len(unit))


def _numbered(pattern: str, size: int) -> bytes:
    """Return `size` bytes of the repeated pattern, with `{0}` replaced by a running number."""
    number = size // max(1, len(pattern) + 4) + 1
    return "".join(map(pattern.format, range(number))).encode()[:size]


def _card(lines: bytes) -> bytes:
    """Return a card with these lines, followed by somebody else's card."""
    return BEGIN + lines + END + OTHER


def in_card(unit: bytes, *, head: bytes = b"") -> Callable[[int], bytes]:
    """Return a function of `size` that makes a card of `head` and as many units as fit."""
    return lambda size: _card(head + _filled(unit, size))


def in_cards(pattern: str) -> Callable[[int], bytes]:
    """Return a function of `size` that makes many cards with these lines; `{0}` is replaced by the card's number."""
    return lambda size: _numbered(f"BEGIN:VCARD\nVERSION:3.0\n{pattern}\nEND:VCARD\n", size)


def zipped(make: Callable[[int], bytes], *, name: str = "contacts.vcf", times: int = 2) -> Callable[[int], bytes]:
    """Return a function of `size` that packs a file of `times` that size."""

    def pack(size: int) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, make(times * size))
        return packed.getvalue()

    return pack


def picture(side: int) -> bytes:
    """Return a PNG of one bit per pixel, white and square: `side` pixels cost hardly any bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress((b"\x00" + b"\xff" * -(-side // 8)) * side, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def photos(side: int) -> Callable[[int], bytes]:
    """Return a function of `size` that makes cards, each with a square picture of `side` pixels a side."""
    encoded = base64.b64encode(picture(side)).decode()
    return in_cards(f"FN:Anna {{0}}\nPHOTO;ENCODING=b;TYPE=PNG:{encoded}")


def circles_of_one(size: int) -> bytes:
    """Return circles and cards, half a file each; every circle's member matches every card."""
    circles = in_cards("FN:Circle {0}\nKIND:group\nMEMBER:urn:uuid:a")(size // 2)
    return circles.rpartition(b"BEGIN")[0] + in_cards("FN:Anna {0}\nUID:a")(size // 2)


def nested_agents(size: int) -> bytes:
    """Return cards nested in cards, with one more round of escaping at each level."""
    inner = "BEGIN:VCARD\nFN:Agent\nEND:VCARD"
    while 3 * len(inner) < size:
        escaped = inner.replace("\\", "\\\\").replace("\n", "\\n")
        inner = f"BEGIN:VCARD\nFN:Agent\nAGENT:{escaped}\nEND:VCARD"
    return _card(_filled(b"AGENT:" + escaped.encode() + b"\n", size))


def table(
    row: bytes, *, header: bytes = b"First Name,Last Name,E-mail Address,Phone,Categories\n"
) -> Callable[[int], bytes]:
    """Return a function of `size` that makes a table of identical rows."""
    return lambda size: header + _filled(row, size)


def many_columns(size: int) -> bytes:
    """Return a table of a thousand columns that no program exports."""
    header = ",".join(f"Column {number}" for number in range(1000)) + "\n"
    return header.encode() + _filled(",".join(f"c{number}" for number in range(1000)).encode() + b"\n", size)


def columns_of_ways(size: int) -> bytes:
    """Return a table whose thousand columns are all recognized, with short cells."""
    header = ",".join(islice(cycle(["Phone", "E-mail", "Website", "Categories", "Notes"]), 1000)) + "\n"
    return header.encode() + _filled(b"1;2," * 999 + b"1\n", size)


def monica(contacts: str, *, others: str = "", shared: str = "", most: int = FULL) -> Callable[[int], bytes]:
    """Return a function of `size` that makes a Monica export: identical contacts, then optional blocks.

    `others` is repeated as the values of the block `relationship`; `shared` is a block with `{0}` for a long text.
    There are at most `most` contacts and at most `most` others.
    """

    def make(size: int) -> bytes:
        size //= 2
        rest = (
            f',{{"type": "relationship", "values": [{others * min(most, size // 2 // max(1, len(others)))}null]}}'
            if others
            else ""
        )
        rest += "," + shared.replace("{0}", "x" * (size // 2)) if shared else ""
        share = size // 2 if rest else size
        values = contacts * min(most, share // len(contacts.encode()))
        block = f'{{"type": "contact", "values": [{values}null]}}'
        return f'{{"version": "1.0-preview.1", "account": {{"data": [{block}{rest}]}}}}'.encode()

    return make


def own(unit: str, *, section: str = "contacts") -> Callable[[int], bytes]:
    """Return a function of `size` that makes a netcrm export with identical records in `section`."""

    def make(size: int) -> bytes:
        return f'{{"format": "netcrm", "version": 1, "{section}": [{unit * (size // len(unit))}null]}}'.encode()

    return make


def own_record(unit: str, *, key: str = "circles") -> Callable[[int], bytes]:
    """Return a function of `size` that makes a netcrm export of one contact, whose list `key` fills the file."""

    def make(size: int) -> bytes:
        values = f'"id": "a", "shown_name": "Anna", "{key}": [{unit * (size // len(unit))}null]'
        return f'{{"format": "netcrm", "version": 1, "contacts": [{{{values}}}]}}'.encode()

    return make


def nested_json(opening: str) -> Callable[[int], bytes]:
    return lambda size: (f'{{"format": "netcrm", "version": 1, "contacts": {opening * (size // len(opening))}').encode()


def many_members(size: int) -> bytes:
    """Return an archive whose directory lists as many empty files as fit."""
    name = b"a.vcf"
    entry = struct.pack(
        "<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 3, 20, 0, 0, 0, 0, 33, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0
    )
    local = struct.pack("<4s2B4HL2L2H", b"PK\x03\x04", 20, 0, 0, 0, 0, 33, 0, 0, 0, len(name), 0) + name
    number = size // (len(entry) + len(name))
    directory = (entry + name) * number
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, number % 65536, number % 65536, len(directory), len(local), 0)
    return local + directory + end


def overlapping_members(size: int) -> bytes:
    """Return an archive in which thousands of entries point to the same packed data, which unpacks to nothing."""
    packed = b"\x00\x00\x00\xff\xff" * (size // 10)
    name = b"a.vcf"
    local = struct.pack("<4s2B4HL2L2H", b"PK\x03\x04", 20, 0, 0, 8, 0, 33, 0, len(packed), 0, len(name), 0) + name
    entry = struct.pack(
        "<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 3, 20, 0, 0, 8, 0, 33, 0, len(packed), 0, len(name), 0, 0, 0, 0, 0, 0
    )
    directory = (entry + name) * 9_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9_000, 9_000, len(directory), len(local) + len(packed), 0)
    return local + packed + directory + end


def long_names(size: int) -> bytes:
    """Return an archive of files nested in as many folders as a file name can hold."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(max(1, size // 131_000)):
            archive.writestr("a/" * 32_000 + f"{number}.txt", b"")
    return packed.getvalue()


def packed_otherwise(method: int) -> Callable[[int], bytes]:
    def make(size: int) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", method) as archive:
            archive.writestr("contacts.vcf", in_card(b"X-A:b\n")(2 * size))
        return packed.getvalue()

    return make


def long_tail(size: int) -> bytes:
    """Return a card whose lines end in a carriage return, as on old Macs, except for a final newline."""
    return _card(_filled(b"TEL:1\r", size)).replace(b"\n", b"\r") + b"\n"


RELATION = '{"uuid": "r", "properties": {"type": "t", "contact_is": "b", "of_contact": "a"}},'
ACTIVITY = '{"type": "activity", "values": [{"uuid": "x", "properties": {"summary": "{0}"}}]}'
PHOTO = '{"type": "photo", "values": [{"uuid": "x", "properties": {"dataUrl": "data:image/png;base64,{0}"}}]}'
WITH_ACTIVITY = '{"uuid": "a", "properties": {"first_name": "A"}, "data": [{"type": "activity", "values": ["x"]}]},'
WITH_PHOTO = '{"uuid": "a", "properties": {"first_name": "A", "avatar": {"avatar_photo": "x"}}},'

BOMBS = [
    Bomb("card of properties, zipped", zipped(in_card(b"X-A:b\n"))),
    Bomb("card of properties", in_card(b"TEL:1\n")),
    Bomb("card of numbered groups", lambda size: _card(_numbered("item{0}.X-ABLabel:x\nitem{0}.TEL:{0}\n", size))),
    Bomb("card of other groups", lambda size: _card(_numbered("item{0}.X:{0}\n", size))),
    Bomb("card of strays", in_card(b"=\n")),
    Bomb("card of categories", in_card(b"a,", head=b"CATEGORIES:")),
    Bomb("card of name parts", in_card(b";", head=b"N:")),
    Bomb("card of address lines", in_card(b"ADR:;;a,b;c\n")),
    Bomb("card of roles", in_card(b"ROLE:a\n")),
    Bomb("card of members", lambda size: _card(_numbered("MEMBER:urn:uuid:{0}\n", size))),
    Bomb("card of notes", lambda size: _card(_numbered("NOTE:{0}\n", size))),
    Bomb("folded lines", in_card(b"\n ab", head=b"NOTE:a")),
    Bomb("folded photo", in_card(b"\n AAAA", head=b"PHOTO;ENCODING=b:AAAA")),
    Bomb("soft breaks", in_card(b"=\n", head=b"NOTE;ENCODING=QUOTED-PRINTABLE:")),
    Bomb("quoted-printable", in_card(b"=C3=BC", head=b"NOTE;ENCODING=QUOTED-PRINTABLE:")),
    Bomb("base64 with blanks", in_card(b"ab ", head=b"LOGO;ENCODING=b:")),
    Bomb("blank lines", in_card(b"\n")),
    Bomb("lines of blanks", in_card(b" \n")),
    Bomb("long line", in_card(b"abcdefg ", head=b"NOTE:")),
    Bomb("long line of four-byte characters", in_card(EMOJI.encode(), head=b"NOTE:")),
    Bomb("long line without a colon", in_card(b'a"', head=b"")),
    Bomb("long line of escapes", in_card(rb"\n", head=b"NOTE:")),
    Bomb("long line of foreign bytes", in_card("é".encode() + b"\xff", head=b"NOTE:")),
    Bomb("long phone number", in_card(b"1", head=b"TEL:")),
    Bomb("head of parameters", in_card(b";a", head=b"TEL")),
    Bomb("head of quotes", in_card(b'";"', head=b"TEL;a=")),
    Bomb("line ends of old Macs", long_tail),
    Bomb("agents in agents", nested_agents),
    Bomb("unfinished cards", lambda size: _filled(b"BEGIN:VCARD\nFN:A\n", size)),
    Bomb("small cards", in_cards("FN:A{0}")),
    Bomb("as many small cards as fit", lambda size: in_cards("FN:A{0}")(min(size, 1_080_000))),
    Bomb("cards of phones", in_cards("FN:A{0}\n" + "\n".join(f"TEL:+49171{number:07}" for number in range(220)))),
    Bomb("cards of words", in_cards("FN:A{0}\nNOTE:" + " ".join(f"w{number:03}" for number in range(999)))),
    Bomb("circles of one", circles_of_one),
    Bomb("large pictures", photos(3400)),
    Bomb("small pictures", photos(8)),
    Bomb("UTF-16", lambda size: in_card("NOTE:ü\n".encode())(size // 2).decode().encode("utf-16")),
    Bomb(
        "UTF-16 of other scripts", lambda size: in_card(EMOJI.encode(), head=b"NOTE:")(size).decode().encode("utf-16")
    ),
    Bomb("table of commas", table(b"," * 1_000_000 + b"\n")),
    Bomb("line of commas", table(b",")),
    Bomb("table of short rows", table(b"A,B\n")),
    Bomb("table of empty rows", table(b",,,,\n")),
    Bomb("table of line ends", table(b"\n")),
    Bomb("table of wide rows", table(b"a," * 900 + b"\n")),
    Bomb("table of many columns", many_columns),
    Bomb("table of many ways", columns_of_ways),
    Bomb("long quoted cells", table(b'"' + b"a" * 100_000 + b'","b"\n')),
    Bomb("quoted line ends", table(b'A,"' + b"\n" * 1_900 + b'"\n')),
    Bomb("quotes that never end", table(b'"' + b"a," * 5_000 + b"\n")),
    Bomb("short quotes that never end", table(b'"a\n')),
    Bomb("cells of circles", table(b"A,B,c@example.org,1," + b"a;" * 60_000 + b"\n")),
    Bomb("cells of numbers", table(b'A,B,c@example.org,"' + b"0171 1234567;" * 9_000 + b'",a\n')),
    Bomb("Monica: lists", monica("[],")),
    Bomb("Monica: objects", monica('{"a":{"b":1}},')),
    Bomb("Monica: contacts", monica('{"properties":{"first_name":"A"}},')),
    Bomb("Monica: four-byte texts", monica('{"properties":{"first_name":"' + EMOJI * 100_000 + '"}},')),
    Bomb("Monica: relations of one", monica('{"uuid":"a"},', others=RELATION, most=40_000)),
    Bomb("Monica: activity of all", monica(WITH_ACTIVITY, shared=ACTIVITY, most=40_000)),
    Bomb("Monica: picture of all", monica(WITH_PHOTO, shared=PHOTO, most=40_000)),
    Bomb("Monica: as many contacts as fit", monica('{"properties":{"first_name":"A"}},', most=24_000)),
    Bomb("Monica: deep", lambda size: b'{"account": {"data": ' + _filled(b"[", size)),
    Bomb("own: empty contacts", own("{},")),
    Bomb("own: short contacts", own('{"shown_name":"A"},')),
    Bomb("own: numbers", own("0,")),
    Bomb("own: other sections", own("0,", section="unknown")),
    Bomb("own: empty favours", own("{},", section="favours")),
    Bomb("own: contact of lists", own_record("[],")),
    Bomb("own: contact of circles", own_record('"ab",')),
    Bomb("own: contact of ways", own_record('{"kind":"phone","value":"1"},', key="ways")),
    Bomb("own: deep", nested_json("[")),
    Bomb("own: deep objects", nested_json('{"a":')),
    Bomb("archive of many files", many_members),
    Bomb("archive of one file named often", overlapping_members),
    Bomb("archive of long names", long_names),
    Bomb("archive packed with bzip2", packed_otherwise(zipfile.ZIP_BZIP2)),
    Bomb("archive packed with LZMA", packed_otherwise(zipfile.ZIP_LZMA)),
    Bomb("zipped table", zipped(table(b"A,B\n"), name="Connections.csv")),
    Bomb("zipped JSON", zipped(monica("[],"), name="monica.json", times=1)),
    Bomb("zipped small cards", zipped(in_cards("FN:A{0}"), times=1)),
]


def by_name(name: str) -> Bomb:
    return next(bomb for bomb in BOMBS if bomb.name == name)
