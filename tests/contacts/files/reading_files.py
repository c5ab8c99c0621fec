"""Reads fixtures into plain values that a file next to them can hold and a person can check."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from contacts.cards import Card, Entry, Group, PartialDate, Way
from contacts.files.reading import Reading, read

REGIONS = {"outlook/english.csv": "US", "table/yahoo.csv": "US"}
"""The country of the member who has a file, where the file does not name one; the default is Germany."""
FIXTURES = Path(__file__).parent / "fixtures"


def files() -> list[Path]:
    """Return all files to be read, without those that hold expected results."""
    return sorted(path for path in FIXTURES.glob("*/*") if not path.name.endswith(".expected.json"))


def described(path: Path) -> dict[str, object]:
    """Return the format of a file and the content of each of its entries, without empty fields."""
    reading: Reading = read(path.read_bytes(), region=REGIONS.get(f"{path.parent.name}/{path.name}", "DE"))
    return {
        "format": reading.format,
        "notices": [str(notice) for notice in reading.notices],
        "entries": [described_entry(entry) for entry in reading],
    }


def described_entry(entry: Entry) -> dict[str, object]:
    if isinstance(entry, Card):
        values = {field.name: getattr(entry, field.name) for field in fields(entry)}
        return {"card": {name: plain(name, value) for name, value in values.items() if value}}
    if isinstance(entry, Group):
        return {"group": {"row": entry.row, "name": entry.name, "uid": entry.uid, "members": list(entry.members)}}
    return {"skipped": {"row": entry.row, "reason": str(entry.reason), "text": entry.text}}


def plain(name: str, value: object) -> object:
    if name == "photo":
        return f"{len(value)} bytes"  # type: ignore[arg-type]
    if name == "losses":
        return [f"{loss.field}: {loss.reason}" for loss in value]  # type: ignore[attr-defined]
    if isinstance(value, list):
        return [described_item(item) for item in value]
    return value if isinstance(value, str | int) else str(value)


def described_item(item: object) -> object:
    if isinstance(item, Way):
        return " | ".join((item.kind, item.label, item.value, *([" ; ".join(item.parts)] if item.parts else [])))
    if isinstance(item, str | PartialDate):
        return str(item)
    return " | ".join(str(getattr(item, field.name)) for field in fields(item))  # type: ignore[arg-type]
