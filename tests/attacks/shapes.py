"""Values of every shape that may cost more than its length, and files that hold them."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Callable, Iterator

from tests.attacks.hostile_files import FIXTURES, hostile_files

MEGABYTE = 1_000_000

Shape = Callable[[int], list[str]]
"""A function that returns the values of one parameter, of about this many characters in all."""


def _numbered(prefix: str, separator: str) -> Shape:
    return lambda size: [separator.join(f"{prefix}{number}" for number in range(size // 6))[:size]]


def _repeated(unit: str) -> Shape:
    return lambda size: [(unit * (size // len(unit) + 1))[:size]]


SHAPES: dict[str, Shape] = {
    "names": _numbered("Anna b", "; "),
    "words": _numbered("w", " "),
    "circles": _numbered("c", ","),
    "lines": _numbered("l", "\n"),
    "letters": _repeated("x"),
    "digits": _repeated("9"),
    "dates": _repeated("2026-01-01"),
    "phones": _repeated("+49 171 5550123 / "),
    "addresses": _repeated("a@b.example, "),
    "separators": _repeated(",;|/ \t-"),
    "blanks": _repeated(" \u00a0\u2003"),
    "accents": _repeated("\u0301\u0316"),
    "expanding": _repeated("\ufdfa"),
    "folding": _repeated("\u0390\u00df\u0130"),
    "signs": _repeated("\U0001f468\u200d\U0001f469\u200d\U0001f467"),
    "brackets": _repeated("["),
    "objects": _repeated('{"a":'),
    "markup": _repeated("<b><!--"),
    "entities": _repeated("&amp;&#x"),
    "links": _repeated("[a]("),
    "emphasis": _repeated("*a_`"),
    "quotes": _repeated("\"'\\"),
    "nulls": _repeated("\x00"),
    "halves": _repeated("a\ufffd%"),
    "mixed": lambda size: ["\u0301\u0316" * (size // 24) + _numbered("Anna b", "; ")(size // 2)[0]],
    "values": lambda size: [f"{number}".ljust(size // 1000, "x") for number in range(1000)],
    "identifiers": lambda size: [str(uuid.UUID(int=number)) for number in range(min(1000, size // 40))],
}

FEW_CHARACTERS = ("", "1e999999999", "-1", "2147483648", "999999999999999999", "nan", "inf", "9999-12-31", "0001-01-01")
"""Short values that may turn into something large, or that nobody may have thought of."""


def large_files(own_export: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a name and the content of files of at most a megabyte: shapes in each format, bombs, many people."""
    for shape, make in SHAPES.items():
        text = "".join(make(MEGABYTE))
        yield shape, text.encode()[:MEGABYTE]
        for file in hostile_files("".join(make(4_000)), own_export):
            yield f"{shape} in {file.name.rpartition('.')[2]}", file.data[:MEGABYTE]
    for path in sorted(FIXTURES.glob("*/*")):
        if not path.name.endswith(".expected.json"):
            data = path.read_bytes()
            yield f"many times {path.name}", (data * (MEGABYTE // len(data)))[:MEGABYTE]
    yield "a packed card", packed({"a.vcf": b"BEGIN:VCARD\nFN:Anna\nNOTE:" + b"x" * 100 * MEGABYTE + b"\nEND:VCARD\n"})
    yield "a packed table", packed({"Connections.csv": b"First Name,Last Name\n" + b"Anna,B\n" * (14 * MEGABYTE)})
    yield "a packed hole", packed({"Connections.csv": b"\x00" * 120 * MEGABYTE})
    yield "many packed files", packed({f"{number}.csv": b"" for number in range(9_000)})
    records = json.loads(own_export)
    times = MEGABYTE // len(own_export)
    many = {key: value * times if isinstance(value, list) else value for key, value in records.items()}
    yield "many records", json.dumps(many).encode()


def packed(files: dict[str, bytes]) -> bytes:
    """Return a ZIP archive."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return written.getvalue()
